"""Where articles go: one file each, JSON Lines, plain text; and what an earlier run left there.

An article tells by itself what it was made from and with, so whether an input is unchanged is read from
the output; there is no other memory of earlier runs.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal, NamedTuple, Self

import msgspec

from cleaners.article import Article, Dedup
from cleaners.files import (
    CHUNK,
    LARGEST,
    Aside,
    Entry,
    Input,
    Problem,
    clear,
    is_one_of,
    read_file,
    write_aside,
)
from cleaners.pipeline import Fingerprint, fingerprint
from cleaners.settings import ConfigError

Format = Literal["json", "jsonl", "text"]
SUFFIX: dict[Format, str] = {"json": ".json", "jsonl": ".jsonl", "text": ".txt"}
FILE_SUFFIXES = (".json", ".jsonl", ".ndjson", ".txt", ".gz")
"""Endings by which a path that does not exist yet is a file and no folder."""
QUARANTINE = "_quarantine.jsonl"
"""Name of the file in an output folder that lists what gave no article."""


def encode(article: Article, form: Format) -> bytes:
    """An article as it is written: indented JSON for people and diffs, a line of JSON, or its text."""
    if form == "text":
        return article.text.encode() + b"\n"
    line = article.to_json()
    return (msgspec.json.format(line, indent=1) if form == "json" else line) + b"\n"


def reencode(line: bytes, form: Format) -> bytes:
    """An article as it is written, from its line of JSON."""
    if form == "text":
        return msgspec.json.decode(line, type=_Text).text.encode() + b"\n"
    return (msgspec.json.format(line, indent=1) if form == "json" else line) + b"\n"


class _Text(msgspec.Struct):
    text: str


def with_dedup(line: bytes, dedup: Dedup) -> bytes:
    """An article's line of JSON that says what it duplicates; all else in it stays, byte for byte."""
    fields = msgspec.json.decode(line, type=dict[str, msgspec.Raw])
    fields["dedup"] = msgspec.Raw(msgspec.json.encode(dedup))
    return msgspec.json.encode(fields)


# --- what is there already --------------------------------------------------------------------


class _Origin(msgspec.Struct, rename="camel"):
    sha256: str
    name: str = ""
    path: str | None = None
    record_sha256: str | None = None


class _Article(msgspec.Struct, rename="camel"):
    """The part of a written article that says what it was made from and with."""

    source: _Origin
    provenance: Fingerprint
    dedup: Dedup | None = None


Made = tuple[str, str | None, bool, Dedup | None]
"""Hash of what an article was made from, its path, whether that was a record, and what it duplicates."""


def made_from(entry: Entry) -> Made:
    return hashlib.sha256(entry.data).hexdigest(), entry.input.place, entry.is_record, entry.dedup


def read_made(data: bytes) -> tuple[Made, Fingerprint] | None:
    """What a written article was made from and with; None where it is none."""
    try:
        earlier = msgspec.json.decode(data, type=_Article)
    except (ValueError, RecursionError):
        return None
    record = earlier.source.record_sha256
    made = record or earlier.source.sha256, earlier.source.path, record is not None, earlier.dedup
    return made, earlier.provenance


def own_made_with(entry: Entry) -> Fingerprint | None:
    """What an entry with settings of its own is made with."""
    return fingerprint(entry.settings) if entry.settings else None


WINDOW = 256
"""Articles of an earlier run that are looked through for one that was made from the same."""


class Earlier:
    """The articles of an earlier run, a line each, asked for in about their order, in bounded memory."""

    def __init__(self, lines: Iterable[bytes], fingerprint: Fingerprint) -> None:
        self.near: dict[Made, tuple[bytes, Fingerprint]] = {}
        self.made_with = fingerprint
        self.lines = self._read(lines)
        self._is_used_up = True

    def _read(self, lines: Iterable[bytes]) -> Iterator[tuple[Made, tuple[bytes, Fingerprint]]]:
        for line in lines:
            if found := read_made(line):
                yield found[0], (line, found[1])
            else:
                self._is_used_up = False

    def take(self, made: Made, made_with: Fingerprint | None = None) -> bytes | None:
        """The article made from this, by the run's settings or others; those before it are passed."""
        while made not in self.near and len(self.near) < WINDOW:
            following = next(self.lines, None)
            if following is None:
                break
            self.near[following[0]] = following[1]
        if made not in self.near:
            return None
        for passed in list(self.near):
            line, was_made_with = self.near.pop(passed)
            if passed == made and was_made_with == (made_with or self.made_with):
                return line
            self._is_used_up = False
            if passed == made:
                break
        return None

    def is_used_up(self) -> bool:
        """Whether every line of the earlier file was taken."""
        return not self.near and next(self.lines, None) is None and self._is_used_up


def lines(path: Path) -> Iterator[bytes]:
    """The lines of a file; none where it cannot be read."""
    with contextlib.suppress(OSError, EOFError), read_file(path) as file:
        while line := file.readline(LARGEST):
            yield line


# --- sinks ------------------------------------------------------------------------------------


class Sink:
    """Where articles go, in the order of their entries. This one keeps nothing."""

    def form(self, entry: Entry) -> Format:
        """How the entry's article is to be encoded."""
        return "jsonl"

    def earlier(self, entry: Entry) -> bytes | None:
        """The article that an earlier run made from the same with the same."""
        return None

    def path(self, entry: Entry) -> Path | None:
        """The file that the entry's article goes to; None where it goes to none."""
        return None

    def put(self, entry: Entry, output: bytes, is_new: bool) -> None:
        """Take an article, encoded; one that is not new is there already."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        return


class Stream(Sink):
    """Standard output, an article at a time."""

    def __init__(self, form: Format) -> None:
        self._form: Format = form

    def form(self, entry: Entry) -> Format:
        return self._form

    def put(self, entry: Entry, output: bytes, is_new: bool) -> None:
        sys.stdout.buffer.write(output)
        sys.stdout.buffer.flush()


class OneFile(Sink):
    """All articles in one file, which appears when it is whole."""

    def __init__(self, path: Path, form: Format, earlier: Earlier | None) -> None:
        self._form: Format = form
        self._earlier = earlier
        self._is_same = earlier is not None
        self._target = Aside(path)

    def form(self, entry: Entry) -> Format:
        return self._form

    def earlier(self, entry: Entry) -> bytes | None:
        return self._earlier.take(made_from(entry), own_made_with(entry)) if self._earlier else None

    def path(self, entry: Entry) -> Path | None:
        return self._target.path

    def put(self, entry: Entry, output: bytes, is_new: bool) -> None:
        self._is_same = self._is_same and not is_new
        self._target.write(output)

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        if kind is None and self._is_same and self._earlier and self._earlier.is_used_up():
            self._target.discard()
        self._target.__exit__(kind, *error)


_MIRRORED: tuple[Format, ...] = ("json", "jsonl")
"""What a folder that mirrors holds, unless it was told otherwise."""


class Folder(Sink):
    """A folder that mirrors the inputs: a file for each text, a JSON Lines file for the records of one input.

    With `form` "json" or "text" each record has a file of its own, named by its number.
    """

    def __init__(self, folder: Path, form: Format | None, fingerprint: Fingerprint | None) -> None:
        self.folder, self._form, self.fingerprint = folder, form, fingerprint
        # Asking runs ahead of writing, and may be at a later input already.
        self._asked: dict[Input, Earlier] = {}
        self._written: tuple[Input, OneFile] | None = None

    def form(self, entry: Entry) -> Format:
        return self._form or ("json" if entry.number is None else "jsonl")

    def path(self, entry: Entry) -> Path:
        """Where the entry's article goes. Made of the input's place and a number, never of the text."""
        form = self.form(entry)
        if entry.number is None or form == "jsonl":
            return self.folder / f"{entry.input.stem}{SUFFIX[form]}"
        return self.folder / entry.input.stem / f"{entry.number}{SUFFIX[form]}"

    def earlier(self, entry: Entry) -> bytes | None:
        form, made = self.form(entry), made_from(entry)
        if form == "text" or self.fingerprint is None:
            return None
        if form == "jsonl":
            if entry.input not in self._asked:
                self._asked[entry.input] = Earlier(lines(self.path(entry)), self.fingerprint)
            return self._asked[entry.input].take(made, own_made_with(entry))
        try:
            data = self.path(entry).read_bytes()
        except OSError:
            return None
        return data if read_made(data) == (made, own_made_with(entry) or self.fingerprint) else None

    def put(self, entry: Entry, output: bytes, is_new: bool) -> None:
        if self.form(entry) != "jsonl":
            if is_new:
                write_aside(self.path(entry), output)
            return
        if self._written and self._written[0] != entry.input:
            self._close(None)
        if not self._written:
            earlier = self._asked.get(entry.input)
            self._written = (entry.input, OneFile(self.path(entry), "jsonl", earlier))
        self._written[1].put(entry, output, is_new)

    def _close(self, kind: type[BaseException] | None) -> None:
        if self._written:
            (item, written), self._written = self._written, None
            self._asked.pop(item, None)
            written.__exit__(kind)

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        self._close(kind)


def sink_for(
    output: str, form: Format | None, inputs: Sequence[Input], fingerprint: Fingerprint | None
) -> Sink:
    """The sink that an output path names: "-", a folder, or a file by its ending.

    Without a fingerprint nothing counts as unchanged. Raises ConfigError, before anything is written,
    where two inputs would write one file or an output would replace an input.
    """
    if output == "-":
        return Stream(form or "jsonl")
    path = Path(output)
    if _is_folder(path):
        check(path, inputs)
        clear(folders(path, inputs))
        return Folder(path, form, fingerprint)
    _check_stay([path], inputs)
    clear([path.parent], path.name)
    chosen = form or _form(path.name)
    earlier = Earlier(lines(path), fingerprint) if fingerprint and chosen == "jsonl" else None
    return OneFile(path, chosen, earlier)


def _form(name: str) -> Format:
    """How articles are written to a file of this name."""
    if is_one_of(name, (".txt",)):
        return "text"
    return "json" if is_one_of(name, (".json",)) else "jsonl"


def _is_folder(path: Path) -> bool:
    """What is there decides; else the ending."""
    return path.is_dir() or not (path.is_file() or path.name.lower().endswith(FILE_SUFFIXES))


def check(folder: Path, inputs: Sequence[Input]) -> None:
    """Raises ConfigError where two inputs would write one file below a folder, or one would be replaced."""
    owners: dict[str, Input] = {}
    for item in inputs:
        if item.stem in owners:
            raise ConfigError(
                f"{owners[item.stem].path} and {item.path} would both write {folder / item.stem}; "
                "hint: clean their folders one by one, or name the folder above both"
            )
        owners[item.stem] = item
    written = (folder / f"{item.stem}{suffix}" for item in inputs for suffix in SUFFIX.values())
    _check_stay((folder / QUARANTINE, *written), inputs)


def folders(folder: Path, inputs: Iterable[Input]) -> list[Path]:
    """The folders that articles of these inputs go to, below one that mirrors them."""
    places = {folder / item.stem for item in inputs}
    return sorted(
        {folder} | {place.parent for place in places} | {place for place in places if place.is_dir()}
    )


def orphans(folder: Path, inputs: Iterable[Input]) -> Iterator[Path]:
    """The files of articles below a mirroring folder that none of the inputs would write: theirs are gone.

    A file is told by the articles in it; others' files are passed over.
    """
    expected = {f"{item.stem}{SUFFIX[form]}" for item in inputs for form in _MIRRORED}
    for parent, _, names in os.walk(folder):
        for path in sorted(Path(parent, name) for name in names if name.endswith((".json", ".jsonl"))):
            place = path.relative_to(folder).as_posix()
            if place not in expected and _holds_articles(path, Path(place).with_suffix("").as_posix()):
                yield path


def _holds_articles(path: Path, stem: str) -> bool:
    """Whether a file was written for an input of this stem."""
    data = path.read_bytes() if path.suffix == ".json" else next(lines(path), b"")
    try:
        source = msgspec.json.decode(data, type=_Article).source
    except (ValueError, RecursionError):
        return False
    return source.path is not None and Input("", source.path).stem == stem


def _check_stay(written: Iterable[Path], inputs: Sequence[Input]) -> None:
    # Not Path.resolve, which raises for links that loop.
    read = {os.path.realpath(item.path) for item in inputs}
    for path in written:
        if os.path.realpath(path) in read:
            raise ConfigError(f"{path}: would replace an input; hint: name another output")


# --- what gave no article ---------------------------------------------------------------------

LONGEST_SAMPLE = 20_000


class Failure(NamedTuple):
    """A line of the quarantine file."""

    input: str
    line: int | None
    reason: str
    hint: str
    text: str
    """What was read, cut after `LONGEST_SAMPLE` characters; bytes that are no UTF-8 are replaced."""


class Quarantine:
    """A file of what gave no article. Each run writes it anew; it goes when there is nothing to list."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._file: Aside | None = None

    def add(self, entry: Entry, problem: Problem) -> None:
        if self.path is None:
            return
        self._file = self._file or Aside(self.path)
        text = entry.data[: 4 * LONGEST_SAMPLE].decode("utf-8", "replace")[:LONGEST_SAMPLE]
        failure = Failure(entry.input.path, entry.number, problem.reason, problem.hint, text)
        self._file.write(msgspec.json.encode(failure._asdict()) + b"\n")

    def append(self, path: Path) -> None:
        """List what another such file lists."""
        if self.path is None:
            return
        self._file = self._file or Aside(self.path)
        with path.open("rb") as file:
            while data := file.read(CHUNK):
                self._file.write(data)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        if self._file:
            self._file.__exit__(kind, *error)
        elif self.path and kind is None:
            with contextlib.suppress(OSError):
                self.path.unlink()


def quarantine_path(output: str) -> Path | None:
    """Where a run lists what failed: in the output folder, beside an output file; nowhere for a stream."""
    if output == "-":
        return None
    path = Path(output)
    if _is_folder(path):
        return path / QUARANTINE
    return path.with_name(f"{path.name.partition('.')[0]}.quarantine.jsonl")
