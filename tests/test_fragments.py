"""Fragments of a page: paragraphs come from the markup, whatever lines it was written on."""

from __future__ import annotations

import time

import pytest

from cleaners import clean
from cleaners.fragments import is_fragment
from cleaners.ledger import restore

FRAGMENT = """<!-- wp:paragraph -->
<p>The harbour board voted on Tuesday to close
the old stone <a
  href="https://tarnwick.example/quay">quay</a> until the spring, after engineers
found that its outer wall had settled by a hand's breadth.</p>
<!-- /wp:paragraph -->

<figure class="photo"><img
  src="a.jpg" alt="A quay"
/><figcaption>The quay at low tide on Monday</figcaption></figure>
<!-- <p>An older lede that was taken out.</p> -->
<div
   class="entry">
  <h2>What comes next</h2>
  <p>
    Fishermen will move to the north pier, where the county has promised them a crane.
  </p>
  <style>
  .entry p { margin: 0 }
  </style>
  <ul>
    <li>The quay closes on June 3.</li>
    <li>Boats move to the north pier.</li>
  </ul><ul><li>Another list.</li></ul>
</div>
<script type="text/javascript">
  if (x < 2) { document.write("<p>no</p>"); }
</script>
<table><tr><th>Boats</th><td>12</td></tr>
<tr><td>Crews</td>
<td>40</td></tr></table>
<p>Divers will look at the footings in June.<br />
The board expects their report by the end of July.</p>
"""
TEXT = """The harbour board voted on Tuesday to close the old stone quay until the spring, after engineers found that its outer wall had settled by a hand's breadth.

What comes next

Fishermen will move to the north pier, where the county has promised them a crane.

• The quay closes on June 3.
• Boats move to the north pier.

• Another list.

Boats\t12
Crews\t40

Divers will look at the footings in June.
The board expects their report by the end of July."""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_fragment_is_read_as_a_browser_shows_it(newline: str) -> None:
    source = FRAGMENT.replace("\n", newline)
    article = clean(source)
    assert article.text == TEXT
    captions = [block.text for block in article.blocks if block.type == "caption"]
    assert captions == ["The quay at low tide on Monday"]
    assert restore(article) == source.encode()


def test_a_page_is_a_fragment_too() -> None:
    head = "<head><meta charset='utf-8'><title>Quay | Ledger</title></head>"
    article = clean(f"<!DOCTYPE html>\n<html>\n{head}<body>\n{FRAGMENT}</body>\n</html>\n")
    assert article.text == TEXT


@pytest.mark.parametrize(
    ("source", "blocks"),
    [
        ("<div>\nOne line is a paragraph here.\nAnd so is the other.\n</div>",
         ["One line is a paragraph here.", "And so is the other."]),
        ("<div>One paragraph that goes\non.\n\nAnother.</div>", ["One paragraph that goes on.", "Another."]),
        ("<pre>\nfor boat in boats:\n    moor(boat)\n</pre>\n<p>So it goes.</p>",
         ["for boat in boats:", "moor(boat)", "So it goes."]),
        ("<p>Kept <!-- note --> whole.</p><p>Next.</p>", ["Kept whole.", "Next."]),
        ("<table><tr><td><p>A cell of a page that was laid out as a table.</p></td></tr></table>",
         ["A cell of a page that was laid out as a table."]),
        ("<p>An end.</p><script>never = 'ends'", ["An end."]),
        ("<p>Before.</p><p>5 < 6 and 7 > 6.</p>", ["Before.", "5 < 6 and 7 > 6."]),
        ("<p>One.</p>\n<p>Two.</p>\n\n## What comes next\n- the quay\n- the pier\n",
         ["One.", "Two.", "What comes next", "- the quay", "- the pier"]),
        ("<p>One line of it<br/>\nand another that was\nbroken.</p><p>Two.</p>",
         ["One line of it", "and another that was broken.", "Two."]),
        ("<select><option>June (12)</option></select><p>A.</p><p>B.</p>", ["A.", "B."]),
    ],
)  # fmt: skip
def test_paragraphs_of_fragments(source: str, blocks: list[str]) -> None:
    article = clean(source)
    assert [block.text for block in article.blocks] == blocks
    assert restore(article) == source.encode()


@pytest.mark.parametrize(
    "source",
    [
        "The tag <p> opens a paragraph.\nThe tag </p> ends it.",
        "<3 is how she signs.\nNobody minds.",
        "<p>One tag was left here.\nAnd this is another paragraph.",
        "",
        "<",
        "<quay>\n</quay>",
    ],
)
def test_text_with_a_tag_is_no_fragment(source: str) -> None:
    assert not is_fragment(source)


def test_in_a_text_lines_of_tags_that_no_page_has_are_text() -> None:
    lines = [
        "The berths stand in a file of their own.",
        "<Berths>",
        '<Berth Name="North" Depth="3.2" />',
        "</Berths>",
        "Every boat asks for its berth by name, and the harbour office keeps the list.",
    ]
    article = clean(
        "\n\n".join([lines[0], "<div>", *lines[1:3], "<my-berths>", lines[3], "</div>", lines[4]])
    )
    assert article.text.split("\n\n") == lines


@pytest.mark.parametrize(
    "hostile",
    [
        "<!--",
        "<script>",
        "<tr>",
        "<tr><td></td>",
        "\n \n",
        "<p",
        "<p>\n\n",
        "<!-- <p> -->",
        "<style></style>",
        "</p><",
    ],
)
def test_hostile_markup_takes_no_longer_than_its_length(hostile: str) -> None:
    source = f"<p>A.</p><p>B.</p>{hostile * (200_000 // len(hostile))}<p>"
    assert is_fragment(source)
    started = time.process_time()
    clean(source)
    assert time.process_time() - started < 20
