"""The judgement on blocks that no rule knows: what is surely foreign goes, what may be is put up for review.

Boosted trees look at the signs of a block. Their weights are data (evidence.json), learned by
benchmarks/train_evidence.py from labelled lines; docs/evidence.md says how, and what it is worth.
"""

from __future__ import annotations

import bisect
import hashlib
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from cleaners.model import STORY_WORDS, Cleaner, Document, Edit
from cleaners.signs import BRACKET, CAPITAL, COLON, EXCLAMATION, NAMES, NOTHING, QUOTED, Sight
from cleaners.voice import Voice

RULES = {
    "evidence/foreign": "a line that by its look, place and words is no part of the story",
    "promo/bare-headline": "a headline-shaped line between full paragraphs, not the story's",
}

LEAST_RISK = 0.03
"""The labels that risks are learned from cannot vouch for less: what is so sure goes at any setting."""
MOST_RISK = 0.95
WORTH_ASKING = 0.5
"""Blocks that are article with no more than this probability are put up for review."""
UNREACHED = 1.0
"""A confidence that no judgement has."""
FIRST_TREES, CLEARLY = 12, 1.5
"""After so many trees a score so high is not looked into further."""
FEWEST_BLOCKS, MOST_BLOCKS, LONGEST = 3, 3_000, 1_000_000
"""Blocks, and code points of a source, that may be one article. What is larger is left to the rules: nothing
like it was learned from, and its words would fill the memory."""
FEWEST_HEADLINE_WORDS, MOST_HEADLINE_WORDS = 5, 20
FEW = 0.3
"""Of the words of a line, so few are few."""
LONG_ROW = 5
RISK_OF_ROW = 0.25
"""Rows of so many lines stay whole when their mean risk is more than `max_risk` and more than this."""
FEWEST_ANNOUNCING, MOST_ANNOUNCED = 5, 6
"""Words of a line that announces a list, and lines of such a list with it; longer rows tell by themselves."""
SENTENCE_CARE, FEWEST_SENTENCE_WORDS = 2, 5
"""A sentence of so many words goes only at a half of the risk that a line may have."""
TERSE_CARE = 4
"""Where paragraphs are sentences, lines of the story look like others: a quarter of the risk is borne."""
VOICE_SHARE, MORE_THAN_STORY, CLEAR_VOICE = 0.3, 1.0, 1.0
"""How much a voice counts, what it must have more than the story, and from where on a block that looks like
the story's is judged."""
SURE_VOICE, RISK_OF_VOICE = 3.0, 0.15
"""What sounds so much like the site, and how often it was the article's where it looks like the story's, if
the three sets that were learned from count the same: never in the news, and 3 in 7 on pages of advice."""
MOST_HEARD, HEARD_OF_STORY = 6, 200
"""Paragraphs that the voice of a story is taken from, and code points of each."""
FEWEST_BARE_WORDS, STORIES_A_BARE, RISK_OF_BARE = 9, 5, 0.2
"""What a bare headline is, and how often such a line was the article's on the pages that were learned from,
if the three sets count the same: 5 of 14, all of them on pages of advice, none in the news."""


# --- the model --------------------------------------------------------------------------------


class Tree(NamedTuple):
    """A decision tree in arrays. The root is at 0; the second of two branches stands behind the first."""

    signs: list[int]
    """The sign each node asks for; -1 at a leaf."""
    limits: list[float]
    """Up to which value the first branch is taken; at a leaf its score."""
    branches: list[int]
    means: list[float]
    """The mean score of what comes to a node: the steps along a path are what each sign contributed."""


class Model(msgspec.Struct, frozen=True, dict=True):
    signs: list[str]
    trees: list[Tree]
    scores: list[float]
    risks: list[float]
    """The probability of being article at each of the scores; in between it is interpolated."""
    voice: Voice

    @cached_property
    def score(self) -> Callable[[Sequence[float]], float]:
        """Gives the sum of the leaves that the signs of a line lead to: log odds of being article.

        Most lines are the article's, and the first trees can tell: then the others are not asked. All trees
        are one function of nested conditions, made when first asked for: to walk the arrays takes twice as
        long. Nothing but numbers comes into its source: they were decoded as such.
        """
        steps = []
        for number, tree in enumerate(self.trees):
            steps.append(f" total += {_condition(tree)}\n")
            if number >= FIRST_TREES:
                steps.append(f" if total > {CLEARLY!r}: return total\n")
        made: dict[str, Callable[[Sequence[float]], float]] = {}
        exec(f"def score(values):\n total = 0.0\n{''.join(steps)} return total", made)
        return made["score"]


def _condition(tree: Tree, at: int = 0) -> str:
    """A tree as an expression; its depth is that of the brackets."""
    sign, limit, first = tree.signs[at], tree.limits[at], tree.branches[at]
    if sign < 0:
        return repr(limit)
    return f"({_condition(tree, first + 1)} if values[{sign}] > {limit!r} else {_condition(tree, first)})"


@lru_cache(maxsize=1)
def _weights() -> bytes:
    return (Path(__file__).parent / "evidence.json").read_bytes()


@lru_cache(maxsize=1)
def load_model() -> Model:
    return msgspec.json.decode(_weights(), type=Model)


@lru_cache(maxsize=1)
def model_sha256() -> str:
    """Hash of the weights: with others, the same text may come out otherwise."""
    return hashlib.sha256(_weights()).hexdigest()


def contributions(model: Model, values: Sequence[float]) -> list[float]:
    """How much each sign moved the score."""
    moved = [0.0] * len(model.signs)
    for signs, limits, branches, means in model.trees:
        at = 0
        while (sign := signs[at]) >= 0:
            step = branches[at] + (values[sign] > limits[at])
            moved[sign] += means[step] - means[at]
            at = step
    return moved


def risk_of(model: Model, total: float) -> float:
    """The probability that a block with this score is the article's."""
    scores, risks = model.scores, model.risks
    at = bisect.bisect_right(scores, total)
    if at == 0 or at == len(scores):
        return risks[max(0, at - 1)]
    part = (total - scores[at - 1]) / (scores[at] - scores[at - 1])
    return risks[at - 1] + part * (risks[at] - risks[at - 1])


# --- the judgement ----------------------------------------------------------------------------


def judge(max_risk: float, bar: float) -> Cleaner:
    """The cleaner that takes out what is article with at most this probability.

    A brief, a poem, a list or an interview has few paragraphs or none: there nothing is sure enough to go.
    """
    highest = min(max(LEAST_RISK, max_risk), MOST_RISK)

    def judged(doc: Document) -> Iterator[Edit]:
        if not FEWEST_BLOCKS <= len(doc.blocks) <= MOST_BLOCKS or len(doc.source) > LONGEST:
            return
        sight = Sight(doc, bar)
        most = max(LEAST_RISK, highest / TERSE_CARE) if sight.is_terse else highest
        looked = _look(sight, load_model())
        risks = {index: look.risk for index, look in looked.items()}
        safe = _in_safe_rows(sight, risks, max(most, RISK_OF_ROW))
        for index, look in looked.items():
            is_safe = index in safe or not sight.is_story
            if _is_between_paragraphs(look.values) or (look.risk <= max(most, WORTH_ASKING) and not is_safe):
                needs = UNREACHED if is_safe else _needed(look.values, most)
                yield _edit(index, look, needs)

    return judged


def voices_of(sight: Sight, voice: Voice) -> dict[int, float]:
    """How much each open block sounds like the site: by itself, and more than the paragraphs of the story by
    `MORE_THAN_STORY`. Blocks that do not are left out."""
    texts, content = sight.texts, sight.content
    hinted = ((i, voice.hear(texts[i])) for i in sight.open if voice.glance(content[i]) >= 0)
    audible = {index: loud for index, loud in hinted if loud > 0}
    if not (audible and sight.stories):
        return {}
    paragraphs = sight.stories[:: 1 + len(sight.stories) // MOST_HEARD]
    story = statistics.median(voice.hear(texts[i][:HEARD_OF_STORY]) for i in paragraphs) + MORE_THAN_STORY
    return {index: min(loud, loud - story) for index, loud in audible.items() if loud > story}


class Look(NamedTuple):
    """What is seen and heard of a block, and the probability that it is the article's."""

    values: list[float]
    voice: float
    risk: float


def _look(sight: Sight, model: Model) -> dict[int, Look]:
    """The blocks that are judged."""
    voices = voices_of(sight, model.voice)
    looked = {}
    for index in sight.open:
        voice = voices.get(index, 0.0)
        is_clear = voice > CLEAR_VOICE and sight.starts[index] != QUOTED and not sight.may_be_dek(index)
        if is_clear or (sight.is_judged(index) and not sight.is_told(index)):
            values = sight.look(index)
            looked[index] = Look(values, voice, _risk(model, values, voice))
    return looked


def heard(voice: float) -> float:
    """What a voice adds to the log odds of being foreign."""
    return VOICE_SHARE * voice


def _risk(model: Model, values: Sequence[float], voice: float) -> float:
    """The probability that a block is the article's: from its score, unless its voice is sure or it is a bare
    headline."""
    risk = risk_of(model, model.score(values) - heard(voice))
    if voice > SURE_VOICE:
        return min(risk, RISK_OF_VOICE)
    return min(risk, RISK_OF_BARE) if risk < 1 and _is_bare_headline(values) else risk


def _is_between_paragraphs(values: Sequence[float]) -> bool:
    """A headline-shaped line between two paragraphs: a subheading, or another story's headline."""
    return (
        values[_END] == NOTHING
        and bool(values[_ABOVE] and values[_BELOW])
        and FEWEST_HEADLINE_WORDS <= values[_WORDS] <= MOST_HEADLINE_WORDS
        and not values[_TYPE]
    )


def _is_bare_headline(values: Sequence[float]) -> bool:
    """Such a line, long, in a long story that has no shorter one, and few of them: articles that have
    subheadings have short ones, and take up their words right below."""
    return (
        _is_between_paragraphs(values)
        and values[_LEAST_BARE] >= FEWEST_BARE_WORDS
        and values[_STORIES_A_BARE] >= STORIES_A_BARE
        and values[_START] == CAPITAL
        and not (values[_ONLY_BELOW] or values[_ADDRESS])
    )


_LEAST_BARE, _STORIES_A_BARE = NAMES.index("least_bare"), NAMES.index("stories_a_bare")
_ABOVE, _BELOW = NAMES.index("is_story_above"), NAMES.index("is_story_below")
_START, _END, _WORDS = NAMES.index("start"), NAMES.index("end"), NAMES.index("words")
_TYPE, _ADDRESS, _ONLY_BELOW = NAMES.index("type"), NAMES.index("address"), NAMES.index("only_below")


def _needed(values: Sequence[float], most: float) -> float:
    """The confidence that takes a block out. Sentences tell more than lines: they must be surer to go."""
    is_sentence = values[_END] <= EXCLAMATION and values[_WORDS] >= FEWEST_SENTENCE_WORDS
    return round(1 - most / (SENTENCE_CARE if is_sentence else 1), 3)


def _in_safe_rows(sight: Sight, risks: Mapping[int, float], most: float) -> set[int]:
    """Lines in long rows of which too many are the article's: a poem, a list or a talk goes whole or not."""
    safe: set[int] = set()
    row: list[int] = []
    for index in (*sight.open, -1):
        if index < 0 or sight.shaped[index]:
            if len(row) >= LONG_ROW and sum(risks.get(at, 1.0) for at in row) > most * len(row):
                safe.update(row)
            safe.update(_announced(sight, row))
            row = []
        else:
            row.append(index)
    return safe


def _announced(sight: Sight, row: Sequence[int]) -> Sequence[int]:
    """What a line of the story with a colon leads up to, and the line itself. "More news:" is shorter."""
    for place, index in enumerate(row[:-1]):
        is_lead = sight.ends[index] == COLON and sight.words[index] >= FEWEST_ANNOUNCING
        if is_lead and len(row) - place <= MOST_ANNOUNCED:
            return row[place:]
    return ()


def _edit(index: int, look: Look, needs: float) -> Edit:
    """A foreign block is boilerplate. Above the story it may be the headline as well: on the training pages
    half of such lines were, which is too few to say so."""
    signs = dict(zip(NAMES, look.values, strict=True))
    sure = round(1 - max(look.risk, LEAST_RISK), 3)
    is_bare = _shape(signs) == HEADLINE_SHAPED and _place(signs) == BETWEEN_PARAGRAPHS
    rule = "promo/bare-headline" if is_bare else "evidence/foreign"
    why = f"{_shape(signs)} {_place(signs)}"
    if sure >= needs:
        why = reason(signs, contributions(load_model(), look.values), look.voice)
    return Edit(index, rule, why, "boilerplate", confidence=sure, needs=needs)


# --- in plain words ---------------------------------------------------------------------------

MOST_FACTS = 2
HEADLINE_SHAPED, BETWEEN_PARAGRAPHS = "a headline-shaped line", "between full paragraphs"
Signs = Mapping[str, float]


def reason(signs: Signs, moved: Sequence[float], voice: float) -> str:
    """What a block looks like, where it stands, what it sounds like, and the few facts that spoke most
    against it."""
    against = dict(zip(NAMES, moved, strict=True))
    facts = {fact: sum(against[name] for name in names.split()) for names, fact in _facts(signs) if fact}
    strongest = sorted((weight, fact) for fact, weight in facts.items() if weight < 0)[:MOST_FACTS]
    sound = ["in the words of sites, not of this story"] if voice > CLEAR_VOICE else []
    return "; ".join([f"{_shape(signs)} {_place(signs)}", *sound, *(fact for _, fact in strongest)])


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


def _facts(signs: Signs) -> Iterator[tuple[str, str | None]]:
    """Signs that tell the same thing, and what they tell; None where it would not be true."""
    no_words = not signs["seen"] and "shares no word with the story"
    no_names = signs["names_unseen"] and not signs["names_seen"] and "shares no name with the story"
    few_words = signs["seen_share"] < FEW and "shares few words with the story"
    yield (
        "content seen seen_share unseen names_unseen names_seen in_above in_below in_story_above"
        " in_story_below in_story_below_share in_opening rare seen_often seen_far titled",
        no_words or no_names or few_words or None,
    )
    is_beside = signs["outs_near"] and "beside lines that are out already"
    yield "out_above out_below out_gap_above out_gap_below outs_near", is_beside or None
    yield "copies", "printed more than once" if signs["copies"] > 1 else None
    yield "you", "speaks to the reader" if signs["you"] else None
    is_figures = signs["digits"] > FEW / 3 or signs["symbols"] > 1
    is_marked = is_figures or signs["address"] or signs["money"]
    yield (
        "digits numbers symbols address money year clock",
        "full of figures and signs" if is_marked else None,
    )
    is_signed = signs["facts_near"] or signs["headline_near"]
    yield "facts_near headline_near", "beside the headline, the author or a caption" if is_signed else None
    yield "doubt", "a weak rule doubts it as well" if signs["doubt"] else None
    is_row = signs["run"] > LONG_ROW and "among many short lines"
    yield "run run_place run_chars short_near short_around unstopped_near unstopped_around", is_row or None
