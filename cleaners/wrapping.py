"""Hard-wrapped text: whether it is, which lines make a paragraph, and how they become one line again."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from cleaners.model import ends_like_sentence, is_unspaced

Line = tuple[int, int, bool]
"""Start, end, and whether the line before it is not blank."""

_NARROW, _WIDE, _LONGEST_WORD = 50, 100, 20
"""Code points: of the widest line of wrapped text, at least and at most; of words where none are spaced."""
_FEWEST_BREAKS = 4
_ALONE = re.compile(r"(?:[•‣◦▪▫●○■□*·-]|\d{1,3}[.)])[\s\u00a0]|[=-]{3}|\||#{1,6} |>[\r\n]")
"""How items, rules, rows of tables, headings and gaps of quotations begin: what no line above runs on in."""
_MEANT = "  \n"
"""How Markdown says that a line ends where it does."""
_QUOTE, _GAP, _CELL = "> ", ">\n", " | "
_AND = frozenset(
    ["and", "or", "to", "und", "oder", "bis", "sowie", "et", "ou", "e", "o", "y", "u", "en", "of", "och"]
)
"""What stands behind a hyphen that waits for its word: "first- and second-half"."""


def wrap_width(source: str, lines: list[Line]) -> int:
    """The width the text was wrapped at, in code points, or 0 for text that was not.

    A line was broken by a wrapper when the next line's first word would not have fitted on it. Most breaks
    must be such, and most lines must end in mid-sentence: verse, dialogue and one paragraph a line all fail
    one of the two. What wrappers leave as it is does not count: items, rows of tables, long addresses.
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
    return width if full >= 0.8 * len(breaks) and open_ended >= 0.6 * len(breaks) else 0


def paragraphs(source: str, lines: list[Line], width: int) -> Iterator[tuple[int, int]]:
    """Spans of the paragraphs of a text that was wrapped at this width."""
    start, last = lines[0][0], lines[0]
    for line in lines[1:]:
        is_whole = last[1] - last[0] > width and not _is_unbreakable(source, last)
        runs_on = line[2] and not is_whole and not _is_meant(source, last, line)
        if not (runs_on and _is_full(source, last, line, width)):
            yield start, last[1]
            start = line[0]
        last = line
    yield start, last[1]


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


# --- joining ----------------------------------------------------------------------------------


def unwrapped(lines: Sequence[str]) -> str:
    """The lines of one paragraph as one. Wrappers break at spaces, behind hyphens, and anywhere in scripts
    that have no spaces."""
    parts = [lines[0].strip()]
    is_inside = _ends_inside(parts[0], False)
    for line in lines[1:]:
        text = line.strip().removeprefix(_QUOTE)
        is_close = is_inside or _belongs_together(parts[-1], text)
        if not is_close:
            parts.append(" ")
        parts.append(text)
        is_inside = _ends_inside(text, is_inside)
    return "".join(parts)


def _belongs_together(above: str, below: str) -> bool:
    """Whether no space was where one line ends and the next begins."""
    if above.endswith("-") and above[-2:-1].isalpha() and below[:1].isalpha():
        return below.split(" ", 1)[0] not in _AND
    return is_unspaced(above[-1:]) and is_unspaced(below[:1])


def _ends_inside(text: str, was_inside: bool) -> bool:
    """Whether a line ends in the middle of an address that Markdown marks as one."""
    last = text[text.rfind(" ") + 1 :]
    if was_inside and last == text:
        return not {")", ">"} & set(last)
    target = last.rfind("](")
    return (target >= 0 and ")" not in last[target:]) or (last.startswith("<http") and ">" not in last)
