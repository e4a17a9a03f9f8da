"""Tables of records: CSV with a header, one record a row."""

from __future__ import annotations

import csv
import itertools
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from collections.abc import Iterable, Iterator

from cleaners.read import decode
from cleaners.records import RecordError

SEPARATORS = ",;\t|"
LARGEST_FIELD = 1 << 28
"""Characters of a field that are read: as many as bytes of a text. Past that somebody left a quote open."""


def rows(lines: Iterable[bytes]) -> Iterator[dict[str, str] | RecordError]:
    """The rows below the header as records, all values text; what is wrong with a row stands in its place.

    The separator is the one of `SEPARATORS` that the header has most of. Quoting is read strictly, and a row
    has as many fields as the header: else one open quote makes an article of half a file. Rows without
    anything in them are passed over; columns without a name are called by their number.
    """
    lines = iter(lines)
    first = next(lines, b"")
    if first.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        yield RecordError("a table in UTF-16", "save it as UTF-8")
        return
    start = _loosely(first.removeprefix(BOM_UTF8))
    separator = max(SEPARATORS, key=start.count)
    csv.field_size_limit(LARGEST_FIELD)  # of the whole process; nothing else here reads tables
    read = csv.reader(itertools.chain([start], map(_loosely, lines)), delimiter=separator, strict=True)
    header: list[str] = []
    while (row := _next(read)) is not None:
        if isinstance(row, RecordError):
            yield row
        elif not any(map(str.strip, row)):
            continue
        elif header:
            yield _record(header, row)
        else:
            header = [_text(name).strip() or f"column {at}" for at, name in enumerate(row, 1)]
            if twice := [name for name, count in Counter(header).items() if count > 1]:
                yield RecordError(f"two columns are called {twice[0]!r}", "rename one of them")
                return


def _next(read: Iterator[list[str]]) -> list[str] | RecordError | None:
    try:
        return next(read, None)
    except csv.Error as error:
        return RecordError(f"not CSV: {error}", "a quote within quotes is written twice")


def _record(header: list[str], row: list[str]) -> dict[str, str] | RecordError:
    if len(row) != len(header):
        reason = f"fields in the row: {len(row)}, in the header: {len(header)}"
        return RecordError(reason, "is a quote or a separator missing?")
    return dict(zip(header, map(_text, row), strict=True))


def _loosely(line: bytes) -> str:
    """The line as UTF-8; what is none comes through, and is read field by field."""
    return line.decode("utf-8", "surrogateescape")


def _text(field: str) -> str:
    try:
        field.encode()
    except UnicodeEncodeError:
        return decode(field.encode("utf-8", "surrogateescape")).text
    return field
