"""What lies in an output folder: parts, their indexes, the manifest. It alone knows their names and forms.

A part holds the articles of a batch of inputs, and is named by the hash of what it was made from and
with; it is whole when its index, written last, is there. The manifest names the parts that count.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from cleaners import drift
from cleaners.files import sync_folder
from cleaners.pipeline import Fingerprint
from cleaners.report import Summary
from cleaners.settings import ConfigError, Known

MANIFEST, FOLDER = "manifest.json", "shards"
ARTICLES, FAILED, INDEX = ".jsonl", ".failed.jsonl", ".json"
"""Suffixes of a part's files: articles, what gave none, and the index."""
PARQUET, SEEN = ".parquet", ".seen"
"""What may lie beside them: the articles as Parquet, and what was observed of them, which merges in the order
of the manifest."""
OURS = re.compile(r"(?P<draft>\.)?(?P<name>[0-9a-f]{32})\.(?P<process>\d+\.)?")
"""Names of a part's files: with a dot before it while it is written, with a process until it has its name."""
FORMAT = "copydesk-shards-1"


class Struct(msgspec.Struct, frozen=True, rename="camel"):
    """What is written to disk: camelCase outside."""


class Item(Struct, frozen=True, kw_only=True, gc=False):
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
    mark: str = ""
    """What the store said of its version, where it lies in one; else empty."""
    deadly: int = 0
    """Failures that took the process with them."""


class Part(Struct, frozen=True, kw_only=True):
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


class Listed(Struct, frozen=True, kw_only=True):
    """A part as the manifest lists it."""

    name: str
    sha256: str
    length: int
    inputs: int
    articles: int
    failed: int

    def path(self, folder: Path, suffix: str = ARTICLES) -> Path:
        return part_path(folder, self.name, suffix)


class Manifest(Struct, frozen=True, kw_only=True):
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


def part_path(folder: Path, name: str, suffix: str) -> Path:
    return folder / FOLDER / f"{name}{suffix}"


def read_part(folder: Path, name: str) -> Part:
    """A part's index. Raises OSError or ValueError where there is none."""
    return msgspec.json.decode(part_path(folder, name, INDEX).read_bytes(), type=Part)


def prepare(folder: Path) -> None:
    """Make the folder of the parts, so that it lasts through a power cut."""
    below = folder / FOLDER
    if not below.is_dir():
        below.mkdir(parents=True, exist_ok=True)
        sync_folder(folder)
        sync_folder(folder.parent)


def encode(manifest: Manifest) -> bytes:
    """A manifest as it is written: for people too."""
    return msgspec.json.format(msgspec.json.encode(manifest, order="deterministic"), indent=1) + b"\n"


Told = dict[str, tuple[Known, ...]]
"""Headlines of other articles that the articles of an input print, by the hash of what each is made from."""


def digest(made_with: Fingerprint, told: Told | None = None) -> str:
    """Version, rules and settings in a short word, and what the articles of an input were told."""
    what = [made_with, told] if told else made_with
    return hashlib.sha256(msgspec.json.encode(what, order="deterministic")).hexdigest()[:16]


def part_name(inputs: Iterable[tuple[str, str | None, str]]) -> str:
    """A part's name: the hash of what it is made from and with."""
    return hashlib.sha256(msgspec.json.encode([FORMAT, list(inputs)])).hexdigest()[:32]
