"""Matching: rules compiled into `strip_boilerplate`, so that a line meets only the few it may match.

Phrases are tried before prefixes, and prefixes before regular expressions; of these the first in the
order of files and entries wins.
"""

from __future__ import annotations

import itertools
import re
import string
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Literal, NamedTuple

import msgspec

from cleaners.model import (
    NO_FACTS,
    OPEN,
    SENTENCE_END,
    Block,
    Cleaner,
    Document,
    Edit,
    Role,
    Value,
)

LONGEST = 200
"""Code points: longer blocks are paragraphs, and no candidates for a phrase or a pattern."""
LONGEST_NOTE = 600
"""Code points: above or at the end of the story patterns look at blocks so long, as notices are."""
MEMO = 1 << 13
SHORTEST_CUT = 20
"""Code points: a shorter block is no sentence with something glued to it."""
SUFFIX = 5
"""Letters by which a block's end is looked up among the phrases that may be glued to it."""
TAIL_AFTER = 2
"""Story-shaped blocks that must stand before the tail begins."""
END_BELOW = 2
"""Story-shaped blocks that may stand below a block at the end."""
COMPANY, COMPANY_WITHOUT_STORY = 2, 3
"""Lines in a row that vouch for each other, where nothing beside them is boilerplate anyway; and in a text
without any story-shaped block, which may be a list, a poem or an interview."""

# How sure each way of matching is. The guard takes back the least sure first; phrases are exact.
SURE_PHRASE, SURE_PREFIX, SURE_PATTERN, SURE_TRIM = 1.0, 0.99, 0.98, 0.98
SURE_COMPANY, SURE_REST = 0.96, 0.95


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of line, how to recognize it, and what becomes of it."""

    why: str
    example: str
    block: dict[str, list[str]] = {}
    starts: dict[str, list[str]] = {}
    pattern: list[str] = []
    word: list[str] = []
    """Any of which must stand on the line for `pattern` to be tried: words, or marks such as "©"."""
    at: Literal["any", "head", "tail", "edge", "end"] = "any"
    """Where it fires: above the story, below two paragraphs, either, or with two below at most."""
    takes: Literal["block", "rest"] = "block"
    alone: bool = False
    """Does not fire where a neighbour matches too: a list of such lines is the story."""
    company: bool = False
    """Fires only beside boilerplate, or in a row of lines of which each needs company."""
    trim: Literal["start", "end"] | None = None
    role: Role = "boilerplate"
    weight: float | None = None
    id: str = ""
    site: str = ""
    """Host name whose pages alone the rule is for; empty for all."""
    file: str = ""

    @property
    def languages(self) -> list[str]:
        return sorted({*self.block, *self.starts} - {"any"})


# --- folding ----------------------------------------------------------------------------------

_SPACED_COLON = re.compile(r" (?=[:;!?])")
# Telling whether a letter is a digit costs ten times what telling that it is not from ASCII does.
_ASCII_DIGIT = re.compile("[0-9]")
_MAY_BE_DIGIT = re.compile(r"[0-9\u0660-\U0001fbff]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


# Typographic marks that keep most English from being ASCII, where every step is cheaper.
_MARKS = (("’", "'"), ("“", '"'), ("”", '"'), ("—", "-"), ("–", "-"), ("‘", "'"), ("…", "..."), ("ʼ", "'"))


def _lower(text: str) -> str:
    """The text case-folded, its quotation marks and dashes those of ASCII."""
    if text.isascii():
        return text.lower()
    for mark, plain in _MARKS:
        text = text.replace(mark, plain)
    # Turkish: the capital of "ı" is "I", whose small letter elsewhere is "i", and "İ" folds to two.
    return text.casefold().replace("ı", "i").replace("i\u0307", "i")


class Folded(Value, frozen=True):
    """A line as rules compare it: NFKC, case folded, spaces single, numbers all alike."""

    whole: str
    """Without punctuation at its edges: what `block` phrases are compared with."""
    left: str
    """With the punctuation at its end: what `starts` phrases are compared with."""


def fold(text: str) -> Folded:
    """Reduce a line to what rules compare. Each step looks first: most lines need none of them."""
    return _fold(_lower(text))


def _fold(text: str) -> Folded:
    """The same, of a line that is case-folded already."""
    is_ascii = text.isascii()
    if not is_ascii:
        text = _lower(unicodedata.normalize("NFKC", text))
    if "  " in text or "\t" in text or not (is_ascii or text.isprintable()):
        text = " ".join(text.split())
    if " :" in text or " ;" in text or " !" in text or " ?" in text:
        text = _SPACED_COLON.sub("", text)
    if (_ASCII_DIGIT if is_ascii else _MAY_BE_DIGIT).search(text):
        text = _NUMBER.sub("0", text)
    left = text.lstrip(_EDGES)
    while left and not left[0].isalnum() and _is_edge(left[0]):
        left = left[1:].lstrip(_EDGES)
    left = left.removeprefix("0. ")  # an extractor numbers the items of a menu
    whole = left.rstrip(_EDGES)
    while whole and not whole[-1].isalnum() and _is_edge(whole[-1]):
        whole = whole[:-1].rstrip(_EDGES)
    # A question is another thing than its words: "Comments?" is an answer in an interview.
    asks = "?" in left[len(whole) :] or "؟" in left[len(whole) :]
    return Folded(whole + "?" if asks and whole else whole, left)


_SPOKEN = re.compile(r"[\"“”„«»‹›‘'「『].{0,200}[\"“”«»‹›’'」』][.!?…。]?|[—–―]\s.{0,200}", re.DOTALL)
"""A line that somebody says: in quotation marks, or behind a dash."""


_EDGES = string.punctuation + string.whitespace + "“”‘’«»„‚‹›…–—•·"


def _is_edge(char: str) -> bool:
    """Punctuation, symbols and spaces; not the vowel signs that end words in Indic scripts."""
    return unicodedata.category(char)[0] not in "LMN"


# Letters and what is not ASCII; any digit is 0, and what stands between words a space.
_TO_WORDS = bytes(b if b > 127 or chr(b).isalpha() else 48 if chr(b).isdigit() else 32 for b in range(256))
# The same outside ASCII, as UTF-8: the signs of Latin-1, general punctuation, arrows.
_BETWEEN_WORDS = re.compile(rb"[\xc2\xe2](?:(?<=\xc2)|(?<=\xe2)[\x80\x81\x86])[\x80-\xbf]")


def _words(line: str) -> list[bytes]:
    """The words of a case-folded line, as UTF-8, with "0" where there is any number.

    Splitting bytes costs a quarter of a regular expression.
    """
    data = line.encode("utf-8", "replace")
    if not line.isascii():
        data = _BETWEEN_WORDS.sub(b" ", data)
    data = data.translate(_TO_WORDS)
    words = data.split()
    return [*words, b"0"] if b"0" in data else words


class _Line:
    """A line, and what the rules look at of it, each worked out once for all of them."""

    __slots__ = ("_key", "_plain", "low", "perhaps", "text", "words")

    def __init__(self, text: str, known: frozenset[bytes] | None = None) -> None:
        self.text = text
        self.low = _lower(text)
        words = _words(self.low)
        self.words: Iterable[bytes] = words if known is None else known.intersection(words)
        """All of them, or those that any rule asks for."""
        self._plain: tuple[str, str] | None = None
        self.perhaps: list[_Gated] = []
        """What the line may be, if the blocks around bear it out."""
        self._key: Folded | None = None

    @property
    def plain(self) -> tuple[str, str]:
        """The line without the punctuation it begins with, and its opening where folding leaves that as it
        is; else nothing."""
        if self._plain is None:
            left = self.low.lstrip(_EDGES)
            opening = left[:OPENING]
            is_plain = _PLAIN_OPENING.match(left) and unicodedata.is_normalized("NFKC", opening)
            self._plain = (left, opening if is_plain else "")
        return self._plain

    @property
    def key(self) -> Folded:
        """The line folded, which is dear, and spared where a cheaper look shows that nothing can match."""
        if self._key is None:
            self._key = _fold(self.low)
        return self._key


# --- patterns ---------------------------------------------------------------------------------


class _Pattern:
    """A regular expression, with what its alternatives must not be followed by looked for last.

    "Nobody says it", `(?!.{0,600}...said...)`, stands in front of alternatives and costs more than all
    the rest. Most lines match none of them without it either, and need not be asked.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        bare = _bare(source)
        self.bare, self.is_exact = re.compile(bare), bare == source

    @cached_property
    def exact(self) -> re.Pattern[str]:
        """Compiled when first needed, which for most patterns is never."""
        return self.bare if self.is_exact else re.compile(self.source)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        found = self.bare.fullmatch(text)
        return found if found is None or self.is_exact else self.exact.fullmatch(text)


def _bare(source: str) -> str:
    """A pattern without the negative looks ahead that its alternatives begin with: it matches all that
    the pattern does, and more."""
    if _REFERENCE.search(source):
        return source  # a look ahead may hold the group that is meant
    flags = "(?i)" if source.startswith("(?i)") else ""
    opening, closing = flags, ""
    pieces = _alternatives(source[len(flags) :] + ")")
    for group in ("(?:", "(?i:"):
        if len(pieces) == 1 and pieces[0].startswith(group):
            inner = _alternatives(pieces[0].removeprefix(group))
            opening, closing, pieces = (opening + group, ")", inner) if inner else (opening, closing, pieces)
    return opening + "|".join(piece.removeprefix(_look_ahead(piece)) for piece in pieces) + closing


def _look_ahead(piece: str) -> str:
    """The negative look ahead that an alternative begins with, if it begins with one."""
    inner = _alternatives(piece[3:], whole=False) if piece.startswith("(?!") else []
    return f"(?!{'|'.join(inner)})" if inner else ""


def _alternatives(source: str, whole: bool = True) -> list[str]:
    """What stands between the bars of a group, up to the bracket that closes it; nothing where that is
    not the end of the source and the `whole` of it is wanted."""
    pieces, depth, start = [], 0, 0
    for token in _SYNTAX.finditer(source):
        mark = token[0]
        if mark == "(":
            depth += 1
        elif depth and mark == ")":
            depth -= 1
        elif not depth and mark in "|)":
            pieces.append(source[start : token.start()])
            start = token.end()
            if mark == ")":
                return pieces if start == len(source) or not whole else []
    return []


_REFERENCE = re.compile(r"\\[1-9]|\(\?P=|\(\?\(")
_SYNTAX = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()|]", re.DOTALL)


# --- matching ---------------------------------------------------------------------------------


class _Gated(NamedTuple):
    """A rule's patterns, one for each of the consecutive blocks it matches."""

    order: int
    rule: Rule
    patterns: tuple[_Pattern, ...]
    longest: int
    """Most code points the first pattern can match."""
    is_sociable: bool
    """What it matches depends on the blocks around."""

    def match(self, blocks: Sequence[Block], index: int) -> Mapping[str, str] | None:
        """The named groups, when every pattern matches its block; None when one does not."""
        facts = self._match_at(blocks, index)
        if facts is not None and self.rule.alone:
            size = len(self.patterns)
            if any(self._match_at(blocks, at) is not None for at in (index - size, index + size) if at >= 0):
                return None
        return facts

    def _match_at(self, blocks: Sequence[Block], index: int) -> Mapping[str, str] | None:
        if index + len(self.patterns) > len(blocks):
            return None
        facts: dict[str, str] = {}
        for offset, pattern in enumerate(self.patterns):
            block = blocks[index + offset]
            if len(block.text) > LONGEST_NOTE or not block.is_open:
                return None
            found = pattern.fullmatch(block.text)
            if not found:
                return None
            facts |= _named(found)
        return facts


OPENING = 3
"""Letters by which phrases that begin a line are looked up."""


class _Gates(NamedTuple):
    """The words and marks of which one must stand on a line for a pattern to be tried."""

    words: Mapping[bytes, Sequence[_Gated]]
    known: frozenset[bytes]
    """The words again, as what a line's words are compared with."""
    marks: Mapping[str, Sequence[_Gated]]
    first_marks: re.Pattern[str]
    """What the marks begin with: most lines have none of them."""
    runs: Mapping[str, Sequence[_Gated]]
    """Words of scripts that do not space them."""

    @classmethod
    def of(cls, entries: Iterable[_Gated]) -> _Gates:
        words: dict[bytes, list[_Gated]] = {}
        marks: dict[str, list[_Gated]] = {}
        runs: dict[str, list[_Gated]] = {}
        # Widest first: the first too narrow for a line ends the search.
        for entry in sorted(entries, key=lambda entry: (-entry.longest, entry.order)):
            for word in entry.rule.word:
                # Of several words, as in "e-mail", the longest is the rarest.
                longest = max(_words(_lower(word)), key=len, default=b"")
                if _UNSPACED_LETTER.search(word):
                    runs.setdefault(word, []).append(entry)
                elif longest:
                    words.setdefault(longest if longest.strip(b"0") else b"0", []).append(entry)
                else:
                    marks.setdefault(word, []).append(entry)
        first = re.compile(f"[{re.escape(''.join({mark[0] for mark in marks}))}]" if marks else "(?!)")
        return cls(words, frozenset(words), marks, first, runs)

    def open(self, line: _Line) -> list[Sequence[_Gated]]:
        """What may match a line."""
        text = line.text
        opened = [self.words[word] for word in self.known.intersection(line.words)]
        if self.marks and self.first_marks.search(text):
            opened += [self.marks[mark] for mark in self.marks if mark in text]
        if self.runs and not text.isascii() and _UNSPACED_LETTER.search(text):
            opened += [self.runs[run] for run in self.runs if run in text]
        return [entries for entries in opened if len(text) <= entries[0].longest]


class _Index:
    """The rules of one kind, arranged so that a line meets only the few it may match."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.size = 0
        self.phrases: dict[tuple[str, str], list[Rule]] = {}
        self.prefixes: dict[str, list[tuple[str, Rule]]] = {}
        self.reach: dict[str, int] = {}
        gated: list[_Gated] = []
        for order, rule in enumerate(rules):
            for phrase in _phrases(rule.block):
                whole = fold(phrase).whole
                self.phrases.setdefault((rule.site, whole), []).append(rule)
                reach = len(whole) + _ROOM
                self.reach[whole[:OPENING]] = max(reach, self.reach.get(whole[:OPENING], 0))
            for phrase in _phrases(rule.starts):
                key = _prefix(phrase)
                self.prefixes.setdefault(key[:OPENING], []).append((key, rule))
            if rule.pattern:
                patterns = tuple(map(_Pattern, rule.pattern))
                sociable = rule.alone or len(patterns) > 1
                gated.append(_Gated(order, rule, patterns, _longest(rule), sociable))
            self.size = order + 1
        self.gates = _Gates.of(entry for entry in gated if entry.rule.word)
        ungated = sorted(
            (entry for entry in gated if not entry.rule.word), key=lambda e: (-e.longest, e.order)
        )
        self.ungated = {
            zone: [entry for entry in ungated if entry.rule.at in places] for zone, places in ADMITS.items()
        }
        self.first_words = {
            opening: tuple({_first_word(prefix) for prefix, _ in entries})
            for opening, entries in self.prefixes.items()
        }

    def find(self, blocks: Sequence[Block], index: int, place: _Place) -> _Match | None:
        """The first rule that a block, with those after it, matches."""
        line = _Line(blocks[index].text)
        found = self.find_alone(line, place)
        return _borne_out(line.perhaps, blocks, index) or found

    def find_alone(self, line: _Line, place: _Place) -> _Match | None:
        """The first rule that a line matches whatever stands around it. Earlier ones to which that matters
        are noted as what the line is perhaps."""
        gated = self.gates.open(line)
        if self._is_strange(line, place):
            return self._find_pattern(line, gated, place) if gated else None
        text, key = line.text, line.key
        for site in ("", place.site) if place.site else ("",):
            for rule in self.phrases.get((site, key.whole), ()):
                if place.allows(rule) and not _SPOKEN.fullmatch(text):
                    return _Match(rule, 1, NO_FACTS, SURE_PHRASE)
        openings = self.prefixes.get(key.left[:OPENING], ()) if len(key.left) <= LONGEST else ()
        for prefix, rule in openings:
            found = key.left.startswith(prefix) and _ends_word(key.left, prefix) and place.allows(rule)
            if found and not _SPOKEN.match(text):
                return _Match(rule, 1, NO_FACTS, SURE_PREFIX)
        return self._find_pattern(line, gated, place)

    def _is_strange(self, line: _Line, place: _Place) -> bool:
        """Whether no phrase can match a line, nor a pattern without a gate.

        A cheap look that spares most lines of prose the folding.
        """
        left, opening = line.plain
        size, ungated = len(line.low), self.ungated[place.zone]
        return (
            opening != ""
            and size > self.reach.get(opening, 0)
            and not (ungated and size <= ungated[0].longest)
            and not left.startswith(self.first_words.get(opening, ()))
        )

    def _find_pattern(self, line: _Line, gated: Sequence[Sequence[_Gated]], place: _Place) -> _Match | None:
        """The match of the earliest rule whose pattern matches, of those worth trying."""
        best: _Match | None = None
        best_order, size = self.size, len(line.text)
        perhaps: list[_Gated] = []
        for entries in (*gated, self.ungated[place.zone]):
            for entry in entries:
                if size > entry.longest:
                    break
                if entry.order >= best_order or not place.allows(entry.rule):
                    continue
                if not (found := entry.patterns[0].fullmatch(line.text)):
                    continue
                if entry.is_sociable:
                    perhaps.append(entry)
                else:
                    best = _Match(entry.rule, 1, _named(found), SURE_PATTERN)
                    best_order = entry.order
        if perhaps:
            line.perhaps += sorted({e.order: e for e in perhaps if e.order < best_order}.values())
        return best


def _named(found: re.Match[str]) -> Mapping[str, str]:
    return {name: value for name, value in found.groupdict().items() if value}


def _borne_out(perhaps: Iterable[_Gated], blocks: Sequence[Block], index: int) -> _Match | None:
    """The first of what a line may be that the blocks around bear out."""
    for entry in perhaps:
        if (facts := entry.match(blocks, index)) is not None:
            return _Match(entry.rule, len(entry.patterns), facts, SURE_PATTERN)
    return None


_ROOM = 40
"""Code points that a line may be longer than a phrase it matches: punctuation, and numbers."""


_PLAIN_OPENING = re.compile(r"[^\W\d_](?:[^\W\d_]| (?! ))[^\W\d_ ]?(?! [ :;!?])")
"""What folding leaves as it is."""


def _first_word(prefix: str) -> str:
    """The letters a folded phrase begins with."""
    return "".join(itertools.takewhile(str.isalpha, prefix))


def _longest(rule: Rule) -> int:
    """The most code points the rule's first pattern can match."""
    from re import _parser  # type: ignore[attr-defined]  # knows how wide a match can be

    width: int = _parser.parse(rule.pattern[0]).getwidth()[1]
    return min(LONGEST_NOTE if rule.at in NOTES_AT else LONGEST, width)


class _Match(Value, frozen=True):
    rule: Rule
    size: int
    """Consecutive blocks matched."""
    facts: Mapping[str, str]
    confidence: float

    @property
    def is_sure(self) -> bool:
        """It decides by itself."""
        return self.rule.weight is None and not self.rule.company


Zone = Literal["head", "middle", "tail", "end"]
ADMITS: Mapping[Zone, tuple[str, ...]] = {
    "head": ("any", "head", "edge"),
    "middle": ("any",),
    "tail": ("any", "tail", "edge"),
    "end": ("any", "tail", "edge", "end"),
}
"""The values of a rule's `at` that a block in each zone of a document satisfies."""
NOTES_AT = ("head", "end")
"""Values of `at` with which a rule's patterns look at blocks longer than LONGEST."""


class _Place(Value, frozen=True):
    """Where a block stands."""

    zone: Zone
    site: str

    def allows(self, rule: Rule) -> bool:
        return (not rule.site or rule.site == self.site) and rule.at in ADMITS[self.zone]

    @property
    def is_behind(self) -> bool:
        """Two paragraphs of the story stand above."""
        return self.zone in ("tail", "end")


def _phrases(by_language: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for phrases in by_language.values():
        yield from phrases


def _prefix(phrase: str) -> str:
    return fold(phrase).left.rstrip()


def _ends_word(left: str, prefix: str) -> bool:
    """Whether the phrase that a folded line starts with ends where a word does."""
    last, following = prefix[-1], left[len(prefix) : len(prefix) + 1]
    return bool(_UNSPACED_LETTER.match(last)) or not (last.isalnum() and following.isalnum())


_UNSPACED_LETTER = re.compile("[\u0e00-\u0eff\u3040-\u9fff]")


def strip_boilerplate(rules: Iterable[Rule]) -> Cleaner:
    """The cleaner that gives each block the role of the first rule it matches.

    Rules with a weight propose below the bar, and only where no sure rule matched. In a document
    without any story-shaped block the head is what stands above everything that stays.
    """
    rules = tuple(rules)
    match = _matcher(rules)
    cuts = _Cuts(rule for rule in rules if rule.trim)

    def strip(doc: Document) -> Iterator[Edit]:
        rest: Rule | None = None
        waiting: dict[int, _Match] = {}
        taken: set[int] = set()
        at_top = True
        places = _places(doc)
        for index, block in enumerate(doc.blocks):
            text = block.text
            if index in taken or not text or block.role not in OPEN:
                continue
            place = places[index] or _Place("head" if at_top else "middle", doc.site)
            found = match(doc.blocks, index, place) if len(text) <= LONGEST_NOTE else None
            if found and found.is_sure:
                yield from _edits(found, index)
                taken.update(range(index, index + found.size))
                rest = found.rule if found.rule.takes == "rest" and place.is_behind else rest
            elif rest:
                yield Edit(index, rest.id, f"below: {rest.why}", rest.role, confidence=SURE_REST)
            elif found and found.rule.company:
                waiting[index] = found
            else:
                at_top = False
                if found:
                    yield from _edits(found, index)
                elif cut := cuts.find(text, place):
                    yield _cut(index, *cut)
        least = COMPANY if any(places) else COMPANY_WITHOUT_STORY
        for index in _in_company(waiting, taken, least) if waiting else ():
            yield from _edits(msgspec.structs.replace(waiting[index], confidence=SURE_COMPANY), index)

    return strip


def _in_company(waiting: Iterable[int], taken: Collection[int], least: int) -> Iterator[int]:
    """Those of the waiting lines that stand beside one that was taken, or in a row long enough."""
    run: list[int] = []
    for index in (*waiting, -1):
        if run and run[-1] + 1 != index:
            if len(run) >= least or run[0] - 1 in taken or run[-1] + 1 in taken:
                yield from run
            run = []
        run.append(index)


def _reads_notes(rule: Rule) -> bool:
    return rule.at in NOTES_AT and bool(rule.pattern)


def _matcher(rules: Sequence[Rule]) -> Callable[[Sequence[Block], int, _Place], _Match | None]:
    """What finds the rule that a block of at most LONGEST_NOTE, with those after it, matches."""
    of_sure = [rule for rule in rules if rule.weight is None and not rule.trim and not rule.company]
    of_weak = [rule for rule in rules if rule.weight is not None or rule.company]
    sure, weak = _Index(of_sure), _Index(of_weak)
    # Of longer blocks only these few look at anything.
    sure_notes, weak_notes = _Index(filter(_reads_notes, of_sure)), _Index(filter(_reads_notes, of_weak))

    known = sure.gates.known | weak.gates.known

    # Lines of a site's furniture come again in every article: a bounded memo of a pure function.
    @lru_cache(maxsize=MEMO)
    def match_alone(text: str, place: _Place) -> tuple[Sequence[_Gated], _Match | None]:
        line = _Line(text, known)
        first, second = (sure, weak) if len(text) <= LONGEST else (sure_notes, weak_notes)
        found = first.find_alone(line, place) or (second.find_alone(line, place) if second.size else None)
        # An item of a menu has no full stop; a short answer has.
        is_answer = found and found.rule.company and _STOP_AT_END.search(text)
        return line.perhaps, None if is_answer else found

    def match(blocks: Sequence[Block], index: int, place: _Place) -> _Match | None:
        text = blocks[index].text
        if len(text) > LONGEST and place.zone not in NOTES_AT:
            return None
        perhaps, found = match_alone(text, place)
        return (_borne_out(perhaps, blocks, index) or found) if perhaps else found

    return match


_STOP_AT_END = re.compile(r"(?<![.。])[.。]\Z")


def _places(doc: Document) -> list[_Place | None]:
    """Where each block stands; None in a document without any story-shaped block."""
    story, size = doc.story, len(doc.blocks)
    if not story:
        return [None] * size
    tail_from = story[TAIL_AFTER - 1] + 1 if len(story) >= TAIL_AFTER else size
    end_from = max(tail_from, story[-1 - END_BELOW]) if len(story) > END_BELOW else tail_from
    ends: tuple[tuple[Zone, int], ...] = (
        ("head", story[0]),
        ("middle", tail_from),
        ("tail", end_from),
        ("end", size),
    )
    places: list[_Place | None] = []
    for zone, end in ends:
        places += [_Place(zone, doc.site)] * (end - len(places))
    return places


def _edits(found: _Match, index: int) -> Iterator[Edit]:
    rule = found.rule
    sure = found.confidence if rule.weight is None else rule.weight
    for offset in range(found.size):
        facts = found.facts if offset == 0 else NO_FACTS
        yield Edit(index + offset, rule.id, rule.why, rule.role, facts=facts, confidence=sure)


# --- cutting ----------------------------------------------------------------------------------

_STOP = r"[.!?…。！？؟।][\"'”’“»«)\]」』]{0,3}"
_BOUNDARY = re.compile(_STOP + r"\s{0,3}(?=\S)")
_INNER_STOP = re.compile(_STOP + r"\s")


class _Cuts:
    """Rules that cut a phrase off a block's edge, at a sentence boundary only."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        rules = tuple(rules)
        at_end = [rule for rule in rules if rule.trim == "end"]
        at_start = [rule for rule in rules if rule.trim == "start"]
        self.end, self.end_keys = _Index(at_end), _openings(at_end)
        self.end_suffixes = {fold(p).whole[-SUFFIX:] for rule in at_end for p in _phrases(rule.block)}
        self.start, self.start_keys = _Index(at_start), _openings(at_start)
        # What is glued to a paragraph is furniture again, and so are short lines.
        self._find_short = lru_cache(maxsize=MEMO)(self._find)
        self._piece_at_end = lru_cache(maxsize=MEMO)(self._match_at_end)

    def find(self, text: str, place: _Place) -> _Cut | None:
        """What cuts a phrase off a block, and what it leaves. Few blocks get past the gates."""
        may_end = True
        if text[-1] in SENTENCE_END:
            # Behind a sentence only a whole phrase is cut, and the block ends in its last letters.
            may_end = text[-1 - SUFFIX : -1].casefold() in self.end_suffixes
            if not may_end and not self.start_keys:
                return None
        return (self._find_short if len(text) <= LONGEST else self._find)(text, place, may_end)

    def _find(self, text: str, place: _Place, may_end: bool) -> _Cut | None:
        if len(text) < SHORTEST_CUT:
            return None
        found = None
        if may_end and text[-1] not in '”’"' and self.end_keys:
            found = self._at_end(text, place)
        if found is None and text[:2].casefold() in self.start_keys:
            found = self._at_start(text, place)
        return found

    def _at_end(self, text: str, place: _Place) -> _Cut | None:
        """Cut at the first boundary behind which a rule matches; a looser piece is no sentence itself."""
        for stop in _BOUNDARY.finditer(text, max(0, len(text) - LONGEST)):
            start = stop.end()
            if text[start : start + _KEY_WITHIN].lstrip(_EDGES)[:2].casefold() not in self.end_keys:
                continue
            if found := self._piece_at_end(text[start:], place):
                return found, text[:start].rstrip()
        return None

    def _match_at_end(self, piece: str, place: _Place) -> _Match | None:
        found = self.end.find([Block(0, 0, piece)], 0, place)
        is_cut = found and (found.confidence == SURE_PHRASE or _is_loose(piece))
        return found if is_cut and not _ends_quotation(piece) else None

    def _at_start(self, text: str, place: _Place) -> _Cut | None:
        stop = _BOUNDARY.search(text, 0, LONGEST)
        if stop is None:
            return None
        piece = text[: stop.end()].strip()
        found = self.start.find([Block(0, 0, piece)], 0, place)
        return (found, text[stop.end() :]) if found else None


_KEY_WITHIN = 6
"""Code points, brackets and quotation marks among them, in which a glued phrase's first letters stand."""


def _openings(rules: Iterable[Rule]) -> frozenset[str]:
    """The first two folded characters of all that the rules may match: a cheap gate."""
    phrases = [p for rule in rules for p in (*_phrases(rule.block), *_phrases(rule.starts))]
    words = [word for rule in rules if rule.pattern for word in rule.word]
    return frozenset(fold(phrase).left[:2] for phrase in phrases + words)


def _is_loose(piece: str) -> bool:
    """One piece that is no sentence of the story: nothing ends inside it, and no full stop ends it."""
    return not _INNER_STOP.search(piece) and piece[-1] not in ".。।"


_CLOSED = re.compile(r"\w[.!?]?[”»’“\"]$")


def _ends_quotation(piece: str) -> bool:
    """The piece closes a quotation that opened before it: somebody is still speaking."""
    return bool(_CLOSED.search(piece)) and piece[0] not in '“«„‘"'


_Cut = tuple[_Match, str]
"""What matched a block's edge, and the text without it."""


def _cut(index: int, found: _Match, text: str) -> Edit:
    rule = found.rule
    return Edit(index, rule.id, rule.why, text=text, facts=found.facts, confidence=SURE_TRIM)


# --- one rule at a time: what `explain` asks ----------------------------------------------------

Condition = Literal[
    "place", "site", "length", "word", "spoken", "question", "next", "alone", "stop", "company", "boundary"
]
"""What a line that a rule would know by its words may lack for the rule to fire."""


def zones(doc: Document) -> list[Zone | None]:
    """Where each block stands for rules; None in a document without any story-shaped block."""
    return [place.zone if place else None for place in _places(doc)]


class Lone:
    """A rule by itself. It answers slowly what `strip_boilerplate` answers at once: which of the rule's
    conditions a block fails. The tests hold the two together."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.phrases = frozenset(fold(phrase).whole for phrase in _phrases(rule.block))
        self.prefixes = tuple(_prefix(phrase) for phrase in _phrases(rule.starts))
        patterns = tuple(map(_Pattern, rule.pattern))
        self.gated = _Gated(0, rule, patterns, _longest(rule), False) if patterns else None
        self.gates = _Gates.of([self.gated] if self.gated and rule.word else [])
        self.cuts = _Cuts([rule]) if rule.trim else None

    def lacks(
        self, blocks: Sequence[Block], index: int, key: Folded, zone: Zone, site: str
    ) -> list[Condition] | None:
        """The conditions that the block, which folds to `key`, fails; none where the rule fires, if company
        is no question. None where the words are others: no condition would make the rule fire."""
        place = _Place(zone, site)
        if self.cuts:
            return self._lacks_cut(self.cuts, blocks[index].text, key, place)
        ways = list(self._ways(blocks, index, key, zone))
        if not ways:
            return None
        lacking = min(ways, key=len)
        if self.rule.company and _STOP_AT_END.search(blocks[index].text):
            lacking.append("stop")
        return lacking + self._lacks_place(place)

    def _lacks_place(self, place: _Place) -> list[Condition]:
        lacking: list[Condition] = []
        if self.rule.at not in ADMITS[place.zone]:
            lacking.append("place")
        if self.rule.site and self.rule.site != place.site:
            lacking.append("site")
        return lacking

    def _ways(
        self, blocks: Sequence[Block], index: int, key: Folded, zone: Zone
    ) -> Iterator[list[Condition]]:
        """For each way in which the rule knows the block, what else it fails."""
        text = blocks[index].text
        too_long: list[Condition] = ["length"] if len(text) > LONGEST and zone not in NOTES_AT else []
        if key.whole in self.phrases:
            yield [*too_long, "spoken"] if _SPOKEN.fullmatch(text) else too_long
        elif key.whole.removesuffix("?") in self.phrases:
            yield [*too_long, "question"]
        if self.prefixes and key.left.startswith(self.prefixes):
            too_long = ["length"] if len(key.left) > LONGEST else too_long
            if any(key.left.startswith(prefix) and _ends_word(key.left, prefix) for prefix in self.prefixes):
                yield [*too_long, "spoken"] if _SPOKEN.match(text) else too_long
        if self.gated and len(text) <= LONGEST_NOTE and self.gated.patterns[0].fullmatch(text):
            yield self._lacks_pattern(self.gated, blocks, index)

    def _lacks_pattern(self, gated: _Gated, blocks: Sequence[Block], index: int) -> list[Condition]:
        text, lacking = blocks[index].text, list[Condition]()
        if len(text) > gated.longest:
            lacking.append("length")
        elif self.rule.word and not self.gates.open(_Line(text)):
            lacking.append("word")
        for offset, pattern in enumerate(gated.patterns[1:], 1):
            below = blocks[index + offset] if index + offset < len(blocks) else None
            is_match = below and below.is_open and len(below.text) <= LONGEST_NOTE
            if not (below and is_match and pattern.fullmatch(below.text)):
                lacking.append("next")
        if self.rule.alone and not lacking and gated.match(blocks, index) is None:
            lacking.append("alone")
        return lacking

    def _lacks_cut(self, cuts: _Cuts, text: str, key: Folded, place: _Place) -> list[Condition] | None:
        if cuts.find(text, place):
            return []
        zone = next(zone for zone in ADMITS if self.rule.at in ADMITS[zone])
        if cuts.find(text, _Place(zone, self.rule.site or place.site)):
            return self._lacks_place(place)
        if any(key.whole.endswith(f" {phrase}") for phrase in self.phrases):
            return ["boundary", *self._lacks_place(place)]
        return None
