"""Looking up: rules arranged so that a line meets only the few it may match.

Phrases are tried before prefixes, and prefixes before regular expressions; of these the first in the
order of files and entries wins.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from cleaners.folding import (
    EDGES,
    UNSPACED_LETTER,
    UNSPACED_LETTERS,
    Folded,
    fold,
    fold_lower,
    lower,
    words_of,
)
from cleaners.model import NO_FACTS, Block, Value
from cleaners.rule import LONGEST, LONGEST_NOTE, NOTES_AT, Place, Rule, phrases_of

# How sure each way of matching is. The guard takes back the least sure first; phrases are exact.
SURE_PHRASE, SURE_PREFIX, SURE_PATTERN = 1.0, 0.99, 0.98


class Line:
    """A line, and what the rules look at of it, each worked out once for all of them."""

    __slots__ = ("_key", "_plain", "low", "text", "words")

    def __init__(self, text: str, asked_for: frozenset[bytes]) -> None:
        self.text = text
        self.low = lower(text)
        self.words = asked_for.intersection(words_of(self.low))
        """Of its words those that any rule asks for: few, and of many lines none."""
        self._plain: tuple[str, str] | None = None
        self._key: Folded | None = None

    @property
    def plain(self) -> tuple[str, str]:
        """The line without the punctuation it begins with, and its opening where folding leaves that as it
        is; else nothing."""
        if self._plain is None:
            left = self.low.lstrip(EDGES)
            # Accents that stand behind the opening may be one with its last letter.
            is_plain = _PLAIN_OPENING.match(left) and unicodedata.is_normalized("NFKC", left[: 2 * OPENING])
            self._plain = (left, left[:OPENING] if is_plain else "")
        return self._plain

    @property
    def key(self) -> Folded:
        """The line folded, which is dear, and spared where a cheaper look shows that nothing can match."""
        if self._key is None:
            self._key = fold_lower(self.low)
        return self._key


# --- patterns ---------------------------------------------------------------------------------


class Pattern:
    """A regular expression, with what its alternatives must not be followed by looked for last.

    "Nobody says it", `(?!.{0,600}...said...)`, stands in front of alternatives and costs more than all
    the rest. Most lines match none of them without it either, and need not be asked.

    Compiled when first needed, which for most patterns is never.
    """

    def __init__(self, source: str) -> None:
        self.source = source

    @cached_property
    def bare(self) -> re.Pattern[str]:
        return re.compile(_bare(self.source))

    @cached_property
    def exact(self) -> re.Pattern[str]:
        return re.compile(self.source)

    @property
    def is_exact(self) -> bool:
        return self.bare.pattern == self.source

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


# --- phrases and patterns, arranged --------------------------------------------------------------


class Gated:
    """A rule's patterns, one for each of the consecutive blocks it matches."""

    def __init__(self, order: int, rule: Rule) -> None:
        self.order, self.rule = order, rule
        self.patterns = tuple(map(Pattern, rule.pattern))
        self.is_sociable = rule.alone or len(rule.pattern) > 1
        """What it matches depends on the blocks around."""

    @cached_property
    def longest(self) -> int:
        """Most code points the first pattern can match. Parsing a pattern takes half as long as compiling it,
        and most are never asked."""
        from re import _parser  # type: ignore[attr-defined]  # knows how wide a match can be

        width: int = _parser.parse(self.rule.pattern[0]).getwidth()[1]
        return min(LONGEST_NOTE if self.rule.at in NOTES_AT else LONGEST, width)

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


class Gates(NamedTuple):
    """The words and marks of which one must stand on a line for a pattern to be tried."""

    words: Mapping[bytes, Sequence[Gated]]
    asked_for: frozenset[bytes]
    """The words again, as what a line's words are compared with."""
    marks: Mapping[str, Sequence[Gated]]
    runs: Mapping[str, Sequence[Gated]]
    """Words of scripts that do not space them."""
    signs: re.Pattern[str]
    """What marks begin with, or a letter of such a script: most lines have none."""

    @classmethod
    def of(cls, entries: Iterable[Gated]) -> Gates:
        words: dict[bytes, list[Gated]] = {}
        marks: dict[str, list[Gated]] = {}
        runs: dict[str, list[Gated]] = {}
        for entry in entries:
            for word in entry.rule.word:
                # Of several words, as in "e-mail", the longest is the rarest.
                longest = max(words_of(lower(word)), key=len, default=b"")
                if UNSPACED_LETTER.search(word):
                    runs.setdefault(word, []).append(entry)
                elif longest:
                    words.setdefault(longest if longest.strip(b"0") else b"0", []).append(entry)
                else:
                    marks.setdefault(word, []).append(entry)
        firsts = "".join(sorted({mark[0] for mark in marks}))
        signs = re.compile(
            f"[{re.escape(firsts)}{UNSPACED_LETTERS if runs else ''}]" if firsts or runs else "(?!)"
        )
        return cls(words, frozenset(words), marks, runs, signs)

    def open(self, line: Line) -> list[Sequence[Gated]]:
        """What may match a line."""
        text = line.text
        opened = [self.words[word] for word in line.words]
        if self.signs.search(text):
            opened += [self.marks[mark] for mark in self.marks if mark in text]
            if UNSPACED_LETTER.search(text):
                opened += [self.runs[run] for run in self.runs if run in text]
        return opened


class Phrases:
    """Phrases that are a whole line or begin one."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.whole: dict[tuple[str, str], list[Rule]] = {}
        self.prefixes: dict[str, list[tuple[str, Rule]]] = {}
        self.reach: dict[str, int] = {}
        for rule in rules:
            for phrase in phrases_of(rule.block):
                whole = fold(phrase).whole
                self.whole.setdefault((rule.site, whole), []).append(rule)
                # Behind a phrase of two letters a space and a mark may stand.
                for opening in {whole[:OPENING], whole[:OPENING].ljust(OPENING)}:
                    self.reach[opening] = max(len(whole) + _ROOM, self.reach.get(opening, 0))
            for phrase in phrases_of(rule.starts):
                key = prefix_of(phrase)
                self.prefixes.setdefault(key[:OPENING], []).append((key, rule))
        self.first_words = {
            opening: tuple({_first_word(prefix) for prefix, _ in entries})
            for opening, entries in self.prefixes.items()
        }

    def find(self, line: Line, place: Place) -> Match | None:
        """The first rule that has the line among its phrases, else the first that has its beginning."""
        if self._is_strange(line):
            return None
        text, key = line.text, line.key
        for site in ("", place.site) if place.site else ("",):
            for rule in self.whole.get((site, key.whole), ()):
                if place.allows(rule) and not SPOKEN.fullmatch(text):
                    return Match(rule, 1, NO_FACTS, SURE_PHRASE)
        openings = self.prefixes.get(key.left[:OPENING], ()) if len(key.left) <= LONGEST else ()
        for prefix, rule in openings:
            found = key.left.startswith(prefix) and ends_word(key.left, prefix) and place.allows(rule)
            if found and not SPOKEN.match(text):
                return Match(rule, 1, NO_FACTS, SURE_PREFIX)
        return None

    def _is_strange(self, line: Line) -> bool:
        """Whether no phrase can match a line: a cheap look that spares most lines of prose the folding."""
        left, opening = line.plain
        return (
            opening != ""
            and len(line.low) > self.reach.get(opening, 0)
            and not left.startswith(self.first_words.get(opening, ()))
        )


class Patterns:
    """Patterns, arranged so that a line meets only the few it may match."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        every = [Gated(order, rule) for order, rule in enumerate(rules) if rule.pattern]
        self.gates = Gates.of(entry for entry in every if entry.rule.word)
        self.ungated = [entry for entry in every if not entry.rule.word]
        # They are for labels of a word or two: most lines are too long for all of them.
        self.longest_ungated = max((entry.longest for entry in self.ungated), default=0)

    def find(self, line: Line, place: Place) -> tuple[Sequence[Gated], Match | None]:
        """The match of the first rule whose pattern matches a line whatever stands around it, and those
        before it to which that matters: what the line is perhaps."""
        best: tuple[Gated, re.Match[str]] | None = None
        perhaps: dict[int, Gated] = {}
        text, size = line.text, len(line.text)
        opened = self.gates.open(line)
        if size <= self.longest_ungated:
            opened.append(self.ungated)
        for entry in itertools.chain.from_iterable(opened):
            if size > entry.longest or (best and entry.order >= best[0].order):
                continue
            if place.allows(entry.rule) and (found := entry.patterns[0].fullmatch(text)):
                if entry.is_sociable:
                    perhaps[entry.order] = entry
                else:
                    best = entry, found
        match = best and Match(best[0].rule, 1, _named(best[1]), SURE_PATTERN)
        if not perhaps:
            return (), match
        return [perhaps[at] for at in sorted(perhaps) if not best or at < best[0].order], match


class Index:
    """Rules, arranged so that a line meets only the few it may match."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        rules = tuple(rules)
        self.phrases, self.patterns = Phrases(rules), Patterns(rules)

    def find(self, blocks: Sequence[Block], index: int, place: Place) -> Match | None:
        """The first rule that a block, with those after it, matches."""
        line = Line(blocks[index].text, self.patterns.gates.asked_for)
        if found := self.phrases.find(line, place):
            return found
        perhaps, found = self.patterns.find(line, place)
        return borne_out(perhaps, blocks, index) or found


def _named(found: re.Match[str]) -> Mapping[str, str]:
    return {name: value for name, value in found.groupdict().items() if value}


def borne_out(perhaps: Iterable[Gated], blocks: Sequence[Block], index: int) -> Match | None:
    """The first of what a line may be that the blocks around bear out."""
    for entry in perhaps:
        if (facts := entry.match(blocks, index)) is not None:
            return Match(entry.rule, len(entry.patterns), facts, SURE_PATTERN)
    return None


_ROOM = 40
"""Code points that a line may be longer than a phrase it matches: punctuation, and numbers."""


_PLAIN_OPENING = re.compile(r"[^\W\d_](?:[^\W\d_]| (?! ))(?:[^\W\d_]|(?= )|\Z)(?! [ :;!?])")
"""What folding leaves as it is."""


def _first_word(prefix: str) -> str:
    """The letters a folded phrase begins with."""
    return "".join(itertools.takewhile(str.isalpha, prefix))


class Match(Value, frozen=True):
    rule: Rule
    size: int
    """Consecutive blocks matched."""
    facts: Mapping[str, str]
    confidence: float


SPOKEN = re.compile(r"[\"“”„«»‹›‘'「『].{0,200}[\"“”«»‹›’'」』][.!?…。]?|[—–―]\s.{0,200}", re.DOTALL)
"""A line that somebody says: in quotation marks, or behind a dash."""


def prefix_of(phrase: str) -> str:
    return fold(phrase).left.rstrip()


def ends_word(left: str, prefix: str) -> bool:
    """Whether the phrase that a folded line starts with ends where a word does."""
    last, following = prefix[-1], left[len(prefix) : len(prefix) + 1]
    return bool(UNSPACED_LETTER.match(last)) or not (last.isalnum() and following.isalnum())
