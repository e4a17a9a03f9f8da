"""What a scraper wrote above the text is read as a record is, and goes."""

from __future__ import annotations

import pytest

from cleaners import Source, clean, clean_many, restore
from cleaners.preface import read_preface

STORY = (
    "The council of Aldermoor met on Monday evening to hear what the new bridge will cost, and sent the plan back"
    " to its engineers with a list of forty questions.\n\nIt meets again in March, the clerk said."
)
FRONT_MATTER = """---
title: "Council sends the new bridge back"
author: Annis Tidewell; Tobin Okoro
url: https://www.news.example/bridge
description: Forty questions about a ramp, and
  no answer yet.
date: 2025-03-12
categories: ['Council', bridge]
tags:
- ramp
- "bridge"
---
"""
ROWS = """Title: Council sends the new bridge back

URL Source: https://www.news.example/bridge

Published Time: 2025-03-12T08:00:00Z

Markdown Content:
"""


@pytest.mark.parametrize("written", [FRONT_MATTER, ROWS, "\ufeff" + ROWS, "\n" + FRONT_MATTER])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_preface_is_read_and_goes(written: str, end: str) -> None:
    source = (written + STORY).replace("\n", end)
    article = clean(source)
    assert article.text == STORY
    assert article.headline == "Council sends the new bridge back"
    assert article.url == "https://www.news.example/bridge"
    assert article.source.domain == "news.example"
    assert article.date_published
    assert article.date_published.startswith("2025-03-12")
    assert restore(article) == source.encode()


def test_what_the_head_of_a_page_says_is_read() -> None:
    head = (
        "---",
        "title: Council sends the new bridge back - The Aldermoor Post",
        "canonical: https://www.news.example/bridge",
        "meta-al:ios:app_name: Post",
        "meta-article:published_time: 2025-03-12T08:00:00Z",
        'meta-og:title: "Council sends the new bridge back"',
        "meta-author: The Aldermoor Post",
        *(f"meta-app:row_{number}: {'x' * 400}" for number in range(80)),
        "---",
        "",
    )
    article = clean("\n".join(head) + STORY)
    assert (article.text, article.headline) == (STORY, "Council sends the new bridge back")
    assert article.date_published
    assert article.authors == []


def test_what_a_preface_says_besides_passes_through() -> None:
    article = clean(FRONT_MATTER + STORY)
    assert [author.name for author in article.authors] == ["Annis Tidewell", "Tobin Okoro"]
    assert article.description == "Forty questions about a ramp, and no answer yet."
    assert article.extra == {"categories": ["Council", "bridge"], "tags": ["ramp", "bridge"]}


def test_what_is_known_otherwise_is_known_better() -> None:
    source = Source(ROWS + STORY, url="https://other.example/", given={"title": "Council and bridge"})
    (article,) = clean_many([source])
    assert (article.url, article.headline) == ("https://other.example/", "Council and bridge")


@pytest.mark.parametrize(
    "text",
    [
        "Title: The Lamp Keeper\nDate: a night in May\nThe lamp was lit.",  # two rows
        "Question: Who pays?\nAnswer: Nobody.\nQuestion: When?\nTitle: none\nDate: none\nUrl: none",
        "---\nThe ferry left at nine.\n---\nIt came back at noon.",
        "---\ntitle: no end\ndate: 2025-03-12\n\nThe ferry left at nine.",
        "---\ncost: 9\ncrew: 4\n---\nThe ferry left at nine.",
        "Source: harbour board\nLanguage: plain\nSection: four\nThe ferry left at nine.",
        "Title: only a title, no more",
        "",
        "---",
    ],
)
def test_lines_of_a_story_are_no_preface(text: str) -> None:
    assert read_preface(text).end == 0
