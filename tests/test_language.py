"""The language of a text: right on clean prose, the same everywhere, and never an error."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cleaners.language import SAMPLE, UNDETERMINED, detect
from tests.samples import PROSE, ROOT

TEXTS = [path.read_text(encoding="utf-8") for path in PROSE]
TAGS = [path.stem.split("-")[1] for path in PROSE]
FRENCH = "La mairie a décidé mardi de fermer le pont pour l'hiver."


@pytest.mark.parametrize(
    "text",
    ["", " \n", "12 345", "…", "Ok", "ferry", "7 8 9 " * 100, "😀🚢 " * 100, "https://example.com/"],
)
def test_too_little_text_has_no_language(text: str) -> None:
    assert detect(text) == UNDETERMINED


@pytest.mark.parametrize(
    "text", ["გემი შუადღისას გავიდა ნავსადგურიდან", "Նավը կեսօրին դուրս եկավ նավահանգստից"]
)
def test_a_script_without_a_profile_has_no_language(text: str) -> None:
    assert detect(text) == UNDETERMINED


@pytest.mark.parametrize(("characters", "least"), [(None, 1.0), (250, 1.0), (120, 0.95), (60, 0.95)])
def test_the_language_of_prose_is_found_in_few_characters(characters: int | None, least: float) -> None:
    found = [detect(text[:characters]).tag.partition("-")[0] for text in TEXTS]
    wrong = [(tag, got) for tag, got in zip(TAGS, found, strict=True) if tag != got]
    assert len(wrong) <= (1 - least) * len(TEXTS) + 1e-9, wrong


def test_prose_in_capitals_has_its_language() -> None:
    assert detect(FRENCH.upper()).tag == "fr"


def test_names_in_latin_letters_do_not_count_in_another_script() -> None:
    russian = TEXTS[TAGS.index("ru")][:60]
    assert detect(f"{russian} Microsoft Windows Azure").tag == "ru"


def test_chinese_names_its_script() -> None:
    assert detect(TEXTS[TAGS.index("zh")]).tag == "zh-Hans"


def test_an_address_says_nothing_of_the_language() -> None:
    assert detect(f"{FRENCH} https://example.com/the-weather-and-the-news the@the-weather.example") == detect(
        FRENCH
    )


def test_only_the_beginning_is_looked_at() -> None:
    english, french = TEXTS[TAGS.index("en")][:SAMPLE], TEXTS[TAGS.index("fr")]
    assert detect(english + french) == detect(english)


def test_confidence_grows_with_the_evidence() -> None:
    few, many = detect("Die Brücke bleibt im Winter"), detect(TEXTS[TAGS.index("de")])
    assert 0.0 < few.confidence < many.confidence <= 1.0


def test_every_process_finds_the_same() -> None:
    """Whatever the seed of its hashes, and whatever was asked before."""
    script = (
        "import json, sys; from cleaners.language import detect\n"
        "texts = json.load(sys.stdin); order = range(len(texts))[:: int(sys.argv[1])]\n"
        "found = {at: detect(texts[at]) for at in order}; print(json.dumps([found[at] for at in sorted(found)]))"
    )
    cut = [text[:length] for text in TEXTS for length in (40, 400)]

    def run(seed: str, step: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", script, step],
            input=json.dumps(cut), capture_output=True, text=True, check=True, cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed},
        ).stdout  # fmt: skip

    assert run("1", "1") == run("2", "-1") == json.dumps([detect(text) for text in cut]) + "\n"


@given(st.text(st.characters(), max_size=400))
@example("\ud83d" * 40)
@example("a\u0301" * 40)
@example("A" * 400)
@example("@" * 400 + "a" * 40)
def test_no_text_raises(text: str) -> None:
    found = detect(text)
    assert 0.0 <= found.confidence <= 1.0
    assert (found.tag == "und") == (found.confidence == 0.0)


@given(st.text(st.characters(categories=["L", "M"]), min_size=20, max_size=60))
def test_no_letters_raise(text: str) -> None:
    assert 0.0 <= detect(text).confidence <= 1.0
