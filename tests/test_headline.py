"""The headline is found on evidence or left null, kept once, and its repeats go."""

from __future__ import annotations

import pytest

from cleaners import Source, clean, clean_many
from cleaners.article import Article

TITLE = "Harbour board closes the old stone quay until spring"
STORY = (
    "The harbour board voted on Tuesday to close the old stone quay until the spring, after engineers found "
    "that its outer wall had settled by a hand's breadth, and to ask the county for the money to mend it."
)
MORE = (
    "Fishermen who land their catch there said that they had been told on Monday evening, by telephone, and "
    "that nobody had yet explained to them where eleven boats were supposed to unload in the meantime."
)


def _article(*lines: str, title: str | None = None) -> Article:
    given = {"title": title} if title else {}
    return next(iter(clean_many([Source("\n\n".join(lines), given=given)])))


def test_a_line_whose_words_the_story_takes_up_is_its_headline() -> None:
    article = _article(TITLE, STORY, MORE)
    assert article.headline == TITLE
    assert article.text == f"{STORY}\n\n{MORE}"
    assert [block.type for block in article.blocks] == ["headline", "paragraph", "paragraph"]


@pytest.mark.parametrize(
    "line",
    [
        "Nobody asked",
        "Six ways to cook an aubergine tonight",
        "Key points about the quay:",
        "The board closed the quay until the spring.",
        "• Harbour board closes the old stone quay until spring",
    ],
)
def test_without_evidence_there_is_no_headline_and_the_line_stays(line: str) -> None:
    article = _article(line, STORY, MORE)
    assert article.headline is None
    assert article.text.startswith(line)


def test_a_story_without_its_headline_gets_none() -> None:
    article = _article(STORY, MORE)
    assert article.headline is None
    assert article.changes == []


def test_a_subheading_below_the_first_paragraph_is_no_headline() -> None:
    article = _article(STORY, "Where eleven boats are supposed to unload their catch", MORE)
    assert article.headline is None


@pytest.mark.parametrize(
    "repeat",
    [
        TITLE,
        TITLE.upper(),
        f"“{TITLE}”",
        f"{TITLE} | Callan Examiner",
        f"{TITLE} - The Callan Examiner",
        f"Callan Examiner | {TITLE}",
        TITLE + "!",
    ],
)
def test_repeats_of_the_headline_go_wherever_they_stand(repeat: str) -> None:
    for lines in (
        (TITLE, repeat, STORY, MORE),
        (TITLE, "A dek.", repeat, STORY, MORE),
        (TITLE, STORY, MORE, repeat),
    ):
        article = _article(*lines)
        assert article.headline == TITLE
        assert repeat not in article.text.split("\n\n")
        assert [c.rules for c in article.changes if c.op == "remove"] == [["repeat/headline"]]


def test_a_record_s_own_title_is_evidence() -> None:
    line = "Nobody asked the fishermen"
    assert _article(line, STORY, MORE).headline is None
    told = _article(line, STORY, MORE, title=f"{line} | Callan Examiner")
    assert told.headline == line
    assert line not in told.text
    assert _article(STORY, MORE, title=TITLE).headline == TITLE


def test_a_comment_heading_knows_the_headline() -> None:
    article = _article(
        "Gulls over the quay, a photograph of the board", STORY, MORE, f"One thought on “{TITLE}”"
    )
    assert article.headline == TITLE
    assert article.text.startswith("Gulls over the quay")


def test_a_whole_paragraph_printed_twice_is_a_repeat() -> None:
    article = _article(STORY, MORE, STORY)
    assert article.text == f"{STORY}\n\n{MORE}"
    assert article.changes[0].category == "repeat"


def test_refrains_short_quotations_and_numbered_headings_are_no_repeats() -> None:
    lines = ["And the lamp burns low.", "“Never,” she said.", "Day 1", "Day 2"]
    source = "\n\n".join([STORY, *lines, MORE, *lines])
    assert clean(source).text == source
