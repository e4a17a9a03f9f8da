"""What cleaning does to lines that it has never seen: few calls and notes stay whole, and no story is lost."""

from __future__ import annotations

import pytest
from strays import articles, lost, read_strays, shares

from cleaners import Settings

SETTINGS = Settings(language=False)
MOST_LOST = 2
"""Sentences of 207, written to sound like a site."""
FLOORS = {"all": 0.48, "bio": 0.51, "comment": 0.28, "cta": 0.44, "nav": 0.84, "promo": 0.4, "widget": 0.55}
"""Share of the lines that go."""


def test_sentences_of_stories_that_sound_like_a_site_stay() -> None:
    gone = [text for _, texts in lost(read_strays("story"), SETTINGS) for text in texts]
    assert len(gone) <= MOST_LOST, gone


def test_lines_of_sites_go() -> None:
    found = shares(read_strays("site"), SETTINGS)
    assert {kind: share for kind, share in found.items() if share < FLOORS.get(kind, 0.1)} == {}


def test_strays_are_many_and_of_all_kinds() -> None:
    strays = read_strays("site")
    assert len(strays) > 900
    assert {stray.kind for stray in strays} >= {"ad", "bio", "comment", "credit", "cta", "legal", "promo"}
    assert {stray.place for stray in strays} == {"H", "M", "T"}


@pytest.mark.parametrize("name", ["site", "story"])
def test_no_stray_stands_twice_or_in_an_article(name: str) -> None:
    texts = [text for stray in read_strays(name) for text in stray.texts if len(text) > 25]
    assert sorted(set(texts)) == sorted(texts)
    assert not set(texts) & {text for body in articles() for text in body}
