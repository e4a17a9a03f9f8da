"""Articles put out of shape, so that what is learned knows odd forms of writing and stray headlines.

Each takes the labelled lines of a page and gives labelled lines again: the story as verse, as a list, as
questions and answers, in capitals, cut to a brief; and other pages' headlines between its paragraphs.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence

ARTICLE, RESIDUE = 1, 0
Lines = tuple[list[str], list[int]]
Reshape = Callable[[str, random.Random], list[str]]

ONE_IN = 4
"""Pages of which one is put out of shape."""
MOST_LINES = 60
PARAGRAPH = 100
"""Characters of a line, at least, between which headlines are put."""
NEAREST_OF = 20
_SENTENCE = re.compile(r"(?<=[.!?。！？])\s+|(?<=[。！？])")
_CLAUSE = re.compile(r"(?<=[,;:.!?、。])\s*")
_NAMES = ("Q", "A", "INTERVIEWER", "MAYOR", "MARA", "JONAS")


def perturbed(
    texts: Sequence[str], labels: Sequence[int], titles: Sequence[str], chance: random.Random
) -> Iterator[Lines]:
    """At most one odd form of the story, and one with stray headlines."""
    if chance.randrange(ONE_IN) == 0:
        yield _reshaped(texts, labels, chance.choice((_verse, _items, _bullets, _answers, _capitals)), chance)
    elif chance.randrange(ONE_IN) == 0:
        yield _brief(texts, labels)
    if chance.randrange(2) == 0 and len(titles) > NEAREST_OF:
        yield _with_headlines(texts, labels, titles, chance)


def _verse(text: str, chance: random.Random) -> list[str]:
    """Clauses of a few words, without the commas in between."""
    lines = [part.strip() for part in _CLAUSE.split(text)]
    return [line.rstrip(",;:") if chance.random() < 0.5 else line for line in lines if line]


def _items(text: str, _: random.Random) -> list[str]:
    """Sentences without full stops."""
    return [part.strip().rstrip(".。") for part in _SENTENCE.split(text) if part.strip(" .。")]


def _bullets(text: str, chance: random.Random) -> list[str]:
    mark = chance.choice(("- ", "• ", "* "))
    return [mark + item for item in _items(text, chance)]


def _answers(text: str, chance: random.Random) -> list[str]:
    """Sentences one a line, some said by somebody, some asked."""
    lines = []
    for part in _SENTENCE.split(text):
        kind = chance.random()
        part = part.strip()
        if kind < 0.3:
            part = f"{chance.choice(_NAMES)}: {part}"
        elif kind < 0.5:
            part = part.rstrip(".。") + "?"
        lines.append(part)
    return [line for line in lines if line]


def _capitals(text: str, _: random.Random) -> list[str]:
    return [text.upper()]


def _reshaped(texts: Sequence[str], labels: Sequence[int], reshape: Reshape, chance: random.Random) -> Lines:
    """The story's lines in another form, the residue as it is."""
    lines: list[str] = []
    marks: list[int] = []
    for text, label in zip(texts, labels, strict=True):
        if len(lines) > MOST_LINES:
            break
        parts = reshape(text, chance) if label == ARTICLE else [text]
        lines += parts
        marks += [label] * len(parts)
    return lines, marks


def _brief(texts: Sequence[str], labels: Sequence[int]) -> Lines:
    """All but the first few paragraphs left out."""
    lines: list[str] = []
    marks: list[int] = []
    for text, label in zip(texts, labels, strict=True):
        if label != ARTICLE or marks.count(ARTICLE) < 3:
            lines.append(text)
            marks.append(label)
    return lines, marks


def _with_headlines(
    texts: Sequence[str], labels: Sequence[int], titles: Sequence[str], chance: random.Random
) -> Lines:
    """Headlines of other pages in a few places between paragraphs."""
    lines: list[str] = []
    marks: list[int] = []
    own = set(" ".join(texts).lower().split())
    gaps = [
        at
        for at in range(len(texts) - 1)
        if labels[at] == labels[at + 1] == ARTICLE and min(len(texts[at]), len(texts[at + 1])) > PARAGRAPH
    ]
    places = set(chance.sample(gaps, min(3, len(gaps))))
    for index, (text, label) in enumerate(zip(texts, labels, strict=True)):
        lines.append(text)
        marks.append(label)
        if index in places:
            strays = [_stray(own, titles, chance) for _ in range(chance.choice((1, 1, 1, 1, 2, 3)))]
            lines += strays
            marks += [RESIDUE] * len(strays)
    return lines, marks


def _stray(own: set[str], titles: Sequence[str], chance: random.Random) -> str:
    """Another page's headline, at times the one of many that shares the most words with the story, at times
    in capitals."""
    some = chance.sample(list(titles), chance.choice((1, NEAREST_OF)))
    title = max(some, key=lambda title: len(own.intersection(title.lower().split())))
    return title.upper() if chance.randrange(8) == 0 else title
