"""How far the story reaches on a page taken whole: what is beyond its furniture goes, the story's own stays."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners import Article, clean, company, extent
from cleaners.model import Edit, Role, apply
from cleaners.read import Source, read
from tests.test_company import RULES_ALONE, STORY, _gone, _paragraphs

PAST, BEFORE = "other/past-the-end", "nav/before-the-beginning"
FOOT = ("Share this article", "Leave a comment", "Most read", "Subscribe to our newsletter", "Privacy policy")
TOWNS = ("Dunholt", "Tarnwick", "Callan", "Sant", "Ebbing", "Marlow Quay", "Fenby", "Hask")
CARDS = tuple(
    line
    for town in TOWNS[:5]
    for line in (
        f"Why the bakers of {town} have hung their best aprons out in the rain and will not say for how long",
        f"{town}",
        f"The mayor of {town} asked them twice and was given a bun for an answer and nothing else at all.",
        "EXCLUSIVE",
    )
)


def _clean(*lines: str) -> Article:
    return clean("\n\n".join(lines), settings=RULES_ALONE)


def test_teasers_beyond_the_foot_of_the_page_go_with_what_is_told_in_them() -> None:
    article = _clean(*STORY, *FOOT, *CARDS)
    assert _paragraphs(article) == list(STORY)
    assert CARDS[-2] in _gone(article, PAST)


def test_they_stay_where_no_furniture_ends_the_story() -> None:
    article = _clean(*STORY, *CARDS)
    assert _gone(article, PAST) == []
    assert CARDS[-2] in article.text


def test_a_story_that_goes_on_below_furniture_stays() -> None:
    rest = [f"In {town} the ferry was missed less, for {town} has a bridge of its own." for town in TOWNS]
    article = _clean(*STORY, *FOOT, *CARDS, *rest)
    assert _gone(article, PAST) == []
    assert _paragraphs(article)[-len(rest) :] == rest


def test_questions_and_answers_below_furniture_stay() -> None:
    talk = [line for at in range(8) for line in (f"And the {TOWNS[at]} boat?", STORY[at % 3])]
    article = _clean(*STORY, *FOOT[:3], *talk)
    assert _gone(article, PAST) == []
    assert "And the Hask boat?" in article.text


def test_a_table_below_furniture_stays() -> None:
    table = [f"{town} {at + 3} {at * 7} {at + 40}" for at, town in enumerate(TOWNS)]
    assert _gone(_clean(*STORY, *FOOT, *table), PAST) == []


def test_what_is_far_above_the_story_and_beside_menus_goes() -> None:
    heads = [f"{town} bakers win a prize for poppy buns" for town in TOWNS]
    menu = ("Home", "Sport", "Weather", "Contact us", "Subscribe", "Log in")
    near = [f"The {what} of {town}, seen from the water" for town in TOWNS for what in ("bridge", "tower")]
    article = _clean("Skip to main content", *heads, *menu, *near, *STORY)
    assert heads[0] in _gone(article, BEFORE)
    assert _paragraphs(article) == [*near, *STORY]


def _page(signs: str) -> extent.Page:
    """P told, l a line, f a fact, # a row of figures, other letters kinds of furniture."""
    return extent.Page(
        told=[20 * (sign == "P") for sign in signs],
        left=[sign in "Pl#" for sign in signs],
        facts=[sign == "f" for sign in signs],
        is_figures=lambda index: signs[index] == "#",
        kinds=[sign if sign in "abcd" else "" for sign in signs],
    )


@pytest.mark.parametrize(
    ("signs", "found"),
    [
        ("PPP" + "abab" + "lllPlllPll", range(7, 17)),
        ("PPP" + "aaaaaa" + "lllPlllPll", range(9, 19)),  # much of one kind
        ("PPP" + "aaaa" + "lllPlllPll", ()),  # little of one kind
        ("PPP" + "ab" + "lllPlllPll" + "ab", ()),  # far apart
        ("PP" + "abab" + "lllPlllPll", ()),  # no story
        ("PPP" + "abab" + "lllll", ()),  # little is left
        ("PPP" + "abab" + "lPlPlPlP", ()),  # half is told
        ("PPPPP" + "abab" + "lllllllPPPllll", ()),  # told in a row
        ("PPPPP" + "abab" + "llllllPPfPllll", ()),  # and across a fact
        ("PPP" + "abab" + "lllllPllllPlllllPllllPllllll", ()),  # more is told below
        ("PPP" + "abab" + "llll####ll", ()),  # a table
        ("PPP" + "abab" + "lllllll##l", range(7, 17)),
        ("", ()),
    ],
)
def test_the_end(signs: str, found: range) -> None:
    assert [*extent.below(_page(signs))] == [*found]


@pytest.mark.parametrize(
    ("signs", "found"),
    [
        ("l" * 8 + "aaaa" + "l" * 15 + "PPP", range(8)),
        ("l" * 8 + "aaaa" + "l" * 10 + "PPP", ()),  # the story may have begun
        ("f" + "l" * 8 + "aaaa" + "l" * 15 + "PPP", ()),  # its headline stands above
        ("l" * 5 + "aaaa" + "l" * 15 + "PPP", ()),  # little is left
        ("l" * 8 + "aaa" + "l" * 15 + "PPP", ()),  # hardly any furniture
        ("lPllllPl" + "aaaa" + "l" * 15 + "PPP", ()),  # much is told
        ("l" * 8 + "aaaa" + "l" * 15 + "PP", ()),  # no story
    ],
)
def test_the_beginning(signs: str, found: range) -> None:
    assert [*extent.above(_page(signs))] == [*found]


@given(st.text("Plf#ab", max_size=60))
def test_nothing_goes_that_is_not_left_nor_most_of_what_is_told(signs: str) -> None:
    page = _page(signs)
    for found in ([*extent.below(page)], [*extent.above(page)]):
        assert all(page.left[index] for index in found)
        assert 2 * sum(page.told[index] for index in found) <= sum(page.told)


@given(st.text("Plf#", max_size=60))
def test_without_furniture_nothing_goes(signs: str) -> None:
    assert [*extent.below(_page(signs)), *extent.above(_page(signs))] == []


def test_what_is_told_above_the_headline_or_the_signature_is_no_story() -> None:
    page = _page("PPP" + "abab" + "lllPlllPll")
    assert [*extent.below(page)] == [*range(7, 17)]
    assert [*extent.below(page._replace(headline=8))] == []
    assert [*extent.below(page._replace(signature=8))] == []
    assert [*extent.below(page._replace(headline=8, signature=0))] == []
    page = _page("f" + "l" * 8 + "aaaa" + "l" * 15 + "PPP")
    assert [*extent.above(page)] == []
    assert [*extent.above(page._replace(headline=28))] == [*range(1, 9)]


BLURBS = [
    line
    for town in TOWNS[:5]
    for line in (
        f"Read what the bakers of {town} bring to the market, and at which hour they sell out of their buns.",
        f"The {town} desk",
        "All products",
    )
]


def _found(lines: Sequence[str], at: int, rule: str, role: Role) -> company._Page:
    doc = read(Source("\n\n".join(lines)))
    return company._Page(apply(doc, [Edit(at, rule, "x", role)], 0.9))


def test_the_headline_once_more_is_where_paragraphs_stand_below_it() -> None:
    lines = [*BLURBS, "Ferry stops", *STORY]
    assert _found(lines, len(BLURBS), "repeat/headline", "repeat").headline == len(BLURBS)
    assert _found(["Ferry stops", *BLURBS[:3]], 0, "repeat/headline", "repeat").headline == 0
    assert _found([*STORY, "Ferry stops", *BLURBS[:3]], len(STORY), "repeat/headline", "repeat").headline == 0


def test_the_signature_is_close_above_a_paragraph_and_below_no_story() -> None:
    lines = [*BLURBS, "By Jane Roe", *STORY]
    assert _found(lines, len(BLURBS), "byline/lead", "byline").signature == len(BLURBS)
    assert _found([*STORY, "By Jane Roe", *BLURBS], len(STORY), "byline/lead", "byline").signature == 0
    assert _found([*BLURBS, "By Jane Roe", *["All"] * 9], len(BLURBS), "byline/lead", "byline").signature == 0
