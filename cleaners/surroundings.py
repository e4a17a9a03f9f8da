"""What became of the blocks around a block, and what a first look found of them, as numbers for a second one.

Residue stands together: below a line that asks for comments are comments, and between two calls to subscribe
there is hardly a sentence of the story.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from cleaners.signs import Sight

KINDS = ("comment", "promo", "nav", "share", "cta", "bio", "legal", "widget", "ad", "repeat")
_AROUND = ("above", "below", "above2", "below2", "near", "around", "after", "before")
NAMES = (
    "score",
    "voice",
    "story_voice",
    "stories_below",
    "stories_above",
    "is_story",
    "words",
    *(f"voice_{where}" for where in _AROUND),
    *(f"score_{where}" for where in _AROUND),
    "from_end",
    "index",
    *(f"{kind}_above" for kind in KINDS),
    "out_gap",
)
"""The numbers, in the order in which `look` gives their values."""

NEAR, WIDELY = 2, 4
"""How many blocks on each side."""
NONE_THERE = 9.0
"""Stands for: no block is there."""
LOUDEST, VOICE_OF_OUT = 5.0, 3.0
LEAST_SCORE, SCORE_OF_OUT, SCORE_OF_STORY = -4.0, -3.0, 2.0
"""The least that counts; of blocks that are out; and the most, which those have that were not judged."""
FARTHEST = 30
"""Blocks; a distance that stands for all beyond it."""


class _Row:
    """A number for each block that is there."""

    def __init__(self, values: Sequence[float]) -> None:
        self.values = values
        self.sums = list(itertools.accumulate(values, initial=0.0))

    def around(self, place: int) -> list[float]:
        """The numbers of the neighbours, and means without the block's own, as in `_AROUND`."""
        values, sums, size = self.values, self.sums, len(self.values)
        return [
            values[place - 1] if place >= 1 else NONE_THERE,
            values[place + 1] if place + 1 < size else NONE_THERE,
            values[place - 2] if place >= 2 else NONE_THERE,
            values[place + 2] if place + 2 < size else NONE_THERE,
            self._mean(place, NEAR),
            self._mean(place, WIDELY),
            (sums[size] - sums[place + 1]) / (size - place - 1) if place + 1 < size else NONE_THERE,
            sums[place] / place if place else NONE_THERE,
        ]

    def _mean(self, place: int, reach: int) -> float:
        first, end = max(0, place - reach), min(len(self.values), place + reach + 1)
        if end - first == 1:
            return NONE_THERE
        return (self.sums[end] - self.sums[first] - self.values[place]) / (end - first - 1)


class Surroundings:
    """A document whose blocks were judged once each, by themselves."""

    def __init__(
        self, sight: Sight, scores: Mapping[int, float], voices: Mapping[int, float], story_voice: float
    ) -> None:
        """Takes the scores of the blocks that were judged, and how much blocks and the story sound like the
        site."""
        self.sight, self.own_voices, self.story_voice = sight, voices, story_voice
        here = [index for index in range(sight.size) if sight.is_open[index] or sight.out[index]]
        self.place_of = {index: place for place, index in enumerate(here)}
        self.scores = _Row([self._score(index, scores) for index in here])
        self.voices = _Row(
            [VOICE_OF_OUT if sight.out[index] else min(voices.get(index, 0.0), LOUDEST) for index in here]
        )

    def _score(self, index: int, scores: Mapping[int, float]) -> float:
        if self.sight.out[index]:
            return SCORE_OF_OUT
        return min(max(scores.get(index, SCORE_OF_STORY), LEAST_SCORE), SCORE_OF_STORY)

    def look(self, index: int, score: float) -> list[float]:
        """The values of NAMES for an open block, whose score without its voice is given."""
        sight, place = self.sight, self.place_of[index]
        above = sight.out_above[index]
        gap = min(index - above, FARTHEST) if above >= 0 else FARTHEST
        kind = sight.kinds.get(above)
        return [
            score,
            self.own_voices.get(index, 0.0),
            self.story_voice,
            len(sight.stories) - sight.stories_to[index + 1],
            sight.stories_to[index],
            sight.shaped[index],
            sight.words[index],
            *self.voices.around(place),
            *self.scores.around(place),
            len(self.place_of) - place,
            place,
            *(1 / gap if name == kind else 0.0 for name in KINDS),
            gap,
        ]
