"""The judgement on blocks that no rule knows: what looks foreign is put up for review, never removed."""

from __future__ import annotations

from collections.abc import Iterator

from cleaners.article import block_type
from cleaners.model import Document, Edit, ends_like_sentence, is_story_shaped

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
            above = next((b.text for b in reversed(blocks[:index]) if b.is_open), "")
            below = next((b.text for b in blocks[index + 1 :] if b.is_open), "")
            if is_story_shaped(above) and is_story_shaped(below):
                rule = "promo/bare-headline"
                yield Edit(index, rule, RULES[rule], "boilerplate", confidence=DOUBT)


def _is_headline_shaped(text: str) -> bool:
    return (
        FEWEST_WORDS <= text.count(" ") + 1 <= MOST_WORDS
        and text[-1] not in ":,;"
        and not ends_like_sentence(text)
        and block_type(text) == "paragraph"
    )
