"""Explaining: why each block of a text went or stayed. It alone knows the rules that nearly fired."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Literal

import msgspec

from cleaners import dates, fields, people, pipeline, rulebook
from cleaners.folding import fold
from cleaners.matching import (
    COMPANY,
    COMPANY_WITHOUT_STORY,
    SURE_COMPANY,
    SURE_REST,
    Condition,
    Lone,
    zones,
)
from cleaners.model import OPEN, Block, Document, Edit, Role, apply
from cleaners.read import Source, read
from cleaners.rule import LONGEST, LONGEST_NOTE, NOTES_AT, Rule, Zone
from cleaners.settings import RuleFile, Settings

Outcome = Literal["decided", "changed", "belowBar", "takenBack", "tooLate", "leftOut"]
"""`decided`: took the block out of the text; `changed`: changed, read or named it, and it stayed open;
`belowBar`: not sure enough; `takenBack`: by the guard; `tooLate`: the block was decided already; `leftOut`:
by `without`."""


class _Part(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A part of an explanation; outside in camelCase, as articles are."""


class Decision(_Part, frozen=True):
    """A rule that matched a block, and what came of it."""

    rule: str
    why: str
    outcome: Outcome
    role: Role | None
    """What the block becomes by it; None where it only changes or reads the text."""
    confidence: float | None
    """None where the rule was not asked how sure it is."""
    bar: float
    """Confidence that would have been enough."""


class NearMiss(_Part, frozen=True):
    """A rule that is one condition short of matching."""

    rule: str
    why: str
    condition: Condition | Literal["rest", "reader"]
    missing: str
    """The condition in words, and what is the case instead."""


class ExplainedBlock(_Part, frozen=True):
    """A block: where it stands, what became of it, and why."""

    start: int
    end: int
    first_line: int
    last_line: int
    text: str
    """As the source has it."""
    role: Role
    decisions: tuple[Decision, ...]
    near_misses: tuple[NearMiss, ...]


class Explanation(_Part, frozen=True):
    """Every block of a text, in order."""

    name: str
    site: str
    bar: float
    """Confidence that decides on this site."""
    blocks: tuple[ExplainedBlock, ...]

    def to_dict(self) -> dict[str, Any]:
        plain: dict[str, Any] = msgspec.json.decode(self.to_json())
        return plain

    def to_json(self) -> bytes:
        return msgspec.json.encode(self)


def explain(
    data: str | bytes | Source,
    *,
    url: str | None = None,
    settings: Settings = pipeline.DEFAULT,
    line: int | None = None,
) -> Explanation:
    """Why each block of a text, or those on one line of it, counted from 1, go or stay.

    Any input gives an explanation; it costs about ten times what cleaning does.
    """
    source = data if isinstance(data, Source) else Source(data, url=url)
    run = pipeline.trace(source, settings)
    here = run.pipeline.settings
    # What would have happened without `without` tells what it left out.
    everything = msgspec.structs.replace(here, without=frozenset(), sites=())
    full = pipeline.trace(source, everything) if here.without else run
    rules = _Rules(_repaired(full), settings.rules, here)
    edits, edits_of_all = _by_block(run), _by_block(full)
    story = run.doc.story

    def told(index: int, first: int, last: int) -> ExplainedBlock:
        block = run.doc.blocks[index]
        proposed = (*_decisions(edits[index], run), *_left_out(edits_of_all[index], here))
        late, near = rules.say(index)
        return ExplainedBlock(
            start=block.start,
            end=block.end,
            first_line=first,
            last_line=last,
            text=run.decoded.text[block.start : block.end],
            role=block.role,
            decisions=_each_once((*proposed, *late)),
            near_misses=(*near, *_abstentions(block, index, story)),
        )

    lines = enumerate(_line_numbers(run.decoded.text, run.doc.blocks))
    blocks = [told(index, *at) for index, at in lines if line is None or at[0] <= line <= at[1]]
    return Explanation(name=source.name, site=run.doc.site, bar=here.bar, blocks=tuple(blocks))


def lines_with_text(source: Source) -> list[int]:
    """The numbers of the lines on which a block begins."""
    doc = read(source)
    return [first for first, _ in _line_numbers(doc.source, doc.blocks)]


def _line_numbers(text: str, blocks: Iterable[Block]) -> Iterator[tuple[int, int]]:
    """The first and the last line of each block, from 1."""
    text = text.replace("\r\n", " \n").replace("\r", "\n")
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    for block in blocks:
        last = max(block.start, block.end - 1)
        yield bisect_right(starts, block.start), bisect_right(starts, last)


def _each_once(decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """A rule that left its block out was not too late as well; what was proposed twice was."""
    kept: list[Decision] = []
    for decision in decisions:
        if decision.confidence is not None or all(decision.rule != other.rule for other in kept):
            kept.append(decision)
    return tuple(kept)


def _repaired(run: pipeline.Trace) -> Document:
    """The document as rules first see it."""
    doc = run.original
    for cleaner in run.pipeline.cleaners[: pipeline.REPAIRS]:
        doc = apply(doc, cleaner(doc), run.pipeline.settings.bar)
    return doc


# --- what was proposed ------------------------------------------------------------------------


def _by_block(run: pipeline.Trace) -> Sequence[Sequence[Edit]]:
    edits: list[list[Edit]] = [[] for _ in run.doc.blocks]
    for edit in run.doc.edits:
        edits[edit.block].append(edit)
    return edits


def _decisions(edits: Iterable[Edit], run: pipeline.Trace) -> Iterator[Decision]:
    """Every edit of a block with what came of it; as `model.effective` has it, told one by one."""
    bar = run.pipeline.settings.bar
    is_open, is_settled = True, False
    for edit in edits:
        if not edit.is_carried_out(bar):
            yield _decision(edit, "takenBack" if run.is_guarded and not edit.confidence else "belowBar", bar)
        elif not is_open or (is_settled and edit.role is not None):
            yield _decision(edit, "tooLate", bar)
        else:
            is_settled = is_settled or edit.role == "body"
            is_open = edit.role is None or edit.role in OPEN
            yield _decision(edit, "changed" if is_open and edit.role != "body" else "decided", bar)


def _left_out(edits: Iterable[Edit], here: Settings) -> Iterator[Decision]:
    for edit in edits:
        if edit.rule in here.without or edit.category in here.without:
            yield _decision(edit, "leftOut", here.bar)


def _decision(edit: Edit, outcome: Outcome, bar: float) -> Decision:
    sure = None if outcome == "takenBack" else edit.confidence
    needs = bar if edit.needs is None else edit.needs
    return Decision(rule=edit.rule, why=edit.why, outcome=outcome, role=edit.role, confidence=sure, bar=needs)


# --- rules that did not fire --------------------------------------------------------------------


_Lacking = tuple[Rule, list[Condition]]
"""A rule that knows a block by its words, and the conditions that the block fails."""


@lru_cache(maxsize=8)
def _lone_rules(files: tuple[RuleFile, ...]) -> tuple[Lone, ...]:
    return tuple(Lone(rule) for rule in rulebook.load_rules(files))


class _Rules:
    """What the rules make of a document, each looked at by itself."""

    def __init__(self, doc: Document, files: tuple[RuleFile, ...], here: Settings) -> None:
        self.doc, self.here, self.rules = doc, here, _lone_rules(files)
        edits = list(pipeline.compiled(files)(doc))
        self.fired = {(edit.block, edit.rule) for edit in edits}
        by_id = {lone.rule.id: lone.rule for lone in self.rules}
        sure = [edit for edit in edits if edit.role is not None and by_id[edit.rule].weight is None]
        self.closed = {edit.block for edit in sure}
        self.vouching = {edit.block for edit in sure if edit.confidence != SURE_REST}
        own = {edit.block for edit in sure if edit.confidence not in (SURE_COMPANY, SURE_REST)}
        self.has_story = bool(doc.story)
        places = zones(doc)
        self.zones = [zone or "middle" for zone in places]
        self._put_head_on_top(own, places.count(None))

    def _put_head_on_top(self, taken: set[int], unplaced: int) -> None:
        """Without paragraphs the head is what stands above everything that stays, and above the tail."""
        for index, block in enumerate(self.doc.blocks[:unplaced]):
            self.zones[index] = "head"
            waits = index in taken or not block.is_open
            if not waits and not any(not lacks for lone, lacks in self._lacks(index) if lone.company):
                return

    def _lacks(self, index: int) -> Iterator[_Lacking]:
        """The rules that know the block by its words, and the conditions it fails."""
        blocks, zone, site = self.doc.blocks, self.zones[index], self.doc.site
        if blocks[index].is_open:
            key = fold(blocks[index].text)
            for lone in self.rules:
                lacking = lone.lacks(blocks, index, key, zone, site)
                if lacking is not None:
                    yield lone.rule, lacking

    def say(self, index: int) -> tuple[list[Decision], list[NearMiss]]:
        """The rules that came too late to a block, and those that are one condition short."""
        known = list(self._lacks(index))
        return list(self._too_late(index, known)), list(self._near_misses(index, known))

    def _is_left_out(self, rule: Rule) -> bool:
        return rule.id in self.here.without or rule.id.partition("/")[0] in self.here.without

    def _too_late(self, index: int, known: Sequence[_Lacking]) -> Iterator[Decision]:
        """Rules that match a block which another had decided already."""
        for rule, lacking in known:
            is_alone = rule.company and index not in self.closed
            if not lacking and not is_alone and (index, rule.id) not in self.fired:
                yield Decision(
                    rule=rule.id,
                    why=rule.why,
                    outcome="leftOut" if self._is_left_out(rule) else "tooLate",
                    role=None if rule.trim else rule.role,
                    confidence=None,
                    bar=self.here.bar,
                )

    def _near_misses(self, index: int, known: Sequence[_Lacking]) -> Iterator[NearMiss]:
        """Rules that are one condition short; one with a weight is already short of being sure."""
        for rule, lacking in known:
            if self._is_left_out(rule):
                continue
            condition: Condition | Literal["rest"] | None = None
            if (index, rule.id) in self.fired:
                if rule.takes == "rest" and self.zones[index] not in ("tail", "end"):
                    condition = "rest"
            elif rule.company and not self._has_company(index):
                condition = None if lacking or index in self.closed else "company"
            elif len(lacking) == 1 and rule.weight is None:
                condition = lacking[0]
            if condition:
                missing = self._missing(condition, rule, index)
                yield NearMiss(rule=rule.id, why=rule.why, condition=condition, missing=missing)

    def _has_company(self, index: int) -> bool:
        return index - 1 in self.vouching or index + 1 in self.vouching

    def _missing(self, condition: Condition | Literal["rest"], rule: Rule, index: int) -> str:
        size = len(self.doc.blocks[index].text)
        longest = LONGEST_NOTE if rule.at in NOTES_AT else LONGEST
        here = (_STANDS if self.has_story else _STANDS_IN_NOTES)[self.zones[index]]
        row = COMPANY if self.has_story else COMPANY_WITHOUT_STORY
        return {
            "place": f"fires {rulebook.PLACES[rule.at]}; this block stands {here}",
            "site": f"is for {rule.site}; this text is from {self.doc.site or 'no known site'}",
            "length": f"looks at blocks of up to {longest} characters; this one has {size}",
            "word": f"wants one of these on the line: {', '.join(rule.word)}",
            "spoken": "somebody says this line: it is in quotation marks, or behind a dash",
            "question": "the phrase is no question; this line asks",
            "next": "the block below is not what the rule's next pattern wants",
            "alone": "a neighbour matches too, and a list of such lines may be the story",
            "stop": "an item of a menu has no full stop; this line has",
            "company": f"wants a neighbour that goes, or {row} such lines in a row",
            "boundary": "stands inside a sentence; it is cut off behind the end of one only",
            "rest": f"takes what is below it only below two paragraphs; this block stands {here}",
        }[condition]


_STANDS: Mapping[Zone, str] = {
    "head": "above the first",
    "middle": "below one",
    "tail": "below two, with three or more to come",
    "end": "below two",
}
_STANDS_IN_NOTES: Mapping[Zone, str] = {
    "head": "on top of a text without paragraphs",
    "middle": "in a text without paragraphs",
}


# --- readers that abstained ---------------------------------------------------------------------


def _abstentions(block: Block, index: int, story: Sequence[int]) -> Iterator[NearMiss]:
    """Lines that read like an author line or a date, and were not taken for one."""
    if not block.is_open or len(block.text) > fields.LONGEST_BYLINE:
        return
    is_within = bool(story) and story[0] < index < story[-1]
    if found := people.read_byline(block.text):
        rule = "byline/lead" if found.is_led else "byline/name"
        if is_within and index > story[1]:
            missing = "author lines are looked for above the story and below it; this block stands in it"
        elif block.text[-1] in ".!?:”…":
            missing = "an author line does not end like a sentence"
        elif not found.is_led:
            missing = (
                "a lone name is an author's below headline or story only, and if the story is not about it"
            )
        else:
            return
    elif is_within and len(block.text) <= dates.LONGEST and dates.read_date(block.text):
        rule, missing = "date/line", "dates are read above the story and below it; this block stands in it"
    else:
        return
    yield NearMiss(rule=rule, why=fields.RULES[rule], condition="reader", missing=missing)
