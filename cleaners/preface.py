"""What a scraper writes above the text it found: front matter, or rows such as "URL Source: ...".

It alone knows what such rows look like. They are read as a record is, and go from the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from cleaners.model import Document, Edit
from cleaners.read import Source
from cleaners.records import told

RULES = {"other/preface": "what the scraper wrote above the text"}

_FENCE, _ENDS = "---", ("---", "...")
_MOST_ROWS, _LONGEST = 200, 60_000
"""Rows, and code points in all, that a preface may have."""
_BLANK = " \t\r\ufeff"
_FEWEST_ROWS = 3
"""Rows without a fence around them must be so many, all of them known."""
_ROW = re.compile(r"(?P<name>[A-Za-z][\w .:-]{0,60}):(?:[ \t]{1,9}(?P<value>\S.{0,60000}))?")
_ITEM = re.compile(r"[ \t]{0,9}- (?P<value>\S.{0,4000})")
_OPENS = re.compile(r"[\ufeff\s]{0,20}(?:---|[A-Za-z][\w -]{0,20}:)[ \t\r\n]")

_ALIASES = {
    **{"by": "author", "url source": "url", "source url": "url", "canonical": "url"},
    **{"published time": "published", "publish date": "published", "publication date": "published"},
    **{"meta-og:title": "title", "meta-article:published_time": "published"},
    **{"meta-article:modified_time": "modified"},
}
"""Names of rows, folded, and the names of records that they stand for. The author that a page's head names is
left out: mostly it is the outlet."""
_LAST = frozenset({"markdown content", "content", "text", "body"})
_KNOWN = frozenset(
    [
        *("title", "headline", "author", "authors", "byline", "date", "published", "modified", "updated"),
        *("url", "link", "description", "id", "site", "sitename", "site name", "hostname", "host", "domain"),
        *("source", "publisher", "tags", "keywords", "categories", "category", "section", "topics"),
        *("language", "lang", "image", "license", "fingerprint", "pagetype", "word count"),
        *("number of pages", "fetched at", "scraped at", "crawled at", *_ALIASES, *_LAST),
    ]
)
_TITLES, _WITNESSES = {"title", "headline"}, {"url", "published", "date", "author", "authors", "byline"}
"""A title and one more of these: lines of a story do not begin so."""


class Preface(NamedTuple):
    """The rows, by the names of records, and the code point where the text under them begins."""

    rows: Mapping[str, str | list[str]]
    end: int


NONE = Preface({}, 0)


def absorb(source: Source, text: str) -> Source:
    """The source with what its preface tells; what is known of it otherwise is known better."""
    preface = read_preface(text)
    if preface is NONE:
        return source
    given, extra, url = told(preface.rows)
    return source._replace(
        given={**given, **source.given}, extra={**extra, **source.extra}, url=source.url or url
    )


def strip_preface(doc: Document) -> Iterator[Edit]:
    """Take out the rows that `absorb` has read."""
    end = read_preface(doc.source).end
    for index, block in enumerate(doc.blocks):
        if block.start >= end:
            return
        yield Edit(index, "other/preface", RULES["other/preface"], "boilerplate")


def read_preface(text: str) -> Preface:
    """The rows above a text, where there are any."""
    if not _OPENS.match(text):
        return NONE
    lines = text[:_LONGEST].split("\n")[:_MOST_ROWS]
    first = next((at for at, line in enumerate(lines) if line.strip(_BLANK)), 0)
    is_fenced = lines[first].strip(_BLANK) == _FENCE
    read = _fenced(lines[first + 1 :]) if is_fenced else _unfenced(lines[first:])
    if read is None:
        return NONE
    rows, count = read
    end = sum(len(line) + 1 for line in lines[: first + is_fenced + count])
    return Preface(rows, end) if rows.keys() & _TITLES and rows.keys() & _WITNESSES else NONE


_Rows = dict[str, str | list[str]]


def _fenced(lines: Sequence[str]) -> tuple[_Rows, int] | None:
    """The rows to the closing fence, and how many lines they take; None where there is more than rows."""
    rows: _Rows = {}
    name = ""
    for count, line in enumerate(map(str.rstrip, lines), 1):
        if line in _ENDS:
            return rows, count
        if row := _ROW.fullmatch(line):
            name = _name(row)
            rows[name] = _value(row["value"] or "")
        elif name and (item := _ITEM.fullmatch(line)):
            above = rows[name]
            rows[name] = [*(above if isinstance(above, list) else ()), _unquoted(item["value"])]
        elif name and line[:1] == " " and isinstance(rows[name], str):
            rows[name] = f"{rows[name]} {line.strip()}".strip()
        elif line:
            return None
    return None


def _unfenced(lines: Sequence[str]) -> tuple[_Rows, int] | None:
    """The known rows on top, and how many lines they take."""
    rows: _Rows = {}
    taken = 0
    for count, line in enumerate(map(str.rstrip, lines), 1):
        row = _ROW.fullmatch(line.lstrip("\ufeff"))
        if row and row["name"].casefold() in _KNOWN:
            name, taken = _name(row), count
            if name in _LAST:
                break
            rows.setdefault(name, row["value"] or "")
        elif line:
            break
    return (rows, taken) if len(rows) >= _FEWEST_ROWS else None


def _name(row: re.Match[str]) -> str:
    name = row["name"].casefold()
    return _ALIASES.get(name, name)


def _value(written: str) -> str | list[str]:
    """A value without its quotation marks; several where they stand in brackets."""
    if written.startswith("[") and written.endswith("]"):
        return [_unquoted(item.strip()) for item in written[1:-1].split(",") if item.strip()]
    return _unquoted(written)


def _unquoted(value: str) -> str:
    is_quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if is_quoted else value
