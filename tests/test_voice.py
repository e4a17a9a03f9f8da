"""Who speaks: the site to its reader, or the story."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import pytest

from cleaners.evidence import load_model
from cleaners.voice import MOST_CHARS, pieces_of

EXAMPLES = sorted((Path(__file__).parents[1] / "benchmarks" / "voices").glob("*.txt"))
hear = load_model().voice.hear


@pytest.mark.parametrize(
    ("site", "story"),
    [
        (
            "Sign up for our morning newsletter and get the best of the coast in your inbox.",
            "The ferry left the quay at nine and reached the island before the rain.",
        ),
        (
            "Melden Sie sich für unseren Newsletter an und verpassen Sie keine Nachricht mehr.",
            "Die Fähre legte um neun ab und erreichte die Insel vor dem Regen.",
        ),
        (
            "Soutenez notre rédaction et lisez tous nos articles en illimité.",
            "Le bac a quitté le quai à neuf heures et atteint l'île avant la pluie.",
        ),
        (
            "会員登録すると、すべての記事をお読みいただけます。",
            "フェリーは九時に港を出て、雨が降る前に島に着いた。",
        ),
    ],
)
def test_the_site_is_told_from_the_story(site: str, story: str) -> None:
    assert hear(site) > 1 > 0 > hear(story)


def test_what_somebody_says_is_not_the_voice_of_the_site() -> None:
    said = "“Subscribe to our newsletter and support our work,” the editor told the crowd at the fair."
    assert pieces_of(said) == pieces_of(" the editor told the crowd at the fair.")
    assert hear(said) < 0


def test_where_quotation_marks_are_left_open_the_rest_counts_as_said() -> None:
    assert b"newsle" not in pieces_of("He wrote: “Subscribe to our newsletter today")


def test_text_without_words_says_as_little_as_none() -> None:
    assert hear("— — —") == hear("")


def test_anything_can_be_heard() -> None:
    assert isinstance(hear("\ud800 \x00 ?!"), float)


def test_only_the_beginning_of_a_long_block_is_heard() -> None:
    long = "word " * MOST_CHARS
    assert pieces_of(long) == pieces_of(long[:MOST_CHARS])


@pytest.mark.parametrize("hostile", ["“", "«»" * 9, '"', "„", "‘", "a’" * 3, "「", "@"])
def test_hostile_text_takes_no_longer_than_its_length(hostile: str) -> None:
    started = time.process_time()
    for _ in range(50):
        pieces_of(hostile * 100_000)
    assert time.process_time() - started < 2


def test_examples_are_one_a_line_and_none_stands_twice() -> None:
    lines = [
        (path.stem.partition("_")[0], line)
        for path in EXAMPLES
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    assert all(" | " in line for _, line in lines)
    assert len(set(lines)) == len(lines)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_the_site_is_heard_in_every_language(path: Path) -> None:
    """What was learned from does not measure how well; it shows a language that came out wrong."""
    site: list[float] = []
    story: list[float] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        kind, _, text = line.partition(" | ")
        (story if kind in ("story", "near") else site).append(hear(text))
    assert statistics.median(site) > 0.5 > -0.5 > statistics.median(story)
