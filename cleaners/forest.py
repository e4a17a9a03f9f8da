"""Boosted trees as data: their score, what each sign contributed to it, and what a score is worth."""

from __future__ import annotations

import bisect
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import NamedTuple

import msgspec

FIRST_TREES = 24
"""After so many trees a score can be enough."""


class Tree(NamedTuple):
    """A decision tree in arrays. The root is at 0; the second of two branches stands behind the first."""

    signs: list[int]
    """The sign each node asks for; -1 at a leaf."""
    limits: list[float]
    """Up to which value the first branch is taken; at a leaf its score."""
    branches: list[int]
    means: list[float]
    """The mean score of what comes to a node: the steps along a path are what each sign contributed."""


class Forest(msgspec.Struct, frozen=True, dict=True):
    """Trees whose scores are summed up: log odds."""

    signs: list[str]
    trees: list[Tree]
    enough: float | None
    """A score that is not looked into further."""

    @cached_property
    def score(self) -> Callable[[Sequence[float]], float]:
        """Gives the sum of the leaves that the values of the signs lead to.

        Most lines are the article's, and the first trees can tell: then the others are not asked. All trees
        are one function of nested conditions, made when first asked for: to walk the arrays takes four times
        as long. Values become variables, and floats, for mixed numbers are compared at half the speed.
        Nothing but numbers comes into its source: they were decoded as such.
        """
        steps = []
        for number, tree in enumerate(self.trees):
            steps.append(f" total += {_condition(tree)}\n")
            if number >= FIRST_TREES and self.enough is not None:
                steps.append(f" if total > {self.enough!r}: return total\n")
        made: dict[str, Callable[[Sequence[float]], float]] = {}
        values = "".join(f"v{sign}, " for sign in range(len(self.signs)))
        first = f" {values}= map(float, values)\n total = 0.0\n"
        exec(f"def score(values):\n{first}{''.join(steps)} return total", made)
        return made["score"]

    def contributions(self, values: Sequence[float]) -> list[float]:
        """How much each sign moved the score."""
        moved = [0.0] * len(self.signs)
        for signs, limits, branches, means in self.trees:
            at = 0
            while (sign := signs[at]) >= 0:
                step = branches[at] + (values[sign] > limits[at])
                moved[sign] += means[step] - means[at]
                at = step
        return moved


def _condition(tree: Tree, at: int = 0) -> str:
    """A tree as an expression; its depth is that of the brackets."""
    sign, limit, first = tree.signs[at], tree.limits[at], tree.branches[at]
    if sign < 0:
        return repr(limit)
    return f"({_condition(tree, first + 1)} if v{sign} > {float(limit)!r} else {_condition(tree, first)})"


class Curve(msgspec.Struct, frozen=True):
    """The probability at each of some scores, both ascending; in between it is interpolated."""

    scores: list[float]
    risks: list[float]

    def at(self, total: float) -> float:
        """The probability at a score; beyond the ends that of the end."""
        scores, risks = self.scores, self.risks
        place = bisect.bisect_right(scores, total)
        if place == 0 or place == len(scores):
            return risks[max(0, place - 1)]
        part = (total - scores[place - 1]) / (scores[place] - scores[place - 1])
        return risks[place - 1] + part * (risks[place] - risks[place - 1])
