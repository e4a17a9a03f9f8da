"""The archive: what earlier runs saw of their articles, in one SQLite file, for the next to know.

It alone knows the file. A batch is one transaction, so that runs at the same time and a run that is killed
leave whole batches; of an article the last observation counts. What is to be cleaned again stands in the
file until it was, whoever is killed meanwhile.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Self

import msgspec

from cleaners.duplicates import Sketch
from cleaners.known import Printed, Titles, Wording, own_titles, wordings
from cleaners.settings import ConfigError, Known

FORMAT = 2
MOST = 1_000_000
"""Articles that are kept: those that appeared last, by their own dates; of one day those with the larger
hashes. Which these are does not depend on the order in which articles were seen."""
WAIT, TRIES = 600.0, 20
"""Seconds to wait for another run's transaction, and tries to share a file that others are making."""

_TABLES = """
CREATE TABLE article (
  id TEXT NOT NULL UNIQUE, day INTEGER NOT NULL, text BLOB NOT NULL, words INTEGER, hashes BLOB,
  headline BLOB, input TEXT NOT NULL
);
CREATE INDEX article_day ON article(day, text, id);
CREATE TABLE line (
  article TEXT NOT NULL REFERENCES article(id) ON DELETE CASCADE, is_title INTEGER NOT NULL,
  text TEXT NOT NULL
);
CREATE INDEX line_article ON line(article);
CREATE TABLE place (
  line INTEGER NOT NULL, is_title INTEGER NOT NULL, words TEXT NOT NULL, article TEXT NOT NULL REFERENCES
  article(id) ON DELETE CASCADE
);
CREATE INDEX place_words ON place(words, is_title);
CREATE INDEX place_article ON place(article);
CREATE TABLE output (input TEXT NOT NULL, place TEXT NOT NULL, path TEXT NOT NULL, UNIQUE (input, path));
CREATE TABLE told (article TEXT PRIMARY KEY, headlines TEXT NOT NULL);
CREATE TABLE stale (article TEXT PRIMARY KEY);
"""
_INSERT = "INSERT INTO article (id, text, words, hashes, headline, day, input) VALUES (?,?,?,?,?,?,?)"
_NEAR = """
INSERT OR IGNORE INTO near SELECT DISTINCT a.article FROM mine m
JOIN place b ON b.article = m.article AND b.is_title = 1
JOIN place a ON a.words = b.words AND a.is_title = 0 WHERE a.article NOT IN mine
"""
# A line and a headline that are the same share at least one place; ids differ, since nobody is his own promo.
_MEETINGS = """
SELECT DISTINCT s.text, s.article, t.text, t.article FROM place a {of}
JOIN place b ON b.words = a.words AND b.is_title = 1 AND b.article <> a.article
JOIN line s ON s.rowid = a.line JOIN line t ON t.rowid = b.line WHERE a.is_title = 0
"""


class Written(NamedTuple):
    """An input, and a file that holds its articles."""

    input: str
    place: str
    path: str


class Stale(NamedTuple):
    """An article of an earlier run that prints a headline which is known now."""

    id: str
    before: tuple[Known, ...]
    """The headlines that it was cleaned with."""
    known: tuple[Known, ...]
    written: tuple[Written, ...]


class Archive:
    """An open archive; a `with` block closes it. Raises ConfigError for a file that is none."""

    def __init__(self, path: Path, most: int = MOST) -> None:
        self.path, self.most = path, most
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=WAIT, isolation_level=None)
            self._share()
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.execute("PRAGMA foreign_keys = ON")
            with self._transaction():
                self._create()
        except (sqlite3.Error, OSError) as error:
            raise ConfigError(f"{path}: not an archive: {error}; hint: name another --archive") from error

    def _share(self) -> None:
        """Let readers and a writer have the file at once. Of runs that make it at the same time SQLite turns
        some away without waiting, here alone: these wait for a transaction, and find it done."""
        for _ in range(TRIES - 1):
            with contextlib.suppress(sqlite3.OperationalError):
                self._db.execute("PRAGMA journal_mode = WAL")
                return
            with self._transaction():
                pass
        self._db.execute("PRAGMA journal_mode = WAL")

    def _create(self) -> None:
        (version,) = self._db.execute("PRAGMA user_version").fetchone()
        if version not in (0, FORMAT):
            raise ConfigError(f"{self.path}: an archive of format {version}; hint: name another --archive")
        if version == 0:
            for statement in _TABLES.split(";\n"):
                self._db.execute(statement)
            self._db.execute(f"PRAGMA user_version = {FORMAT}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._db.close()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def add(self, batch: Iterable[tuple[Printed, Sketch]], source: str = "") -> None:
        """Keep what was observed of a batch of articles of an input, all of it or nothing."""
        self.add_all((printed, sketch, source) for printed, sketch in batch)

    def add_all(self, batch: Iterable[tuple[Printed, Sketch, str]]) -> None:
        """The same for articles of several inputs, each with its own."""
        with self._transaction():
            for printed, sketch, source in batch:
                self._db.execute("DELETE FROM article WHERE id = ?", (printed.id,))
                row = (sketch.words, sketch.hashes, sketch.headline, sketch.day, source)
                self._db.execute(_INSERT, (printed.id, sketch.text, *row))
                self._lines(printed.id, True, printed.headlines)
                self._lines(printed.id, False, printed.stray)
            self._prune(self.size() - self.most)

    def _prune(self, count: int) -> None:
        if count <= 0:
            return
        first = "SELECT id FROM article ORDER BY day, text, id LIMIT ?"
        for table in ("told", "stale"):
            self._db.execute(f"DELETE FROM {table} WHERE article IN ({first})", (count,))
        self._db.execute(f"DELETE FROM article WHERE id IN ({first})", (count,))

    def _lines(self, article: str, is_title: bool, texts: Iterable[str]) -> None:
        for text in texts:
            insert = "INSERT INTO line (article, is_title, text) VALUES (?,?,?)"
            line = self._db.execute(insert, (article, is_title, text)).lastrowid
            places = {place for wording in wordings(text) for place in _places(wording)}
            self._db.executemany(
                "INSERT INTO place (line, is_title, words, article) VALUES (?,?,?,?)",
                [(line, is_title, place, article) for place in sorted(places)],
            )

    def known(self) -> tuple[Known, ...]:
        """The headlines that explain a stray line of another article, whichever of the two came first."""
        return tuple(sorted({title for _, title in self._explained()}))

    def explained(self, of: str = "") -> dict[str, tuple[Known, ...]]:
        """The articles with lines that are headlines of others, and those headlines, whichever came first.

        `of` is a table: of the articles in it alone.
        """
        found: dict[str, set[Known]] = {}
        for article, title in self._explained(of):
            found.setdefault(article, set()).add(title)
        return {article: tuple(sorted(titles)) for article, titles in sorted(found.items())}

    def _explained(self, of: str = "") -> Iterator[tuple[str, Known]]:
        only = f"JOIN {of} o ON o.article = a.article" if of else ""
        meetings = self._db.execute(_MEETINGS.format(of=only)).fetchall()
        titles: dict[tuple[str, str], list[Known]] = {}
        for line, article, title, owner in meetings:
            titles.setdefault((article, line), []).append(Known(title, owner))
        for (article, line), those in titles.items():
            if found := Titles(own_titles(those)).find(line):
                yield article, found[1]

    def explain(self, ids: Iterable[str]) -> dict[str, tuple[Known, ...]]:
        """The headlines that articles about to be cleaned are to know. Remembers that they were told, and
        which other articles print a headline of theirs that they do not know yet."""
        with self._transaction():
            self._list("mine", ids)
            self._list("near", ())
            self._db.execute(_NEAR)
            mine = self.explained("mine")
            self._db.execute("DELETE FROM told WHERE article IN mine")
            self._tell(mine)
            for article in self._behind("near"):
                self._db.execute("INSERT OR IGNORE INTO stale VALUES (?)", (article,))
        return mine

    def of(self, ids: Iterable[str]) -> dict[str, tuple[Known, ...]]:
        """The headlines that explain lines of certain articles."""
        with self._transaction():
            self._list("mine", ids)
            return self.explained("mine")

    def _list(self, name: str, ids: Iterable[str]) -> None:
        self._db.execute(f"CREATE TEMP TABLE IF NOT EXISTS {name} (article TEXT PRIMARY KEY)")
        self._db.execute(f"DELETE FROM {name}")
        self._db.executemany(f"INSERT OR IGNORE INTO {name} VALUES (?)", ((one,) for one in ids))

    def _tell(self, known: Mapping[str, tuple[Known, ...]]) -> None:
        rows = ((article, msgspec.json.encode(titles).decode()) for article, titles in known.items())
        self._db.executemany("INSERT OR REPLACE INTO told VALUES (?,?)", rows)

    def _behind(self, of: str) -> dict[str, tuple[Known, ...]]:
        """Articles that were not told of what is known now, each with that."""
        query = f"SELECT article, headlines FROM told WHERE article IN {of}"
        told = {
            article: msgspec.json.decode(titles, type=tuple[Known, ...])
            for article, titles in self._db.execute(query)
        }
        now = self.explained(of)
        return {name: now.get(name, ()) for name in sorted({*told, *now}) if told.get(name) != now.get(name)}

    def wrote(self, outputs: Iterable[tuple[str, str, str]], ids: Iterable[str]) -> None:
        """Remember which inputs, by path and place, were written to which files; and which of their articles
        another run has explained meanwhile."""
        with self._transaction():
            self._db.executemany("INSERT OR IGNORE INTO output VALUES (?,?,?)", outputs)
            self._list("mine", ids)
            for article in self._behind("mine"):
                self._db.execute("INSERT OR IGNORE INTO stale VALUES (?)", (article,))

    def stale(self) -> list[Stale]:
        """The articles to be cleaned again, and where they are."""
        found = []
        for article, known in self._behind("stale").items():
            where = "SELECT o.input, o.place, o.path FROM output o JOIN article a ON a.input = o.input"
            rows = self._db.execute(f"{where} WHERE a.id = ? ORDER BY o.path", (article,)).fetchall()
            (told,) = self._db.execute(
                "SELECT coalesce((SELECT headlines FROM told WHERE article = ?), '[]')", (article,)
            ).fetchone()
            before = msgspec.json.decode(told, type=tuple[Known, ...])
            found.append(Stale(article, before, known, tuple(Written(*row) for row in rows)))
        return found

    def clean_again(self, work: Callable[[Sequence[Stale]], Collection[str]]) -> list[str]:
        """Have the articles that are behind cleaned again, while nobody else does it: `work` gives the ids of
        those that were. Gives the ids of those that were not, and never will be from here.

        What no run has written yet stays: that run comes back to it when it has.
        """
        with self._transaction():
            stale = self.stale()
            written = [one for one in stale if one.written]
            done = work(written) if written else ()
            waiting = {one.id for one in stale if not one.written}
            self._list("near", waiting)
            self._db.execute("DELETE FROM stale WHERE article NOT IN near")
            for one in written:
                if one.id in done:
                    self._db.execute("DELETE FROM told WHERE article = ?", (one.id,))
                    self._tell({one.id: one.known} if one.known else {})
            return [one.id for one in written if one.id not in done]

    def sketches(self, without: Iterable[str] = ()) -> Iterator[Sketch]:
        """The sketches of articles, but those of certain ids."""
        with self._transaction():
            self._list("mine", without)
        rows = self._db.execute(
            "SELECT id, text, words, hashes, headline, day FROM article WHERE id NOT IN mine ORDER BY id"
        )
        for name, text, words, hashes, headline, day in rows:
            yield Sketch(f"archive:{name}", name, text, words, hashes, headline, day)

    def size(self) -> int:
        """How many articles it holds."""
        count: int = self._db.execute("SELECT count(*) FROM article").fetchone()[0]
        return count


def _places(wording: Wording) -> tuple[str, ...]:
    """Where a line is looked up, marked so that a beginning never meets an end."""
    first, last = wording.places
    return f"{first} …", f"… {last}"
