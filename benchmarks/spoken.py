"""What invented sites and stories say: `voices/LANGUAGE.txt` and `voices/LANGUAGE_2.txt`, a block a line,
`kind | text`.

Of `story` and `near` (a story in words of sites) the story speaks; `reader` is a comment, and of it and all
other kinds somebody else does.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "voices"
NEAR, READER = "near", "reader"
STORY = ("story", NEAR)


class Line(NamedTuple):
    language: str
    kind: str
    text: str


def spoken() -> Iterator[Line]:
    for path in sorted(FOLDER.glob("*.txt")):
        language = path.stem.partition("_")[0]
        for line in path.read_text(encoding="utf-8").splitlines():
            kind, _, text = line.partition(" | ")
            yield Line(language, kind, text)
