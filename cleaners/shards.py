"""Shards: the output of scheduled runs. It alone knows how part files and the manifest lie on disk.

A part holds the articles of a batch of inputs, and is named by the hash of what it was made from and
with; it is whole when its index, written last, is there. The manifest names the parts that count, and
replacing it is the one moment at which a run takes effect: a run that is killed before has changed
nothing, and leaves parts that the next run finds made.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import re
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import IO, NamedTuple, Self, cast

import msgspec

from cleaners import drift, files, outputs, report, runs
from cleaners.files import Aside, Entry, Input, sync_folder, write_aside
from cleaners.outputs import QUARANTINE, Earlier, Quarantine, Sink
from cleaners.pipeline import Fingerprint, fingerprint
from cleaners.report import Summary
from cleaners.settings import ConfigError, Settings

MANIFEST, FOLDER, LOCK, ANNOUNCED = "manifest.json", "shards", ".lock", ".announced"
ARTICLES, FAILED, PARQUET, INDEX = ".jsonl", ".failed.jsonl", ".parquet", ".json"
"""Suffixes of a part's files: articles, what gave none, the same as Parquet, and the index."""
FORMAT = "copydesk-shards-1"
CHUNK = 1 << 20


class _Struct(msgspec.Struct, frozen=True, rename="camel"):
    """What is written to disk: camelCase outside."""


class Item(_Struct, frozen=True, kw_only=True, gc=False):
    """An input as a part holds it."""

    place: str
    sha256: str | None
    """Hash of the bytes that were read; None where reading them failed."""
    made: str
    """What version, rules and settings its articles were made with."""
    size: int
    """Bytes that were read."""
    articles: int
    failed: int
    length: int
    """Bytes of its articles, which follow those of the items before it."""


class Part(_Struct, frozen=True, kw_only=True):
    """A part as its index describes it."""

    name: str
    sha256: str
    """Hash of the file of articles."""
    length: int
    articles: int
    failed: int
    inputs: tuple[Item, ...]
    summary: Summary
    """What the run that made it did for it."""


class Listed(_Struct, frozen=True, kw_only=True):
    """A part as the manifest lists it."""

    name: str
    sha256: str
    length: int
    inputs: int
    articles: int
    failed: int

    def path(self, folder: Path, suffix: str = ARTICLES) -> Path:
        return _path(folder, self.name, suffix)


class Manifest(_Struct, frozen=True, kw_only=True):
    """What an output folder holds, all told."""

    format: str = FORMAT
    made_with: Fingerprint
    inputs: int
    articles: int
    failed: int
    parts: tuple[Listed, ...]
    retired: tuple[str, ...] = ()
    """Parts that the manifest before this one named: they stay for those who are reading them."""
    history: dict[str, tuple[drift.Window, ...]] = {}
    """Figures of earlier runs by site, for the drift alarm."""
    drifts: tuple[drift.Drift, ...] = ()
    """What the run that wrote it found out of its usual range; told later, if it was killed before."""


def read_manifest(folder: Path | str) -> Manifest | None:
    """The manifest of an output folder; None where no run has ended yet."""
    path = Path(folder) / MANIFEST
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    try:
        manifest = msgspec.json.decode(data, type=Manifest)
    except ValueError as error:
        raise ConfigError(
            f"{path}: no manifest: {error}; hint: another output folder, or delete it"
        ) from None
    if manifest.format != FORMAT:
        raise ConfigError(
            f"{path}: written by another version ({manifest.format}); hint: another output folder"
        )
    return manifest


def read_articles(folder: Path | str, manifest: Manifest) -> Iterator[bytes]:
    """The articles that a manifest names, a line of JSON each, in its order."""
    for part in manifest.parts:
        with part.path(Path(folder)).open("rb") as file:
            yield from file


def _path(folder: Path, name: str, suffix: str) -> Path:
    return folder / FOLDER / f"{name}{suffix}"


# --- one run at a time ------------------------------------------------------------------------


class Lock:
    """Keeps a second run off an output folder. It ends with its process, however that ends."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / LOCK
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(f"{folder}: cannot write there: {error.strerror}") from error

    def __enter__(self) -> Self:
        while True:
            handle = self._open()
            if not _lock(handle):
                owner = os.pread(handle, 100, 0).decode("utf-8", "replace") if os.name == "posix" else "?"
                os.close(handle)
                raise ConfigError(
                    f"{self.path.parent}: another run writes there ({owner}); hint: wait for its end"
                )
            # Who held it before may have removed the file between our opening and our locking it.
            with contextlib.suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(handle), os.stat(self.path)):  # noqa: PTH116  # one is a handle
                    break
            os.close(handle)
        os.ftruncate(handle, 0)
        os.write(handle, f"process {os.getpid()} on {_host()}".encode())
        self._handle = handle
        return self

    def _open(self) -> int:
        try:
            return os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise ConfigError(f"{self.path.parent}: cannot write there: {error.strerror}") from error

    def __exit__(self, *error: object) -> None:
        with contextlib.suppress(OSError):
            self.path.unlink()
        os.close(self._handle)


def _host() -> str:
    return os.uname().nodename if hasattr(os, "uname") else "this machine"


def _lock(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK):
            return False
        raise
    return True


# --- planning ---------------------------------------------------------------------------------


class Since(_Struct, frozen=True, kw_only=True):
    """Where the articles of an earlier run stand."""

    part: str
    offset: int
    item: Item


class Member(_Struct, frozen=True, kw_only=True):
    """An input of a batch."""

    path: str | None
    """None for one that is not there any more, whose articles stay."""
    place: str
    sha256: str | None
    size: int
    since: Since | None = None


class Batch(_Struct, frozen=True, kw_only=True):
    """The inputs of one part."""

    name: str
    """What the part is called if it comes out as planned."""
    members: tuple[Member, ...]


class Unread(NamedTuple):
    """An input that could not even be looked at."""

    input: Input
    reason: str


class Plan(_Struct, frozen=True, kw_only=True):
    """What a run has to do."""

    before: Manifest | None
    made_with: Fingerprint
    kept: tuple[Listed | None, ...]
    """The parts of before: those that stay, and None for those that are made anew or merged."""
    batches: tuple[Batch, ...]
    unread: tuple[tuple[Input, str], ...] = ()
    unchanged: int = 0
    new: int = 0
    changed: int = 0
    gone: int = 0
    remade: int = 0
    """Inputs that are cleaned again only because version, rules or settings changed."""
    why: tuple[str, ...] = ()
    """Which of the three changed."""
    kept_articles: int = 0
    """Articles in parts that stay."""

    def sentence(self) -> str:
        """What a run found to do, in one line."""
        said = [f"{self.new:,} new", f"{self.changed:,} changed", f"{self.unchanged:,} unchanged"]
        said += [f"{self.gone:,} gone"] if self.gone else []
        said += [f"{len(self.unread):,} unreadable"] if self.unread else []
        if self.remade:
            said.append(f"{self.remade:,} to be cleaned again: other {' and '.join(self.why)}")
        return f"inputs: {', '.join(said)}"


def plan(
    folder: Path,
    inputs: Iterable[Input],
    made_with: Fingerprint,
    batch_size: int = 2000,
    batch_bytes: int = 64 << 20,
    prune: bool = False,
) -> Plan:
    """What is to be done so that an output folder holds the articles of these inputs.

    A part stays as long as none of its inputs changes. What is new joins the parts that are less than
    half full, so that small runs do not leave as many small parts. Articles whose input is gone stay,
    unless `prune`. Raises ConfigError where the folder holds another manifest.
    """
    return _Planner(folder, made_with, (batch_size, batch_bytes), prune).plan(inputs)


class _Planner:
    def __init__(self, folder: Path, made_with: Fingerprint, room: tuple[int, int], prune: bool) -> None:
        self.folder, self.room, self.prune = folder, room, prune
        self.made_with, self.made = made_with, digest(made_with)
        self.before = read_manifest(folder)
        self.counts = dict.fromkeys(("unchanged", "new", "changed", "gone", "remade"), 0)

    def plan(self, inputs: Iterable[Input]) -> Plan:
        self.now, unread = _look(inputs)
        kept: list[Listed | None] = []
        dirty: list[list[Member]] = []
        small: list[tuple[int, list[Member], bool]] = []
        for listed in self.before.parts if self.before else ():
            members, is_dirty = self._members(listed, {item.place for item, _ in unread})
            if self._is_small(members):
                small.append((len(kept), members, is_dirty))
            elif is_dirty:
                dirty.append(members)
            kept.append(None if is_dirty else listed)
        fresh = [
            Member(path=i.path, place=i.place, sha256=sha, size=size) for i, sha, size in self.now.values()
        ]
        self.counts["new"] += len(fresh)
        if fresh or any(is_dirty for _, _, is_dirty in small):
            # One that is small alone and unchanged would be made as it is.
            if fresh or len(small) > 1:
                for at, _, _ in small:
                    kept[at] = None
            loose = [member for at, members, _ in small if kept[at] is None for member in members]
            dirty += _filled(loose + fresh, self.room)
        batches = tuple(
            Batch(name=_name(map(self._planned, some)), members=tuple(some)) for some in dirty if some
        )
        return Plan(
            before=self.before,
            made_with=self.made_with,
            kept=tuple(kept),
            batches=batches,
            unread=tuple((item, reason) for item, reason in unread),
            why=self._why(),
            kept_articles=sum(listed.articles for listed in kept if listed),
            **self.counts,
        )

    def _members(self, listed: Listed, unread: set[str]) -> tuple[list[Member], bool]:
        """A part's inputs as they are now, and whether it has to be made anew."""
        members: list[Member] = []
        is_dirty, offset = False, 0
        for item in _items(self.folder, listed):
            since = Since(part=listed.name, offset=offset, item=item)
            offset += item.length
            now = self.now.pop(item.place, None)
            if now is None:
                is_lost = self.prune and item.place not in unread
                self.counts["gone"] += item.place not in unread
                is_dirty = is_dirty or is_lost
                if not is_lost:
                    members.append(
                        Member(path=None, place=item.place, sha256=item.sha256, size=item.size, since=since)
                    )
                continue
            there, sha256, size = now
            is_same = sha256 == item.sha256
            self.counts[
                "changed" if not is_same else "unchanged" if item.made == self.made else "remade"
            ] += 1
            is_dirty = is_dirty or not is_same or item.made != self.made
            members.append(Member(path=there.path, place=item.place, sha256=sha256, size=size, since=since))
        # An index that is lost takes its inputs with it: they count as new, and are cleaned again.
        return members, is_dirty or not members

    def _is_small(self, members: Sequence[Member]) -> bool:
        size, length = self.room
        return 2 * len(members) < size and 2 * sum(member.size for member in members) < length

    def _planned(self, member: Member) -> tuple[str, str | None, str]:
        made = member.since.item.made if member.path is None and member.since else self.made
        return member.place, member.sha256, made

    def _why(self) -> tuple[str, ...]:
        if self.before is None:
            return ()
        before, now = self.before.made_with, self.made_with
        return tuple(n for n in Fingerprint.__struct_fields__ if getattr(before, n) != getattr(now, n))


def _look(inputs: Iterable[Input]) -> tuple[dict[str, tuple[Input, str, int]], list[Unread]]:
    """Each input with its hash and size, by its place."""
    found: dict[str, tuple[Input, str, int]] = {}
    unread: list[Unread] = []
    for item in inputs:
        try:
            with _Snapshot(item.path) as snapshot:
                snapshot.finish()
                found[item.place] = (item, snapshot.sha256(), snapshot.size)
        except OSError as error:
            unread.append(Unread(item, error.strerror or str(error)))
    return found, unread


def _filled(members: Sequence[Member], room: tuple[int, int]) -> Iterator[list[Member]]:
    """Batches of so many inputs, or so many bytes of them."""
    batch: list[Member] = []
    left = room[1]
    for member in members:
        if batch and (len(batch) >= room[0] or left <= 0):
            yield batch
            batch, left = [], room[1]
        batch.append(member)
        left -= member.size
    if batch:
        yield batch


class _Index(msgspec.Struct, rename="camel"):
    """What planning needs of an index."""

    inputs: tuple[Item, ...]


def _items(folder: Path, listed: Listed) -> tuple[Item, ...]:
    """The inputs of a part. None where its files were damaged from outside: they are made again."""
    try:
        if listed.path(folder).stat().st_size == listed.length:
            return msgspec.json.decode(listed.path(folder, INDEX).read_bytes(), type=_Index).inputs
    except (FileNotFoundError, ValueError):
        pass
    return ()


def digest(made_with: Fingerprint) -> str:
    """Version, rules and settings in a short word."""
    return hashlib.sha256(msgspec.json.encode(made_with)).hexdigest()[:16]


def _name(inputs: Iterable[tuple[str, str | None, str]]) -> str:
    """A part's name: the hash of what it is made from and with."""
    return hashlib.sha256(msgspec.json.encode([FORMAT, list(inputs)])).hexdigest()[:32]


# --- making a part ----------------------------------------------------------------------------


class Made(NamedTuple):
    """What making a part came to."""

    name: str
    summary: Summary
    is_reused: bool
    """An earlier run that did not end had made it."""
    slowest: tuple[tuple[float, str], ...] = ()
    """Seconds, and what took them."""


SLOWEST = 5


def make(
    batch: Batch,
    folder: Path,
    settings: Settings,
    parquet: bool = False,
    clock: Callable[[], float] | None = None,
) -> Made:
    """Clean a batch into a part; one that is there already is taken as it is.

    Raises OSError where the part cannot be written, which a second try may cure; never for an input.
    """
    part = _finished(folder, batch, parquet)
    if part:
        return Made(part.name, part.summary, True)
    prepare(folder)
    return _Making(batch, folder, settings, clock).make(parquet)


def prepare(folder: Path) -> None:
    """Make the folder of the parts, so that it lasts through a power cut."""
    below = folder / FOLDER
    if not below.is_dir():
        below.mkdir(parents=True, exist_ok=True)
        sync_folder(folder)
        sync_folder(folder.parent)


def read_part(folder: Path, name: str) -> Part:
    """A part's index. Raises OSError or ValueError where there is none."""
    return msgspec.json.decode(_path(folder, name, INDEX).read_bytes(), type=Part)


def _finished(folder: Path, batch: Batch, parquet: bool) -> Part | None:
    """The part of a batch as an interrupted run has left it, if it is whole."""
    try:
        part = read_part(folder, batch.name)
        with _path(folder, batch.name, ARTICLES).open("rb") as file:
            is_whole = hashlib.file_digest(file, "sha256").hexdigest() == part.sha256
    except (OSError, ValueError):
        return None
    is_planned = [item.place for item in part.inputs] == [member.place for member in batch.members]
    has_parquet = not parquet or _path(folder, batch.name, PARQUET).exists()
    return part if is_whole and is_planned and has_parquet else None


class _Making:
    """One batch on its way into a part."""

    def __init__(
        self, batch: Batch, folder: Path, settings: Settings, clock: Callable[[], float] | None
    ) -> None:
        self.batch, self.folder, self.settings, self.clock = batch, folder, settings, clock
        self.made_with = fingerprint(settings)
        self.made = digest(self.made_with)
        self.slowest: list[tuple[float, str]] = []
        self.items: list[Item] = []

    def make(self, parquet: bool) -> Made:
        # Written under the planned name; an input that changed meanwhile gives the part another.
        draft = _path(self.folder, f"{self.batch.name}.{os.getpid()}", ARTICLES)
        lost = draft.with_suffix(FAILED)
        with _Articles(draft, self.made_with) as sink, Quarantine(lost) as quarantine:
            summary = report.merge(self._members(sink, quarantine))
        name = _name((item.place, item.sha256, item.made) for item in self.items)
        self._rename(lost, name, FAILED)
        self._rename(draft, name, ARTICLES)
        if parquet:
            from cleaners import parquet as writer

            writer.write(_path(self.folder, name, ARTICLES), _path(self.folder, name, PARQUET))
        part = Part(
            name=name,
            sha256=sink.sha256.hexdigest(),
            length=sink.length,
            articles=sum(item.articles for item in self.items),
            failed=sum(item.failed for item in self.items),
            inputs=tuple(self.items),
            summary=summary,
        )
        write_aside(_path(self.folder, name, INDEX), msgspec.json.encode(part) + b"\n")
        return Made(name, summary, False, tuple(sorted(self.slowest, reverse=True)))

    def _rename(self, draft: Path, name: str, suffix: str) -> None:
        if draft.exists():
            draft.replace(_path(self.folder, name, suffix))
            sync_folder(draft.parent)
        else:
            _path(self.folder, name, suffix).unlink(missing_ok=True)

    def _members(self, sink: _Articles, quarantine: Quarantine) -> Iterator[Summary]:
        for member in self.batch.members:
            sink.begin(self.folder, member, self.made)
            if self._stands(member):
                yield self._carry(member, sink)
            else:
                yield from self._clean(member, sink, quarantine)

    def _stands(self, member: Member) -> bool:
        """Whether all that an earlier run made of the input is to stay."""
        if member.since is None:
            return False
        item = member.since.item
        is_same = item.sha256 == member.sha256 and item.made == self.made and not item.failed
        return member.path is None or is_same

    def _carry(self, member: Member, sink: _Articles) -> Summary:
        assert member.since
        sink.carry(self.folder, member.since)
        item = msgspec.structs.replace(member.since.item, failed=0)
        self.items.append(item)
        return Summary(unchanged=item.articles)

    def _clean(self, member: Member, sink: _Articles, quarantine: Quarantine) -> Iterator[Summary]:
        assert member.path is not None
        item = Input(member.path, member.place)
        opened = _Opened()
        failed, length = 0, sink.length
        results = runs.run(files.entries([item], opener=opened), self.settings, sink, quarantine)
        started = self.clock() if self.clock else 0.0
        for result in results:
            failed += result.problem is not None
            if self.clock:
                started = self._time(result.entry, started, self.clock())
            yield result.summary
        self.items.append(
            Item(
                place=member.place,
                sha256=opened.sha256,
                made=self.made,
                size=opened.size,
                articles=sink.articles,
                failed=failed,
                length=sink.length - length,
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

    def begin(self, folder: Path, member: Member, made: str) -> None:
        """From now on articles are those of this input."""
        self.articles = 0
        since = member.since
        is_usable = since is not None and since.item.made == made
        self._earlier = Earlier(_lines(folder, since), self.made_with) if since and is_usable else None

    def earlier(self, entry: Entry) -> bytes | None:
        return self._earlier.take(outputs.made_from(entry)) if self._earlier else None

    def put(self, entry: Entry, output: bytes, is_new: bool) -> None:
        self.articles += 1
        self._write(output)

    def carry(self, folder: Path, since: Since) -> None:
        """Take over all articles of an input as they stand."""
        with _path(folder, since.part, ARTICLES).open("rb") as file:
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
    with contextlib.suppress(OSError), _path(folder, since.part, ARTICLES).open("rb") as file:
        file.seek(since.offset)
        while left > 0 and (line := file.readline(left)):
            left -= len(line)
            yield line


class _Snapshot(io.RawIOBase):
    """A file as long as it was when it was opened, and the hash of what is read of it."""

    def __init__(self, path: str) -> None:
        super().__init__()
        if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116  # opening a pipe would wait
            raise OSError(errno.EINVAL, "no plain file", path)
        self._file = open(path, "rb", buffering=0)  # noqa: PTH123, SIM115  # ours to close
        self._left = os.fstat(self._file.fileno()).st_size
        self._sha256, self.size = hashlib.sha256(), 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast(bytearray, buffer))[: self._left]
        count = self._file.readinto(view) or 0
        self._sha256.update(view[:count])
        self._left -= count
        self.size += count
        return count

    def finish(self) -> None:
        """Read what is left."""
        buffer = bytearray(CHUNK)
        while self.readinto(buffer):
            pass

    def sha256(self) -> str:
        return self._sha256.hexdigest()

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


class _Opened:
    """Opens an input for `files.entries`, and remembers the hash and size of what was read."""

    sha256: str | None = None
    size = 0

    @contextlib.contextmanager
    def __call__(self, item: Input) -> Iterator[IO[bytes]]:
        import gzip

        with _Snapshot(item.path) as snapshot:
            buffered = io.BufferedReader(snapshot, CHUNK)
            try:
                is_packed = item.path.lower().endswith(".gz")
                yield cast(IO[bytes], gzip.GzipFile(fileobj=buffered)) if is_packed else buffered
            except EOFError:
                self._remember(snapshot)  # cut short: the same bytes will be next time
                raise
            self._remember(snapshot)

    def _remember(self, snapshot: _Snapshot) -> None:
        snapshot.finish()
        self.sha256, self.size = snapshot.sha256(), snapshot.size


# --- publishing -------------------------------------------------------------------------------


class Published(NamedTuple):
    """What a run came to."""

    manifest: Manifest
    summary: Summary


def publish(folder: Path, plan: Plan, made: Sequence[Made]) -> Published:
    """Let a run take effect: list what failed, replace the manifest, take away what nobody needs any more."""
    prepare(folder)
    listed = [_listed(read_part(folder, one.name)) for one in made]
    parts = (*(part for part in plan.kept if part), *listed)
    failed = [report.problem(item.path, reason) for item, reason in plan.unread]
    kept = Summary(unchanged=plan.kept_articles)
    summary = report.merge([kept, *(one.summary for one in made), *failed])
    before = plan.before
    # Other rules move the shares for good reason: what was usual is usual no more.
    is_comparable = before is not None and before.made_with == plan.made_with
    history, drifts = drift.follow(before.history if before and is_comparable else {}, summary.sites)
    manifest = Manifest(
        made_with=plan.made_with,
        inputs=sum(part.inputs for part in parts),
        articles=sum(part.articles for part in parts),
        failed=sum(part.failed for part in parts) + len(plan.unread),
        parts=parts,
        retired=_retired(before, parts),
        history=history,
        drifts=before.drifts if before and _are_same(before, parts) else tuple(drifts),
    )
    _list_failed(folder, plan, parts)
    data = encode(manifest)
    if not _is_there(folder / MANIFEST, data):
        write_aside(folder / MANIFEST, data)
    sweep(folder, manifest)
    return Published(manifest, summary)


def encode(manifest: Manifest) -> bytes:
    """A manifest as it is written: for people too."""
    return msgspec.json.format(msgspec.json.encode(manifest, order="deterministic"), indent=1) + b"\n"


def _listed(part: Part) -> Listed:
    return Listed(
        name=part.name,
        sha256=part.sha256,
        length=part.length,
        inputs=len(part.inputs),
        articles=part.articles,
        failed=part.failed,
    )


def _retired(before: Manifest | None, parts: Sequence[Listed]) -> tuple[str, ...]:
    if before is None:
        return ()
    if _are_same(before, parts):
        return before.retired
    names = {part.name for part in parts}
    return tuple(part.name for part in before.parts if part.name not in names)


def _are_same(before: Manifest, parts: Sequence[Listed]) -> bool:
    return {part.name for part in before.parts} == {part.name for part in parts}


def _list_failed(folder: Path, plan: Plan, parts: Iterable[Listed]) -> None:
    """One quarantine file of what those of the parts list, and of what could not be looked at."""
    with Quarantine(folder / QUARANTINE) as quarantine:
        for item, reason in plan.unread:
            problem = files.Problem(reason, "it is tried again next time")
            quarantine.add(Entry(item, b""), problem)
        for part in parts:
            if part.failed:
                with contextlib.suppress(FileNotFoundError):
                    quarantine.append(part.path(folder, FAILED))


def _is_there(path: Path, data: bytes) -> bool:
    try:
        return path.read_bytes() == data
    except OSError:
        return False


_OURS = re.compile(r"(?P<draft>\.)?(?P<name>[0-9a-f]{32})\.(?P<process>\d+\.)?")


def sweep(folder: Path, manifest: Manifest) -> None:
    """Take away parts that neither this manifest nor the one before names, and what killed runs left."""
    needed = {part.name for part in manifest.parts} | set(manifest.retired)
    for path in sorted((folder / FOLDER).iterdir()):
        ours = _OURS.match(path.name)
        if ours and (ours["draft"] or ours["process"] or ours["name"] not in needed):
            path.unlink(missing_ok=True)
    for path in sorted(folder.glob(".*.part")):
        path.unlink(missing_ok=True)


# --- telling others ---------------------------------------------------------------------------


def is_announced(folder: Path) -> bool:
    """Whether others were told of the manifest as it is."""
    return _is_there(folder / ANNOUNCED, _version(folder))


def announced(folder: Path) -> None:
    """Remember that others were told. Who is killed before tells them again."""
    write_aside(folder / ANNOUNCED, _version(folder))


def _version(folder: Path) -> bytes:
    return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest().encode() + b"\n"
