"""How many lone lines of sites go from a clean article, and whether sentences that sound like them stay.

    python benchmarks/strays.py [--max-risk RISK] [--without ID ...] [--show story]

`tests/quality/strays` holds invented lines, `kind | place | text`: H above an article, M between two of its
paragraphs, T below it; lines that stand together are divided by ` // `. None is learned from, and no rule is
to be written from them: they tell what cleaning does to what it has never seen. `--show story` prints the
sentences of stories that were lost.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple
from zlib import crc32

from quality import QUALITY, STAY, load

from cleaners import Settings, Source, clean_many

FOLDER = QUALITY / "strays"
STORY = "story"
FEWEST_LINES = 6
"""Of an article that strays are put into."""


class Stray(NamedTuple):
    kind: str
    place: str
    texts: list[str]


def read_strays(name: str) -> list[Stray]:
    rows = (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    parts = (row.split(" | ", 2) for row in rows)
    return [Stray(kind, place, text.split(" // ")) for kind, place, text in parts]


@cache
def articles() -> list[list[str]]:
    """The paragraphs of English articles that cleaning leaves whole."""
    english = [sample for sample in load("dev") if sample.language == "en"]
    bodies = [[line.text for line in sample.lines if line.label in STAY] for sample in english]
    return [body for body in bodies if len(body) >= FEWEST_LINES]


def beside(stray: Stray) -> list[str]:
    """An article with the stray in its place."""
    body = articles()[crc32(stray.texts[0].encode()) % len(articles())]
    at = {"H": 0, "M": len(body) // 2, "T": len(body)}[stray.place]
    return [*body[:at], *stray.texts, *body[at:]]


def lost(strays: Sequence[Stray], settings: Settings) -> Iterator[tuple[Stray, list[str]]]:
    """The lines of each stray that went from the text."""
    sources = [Source("\n\n".join(beside(stray))) for stray in strays]
    for stray, article in zip(strays, clean_many(sources, settings), strict=True):
        kept = set(article.text.split("\n"))
        yield stray, [text for text in stray.texts if text not in kept]


def shares(strays: Sequence[Stray], settings: Settings) -> dict[str, float]:
    """The share of lines that went, by kind."""
    lines, gone = Counter[str](), Counter[str]()
    for stray, texts in lost(strays, settings):
        lines[stray.kind] += len(stray.texts)
        gone[stray.kind] += len(texts)
    return {kind: gone[kind] / lines[kind] for kind in sorted(lines)} | {"all": gone.total() / lines.total()}


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--max-risk", type=float, default=Settings().max_risk, help="as of `copydesk clean`")
    parser.add_argument(
        "--without", action="append", default=[], metavar="NAME", help="as of `copydesk clean`"
    )
    parser.add_argument("--show", choices=[STORY], help="print the lost lines")
    arguments = parser.parse_args()
    settings = Settings(language=False, max_risk=arguments.max_risk, without=frozenset(arguments.without))
    for kind, share in shares(read_strays("site"), settings).items():
        print(f"{kind:10} {share:6.1%} of the lines out")
    told = read_strays(STORY)
    found = [text for _, texts in lost(told, settings) for text in texts]
    print(f"{STORY:10} {len(found)} of {len(told)} sentences lost")
    for text in found if arguments.show else ():
        print(f"  {text}")


if __name__ == "__main__":
    main()
