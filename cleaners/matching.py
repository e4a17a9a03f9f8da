"""Matching: rules compiled into `strip_boilerplate`, and asked one by one for what a block fails of them.

It alone knows what a line's place and the blocks around it mean for a rule; what the line itself matches is
looked up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Literal

import msgspec

from cleaners.folding import EDGES, Folded, fold
from cleaners.lookup import (
    SPOKEN,
    SURE_PHRASE,
    Gated,
    Gates,
    Index,
    Line,
    Match,
    Patterns,
    Phrases,
    borne_out,
    ends_word,
    prefix_of,
)
from cleaners.model import NO_FACTS, OPEN, SENTENCE_END, Block, Cleaner, Document, Edit, is_long_sentence
from cleaners.rule import ADMITS, LONGEST, LONGEST_NOTE, NOTES_AT, Place, Rule, Zone, phrases_of

MEMO = 1 << 13
SHORTEST_CUT = 20
"""Code points: a shorter block is no sentence with something glued to it."""
SUFFIX = 5
"""Letters by which a block's end is looked up among the phrases that may be glued to it."""
TAIL_AFTER = 2
"""Story-shaped blocks that must stand before the tail begins; in briefs, sentences of some length."""
LEAST_OF_BRIEF = 0.5
"""What share of a brief its sentences are."""
END_BELOW = 2
"""Story-shaped blocks that may stand below a block at the end."""
COMPANY, COMPANY_WITHOUT_STORY = 2, 3
"""Lines in a row that vouch for each other, where nothing beside them is boilerplate anyway; and in a text
without any story-shaped block, which may be a list, a poem or an interview."""
# How sure it is what is cut off, what stands in company, and what stands below a rule that takes the rest.
SURE_TRIM, SURE_COMPANY, SURE_REST = 0.98, 0.96, 0.95
_LONGEST_IN = {zone: LONGEST_NOTE if zone in NOTES_AT else LONGEST for zone in ADMITS}


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
        waiting: dict[int, Match] = {}
        taken: set[int] = set()
        at_top = True
        places = _places(doc)
        for index, block in enumerate(doc.blocks):
            text = block.text
            if index in taken or not text or block.role not in OPEN:
                continue
            place = places[index] or Place("head" if at_top else "middle", doc.site)
            found = match(doc.blocks, index, place)
            if found and found.rule.is_sure:
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
        least = COMPANY if doc.story else COMPANY_WITHOUT_STORY
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


def _matcher(rules: Sequence[Rule]) -> Callable[[Sequence[Block], int, Place], Match | None]:
    """What finds the rule that a block, with those after it, matches: the sure ones come first."""
    of_sure = [rule for rule in rules if rule.is_sure and not rule.trim]
    of_weak = [rule for rule in rules if not rule.is_sure]
    sure, weak, patterns = Phrases(of_sure), Phrases(of_weak), Patterns([*of_sure, *of_weak])
    asked_for = patterns.gates.asked_for

    # Lines of a site's furniture come again in every article: a bounded memo of a pure function.
    @lru_cache(maxsize=MEMO)
    def match_alone(text: str, place: Place) -> tuple[Sequence[Gated], Match | None]:
        line = Line(text, asked_for)
        is_short = len(text) <= LONGEST
        if is_short and (found := sure.find(line, place)):
            return (), found
        perhaps, found = patterns.find(line, place)
        if is_short and not (found and found.rule.is_sure) and (weakly := weak.find(line, place)):
            perhaps, found = [entry for entry in perhaps if entry.rule.is_sure], weakly
        # An item of a menu has no full stop; a short answer has.
        is_answer = found and found.rule.company and _STOP_AT_END.search(text)
        return perhaps, None if is_answer else found

    def match(blocks: Sequence[Block], index: int, place: Place) -> Match | None:
        text = blocks[index].text
        if len(text) > _LONGEST_IN[place.zone]:
            return None
        perhaps, found = match_alone(text, place)
        return (borne_out(perhaps, blocks, index) or found) if perhaps else found

    return match


_STOP_AT_END = re.compile(r"(?<![.。])[.。]\Z")


def _places(doc: Document) -> list[Place | None]:
    """Where each block stands; None above the tail of a document without any story-shaped block."""
    size = len(doc.blocks)
    story = doc.story if len(doc.story) > TAIL_AFTER else _told_in_brief(doc)
    tail_from = story[TAIL_AFTER - 1] + 1 if len(story) >= TAIL_AFTER else size
    # Where sentences are paragraphs, so are notes of one.
    below = 2 * END_BELOW if doc.told.in_sentences else END_BELOW
    end_from = max(tail_from, story[-1 - below]) if len(story) > below else tail_from
    ends: tuple[tuple[Zone | None, int], ...] = (
        ("head", doc.story[0] if doc.story else 0),
        ("middle" if doc.story else None, tail_from),
        ("tail", end_from),
        ("end", size),
    )
    places: list[Place | None] = []
    for zone, end in ends:
        places += [Place(zone, doc.site) if zone else None] * (end - len(places))
    return places


def _told_in_brief(doc: Document) -> Sequence[int]:
    """What counts for paragraphs in a text of two or fewer: sentences of some length, as briefs have them.
    What is a list for the most part is no brief."""
    texts = [block.text for block in doc.blocks]
    sentences = [index for index, text in enumerate(texts) if is_long_sentence(text)]
    told = sorted({*sentences, *doc.story})
    is_brief = sum([len(texts[index]) for index in told]) >= LEAST_OF_BRIEF * sum(map(len, texts))
    return told if is_brief else doc.story


def _edits(found: Match, index: int) -> Iterator[Edit]:
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
        self.end, self.end_keys = Index(at_end), _openings(at_end)
        self.end_suffixes = {fold(p).whole[-SUFFIX:] for rule in at_end for p in phrases_of(rule.block)}
        self.start, self.start_keys = Index(at_start), _openings(at_start)
        # What is glued to a paragraph is furniture again, and so are short lines.
        self._find_short = lru_cache(maxsize=MEMO)(self._find)
        self._piece_at_end = lru_cache(maxsize=MEMO)(self._match_at_end)

    def find(self, text: str, place: Place) -> _Cut | None:
        """What cuts a phrase off a block, and what it leaves. Few blocks get past the gates."""
        may_end = True
        if text[-1] in SENTENCE_END:
            # Behind a sentence only a whole phrase is cut, and the block ends in its last letters.
            may_end = text[-1 - SUFFIX : -1].casefold() in self.end_suffixes
            if not may_end and not self.start_keys:
                return None
        return (self._find_short if len(text) <= LONGEST else self._find)(text, place, may_end)

    def _find(self, text: str, place: Place, may_end: bool) -> _Cut | None:
        if len(text) < SHORTEST_CUT:
            return None
        found = None
        if may_end and text[-1] not in '”’"' and self.end_keys:
            found = self._at_end(text, place)
        if found is None and text[:2].casefold() in self.start_keys:
            found = self._at_start(text, place)
        return found

    def _at_end(self, text: str, place: Place) -> _Cut | None:
        """Cut at the first boundary behind which a rule matches; a looser piece is no sentence itself."""
        for stop in _BOUNDARY.finditer(text, max(0, len(text) - LONGEST)):
            start = stop.end()
            opening = text[start : start + _KEY_WITHIN].lstrip(EDGES)[:2].casefold()
            if (_FOLDED_NUMBER if opening[:1].isdigit() else opening) not in self.end_keys:
                continue
            piece = text[start:]
            found = self._piece_at_end(piece, place)
            if found is None and text.endswith(("…", "..."), 0, stop.start() + 1):
                found = self._piece_at_end(CUT_SHORT + piece, place)
            if found:
                return found, text[:start].rstrip()
        return None

    def _match_at_end(self, piece: str, place: Place) -> Match | None:
        found = self.end.find([Block(0, 0, piece)], 0, place)
        is_cut = found and (found.confidence == SURE_PHRASE or _is_loose(piece))
        return found if is_cut and not _ends_quotation(piece) else None

    def _at_start(self, text: str, place: Place) -> _Cut | None:
        stop = _BOUNDARY.search(text, 0, LONGEST)
        if stop is None:
            return None
        piece = text[: stop.end()].strip()
        found = self.start.find([Block(0, 0, piece)], 0, place)
        return (found, text[stop.end() :]) if found else None


CUT_SHORT = "…"
"""What a pattern sees before a piece that stands behind a sentence cut short."""
_FOLDED_NUMBER = "0 "
"""What folding makes of a number and the space behind it."""
_KEY_WITHIN = 6
"""Code points, brackets and quotation marks among them, in which a glued phrase's first letters stand."""


def _openings(rules: Iterable[Rule]) -> frozenset[str]:
    """The first two folded characters of all that the rules may match: a cheap gate."""
    phrases = [p for rule in rules for p in (*phrases_of(rule.block), *phrases_of(rule.starts))]
    words = [word for rule in rules if rule.pattern for word in rule.word]
    return frozenset(fold(phrase).left[:2] for phrase in phrases + words)


def _is_loose(piece: str) -> bool:
    """One piece that is no sentence of the story: nothing ends inside it, and no full stop ends it."""
    return not _INNER_STOP.search(piece) and piece[-1] not in ".。।"


_CLOSED = re.compile(r"\w[.!?]?[”»’“\"]$")


def _ends_quotation(piece: str) -> bool:
    """The piece closes a quotation that opened before it: somebody is still speaking."""
    return bool(_CLOSED.search(piece)) and piece[0] not in '“«„‘"'


_Cut = tuple[Match, str]
"""What matched a block's edge, and the text without it."""


def _cut(index: int, found: Match, text: str) -> Edit:
    rule = found.rule
    return Edit(index, rule.id, rule.why, text=text, facts=found.facts, confidence=SURE_TRIM)


# --- one rule at a time: what `explain` asks ----------------------------------------------------

Condition = Literal[
    "place", "site", "length", "word", "spoken", "question", "next", "alone", "stop", "company", "boundary"
]
"""What a line that a rule would know by its words may lack for the rule to fire."""


def zones(doc: Document) -> list[Zone | None]:
    """Where each block stands for rules; None above the tail of a document without any story-shaped block."""
    return [place.zone if place else None for place in _places(doc)]


class Lone:
    """A rule by itself. It answers slowly what `strip_boilerplate` answers at once: which of the rule's
    conditions a block fails. The tests hold the two together."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.phrases = frozenset(fold(phrase).whole for phrase in phrases_of(rule.block))
        self.prefixes = tuple(prefix_of(phrase) for phrase in phrases_of(rule.starts))
        self.gated = Gated(0, rule) if rule.pattern else None
        self.gates = Gates.of([self.gated] if self.gated and rule.word else [])
        self.cuts = _Cuts([rule]) if rule.trim else None

    def lacks(
        self, blocks: Sequence[Block], index: int, key: Folded, zone: Zone, site: str
    ) -> list[Condition] | None:
        """The conditions that the block, which folds to `key`, fails; none where the rule fires, if company
        is no question. None where the words are others: no condition would make the rule fire."""
        place = Place(zone, site)
        if self.cuts:
            return self._lacks_cut(self.cuts, blocks[index].text, key, place)
        ways = list(self._ways(blocks, index, key, zone))
        if not ways:
            return None
        lacking = min(ways, key=len)
        if self.rule.company and _STOP_AT_END.search(blocks[index].text):
            lacking.append("stop")
        return lacking + self._lacks_place(place)

    def _lacks_place(self, place: Place) -> list[Condition]:
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
            yield [*too_long, "spoken"] if SPOKEN.fullmatch(text) else too_long
        elif key.whole.removesuffix("?") in self.phrases:
            yield [*too_long, "question"]
        if self.prefixes and key.left.startswith(self.prefixes):
            too_long = ["length"] if len(key.left) > LONGEST else too_long
            if any(key.left.startswith(prefix) and ends_word(key.left, prefix) for prefix in self.prefixes):
                yield [*too_long, "spoken"] if SPOKEN.match(text) else too_long
        if self.gated and len(text) <= LONGEST_NOTE and self.gated.patterns[0].fullmatch(text):
            yield self._lacks_pattern(self.gated, blocks, index)

    def _lacks_pattern(self, gated: Gated, blocks: Sequence[Block], index: int) -> list[Condition]:
        text, lacking = blocks[index].text, list[Condition]()
        if len(text) > gated.longest:
            lacking.append("length")
        elif self.rule.word and not self.gates.open(Line(text, self.gates.asked_for)):
            lacking.append("word")
        for offset, pattern in enumerate(gated.patterns[1:], 1):
            below = blocks[index + offset] if index + offset < len(blocks) else None
            is_match = below and below.is_open and len(below.text) <= LONGEST_NOTE
            if not (below and is_match and pattern.fullmatch(below.text)):
                lacking.append("next")
        if self.rule.alone and not lacking and gated.match(blocks, index) is None:
            lacking.append("alone")
        return lacking

    def _lacks_cut(self, cuts: _Cuts, text: str, key: Folded, place: Place) -> list[Condition] | None:
        if cuts.find(text, place):
            return []
        zone = next(zone for zone in ADMITS if self.rule.at in ADMITS[zone])
        if cuts.find(text, Place(zone, self.rule.site or place.site)):
            return self._lacks_place(place)
        if any(key.whole.endswith(f" {phrase}") for phrase in self.phrases):
            return ["boundary", *self._lacks_place(place)]
        return None
