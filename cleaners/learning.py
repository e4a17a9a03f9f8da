"""Learning from many inputs: what they show together, before each is cleaned; what a person decided of it.

It alone knows the files of decisions: accepted rules in `sites/HOST.toml` of a rule folder, and beside it, in
`sites/HOST.rejected.txt`, the lines that are part of the story.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import msgspec

from cleaners import again, duplicates, evidence, files, known, report, rulebook, runs, templates
from cleaners.archive import Archive
from cleaners.article import Dedup
from cleaners.config import Config
from cleaners.duplicates import Sketch, Sketches
from cleaners.files import Entry, Problem, write_aside
from cleaners.known import Printed
from cleaners.outputs import Format, Quarantine, Sink, with_dedup
from cleaners.pipeline import clean_and_look, clean_source, site_of
from cleaners.report import Summary
from cleaners.runs import Pool, Result
from cleaners.settings import ConfigError, RuleFile, Settings, nearest
from cleaners.spool import Spool
from cleaners.templates import Proposal, Stats

BATCH = 256
"""Articles that go into the archive at once."""
CHOSEN = 160
"""Entries of a site that are cleaned for a look, some more than are kept: of copies one is."""
REJECTED = ".rejected.txt"
NOTHING = Summary()


def observe(entries: Iterable[Entry], settings: Settings, site: str = "", workers: int | Pool = 1) -> Stats:
    """What the inputs show. Those that give no article are passed over: cleaning names them."""
    work = partial(_show, site=site)
    results = runs.run(entries, _looking(settings), Sink(), Quarantine(None), workers, work)
    return templates.gather(result.seen for result in results if result.seen)


def chosen(entries: Iterable[Entry], settings: Settings, site: str = "") -> frozenset[bytes]:
    """The marks of the entries that are worth a look: of each site so many, those with the smallest hashes,
    whatever comes first. A site of a hundred thousand pages shows no more than one of some hundred.

    Where a site is named, only its own; those without a URL are from there.
    """
    sites: dict[str, set[bytes]] = defaultdict(set)
    for entry in entries:
        source = runs.attempt(entry, partial(files.source_of, entry, settings.fields))
        host = "" if isinstance(source, Problem) else site_of(source) or site
        if host and site in ("", host):
            sites[host].add(_mark(entry))
            if len(sites[host]) > 2 * CHOSEN:
                sites[host] = set(sorted(sites[host])[:CHOSEN])
    return frozenset(mark for marks in sites.values() for mark in sorted(marks)[:CHOSEN])


def among(entries: Iterable[Entry], marks: Container[bytes]) -> Iterator[Entry]:
    """The entries that were chosen."""
    return (entry for entry in entries if _mark(entry) in marks)


def _mark(entry: Entry) -> bytes:
    return hashlib.blake2b(entry.data, digest_size=16).digest()


def _show(entry: Entry, settings: Settings, form: Format, site: str) -> Result:
    """What an entry shows of its site: all that a worker need send back."""

    def work() -> Result:
        article = clean_source(files.source_of(entry, settings.fields), settings)
        return Result(entry, None, None, NOTHING, seen=templates.look(article, site))

    return runs.guarded(entry, work)


def _looking(settings: Settings) -> Settings:
    """The settings to look with: lines that their look alone condemns are just those that others may explain,
    and what language a text is in is not asked."""
    without = settings.without | frozenset(evidence.RULES)
    return msgspec.structs.replace(settings, language=False, without=without)


def rejected(folder: Path | None) -> dict[str, list[str]]:
    """The lines that a person kept in the story, by site."""
    places = sorted((folder / "sites").glob(f"*{REJECTED}")) if folder else []
    return {path.name.removesuffix(REJECTED): _lines(path) for path in places}


def rule_folder(config: Config, into: str | None = None) -> Path | None:
    """Where accepted rules go: the folder named, else the first that the settings name."""
    if into:
        return Path(into)
    value = config.values.get(("rules",))
    named = [value.value] if value and isinstance(value.value, str) else value.value if value else []
    folders = [value.folder / name for name in named if value and (value.folder / name).is_dir()]
    return next(iter(folders), None)


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot read it: {error}; hint: one line of text a line, UTF-8") from error
    return [line for line in text.split("\n") if line.strip()]


def choose(proposals: Sequence[Proposal], names: Iterable[str]) -> list[Proposal]:
    """The proposals of these ids. Raises ConfigError for one that is not among them."""
    known = {proposal.rule.id: proposal for proposal in proposals}
    for name in names:
        if name not in known:
            near = nearest(name, known)
            hint = f"did you mean {near!r}?" if near else "`copydesk learn PATH...` lists them"
            raise ConfigError(f"there is no proposal {name!r}; hint: {hint}")
    return [known[name] for name in names]


def accept(folder: Path, proposals: Iterable[Proposal]) -> list[Path]:
    """Write proposals as rules of their sites, behind those already there; one that is there stays as it is.

    Raises ConfigError, before anything is written, where the file would not be a rule file.
    """
    texts: dict[Path, str] = {}
    for proposal in proposals:
        path = folder / "sites" / proposal.rule.file.removeprefix("sites/")
        text = texts.get(path) or (path.read_text(encoding="utf-8") if path.is_file() else "")
        there = {rule.id for rule in rulebook.parse(text, proposal.rule.file, proposal.rule.site)}
        if proposal.rule.id not in there:
            texts[path] = f"{text.rstrip()}\n\n{proposal.toml}".lstrip("\n")
    for path, text in texts.items():
        rulebook.load_rules((RuleFile(f"sites/{path.name}", text),))
    for path, text in texts.items():
        write_aside(path, text.encode())
    return sorted(texts)


def reject(folder: Path, proposals: Iterable[Proposal]) -> list[Path]:
    """Remember proposals as near misses: lines that stay."""
    lines: Mapping[str, list[str]] = rejected(folder)
    changed: dict[str, list[str]] = {}
    for proposal in proposals:
        site = proposal.rule.site
        known = changed.setdefault(site, list(lines.get(site, ())))
        known += sorted({example.text for example in proposal.examples} - set(known))
    paths = {folder / "sites" / f"{site}{REJECTED}": known for site, known in changed.items()}
    for path, known in paths.items():
        write_aside(path, "".join(f"{line}\n" for line in known).encode())
    return sorted(paths)


# --- before a run is cleaned ------------------------------------------------------------------


class Survey(NamedTuple):
    """What the articles of a run show together."""

    settings: Mapping[str, Settings]
    """Those to clean an entry with, by its label, where it prints headlines of other articles."""
    dedup: Mapping[str, Dedup]
    """What each entry duplicates, by its label."""
    standing: frozenset[str]
    """Labels of those that stand for a cluster."""
    sketches: Sketches
    """Of the articles of the run first, then of others."""
    own: int
    """Articles of the run."""

    @property
    def ids(self) -> Iterator[str]:
        return map(self.sketches.id, range(self.own))


class _Looked(NamedTuple):
    """What the look at an entry gives."""

    made: tuple[bytes, bytes]
    """Its article as a line of JSON, and the summary of that."""
    printed: Printed | None
    sketch: Sketch


def _look(entry: Entry, settings: Settings, form: Format, near: bool, prints: bool) -> Result:
    """Clean an entry as if nothing were known of others, and keep what it shows them."""

    def work() -> Result:
        article, before = clean_and_look(files.source_of(entry, settings.fields), settings)
        made = article.to_json(), msgspec.msgpack.encode(report.summarize(article))
        printed = known.printed(before) if prints else None
        seen = _Looked(made, printed, duplicates.sketch(before, entry.label, near))
        return Result(entry, None, None, NOTHING, seen=seen)

    return runs.guarded(entry, work)


class _Observed:
    """What was seen of the articles of a run; in batches, where there is an archive."""

    def __init__(self, archive: Archive | None) -> None:
        self.archive = archive
        self.batch: list[tuple[Printed, Sketch, str]] = []
        self.sketches = Sketches()
        self.place = "", ""
        """The path of the last entry's input, and as the archive keeps it."""

    def add(self, entry: Entry, seen: _Looked) -> None:
        self.sketches.add(seen.sketch)
        if self.archive and seen.printed:
            if self.place[0] != entry.input.path:
                self.place = entry.input.path, again.place(entry.input.path)
            self.batch.append((seen.printed, seen.sketch, self.place[1]))
            if len(self.batch) >= BATCH:
                self.flush()

    def flush(self) -> None:
        if self.archive and self.batch:
            self.archive.add_all(self.batch)
        self.batch = []


def survey(
    entries: Iterable[Entry],
    settings: Settings,
    archive: Archive | None,
    workers: int | Pool = 1,
    days: int | None = None,
    near: bool = True,
    spool: Spool | None = None,
) -> Survey:
    """Look at all articles of a run, before they are written: arrival order then decides nothing.

    `days` is the most that may lie between an article and what it duplicates; without `near` it is the same
    text or none. What is made of each is put into the spool: it stands, unless something is known that
    concerns it.
    """
    observed = _Observed(archive)
    work = partial(_look, near=near, prints=archive is not None)
    for result in runs.run(entries, settings, Sink(), Quarantine(None), workers, work):
        if result.seen:
            observed.add(result.entry, result.seen)
        if spool:
            spool.put(result.entry, result.seen and result.seen.made)
    observed.flush()
    stats = observed.sketches
    count = len(stats)
    explained = archive.explain(map(stats.id, range(count))) if archive else {}
    own = {
        stats.key(at): again.knowing(settings, explained[stats.id(at)])
        for at in range(count if explained else 0)
        if stats.id(at) in explained
    }
    for other in archive.sketches(map(stats.id, range(count))) if archive else ():
        stats.add(other if near else msgspec.structs.replace(other, hashes=b""))
    decided = duplicates.decide(stats, days)
    labels = map(stats.key, range(count))
    mine = {label: decided[label] for label in labels if label in decided}
    return Survey(own, mine, duplicates.standing(stats, decided), stats, count)


def annotated(
    entries: Iterable[Entry], seen: Survey, how: str | None, spool: Spool | None = None
) -> Iterator[Entry]:
    """The entries with the headlines they are to know, what each duplicates, and what is made of them
    already; where duplicates are dropped, what stands for them alone.

    One headline over two texts is no duplicate.
    """
    for entry in entries:
        made = spool.take(entry) if spool else None
        found = seen.dedup.get(entry.label)
        is_copy = found and found.relation != "sameHeadline" and entry.label not in seen.standing
        if how == "drop" and is_copy:
            continue
        dedup = found if how in ("annotate", "drop") else None
        own = seen.settings.get(entry.label)
        if made and dedup:
            made = with_dedup(made[0], dedup), made[1]
        yield entry._replace(dedup=dedup, settings=own, made=None if own else made)


noted = again.noted


def told(seen: Survey) -> Iterator[str]:
    """The duplicates of a run, a line each: what it is of which article."""
    for label, dedup in sorted(seen.dedup.items()):
        if label not in seen.standing:
            yield f"{label}: {dedup.relation} {dedup.similarity:.2f} {dedup.canonical_id}"
