"""Why the judgement took a block out, in plain words: its shape, its place, the few facts that decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from cleaners import surroundings
from cleaners.model import STORY_WORDS
from cleaners.signs import BRACKET, NAMES, NOTHING

MOST_FACTS = 2
FEWEST_HEADLINE_WORDS, MOST_HEADLINE_WORDS = 5, 20
FEW = 0.3
"""Of the words of a line, so few are few."""
LONG_RUN = 5
"""So many lines in a row, and more, are many."""
FAR_BELOW = 4
"""Blocks; what stands so far below something stands below it no more."""
HEADLINE_SHAPED, BETWEEN_PARAGRAPHS = "a headline-shaped line", "between full paragraphs"
KINDS = {
    "comment": "readers' comments",
    "promo": "other stories",
    "nav": "a menu",
    "share": "buttons to share",
    "cta": "a call to readers",
    "bio": "a note on the author",
    "legal": "legal notes",
    "widget": "a widget",
    "ad": "advertising",
    "repeat": "what is printed twice",
}
Signs = Mapping[str, float]
Fact = tuple[str, str | None]


class Moved(NamedTuple):
    """Values of signs, or none at all, and by how much each moved a score."""

    values: Sequence[float]
    by: Sequence[float]


def is_between_paragraphs(values: Sequence[float]) -> bool:
    """A headline-shaped line between two paragraphs: a subheading, or another story's headline."""
    return (
        values[_END] == NOTHING
        and bool(values[_ABOVE] and values[_BELOW])
        and FEWEST_HEADLINE_WORDS <= values[_WORDS] <= MOST_HEADLINE_WORDS
        and not values[_TYPE]
    )


_ABOVE, _BELOW = NAMES.index("is_story_above"), NAMES.index("is_story_below")
_END, _WORDS, _TYPE = NAMES.index("end"), NAMES.index("words"), NAMES.index("type")


def outline(values: Sequence[float]) -> str:
    """What a block looks like, and where it stands."""
    signs = _named(NAMES, values)
    return f"{_shape(signs)} {_place(signs)}"


def reason(of_block: Moved, around: Moved, *, is_heard: bool) -> str:
    """The outline of a block, what it sounds like, and the few facts that spoke most against it."""
    told = [*_told(_facts(_named(NAMES, of_block.values)), _named(NAMES, of_block.by))]
    if around.values:
        names = surroundings.NAMES
        told += _told(_facts_around(_named(names, around.values)), _named(names, around.by))
    strongest = [fact for _, fact in sorted(told)[:MOST_FACTS]]
    sound = ["in the words of sites, not of this story"] if is_heard else []
    return "; ".join([outline(of_block.values), *sound, *strongest])


def _named(names: Sequence[str], values: Sequence[float]) -> Signs:
    return dict(zip(names, values, strict=True))


def _told(facts: Iterator[Fact], moved: Mapping[str, float]) -> Iterator[tuple[float, str]]:
    """The facts that spoke against a block, and how much."""
    for names, fact in facts:
        weight = sum(moved[name] for name in names.split())
        if fact and weight < 0:
            yield weight, fact


def _shape(signs: Signs) -> str:
    if signs["type"] == 1:
        return "a list item"
    if signs["type"] == 3:
        return "a row of columns"
    if signs["end"] < BRACKET:
        return "a paragraph" if signs["words"] >= STORY_WORDS else "a short sentence"
    if signs["words"] < FEWEST_HEADLINE_WORDS:
        return "a label"
    return HEADLINE_SHAPED if signs["words"] <= MOST_HEADLINE_WORDS else "a long line without a full stop"


def _place(signs: Signs) -> str:
    if signs["is_story_above"] and signs["is_story_below"]:
        return BETWEEN_PARAGRAPHS
    if not signs["story_above"]:
        return "above the first paragraph"
    if not signs["story_below"]:
        return "below the last paragraph"
    return f"in a row of {signs['run']:.0f} short lines" if signs["run"] > 1 else "in the story"


def _facts(signs: Signs) -> Iterator[Fact]:
    """Signs that tell the same thing, and what they tell; None where it would not be true."""
    no_words = not signs["seen"] and "shares no word with the story"
    no_names = signs["names_unseen"] and not signs["names_seen"] and "shares no name with the story"
    few_words = signs["seen_share"] < FEW and "shares few words with the story"
    yield (
        "content seen seen_share unseen names_unseen names_seen in_above in_below in_story_above"
        " in_story_below in_story_below_share in_opening rare seen_often titled",
        no_words or no_names or few_words or None,
    )
    is_beside = signs["outs_near"] and "beside lines that are out already"
    yield "out_gap_above out_gap_below outs_near", is_beside or None
    yield "copies", "printed more than once" if signs["copies"] > 1 else None
    yield "you", "speaks to the reader" if signs["you"] else None
    is_figures = signs["digits"] > FEW / 3 or signs["symbols"] > 1
    is_marked = is_figures or signs["address"]
    yield "digits numbers symbols address year", "full of figures and signs" if is_marked else None
    yield "doubt", "a weak rule doubts it as well" if signs["doubt"] else None
    is_row = signs["run"] > LONG_RUN and "among many short lines"
    yield "run run_place run_chars short_around unstopped_near unstopped_around", is_row or None


def _facts_around(around: Signs) -> Iterator[Fact]:
    """The same of what the surroundings tell."""
    for kind, name in KINDS.items():
        yield f"{kind}_above", f"below {name}" if around[f"{kind}_above"] > 1 / FAR_BELOW else None
    is_loud = 0 < around["voice_near"] < surroundings.NONE_THERE
    yield "voice_above voice_below voice_near voice_around", "among the words of sites" if is_loud else None
    names = "score_above score_below score_near score_around"
    yield names, "among lines that look foreign" if around["score_near"] < 0 else None
