"""The sample articles come out exactly as reviewed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cleaners import Source, clean_many
from cleaners.article import Article
from tests.samples import GOLDEN, SEEDS

VERSIONED = ("rules", "settings", "version")
"""Provenance that a new rule changes in every article; left out so that golden diffs stay readable."""


def _cleaned(path: Path) -> Article:
    return next(iter(clean_many([Source(path.read_bytes(), name=path.name, path=path.name)])))


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_a_sample_comes_out_as_its_golden_article(path: Path) -> None:
    golden = json.loads((GOLDEN / f"{path.stem}.json").read_text(encoding="utf-8"))
    article = _cleaned(path).to_dict()
    for record in (golden, article):
        for key in VERSIONED:
            del record["provenance"][key]
    assert article == golden, "if the change is meant: make golden, and review the diff"


def test_every_golden_article_has_its_sample() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == {path.stem for path in SEEDS}
