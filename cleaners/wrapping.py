"""Text whose lines are no paragraphs, for it was hard-wrapped or torn at its links: which of them make one,
and how they become one line again."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from cleaners.model import ends_like_sentence, is_unspaced

Line = tuple[int, int, bool]
"""Start, end, and whether the line before it is not blank."""
Span = tuple[int, int]

_NARROW, _WIDE, _LONGEST_WORD = 50, 100, 20
"""Code points: of the widest line of wrapped text, at least and at most; of words where none are spaced."""
_FEWEST_BREAKS = 4
_ALONE = re.compile(
    r"(?:[•‣◦▪▫●○■□*·-]|\d{1,3}[.)])[\s\u00a0]|[=-]{3}|\||#{1,6} |>[\r\n]|\[[^\[\]\n]{1,100}\]: "
)
"""How items, rules, rows of tables, headings, gaps of quotations and addresses of links begin: what no line
above runs on in."""
_MEANT = ("  \n", "  \r\n")
"""How Markdown says that a line ends where it does."""
_QUOTE, _GAP, _CELL = "> ", (">\n", ">\r\n"), " | "
_AND = frozenset(
    ["and", "or", "to", "und", "oder", "bis", "sowie", "et", "ou", "e", "o", "y", "u", "en", "of", "och"]
)
"""What stands behind a hyphen that waits for its word: "first- and second-half"."""


def paragraphs(source: str, lines: list[Line]) -> list[Span]:
    """The paragraphs of a text whose lines are not; empty where they are."""
    cut = _cut(source, lines)
    if width := _wrap_width(source, lines, bool(cut)):
        runs_on = [False, *_wrapped(source, lines, width)]
    else:
        runs_on = _torn(source, lines) or _either(cut, _flowing(source, lines))
    return list(_joined(lines, runs_on)) if runs_on else []


_CUT_ADDRESS = re.compile(r"\]\([^()\s]{0,2500}\s?[\r\n]")
_CUT_WORDS = re.compile(r"\[[^\[\]\r\n]{0,500}[\r\n]")


def _cut(source: str, lines: list[Line]) -> list[bool]:
    """For each line whether the one above ends in the middle of a link; empty where none does."""
    if "[" not in source or "](" not in source:
        return []
    if not (_CUT_ADDRESS.search(source) or _CUT_WORDS.search(source)):
        return []
    texts = [source[start:end] for start, end, _ in lines]
    cut = [False]
    for at, (above, below) in enumerate(itertools.pairwise(texts), start=1):
        cut.append(lines[at][2] and (_ends_inside(above, cut[-1]) or _is_cut(above, below)))
    return cut if any(cut) else []


def _is_cut(above: str, below: str) -> bool:
    """Whether the words of a link begin on one line and end on the next."""
    first, last = above.rfind("["), below.find("](")
    return first >= 0 and "]" not in above[first:] and last >= 0 and "[" not in below[:last]


def _joined(lines: list[Line], runs_on: Sequence[bool]) -> Iterator[Span]:
    """The spans, in the source, of lines that run on from one another."""
    for first, end in _rows(runs_on):
        yield lines[first][0], lines[end - 1][1]


def _rows(runs_on: Sequence[bool]) -> Iterator[tuple[int, int]]:
    """Where lines that run on from one another begin and end."""
    first = 0
    for at, is_on in enumerate((*runs_on[1:], False), start=1):
        if not is_on:
            yield first, at
            first = at


# --- hard-wrapped -----------------------------------------------------------------------------


def _wrap_width(source: str, lines: list[Line], is_cut: bool) -> int:
    """The width the text was wrapped at, in code points, or 0 for text that was not.

    A line was broken by a wrapper when the next line's first word would not have fitted on it. Most breaks
    must be such, and most lines must end in mid-sentence: verse, dialogue and one paragraph a line all fail
    one of the two. What wrappers leave as it is does not count: items, rows of tables, long addresses. Only
    wrappers cut the address of a link: fewer lines need to show it where one did.
    """
    if sum([follows for _, _, follows in lines]) < _FEWEST_BREAKS:
        return 0
    breaks: list[tuple[Line, Line]] = []
    width = of_items = 0
    for above, below in itertools.pairwise(lines):
        if not below[2] or _is_meant(source, above, below) or _is_unbreakable(source, above):
            continue
        size = above[1] - above[0]
        if _ALONE.match(source, above[0]):
            of_items = max(of_items, size)
        elif size > width:
            width = size
            if width > _WIDE:  # as the first lines of most texts tell
                return 0
        breaks.append((above, below))
    width = width or of_items
    breaks = [(above, below) for above, below in breaks if above[1] - above[0] <= width]
    if len(breaks) < _FEWEST_BREAKS or not _NARROW <= width <= _WIDE:
        return 0
    full = sum(_is_full(source, above, below, width) for above, below in breaks)
    open_ended = sum(not ends_like_sentence(source[start:end]) for (start, end, _), _ in breaks)
    least = 0.6 if is_cut else 0.8
    return width if full >= least * len(breaks) and open_ended >= 0.6 * len(breaks) else 0


def _wrapped(source: str, lines: list[Line], width: int) -> Iterator[bool]:
    """For each line but the first whether it goes on with the one above."""
    for above, below in itertools.pairwise(lines):
        is_whole = above[1] - above[0] > width and not _is_unbreakable(source, above)
        is_on = below[2] and not is_whole and not _is_meant(source, above, below)
        yield is_on and _is_full(source, above, below, width)


def _is_meant(source: str, above: Line, below: Line) -> bool:
    """Whether whoever wrote the text broke the line there."""
    return (
        _ALONE.match(source, below[0]) is not None
        or source.startswith(_MEANT, above[1])
        or source.startswith(_GAP, above[0])
        or source.find(_CELL, *below[:2]) >= 0
    )


def _is_unbreakable(source: str, line: Line) -> bool:
    """A line without a space, though its script has them: an address, or part of one."""
    text = source[line[0] : line[1]].removeprefix(_QUOTE)
    return " " not in text and not is_unspaced(text)


def _is_full(source: str, above: Line, below: Line, width: int) -> bool:
    """Whether the first word of the line below had no more room on the one above."""
    start = below[0] + (len(_QUOTE) if source.startswith(_QUOTE, below[0]) else 0)
    word = source[start : min(below[1], start + _WIDE)].split(" ", 1)[0]
    # Where words are not spaced a whole line is one.
    size = min(len(word), _LONGEST_WORD) if is_unspaced(word) else len(word)
    return above[1] - above[0] + 1 + size > width


# --- broken where the markup was ----------------------------------------------------------------

_MAY_FLOW = re.compile(r"\n[^\S\n]{0,80}[a-zà-öø-ÿа-яёα-ωά-ώ]")
_FEWEST_FLOWING, _FEWEST_REST_OF_LINE = 2, 40
"""Lines that go on in the next, and code points of what goes on, unless it ends the sentence."""
_NOT_PROSE = re.compile(r"[{}=]|\(\)|://")


def _flowing(source: str, lines: list[Line]) -> list[bool]:
    """For each line whether it begins with a small letter where the long one above it is open; empty where
    that happens once at most.

    Whoever wrote the page may have broken the lines of its markup anywhere, and some extractors leave them
    so. Of such pairs of lines 99 of 100 are both the article's, or neither is. A headline on top is open.
    """
    if len(_MAY_FLOW.findall(source)) < _FEWEST_FLOWING:
        return []
    flows = [False, *(_flows(source, above, below) for above, below in itertools.pairwise(lines))]
    flows[1:2] = [False]
    return flows if sum(flows) >= _FEWEST_FLOWING else []


def _flows(source: str, above: Line, below: Line) -> bool:
    if not below[2] or above[1] - above[0] < _LONG or _is_meant(source, above, below):
        return False
    one, other = source[above[0] : above[1]], source[below[0] : below[1]]
    first = _WORD.match(other)
    if not first or not first[0].islower() or not is_open(one):
        return False
    is_enough = len(other) >= _FEWEST_REST_OF_LINE or ends_like_sentence(other)
    return is_enough and not (_NOT_PROSE.search(one) or _NOT_PROSE.search(other))


def _either(one: list[bool], other: list[bool]) -> list[bool]:
    return [a or b for a, b in zip(one, other, strict=True)] if one and other else one or other


# --- torn at links ----------------------------------------------------------------------------

_FEWEST_TORN, _LONG = 2, 60
"""Lines that show that a text was torn; code points of a line that is neither a heading nor an item."""
_LONGEST_LINK, _FEWEST_OPEN, _FEWEST_REST = 8, 4, 8
"""Words: of what is linked, at most; of a line that runs on, at least; of a rest that is long, at least."""
_SHORT_WORD = 3
_SHOWS = re.compile(r"[,;](?=\s[^\W\d_])|[.](?=\s[A-Z])|\)(?=[\s.,]\s?[^\W\d_]|\.)|’s(?=\s[a-z])")
"""What no line of a text that is whole begins with."""
_MAY_SHOW = re.compile(r"\n\s{0,9}(?:[,;.)]|’s)")
_CLOSING = re.compile(r"[,.;:!?)\]%”»](?=[\s”’»),.;]|\Z)|[,;)”](?=\w)|[’']s\b|—(?=[a-z])")
"""What none begins with in a text that is torn, but the rest of a sentence."""
_WORD = re.compile(r"[^\W\d_]+(?![.:/@_]?\w)")
_OPENING = ("(", "“", "„", "«", "$", "£", "€", "[", "—")
_OF_CODE = (";", "{", "}")


def _torn(source: str, lines: list[Line]) -> list[bool]:
    """For each line whether it runs on from the one above; empty for text that was not torn.

    Who takes the text of a page node by node has a line for each link and each emphasis. Lines then begin
    with the comma that stood behind a link: those of verse and of lists do not. Where that is sure, what
    begins with a small letter runs on as well, and so do the words of links in the middle of a sentence.
    """
    if sum([follows for _, _, follows in lines]) < _FEWEST_TORN:
        return []
    if "\r" not in source and not _MAY_SHOW.search(source):
        return []
    texts = [source[start:end] for start, end, _ in lines]
    pairs = itertools.pairwise(lines)
    may = [False, *(b[2] and not _is_meant(source, a, b) and is_open(source[a[0] : a[1]]) for a, b in pairs)]
    shows = sum([_shows(texts, at) for at, may_run_on in enumerate(may) if may_run_on])
    if shows < _FEWEST_TORN or sum(text.endswith(_OF_CODE) for text in texts) > shows:
        return []
    rests = [may[at] and is_rest(text) for at, text in enumerate(texts)]
    runs_on = _running_on(texts, may, rests)
    for first, end in _rows(runs_on):
        row = texts[first:end]
        is_sentence = max(map(len, row)) >= _LONG and ends_like_sentence(row[-1])
        if not is_sentence and not any(rests[first:end]):  # a menu, or the items of a list
            runs_on[first:end] = [False] * (end - first)
    return runs_on


def _running_on(texts: Sequence[str], may: Sequence[bool], rests: Sequence[bool]) -> list[bool]:
    """For each line whether it looks like going on with the one above: first by how it begins, then, where it
    begins with a capital, by what stands around it."""
    runs_on = [*rests]
    for at, (above, below) in enumerate(itertools.pairwise(texts), start=1):
        runs_on[at] |= may[at] and _runs_on_small(above, below, runs_on[at - 1])
    is_told = [len(text) >= _LONG for text in texts]  # a sentence, as far as it goes
    for at, (above, below) in enumerate(itertools.pairwise(texts), start=1):
        if may[at] and not runs_on[at]:
            goes_on = at + 1 < len(texts) and runs_on[at + 1]
            is_linked = _is_linked(above, below, is_told[at - 1], goes_on)
            is_small = is_told[at - 1] and _runs_on_small(above, below, runs_on[at - 1])
            runs_on[at] = is_linked or is_small
            is_told[at] |= is_linked
        is_told[at] |= rests[at] or (runs_on[at] and is_told[at - 1])
    return runs_on


def _shows(texts: Sequence[str], at: int) -> int:
    """How much it shows that a line begins as none of a whole text does: enough, if what may be linked stands
    behind a long line that is open. A lone stop may be there to keep lines apart, but not behind a link that
    ends a sentence."""
    before = texts[at - 2] if at > 1 else ""
    is_told = len(before) >= _LONG and is_open(before) and _words(texts[at - 1]) <= _LONGEST_LINK
    if texts[at] == ".":
        return int(_words(before) >= _FEWEST_OPEN and is_open(before))
    if not _SHOWS.match(texts[at]):
        return 0
    return _FEWEST_TORN if is_told and texts[at][0] in ",;" else 1


def is_rest(text: str) -> bool:
    """Whether a line begins as none does but the rest of a sentence."""
    return _CLOSING.match(text) is not None


def is_open(text: str) -> bool:
    """Whether a line may run on."""
    return not ends_like_sentence(text) and text[-1] not in ";:：|»›>"


def _words(text: str) -> int:
    return text.count(" ") + 1


def _runs_on_small(above: str, below: str, is_within: bool) -> bool:
    """Whether a line begins with a small letter, in mid-sentence."""
    first = _WORD.match(below)
    if not first or not first[0].islower():
        return False
    return is_within or _words(above) >= _FEWEST_OPEN or _words(below) >= _FEWEST_REST


def _is_linked(above: str, below: str, is_told: bool, goes_on: bool) -> bool:
    """Whether a line that begins with a capital is the words of a link in the middle of a sentence."""
    if _words(below) > _LONGEST_LINK:
        return False
    last = above[above.rfind(" ") + 1 :]
    if above.endswith((*_OPENING, ",")) or (last.islower() and len(last) <= _SHORT_WORD):
        return is_told or goes_on or _words(above) >= _FEWEST_OPEN
    return goes_on and is_told


# --- joining ----------------------------------------------------------------------------------


def unwrapped(lines: Sequence[str]) -> str:
    """The lines of one paragraph as one. Wrappers break at spaces, behind hyphens, and anywhere in scripts
    that have no spaces."""
    parts = [lines[0].strip()]
    is_inside = _ends_inside(parts[0], False)
    for above, line in itertools.pairwise(lines):
        text = line.strip().removeprefix(_QUOTE)
        is_spaced = above[-1:].isspace() or line[:1].isspace()
        if not (is_inside or _belongs_together(parts[-1], text, is_spaced)):
            parts.append(" ")
        parts.append(text)
        is_inside = _ends_inside(text, is_inside)
    return "".join(parts)


def _belongs_together(above: str, below: str, is_spaced: bool) -> bool:
    """Whether no space was where one line ends and the next begins; one may be left there, as French sets it
    before some marks."""
    if above.endswith("-") and "/" in above[above.rfind(" ") + 1 :]:
        return True
    if above.endswith("-") and above[-2:-1].isalpha() and below[:1].isalpha():
        return below.split(" ", 1)[0] not in _AND
    if is_rest(below):
        return not (is_spaced and below[0] in ":?!»")
    if above.endswith(_OPENING) or _is_initial(above, below):
        return True
    return is_unspaced(above[-1:]) and is_unspaced(below[:1])


def _is_initial(above: str, below: str) -> bool:
    """A large first letter that stands by itself; some are words."""
    return len(above) == 1 and above.isupper() and above not in "AEIOUY" and below[:1].islower()


def _ends_inside(text: str, was_inside: bool) -> bool:
    """Whether a line ends in the middle of an address that Markdown marks as one."""
    last = text[text.rfind(" ") + 1 :]
    if was_inside and last == text:
        return not {")", ">"} & set(last)
    target = last.rfind("](")
    return (target >= 0 and ")" not in last[target:]) or (last.startswith("<http") and ">" not in last)
