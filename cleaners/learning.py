"""Learning from many inputs: proposals made of them, and what a person decided about each written down.

It alone knows the files of that: accepted rules in `sites/HOST.toml` of a rule folder, and beside it, in
`sites/HOST.rejected.txt`, the lines that are part of the story.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial, reduce
from itertools import islice
from pathlib import Path

from cleaners import files, pipeline, rulebook, runs, templates
from cleaners.article import Article
from cleaners.files import Entry, Problem, write_aside
from cleaners.settings import ConfigError, RuleFile, Settings, nearest
from cleaners.templates import Proposal, Stats

BATCH = 256
"""Articles that are observed at once."""
REJECTED = ".rejected.txt"


def observe(entries: Iterable[Entry], settings: Settings, site: str = "") -> Stats:
    """What the inputs show. Those that give no article are passed over: cleaning names them."""
    articles = _cleaned(entries, settings)
    batches = iter(lambda: list(islice(articles, BATCH)), [])
    nothing: Stats = {}
    return reduce(templates.merge, (templates.observe(batch, site) for batch in batches), nothing)


def _cleaned(entries: Iterable[Entry], settings: Settings) -> Iterator[Article]:
    for entry in entries:
        done = runs.attempt(entry, partial(_clean, entry, settings))
        if not isinstance(done, Problem):
            yield done


def _clean(entry: Entry, settings: Settings) -> Article:
    return pipeline.clean_source(files.source_of(entry, settings.fields), settings)


def rejected(folder: Path | None) -> dict[str, list[str]]:
    """The lines that a person kept in the story, by site."""
    places = sorted((folder / "sites").glob(f"*{REJECTED}")) if folder else []
    return {path.name.removesuffix(REJECTED): _lines(path) for path in places}


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
