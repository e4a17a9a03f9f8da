"""News pages among whose lines invented sites speak, and their stories do in the words of sites.

The rules were written with the real pages in view, and what is plainly the site's they take out there. On a
page that nobody has seen it is left to the judgement, which learns from lines like those of `voices/` what to
make of it, and what not.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from lines import ARTICLE, RESIDUE
from spoken import NEAR, READER, STORY

Lines = tuple[list[str], list[int]]
PARAGRAPH = 100
"""Characters of a line, at least, between which others are put."""
BETWEEN = frozenset(
    [
        "account",
        "ad",
        "contact",
        "credit",
        "donate",
        "more",
        "paywall",
        "share",
        "shop",
        "subscribe",
        "widget",
    ]
)
ABOVE = BETWEEN | {"about", "consent", "legal"}
"""What stands between paragraphs, and above them."""
OFTEN_ABOVE, OFTEN_BETWEEN, OFTEN_BELOW, OFTEN_READERS = 0.35, 0.7, 0.9, 0.3
"""Share of the pages where the site speaks in each place, and where readers do below the story."""
OFTEN_NEAR_ABOVE, OFTEN_NEAR_BELOW = 0.1, 0.3
"""Share of them where the story says above and below what sites might."""


def planted(
    texts: Sequence[str], labels: Sequence[int], said: Mapping[str, Sequence[str]], chance: random.Random
) -> Lines:
    """The labelled lines of a page, and some of those that are said, by kind, above its story, between its
    paragraphs and below it."""
    story = [at for at, label in enumerate(labels) if label == ARTICLE]
    gaps = [
        at
        for at in story
        if labels[at : at + 2] == [ARTICLE] * 2 and min(map(len, texts[at : at + 2])) > PARAGRAPH
    ]
    below = _site_lines(story, gaps, said, chance)
    for at in _places_of_near(story, gaps, chance) if NEAR in said else ():
        below.setdefault(at, []).insert(0, (chance.choice(said[NEAR]), ARTICLE))
    lines = [*below.get(-1, [])]
    for at, line in enumerate(zip(texts, labels, strict=True)):
        lines += [line, *below.get(at, [])]
    return [text for text, _ in lines], [label for _, label in lines]


def _site_lines(
    story: Sequence[int], gaps: Sequence[int], said: Mapping[str, Sequence[str]], chance: random.Random
) -> dict[int, list[tuple[str, int]]]:
    """What is put below which line; -1 is above the first."""
    kinds = sorted(set(said) - {READER, *STORY})
    below: dict[int, list[tuple[str, int]]] = {}

    def put(at: int, kinds: Sequence[str], sizes: Sequence[int]) -> None:
        for _ in range(chance.choice(sizes) if kinds else 0):
            line = chance.choice(said[chance.choice(kinds)])
            below.setdefault(at, []).append((line, RESIDUE))

    if chance.random() < OFTEN_ABOVE:
        put(story[0] - 1, [kind for kind in kinds if kind in ABOVE], (1, 1, 2))
    if chance.random() < OFTEN_BETWEEN:
        for at in chance.sample(gaps, min(chance.choice((1, 1, 2)), len(gaps))):
            put(at, [kind for kind in kinds if kind in BETWEEN], (1, 1, 1, 2))
    if chance.random() < OFTEN_BELOW:
        put(story[-1], kinds, (1, 1, 2, 3, 5))
        if READER in said and chance.random() < OFTEN_READERS:
            put(story[-1], [READER], (1, 2, 3, 4, 6))
    return below


def _places_of_near(story: Sequence[int], gaps: Sequence[int], chance: random.Random) -> list[int]:
    places = chance.sample(gaps, min(chance.choice((0, 1, 1)), len(gaps)))
    if chance.random() < OFTEN_NEAR_BELOW:
        places.append(story[-1])
    if chance.random() < OFTEN_NEAR_ABOVE:
        places.append(story[0] - 1)
    return places
