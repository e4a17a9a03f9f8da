"""Learning from many inputs: what they show together, before each is cleaned; what a person decided of it.

It alone knows the files of decisions: accepted rules in `sites/HOST.toml` of a rule folder, and beside it, in
`sites/HOST.rejected.txt`, the lines that are part of the story.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from cleaners import again, duplicates, evidence, known, rulebook, runs, templates
from cleaners.archive import Archive
from cleaners.article import Article, Dedup
from cleaners.config import Config
from cleaners.duplicates import Sketch, Sketches
from cleaners.files import Entry, write_aside
from cleaners.known import Printed
from cleaners.outputs import Quarantine, Sink
from cleaners.settings import ConfigError, RuleFile, Settings, nearest
from cleaners.templates import Proposal, Stats

BATCH = 256
"""Articles that are observed at once."""
REJECTED = ".rejected.txt"


def observe(entries: Iterable[Entry], settings: Settings, site: str = "", workers: int = 1) -> Stats:
    """What the inputs show. Those that give no article are passed over: cleaning names them."""
    sink = _Learning(site)
    for _ in runs.run(entries, _looking(settings), sink, Quarantine(None), workers):
        pass
    return sink.stats()


class _Learning(Sink):
    """Takes articles as a run makes them, and observes them in batches."""

    def __init__(self, site: str) -> None:
        self.site = site
        self.seen: Stats = {}
        self.batch: list[Article] = []

    def put(self, entry: Entry, output: bytes, is_new: bool) -> None:
        self.batch.append(Article.from_json(output))
        if len(self.batch) >= BATCH:
            self.stats()

    def stats(self) -> Stats:
        """What all showed until now."""
        self.seen = templates.merge(self.seen, templates.observe(self.batch, self.site))
        self.batch = []
        return self.seen


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


class _Observing(Sink):
    """Takes articles as a run makes them, and keeps what they show; in batches, where there is an archive."""

    def __init__(self, archive: Archive | None, near: bool) -> None:
        self.archive, self.near = archive, near
        self.batch: list[tuple[Printed, Sketch, str]] = []
        self.sketches = Sketches()

    def put(self, entry: Entry, output: bytes, is_new: bool) -> None:
        article = Article.from_json(output)
        seen = duplicates.sketch(article, entry.label, self.near)
        self.sketches.add(seen)
        if self.archive:
            self.batch.append((known.printed(article), seen, again.place(entry.input.path)))
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
    workers: int = 1,
    days: int | None = None,
    near: bool = True,
) -> Survey:
    """Look at all articles of a run, before they are cleaned for good: arrival order then decides nothing.

    `days` is the most that may lie between an article and what it duplicates; without `near` it is the same
    text or none.
    """
    sink = _Observing(archive, near)
    for _ in runs.run(entries, _looking(settings), sink, Quarantine(None), workers):
        pass
    sink.flush()
    stats = sink.sketches
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


def annotated(entries: Iterable[Entry], seen: Survey, how: str | None) -> Iterator[Entry]:
    """The entries with the headlines they are to know, and what each duplicates; where duplicates are
    dropped, what stands for them alone.

    One headline over two texts is no duplicate.
    """
    for entry in entries:
        found = seen.dedup.get(entry.label)
        is_copy = found and found.relation != "sameHeadline" and entry.label not in seen.standing
        if not (how == "drop" and is_copy):
            dedup = found if how in ("annotate", "drop") else None
            yield entry._replace(dedup=dedup, settings=seen.settings.get(entry.label))


noted = again.noted


def told(seen: Survey) -> Iterator[str]:
    """The duplicates of a run, a line each: what it is of which article."""
    for label, dedup in sorted(seen.dedup.items()):
        if label not in seen.standing:
            yield f"{label}: {dedup.relation} {dedup.similarity:.2f} {dedup.canonical_id}"
