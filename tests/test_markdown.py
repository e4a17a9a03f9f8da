"""Markdown that an extractor left is read as a reader sees it, and its lines of links go."""

from __future__ import annotations

import textwrap
import time
from functools import partial

import pytest

from cleaners import clean, restore
from cleaners.article import Article
from cleaners.markdown import is_markdown

STORY = [
    f"The council of {town} met on Monday evening to hear what the new bridge will cost, and sent the plan back"
    " to its engineers with a list of forty questions about the eastern ramp."
    for town in ("Aldermoor", "Brackwater", "Cray", "Dunmarsh", "Eastholm", "Farrow")
]


def _among(*lines: str) -> Article:
    """Lines between the paragraphs of a story, with a link on top so that it is Markdown."""
    return clean("\n\n".join(["[Home](/)", *STORY[:3], *lines, *STORY[3:]]))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("[Ferry](/f) crews met the [owners](https://a.example/b_(c)).", "Ferry crews met the owners."),
        ("The [plan](</a.pdf>) was sent back.", "The plan was sent back."),
        ('The [plan](/a.pdf "A plan") was sent back.', "The plan was sent back."),
        ("The ![](/a.png) plan was **never** _really_ read.", "The  plan was never really read."),
        (r"No\. 7 costs 3 \* 4 crowns\_", "No. 7 costs 3 * 4 crowns_"),
        ("- **Cost**: nine crowns", "- Cost: nine crowns"),
        ("The _Lantern_ , she said, is **late** 's worst.", "The Lantern, she said, is late's worst."),
        (
            "**Cost:**Nine crowns and**not a penny more**, says the clerk.",
            "Cost: Nine crowns and not a penny more, says the clerk.",
        ),
        ("The **T**own **clerk**s of **un**known towns.", "The Town clerks of unknown towns."),
        (
            "**The ferry****: late**, **nine****boats** and so****on.",
            "The ferry: late, nine boats and so****on.",
        ),
        ("The [plan](plan_2.html) and the [map](map.pdf?x=1).", "The plan and the map."),
        ("See the ![](data:image/svg+xml,%3Csvg viewBox='0 0 9 9'%3E) [plan](/p).", "See the plan."),
        (
            "Write to the [clerk](mailto:a@b.example?subject=The ferry (again)&body=Late).",
            "Write to the clerk.",
        ),
        (r'The [plan](/p "The plan \(in full\)") and [map](/a\(1\).png).', "The plan and map."),
        ("](https://a.example/p) The plan was read.", "The plan was read."),
        ("The plan was read.](/p)", "The plan was read."),
        ("[The plan was read.", "The plan was read."),
        ("__The plan__ was __read__, said __init__.", "The plan was __read__, said __init__."),
        ("The plan was read. [", "The plan was read."),
    ],
)
def test_a_line_reads_as_a_reader_sees_it(written: str, read: str) -> None:
    assert " ".join(read.split()) in _among(written).text.split("\n\n")


@pytest.mark.parametrize(
    "line",
    [
        "“[He](sic) said so,” the clerk wrote [in ink].",
        "A f**k of a day, and snake_case_names stay_ as they are.",
        "The sum of 2 * 3 * 4 is what the clerk put down.",
        "[1] The first note is numbered in brackets.",
        "#harbour is what they call it.",
        "What the f****, said the ferryman, and f**k and s**t besides.",
        "The clerk wrote [he](sic and so on) in the margin.",
        "a | b",
    ],
)
def test_brackets_stars_and_underscores_of_prose_stay(line: str) -> None:
    assert line in _among(line).text.split("\n\n")


@pytest.mark.parametrize(
    "text",
    [
        "# one\n# two\n#three",
        "a [b] (c)",
        "[sic](sic)",
        "1 ## 2\n## 3",
        "a\n* * *\nb",
        "a\n---\nb\n---\nc",
        "f**k and **this",
        "Results\n-------\n3 to 1",
    ],
)
def test_a_text_with_hashes_and_brackets_is_no_markdown(text: str) -> None:
    assert not is_markdown(text)


@pytest.mark.parametrize(
    "text",
    [
        "\n### **Two**\n",
        "\n[1]: https://a.example/plan\n",
        "Some **bold words**.",
        "\nOne\n===\n\nTwo\n-----\n",
        "\n* * *\n\na\n\n* * *\n",
    ],
)
def test_marks_that_plain_text_has_no_use_for_make_markdown(text: str) -> None:
    assert is_markdown(text)


def test_headings_are_headings_and_the_only_first_one_is_the_headline() -> None:
    title = "# Council sends the new bridge back to its engineers"
    article = clean(
        "\n\n".join([title, *STORY[:2], "## What it costs ##", *STORY[2:4], "## Who pays", *STORY[4:]])
    )
    assert article.headline == "Council sends the new bridge back to its engineers"
    headings = [block.text for block in article.blocks if block.type == "heading"]
    assert headings == ["What it costs", "Who pays"]


def test_underlined_lines_are_headings_and_rules_go() -> None:
    title = "Council sends the new bridge back to its engineers"
    article = clean(
        "\n\n".join(
            [
                f"{title}\n{'=' * len(title)}",
                *STORY[:2],
                "What it costs\n-------------",
                *STORY[2:4],
                "* * *",
                "---",
                "Who pays\n--------",
                *STORY[4:],
            ]
        )
    )
    assert article.headline == title
    headings = [block.text for block in article.blocks if block.type == "heading"]
    assert headings == ["What it costs", "Who pays"]
    assert article.text == "\n\n".join([*STORY[:2], headings[0], *STORY[2:4], headings[1], *STORY[4:]])


def test_of_a_table_its_rows_are_left_and_of_a_quotation_its_words() -> None:
    rows = ["| Ramp | Crowns |", "| Eastern | 40 |", "| Western | 12 |"]
    quotation = ["> The council has not been told what it costs.", "> It will be told on Monday."]
    text = _among(rows[0], "| --- | :-: |", *rows[1:], "|  |  |", quotation[0], ">", quotation[1]).text
    assert text.split("\n\n")[3:-3] == [*rows, *quotation]


HEADING = "Paul Fenwick and the Cray Harbour Inquiry of Last September"


def test_a_heading_above_a_paragraph_stays_and_the_same_words_without_a_mark_are_foreign() -> None:
    below = [line.replace("council", "crew").replace("Monday", "Friday") for line in STORY]
    marked, plain = (
        clean("\n\n".join(["[Home](/)", *STORY, line, *below])) for line in (f"## {HEADING}", HEADING)
    )
    assert HEADING in marked.text
    assert not marked.review
    assert HEADING not in plain.text


ADDRESS = "https://a.example/2031/05/all-that-the-council-of-aldermoor-wanted-to-know-of-its-bridge.html"
WRITTEN = [
    f"The [council of Aldermoor]({ADDRESS}) met on Monday evening to hear what the new bridge will cost, and sent"
    f' the plan back to its engineers with a list of [forty questions]({ADDRESS}?from=front-page "Forty questions")'
    " about the eastern ramp.",
    f"![]({ADDRESS}/of-pictures/{'x' * 120}/ramp.jpg)",
    f"  * [The plan that the council sent back to its engineers on Monday evening, in full]({ADDRESS})\n"
    "  * The minutes of the vote",
    "Traders on the far bank say that they were not asked, and that a closed bridge in December will cost them the"
    " only month in which they earn. They met [again](<https://b.example/far-bank-far-from-the-near-one>).",
    "“Nobody asked us, and nobody will, for it is not our bridge but theirs, as they say whenever we ask,” the"
    " oldest of them said on Tuesday, when what was left of the eastern ramp had been carried away.",
]
READ = [
    "The council of Aldermoor met on Monday evening to hear what the new bridge will cost, and sent the plan back"
    " to its engineers with a list of forty questions about the eastern ramp.",
    "* The plan that the council sent back to its engineers on Monday evening, in full",
    "* The minutes of the vote",
    f"{WRITTEN[3].partition('[')[0]}again.",
    f"> {WRITTEN[4]}",
]


@pytest.mark.parametrize("width", [60, 72, 78, 95])
def test_lines_that_a_converter_wrapped_are_one_again(width: int) -> None:
    wrap = partial(textwrap.fill, width=width, break_long_words=False)
    quotation = wrap(WRITTEN[4], initial_indent="> ", subsequent_indent="> ")
    source = "\n\n".join([*(part if part[0] == " " else wrap(part) for part in WRITTEN[:4]), quotation, ""])
    article = clean(source)
    assert [block.text for block in article.blocks] == READ
    assert restore(article) == source.encode()


def test_a_link_that_was_cut_is_whole_again_though_nothing_else_was_wrapped() -> None:
    line = "The [plan of\nthe bridge](https://a.example/2031/05/plan-of-the-\nbridge-\n2.html) was sent back."
    article = _among("The minutes (unread).", line)
    assert "The plan of the bridge was sent back." in article.text.split("\n\n")
    assert restore(article).count(b"\n2.html") == 1


def test_two_headings_of_the_first_level_name_no_headline() -> None:
    parts = [
        "# Sailing results from the weekend",
        *STORY[:3],
        "# Rowing results from the weekend",
        *STORY[3:],
    ]
    assert clean("\n\n".join(["[Home](/)", *parts])).headline is None


def test_a_picture_by_itself_leaves_its_description_as_a_caption() -> None:
    article = _among("[![Rain over the eastern ramp](/a.jpg)](/gallery)", "![](/b.jpg)")
    assert [block.text for block in article.blocks if block.type == "caption"] == [
        "Rain over the eastern ramp"
    ]
    assert article.text == "\n\n".join(STORY)


@pytest.mark.parametrize("link", ["[Home](/)", ""])
def test_references_are_resolved_and_their_definitions_go(link: str) -> None:
    lines = [
        "The [plan][1] and the [vote][] were public, [as][2] ever.",
        "[![The ramp][4] Photographs][1]",
        "[1]: https://a.example/plan",
        "[Vote]: /v",
        "[4]: /ramp.jpg",
    ]
    article = clean("\n\n".join([link, *STORY[:3], *lines, *STORY[3:]]))
    assert "The plan and the vote were public, [as][2] ever." in article.text
    assert "[4]" not in article.text
    assert "a.example" not in article.text


@pytest.mark.parametrize(
    "lines",
    [
        ["[Storm warden wins county medal](/news/storm)"],
        ["- [Storm warden wins medal](/a)", "- [Basin to be dredged](/b)"],
        ["<a href='/storm'>Storm warden wins county medal</a>"],
        ["[News](/n) | [Sport](/s) | [Weather](/w)"],
    ],
)
def test_lines_of_nothing_but_links_go(lines: list[str]) -> None:
    assert _among(*lines).text == "\n\n".join(STORY)


@pytest.mark.parametrize(
    "lines",
    [
        ["The papers the council was sent:", "- [The plan](/a.pdf)", "- [The list of questions](/b.pdf)"],
        ["- The plan of the ramp", "- [The list of questions](/b.pdf)", "- The minutes of the vote"],
        ["### [The eastern ramp](/ramp)"],
        ["See [the plan](/a.pdf)."],
    ],
)
def test_links_that_the_story_announces_or_is_made_of_stay(lines: list[str]) -> None:
    text = _among(*lines).text
    for line in lines:
        words = line.replace("### ", "").replace("[", "").split("](")[0]
        assert words.split(".")[0] in text


def test_a_story_that_lists_links_keeps_them() -> None:
    links = [f"[{name} bridge reopened](/{name})" for name in ("Alder", "Brack", "Cray", "Dun", "East")]
    pairs = [line for pair in zip(STORY, [*links, ""], strict=True) for line in pair if line]
    text = clean("\n\n".join(pairs)).text
    assert all(f"{name} bridge reopened" in text for name in ("Alder", "Brack", "Cray", "Dun", "East"))


def test_the_source_comes_back_byte_for_byte() -> None:
    source = "\n\n".join(["# A [title](/t) of *five* words", *STORY, "![x](/y.png)", "[1]: /z", r"a \* b"])
    assert restore(clean(source)) == source.encode()


def test_links_that_never_close_are_given_up_in_linear_time() -> None:
    started = time.process_time()
    assert not is_markdown(f"[a](/{'x' * 2600} " * 100)
    assert time.process_time() - started < 1
