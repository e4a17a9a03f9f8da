"""Lines known by the company they keep: furniture beside furniture goes, the story beside it stays."""

from __future__ import annotations

import pytest

from cleaners import Article, Settings, clean, company
from cleaners.pipeline import known_rules
from tests.test_evidence import STORY as PARAGRAPHS

STORY = (*PARAGRAPHS[:3], PARAGRAPHS[4])
RULES_ALONE = Settings(without=frozenset({"evidence", "promo/bare-headline"}))


def _clean(*lines: str) -> Article:
    return clean("\n\n".join(lines), settings=RULES_ALONE)


def _gone(article: Article, rule: str) -> list[str]:
    return [change.before.strip() for change in article.changes if rule in change.rules]


def _paragraphs(article: Article) -> list[str]:
    return [line for line in article.text.split("\n") if line]


def test_all_below_the_comments_of_readers_goes_even_paragraphs() -> None:
    opinion = (
        "I have taken this ferry since I was a boy and nobody ever looked at the pier, so spare me the surprise,"
        " the board knew about those cracks all along and so did everybody who fishes there."
    )
    article = _clean(*STORY, "Leave a comment", "3 Comments", "Perrin", opinion, "Old Tam", "Well said!")
    assert _paragraphs(article) == list(STORY)
    assert _gone(article, "comment/below") == ["Perrin", opinion, "Old Tam", "Well said!"]


def test_one_call_for_comments_in_the_middle_takes_nothing_with_it() -> None:
    article = _clean(STORY[0], "Leave a comment", "Read the rules", *STORY[1:], "A boat sails on Monday.")
    assert _gone(article, "comment/below") == []
    assert "A boat sails on Monday." in article.text


def test_a_row_of_boxes_below_the_story_goes() -> None:
    cards = [
        line
        for title in ("Orchards count the cost of frost", "Dunholt brewery sold", "New bell for Tarnwick")
        for line in (title, "A short teaser that tells what happened there", "3 March 2024")
    ]
    article = _clean(*STORY, "Read more", *cards, "Share", "© 2024 The Oldmere Gazette")
    assert _paragraphs(article) == list(STORY)
    assert "Dunholt brewery sold" in _gone(article, "other/between")


def test_a_line_that_always_stands_beside_the_same_furniture_goes() -> None:
    box = ("Advertisement", "Win a fortnight on Sant")
    article = _clean(STORY[0], *box, *STORY[1:3], *box, STORY[3])
    assert _paragraphs(article) == list(STORY)
    assert _gone(article, "other/box") == ["Win a fortnight on Sant"] * 2


def test_a_line_that_stands_alone_once_is_no_box() -> None:
    line = "Nobody waits on the pier"
    article = _clean(STORY[0], "Advertisement", line, *STORY[1:3], line, "Advertisement", STORY[3])
    assert _gone(article, "other/box") == []


def test_lines_below_the_story_and_below_its_furniture_go() -> None:
    article = _clean(*STORY, "Share this article", "Harbours", "Orchards count the cost of frost")
    assert _paragraphs(article) == list(STORY)
    assert _gone(article, "other/below-the-story") == ["Harbours", "Orchards count the cost of frost"]


@pytest.mark.parametrize(
    "ending",
    [
        ["Nobody waits on the pier."],
        ["“We have flour,” said Tomas Brandt."],
        ["- post and parcels", "- medicine on Mondays"],
    ],
)
def test_sentences_and_lists_below_furniture_stay(ending: list[str]) -> None:
    article = _clean(*STORY, "Share this article", *ending)
    assert _paragraphs(article) == [*STORY, *ending]


def test_items_and_sentences_below_enough_furniture_go() -> None:
    ending = ["- Harbours", "- Orchards", "No news is lost on us."]
    article = _clean(*STORY, "Share this article", "© 2024 The Oldmere Gazette", *ending)
    assert _paragraphs(article) == list(STORY)
    assert _gone(article, "other/below-the-story") == ending


TEASER = "The council of Tarnwick has sold the old bell to a brewery, which means to melt it down for taps."


def test_a_long_list_below_furniture_stays_and_a_long_footer_goes() -> None:
    endings = ("holt", "wick", "mere", "ford", "by", "den")
    towns = [f"{first}{last}" for first in ("Old", "Tarn", "Dun", "Var", "Hel", "Bran") for last in endings]
    rows = [f"{town} Bakery, since {1900 + at}" for at, town in enumerate(towns)]
    listed = _clean(*STORY, "Share this article", *rows)
    assert _gone(listed, "other/below-the-story") == []
    assert all(row in listed.text for row in rows[1:])
    footer = [line for at in range(0, len(rows), 4) for line in ("Privacy policy", *rows[at : at + 4])]
    assert _paragraphs(_clean(*STORY, "Share this article", *footer)) == list(STORY)


def test_teasers_far_below_the_story_go() -> None:
    furniture = ["Share this article", "Read more", "Sign up for our newsletter"]
    article = _clean(*STORY, *furniture, TEASER, "New bell for Tarnwick")
    assert _paragraphs(article) == list(STORY)
    assert TEASER in _gone(article, "other/far-below")


def test_a_story_goes_on_between_calls_and_links() -> None:
    told = [TEASER.replace("Tarnwick", name) for name in ("Oldmere", "Dunholt", "Sant", "Callan", "Marren")]
    calls = ["Share this article", "Read more", "Sign up for our newsletter", "Leave a comment"]
    between = [line for pair in zip(told, calls, strict=False) for line in pair]
    article = _clean(*STORY, *between, told[-1])
    assert _paragraphs(article) == [*STORY, *told]


def test_an_advertisement_is_no_end_of_a_story() -> None:
    lines = ["What the smaller boat will carry", "Post and parcels", "Medicine on Mondays"]
    article = _clean(*STORY, "Advertisement", *lines)
    assert _paragraphs(article) == [*STORY, *lines]


def test_a_live_blog_is_no_row_of_boxes() -> None:
    entries = ["18.40", "The council has begun", "18.52", "Soup is served", "19.05", "Nine for, four against"]
    lines = [STORY[0], "18.10", STORY[1], "18.25", *STORY[2:], *entries, "19.20", "Tied"]
    article = _clean(*lines)
    assert [line for line in lines if line[0].isalpha() and line not in article.text] == []


def test_a_story_goes_on_below_furniture_in_its_middle() -> None:
    lines = [
        "Who pays for the boat",
        "The county has promised half of the money that the smaller boat will cost.",
    ]
    article = _clean(*STORY, "Share this article", *lines)
    assert _paragraphs(article) == [*STORY, *lines]


def test_labels_beside_furniture_above_the_story_go() -> None:
    article = _clean("Skip to content", "Harbours", "Log in", "Orchards", "Moors and bogs", *STORY)
    assert _paragraphs(article) == ["Moors and bogs", *STORY]
    assert _gone(article, "nav/above-the-story") == ["Harbours", "Orchards"]


@pytest.mark.parametrize("line", ["Key points:", "A boat too few", "- Harbours"])
def test_headings_and_lists_above_the_story_stay(line: str) -> None:
    assert _paragraphs(_clean("Skip to content", line, *STORY)) == [line, *STORY]


MENU = [
    "Harbours and piers",
    "Moors",
    "Bogs and fens of Sant",
    "Ferries of the north",
    "Weather at sea",
    "Tides",
]


def test_a_menu_above_the_story_goes_beside_furniture_alone() -> None:
    heading = "What the board wants to know"
    article = _clean("Skip to content", *MENU, "Log in", heading, *STORY)
    assert _paragraphs(article) == [heading, *STORY]
    assert _gone(article, "nav/menu") == MENU
    assert _paragraphs(_clean(*MENU, heading, *STORY))[: len(MENU)] == MENU


def test_menus_may_outweigh_the_story_and_lists_may_not() -> None:
    headlines = [f"What the council of Dunholt said about bridge number {n}" for n in range(41, 161)]
    furnished = [line for headline in headlines for line in ("Read more", headline)]
    assert _paragraphs(_clean(*STORY, *furnished)) == list(STORY)
    listed = _clean(*STORY, "Share", "Read more", *headlines)
    assert [line for line in headlines if line not in listed.text] == []


def test_lines_above_the_story_between_furniture_go() -> None:
    lines = ["Skip to content", "A guide to the northern harbours", "Log in", "What the board wants to know"]
    article = _clean(*lines, *STORY)
    assert _paragraphs(article) == [lines[-1], *STORY]
    assert _gone(article, "nav/among-furniture") == [lines[1]]
    assert _paragraphs(_clean(*lines[:2], lines[3], *STORY)) == [lines[1], lines[3], *STORY]


def test_a_line_right_above_furniture_below_the_story_goes() -> None:
    article = _clean(*STORY, "The ferry that never sailed", "© 2024 The Oldmere Gazette")
    assert _paragraphs(article) == list(STORY)
    assert _gone(article, "other/among-furniture") == ["The ferry that never sailed"]


def test_a_sentence_right_below_a_legal_note_goes() -> None:
    copyright_line, sentence = "© 2024 The Oldmere Gazette", "Printed on the mainland."
    assert _paragraphs(_clean(*STORY, copyright_line, sentence)) == list(STORY)
    assert _paragraphs(_clean(*STORY, sentence, copyright_line)) == [*STORY, sentence]


@pytest.mark.parametrize(
    "ending",
    [["Our verdict", "Seaworthy"], ["The board says:"], ["- A boat on Monday"], ["A boat sails on Monday."]],
)
def test_a_label_an_item_and_a_sentence_right_above_furniture_stay(ending: list[str]) -> None:
    article = _clean(*STORY, *ending, "© 2024 The Oldmere Gazette")
    assert _paragraphs(article) == [*STORY, *ending]


def test_a_row_of_single_words_above_the_story_goes_unless_it_is_announced() -> None:
    words = ["Harbours", "Orchards", "Moors"]
    article = _clean(*words, "What the board wants to know", *STORY)
    assert _paragraphs(article) == ["What the board wants to know", *STORY]
    assert _gone(article, "nav/words") == words
    assert _paragraphs(_clean("What you need:", *words, *STORY)) == ["What you need:", *words, *STORY]
    assert _paragraphs(_clean("Harbours", "Orchards", *STORY)) == ["Harbours", "Orchards", *STORY]


def test_a_label_between_furniture_and_a_line_goes() -> None:
    box = ["Share this article", "Harbours", "A guide to the piers of the north"]
    article = _clean(*STORY[:2], *box, *STORY[2:])
    assert _paragraphs(article) == [*STORY[:2], box[2], *STORY[2:]]
    assert _gone(article, "nav/label-among-furniture") == ["Harbours"]


@pytest.mark.parametrize(
    "lines",
    [
        ["Who pays"],
        ["What you need", "- A boat"],
        ["By bus:", "A guide to the piers"],
        ["Six piers", "1. Sant"],
    ],
)
def test_a_heading_below_furniture_stays(lines: list[str]) -> None:
    article = _clean(*STORY[:2], "Share this article", *lines, *STORY[2:])
    assert _paragraphs(article) == [*STORY[:2], *lines, *STORY[2:]]


def test_lines_below_a_heading_of_other_stories_go() -> None:
    others = ["Orchards count the cost of frost", "A teaser that breaks off in the middle of ..."]
    heading = "Who pays for the boat"
    article = _clean(*STORY[:2], "Related stories", *others, heading, *STORY[2:])
    assert _paragraphs(article) == [*STORY[:2], heading, *STORY[2:]]
    assert _gone(article, "promo/below-heading") == others


@pytest.mark.parametrize(
    "lead",
    [
        "Read more: Dunholt brewery sold",
        "Learn more: How Dunholt Sold Its Brewery",
        "Advertisement",
        "Read more",
    ],
)
def test_a_heading_below_a_lead_stays(lead: str) -> None:
    lines = ["Who pays for the boat", "The board says:", "- A boat on Monday"]
    article = _clean(*STORY[:2], lead, *lines, *STORY[2:])
    assert _paragraphs(article) == [*STORY[:2], *lines, *STORY[2:]]


@pytest.mark.parametrize(
    ("line", "lists"), [("Read our full review.", ["Pros", "A pier", "Cons"]), ("Related stories", [])]
)
def test_a_lead_to_a_story_above_ends_no_story(line: str, lists: list[str]) -> None:
    article = _clean(*STORY, line, "Pros", "A pier", "Cons")
    assert _paragraphs(article) == [*STORY, *lists]


def test_leads_are_rules() -> None:
    assert known_rules().keys() >= company.LEADS


LEGAL = ["Privacy Policy", "Terms of Service", "© 2024 The Oldmere Gazette. All rights reserved."]


def test_all_below_legal_notes_goes_even_paragraphs() -> None:
    note = (
        "This site keeps small files on your computer that tell it which pages you have seen, and which it should"
        " not show you again, and hands them on to nobody but the firm that counts its readers."
    )
    article = _clean(*STORY, *LEGAL, "Strictly needed", note, "Always on.")
    assert _paragraphs(article) == list(STORY)
    assert note in _gone(article, "legal/below")


def test_all_below_a_menu_goes_even_paragraphs() -> None:
    teaser = (
        "Orchards on the mainland count the cost of a late frost that took most of the blossom in one night, and the"
        " growers ask the county for the money that it promised them in the spring."
    )
    article = _clean(*STORY, "Skip to main content", "Back to top", "Previous article", "Orchards", teaser)
    assert _paragraphs(article) == list(STORY)
    assert teaser in _gone(article, "nav/below")


@pytest.mark.parametrize("line", ["Back to top", "3 Comments"])
def test_a_live_blog_with_a_line_below_each_entry_stays(line: str) -> None:
    entries = [f"{paragraph} That was entry {number}." for number, paragraph in enumerate([*STORY, *STORY])]
    article = _clean(*[block for entry in entries for block in (entry, line)])
    assert _paragraphs(article) == entries


def test_below_buttons_for_sharing_lines_go_and_what_is_told_stays() -> None:
    buttons = ["Share on Facebook", "Share on X", "Share by email"]
    line = "What Dunholt brewery says of its hops"
    article = _clean(*STORY[:3], *buttons, line, "Who pays", STORY[3])
    assert _paragraphs(article) == [*STORY[:3], "Who pays", STORY[3]]
    assert _gone(article, "other/below-calls") == [line]


def test_one_legal_note_in_the_middle_takes_nothing_with_it() -> None:
    article = _clean(*STORY[:2], LEGAL[0], LEGAL[2], *STORY[2:], "A boat sails on Monday.")
    assert _paragraphs(article) == [*STORY, "A boat sails on Monday."]


def test_a_headline_below_a_heading_of_other_stories_goes_right_above_a_paragraph_too() -> None:
    headline = "Orchards count the cost of the frost in three valleys"
    article = _clean(*STORY[:2], "Related stories", "Dunholt brewery sold", headline, *STORY[2:])
    assert _gone(article, "promo/below-heading") == ["Dunholt brewery sold", headline]


def test_it_stays_where_another_paragraph_has_a_heading_as_long() -> None:
    headings = (
        "Why nobody on the island saw the crack coming",
        "What the frost left of the orchards in the valley",
    )
    article = _clean(STORY[0], headings[0], STORY[1], "Related stories", headings[1], *STORY[2:])
    assert _gone(article, "promo/below-heading") == []


@pytest.mark.parametrize(
    "heading",
    [
        "What the frost left of it",
        "7. What the frost left of the orchards in the valley",
        "“We have never seen such a frost in May”",
        "What the frost left of the orchards in the valley:",
    ],
)
def test_what_may_be_the_heading_of_the_next_paragraph_stays(heading: str) -> None:
    article = _clean(*STORY[:2], "Related stories", "Dunholt brewery sold", heading, *STORY[2:])
    assert _gone(article, "promo/below-heading") == ["Dunholt brewery sold"]
    assert heading in article.text
