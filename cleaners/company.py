"""Lines known by the company they keep: what stands among furniture and is not told like a story.

A line of a list of other stories, of a comment or of a box says nothing by itself. A reader knows it at sight
by what stands around it: where the story ends, what was taken out there already, how lines come again. So
this runs behind all rules, and asks for nothing but their results.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property

from cleaners import extent
from cleaners.model import CHARS_A_WORD, GONE, OPEN, Document, Edit, is_unspaced, runs
from cleaners.signs import (
    BULLET,
    COLON,
    COMMA,
    EXCLAMATION,
    FIGURE,
    QUOTED,
    SMALL,
    end_of,
    paragraphs,
    start_of,
)

RULES = {
    "promo/below-heading": "below a heading of other stories",
    "comment/below": "below the comments of readers",
    "legal/below": "below the legal notes at the foot of the page",
    "nav/below": "below the menus at the foot of the page",
    "other/below-calls": "a line below the calls at the foot of the page",
    "other/between": "between furniture below the story",
    "other/box": "stands every time beside the same furniture",
    "other/below-the-story": "a line below the story, among furniture",
    "other/far-below": "below so much furniture that the story is over",
    "nav/menu": "a row of short lines above the story, beside furniture",
    "nav/words": "a row of single words above the story",
    "nav/above-the-story": "a label above the story, beside furniture",
    "nav/among-furniture": "a line above the story, between furniture",
    "other/among-furniture": "a line below the story, right beside furniture",
    "nav/label-among-furniture": "a label between furniture and another line",
    "other/past-the-end": "below furniture that ends the story, where hardly anything is told",
    "nav/before-the-beginning": "far above the story, where hardly anything is told",
}
SURE = 0.95
FEWEST_PARAGRAPHS, LEAST_TOLD, LEAST_OUT = 3, 0.3, 0.05
"""Story-shaped blocks, and their share of what is left, that make a story with an end: no list, no poem. What
menus outweigh is a story as well: of its other blocks such a share is out, and of lists hardly any."""
FEWEST_TOLD, MOST_OF_LINE, MOST_OF_LABEL = 12, 14, 3
"""Words of a sentence that is told, of a line and of a label."""
MOST_OF_HEADING, MOST_OF_TEASER, FEWEST_OF_HEADLINE = 6, 25, 7
"""Words of what announces other stories, of these, and of one right above a paragraph: subheadings are
shorter. Where no other paragraph has a heading as long, all 27 such lines were foreign by the labels."""
LEADS = frozenset(
    f"promo/{name}"
    for name in ("read-also-line", "read-full", "read-more-button", "read-our", "read-review", "related-line")
)
"""What leads to a story above it, or names the one it leads to: the story told here goes on below."""
STANDS_BESIDE = frozenset(("bio", "comment", "cta", "legal", "nav", "other", "paywall", "share"))
"""What stands beside labels in the middle of a page; advertisements and teasers are beside headings, too."""
STANDS_BELOW = frozenset(
    ("bio", "comment", "credit", "date", "legal", "nav", "other", "paywall", "promo", "share", "widget")
)
"""What ends a story, if it stands below all paragraphs; advertisements and calls to readers do not."""
FEWEST_OF_COMMENTS, FEWEST_OF_SECTION, SECTION_WITHIN, LEAST_ABOVE = 2, 3, 6, 0.7
"""So many lines of a comment section, and of others, within so many blocks; the share of paragraphs above."""
FEWEST_OF_MENU, MOST_OF_ENTRY, MEAN_OF_ENTRY, FEWEST_WORDS = 6, 8, 5, 3
"""Lines of a menu, words of each, and their mean; lines of a menu of single words."""
FEWEST_ABOVE, FEWEST_BELOW = 2, 3
"""Blocks of furniture above a list or a long line below the story, and above anything at all."""
MOST_UNKNOWN, UNKNOWN_A_BLOCK = 30, 3
"""Lines that go below the story, and as many more for each block of furniture among them: of a directory or a
price list below a short story hundreds would."""
EDGES = STANDS_BELOW - {"credit", "date"} | {"cta"}
"""What stands at the edges of a story on a page that was taken whole, if there is much of it."""
FARTHEST_APART, FEWEST_IN_ROW = 6, 4
"""Blocks from one to the next in a row of furniture, and how many make one."""
_HEADLINE_AGAIN = "repeat/headline"
_FIGURES = re.compile(r"[0-9]+")


def strip_company(doc: Document) -> Iterator[Edit]:
    """What is furniture because of what it stands beside. Each kind may be what the next one asks for."""
    has_furniture = any(block.role in GONE for block in doc.blocks)
    if not has_furniture and not (doc.story and doc.story[0] >= FEWEST_WORDS):
        return
    page = _Page(doc)
    if not page.is_story:
        return
    for rule, find in (_WAYS if has_furniture else _WAYS_ALONE).items():
        for index in sorted(find(page)):
            page.out[index] = True
            yield Edit(index, rule, RULES[rule], "boilerplate", confidence=SURE)


def strip_outside(doc: Document) -> Iterator[Edit]:
    """What is left outside of the story on a page that was taken whole, by all that is out by now."""
    if sum(block.role in GONE for block in doc.blocks) < extent.FEWEST_MARKS:
        return
    page = _Page(doc)
    if not page.story:
        return
    extent_ = page.extent
    for rule, find in _OUTSIDE.items():
        for index in find(extent_):
            yield Edit(index, rule, RULES[rule], "boilerplate", confidence=SURE)


def extent_of(doc: Document) -> range:
    """The blocks that the story may be among: on a page that was taken whole, what is left of it."""
    below, above = ([edit.block for edit in doc.edits if edit.rule == rule] for rule in (_PAST, _BEFORE))
    return range(max(above, default=-1) + 1, min(below, default=len(doc.blocks)))


class _Page:
    """A document of which more and more is out."""

    def __init__(self, doc: Document) -> None:
        self.doc = doc
        self.texts = [block.text for block in doc.blocks]
        self.is_open = [block.role in OPEN and block.text != "" for block in doc.blocks]
        self.out = [block.role in GONE for block in doc.blocks]
        self.story = [index for index in paragraphs(doc, self.is_open).story if self.is_open[index]]
        self.paragraphs = frozenset(self.story)

    @property
    def is_story(self) -> bool:
        if len(self.story) < FEWEST_PARAGRAPHS:
            return False
        told = sum(len(self.texts[index]) for index in self.story)
        left = sum(len(text) for text, is_open in zip(self.texts, self.is_open, strict=True) if is_open)
        others = len(self.texts) - len(self.story)
        return told >= LEAST_TOLD * left or sum(self.out) >= LEAST_OUT * others

    @cached_property
    def kinds(self) -> dict[int, str]:
        """The categories of what is known: facts, and what is out. Times of a live blog and the years of a
        chronicle, which stand between paragraphs, are the story's and tell nothing."""
        edits = sorted((e for e in self.doc.edits if e.role is not None), key=lambda edit: edit.confidence)
        kinds = {edit.block: edit.category for edit in edits if not self.is_open[edit.block]}
        if any(kinds.get(index) == "date" for index in range(self.story[0], self.story[-1])):
            return {index: kind for index, kind in kinds.items() if kind != "date"}
        return kinds

    @cached_property
    def places(self) -> dict[str, list[int]]:
        """The blocks of each kind, in order."""
        places: dict[str, list[int]] = {}
        for index in sorted(self.kinds):
            places.setdefault(self.kinds[index], []).append(index)
        return places

    @cached_property
    def below(self) -> range:
        """The blocks below the last paragraph of the story, and below all sentences of some length."""
        size = len(self.texts)
        backwards = range(size - 1, self.story[-1], -1)
        last = next(filter(self.is_told, backwards), self.story[-1])
        return range(last + 1, size)

    @property
    def extent(self) -> extent.Page:
        """What is known of each block by which the extent of the story shows."""
        return extent.Page(
            told=[_words(text) if self.is_paragraph(at) else 0 for at, text in enumerate(self.texts)],
            left=[self.is_left(index) for index in range(len(self.texts))],
            facts=self.facts,
            kinds=[self.edge(index) for index in range(len(self.texts))],
            is_figures=lambda index: len(_FIGURES.findall(self.texts[index])) >= MOST_OF_LABEL,
            headline=self.headline,
            signature=self.signature,
        )

    @property
    def headline(self) -> int:
        """Where the headline is printed once more, with paragraphs enough right below it; 0 if nowhere."""
        again = [edit.block for edit in self.doc.edits if edit.rule == _HEADLINE_AGAIN]
        for index in sorted(again, reverse=True):
            places = range(index + 1, len(self.texts))
            below = itertools.takewhile(lambda at: not self.is_furniture(at), places)
            if sum(map(self.is_paragraph, below)) >= FEWEST_PARAGRAPHS:
                return index
        return 0

    @property
    def signature(self) -> int:
        """The one place where the story is signed, close above a paragraph and below none that stand close; 0
        if there is none."""
        signed = self.places.get("byline", [])
        if not signed or signed[-1] - signed[0] >= FARTHEST_APART:
            return 0
        above = [*filter(self.is_paragraph, range(signed[0]))]
        is_told_above = any(
            last - first <= extent.NEAR for first, last in zip(above, above[2:], strict=False)
        )
        near = range(signed[-1] + 1, min(len(self.texts), signed[-1] + 1 + extent.WITHIN))
        return signed[0] if any(map(self.is_paragraph, near)) and not is_told_above else 0

    @property
    def facts(self) -> list[bool]:
        """Which blocks are kept, but not in the text: authors, dates, captions, and the headline; where it is
        printed again above the story, as in the title of a page, the last time."""
        facts = [
            text != "" and not (is_open or out)
            for text, is_open, out in zip(self.texts, self.is_open, self.out, strict=True)
        ]
        roles = [block.role for block in self.doc.blocks[: self.story[0]]]
        headline = roles.index("headline") if "headline" in roles else len(roles)
        again = [index for index in range(headline, len(roles)) if roles[index] == "repeat"]
        if again:
            facts[headline], facts[again[-1]] = False, True
        return facts

    def edge(self, index: int) -> str:
        """The kind of what is out, if it stands at the edges of stories."""
        kind = self.kinds.get(index, "") if self.out[index] else ""
        return kind if kind in EDGES else ""

    @property
    def headings(self) -> Iterator[int]:
        """What announces other stories below it."""
        promos = {edit.block for edit in self.doc.edits if edit.category == "promo"}
        for index in sorted(promos - self.leads):
            is_below = index > self.story[0] and self.out[index]
            # "Learn more: Ten knots" names the one it leads to.
            if is_below and _words(self.texts[index]) <= MOST_OF_HEADING and ": " not in self.texts[index]:
                yield index

    def is_left(self, index: int) -> bool:
        return self.is_open[index] and not self.out[index]

    def is_paragraph(self, index: int) -> bool:
        """Whether a block that is left is a paragraph, or a sentence of some length."""
        return self.is_left(index) and (index in self.paragraphs or self.is_told(index))

    def is_told(self, index: int) -> bool:
        """Whether a block that is left is a sentence of some length."""
        text = self.texts[index]
        return self.is_left(index) and end_of(text) <= EXCLAMATION and _words(text) >= FEWEST_TOLD

    @cached_property
    def leads(self) -> frozenset[int]:
        """What leads to the story above it, or names the one it leads to."""
        return frozenset(edit.block for edit in self.doc.edits if edit.rule in LEADS)

    def is_furniture(self, index: int) -> bool:
        """Whether a block is out, and neither an advertisement nor a lead: these stand everywhere."""
        is_out = 0 <= index < len(self.out) and self.out[index]
        return is_out and self.kinds.get(index) != "ad" and index not in self.leads

    def is_line(self, index: int, most: int) -> bool:
        """Whether a block that is left is a line of so many words, and neither a sentence, nor a part of one,
        nor an item of a list."""
        return self.is_entry(index, most) and start_of(self.texts[index]) not in (SMALL, BULLET)

    def announces(self, index: int) -> bool:
        """Whether a block that has words ends in a colon: what is below it belongs to it."""
        return end_of(self.texts[index]) == COLON

    def is_teaser(self, index: int) -> bool:
        """Whether a block that is left is a line of some length, and no heading of a paragraph or a list."""
        is_last = index + 1 == len(self.texts)
        is_line = self.is_line(index, MOST_OF_TEASER) and not self.announces(index)
        return is_line and (is_last or not self.is_paragraph(index + 1))

    def is_headline(self, index: int) -> bool:
        """Whether a block that is left is a line as long as headlines are, and no step of a guide."""
        text = self.texts[index]
        is_line = self.is_line(index, MOST_OF_TEASER) and not self.announces(index)
        return is_line and _words(text) >= FEWEST_OF_HEADLINE and start_of(text) not in (FIGURE, QUOTED)

    @cached_property
    def has_long_headings(self) -> bool:
        """Whether lines as long as headlines stand alone between paragraphs."""
        inside = (index for index in range(self.story[0] + 1, self.story[-1]) if self.is_headline(index))
        return any(self.is_paragraph(index - 1) and self.is_paragraph(index + 1) for index in inside)

    def is_plain_line(self, index: int) -> bool:
        """Whether a block that is left is a line, and not a numbered one."""
        return self.is_line(index, MOST_OF_LINE) and start_of(self.texts[index]) != FIGURE

    def is_entry(self, index: int, most: int) -> bool:
        """The same, be it a part or an item."""
        text = self.texts[index]
        return self.is_left(index) and _words(text) <= most and end_of(text) > EXCLAMATION

    def is_label(self, index: int) -> bool:
        """Whether a block that is left is a word or three, which nothing follows; an item of a list, too."""
        text = self.texts[index]
        most = MOST_OF_LABEL + (self.is_open[index] and start_of(text) == BULLET)
        return self.is_entry(index, most) and not self.announces(index)


def _words(text: str) -> int:
    return int(len(text) / CHARS_A_WORD) if is_unspaced(text) else text.count(" ") + 1


def _below_comments(page: _Page) -> Iterator[int]:
    """All that is below two lines of a comment section."""
    return _below_section(page, "comment", FEWEST_OF_COMMENTS)


def _below_legal(page: _Page) -> Iterator[int]:
    """All that is below three legal notes: the foot of a page, or the settings of its cookies."""
    return _below_section(page, "legal", FEWEST_OF_SECTION)


def _below_menus(page: _Page) -> Iterator[int]:
    """All that is below three lines of a menu."""
    return _below_section(page, "nav", FEWEST_OF_SECTION)


def _below_calls(page: _Page) -> Iterator[int]:
    """The lines that are below three buttons for sharing, or three calls: the story may go on below, and
    what stands right above a paragraph may be its heading."""
    for kind in ("share", "cta"):
        for index in _below_section(page, kind, FEWEST_OF_SECTION):
            if page.is_teaser(index):
                yield index


def _below_section(page: _Page, kind: str, fewest: int) -> Iterator[int]:
    """All below so many close lines of a kind, paragraphs too, where most of the story is above. Where
    as many stand further up in the story, each of its parts has one: a live blog, questions and answers."""
    lines = [index for index in page.places.get(kind, []) if index > page.story[0]]
    for number, (first, last) in enumerate(zip(lines, lines[fewest - 1 :], strict=False)):
        above = bisect_left(page.story, first)
        if last - first <= SECTION_WITHIN and above >= max(FEWEST_PARAGRAPHS, LEAST_ABOVE * len(page.story)):
            if number < fewest:
                yield from filter(page.is_left, range(first + 1, len(page.texts)))
            return


def _between(page: _Page) -> Iterator[int]:
    """What stands below the story in a row of furniture that hardly stops: dates, and what is out already."""
    for row in runs((index for index in page.below if index in page.kinds), FARTHEST_APART):
        if len(row) >= FEWEST_IN_ROW:
            yield from filter(page.is_left, range(row[0], row[-1]))


def _boxes(page: _Page) -> Iterator[int]:
    """Lines that are printed twice or more, each time beside the same line, which is out."""
    counts = Counter(page.texts)
    again = [index for index, text in enumerate(page.texts) if counts[text] > 1 and page.is_left(index)]
    beside: dict[tuple[int, str, str], list[int]] = {}
    for index in again:
        for other in (index - 1, index + 1):
            if 0 <= other < len(page.out) and page.out[other]:
                beside.setdefault((other - index, page.texts[other], page.texts[index]), []).append(index)
    for (_, other_text, text), found in beside.items():
        if len(found) == counts[text] == counts[other_text]:
            yield from found


def _below_story(page: _Page) -> Iterator[int]:
    """What is left below the story, and below what stands nowhere else. Lists and long lines may still be
    the story's: they need more above them."""
    ends = (at for at in page.below if page.kinds.get(at) in STANDS_BELOW and at not in page.leads)
    if (first := next(ends, None)) is None:
        return
    above = sum(page.out[page.story[-1] : first])
    found = []
    for index in range(first, len(page.texts)):
        if not page.is_left(index):
            above += page.out[index]
        elif (
            above >= FEWEST_ABOVE or page.is_line(index, MOST_OF_LINE) or start_of(page.texts[index]) == SMALL
        ):
            found.append(index)
    # Of footers more is known than of a list that the story ends in.
    if len(found) <= MOST_UNKNOWN + UNKNOWN_A_BLOCK * above:
        yield from found


def _far_below(page: _Page) -> Iterator[int]:
    """What is left below the last paragraph and three blocks of furniture, sentences too: teasers, notes and
    comments. Where much of it is told, the story goes on between calls and links."""
    out = told = 0
    is_end = False
    for index in range(page.story[-1] + 1, len(page.texts)):
        if page.out[index]:
            out += page.kinds.get(index) != "ad"
            is_end = is_end or page.kinds.get(index) in STANDS_BELOW
        elif page.is_left(index):
            if is_end and out >= max(FEWEST_BELOW, 2 * told):
                yield index
            told += page.is_told(index)


def _above_story(page: _Page) -> Iterator[int]:
    """Labels above the story, beside furniture, and those beside them: a menu. What stands right above the
    first paragraph may be its heading."""
    top = page.story[0]
    for ways in (range(1, top - 1), range(top - 2, -1, -1)):
        step = ways.step
        for index in ways:
            beside = page.out[index - step] if 0 <= index - step < top else False
            if beside and page.is_label(index):
                page.out[index] = True
                yield index


def _menus(page: _Page) -> Iterator[int]:
    """Long rows of short lines above the story, beside furniture. The line right above the first paragraph
    may be its heading."""
    top = page.story[0]
    row: list[int] = []
    for index in range(top + 1):
        if index < top and page.is_entry(index, MOST_OF_ENTRY) and not page.announces(index):
            row.append(index)
        elif row:
            is_beside = (row[0] > 0 and page.out[row[0] - 1]) or (index < top and page.out[index])
            fewest = FEWEST_OF_MENU if index < top else 2 * FEWEST_OF_MENU
            words = sum(_words(page.texts[at]) for at in row)
            if is_beside and len(row) >= fewest and words <= MEAN_OF_ENTRY * len(row):
                yield from row if index < top else row[:-1]
            row = []


def _words_above(page: _Page) -> Iterator[int]:
    """Rows of single words above the story, which no line announces: sections, buttons."""
    row: list[int] = []
    for index in range(page.story[0] + 1):
        text = page.texts[index]
        if index < page.story[0] and page.is_line(index, 1) and text.isalpha() and not is_unspaced(text):
            row.append(index)
        elif row:
            is_announced = row[0] > 0 and page.is_open[row[0] - 1] and page.announces(row[0] - 1)
            if len(row) >= FEWEST_WORDS and not is_announced:
                yield from row
            row = []


def _among_above(page: _Page) -> Iterator[int]:
    """Lines above the story with furniture on both sides, or a menu right below. Longer ones may be its
    headline, and what stands right above the first paragraph its heading."""
    for index in range(page.story[0] - 1):
        is_above = page.is_furniture(index + 1) and (
            page.is_furniture(index - 1) or page.kinds.get(index + 1, "nav") == "nav"
        )
        if is_above and page.is_line(index, MOST_OF_ENTRY) and not page.announces(index):
            yield index


def _among_below(page: _Page) -> Iterator[int]:
    """Lines below the story right above or below furniture, or beside a date, and whatever is right below a
    legal note. Rows of lines above it may be a list of the story's, or a label and what it stands for."""
    for index in page.below:
        beside = [page.is_furniture(at) or page.kinds.get(at) == "date" for at in (index - 1, index + 1)]
        if not any(beside) or not page.is_left(index):
            continue
        is_below = beside[0] and index - 1 > page.story[-1]
        is_line = page.is_line(index, MOST_OF_LINE) and not page.announces(index)
        is_right_above = beside[1] and not page.is_entry(index - 1, MOST_OF_LINE)
        is_below_legal = is_below and page.kinds.get(index - 1) == "legal"
        if is_below_legal or (is_line and (is_below or is_right_above)):
            yield index


def _labels_between(page: _Page) -> Iterator[int]:
    """Labels between paragraphs, with furniture on one side and more of it, or another line, on the other. A
    label right above a paragraph, or an item of a list, may be its heading."""
    for index in range(page.story[0] + 1, page.story[-1]):
        beside = (index - 1, index + 1)
        others = [at for at in beside if not (page.out[at] and page.kinds.get(at) in STANDS_BESIDE)]
        if len(others) == len(beside) or not page.is_line(index, MOST_OF_LABEL):
            continue
        is_heading = end_of(page.texts[index]) in (COLON, COMMA)
        if not is_heading and all(map(page.is_plain_line, others)):
            yield index


def _below_headings(page: _Page) -> Iterator[int]:
    """Lines below a heading like "Related": other stories. What stands right above a paragraph may be its
    heading, unless it is as long as headlines are and no other heading is, and what has a full stop may be
    told."""
    for heading in page.headings:
        index = heading + 1
        while index < len(page.texts) and page.is_teaser(index):
            yield index
            index += 1
        if index < len(page.texts) and page.is_headline(index) and not page.has_long_headings:
            yield index


_WAYS: dict[str, Callable[[_Page], Iterable[int]]] = {
    "promo/below-heading": _below_headings,
    "comment/below": _below_comments,
    "legal/below": _below_legal,
    "nav/below": _below_menus,
    "other/below-calls": _below_calls,
    "other/between": _between,
    "other/box": _boxes,
    "other/below-the-story": _below_story,
    "other/far-below": _far_below,
    "nav/menu": _menus,
    "nav/words": _words_above,
    "nav/above-the-story": _above_story,
    "nav/among-furniture": _among_above,
    "other/among-furniture": _among_below,
    "nav/label-among-furniture": _labels_between,
}
_PAST, _BEFORE = "other/past-the-end", "nav/before-the-beginning"
_OUTSIDE: dict[str, Callable[[extent.Page], Iterator[int]]] = {_PAST: extent.below, _BEFORE: extent.above}
_WAYS_ALONE = {"nav/words": _words_above}
"""Those that ask for no furniture."""
