"""Articles of earlier runs, cleaned again when a later headline explains a line of theirs.

It alone knows how an article is replaced in a file that an earlier run wrote: where the input is still what
it was, and the article was made with the settings of now. All else in the file stays, byte for byte.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from cleaners import files, outputs, pipeline, runs
from cleaners.archive import Archive, Stale, Written
from cleaners.files import Aside, Entry, Input, InputFormat
from cleaners.outputs import Format, Made, Sink
from cleaners.runs import Result
from cleaners.settings import Known, Settings


def knowing(settings: Settings, known: Iterable[Known]) -> Settings:
    """The settings, with headlines of other articles."""
    return msgspec.structs.replace(settings, headlines=(*settings.headlines, *known))


def place(path: str) -> str:
    """A path as the archive keeps it: runs are started in any folder."""
    return str(Path(path).absolute())


def noted(results: Iterable[Result], sink: Sink, written: set[tuple[str, str, str]]) -> Iterator[Result]:
    """Results as they come; where articles went is noted."""
    for result in results:
        if result.output is not None and (path := sink.path(result.entry)):
            item = result.entry.input
            written.add((place(item.path), item.place, place(str(path))))
        yield result


def clean_again(
    archive: Archive, settings: Settings, form: InputFormat | None = None
) -> tuple[list[str], list[str]]:
    """Clean again what earlier runs wrote and a headline of now explains. Gives the ids of the articles that
    were, and of those that could not be: their input or settings are not what they were.

    `form` says what the inputs are, where their suffix does not.
    """
    done: list[str] = []

    def work(stale: Sequence[Stale]) -> Collection[str]:
        by_path: dict[str, list[tuple[Stale, Written]]] = defaultdict(list)
        for one in stale:
            for written in one.written:
                by_path[written.path].append((one, written))
        left: set[str] = set()
        for path, those in sorted(by_path.items()):
            left |= {one.id for one in _rewrite(Path(path), those, settings, form)}
        done.extend(one.id for one in stale if one.id not in left)
        return done

    left = archive.clean_again(work)
    return done, left


class _Head(msgspec.Struct):
    id: str


def _rewrite(
    path: Path, those: Sequence[tuple[Stale, Written]], settings: Settings, form: InputFormat | None
) -> list[Stale]:
    """Replace articles in a file. Gives those that it holds and that could not be replaced."""
    wanted = {one.id: one for one, _ in those}
    name = path.name.removesuffix(".gz")
    if name.endswith(".txt"):
        return list(wanted.values())  # a text alone does not say what it was made from
    kind: Format = "json" if name.endswith(".json") else "jsonl"
    found: dict[Made, Stale] = {}
    left: list[Stale] = []
    for line in _articles(path, kind):
        one = wanted.get(_id(line) or "")
        read = outputs.read_made(line) if one else None
        if one and read and read[1] == pipeline.fingerprint(knowing(settings, one.before)):
            found[read[0]] = one
        elif one and not (read and read[1] == pipeline.fingerprint(knowing(settings, one.known))):
            left.append(one)
    entries = _entries({(written.input, written.place) for _, written in those}, found, form)
    made = {
        made: runs.clean_entry(
            entry._replace(dedup=made[3], settings=knowing(settings, found[made].known)), settings, kind
        ).output
        for made, entry in entries.items()
    }
    if any(made.values()):
        with Aside(path) as file:
            for line in _articles(path, kind):
                read = outputs.read_made(line) if _id(line) in wanted else None
                file.write((made.get(read[0]) if read else None) or line)
    return left + [one for key, one in found.items() if not made.get(key)]


def _articles(path: Path, kind: Format) -> Iterator[bytes]:
    lines = outputs.lines(path)
    return iter([b"".join(lines)]) if kind == "json" else lines


def _id(line: bytes) -> str | None:
    try:
        return msgspec.json.decode(line, type=_Head).id
    except (ValueError, RecursionError):
        return None


def _entries(
    inputs: Iterable[tuple[str, str]], wanted: Mapping[Made, Stale], form: InputFormat | None
) -> dict[Made, Entry]:
    """The entries that articles were made from, where the inputs still hold them."""
    # What an article duplicates is no part of the input.
    keys = {made[:3]: made for made in wanted}
    found: dict[Made, Entry] = {}
    for path, where in sorted(inputs) if wanted else ():
        for entry in files.entries([Input(path, where)], form):
            made = outputs.made_from(entry)
            if not entry.problem and made[:3] in keys:
                found[keys[made[:3]]] = entry
    return found
