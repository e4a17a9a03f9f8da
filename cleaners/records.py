"""Records: what extractors and news APIs wrap a text in, mapped onto a `Source`. It alone knows their names.

A field is found by the usual names, tried in order, or by the one that `Settings.fields` gives. What is
used as evidence becomes `Source.given`; every other field passes through in `extra`.
"""

from __future__ import annotations

import contextlib
import html
import json
import math
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec

from cleaners.dates import read_date
from cleaners.people import is_person, people, without_lead
from cleaners.read import Source
from cleaners.settings import Fields

DEEPEST = 200
"""Levels of nesting that a record may have."""

TEXT = (
    "maintext", "text", "articleBody", "article_body", "body", "bodyText", "body_text", "content",
    "fullText", "full_text", "fulltext", "articleText", "article_text", "mainText", "main_text",
    "cleaned_text", "plain_text", "textContent", "text_content", "content_text", "content_html",
    "contents", "story", "article", "content.rendered", "fields.bodyText", "fields.body", "plaintext",
    "page_content", "pageContent", "markdown", "body_html", "bodyHtml", "data.content", "data.markdown",
)  # fmt: skip
TITLE = (
    "title", "headline", "article_title", "page_title", "heading", "webTitle", "title.rendered",
    "headline.main", "fields.headline", "metadata.title", "data.title",
)  # fmt: skip
AUTHORS = (
    "authors", "author", "byline", "by", "creator", "writer", "writers", "author_name", "byline.original",
    "fields.byline", "publishedBylines", "metadata.author",
)  # fmt: skip
DATE = (
    "date_publish", "publish_date", "datePublished", "date_published", "publishedAt", "published_at",
    "published", "publishDate", "published_date", "publicationDate", "publication_date", "pubDate",
    "pub_date", "webPublicationDate", "publishedTime", "published_time", "post_date", "date",
    "metadata.publishedTime", "metadata.date",
)  # fmt: skip
MODIFIED = (
    "date_modify", "date_modified", "dateModified", "modified", "updatedAt", "updated_at", "updated",
    "lastModified", "last_modified",
)  # fmt: skip
DESCRIPTION = ("description", "dek", "standfirst", "abstract", "fields.trailText")
URL = (
    "url", "link", "webUrl", "web_url", "article_url", "source_url", "canonicalUrl", "canonical_url",
    "metadata.sourceURL", "metadata.url", "data.url",
)  # fmt: skip
ID = ("id", "_id", "uuid", "guid", "article_id", "articleId", "doc_id")

WRAPPERS = (
    "articles",
    "results",
    "items",
    "data",
    "docs",
    "stories",
    "news",
    "posts",
    "entries",
    "objects",
    "response.results",
    "response.docs",
)
"""Where an answer of a news API holds its list of records."""


class RecordError(ValueError):
    """A record that gives no article: the reason, and what to do about it."""

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.hint = hint


# --- JSON -------------------------------------------------------------------------------------


def parse(data: bytes) -> Any:
    """Any JSON value. Takes what strict readers refuse and scrapers write: lone surrogates, NaN.

    Raises RecordError for what is no JSON, no UTF-8, or nested too deep.
    """
    try:
        value = _decode(data)
    except RecursionError:
        raise _too_deep() from None
    except UnicodeDecodeError as error:
        hint = "write the file as UTF-8"
        raise RecordError(f"not UTF-8: {error.reason} at byte {error.start}", hint) from None
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}" if error.lineno > 1 else f"column {error.colno}"
        hint = "one JSON value a line in .jsonl, one in all in .json"
        raise RecordError(f"not JSON: {error.msg} at {where}", hint) from None
    if data.count(b"[") + data.count(b"{") > DEEPEST and _depth(value) > DEEPEST:
        raise _too_deep()
    return value


def _decode(data: bytes) -> Any:
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return json.loads(data.decode(), parse_constant=str, parse_float=_finite)


def _finite(number: str) -> float | str:
    """The number, or as it is spelled where it is too large for JSON to come back."""
    value = float(number)
    return value if math.isfinite(value) else number


def _too_deep() -> RecordError:
    return RecordError(f"nested more than {DEEPEST} levels deep", "flatten the record")


def _depth(value: Any) -> int:
    level, depth = [value], 0
    while level:
        depth += 1
        inner = [list(v.values()) if isinstance(v, dict) else v for v in level if isinstance(v, dict | list)]
        level = [item for items in inner for item in items]
    return depth


def to_json(value: Any) -> bytes:
    """A parsed value as JSON again, lone surrogates too."""
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":")).encode()


def unwrap(value: Any) -> list[Any] | None:
    """The records of a JSON document that holds several; None where it is one record itself."""
    if isinstance(value, list):
        return value
    if isinstance(value, dict) and _text(value, Fields()) is None:
        for name in WRAPPERS:
            found = _at(value, name)
            if isinstance(found, list) and found and all(isinstance(item, dict) for item in found):
                return found
    return None


# --- the mapping ------------------------------------------------------------------------------


def from_record(
    record: Mapping[str, Any],
    fields: Fields = Fields(),  # noqa: B008  # frozen
    *,
    name: str = "",
    path: str | None = None,
    sha256: str | None = None,
) -> Source:
    """The source of a record: its text to be cleaned, its facts as evidence, the rest as `extra`.

    `sha256` is the hash of the record as it was read, where there is one. Raises RecordError where no
    field holds text.
    """
    if not isinstance(record, Mapping):
        raise RecordError(f"a record is {_kind(record)}, not an object", 'write {"text": "..."}')
    found = _text(record, fields)
    if found is None:
        raise _no_text(record, fields)
    url, identity = _first(record, fields.url, URL, _string), _first(record, fields.id, ID, _plain)
    given, used = _given(record, fields)
    is_whole = isinstance(_at(record, found.name), str)
    used += [hit.name for hit in (found if is_whole else None, url, identity) if hit]
    return Source(
        found.value,
        name=name,
        path=path,
        id=identity.value if identity else None,
        url=url.value if url else None,
        given=given,
        extra=_encodable(_rest(record, used)),
        record_sha256=sha256,
    )


class Told(NamedTuple):
    """What a record without a text says: evidence, the fields that are none, its address."""

    given: dict[str, str]
    extra: dict[str, Any]
    url: str | None


def told(record: Mapping[str, Any]) -> Told:
    """What the fields of a record say of the text that stands elsewhere."""
    given, used = _given(record, Fields())
    url = _first(record, None, URL, _string)
    return Told(given, _rest(record, used + [hit.name for hit in (url,) if hit]), url.value if url else None)


def mapping(record: Mapping[str, Any], fields: Fields = Fields()) -> dict[str, str]:  # noqa: B008  # frozen
    """Which field of a record each fact is read from."""
    return {
        fact: hit.name
        for fact, hit in {
            "text": _text(record, fields),
            "title": _first(record, fields.title, TITLE, _string),
            "date": _first(record, fields.date, DATE, _moment),
            "authors": _first(record, fields.authors, AUTHORS, _names),
            "url": _first(record, fields.url, URL, _string),
            "id": _first(record, fields.id, ID, _plain),
        }.items()
        if hit
    }


class _Hit(NamedTuple):
    name: str
    value: Any


def _text(record: Mapping[str, Any], fields: Fields) -> _Hit | None:
    """The first field with text in it; else the first that is empty text."""
    names = (fields.text,) if fields.text else _spelled(record, TEXT)
    hits = [_Hit(name, text) for name in names if (text := _written(_at(record, name))) is not None]
    return next((hit for hit in hits if hit.value.strip()), hits[0] if hits else None)


def _written(value: Any) -> str | None:
    """Text, or the parts of one as readers of feeds list them."""
    if isinstance(value, list) and value and all(isinstance(part, Mapping) for part in value):
        parts = [part.get("value") for part in value]
        return "\n\n".join(parts) if all(isinstance(part, str) for part in parts) else None
    return value if isinstance(value, str) else None


def _no_text(record: Mapping[str, Any], fields: Fields) -> RecordError:
    for name in (fields.text,) if fields.text else _spelled(record, TEXT):
        value = _at(record, name)
        if value is not None:
            return RecordError(f"field {name!r} holds {_kind(value)}, not text", "--text-field names another")
    there = ", ".join(sorted(map(str, record))[:12]) or "none"
    wanted = f"no field {fields.text!r}" if fields.text else "no field with text"
    return RecordError(f"{wanted}; its fields: {there}", "--text-field names the one that holds the text")


def _given(record: Mapping[str, Any], fields: Fields) -> tuple[dict[str, str], list[str]]:
    """What the record says of its article, and the fields that `extra` need not repeat."""
    given: dict[str, str] = {}
    used: list[str] = []
    for fact, chosen, names, read in (
        ("title", fields.title, TITLE, _string),
        ("date", fields.date, DATE, _moment),
        ("modified", None, MODIFIED, _moment),
        ("description", None, DESCRIPTION, _string),
    ):
        if hit := _first(record, chosen, names, read):
            given[fact] = hit.value
            if _at(record, hit.name) == hit.value:
                used.append(hit.name)
    if hit := _first(record, fields.authors, AUTHORS, _names):
        named = [list(_people(text)) for text in hit.value]
        given["authors"] = "\n".join(dict.fromkeys(name for names in named for name in names))
        value = _at(record, hit.name)
        if isinstance(value, str):
            given["byline"] = value.strip() if _listed(value) is value else ", ".join(hit.value)
        if isinstance(value, str) or ([[text] for text in hit.value] == named and value == hit.value):
            used.append(hit.name)
    return {fact: value for fact, value in given.items() if value}, used


def _first(record: Mapping[str, Any], chosen: str | None, names: tuple[str, ...], read: Any) -> _Hit | None:
    for name in (chosen,) if chosen else _spelled(record, names):
        value = read(_at(record, name))
        if value:
            return _Hit(name, value)
    return None


def _spelled(record: Mapping[str, Any], names: tuple[str, ...]) -> Iterator[str]:
    """Usual names of a field; then what a record calls so in capitals or with spaces: "Publish Date"."""
    yield from names
    plain = {name.lower().replace(" ", "_"): name for name in map(str, record)}
    yield from (plain[name] for name in map(str.lower, names) if name in plain)


def _at(record: Mapping[str, Any], name: str) -> Any:
    """The value of a field; of a field of a field where there is no field of that very name."""
    value: Any = record.get(name)
    if value is None and "." in name:
        outer, _, inner = name.partition(".")
        within = record.get(outer)
        return _at(within, inner) if isinstance(within, Mapping) else None
    return value


def _rest(record: Mapping[str, Any], used: list[str]) -> dict[str, Any]:
    """The record without the fields that were used."""
    rest = {str(name): value for name, value in record.items() if name not in used}
    for name in used:
        outer, _, inner = name.partition(".")
        if inner and name not in record and isinstance(rest.get(outer), Mapping):
            within = _rest(rest[outer], [inner])
            rest[outer] = within
            if not within:
                del rest[outer]
    return rest


# --- values -----------------------------------------------------------------------------------


def _string(value: Any) -> str | None:
    """Text on one line, entities read."""
    if not isinstance(value, str):
        return None
    return " ".join(html.unescape(_sound(value)).split())


def _plain(value: Any) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return _sound(str(value)).strip()


_SECONDS = range(10**8, 10**10)
"""Numbers that are seconds since 1970: from 1973 to 2286."""


def _moment(value: Any) -> str | None:
    """A date as the record has it, where it can be read; seconds or milliseconds since 1970 as UTC."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    if isinstance(value, str):
        text = _string(value)
        dates = read_date(text) if text else None
        return text if dates and dates.published and dates.published.iso else None
    for unit in (1, 1000):
        if int(value // unit) in _SECONDS:
            return datetime.fromtimestamp(int(value // unit), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return None


def _names(value: Any) -> list[str]:
    """Author lines: text, a list of texts, or objects with a name."""
    value = _listed(value) if isinstance(value, str) else value
    values = value if isinstance(value, list) else [value]
    named = [item.get("name") if isinstance(item, Mapping) else item for item in values]
    return [text for item in named if (text := _string(item))]


_QUOTED = re.compile(r"""'([^'\\]{1,200})'|"([^"\\]{1,200})\"""")


def _listed(text: str) -> Any:
    """The list that text spells out, in JSON or as Python prints it; else the text. Tables hold lists so."""
    if not (text.startswith("[") and text.endswith("]")):
        return text
    with contextlib.suppress(RecordError):
        return parse(text.encode("utf-8", "replace"))
    inner = text[1:-1]
    is_list = not _QUOTED.sub("", inner).strip(" ,")
    return [single or double for single, double in _QUOTED.findall(inner)] if is_list else text


def _people(text: str) -> Iterator[str]:
    """The people of an author line. What is no person's name (a desk, an address) is nobody."""
    line = without_lead(text)
    names, rest = people(line)
    if names and not rest:
        yield from names
    elif is_person(line) or _is_uncased_name(line):
        yield line


_LONGEST_NAME = 40


def _is_uncased_name(text: str) -> bool:
    """A name in a script without capitals: letters and a few spaces."""
    letters = text.replace(" ", "").replace("・", "")
    return 1 < len(text) <= _LONGEST_NAME and letters.isalpha() and letters.upper() == letters.lower()


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "a list", bool: "true or false", int: "a number", float: "a number"}
    return (
        "null" if value is None else "text" if isinstance(value, str) else names.get(type(value), "no text")
    )


def _sound(text: str) -> str:
    """The text without lone surrogates, which UTF-8 cannot carry."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _encodable(value: Any) -> Any:
    """The same JSON value without lone surrogates."""
    if isinstance(value, str):
        return _sound(value)
    if isinstance(value, list):
        return [_encodable(item) for item in value]
    if isinstance(value, Mapping):
        return {_sound(str(name)): _encodable(item) for name, item in value.items()}
    return value
