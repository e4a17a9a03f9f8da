"""The archive: what earlier runs saw of their articles, in one SQLite file, for the next to know.

It alone knows the file. A batch is one transaction, so that runs at the same time and a run that is killed
leave whole batches; of an article the last observation counts.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Self

from cleaners.duplicates import Sketch
from cleaners.known import Printed, Titles, Wording, own_titles, wordings
from cleaners.settings import ConfigError, Known

FORMAT = 2
MOST = 1_000_000
"""Articles that are kept; the oldest observations go first."""
WAIT = 60.0
"""Seconds to wait for another run's transaction."""

_TABLES = """
CREATE TABLE article (
  at INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, text BLOB, words INTEGER, hashes BLOB,
  headline BLOB, day INTEGER
);
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
"""
_INSERT = "INSERT INTO article (id, text, words, hashes, headline, day) VALUES (?,?,?,?,?,?)"
# A line and a headline that are the same share at least one place; ids differ, since nobody is his own promo.
_MEETINGS = """
SELECT DISTINCT s.text, s.article, t.text, t.article FROM place a
JOIN place b ON b.words = a.words AND b.is_title = 1 AND b.article <> a.article
JOIN line s ON s.rowid = a.line JOIN line t ON t.rowid = b.line WHERE a.is_title = 0
"""


class Archive:
    """An open archive; a `with` block closes it. Raises ConfigError for a file that is none."""

    def __init__(self, path: Path, most: int = MOST) -> None:
        self.path, self.most = path, most
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=WAIT, isolation_level=None)
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.execute("PRAGMA foreign_keys = ON")
            with self._transaction():
                self._create()
        except (sqlite3.Error, OSError) as error:
            raise ConfigError(f"{path}: not an archive: {error}; hint: name another --archive") from error

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

    def add(self, batch: Iterable[tuple[Printed, Sketch]]) -> None:
        """Keep what was observed of a batch of articles, all of it or nothing."""
        with self._transaction():
            for printed, sketch in batch:
                self._db.execute("DELETE FROM article WHERE id = ?", (printed.id,))
                row = (sketch.words, sketch.hashes, sketch.headline, sketch.day)
                self._db.execute(_INSERT, (printed.id, sketch.text, *row))
                self._lines(printed.id, True, printed.headlines)
                self._lines(printed.id, False, printed.stray)
            newest = self._db.execute("SELECT max(at) FROM article").fetchone()[0] or 0
            self._db.execute("DELETE FROM article WHERE at <= ?", (newest - self.most,))

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

    def explained(self) -> dict[str, tuple[Known, ...]]:
        """The articles with lines that are headlines of others, and those headlines: whichever came first,
        these are to be cleaned again."""
        found: dict[str, set[Known]] = {}
        for article, title in self._explained():
            found.setdefault(article, set()).add(title)
        return {article: tuple(sorted(titles)) for article, titles in sorted(found.items())}

    def _explained(self) -> Iterator[tuple[str, Known]]:
        meetings = self._db.execute(_MEETINGS).fetchall()
        titles: dict[tuple[str, str], list[Known]] = {}
        for line, article, title, owner in meetings:
            titles.setdefault((article, line), []).append(Known(title, owner))
        for (article, line), those in titles.items():
            if found := Titles(own_titles(those)).find(line):
                yield article, found[1]

    def sketches(self, without: Iterable[str] = ()) -> Iterator[Sketch]:
        """The sketches of articles, but those of certain ids."""
        left_out = set(without)
        rows = self._db.execute("SELECT id, text, words, hashes, headline, day FROM article ORDER BY id")
        for name, text, words, hashes, headline, day in rows:
            if name not in left_out:
                yield Sketch(f"archive:{name}", name, text, words, hashes, headline, day)

    def size(self) -> int:
        """How many articles it holds."""
        count: int = self._db.execute("SELECT count(*) FROM article").fetchone()[0]
        return count


def _places(wording: Wording) -> tuple[str, ...]:
    """Where a line is looked up, marked so that a beginning never meets an end."""
    first, last = wording.places
    return f"{first} …", f"… {last}"
