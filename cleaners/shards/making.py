"""Making a part: the batch is cleaned aside, and is a part when its index is there."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from cleaners import files, report, runs
from cleaners.files import CHUNK, Aside, Entry, Input, sync_folder, write_aside
from cleaners.outputs import Earlier, Quarantine, Sink, made_from, own_made_with
from cleaners.pipeline import Fingerprint, fingerprint
from cleaners.report import Summary
from cleaners.settings import Settings
from cleaners.shards.parts import (
    ARTICLES,
    FAILED,
    INDEX,
    Item,
    Part,
    Told,
    digest,
    part_name,
    part_path,
    prepare,
    read_part,
)
from cleaners.shards.planning import Batch, Member, Since
from cleaners.shards.reading import Opened
from cleaners.workers import Worker


class Made(NamedTuple):
    """What making a part came to."""

    name: str
    summary: Summary
    is_reused: bool
    """An earlier run that did not end had made it."""
    slowest: tuple[tuple[float, str], ...] = ()
    """Seconds, and what took them."""


SLOWEST = 5

Beside = Mapping[str, Callable[[Path, Path], None]]
"""What is written beside a part's articles, by its suffix: of the file of articles, to a path of its own."""


def make(
    batch: Batch,
    folder: Path,
    settings: Settings,
    beside: Beside | None = None,
    clock: Callable[[], float] | None = None,
) -> Made:
    """Clean a batch into a part; one that is there already is taken as it is.

    `beside` may be Parquet, or what was observed of the articles. Raises OSError where the part cannot be
    written, which a second try may cure; never for an input.
    """
    beside = beside or {}
    part = _finished(folder, batch, beside)
    if part:
        return Made(part.name, part.summary, True)
    prepare(folder)
    return _Making(batch, folder, settings, clock).make(beside)


def _finished(folder: Path, batch: Batch, beside: Collection[str]) -> Part | None:
    """The part of a batch as an interrupted run has left it, if it is whole."""
    try:
        part = read_part(folder, batch.name)
        with part_path(folder, batch.name, ARTICLES).open("rb") as file:
            is_whole = hashlib.file_digest(file, "sha256").hexdigest() == part.sha256
    except (OSError, ValueError):
        return None
    is_planned = [item.place for item in part.inputs] == [member.place for member in batch.members]
    has_all = all(part_path(folder, batch.name, suffix).exists() for suffix in beside)
    return part if is_whole and is_planned and has_all else None


class _Making:
    """One batch on its way into a part."""

    def __init__(
        self, batch: Batch, folder: Path, settings: Settings, clock: Callable[[], float] | None
    ) -> None:
        self.batch, self.folder, self.settings, self.clock = batch, folder, settings, clock
        self.made_with = fingerprint(settings)
        self.slowest: list[tuple[float, str]] = []
        self.items: list[Item] = []

    def make(self, beside: Beside) -> Made:
        # Written under the planned name; an input that changed meanwhile gives the part another.
        draft = part_path(self.folder, f"{self.batch.name}.{os.getpid()}", ARTICLES)
        lost = draft.with_suffix(FAILED)
        with (
            _Articles(draft, self.made_with) as sink,
            Quarantine(lost) as quarantine,
            Worker() as self.apart,
        ):
            summary = report.merge(self._members(sink, quarantine))
        name = part_name((item.place, item.sha256, item.made) for item in self.items)
        self._rename(lost, name, FAILED)
        self._rename(draft, name, ARTICLES)
        for suffix, write in beside.items():
            write(part_path(self.folder, name, ARTICLES), part_path(self.folder, name, suffix))
        part = Part(
            name=name,
            sha256=sink.sha256.hexdigest(),
            length=sink.length,
            articles=sum(item.articles for item in self.items),
            failed=sum(item.failed for item in self.items),
            inputs=tuple(self.items),
            summary=summary,
        )
        write_aside(part_path(self.folder, name, INDEX), msgspec.json.encode(part) + b"\n")
        return Made(name, summary, False, tuple(sorted(self.slowest, reverse=True)))

    def _rename(self, draft: Path, name: str, suffix: str) -> None:
        if draft.exists():
            draft.replace(part_path(self.folder, name, suffix))
            sync_folder(draft.parent)
        else:
            part_path(self.folder, name, suffix).unlink(missing_ok=True)

    def _members(self, sink: _Articles, quarantine: Quarantine) -> Iterator[Summary]:
        for member in self.batch.members:
            sink.begin(self.folder, member)
            if self._stands(member):
                yield self._carry(member, sink)
            else:
                yield from self._clean(member, sink, quarantine)

    def _stands(self, member: Member) -> bool:
        """Whether all that an earlier run made of the input is to stay."""
        if member.since is None:
            return False
        item = member.since.item
        is_same = item.sha256 == member.sha256 and item.made == self._made(member) and not item.failed
        return member.path is None or is_same

    def _made(self, member: Member) -> str:
        return digest(self.made_with, member.told)

    def _told(self, entries: Iterable[Entry], told: Told) -> Iterator[Entry]:
        """The entries with the headlines of others that their articles print."""
        known = self.settings.headlines
        for entry in entries:
            own = told.get(hashlib.sha256(entry.data).hexdigest()) if told else None
            settings = msgspec.structs.replace(self.settings, headlines=(*known, *own)) if own else None
            yield entry._replace(settings=settings)

    def _carry(self, member: Member, sink: _Articles) -> Summary:
        assert member.since
        sink.carry(self.folder, member.since)
        mark = member.mark or member.since.item.mark
        item = msgspec.structs.replace(member.since.item, failed=0, mark=mark)
        self.items.append(item)
        return Summary(unchanged=item.articles)

    def _clean(self, member: Member, sink: _Articles, quarantine: Quarantine) -> Iterator[Summary]:
        assert member.path is not None
        item = Input(member.path, member.place)
        opened = Opened()
        failed, deadly, length = 0, 0, sink.length
        workers = self.apart if self.batch.is_careful else 1
        entries = self._told(files.entries([item], opener=opened), member.told)
        results = runs.run(entries, self.settings, sink, quarantine, workers)
        started = self.clock() if self.clock else 0.0
        for result in results:
            failed += result.problem is not None
            deadly += result.problem == runs.DIED
            if self.clock:
                started = self._time(result.entry, started, self.clock())
            yield result.summary
        self.items.append(
            Item(
                place=member.place,
                sha256=opened.sha256,
                made=self._made(member),
                size=opened.size,
                articles=sink.articles,
                failed=failed,
                length=sink.length - length,
                # What was read may be newer than what was listed.
                mark=member.mark if opened.sha256 == member.sha256 else "",
                deadly=deadly,
            )
        )

    def _time(self, entry: Entry, started: float, ended: float) -> float:
        self.slowest = sorted([*self.slowest, (ended - started, entry.label)], reverse=True)[:SLOWEST]
        return ended


class _Articles(Sink):
    """The file of a part's articles; and those that an earlier run made from the same records."""

    def __init__(self, path: Path, made_with: Fingerprint) -> None:
        self.made_with, self.sha256, self.length, self.articles = made_with, hashlib.sha256(), 0, 0
        self._file = Aside(path)
        self._earlier: Earlier | None = None

    def begin(self, folder: Path, member: Member) -> None:
        """From now on articles are those of this input."""
        self.articles = 0
        since = member.since
        self._earlier = Earlier(_lines(folder, since), self.made_with) if since else None

    def earlier(self, entry: Entry) -> bytes | None:
        return self._earlier.take(made_from(entry), own_made_with(entry)) if self._earlier else None

    def put(self, entry: Entry, output: bytes, is_new: bool) -> None:
        self.articles += 1
        self._write(output)

    def carry(self, folder: Path, since: Since) -> None:
        """Take over all articles of an input as they stand."""
        with part_path(folder, since.part, ARTICLES).open("rb") as file:
            file.seek(since.offset)
            left = since.item.length
            while left and (data := file.read(min(CHUNK, left))):
                left -= len(data)
                self._write(data)
        if left:
            raise OSError(errno.EIO, "the part became shorter", file.name)

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self.sha256.update(data)
        self.length += len(data)

    def __exit__(self, kind: type[BaseException] | None, *error: object) -> None:
        self._file.__exit__(kind, *error)


def _lines(folder: Path, since: Since) -> Iterator[bytes]:
    """The articles that an earlier run made of an input."""
    left = since.item.length
    with contextlib.suppress(OSError), part_path(folder, since.part, ARTICLES).open("rb") as file:
        file.seek(since.offset)
        while left > 0 and (line := file.readline(left)):
            left -= len(line)
            yield line
