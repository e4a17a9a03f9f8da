"""Lines of invented sites are put among those of a page, and nothing of the page is lost or moved."""

from __future__ import annotations

import random

import pytest
from lines import ARTICLE, RESIDUE
from planted import ABOVE, BETWEEN, planted
from spoken import NEAR, READER, spoken

TEXTS = ["Menu", *(f"Paragraph {number} on the harbour wall. " * 5 for number in range(6)), "Share"]
LABELS = [RESIDUE, *[ARTICLE] * 6, RESIDUE]
SAID = {kind: [f"{kind} {number}" for number in range(4)] for kind in {*ABOVE, "bio", READER, NEAR}}
SEEDS = range(40)


def _planted(seed: int) -> list[tuple[str, int]]:
    return list(zip(*planted(TEXTS, LABELS, SAID, random.Random(seed)), strict=True))


@pytest.mark.parametrize("seed", SEEDS)
def test_the_lines_of_the_page_stay_in_order_with_their_labels(seed: int) -> None:
    own = [line for line in _planted(seed) if line[0] in TEXTS]
    assert own == list(zip(TEXTS, LABELS, strict=True))


@pytest.mark.parametrize("seed", SEEDS)
def test_only_what_a_story_says_in_the_words_of_sites_is_the_articles(seed: int) -> None:
    new = [(text.split()[0], label) for text, label in _planted(seed) if text not in TEXTS]
    assert all((label == ARTICLE) == (kind == NEAR) for kind, label in new)


def test_what_stands_between_paragraphs_is_of_the_kinds_that_do() -> None:
    between = {
        text.split()[0]
        for seed in SEEDS
        for text, _ in _planted(seed)[_place(seed, TEXTS[1]) : _place(seed, TEXTS[6])]
        if text not in TEXTS
    }
    assert {NEAR} < between <= BETWEEN | {NEAR}


def test_each_place_is_used() -> None:
    lines = [_planted(seed) for seed in SEEDS]
    assert any(text not in TEXTS for line in lines for text, _ in line[: line.index((TEXTS[1], ARTICLE))])
    assert any(READER in text for line in lines for text, _ in line[line.index((TEXTS[6], ARTICLE)) :])


def test_the_invented_lines_have_what_is_put_in() -> None:
    english = {line.kind for line in spoken() if line.language == "en"}
    assert english >= ABOVE | {NEAR, READER}


def _place(seed: int, text: str) -> int:
    return [line for line, _ in _planted(seed)].index(text)
