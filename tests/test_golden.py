"""The sample articles come out exactly as reviewed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.golden import golden
from tests.samples import GOLDEN, SEEDS


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_a_sample_comes_out_as_its_golden_article(path: Path) -> None:
    expected = json.loads((GOLDEN / f"{path.stem}.json").read_text(encoding="utf-8"))
    assert golden(path) == expected, "if the change is meant: make golden, and review the diff"


def test_every_golden_article_has_its_sample() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == {path.stem for path in SEEDS}
