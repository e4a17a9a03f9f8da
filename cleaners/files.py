"""Files: inputs found and read, outputs written aside and renamed."""

from __future__ import annotations

import contextlib
import glob
import gzip
import hashlib
import io
import itertools
import os
import re
import sys
import threading
import zlib
from codecs import BOM_UTF8
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Literal, NamedTuple, Self, cast

from cleaners import records, remote, tables
from cleaners.article import Dedup
from cleaners.read import Source
from cleaners.settings import ConfigError, Fields, Settings

STDIN = "-"
TEXT_SUFFIXES = (".txt", ".text")
LINE_SUFFIXES = (".jsonl", ".ndjson", ".jsonlines", ".jl")
TABLE_SUFFIXES = (".csv", ".tsv")
SUFFIXES = (*TEXT_SUFFIXES, ".json", *LINE_SUFFIXES)
"""Files that a folder gives, compressed (.gz) or not. Tables are mostly about articles, not of them: they are
named, or meant by a glob."""
PACKED = ".gz"
LARGEST = 1 << 28
"""Bytes of one text, one JSON document or one line that are read: 256 MiB."""
CHUNK = 1 << 20
TRIES = 3
"""How often a file that changes under our hands is read before we give up."""

InputFormat = Literal["text", "json", "jsonl", "csv"]


def is_packed(name: str) -> bool:
    """Whether a file is compressed: by its ending alone, in any case."""
    return name.lower().endswith(PACKED)


def unpacked(name: str) -> str:
    """The name that a file has when it is unpacked."""
    return name[: -len(PACKED)] if is_packed(name) else name


def is_one_of(name: str, suffixes: tuple[str, ...]) -> bool:
    """Whether a file ends like this, compressed or not."""
    return unpacked(name).lower().endswith(suffixes)


class Input(NamedTuple):
    """A file that holds one text or many records: where it is, and its place below the output folder."""

    path: str
    """A file's path, or "-" for standard input."""
    place: str
    """Relative path with forward slashes, that the output mirrors."""
    mark: str = ""
    """What its store says changes with its content; "" for files: only reading tells."""

    @property
    def stem(self) -> str:
        """The place without its suffix, ".gz" too."""
        return Path(unpacked(self.place)).with_suffix("").as_posix()


class Problem(NamedTuple):
    """Why an input gives no article, and what to do about it."""

    reason: str
    hint: str

    def __str__(self) -> str:
        return f"{self.reason}; hint: {self.hint}"


class Entry(NamedTuple):
    """What one article is made from: a text, or one record of an input."""

    input: Input
    data: bytes
    """The text's bytes, or the record's JSON."""
    is_record: bool = False
    number: int | None = None
    """The line of a record in JSON Lines, or its place in a list or below a table's header, from 1; None for
    an only one."""
    problem: Problem | None = None
    """Why it could not be read."""
    dedup: Dedup | None = None
    """What its article duplicates, where that was asked for."""
    settings: Settings | None = None
    """Settings of its own: those of the run, and headlines of other articles that it prints."""
    made: tuple[bytes, bytes] | None = None
    """Its article as a line of JSON, and the summary of that in MessagePack, where both are made already."""

    @property
    def label(self) -> str:
        """What people call it: "folder/file.jsonl:12"."""
        return self.input.path if self.number is None else f"{self.input.path}:{self.number}"


# --- finding ----------------------------------------------------------------------------------


def find(paths: Sequence[str], without: Path | None = None) -> list[Input]:
    """The inputs that paths, folders and globs name, each once, in order.

    A folder gives its texts and records (`SUFFIXES`) at any depth, sorted; hidden ones are left out, links
    to folders are not followed, and neither is a folder `without` below it: where the outputs go. Raises
    ConfigError for a path that names nothing.
    """
    found: dict[str, Input] = {}
    for path in paths:
        for item in _expand(path, without.resolve() if without else None):
            found.setdefault(item.path, item)
    return list(found.values())


def _expand(path: str, without: Path | None) -> Iterator[Input]:
    if path == STDIN:
        yield Input(STDIN, "stdin.txt")
    elif Path(path).is_dir():
        yield from _folder(Path(path), without)
    elif Path(path).exists():
        yield Input(path, Path(path).name)
    else:
        matches = sorted(glob.glob(path, recursive=True))  # noqa: PTH207  # Path.glob takes no absolute pattern
        if not matches:
            raise ConfigError(
                f"{path}: no such file, folder or glob; hint: paths are relative to {Path.cwd().name}/"
            )
        for match in matches:
            is_folder = Path(match).is_dir()
            yield from (_folder(Path(match), without) if is_folder else [Input(match, Path(match).name)])


def _folder(root: Path, without: Path | None) -> Iterator[Input]:
    found = [path for path in _visible(root, without) if is_one_of(path.name, SUFFIXES)]
    for path in sorted(found, key=lambda path: path.relative_to(root).as_posix()):
        yield Input(str(path), path.relative_to(root).as_posix())


def passed_over(paths: Iterable[str], without: Path | None = None) -> Counter[str]:
    """How many files of each ending the folders among paths hold that `find` does not take."""
    where = without.resolve() if without else None
    visible = [path for root in map(Path, paths) if root.is_dir() for path in _visible(root, where)]
    return Counter(Path(unpacked(path.name)).suffix for path in visible if not is_one_of(path.name, SUFFIXES))


def _visible(root: Path, without: Path | None) -> Iterator[Path]:
    """The files of a folder at any depth that are not hidden."""
    for parent, folders, names in os.walk(root):
        here = Path(parent).resolve() if without else None
        folders[:] = sorted(
            name for name in folders if not name.startswith(".") and not (here and here / name == without)
        )
        yield from (Path(parent, name) for name in names if not name.startswith("."))


def find_at(url: str, without: object = None) -> list[Input]:
    """The inputs below a URL, as `find` gives a folder's, but none below `without`: where the outputs go.

    Raises ConfigError where nothing is there.
    """
    try:
        found = remote.Store(url).list()
    except OSError as error:
        raise ConfigError(f"{url}: {error.strerror or error}; hint: is the URL right?") from error
    if not found:
        raise ConfigError(f"{url}: nothing there; hint: is the URL right?")
    where, other = url.rstrip("/"), f"{str(without).rstrip('/')}/"
    inputs = [Input(f"{where}/{name}", name, seen.mark) for name, seen in found.items()]
    return [item for item in inputs if _is_input(item.place) and not item.path.startswith(other)]


def _is_input(place: str) -> bool:
    is_hidden = place.startswith(".") or "/." in place
    return is_one_of(place, SUFFIXES) and not is_hidden


# --- reading ----------------------------------------------------------------------------------


def entries(
    inputs: Iterable[Input],
    form: InputFormat | None = None,
    opener: Callable[[Input], AbstractContextManager[IO[bytes]]] | None = None,
) -> Iterator[Entry]:
    """What the inputs hold, one by one, in order; JSON Lines are read as they are asked for.

    `form` says what the inputs are; by default their suffix does, and of standard input its first lines.
    `opener` opens them in its own way, unpacked. What cannot be read is an entry with a problem.
    """
    for item in inputs:
        try:
            with (opener or _open)(item) as file:
                yield from _entries(item, file, form or _form(item))
        except (OSError, EOFError, zlib.error) as error:
            reason = (isinstance(error, OSError) and error.strerror) or f"damaged: {error}"
            yield Entry(item, b"", problem=Problem(reason, "it is tried again next time"))


def _form(item: Input) -> InputFormat | None:
    if item.path == STDIN:
        return None
    if is_one_of(item.path, LINE_SUFFIXES):
        return "jsonl"
    if is_one_of(item.path, TABLE_SUFFIXES):
        return "csv"
    return "json" if is_one_of(item.path, (".json",)) else "text"


def _entries(item: Input, file: IO[bytes], form: InputFormat | None) -> Iterator[Entry]:
    start = [] if form else _first_lines(file)
    if form == "jsonl" or _are_records(start):
        yield from _lines(item, itertools.chain(start, _read_lines(file)))
        return
    if form == "csv":
        yield from _table(item, _read_lines(file))
        return
    data = _whole(file, b"".join(start))
    if data is None:
        yield Entry(item, b"", problem=_CHANGING)
    elif len(data) > LARGEST:
        yield Entry(item, b"", problem=_TOO_LARGE)
    elif form == "json" or (form is None and _is_document(data)):
        yield from _document(item, data)
    else:
        yield Entry(item, data)


_CHANGING = Problem("it changed while it was read", "it is tried again next time")
_TOO_LARGE = Problem(f"larger than {LARGEST >> 20} MiB", "split it")


@contextlib.contextmanager
def _open(item: Input) -> Iterator[IO[bytes]]:
    if item.path == STDIN:
        yield sys.stdin.buffer
    else:
        with read_file(Path(item.path)) as file:
            yield file


@contextlib.contextmanager
def read_file(path: Path) -> Iterator[IO[bytes]]:
    """A file's content, unpacked."""
    if is_packed(path.name):
        with gzip.open(path) as file:
            yield cast(IO[bytes], file)
    else:
        with path.open("rb") as plain:
            yield plain


def _whole(file: IO[bytes], start: bytes = b"") -> bytes | None:
    """All of a file, or a byte more than `LARGEST`; None where somebody keeps writing to it."""
    if start or not isinstance(file, io.BufferedReader) or not file.seekable():
        return start + file.read(LARGEST + 1 - len(start))
    for _ in range(TRIES):
        file.seek(0)
        before = os.fstat(file.fileno())
        data = file.read(LARGEST + 1)
        after = os.fstat(file.fileno())
        if (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size):
            return data
    return None


def _first_lines(file: IO[bytes]) -> list[bytes]:
    """The lines of a stream down to the second that is not blank."""
    lines: list[bytes] = []
    while sum(map(bool, map(bytes.strip, lines))) < 2 and (line := file.readline(LARGEST + 1)):
        lines.append(line)
    return lines


def _are_records(lines: Sequence[bytes]) -> bool:
    """Whether a stream that begins with these lines is JSON Lines: the first of them may be broken."""
    first, *second = [line.removeprefix(BOM_UTF8).strip() for line in lines if line.strip()] or [b""]
    if not first.startswith(b"{"):
        return False
    return _is_document(first) or any(line.startswith(b"{") for line in second)


def _is_document(data: bytes) -> bool:
    """Whether all of it is one JSON object or list."""
    if not data.lstrip(BOM_UTF8 + b" \t\r\n").startswith((b"{", b"[")):
        return False
    try:
        return isinstance(records.parse(data.removeprefix(BOM_UTF8)), dict | list)
    except records.RecordError:
        return False


def _read_lines(file: IO[bytes]) -> Iterator[bytes]:
    """Lines, each cut a byte behind `LARGEST`. What is appended while we read is left for the next time."""
    left = _size(file)
    while line := file.readline(LARGEST + 1 if left is None else min(LARGEST + 1, left)):
        left = left and left - len(line)
        is_cut = len(line) > LARGEST and not line.endswith(b"\n")
        while is_cut and (more := file.readline(CHUNK)):
            left = left and left - len(more)
            is_cut = not more.endswith(b"\n")
        yield line
        if left == 0:
            return
    if left:
        raise EOFError("it became shorter while it was read")


def _size(file: IO[bytes]) -> int | None:
    """How long a plain file is now; None for a stream."""
    is_plain = isinstance(file, io.BufferedReader) and file.seekable()
    return os.fstat(file.fileno()).st_size if is_plain else None


def _lines(item: Input, lines: Iterable[bytes]) -> Iterator[Entry]:
    """One record a line; blank ones count and are passed over."""
    for number, line in enumerate(lines, 1):
        data = (line.removeprefix(BOM_UTF8) if number == 1 else line).strip()
        if len(line) > LARGEST:
            yield Entry(item, b"", is_record=True, number=number, problem=_TOO_LARGE)
        elif data:
            yield Entry(item, data, is_record=True, number=number)


def _table(item: Input, lines: Iterable[bytes]) -> Iterator[Entry]:
    """One record a row below the header."""
    for number, row in enumerate(tables.rows(lines), 1):
        if isinstance(row, records.RecordError):
            problem = Problem(str(row), row.hint)
            yield Entry(item, b"", is_record=True, number=number, problem=problem)
        else:
            yield Entry(item, records.to_json(row), is_record=True, number=number)


def _document(item: Input, data: bytes) -> Iterator[Entry]:
    """The records of a JSON document: itself, a list, or the list in an answer of a news API. A file of
    JSON Lines by the wrong name is read as what it is."""
    data = data.removeprefix(BOM_UTF8)
    try:
        value = records.parse(data)
    except records.RecordError as error:
        if _are_records(data.split(b"\n", 2)[:2]):
            yield from _lines(item, io.BytesIO(data))
        else:
            yield Entry(item, data, is_record=True, problem=Problem(str(error), error.hint))
        return
    several = records.unwrap(value)
    if several is None:
        yield Entry(item, data, is_record=True)
    for number, record in enumerate(several or (), 1):
        yield Entry(item, records.to_json(record), is_record=True, number=number)


def source_of(entry: Entry, fields: Fields) -> Source:
    """What is cleaned of an entry. Raises RecordError where the entry holds no text."""
    name = entry.input.path if entry.input.path == STDIN else Path(entry.input.path).name
    if not entry.is_record:
        return Source(entry.data, name=name, path=entry.input.place)
    sha256 = hashlib.sha256(entry.data).hexdigest()
    record = records.parse(entry.data)
    return records.from_record(record, fields, name=name, path=entry.input.place, sha256=sha256)


# --- writing ----------------------------------------------------------------------------------


def write_aside(path: Path, data: bytes) -> None:
    """Replace a file as a whole. Raises as `Aside` does."""
    with Aside(path) as file:
        file.write(data)


class Aside:
    """A file written beside its place, synced, and renamed into it when the `with` block ends well.

    Readers see the old file or the new one, never half. Raises ConfigError where the folder cannot be
    written to, and OSError for a disk that fills up; the old file is untouched by either.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._is_discarded = False
        # Named after machine, process and thread, so that no two writers share one, and that it can be told
        # whose writer has ended (`clear`).
        writer = f"{_word(host())}-{os.getpid()}-{threading.get_ident()}"
        self._aside = path.with_name(f".{path.name}.{writer}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._aside.open("wb")
        except OSError as error:
            raise ConfigError(f"{path.parent}: cannot write there: {error.strerror}") from error

        # Without a time, so that the same articles give the same bytes.
        self._stream: IO[bytes] = (
            cast(IO[bytes], gzip.GzipFile("", "wb", fileobj=self._file, mtime=0))
            if is_packed(path.name)
            else self._file
        )

    def write(self, data: bytes) -> None:
        self._stream.write(data)

    def discard(self) -> None:
        """Leave the old file as it is, as if nothing had been written."""
        self._is_discarded = True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None and not self._is_discarded:
                if self._stream is not self._file:
                    self._stream.close()
                self._file.flush()
                os.fsync(self._file.fileno())
                self._aside.replace(self.path)
                sync_folder(self.path.parent)
        finally:
            with contextlib.suppress(OSError):  # what a full disk did not take is not wanted any more
                self._file.close()
            with contextlib.suppress(OSError):
                self._aside.unlink()


def sync_folder(folder: Path) -> None:
    """Make a rename last through a power cut, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


_LEFT = re.compile(r"\..{1,250}\.(?P<host>\w{0,64})-(?P<process>\d{1,10})-\d{1,10}\.part")


def clear(folders: Iterable[Path], name: str = "") -> None:
    """Remove what processes of this machine that have ended left half-written in folders: for a file of this
    name, or for any."""
    pattern = f".{glob.escape(name)}.*.part" if name else ".*.part"
    for path in (path for folder in folders for path in folder.glob(pattern)):
        left = _LEFT.fullmatch(path.name)
        if left and left["host"] == _word(host()) and not is_running(int(left["process"])):
            path.unlink(missing_ok=True)


def _word(text: str) -> str:
    return re.sub(r"\W", "", text, flags=re.ASCII)[:16]


def host() -> str:
    return os.uname().nodename if hasattr(os, "uname") else "this machine"


def is_running(process: int) -> bool:
    """Whether there is such a process on this machine; where that cannot be told, there is."""
    if os.name != "posix":
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
