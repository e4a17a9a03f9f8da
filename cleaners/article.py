"""The article: the record copydesk emits, its JSON form and its JSON Schema.

Field names are the words of schema.org's NewsArticle where it has one, camelCase in JSON;
`id` and `text` are spelled as corpus tools spell them. Every span counts code points of the
decoded source, half-open.
"""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

import msgspec

VERSION = "0.1.0"
SCHEMA_VERSION = "1.0"
SCHEMA_ID = "urn:copydesk:article:1"

BlockType = Literal[
    "paragraph",
    "listItem",
    "quote",
    "tableRow",
    "heading",
    "dek",
    "headline",
    "byline",
    "dateline",
    "date",
    "caption",
    "credit",
]
Operation = Literal["remove", "move", "repair", "space"]
Newline = Literal["\n", "\r\n", "\r", "mixed"]
Flag = Literal["emptyAfterClean", "mojibakeLeft", "overRemovalGuard", "paywalled", "truncated"]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Sha256 = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
Count = Annotated[int, msgspec.Meta(ge=0)]


_BULLET = re.compile(r"(?:[•‣◦▪▫●○■□*·-]|\d{1,3}[.)])[ \u00a0]\S")
_COLUMNS = re.compile(r"\S {3,}\S")


def block_type(text: str) -> BlockType:
    """What kind of body block a text is, by its look: paragraph, listItem, quote or tableRow."""
    if text[:1].isalpha() and "\t" not in text and "|" not in text and "   " not in text:
        return "paragraph"
    if _BULLET.match(text):
        return "listItem"
    if text.startswith(">"):
        return "quote"
    if "\t" in text or text.count(" | ") > 1 or ("   " in text and len(_COLUMNS.findall(text)) > 1):
        return "tableRow"
    return "paragraph"


class _Record(msgspec.Struct, frozen=True, kw_only=True, rename="camel", gc=False):
    """What all parts of an article share: immutable, named fields, camelCase outside.

    `gc=False`: they hold no cycles, and thousands of them would keep the collector busy.
    """


class Span(_Record, frozen=True):
    """A stretch of the decoded source, in code points, half-open."""

    start: Count
    end: Count


class Origin(_Record, frozen=True):
    """Where an article came from, and what is needed to give its bytes back."""

    name: str
    domain: str | None
    path: str | None
    media_type: str
    encoding: str
    newline: Newline | None
    sha256: Sha256
    length: Count
    """Bytes of the source."""
    record_sha256: Sha256 | None = None
    """Hash of the record that held the text, as it was read; null for a text of its own."""


class Author(_Record, frozen=True):
    name: str
    role: str | None = None
    location: str | None = None


class ArticleBlock(_Record, frozen=True):
    type: BlockType
    text: str
    span: Span


class Change(_Record, frozen=True):
    """One difference between the source and `text`: `before` stands at `span`, `after` in its place."""

    op: Operation
    span: Span
    before: str
    after: str
    rules: list[str]
    category: str
    reason: str
    confidence: Share


class Review(_Record, frozen=True):
    """A block that stayed although something spoke against it."""

    span: Span
    rule: str
    confidence: Share
    question: str


class Dedup(_Record, frozen=True):
    cluster_id: str
    relation: Literal["exact", "near", "contained", "sameHeadline"]
    similarity: Share
    canonical_id: str


class Quality(_Record, frozen=True):
    body_retained: Share
    """Characters of `text`, as a share of `text` and everything removed from it."""
    flags: list[Flag]


class Provenance(_Record, frozen=True):
    """What made this article. No clock: the same input gives the same bytes."""

    tool: str
    version: str
    rules: Sha256
    settings: Sha256
    text_sha256: Sha256


class Article(_Record, frozen=True):
    """One news article: facts, text, and every difference between the source and the text."""

    schema_version: str
    id: str
    url: str | None
    canonical_url: str | None
    source: Origin
    headline: str | None
    alternative_headline: str | None
    description: str | None
    byline: str | None
    authors: list[Author]
    dateline: str | None
    date_published: str | None
    date_published_raw: str | None
    date_modified: str | None
    date_modified_raw: str | None
    in_language: str
    language_confidence: Share
    text: str
    blocks: list[ArticleBlock]
    changes: list[Change]
    review: list[Review]
    dedup: Dedup | None
    quality: Quality
    provenance: Provenance
    extra: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """The article as plain JSON types, camelCase."""
        plain: dict[str, Any] = msgspec.to_builtins(self)
        return plain

    def to_json(self) -> bytes:
        """The article as one line of UTF-8 JSON, without a newline at the end."""
        return msgspec.json.encode(self)

    @classmethod
    def from_json(cls, data: bytes | str) -> Article:
        """Read an article back. Raises ValueError with the failing field's path."""
        return msgspec.json.decode(data, type=cls)


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) that every emitted article validates against."""
    schema = msgspec.json.schema(Article)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA_ID,
        "title": f"copydesk article {SCHEMA_VERSION}",
        **schema,
    }
