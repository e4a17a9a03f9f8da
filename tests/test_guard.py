"""Kinds of story that look like residue stay whole, line by line; a page of menu loses its menu.

Each sample is rich in the words that rules look for. A line of a sample that begins with a role in brackets
is the headline, the author line ... and must become exactly that; "[out]" is residue, and must go.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cleaners import Settings, clean
from cleaners.article import Article
from tests.samples import PROSE, ROOT, SEEDS

GUARD = sorted((ROOT / "tests" / "guard").glob("*.txt"))
_MARK = re.compile(r"\[(out|headline|byline|date|caption)\] (.*)")


def _sample(path: Path) -> tuple[str, list[tuple[str, str]]]:
    """The text as a scraper left it, and what each of its lines must become."""
    lines: list[str] = []
    expected: list[tuple[str, str]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        marked = _MARK.fullmatch(line)
        role, text = (marked[1], marked[2]) if marked else ("text", line)
        lines.append(text)
        if text.strip():
            expected.append((role, _spaced(text)))
    return "\n".join(lines), expected


def _spaced(line: str) -> str:
    return " ".join(line.split())


def _became(article: Article, expected: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """What became of each line, in order."""
    left = [_spaced(line) for line in article.text.split("\n") if line.strip()]
    fields = {_spaced(block.text): block.type for block in article.blocks}
    became: list[tuple[str, str]] = []
    for _, line in expected:
        if left and left[0] == line:
            became.append(("text", left.pop(0)))
        else:
            became.append((fields.get(line, "out"), line))
    return became if not left else [*became, *[("never asked for", line) for line in left]]


@pytest.mark.parametrize("path", GUARD, ids=lambda path: path.stem)
def test_a_story_of_any_kind_stays_whole(path: Path) -> None:
    text, expected = _sample(path)
    assert _became(clean(text), expected) == expected


KINDS = (
    "poetry", "interview", "live", "list", "recipe", "table", "code", "wire", "transcript", "legal", "quotes",
    "brief", "menu",
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_several_samples(kind: str) -> None:
    assert sum(path.stem.startswith(f"{kind}-") for path in GUARD) >= 3


_STOP = re.compile(r"(?<=[.!?…。！？؟।])([”’»“\"」)]?)(?:\s+|(?<=[。！？」]))")
_QUOTES = re.compile('[“”„«»「」"]')


def _sentences(prose: str) -> list[str]:
    """The sentences of a text, a quotation of several as one."""
    sentences = [""]
    for piece in _STOP.sub("\\1\n", prose).split("\n"):
        if piece.strip():
            sentences[-1] = f"{sentences[-1]} {piece.strip()}".strip()
            if len(_QUOTES.findall(sentences[-1])) % 2 == 0:
                sentences.append("")
    return [sentence for sentence in sentences if sentence]


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.stem)
def test_prose_of_one_sentence_a_line_stays_whole(path: Path) -> None:
    sentences = _sentences(path.read_text(encoding="utf-8"))
    assert len(sentences) > 3
    article = clean("\n".join(sentences))
    out = [(change.rules[-1], change.before) for change in article.changes if change.op != "space"]
    assert out == []


@pytest.mark.parametrize("path", [*SEEDS, *PROSE, *GUARD], ids=lambda path: path.stem)
def test_a_cleaned_story_is_clean(path: Path) -> None:
    """Rules find nothing more. The judgement on the rest weighs a line against all others, and may: but only
    what it doubted at first."""
    article = clean(_sample(path)[0] if path in GUARD else path.read_bytes())
    rules_alone = Settings(without=frozenset({"evidence", "promo/bare-headline"}))
    assert clean(article.text, settings=rules_alone).text == article.text
    doubted = {block.text for block in article.blocks for entry in article.review if entry.span == block.span}
    again = clean(article.text).text
    assert [line for line in article.text.split("\n\n") if line not in doubted] == [
        line for line in again.split("\n\n") if line not in doubted
    ]
