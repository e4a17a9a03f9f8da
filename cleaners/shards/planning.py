"""What a run has to do: which parts stay, which inputs make up the batches of the others."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import msgspec

from cleaners.files import Input
from cleaners.pipeline import Fingerprint
from cleaners.shards.parts import (
    FOLDER,
    INDEX,
    OURS,
    Item,
    Listed,
    Manifest,
    Struct,
    Told,
    digest,
    part_name,
    read_manifest,
)
from cleaners.shards.reading import opened


class Since(Struct, frozen=True, kw_only=True):
    """Where the articles of an earlier run stand."""

    part: str
    offset: int
    item: Item


class Member(Struct, frozen=True, kw_only=True):
    """An input of a batch."""

    path: str | None
    """None for one that is not there any more, whose articles stay."""
    place: str
    sha256: str | None
    size: int
    mark: str = ""
    since: Since | None = None
    told: Told = msgspec.field(default_factory=dict)
    """What its articles print of others."""


class Batch(Struct, frozen=True, kw_only=True):
    """The inputs of one part."""

    name: str
    """What the part is called if it comes out as planned."""
    members: tuple[Member, ...]
    is_careful: bool = False
    """Its texts are cleaned in a process apart, because one may have killed the process that cleaned it."""

    def careful(self) -> Batch:
        return msgspec.structs.replace(self, is_careful=True)


class Unread(NamedTuple):
    """An input that could not even be looked at."""

    input: Input
    reason: str


class Plan(Struct, frozen=True, kw_only=True):
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
    beside: Collection[str] = (),
    told: Mapping[str, Told] | None = None,
) -> Plan:
    """What is to be done so that an output folder holds the articles of these inputs.

    A part stays as long as none of its inputs changes. What is new joins the parts that are less than
    half full, so that small runs do not leave as many small parts. Articles whose input is gone stay,
    unless `prune`. A part that lacks a file of the suffixes `beside` is made anew, of the articles that it
    has. Inputs whose articles are `told` something new, by their place, are cleaned again. Raises
    ConfigError where the folder holds another manifest.
    """
    return _Planner(folder, made_with, (batch_size, batch_bytes), prune, beside, told or {}).plan(inputs)


class _Planner:
    def __init__(
        self,
        folder: Path,
        made_with: Fingerprint,
        room: tuple[int, int],
        prune: bool,
        beside: Collection[str],
        told: Mapping[str, Told],
    ) -> None:
        self.told = told
        self.folder, self.room, self.prune, self.beside = folder, room, prune, beside
        self.made_with, self.made = made_with, digest(made_with)
        self.before = read_manifest(folder)
        self.counts = dict.fromkeys(("unchanged", "new", "changed", "gone", "remade"), 0)

    def _made(self, place: str) -> str:
        """What an input's articles are to be made with."""
        return digest(self.made_with, self.told[place]) if place in self.told else self.made

    def plan(self, inputs: Iterable[Input]) -> Plan:
        self.now, unread = _look(inputs, self._known)
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
            Member(path=i.path, place=i.place, sha256=sha, size=size, mark=i.mark)
            for i, sha, size in self.now.values()
        ]
        self.counts["new"] += len(fresh)
        if fresh or any(is_dirty for _, _, is_dirty in small):
            # One that is small alone and unchanged would be made as it is.
            if fresh or len(small) > 1:
                for at, _, _ in small:
                    kept[at] = None
            loose = [member for at, members, _ in small if kept[at] is None for member in members]
            dirty += _filled(loose + fresh, self.room)
        return Plan(
            before=self.before,
            made_with=self.made_with,
            kept=tuple(kept),
            batches=tuple(self._batches(dirty)),
            unread=tuple((item, reason) for item, reason in unread),
            why=self._why(),
            kept_articles=sum(listed.articles for listed in kept if listed),
            **self.counts,
        )

    def _known(self, now: Input) -> Item | None:
        """An input that is, by its mark, as an earlier run read it: it need not be read."""
        item = self._marked.get(now.place) if now.mark else None
        return item if item and item.mark == now.mark else None

    @cached_property
    def _marked(self) -> dict[str, Item]:
        parts = self.before.parts if self.before else ()
        return {item.place: item for listed in parts for item in _items(self.folder, listed)}

    def _members(self, listed: Listed, unread: set[str]) -> tuple[list[Member], bool]:
        """A part's inputs as they are now, and whether it has to be made anew."""
        members: list[Member] = []
        is_dirty = not all(listed.path(self.folder, suffix).exists() for suffix in self.beside)
        offset = 0
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
                "changed" if not is_same else "unchanged" if item.made == self._made(item.place) else "remade"
            ] += 1
            is_dirty = is_dirty or not is_same or item.made != self._made(item.place)
            members.append(
                Member(
                    path=there.path,
                    place=item.place,
                    sha256=sha256,
                    size=size,
                    mark=there.mark,
                    since=since,
                )
            )
        # An index that is lost takes its inputs with it: they count as new, and are cleaned again.
        return members, is_dirty or not members

    def _batches(self, dirty: Iterable[list[Member]]) -> Iterator[Batch]:
        named = {part_name(map(self._planned, members)): members for members in dirty if members}
        killed = begun(self.folder)
        # Where inputs came or went meanwhile, what was at work then may be in any of them.
        is_anywhere = not killed <= named.keys()
        for name, members in named.items():
            is_deadly = any(member.since and member.since.item.deadly for member in members)
            is_careful = is_deadly or is_anywhere or name in killed
            told = (msgspec.structs.replace(one, told=self.told.get(one.place, {})) for one in members)
            yield Batch(name=name, members=tuple(told), is_careful=is_careful)

    def _is_small(self, members: Sequence[Member]) -> bool:
        size, length = self.room
        return 2 * len(members) < size and 2 * sum(member.size for member in members) < length

    def _planned(self, member: Member) -> tuple[str, str | None, str]:
        made = member.since.item.made if member.path is None and member.since else self._made(member.place)
        return member.place, member.sha256, made

    def _why(self) -> tuple[str, ...]:
        if self.before is None:
            return ()
        before, now = self.before.made_with, self.made_with
        return tuple(n for n in Fingerprint.__struct_fields__ if getattr(before, n) != getattr(now, n))


def begun(folder: Path) -> set[str]:
    """Parts that an earlier run was killed in the middle of: a text may have done it, and would again."""
    with contextlib.suppress(FileNotFoundError):
        found = (OURS.match(path.name) for path in (folder / FOLDER).iterdir())
        return {ours["name"] for ours in found if ours and ours["draft"] and ours["process"]}
    return set()


def _look(
    inputs: Iterable[Input], known: Callable[[Input], Item | None]
) -> tuple[dict[str, tuple[Input, str, int]], list[Unread]]:
    """Each input with its hash and size, by its place."""
    found: dict[str, tuple[Input, str, int]] = {}
    unread: list[Unread] = []
    for item in inputs:
        if (same := known(item)) and same.sha256:
            found[item.place] = (item, same.sha256, same.size)
            continue
        try:
            with opened(item.path) as snapshot:
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
