"""Shards in an object store: the same steps, done in a folder here, then uploaded. It alone knows the order.

An upload is atomic for one object, and that is enough: of a part its index goes last, of a run the manifest,
whose upload is the moment at which the run takes effect. Only what no manifest names is ever removed.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import threading
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Self

import msgspec

from cleaners.files import Input, host, is_running
from cleaners.outputs import QUARANTINE
from cleaners.pipeline import Fingerprint
from cleaners.remote import WHOLE, Seen, Store
from cleaners.settings import ConfigError, Settings
from cleaners.shards import making, planning, publishing
from cleaners.shards.lock import LOCK
from cleaners.shards.making import Beside, Made
from cleaners.shards.parts import ARTICLES, FAILED, FOLDER, INDEX, MANIFEST, OURS, Manifest, Told
from cleaners.shards.parts import read_manifest as read_manifest_file
from cleaners.shards.planning import Batch, Plan
from cleaners.shards.publishing import ANNOUNCED, REPORT, Published

LEASE, RENEWED = timedelta(minutes=10), 60.0
"""How long a lock holds that nobody renews, by the clock of the store; seconds between renewals."""


def store_of(url: str) -> Store:
    """The store at a URL. Raises ConfigError for one that does not put objects as a whole."""
    store = Store(url)
    if store.scheme not in WHOLE:
        raise ConfigError(
            f"{url}: articles go to folders and object stores ({', '.join(WHOLE)}); "
            "hint: mount it, and name the folder"
        )
    return store


def read_manifest(url: str) -> Manifest | None:
    """As `parts.read_manifest`."""
    with _workspace() as near:
        _fetch(Store(url), near, MANIFEST)
        return read_manifest_file(near)


def read_articles(url: str, manifest: Manifest) -> Iterator[bytes]:
    """As `parts.read_articles`; a part is fetched when it comes to it."""
    store = Store(url)
    for part in manifest.parts:
        with _workspace() as near:
            store.fetch(_name(part.name, ARTICLES), part.path(near))
            with part.path(near).open("rb") as file:
                yield from file


def plan(
    url: str,
    inputs: Iterable[Input],
    made_with: Fingerprint,
    batch_size: int = 2000,
    batch_bytes: int = 64 << 20,
    prune: bool = False,
    beside: Collection[str] = (),
    told: Mapping[str, Told] | None = None,
) -> Plan:
    """As `planning.plan`: of the articles it needs to know only how long they are."""
    store = store_of(url)
    with _workspace() as near:
        _fetch(store, near, MANIFEST)
        before = read_manifest_file(near)
        there = _there(store)
        for name in there:
            if OURS.match(name) and name.startswith("."):
                (near / FOLDER / name).touch()  # that a run was killed
        for listed in before.parts if before else ():
            for suffix in (ARTICLES, *beside):
                _stand_in(near, _name(listed.name, suffix), there)
            _fetch(store, near, _name(listed.name, INDEX))
        return planning.plan(near, inputs, made_with, batch_size, batch_bytes, prune, beside, told)


def _stand_in(near: Path, name: str, there: dict[str, Seen]) -> None:
    """A file of an object's length."""
    if seen := there.get(name.removeprefix(f"{FOLDER}/")):
        with (near / name).open("wb") as file:
            file.truncate(seen.size)


def make(
    batch: Batch,
    url: str,
    settings: Settings,
    beside: Beside | None = None,
    clock: Callable[[], float] | None = None,
) -> Made:
    """As `making.make`. The part is made here, and uploaded with its index last."""
    store = store_of(url)
    with _workspace() as near:
        since = sorted({member.since.part for member in batch.members if member.since} - {batch.name})
        for name in (_name(part, ARTICLES) for part in since):
            _fetch(store, near, name)
        for suffix in (ARTICLES, INDEX, *(beside or ())):
            _fetch(store, near, _name(batch.name, suffix))
        with _begun(store, batch.name):
            made = making.make(batch, near, settings, beside, clock)
        if not made.is_reused:
            for suffix in (ARTICLES, FAILED, *(beside or ()), INDEX):
                _upload(store, near, _name(made.name, suffix))
        return made


@contextlib.contextmanager
def _begun(store: Store, part: str) -> Iterator[None]:
    """Leaves something behind where the process is killed, as files that are being written do."""
    name = f"{FOLDER}/.{part}.{os.getpid()}{ARTICLES}"
    store.write(name, b"")
    try:
        yield
    finally:
        store.remove(name)


def publish(url: str, plan: Plan, made: Sequence[Made], held: Callable[[], None] = lambda: None) -> Published:
    """As `publishing.publish`. `held` raises where the lock was lost meanwhile."""
    store = store_of(url)
    with _workspace() as near:
        _fetch(store, near, MANIFEST)
        there = _there(store)  # nothing that comes later goes: who took over may have made it
        held()
        names = [one.name for one in made]
        for name in names:
            store.fetch(_name(name, INDEX), near / _name(name, INDEX))
        for name in (*names, *(part.name for part in plan.kept if part and part.failed)):
            if f"{name}{FAILED}" in there:
                _fetch(store, near, _name(name, FAILED))
        before = publishing.content(near / MANIFEST)
        published = publishing.publish(near, plan, made)
        _upload(store, near, QUARANTINE)
        if publishing.content(near / MANIFEST) != before:
            held()
            _upload(store, near, REPORT)
            _upload(store, near, MANIFEST)
    for name in publishing.needless(published.manifest, there):
        store.remove(f"{FOLDER}/{name}")
    return published


def is_announced(url: str) -> bool:
    """As `publishing.is_announced`."""
    store = Store(url)
    with contextlib.suppress(FileNotFoundError):
        return store.read(ANNOUNCED) == _version(store)
    return False


def announced(url: str) -> None:
    """As `publishing.announced`."""
    store = store_of(url)
    store.write(ANNOUNCED, _version(store))


def _version(store: Store) -> bytes:
    return hashlib.sha256(store.read(MANIFEST)).hexdigest().encode() + b"\n"


# --- here and there ---------------------------------------------------------------------------


@contextlib.contextmanager
def _workspace() -> Iterator[Path]:
    """A folder laid out as an output, for one step."""
    with tempfile.TemporaryDirectory(prefix="copydesk-") as folder:
        (Path(folder) / FOLDER).mkdir()
        yield Path(folder)


def _name(part: str, suffix: str) -> str:
    return f"{FOLDER}/{part}{suffix}"


def _there(store: Store) -> dict[str, Seen]:
    """The files of the parts, by name."""
    return {name.removeprefix(f"{FOLDER}/"): seen for name, seen in store.list(FOLDER).items()}


def _fetch(store: Store, near: Path, name: str) -> None:
    """Copy an object here, if it is there."""
    with contextlib.suppress(FileNotFoundError):
        store.fetch(name, near / name)


def _upload(store: Store, near: Path, name: str) -> None:
    """Make the store hold what is here: a file, or none."""
    if (near / name).exists():
        store.upload(near / name, name)
    else:
        store.remove(name)


# --- one run at a time ------------------------------------------------------------------------


class _Owner(msgspec.Struct, frozen=True):
    host: str
    process: int
    token: str


class Lock:
    """Keeps a second run off an output in a store.

    It is an object that the run renews. One whose process has ended on this machine, or that nobody has
    renewed for `LEASE`, is taken over; the run that lost it finds out before it publishes.
    """

    def __init__(self, url: str) -> None:
        self.url, self._store = url, store_of(url)
        self._owner = _Owner(host(), os.getpid(), uuid.uuid4().hex)
        self._ended = threading.Event()

    def __enter__(self) -> Self:
        try:
            self._take()
        except OSError as error:
            raise ConfigError(f"{self.url}: cannot write there: {error.strerror or error}") from error
        self.check()
        self._renewing = threading.Thread(target=self._renew, daemon=True)
        self._renewing.start()
        return self

    def _take(self) -> None:
        data = msgspec.json.encode(self._owner)
        try:
            self._store.create(LOCK, data)
        except FileExistsError:
            if not self._is_stale():
                raise ConfigError(
                    f"{self.url}: another run writes there ({self._read()}); hint: wait for its end"
                ) from None
            self._store.write(LOCK, data)

    def _read(self) -> _Owner | None:
        with contextlib.suppress(FileNotFoundError, ValueError):
            return msgspec.json.decode(self._store.read(LOCK), type=_Owner)
        return None

    def _is_stale(self) -> bool:
        owner = self._read()
        if owner is None or (owner.host == host() and not is_running(owner.process)):
            return True
        probe = f"{LOCK}.{self._owner.token}"
        self._store.write(probe, b"")
        try:
            return self._store.modified(probe) - self._store.modified(LOCK) > LEASE
        finally:
            self._store.remove(probe)

    def check(self) -> None:
        """Raises ConfigError where another run has taken the lock over."""
        if self._read() != self._owner:
            raise ConfigError(
                f"{self.url}: another run has taken over there; hint: nothing is lost, the next run goes on"
            )

    def _renew(self) -> None:
        while not self._ended.wait(RENEWED):
            with contextlib.suppress(OSError, ConfigError):
                self.check()
                self._store.write(LOCK, msgspec.json.encode(self._owner))

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._renewing.join()  # or it might bring back what is removed here
        with contextlib.suppress(OSError):
            if self._read() == self._owner:
                self._store.remove(LOCK)
