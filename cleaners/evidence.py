"""The judgement on blocks that no rule knows: what looks foreign is put up for review, never removed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from cleaners.article import block_type
from cleaners.model import Block, Document, Edit, ends_like_sentence, is_story_shaped

RULES = {"promo/bare-headline": "a headline-shaped line between full paragraphs"}

FEWEST_WORDS, MOST_WORDS, LONGEST = 5, 20, 140
DOUBT = 0.5


def question_headlines(doc: Document) -> Iterator[Edit]:
    """Lines between two story-shaped paragraphs that may be other stories' headlines.

    They may as well be the article's own subheadings: the line alone cannot tell.
    """
    blocks = doc.blocks
    for index, block in enumerate(blocks):
        text = block.text
        if len(text) <= LONGEST and block.is_open and _is_headline_shaped(text):
            above, below = range(index - 1, -1, -1), range(index + 1, len(blocks))
            if _is_story_next(blocks, above) and _is_story_next(blocks, below):
                rule = "promo/bare-headline"
                yield Edit(index, rule, RULES[rule], "boilerplate", confidence=DOUBT)


def _is_story_next(blocks: Sequence[Block], places: Iterable[int]) -> bool:
    """Whether the first open block there is story-shaped."""
    text = next((blocks[place].text for place in places if blocks[place].is_open), "")
    return is_story_shaped(text)


def _is_headline_shaped(text: str) -> bool:
    return (
        FEWEST_WORDS <= text.count(" ") + 1 <= MOST_WORDS
        and text[-1] not in ":,;"
        and not ends_like_sentence(text)
        and block_type(text) == "paragraph"
    )
