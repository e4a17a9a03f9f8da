"""How far the story reaches on a page that was taken whole, by how much of it is told.

Converters that leave nothing out keep menus and other stories' headlines, which outweigh the story. Hardly
anything is told there: sentences stand alone between lines. Like the densities of boilerplate detection
(Kohlschütter, Fankhauser, Nejdl: Boilerplate Detection using Shallow Text Features, WSDM 2010), but asked of
what is left, and only beside furniture that is known: a text without any ends in its last line.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

WITHIN, FEWEST_MARKS, FEWEST_KINDS, ENOUGH_MARKS = 8, 4, 2, 6
"""Close blocks of furniture that mark an edge of the story: so many within so many blocks, of so many kinds
below it, where so many are enough of any. Menus above it are all of one kind."""
FEWEST_TOLD, LEAST_TOLD = 3, 0.5
"""Blocks that are told on the story's side, and their share of the words."""
MOST_TOLD_BELOW, MOST_TOLD_ABOVE, MOST_IN_ROW = 0.35, 0.1, 2
"""The share of what is left on the other side that may be told, and how much of it in a row. Teasers stand
below headlines; of questions and answers half is told."""
NO_STORY, LEAST_BESIDE_NONE = 0.05, 0.3
"""The share of what is left below that is told where no story is, only notes on cookies between hundreds of
lines, and the share of the words that is enough above."""
MOST_FIGURES = 0.3
"""The share of what is left below that may be rows of figures: a long table may end a story."""
FEWEST_LEFT = 6
"""Blocks on the other side: what is less is left to those that look at each line."""
NEAR, MARGIN = 3, 15
"""Blocks within which a story's first paragraphs stand, and above them what may belong to it."""


class Page(NamedTuple):
    """What is known of each block of a document."""

    told: Sequence[int]
    """Words of a paragraph or a sentence of some length that is left; 0 of others."""
    left: Sequence[bool]
    facts: Sequence[bool]
    """A headline where it stands last above the story, an author, a date or a caption."""
    kinds: Sequence[str]
    """Of furniture that marks an edge; empty of all others."""
    is_figures: Callable[[int], bool]
    """Whether a block is a row of a table, or a line like one."""
    headline: int = 0
    """Where the headline stands once more, right above the story; above it there is none. 0 if unknown."""
    signature: int = 0
    """Where the story is signed, if that tells the same; 0 if unknown."""


def below(page: Page) -> Iterator[int]:
    """What is left below the end of the story: below close furniture, where what is told stands alone."""
    size = len(page.told)
    words, told, left = _sums(page.told), _sums(map(bool, page.told)), _sums(page.left)
    for start in filter(page.kinds.__getitem__, range(_lone_from(page), size)):
        rest, others = left[size] - left[start], told[size] - told[start]
        is_bare = others <= MOST_TOLD_BELOW * rest
        least = LEAST_BESIDE_NONE if others <= NO_STORY * rest else LEAST_TOLD
        top = min(start, page.headline or page.signature)
        is_story = told[start] - told[top] >= FEWEST_TOLD and words[start] - words[top] >= least * words[size]
        if is_story and is_bare and rest >= FEWEST_LEFT and _ends_at(page, start):
            found = [index for index in range(start, size) if page.left[index]]
            is_table = sum(map(page.is_figures, found)) > MOST_FIGURES * rest
            yield from () if is_table else found
            return


def above(page: Page) -> Iterator[int]:
    """What is left above close furniture, if that is far above the story and all that is known of it."""
    words, told, left = _sums(page.told), _sums(map(bool, page.told)), _sums(page.left)
    marks = _sums(map(bool, page.kinds))
    for end in filter(page.kinds.__getitem__, range(_beginning(page) - 1, -1, -1)):
        is_edge = marks[end + 1] - marks[max(0, end + 1 - WITHIN)] >= FEWEST_MARKS
        is_bare = told[end] <= MOST_TOLD_ABOVE * left[end] and left[end] >= FEWEST_LEFT
        is_story = told[-1] - told[end] >= FEWEST_TOLD and words[end] <= (1 - LEAST_TOLD) * words[-1]
        if is_edge and is_bare and is_story:
            yield from (index for index in range(end) if page.left[index])
            return


def _ends_at(page: Page, start: int) -> bool:
    """Whether much furniture stands close, from a block on."""
    marks = [*filter(None, page.kinds[start : start + WITHIN])]
    return len(marks) >= ENOUGH_MARKS or (len(marks) >= FEWEST_MARKS and len({*marks}) >= FEWEST_KINDS)


def _lone_from(page: Page) -> int:
    """The block from which on nothing more is told in a row; facts may stand between."""
    row = 0
    for index in range(len(page.told) - 1, -1, -1):
        row = row + 1 if page.told[index] else row if page.facts[index] else 0
        if row > MOST_IN_ROW:
            return index + 1
    return 0


def _beginning(page: Page) -> int:
    """The block from which on there may be something of the story: a fact, or what is not far above the first
    paragraphs that stand close."""
    told = _sums(map(bool, page.told))
    size = len(page.told)

    def is_first(index: int) -> bool:
        near, beside = min(size, index + 1 + NEAR), min(size, index + WITHIN)
        return told[near] - told[index] >= 2 and told[beside] - told[index] >= FEWEST_TOLD

    if page.headline:
        return max(0, page.headline - MARGIN)
    first = next((index for index in range(size) if page.told[index] and is_first(index)), 0)
    fact = next((index for index in range(first) if page.facts[index]), first)
    return max(0, min(fact, first - MARGIN))


def _sums(values: Iterable[int]) -> list[int]:
    """How much there is before each place, and in all."""
    return [*itertools.accumulate(values, initial=0)]
