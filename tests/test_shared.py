"""Five real scraped articles, where they are at hand: exactly what a careful reader said of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from cleaners import clean, restore
from cleaners.article import Article
from tests.samples import ROOT, SHARED

GOLD = SHARED / "gold" / "seeds.json"
pytestmark = pytest.mark.skipif(
    not GOLD.exists(), reason="the real seeds lie beside the project, and are not at hand here"
)
REAL: dict[str, Any] = json.loads(GOLD.read_text(encoding="utf-8")) if GOLD.exists() else {}


def _read(name: str) -> tuple[list[str], Article]:
    data = (SHARED / "seeds" / name).read_bytes()
    article = clean(data)
    assert restore(article) == data
    return data.decode().split("\n"), article


def _single_spaced(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.parametrize("name", REAL)
def test_every_body_line_stays_in_order_unchanged_but_for_broken_spaces(name: str) -> None:
    lines, article = _read(name)
    left = iter([_single_spaced(line) for line in article.text.split("\n") if line])
    for number, role in REAL[name]["roles"].items():
        if role == "body":
            assert _single_spaced(lines[int(number) - 1]) in left, f"line {number} is lost"


@pytest.mark.parametrize("name", REAL)
def test_every_residue_and_fact_line_is_out(name: str) -> None:
    lines, article = _read(name)
    left = {_single_spaced(line) for line in article.text.split("\n")}
    for number, role in REAL[name]["roles"].items():
        if role not in ("body", "either"):
            assert _single_spaced(lines[int(number) - 1]) not in left, f"line {number} ({role}) stays"


@pytest.mark.parametrize("name", REAL)
def test_the_facts_are_as_given(name: str) -> None:
    _, article = _read(name)
    assert article.headline == REAL[name]["headline"]
    assert article.dateline == REAL[name]["dateline"]
    assert [author.name for author in article.authors] == REAL[name]["authors"]
    assert article.in_language == REAL[name]["inLanguage"]


KEPT = ("cleaners", "flows", "benchmarks", "tests", "seeds", "README.md", "CONTRIBUTING.md")
RUN = 10
"""Words in a row that only a copy would share."""


def _runs(text: str) -> Iterator[str]:
    words = re.findall(r"\w+", text.lower())
    return (" ".join(words[start : start + RUN]) for start in range(len(words) - RUN + 1))


def test_nothing_of_the_real_texts_is_in_the_repository() -> None:
    real = {run for name in REAL for run in _runs("\n".join(_read(name)[0]))}
    for place in KEPT:
        for path in (ROOT / place).rglob("*.*") if (ROOT / place).is_dir() else [ROOT / place]:
            if path.is_file() and path.suffix in (".py", ".toml", ".txt", ".json", ".md"):
                shared = real.intersection(_runs(path.read_text(encoding="utf-8", errors="replace")))
                assert not shared, f"{path.relative_to(ROOT)}: {min(shared)!r}"
