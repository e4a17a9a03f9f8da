"""The sample articles, against what a reader of each said must stay and must go."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from cleaners import clean
from cleaners.article import Article
from tests.samples import LABELS, SEEDS


def _article(path: Path) -> Article:
    return clean(path.read_bytes())


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_every_line_of_the_story_stays_in_order(path: Path) -> None:
    lines = iter([line for line in _article(path).text.split("\n") if line])
    for expected in LABELS[path.name]["stays"]:
        assert expected in lines, f"lost or out of order: {expected!r}"


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_every_line_of_residue_and_every_fact_leaves_the_text(path: Path) -> None:
    article = _article(path)
    left = Counter(line for line in article.text.split("\n") if line)
    left -= Counter(LABELS[path.name]["stays"])
    assert left.keys() <= set(LABELS[path.name]["doubtful"])


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_doubtful_lines_are_out_or_up_for_review(path: Path) -> None:
    article = _article(path)
    reviewed = {block.text for block in article.blocks for r in article.review if r.span == block.span}
    for line in LABELS[path.name]["doubtful"]:
        assert line in reviewed or line not in article.text.split("\n")


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_the_facts_are_read(path: Path) -> None:
    article, expected = _article(path), LABELS[path.name]
    assert article.headline == expected["headline"]
    assert article.dateline == expected["dateline"]
    assert [author.name for author in article.authors] == expected["authors"]
    assert article.in_language == expected["inLanguage"]


def test_the_samples_are_many_and_of_many_languages() -> None:
    languages = [labels["inLanguage"] for labels in LABELS.values()]
    assert set(LABELS) == {path.name for path in SEEDS}
    assert len(languages) >= 15
    assert len([language for language in languages if language != "en"]) >= 5


def test_the_samples_carry_every_kind_of_residue_and_fact() -> None:
    kinds = {entry["label"] for labels in LABELS.values() for entry in labels["gone"]}
    assert kinds >= {
        *("title", "byline", "date", "credit", "caption"),
        *("repeat", "promo", "cta", "share", "comment", "nav", "ad", "legal", "widget", "paywall", "bio"),
    }
