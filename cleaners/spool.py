"""Articles that are made before their turn, kept until it comes: in a file, never all in memory.

It alone knows that file. It has no name, so it is gone with its process, however that ends.
"""

from __future__ import annotations

import contextlib
import hashlib
import struct
import tempfile
from pathlib import Path
from typing import IO, Self

from cleaners.files import Entry

_HEAD = struct.Struct("!16sQQ")
"""What an article was made from, and how long it and its summary are."""
BUFFER = 1 << 20


class Spool:
    """What was made of entries, in their order: all is put in, then taken out once."""

    def __init__(self, beside: Path | None = None) -> None:
        self._file = _nameless(beside)
        self._is_read = False

    def put(self, entry: Entry, made: tuple[bytes, bytes] | None) -> None:
        """Keep the article and the summary of the next entry; None where none was made."""
        line, summary = made or (b"", b"")
        self._file.write(_HEAD.pack(_mark(entry), len(line), len(summary)))
        self._file.write(line + summary)

    def take(self, entry: Entry) -> tuple[bytes, bytes] | None:
        """What was made of the next entry. None where nothing was, or of something else: inputs may change
        between two looks at them."""
        if not self._is_read:
            self._file.seek(0)
            self._is_read = True
        head = self._file.read(_HEAD.size)
        if not head:
            return None
        mark, line, summary = _HEAD.unpack(head)
        made = self._file.read(line), self._file.read(summary)
        return made if line and mark == _mark(entry) else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()


def _mark(entry: Entry) -> bytes:
    name = entry.label.encode("utf-8", "surrogatepass")
    return hashlib.blake2b(b"%b\n%b" % (name, entry.data), digest_size=16).digest()


def _nameless(beside: Path | None) -> IO[bytes]:
    """A file that nobody else sees: where the output goes, if that can be written to, since there is room."""
    there = [path for path in (beside, *beside.parents) if path.is_dir()] if beside else []
    for folder in there[:1]:
        with contextlib.suppress(OSError):
            return tempfile.TemporaryFile(buffering=BUFFER, dir=folder)
    return tempfile.TemporaryFile(buffering=BUFFER)
