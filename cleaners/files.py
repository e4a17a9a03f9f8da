"""Files: inputs found, outputs written aside and renamed. What the command line and the flows share."""

from __future__ import annotations

import contextlib
import glob
import os
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, Self

import msgspec

from cleaners.article import Article
from cleaners.pipeline import clean_source
from cleaners.read import Source
from cleaners.settings import ConfigError, Settings

STDIN = "-"
TEXT_SUFFIXES = (".txt", ".text")


class Input(NamedTuple):
    """One text to be cleaned: where it is, and its place below the output folder."""

    path: str
    """A file's path, or "-" for standard input."""
    place: str
    """Relative path with forward slashes, that the output mirrors."""


class Outcome(NamedTuple):
    """What became of one input: an article, or the reason why there is none."""

    input: Input
    article: Article | None
    problem: str | None
    data: bytes | None
    """The bytes that were read."""


def find(paths: Sequence[str]) -> list[Input]:
    """The inputs that paths, folders and globs name, each once, in order.

    A folder gives its text files (.txt, .text) at any depth, sorted, hidden ones left out and links to
    folders not followed. Raises ConfigError for a path that names nothing.
    """
    found: dict[str, Input] = {}
    for path in paths:
        for item in _expand(path):
            found.setdefault(item.path, item)
    return list(found.values())


def _expand(path: str) -> Iterator[Input]:
    if path == STDIN:
        yield Input(STDIN, "stdin.txt")
    elif Path(path).is_dir():
        yield from _folder(Path(path))
    elif Path(path).exists():
        yield Input(path, Path(path).name)
    else:
        matches = sorted(glob.glob(path, recursive=True))  # noqa: PTH207  # Path.glob takes no absolute pattern
        if not matches:
            raise ConfigError(
                f"{path}: no such file, folder or glob; hint: paths are relative to {Path.cwd().name}/"
            )
        for match in matches:
            yield from (_folder(Path(match)) if Path(match).is_dir() else [Input(match, Path(match).name)])


def _folder(root: Path) -> Iterator[Input]:
    found = []
    for parent, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        found += [
            Path(parent, name)
            for name in names
            if name.lower().endswith(TEXT_SUFFIXES) and not name.startswith(".")
        ]
    for path in sorted(found, key=lambda path: path.relative_to(root).as_posix()):
        yield Input(str(path), path.relative_to(root).as_posix())


def read_bytes(item: Input) -> bytes:
    """Read an input. Raises OSError when it cannot be read."""
    return sys.stdin.buffer.read() if item.path == STDIN else Path(item.path).read_bytes()


def clean_inputs(inputs: Iterable[Input], settings: Settings) -> Iterator[Outcome]:
    """Clean inputs one by one, in order. One that cannot be read becomes a problem, not an error."""
    for item in inputs:
        try:
            data = read_bytes(item)
        except OSError as error:
            yield Outcome(item, None, error.strerror or str(error), None)
            continue
        name = item.path if item.path == STDIN else Path(item.path).name
        source = Source(data, name=name, path=item.place)
        yield Outcome(item, clean_source(source, settings), None, data)


def output_paths(inputs: Sequence[Input], folder: Path) -> dict[Input, Path]:
    """Where each input's article goes below a folder.

    Raises ConfigError when two inputs would write one file, before anything is written.
    """
    owners: dict[Path, Input] = {}
    for item in inputs:
        path = (folder / item.place).with_suffix(".json")
        if path in owners:
            raise ConfigError(
                f"{owners[path].path} and {item.path} would both write {path}; "
                "hint: clean their folders one by one, or name the folder above both"
            )
        owners[path] = item
    return {item: path for path, item in owners.items()}


def write_article(path: Path, article: Article) -> None:
    """Write an article as a file of its own: indented, so that people and diffs can read it."""
    write_aside(path, msgspec.json.format(article.to_json(), indent=1) + b"\n")


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
        # Named after the process and thread, so that no two writers share one; what a killed process
        # of the same name left behind is overwritten.
        self._aside = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}.part")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._aside.open("wb")
        except OSError as error:
            raise ConfigError(f"{path.parent}: cannot write there: {error.strerror}") from error

    def write(self, data: bytes) -> None:
        self._file.write(data)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._file.flush()
                os.fsync(self._file.fileno())
                self._aside.replace(self.path)
                _sync_folder(self.path.parent)
        finally:
            self._file.close()
            with contextlib.suppress(OSError):
                self._aside.unlink()


def _sync_folder(folder: Path) -> None:
    """Make a rename last through a power cut, where the system can."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
