"""The one moment at which a run takes effect: the manifest is replaced; and what is done before and after."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from cleaners import drift, files, page, report
from cleaners.files import Entry, write_aside
from cleaners.outputs import QUARANTINE, Quarantine
from cleaners.page import Change
from cleaners.pipeline import Fingerprint
from cleaners.report import Summary
from cleaners.shards.making import Made
from cleaners.shards.parts import (
    FAILED,
    FOLDER,
    MANIFEST,
    OURS,
    Listed,
    Manifest,
    Part,
    encode,
    prepare,
    read_part,
)
from cleaners.shards.planning import Plan

ANNOUNCED, REPORT = ".announced", "report.html"


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
        write_aside(folder / REPORT, _page(plan, summary, manifest).encode())
        write_aside(folder / MANIFEST, data)
    sweep(folder, manifest)
    return Published(manifest, summary)


def _page(plan: Plan, summary: Summary, after: Manifest) -> str:
    version, rules, settings = (getattr(plan.made_with, name) for name in Fingerprint.__struct_fields__)
    return page.html(
        page.Report(
            summary,
            plan.sentence(),
            [one.sentence() for one in after.drifts],
            changes(plan, after),
            f"copydesk {version}, rules {rules}, settings {settings}",
        )
    )


def changes(plan: Plan, after: Manifest) -> list[Change]:
    """What a run changed, a line a figure."""
    before = plan.before
    counted = [
        (name, getattr(before, name) if before else 0, getattr(after, name))
        for name in ("inputs", "articles", "failed")
    ]
    counted.append(("parts", len(before.parts) if before else 0, len(after.parts)))
    rows = [
        Change(name, f"{was:,}", f"{now:,}", f"{now - was:+,}" if now - was else "0")
        for name, was, now in counted
    ]
    for name in Fingerprint.__struct_fields__:
        was, now = getattr(before.made_with, name)[:12] if before else "", getattr(after.made_with, name)[:12]
        rows.append(Change(name, was, now, "other" if name in plan.why else ""))
    for name in ("new", "changed", "remade", "unchanged", "gone"):
        rows.append(Change(f"inputs {name}", "", f"{getattr(plan, name):,}", ""))
    return rows


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
    return content(path) == data


def content(path: Path) -> bytes | None:
    """What a file holds, if it is there."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def sweep(folder: Path, manifest: Manifest) -> None:
    """Take away parts that neither this manifest nor the one before names, and what killed runs left."""
    for name in needless(manifest, sorted(path.name for path in (folder / FOLDER).iterdir())):
        (folder / FOLDER / name).unlink(missing_ok=True)
    for path in sorted(folder.glob(".*.part")):
        path.unlink(missing_ok=True)


def needless(manifest: Manifest, names: Iterable[str]) -> Iterator[str]:
    """Of the files in the folder of the parts, those that nobody needs any more. Others' files are no files
    of ours."""
    needed = {part.name for part in manifest.parts} | set(manifest.retired)
    for name in names:
        ours = OURS.match(name)
        if ours and (ours["draft"] or ours["process"] or ours["name"] not in needed):
            yield name


# --- telling others ---------------------------------------------------------------------------


def is_announced(folder: Path) -> bool:
    """Whether others were told of the manifest as it is."""
    return _is_there(folder / ANNOUNCED, _version(folder))


def announced(folder: Path) -> None:
    """Remember that others were told. Who is killed before tells them again."""
    write_aside(folder / ANNOUNCED, _version(folder))


def _version(folder: Path) -> bytes:
    return hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest().encode() + b"\n"
