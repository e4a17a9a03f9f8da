"""Repeats: the headline again, and lines and paragraphs that scrapers print twice.

What is taken out still stands in the text, or in the headline, so nothing of the story is lost. Refrains,
short quotations, headings and items of lists are repeated on purpose.
"""

from __future__ import annotations

import bisect
from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from cleaners.article import block_type
from cleaners.headline import LONGEST_HEADLINE, known_titles, may_be_named, names_of
from cleaners.model import OPEN, STORY_UNSPACED, Document, Edit, ends_like_sentence, is_unspaced

RULES = {
    "repeat/headline": "the headline again",
    "repeat/passage": "a whole passage again, in the same order",
    "repeat/paragraph": "a whole paragraph again",
    "repeat/line": "a line from above the story again, or one twice below it",
    "repeat/cut-short": "the beginning of another line again, cut short",
}

LONG_PARAGRAPH = 19
"""Spaces in a block so long that nobody repeats it on purpose."""
FEWEST_AGAIN, MOST_TEASERS, MOST_BELOW_AGAIN = 3, 2, 1
"""Paragraphs that come again one after the other; story-shaped blocks above one that may be a teaser, and
below a copy at the end."""
FEWEST_OF_PASSAGE, LEAST_OF_PASSAGE, MOST_PLACES = 2, 0.2, 4
"""Long paragraphs of a passage that was printed again; its share of the text, each line taken
once; places above that are looked at for each block."""
FEWEST_STORIES = 3
"""Story-shaped blocks of a text that has a head and a tail: verse and talk have none."""
SPACES_ABOVE, SPACES_BELOW, SPACES_CUT = 5, 7, 7
"""Fewest spaces in a line that is printed again: from above the story, below it, and cut short."""
_CUT = ("…", "...", "[…]", "[...]", "(…)", "(...)")


def mark_repeats(doc: Document) -> Iterator[Edit]:
    """Mark further printings of the headline, of lines and of whole paragraphs.

    Numbers count here: "Day 1" and "Day 2" are two headings.
    """
    texts = [block.text for block in doc.blocks if block.text]
    twins = {"repeat/passage": _passages, "repeat/paragraph": _paragraphs, "repeat/line": _lines}
    ways: dict[str, Callable[[Document], Iterator[int]]] = {
        "repeat/headline": _headlines,
        **(twins if len(set(texts)) < len(texts) else {}),
        "repeat/cut-short": _cut_short,
    }
    for rule, find in ways.items():
        for index in find(doc):
            yield Edit(index, rule, RULES[rule], "repeat")


def _headlines(doc: Document) -> Iterator[int]:
    titles = [*known_titles(doc), *[b.text for b in doc.blocks if b.role == "headline"]]
    names = {name for title in titles for name in names_of(title)}
    # Every printing has all words of one of the names; most lines lack the first looked for.
    wordings = [sorted(name.split(), key=len, reverse=True) for name in sorted(names)]
    shortest = min(map(len, names), default=LONGEST_HEADLINE + 1)
    for index, block in enumerate(doc.blocks if names else ()):
        text = block.text
        if not (shortest <= len(text) <= LONGEST_HEADLINE and block.role in OPEN):
            continue
        if may_be_named(text, wordings) and names & names_of(text):
            yield index


def _passages(doc: Document) -> Iterator[int]:
    """Blocks of passages that stand above already, block for block: a page for wide screens and narrow ones,
    a text that was scraped twice. However often it comes, short lines and headings are part of it."""
    long = [block.text for block in doc.blocks if _is_long(block.text)]
    if len(long) - len(set(long)) < FEWEST_OF_PASSAGE:
        return
    at = [i for i, block in enumerate(doc.blocks) if block.role != "boilerplate" and block.text]
    texts = [doc.blocks[i].text for i in at]
    least = LEAST_OF_PASSAGE * sum(map(len, set(texts)))
    first: dict[str, list[int]] = {}
    here = 0
    while here < len(texts):
        size = max((_alike(texts, above, here) for above in first.get(texts[here], ())), default=0)
        run = range(here, here + max(size, 1))
        is_told = sum(_is_long(texts[i]) for i in run) >= FEWEST_OF_PASSAGE
        if size and is_told and sum(len(texts[i]) for i in run) >= least:
            yield from (at[i] for i in run if doc.blocks[at[i]].is_open)
        for i in run:
            if len(places := first.setdefault(texts[i], [])) < MOST_PLACES:
                places.append(i)
        here = run.stop


def _is_long(text: str) -> bool:
    return len(text) >= STORY_UNSPACED and (text.count(" ") >= LONG_PARAGRAPH or is_unspaced(text))


def _alike(texts: Sequence[str], above: int, here: int) -> int:
    """How many blocks are the same from two places on, those of the upper one all above the lower."""
    size = 0
    while above + size < here and here + size < len(texts) and texts[above + size] == texts[here + size]:
        size += 1
    return size


def _paragraphs(doc: Document) -> Iterator[int]:
    """Long blocks that say word for word what a block above them says: below a teaser, right below, at the
    end, or one after the other. What stands twice in the midst of a story its author said twice."""
    twice = list(_twice(doc))
    copies = [again for _, again in twice]
    is_row = len(copies) >= FEWEST_AGAIN and copies == sorted(copies)
    for first, again in twice:
        above = bisect.bisect_left(doc.story, first)
        below = len(doc.story) - bisect.bisect_right(doc.story, again)
        if is_row or again - first == 1 or above <= MOST_TEASERS or below <= MOST_BELOW_AGAIN:
            yield again


def _twice(doc: Document) -> Iterator[tuple[int, int]]:
    """Where each long paragraph stands that stands twice. What comes a third time is a refrain or an item of
    a plan: scrapers print twice."""
    places: dict[str, list[int]] = {}
    for index, block in enumerate(doc.blocks):
        if block.is_open and _is_long(block.text):
            places.setdefault(block.text, []).append(index)
    for text, at in places.items():
        if len(at) == 2 and block_type(text) == "paragraph":
            yield at[0], at[1]


def _lines(doc: Document) -> Iterator[int]:
    """Further printings, shorter than whole paragraphs: of what stands above the story, unless they may be a
    heading of which that was the table of contents; and of what stands twice, the second time below it."""
    story = doc.story
    if len(story) < FEWEST_STORIES:
        return
    counts = Counter(block.text for block in doc.blocks)
    first: dict[str, int] = {}
    for index, block in enumerate(doc.blocks):
        text = block.text
        if counts[text] < 2 or text.count(" ") < SPACES_ABOVE or not block.is_open:
            continue
        before = first.setdefault(text, index)
        if before == index or block_type(text) != "paragraph":
            continue
        may_be_heading = story[0] < index < story[-1] and not ends_like_sentence(text)
        is_again_below = index > story[-1] and counts[text] == 2 and text.count(" ") >= SPACES_BELOW
        if is_again_below or (before < story[0] and not may_be_heading):
            yield index


def _cut_short(doc: Document) -> Iterator[int]:
    """Lines that break off with an ellipsis and are the beginning of another one: teasers of what follows."""
    cut = [i for i, b in enumerate(doc.blocks) if b.text.endswith(_CUT) and b.role in OPEN]
    for index in cut:
        text = doc.blocks[index].text
        begun = text.rstrip("….[]()").rstrip()
        if begun.count(" ") >= SPACES_CUT and _begins_another(begun, doc, index):
            yield index


def _begins_another(begun: str, doc: Document, index: int) -> bool:
    """Whether another block begins so and goes on; within its last word a text may have been cut."""
    others = (block.text for at, block in enumerate(doc.blocks) if at != index)
    return any(
        text.startswith(begun) and len(text) > len(begun) and not text.endswith(_CUT) for text in others
    )
