"""Invented texts to learn from: odd forms of writing, and news beside which the site sounds like the story.

Pages of the news have hardly a poem, a recipe or a ticker among them, and their labels do not tell a reader's
comment from a paragraph that the reference forgot. `forms/*.txt` holds a text each, a block a line; the first
line says language and form; what the site says begins with a tilde.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from lines import ARTICLE, RESIDUE
from markup import LEFT_OUT

FOLDER = Path(__file__).parent / "forms"
SITE = "~ "


class Form(NamedTuple):
    """A text, block by block."""

    name: str
    texts: list[str]
    labels: list[int]


def forms() -> Iterator[Form]:
    for path in sorted(FOLDER.glob("*.txt")):
        _, *lines = path.read_text(encoding="utf-8").splitlines()
        texts = [line.removeprefix(SITE) for line in lines]
        labels = [RESIDUE if line.startswith(SITE) else ARTICLE for line in lines]
        # Mostly a headline, and these go from the text as well.
        labels[labels.index(ARTICLE)] = LEFT_OUT
        yield Form(path.stem, texts, labels)
