"""The judgement on blocks that no rule knows: what is surely foreign goes, what may be is put up for review.

Boosted trees look at the signs of a block. Their weights are data (evidence.json), learned by
benchmarks/train_evidence.py from labelled lines; docs/evidence.md says how, and what it is worth.
"""

from __future__ import annotations

import bisect
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from cleaners.model import Cleaner, Document, Edit
from cleaners.signs import Sight

RULES = {"evidence/foreign": "a line that by its look, place and words is no part of the story"}

LEAST_RISK = 0.005
"""The labels that risks are learned from cannot vouch for less."""
WORTH_ASKING = 0.5
"""Blocks that are article with no more than this probability are put up for review."""


# --- the model --------------------------------------------------------------------------------


class Tree(NamedTuple):
    """A decision tree in arrays. The root is at 0; of two branches the second stands right behind the first."""

    signs: list[int]
    """The sign each node asks for; -1 at a leaf."""
    limits: list[float]
    """Up to which value the first branch is taken; at a leaf its score."""
    branches: list[int]
    means: list[float]
    """The mean score of what comes to a node: the steps along a path are what each sign contributed."""


class Model(msgspec.Struct, frozen=True):
    signs: list[str]
    trees: list[Tree]
    scores: list[float]
    risks: list[float]
    """The probability of being article at each of the scores; in between it is interpolated."""


@lru_cache(maxsize=1)
def load_model() -> Model:
    return msgspec.json.decode((Path(__file__).parent / "evidence.json").read_bytes(), type=Model)


def score(trees: Sequence[Tree], values: Sequence[float]) -> float:
    """The sum of the leaves that the values lead to."""
    total = 0.0
    for signs, limits, branches, _ in trees:
        at = 0
        while (sign := signs[at]) >= 0:
            at = branches[at] + (values[sign] > limits[at])
        total += limits[at]
    return total


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
    """The cleaner that takes out what is article with at most this probability."""
    most = max(LEAST_RISK, max_risk)

    def judged(doc: Document) -> Iterator[Edit]:
        sight = Sight(doc, bar)
        model = load_model()
        for index in sight.open:
            if not sight.is_judged(index):
                continue
            values = sight.look(index)
            risk = risk_of(model, score(model.trees, values))
            if risk <= max(most, WORTH_ASKING):
                rule = "evidence/foreign"
                yield Edit(
                    index, rule, RULES[rule], "boilerplate", confidence=round(1 - risk, 3), needs=1 - most
                )

    return judged
