"""News texts that no rule was written from: what goes and what stays never gets worse unseen."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from quality import (
    FACTS,
    RESIDUE,
    SETS,
    STAY,
    Line,
    Sample,
    Verdict,
    clean_all,
    figures,
    judge,
    load,
    read_sample,
    words_kept,
)

from cleaners import Settings

# Just below what is measured (python benchmarks/quality.py): raise what has got better, lower nothing.
FLOORS: dict[tuple[str, str], tuple[float, float, float, float, float]] = {
    # residue removed, article words kept, article lines kept, facts out of text, perfect documents
    ("dev", "all"): (0.870, 0.999, 0.997, 0.960, 0.420),
    ("dev", "en"): (0.825, 0.999, 0.999, 0.920, 0.140),
    ("held", "all"): (0.770, 0.997, 0.993, 0.910, 0.270),
    ("held", "en"): (0.770, 0.994, 0.987, 0.930, 0.280),
}
LEAST_WORDS_KEPT = 0.84
"""Share of the words of any one article."""

SAMPLES = {name: load(name) for name in SETS}


@cache
def _cleaned(name: str) -> list[list[Verdict]]:
    return clean_all(SAMPLES[name], Settings())


def _of(name: str, texts: str) -> list[list[Verdict]]:
    pairs = zip(SAMPLES[name], _cleaned(name), strict=True)
    return [verdicts for sample, verdicts in pairs if texts == "all" or sample.language == texts]


@pytest.mark.parametrize(("name", "texts"), FLOORS, ids="-".join)
def test_the_figures_of_a_set_stay_above_their_floors(name: str, texts: str) -> None:
    measured = figures(_of(name, texts))
    floors = zip(measured, FLOORS[name, texts], strict=True)
    fallen = {figure: (measured[figure], floor) for figure, floor in floors if measured[figure] < floor}
    assert fallen == {}, "measured and floor"


@pytest.mark.parametrize("name", SETS)
def test_every_article_keeps_its_words(name: str) -> None:
    kept = {s.name: words_kept(verdicts) for s, verdicts in zip(SAMPLES[name], _cleaned(name), strict=True)}
    assert {article: share for article, share in kept.items() if share < LEAST_WORDS_KEPT} == {}


@pytest.mark.parametrize("name", SETS)
def test_a_set_is_varied_enough_to_say_something(name: str) -> None:
    labels = {line.label for sample in SAMPLES[name] for line in sample.lines}
    assert len(SAMPLES[name]) >= 40
    assert len({sample.language for sample in SAMPLES[name]}) >= 10
    assert labels >= STAY | FACTS | RESIDUE


def test_no_article_is_in_both_sets() -> None:
    first, second = ({sample.text for sample in SAMPLES[name]} for name in SETS)
    assert not first & second


def _judged(lines: list[Line], cleaned: str) -> list[bool]:
    text = "\n".join(line.text for line in lines)
    return [verdict.right for verdict in judge(Sample("sample", "en", "none", text, lines), cleaned)]


def test_a_repeat_that_stays_is_not_excused_by_its_original() -> None:
    lines = [
        Line("body", "The pump failed at noon on Friday."),
        Line("repeat", "The pump failed at noon on Friday."),
    ]
    assert _judged(lines, "The pump failed at noon on Friday.") == [True, True]
    assert _judged(lines, "The pump failed at noon on Friday.\nThe pump failed at noon on Friday.") == [
        True,
        False,
    ]


def test_a_lost_line_and_a_headline_left_in_the_text_are_wrong() -> None:
    lines = [
        Line("title", "Pump fails"),
        Line("body", "It broke."),
        Line("either", "Pumps"),
        Line("body", "* * *"),
    ]
    assert _judged(lines, "Pump fails") == [False, False]
    assert _judged(lines, "It broke.") == [True, True]


def test_a_line_whose_words_were_mended_counts_as_kept() -> None:
    lines = [Line("body", "The cafÃ© on the quay will open again in May after repairs.")]
    assert _judged(lines, "The café on the quay will open again in May after repairs.") == [True]


def test_a_row_without_a_known_label_is_named_with_its_place(tmp_path: Path) -> None:
    path = tmp_path / "bad.txt"
    path.write_text("# language: en; extractor: none\nbody\tOne.\n\nbogus\tTwo.\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"bad\.txt:4"):
        read_sample(path)
