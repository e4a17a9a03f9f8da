"""The invented texts that evidence learns from are well-formed, and none that measures is among them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from forms import FOLDER, SITE, forms
from spoken import spoken
from strays import read_strays

from tests.samples import ROOT

FORMS = sorted(FOLDER.glob("*.txt"))
MEASURING = ("seeds", "tests/guard", "tests/prose", "tests/quality/dev", "tests/quality/held")
FEWEST_LANGUAGES, FEWEST_FORMS = 25, 200
LONG = 45
"""Code points: shorter lines may be what every site says."""


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_a_form_is_well_formed(path: Path) -> None:
    first, *lines = _lines(path)
    assert re.fullmatch(rf"# language: {path.stem[:2]}; form: [\w-]+", first)
    assert all(line == line.strip() and re.match(r"~ \S|[^~]", line) for line in lines)
    assert any(not line.startswith(SITE) for line in lines)


def test_forms_are_many_and_in_many_languages() -> None:
    assert len(FORMS) >= FEWEST_FORMS
    assert len({path.stem[:2] for path in FORMS}) >= FEWEST_LANGUAGES
    assert any(line.startswith(SITE) for path in FORMS for line in _lines(path))


def test_no_text_that_measures_is_learned_from() -> None:
    learned = {text for form in forms() for text in form.texts} | {line.text for line in spoken()}
    measured = {
        line.rpartition("\t")[2].strip()
        for folder in MEASURING
        for path in (ROOT / folder).iterdir()
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines()
    }
    measured |= {text for name in ("site", "story") for stray in read_strays(name) for text in stray.texts}
    assert [line for line in sorted(learned & measured) if len(line) >= LONG] == []
