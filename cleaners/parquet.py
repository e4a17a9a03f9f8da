"""Articles as Parquet: the usual columns, and the whole article as JSON. It alone knows pyarrow."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cleaners.article import Article
from cleaners.files import sync_folder
from cleaners.settings import ConfigError

if TYPE_CHECKING:
    import pyarrow

COLUMNS = (
    "id", "url", "domain", "path", "headline", "authors", "datePublished", "inLanguage", "text", "flags",
    "bodyRetained", "article",
)  # fmt: skip
ROWS = 1000
"""Articles that are in memory at once."""


def check() -> None:
    """Raises ConfigError where Parquet cannot be written."""
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        raise ConfigError("parquet needs pyarrow; hint: pip install 'copydesk[parquet]'") from None


def write(articles: Path, target: Path) -> None:
    """Write a JSON Lines file of articles as Parquet, aside and renamed."""
    check()
    import pyarrow
    import pyarrow.parquet

    schema = _schema()
    aside = target.with_name(f".{target.name}.{os.getpid()}.part")
    try:
        with articles.open("rb") as file, pyarrow.parquet.ParquetWriter(aside, schema) as writer:
            for rows in _chunks(file):
                writer.write_table(pyarrow.Table.from_pylist(rows, schema=schema))
        with aside.open("rb") as written:
            os.fsync(written.fileno())
        aside.replace(target)
        sync_folder(target.parent)
    finally:
        with contextlib.suppress(OSError):
            aside.unlink()


def _schema() -> pyarrow.Schema:
    import pyarrow

    texts = pyarrow.list_(pyarrow.string())
    kinds = {"authors": texts, "flags": texts, "bodyRetained": pyarrow.float64()}
    return pyarrow.schema([(name, kinds.get(name, pyarrow.string())) for name in COLUMNS])


def _chunks(lines: Iterator[bytes]) -> Iterator[list[dict[str, Any]]]:
    while chunk := [_row(line) for line in islice(lines, ROWS)]:
        yield chunk


def _row(line: bytes) -> dict[str, Any]:
    article = Article.from_json(line)
    return {
        "id": article.id,
        "url": article.url,
        "domain": article.source.domain,
        "path": article.source.path,
        "headline": article.headline,
        "authors": [author.name for author in article.authors],
        "datePublished": article.date_published,
        "inLanguage": article.in_language,
        "text": article.text,
        "flags": list(article.quality.flags),
        "bodyRetained": article.quality.body_retained,
        "article": line.decode().rstrip("\n"),
    }
