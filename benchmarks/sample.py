"""The fixed sample that speed is measured on, made from seeds/: the same bytes on every machine.

python benchmarks/sample.py > sample.jsonl
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec

from cleaners.model import ends_like_sentence
from cleaners.read import decode

SEEDS = Path(__file__).parent.parent / "seeds"
ARTICLES = 400
LENGTH = 6_000
"""Characters of an article, at least. With paragraphs joined in pairs this gives what extractors leave of
news pages, measured on ten sets of them: 6 kB, 4 to 5 blocks a kB, 2 to 3 of them under 200 characters."""
BROKEN_EVERY = 100
"""One article in so many is garbled or full of markup, as in scraped news; of the samples far more are."""


def articles(count: int = ARTICLES, first: int = 0) -> Iterator[dict[str, str]]:
    """Records with `id` and `text`, numbered from `first`. No two share a line of prose, nor do samples that
    begin at other multiples of `ARTICLES`, so that no memo flatters the figures."""
    texts = [decode(path.read_bytes()).text for path in sorted(SEEDS.glob("*.txt"))]
    broken = [text for text in texts if "Ã" in text or "â€" in text or "&amp;" in text or "<p>" in text]
    sound = [text for text in texts if text not in broken]
    plain, odd = itertools.cycle(sound), itertools.cycle(broken)
    bodies = itertools.cycle([_body(text) for text in sound[1:]])
    for number in range(count):
        text = next(odd if number % BROKEN_EVERY == BROKEN_EVERY - 1 else plain)
        while len(text) < LENGTH:
            text += "\n\n" + next(bodies)
        yield {"id": f"sample-{first + number}", "text": _marked(text, first + number)}


def _body(text: str) -> str:
    """The paragraphs of another sample, without the residue around them, joined in pairs."""
    paragraphs = [line for line in text.splitlines() if len(line) > 150]
    return "\n\n".join(" ".join(paragraphs[at : at + 2]) for at in range(0, len(paragraphs), 2))


def _marked(text: str, number: int) -> str:
    """The text with a word of its own in each line of prose; furniture stays what every page prints."""
    word = "".join(chr(ord("a") + int(digit)) for digit in str(number))
    return "\n".join(_mark(line, word) for line in text.split("\n"))


def _mark(line: str, word: str) -> str:
    is_prose = len(line) > 40 and ends_like_sentence(line)
    return line.replace(" ", f" {word} ", 1) if is_prose else line


def jsonl(count: int = ARTICLES, first: int = 0) -> bytes:
    """The sample as JSON Lines."""
    return b"".join(msgspec.json.encode(article) + b"\n" for article in articles(count, first))


if __name__ == "__main__":
    sys.stdout.buffer.write(jsonl())
