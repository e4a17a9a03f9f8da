"""What the articles of an output show together: observed part by part, merged, and decided.

It alone knows what is written beside a part (suffix `shards.SEEN`). Parts may be merged in any order and
grouping: the same comes out on any runner, with batches of any size.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import msgspec

from cleaners import duplicates, known, templates
from cleaners.archive import Archive
from cleaners.article import Article, Dedup
from cleaners.duplicates import Sketches
from cleaners.files import write_aside
from cleaners.known import Printed
from cleaners.settings import Known
from cleaners.shards import Told
from cleaners.templates import Proposal

BATCH = 256
"""Articles that are observed at once."""
ENOUGH, RARER = 20, 4
"""Articles of a site on which its rules are judged, and how many times rarer one is that is stale."""


class One(NamedTuple):
    """An article: the place of its input, the hash of what it was made from, and what it prints."""

    place: str
    made_from: str
    printed: Printed


class Seen(msgspec.Struct, array_like=True):
    """What was observed of a part."""

    templates: dict[str, dict[str, templates.Seen]]
    printed: list[One]
    sketches: bytes
    articles: dict[str, int]
    """By site."""
    rules: dict[str, int]
    """Articles on which a rule of a site's own fired."""


class Together(NamedTuple):
    """What all parts show."""

    proposals: Sequence[Proposal]
    duplicates: Sequence[tuple[str, Dedup]]
    """Ids of articles, and what they duplicate."""
    stale: Sequence[Stale]


class Stale(NamedTuple):
    """A rule of a site that fires far less often than it used to."""

    rule: str
    share: float
    usual: float
    articles: int

    def sentence(self) -> str:
        return (
            f"{self.rule}: fired on {100 * self.share:.1f} % of {self.articles:,} articles, "
            f"usually {100 * self.usual:.1f} %"
        )


# --- a part -----------------------------------------------------------------------------------


def write(articles: Path, target: Path) -> None:
    """Observe the articles of a part, and write beside them what they show."""
    seen = Seen({}, [], b"", {}, {})
    sketches = Sketches()
    with articles.open("rb") as file:
        lines = iter(file)
        while batch := [Article.from_json(line) for line in islice(lines, BATCH)]:
            seen.templates = _plain(templates.merge(seen.templates, templates.observe(batch)))
            for article in batch:
                _add(seen, sketches, article)
    seen.sketches = sketches.to_bytes()
    write_aside(target, msgspec.msgpack.encode(seen))


def _plain(stats: templates.Stats) -> dict[str, dict[str, templates.Seen]]:
    return {site: dict(documents) for site, documents in stats.items()}


def _add(seen: Seen, sketches: Sketches, article: Article) -> None:
    source = article.source
    made_from = source.record_sha256 or source.sha256
    printed = known.printed(article)
    if printed.headlines or printed.stray:
        seen.printed.append(One(source.path or "", made_from, printed))
    sketches.add(duplicates.sketch(article, _key(source.path or "", made_from)))
    site = source.domain or ""
    seen.articles[site] = seen.articles.get(site, 0) + 1
    fired = {rule for change in article.changes for rule in change.rules}
    for rule in fired:
        if site and rule.startswith(f"{site}/"):
            seen.rules[rule] = seen.rules.get(rule, 0) + 1


def _key(place: str, made_from: str) -> str:
    """What an article is called among all: as a hash it takes little room."""
    name = f"{place}\n{made_from}".encode("utf-8", "surrogatepass")
    return f"sha256:{hashlib.sha256(name).hexdigest()}"


def _read(path: Path) -> Seen:
    return msgspec.msgpack.decode(path.read_bytes(), type=Seen)


class _Prints(msgspec.Struct, array_like=True):
    """The part of it that tells of headlines."""

    templates: msgspec.Raw
    printed: list[One]


# --- all parts --------------------------------------------------------------------------------


def decide(
    parts: Iterable[tuple[Path, bool]], rejected: Mapping[str, Sequence[str]] | None = None
) -> Together:
    """What the parts show together; of each the file beside it, and whether it was made by this run.

    `rejected` are lines by site that a person called part of the story.
    """
    learned: templates.Stats = {}
    sketches = Sketches()
    now, before = _Counts(), _Counts()
    for path, is_new in parts:
        seen = _read(path)
        learned = templates.merge(learned, seen.templates)
        sketches.extend(Sketches.from_bytes(seen.sketches))
        (now if is_new else before).add(seen)
    proposals = templates.decide(learned, rejected)
    return Together(proposals, _duplicates(sketches), list(_stale(now, before)))


def told(parts: Iterable[Path], archive: Archive | None = None) -> dict[str, Told]:
    """The headlines of other articles that articles print, by the place of the input.

    The others are in the parts, or in an archive. A part without a file beside it shows nothing.
    """
    printed: list[One] = []
    for path in parts:
        if path.exists():
            printed += msgspec.msgpack.decode(path.read_bytes(), type=_Prints).printed
    stats = known.gather(one.printed for one in printed)
    given: set[Known] = set()
    for titles in archive.of(stats).values() if archive else ():
        given.update(titles)
    explained = known.explain(stats, sorted(given))
    found: dict[str, Told] = {}
    for one in printed:
        if one.printed.id in explained:
            found.setdefault(one.place, {})[one.made_from] = explained[one.printed.id]
    return {place: dict(sorted(found[place].items())) for place in sorted(found)}


def keep(parts: Iterable[Path], archive: Archive) -> None:
    """Let other runs know what the articles of parts print."""
    for path in parts:
        seen = _read(path)
        prints = {_key(one.place, one.made_from): one.printed for one in seen.printed}
        rows = (
            (prints.get(one.key) or Printed(one.id, (), ()), one, "")
            for one in Sketches.from_bytes(seen.sketches)
        )
        while batch := list(islice(rows, BATCH)):
            archive.add_all(batch)


class _Counts:
    def __init__(self) -> None:
        self.articles: Counter[str] = Counter()
        self.rules: Counter[str] = Counter()

    def add(self, seen: Seen) -> None:
        self.articles.update(seen.articles)
        self.rules.update(seen.rules)


def _duplicates(sketches: Sketches) -> list[tuple[str, Dedup]]:
    decided = duplicates.decide(sketches)
    named = {
        (dedup.cluster_id, sketches.id(at), key): dedup
        for at in range(len(sketches) if decided else 0)
        if (dedup := decided.get(key := sketches.key(at)))
    }
    return [(name, dedup) for (_, name, _), dedup in sorted(named.items())]


def lines(found: Iterable[tuple[str, Dedup]]) -> Iterator[bytes]:
    """Duplicates as a file lists them: a line of JSON each."""
    for name, dedup in found:
        yield msgspec.json.encode({"id": name, **msgspec.to_builtins(dedup)}) + b"\n"


def _stale(now: _Counts, before: _Counts) -> Iterator[Stale]:
    """Rules of a site that fired on its articles before, and hardly do on those of this run."""
    for rule, count in sorted(before.rules.items()):
        site = rule.partition("/")[0]
        articles, earlier = now.articles[site], before.articles[site]
        if articles >= ENOUGH and earlier >= ENOUGH:
            share, usual = now.rules[rule] / articles, count / earlier
            if RARER * share < usual:
                yield Stale(rule, share, usual, articles)
