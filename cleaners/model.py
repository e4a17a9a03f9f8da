"""What a document is while it is being cleaned, and `apply`, the only code that changes one.

A cleaner is a function that reads a document and proposes edits; it never changes text itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Literal, NamedTuple

import msgspec

Role = Literal[
    "body",
    "heading",
    "dek",
    "headline",
    "byline",
    "dateline",
    "date",
    "caption",
    "credit",
    "boilerplate",
    "repeat",
]


class RoleMeaning(NamedTuple):
    """What becomes of a block with a given role."""

    in_text: bool
    """The block's text is part of the article's `text`."""
    in_article: bool
    """The block is listed among the article's `blocks`."""
    open: bool
    """Later cleaners may still give the block another role."""


ROLES: Mapping[Role, RoleMeaning] = {
    "body": RoleMeaning(in_text=True, in_article=True, open=True),
    "heading": RoleMeaning(in_text=True, in_article=True, open=True),
    "dek": RoleMeaning(in_text=True, in_article=True, open=True),
    "headline": RoleMeaning(in_text=False, in_article=True, open=False),
    "byline": RoleMeaning(in_text=False, in_article=True, open=False),
    "dateline": RoleMeaning(in_text=False, in_article=True, open=False),
    "date": RoleMeaning(in_text=False, in_article=True, open=False),
    "caption": RoleMeaning(in_text=False, in_article=True, open=False),
    "credit": RoleMeaning(in_text=False, in_article=True, open=False),
    "boilerplate": RoleMeaning(in_text=False, in_article=False, open=False),
    "repeat": RoleMeaning(in_text=False, in_article=False, open=False),
}


OPEN: frozenset[Role] = frozenset(role for role, meaning in ROLES.items() if meaning.open)
GONE: frozenset[Role] = frozenset(role for role, meaning in ROLES.items() if not meaning.in_article)


class Value(msgspec.Struct, frozen=True, gc=False):
    """An immutable record. Made by the thousand: a struct costs a fifth of a named tuple, and `gc=False`
    spares the collector what holds no cycles."""


class Block(Value, frozen=True):
    """A paragraph as a reader sees it.

    `start` and `end` are code points of the document's source, half-open. They never move,
    whatever happens to `text`.
    """

    start: int
    end: int
    text: str
    role: Role = "body"

    @property
    def is_open(self) -> bool:
        """Cleaners may still decide on it: nothing has taken it out of the text, and it has words."""
        return self.role in OPEN and self.text != ""


NO_FACTS: Mapping[str, str] = {}


class Edit(Value, frozen=True):
    """What one rule or judgement decided about one block."""

    block: int
    """Index into the document's blocks."""
    rule: str
    """`pack/name`; the part before the slash is the category."""
    why: str
    """One clause for people."""
    role: Role | None = None
    text: str | None = None
    facts: Mapping[str, str] = NO_FACTS
    """What the line says about the article: "headline", "author", "location", "date" ..."""
    confidence: float = 1.0
    needs: float | None = None
    """The confidence that this edit is carried out with, where it is not the bar of the settings."""

    def is_carried_out(self, bar: float) -> bool:
        """Whether it is sure enough."""
        return self.confidence >= (bar if self.needs is None else self.needs)

    @property
    def category(self) -> str:
        return self.rule.partition("/")[0]


class Document(Value, frozen=True, dict=True, gc=True):
    """A decoded source, its blocks, and every edit proposed so far, in order."""

    source: str
    blocks: tuple[Block, ...]
    edits: tuple[Edit, ...] = ()
    encoding: str = "utf-8"
    site: str = ""
    """Host name the text came from, without "www."; empty when unknown."""
    name: str = ""
    given: Mapping[str, str] = NO_FACTS
    """What the record around the text says of it: "title", "date" ..."""

    @cached_property
    def odd(self) -> frozenset[bytes]:
        """The source's runs of anything but plain ASCII: what repair looks at. A byte order mark in front
        is in no block."""
        return odd_runs(self.source.removeprefix("\ufeff").encode("utf-8", "surrogatepass"))

    @cached_property
    def has_wide_gaps(self) -> bool:
        """Whether two spaces stand side by side anywhere in the source: few blocks are rows of a table."""
        return "  " in self.source

    @cached_property
    def told(self) -> Told:
        """How the story is told, by the blocks as they were when first asked."""
        return told([block.text for block in self.blocks])

    @cached_property
    def story(self) -> Sequence[int]:
        """Indices of the story-shaped blocks, which every cleaner asks for."""
        return self.told.story


Cleaner = Callable[[Document], Iterable[Edit]]


def apply(doc: Document, edits: Iterable[Edit], bar: float) -> Document:
    """Record every edit, and carry out those whose confidence reaches the bar.

    The first decision that takes a block out of the text wins: later edits of that block are
    recorded and change nothing. So does a decision that it is "body", but for repairs.
    Returns the document itself when nothing was proposed.
    """
    proposed = tuple(edits)
    if not proposed:
        return doc
    blocks = list(doc.blocks)
    settled = {edit.block for edit in doc.edits if edit.role == "body"}
    for edit in proposed:
        block = blocks[edit.block]
        is_late = edit.role is not None and edit.block in settled
        if edit.is_carried_out(bar) and block.role in OPEN and not is_late:
            text = block.text if edit.text is None else edit.text
            blocks[edit.block] = Block(block.start, block.end, text, edit.role or block.role)
    edits = doc.edits + proposed
    done = Document(doc.source, tuple(blocks), edits, doc.encoding, doc.site, doc.name, doc.given)
    done.__dict__.update(doc.__dict__)  # what was worked out of the source stays so
    changed = {edit.block for edit in proposed if edit.text is not None}
    if changed and "story" in done.__dict__:
        is_shaped = is_long_sentence if doc.told.in_sentences else is_story_shaped
        now = {index for index in changed if is_shaped(blocks[index].text)}
        done.__dict__["story"] = sorted(now.union(doc.story) - (changed - now))
    return done


def effective(edits: Iterable[Edit], bar: float) -> dict[int, list[Edit]]:
    """The edits that were carried out, by block, in order."""
    done: dict[int, list[Edit]] = {}
    closed: set[int] = set()
    settled: set[int] = set()
    for edit in edits:
        is_late = edit.block in closed or (edit.role is not None and edit.block in settled)
        if is_late or not edit.is_carried_out(bar):
            continue
        done.setdefault(edit.block, []).append(edit)
        if edit.role == "body":
            settled.add(edit.block)
        elif edit.role is not None and edit.role not in OPEN:
            closed.add(edit.block)
    return done


def runs(indices: Iterable[int], farthest: int) -> Iterator[list[int]]:
    """Rows of ascending indices, each no farther from the one before than so many blocks."""
    row: list[int] = []
    for index in indices:
        if row and index - row[-1] > farthest:
            yield row
            row = []
        row.append(index)
    if row:
        yield row


# Printable ASCII, tabs and line breaks become spaces; everything else, control characters too, stays.
_PLAIN_TO_SPACE = bytes(32 if 32 <= b < 127 or b in b"\t\n\f\r" else b for b in range(256))


def odd_runs(data: bytes) -> frozenset[bytes]:
    """The runs of anything but printable ASCII in a text that is given as UTF-8. Splitting bytes costs a
    quarter of a regular expression; it does not tell U+000B from a space."""
    return frozenset(data.translate(_PLAIN_TO_SPACE).split())


# What ends a sentence, in the scripts news is written in; news often ends a paragraph in a quotation.
SENTENCE_END = ".!?…。．！？؟۔।॥։።᙮‼⁇⁈⁉"
CLOSERS = "\"'”’»›)]}」』）】〉》“‘\u00a0\u202f *"
STORY_WORDS = 25
STORY_UNSPACED = 60
"""Characters that weigh as much as `STORY_WORDS` where words are not spaced."""
CHARS_A_WORD = 2.2
"""Characters that count as a word there."""
STEM = 6
"""Letters of a word that are looked at: by what is seen of a block and by what is heard of it alike."""


def ends_like_sentence(text: str) -> bool:
    """Whether the text ends in a full stop of its script, closing quotes and brackets aside."""
    last = text[-1:]
    if last in CLOSERS:
        last = text.rstrip(CLOSERS)[-1:]
    return last != "" and last in SENTENCE_END


# Thai to Lao, Burmese, Khmer, kana and Chinese characters.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u9fff]")


def is_unspaced(text: str) -> bool:
    """Whether the text is written without spaces between words (Chinese, Japanese, Thai ...)."""
    if text.isascii() or not _UNSPACED.search(text, 0, 20):
        return False
    return text.count(" ") * 20 < len(text)


def is_story_shaped(text: str) -> bool:
    """A block of about 25 words or more that ends like a sentence: a paragraph of some story."""
    if len(text) < STORY_UNSPACED or not (text[-1] in SENTENCE_END or ends_like_sentence(text)):
        return False
    fewest = STORY_WORDS - 1
    # Most paragraphs show it in their first lines: counting costs as much as all the rest.
    return text.count(" ", 0, 10 * fewest) >= fewest or text.count(" ") >= fewest or is_unspaced(text)


SENTENCE_WORDS, SENTENCE_UNSPACED = 10, 25
FEWEST_SENTENCES, LEAST_TOLD = 5, 0.6
"""So many sentences of so many words, and such a share of what stands there, are a story told in paragraphs
of one sentence, as tabloids and agencies write them."""


def is_long_sentence(text: str) -> bool:
    """A block of about ten words or more that ends like a sentence, and not in dots."""
    if len(text) < SENTENCE_UNSPACED or not ends_like_sentence(text) or text.endswith(("…", "...")):
        return False
    return text.count(" ") + 1 >= SENTENCE_WORDS or is_unspaced(text)


class Told(NamedTuple):
    """Which blocks are paragraphs of a story."""

    story: Sequence[int]
    in_sentences: bool
    """Single sentences are paragraphs: nothing in the text is told in longer ones."""


def told(texts: Sequence[str]) -> Told:
    """The story-shaped blocks, unless they are the lesser part of a text whose paragraphs are sentences."""
    shaped = [at for at, text in enumerate(texts) if len(text) >= STORY_UNSPACED and is_story_shaped(text)]
    return told_by(shaped, texts)


def told_by(shaped: Sequence[int], texts: Sequence[str]) -> Told:
    """The same, of texts whose story-shaped ones are known."""
    total = sum(map(len, texts))
    if 2 * sum([len(texts[at]) for at in shaped]) >= total:
        return Told(shaped, in_sentences=False)
    sentences = [at for at, text in enumerate(texts) if is_long_sentence(text)]
    size = sum([len(texts[at]) for at in sentences])
    is_terse = len(sentences) >= FEWEST_SENTENCES and size >= LEAST_TOLD * total
    return Told(sentences, in_sentences=True) if is_terse else Told(shaped, in_sentences=False)
