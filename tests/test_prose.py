"""Clean news prose, rich in near misses: nothing in it may change."""

from __future__ import annotations

from pathlib import Path

import pytest

from cleaners import clean
from tests.samples import PROSE


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.stem)
def test_clean_prose_comes_through_untouched(path: Path) -> None:
    prose = path.read_text(encoding="utf-8")
    article = clean(prose)
    assert [(change.rules, change.before) for change in article.changes] == []
    assert article.text == prose


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.stem)
def test_the_language_of_clean_prose_is_found(path: Path) -> None:
    language = path.stem.split("-")[1]
    found = clean(path.read_text(encoding="utf-8")).in_language
    assert found.partition("-")[0] == language


def test_there_is_prose_in_many_languages() -> None:
    assert len({path.stem.split("-")[1] for path in PROSE}) >= 15
