"""The headline is found on evidence or left null, kept once, and its repeats go."""

from __future__ import annotations

import pytest

from cleaners import Settings, Source, clean, clean_many
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


DEFAULT, RULES_ALONE = Settings(), Settings(without=frozenset({"evidence", "promo/bare-headline"}))


def _article(*lines: str, title: str | None = None, how: Settings = DEFAULT) -> Article:
    given = {"title": title} if title else {}
    return next(iter(clean_many([Source("\n\n".join(lines), given=given)], how)))


def test_a_line_whose_words_the_story_takes_up_is_its_headline() -> None:
    article = _article(TITLE, STORY, MORE)
    assert article.headline == TITLE
    assert article.text == f"{STORY}\n\n{MORE}"
    assert [block.type for block in article.blocks] == ["headline", "paragraph", "paragraph"]


@pytest.mark.parametrize("given", [None, f"{TITLE} | Saltby Gazette"])
@pytest.mark.parametrize("name", [f"{TITLE} | Saltby Gazette", f"Saltby Gazette - {TITLE}"])
def test_the_name_of_a_page_gives_way_to_its_headline_without_the_outlet(
    name: str, given: str | None
) -> None:
    article = _article(name, "Harbour", TITLE, STORY, MORE, title=given)
    assert article.headline == TITLE
    assert article.text == f"{STORY}\n\n{MORE}"


def test_what_is_named_beside_the_outlet_must_look_like_a_headline() -> None:
    name = "Quay closes | The Saltby Gazette"
    article = _article(name, "The Saltby Gazette", STORY, MORE, title=name)
    assert article.headline == name


@pytest.mark.parametrize(
    "line",
    [
        "Nobody asked",
        "Six ways to cook an aubergine tonight",
        "Key points about the quay:",
        "The board closed the quay until the spring.",
        "11.04 Uhr: Harbour board closes the old stone quay",
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


def test_the_first_line_of_a_timetable_is_no_headline() -> None:
    rows = [f"September {day} 12pm-1pm Old Customs House with Elin Garrow" for day in (10, 17, 24)]
    article = _article("Timetable", *rows, f"{STORY} Elin Garrow of the Old Customs House said so.", MORE)
    assert article.headline is None
    assert article.changes == []


def test_what_a_line_leads_up_to_is_no_headline() -> None:
    lines = ["This is for you if:", "Your boat unloads at the old stone quay", "Your catch is small"]
    article = _article(*lines, STORY, MORE)
    assert article.headline is None
    assert article.text.startswith("\n\n".join(lines))


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


MANY = [
    f"{STORY[:-1]}, {often}."
    for often in ("for once", "for the second time", "for the third", "for the fourth", "for the fifth")
]
SAID = "It is eleven at night, and the lamp on the old quay burns as low as it did when my father kept it for the boats."


@pytest.mark.parametrize(
    ("first", "again", "goes"),
    [
        (0, 3, True),  # a teaser, and what it was taken from
        (2, 5, True),
        (3, 3, True),  # right below
        (3, 5, True),  # at the end
        (3, 4, False),  # the author says it twice
    ],
)
def test_where_a_paragraph_stands_twice_tells_who_repeats_it(first: int, again: int, goes: bool) -> None:
    lines = list(MANY)
    lines.insert(again, SAID)
    lines.insert(first, SAID)
    assert _article(*lines, MORE, how=RULES_ALONE).text.count(SAID) == (1 if goes else 2)


def test_three_paragraphs_that_come_again_one_after_the_other_do_not_stay() -> None:
    answers = [f"{SAID[:-1]}, {at}." for at in ("alone", "at first", "at last")]
    again = [line for at, answer in enumerate(answers) for line in (f"Question {at}", answer)]
    text = _article(*MANY[:3], *answers, MANY[3], *again, MORE, MANY[4], how=RULES_ALONE).text
    assert [text.count(answer) for answer in answers] == [1, 1, 1]
    text = _article(*MANY[:3], *answers[:2], MANY[3], *again[:4], MORE, MANY[4], how=RULES_ALONE).text
    assert [text.count(answer) for answer in answers] == [2, 2, 0]


PAGE = [STORY, "Where the boats go", MORE, "• Callan Bay", "• Ferry Lane", "The board meets on Friday."]


@pytest.mark.parametrize("times", [2, 3, 5])
@pytest.mark.parametrize("between", [[], ["Advertisement"], [TITLE], ["For narrow screens"]])
def test_a_page_that_was_printed_again_stands_there_once(times: int, between: list[str]) -> None:
    lines = [TITLE, *PAGE, *(line for _ in range(times - 1) for line in [*between, *PAGE])]
    article = _article(*lines, how=RULES_ALONE)
    assert [line for line in article.text.split("\n") if line and line not in between] == PAGE
    assert {"repeat/passage"} in [set(change.rules) for change in article.changes]


def test_a_part_of_a_page_that_was_printed_again_goes_with_its_short_lines() -> None:
    article = _article(*PAGE, *PAGE[2:], STORY.replace("Tuesday", "Wednesday"), *PAGE[:4], how=RULES_ALONE)
    assert [line for line in article.text.split("\n") if line] == [
        *PAGE,
        *PAGE[2:],  # one long paragraph is not enough to tell
        STORY.replace("Tuesday", "Wednesday"),
    ]


def test_a_page_in_a_script_without_spaces_that_was_printed_again_stands_there_once() -> None:
    told = [
        f"{part}港の委員会は火曜日に古い石の桟橋を春まで閉じることを決め、壁が沈んだことを調べた技術者に費用を尋ね、漁師たちには別の場所を用意すると約束した。"
        for part in ("昨日、", "また、", "さらに、")
    ]
    lines = [told[0], "舟の行き先", told[1], "費用", told[2]]
    text = _article(*lines, *lines, *lines, how=RULES_ALONE).text
    assert [line for line in text.split("\n") if line] == lines


def test_a_plan_that_says_one_paragraph_for_every_day_is_no_passage() -> None:
    lines = [line for day in range(1, 6) for line in (f"Day {day}", STORY, "• Callan Bay")]
    assert _article(MORE, *lines, how=RULES_ALONE).text.count(STORY) == 5


def test_refrains_short_quotations_and_numbered_headings_are_no_repeats() -> None:
    lines = ["And the lamp burns low.", "“Never,” she said.", "Day 1", "Day 2"]
    source = "\n\n".join([STORY, *lines, MORE, *lines])
    assert clean(source).text == source


LINE = "Fishermen of Port Callan wait for news from the board"


def test_a_line_from_above_the_story_is_a_repeat_further_down() -> None:
    third = STORY.replace("Tuesday", "Wednesday")
    above = "A dek of some words that stands under the headline."
    article = _article(TITLE, above, STORY, MORE, third, above)
    assert article.text.count(above) == 1
    assert article.changes[-1].rules == ["repeat/line"]


def test_a_heading_that_a_table_of_contents_has_stays() -> None:
    third = STORY.replace("Tuesday", "Wednesday")
    article = _article(TITLE, "Where the boats go", LINE, STORY, LINE, MORE, third, how=RULES_ALONE)
    assert article.text.count(LINE) == 2


def test_a_line_twice_below_the_story_stands_there_once() -> None:
    third = STORY.replace("Tuesday", "Wednesday")
    article = _article(STORY, MORE, third, LINE, "Ferries", LINE, how=RULES_ALONE)
    assert article.text.count(LINE) == 1


@pytest.mark.parametrize(
    "lines",
    [
        (STORY, "They sang.", "And the lamp burns low upon the old stone quay", "And the lamp", MORE),
        ("They sang.", "And the lamp burns low upon the old stone quay", "Gulls over the water"),
        (STORY, MORE, STORY + MORE, "• And the lamp burns low upon the old stone quay", "• Oil"),
    ],
)
def test_refrains_and_items_of_lists_are_no_repeats(lines: tuple[str, ...]) -> None:
    again = next(line for line in lines if "lamp burns" in line)
    assert _article(*lines, again, how=RULES_ALONE).text.count(again) == 2


@pytest.mark.parametrize("end", ["…", "...", " …", " [...]", " […]"])
def test_a_line_that_was_cut_short_goes_where_the_whole_of_it_stands(end: str) -> None:
    cut = STORY[: STORY.index(" until")] + end
    assert _article(cut, STORY, MORE).text == f"{STORY}\n\n{MORE}"
    assert _article(STORY, MORE, cut, how=RULES_ALONE).text == f"{STORY}\n\n{MORE}"


@pytest.mark.parametrize(
    "line",
    [
        "The harbour board voted…",  # too short to tell
        "The harbour board voted on Tuesday to close the new wooden pier…",  # another thing
        "The harbour board voted on Tuesday to close the old stone quay",  # a heading
    ],
)
def test_what_breaks_off_and_does_not_go_on_elsewhere_stays(line: str) -> None:
    assert line in _article(STORY, line, MORE, how=RULES_ALONE).text
