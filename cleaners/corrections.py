"""Corrections: what a newsroom says of its own errors is part of the story. Words are in fields.toml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from cleaners.model import Document, Edit
from cleaners.people import alternatives, load_phrases
from cleaners.rule import LONGEST_NOTE

RULES = {"correction/note": "says what was wrong in the piece, and stays"}

LONGEST_DATE, SHORTEST, FARTHEST = 40, 12, 300
"""Code points: between a label and its colon, of what is said behind it, and down to the word that tells a
correction from other notes."""
_OPENING = 2
"""Letters by which most paragraphs are known to be none."""
_LETTER = "[^\\W\\d_\u3040-\u9fff\uac00-\ud7a3]"
"""One that a word may go on with; where words are not spaced, any letter may follow."""
_MARKS = " \u00a0*•_[]()–—-"


class _Phrases(NamedTuple):
    openings: frozenset[str]
    pattern: re.Pattern[str]


@lru_cache(maxsize=1)
def _load() -> _Phrases:
    """What corrections begin with: a label and a colon; what an earlier version said; and what any note, or
    any sentence on the piece itself, begins with, if a word of correcting follows."""
    phrases = load_phrases()
    tables = ("correction-labels", "earlier-version", "note-labels", "this-piece", "corrected", "updated")
    labels, versions, notes, pieces, corrected, updated = (alternatives(phrases[table]) for table in tables)
    behind = rf"(?!{_LETTER}).{{1,{FARTHEST}}}?(?<!{_LETTER})"
    pattern = (
        rf"(?:{labels})(?!{_LETTER})[^:：;.!?]{{0,{LONGEST_DATE}}}[:：–—-].{{{SHORTEST}}}|(?:{versions})"
        rf"|(?:{notes}){behind}(?:{corrected}|{updated})|(?:{pieces}){behind}(?:{corrected})"
    )
    openings = {phrase[:_OPENING] for table in tables[:4] for phrase in phrases[table]}
    return _Phrases(frozenset(openings), re.compile(pattern, re.IGNORECASE))


def is_correction(text: str) -> bool:
    """Whether a paragraph is a note on an error, by how it begins."""
    openings, pattern = _load()
    text = text.lstrip(_MARKS)
    return text[:_OPENING].casefold() in openings and pattern.match(text) is not None


def mark_corrections(doc: Document) -> Iterator[Edit]:
    """Keep the notes on errors that stand above or below the story; within it nothing threatens them."""
    story = doc.story
    above, below = (story[0], story[-1]) if story else (len(doc.blocks), 0)
    for index, block in enumerate(doc.blocks):
        is_outside = index <= above or index >= below
        if is_outside and block.is_open and len(block.text) <= LONGEST_NOTE and is_correction(block.text):
            yield Edit(index, "correction/note", RULES["correction/note"], "body")
