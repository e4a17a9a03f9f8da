"""How headlines and authors compare with what is known of labelled pages that lie beside the project.

    python benchmarks/facts.py PATH_TO_BENCH [--set NAME] [--extractor NAME] [--show N]

Only texts that still print the fact are counted: the headline on a line of its own, an author's name on a
line of at most 160 characters. Pages that `field/` holds are left out.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from cleaners import Settings, clean
from cleaners.headline import key

EXTRACTORS = ("trafilatura", "readability", "resiliparse", "newspaper4k", "goose3", "justext")
SETTINGS = Settings(language=False)
LONGEST_LINE = 160


def texts(bench: Path, name: str, extractor: str) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """The gold row and the lines of each page that may be looked at."""
    with (bench / "pages" / name / "gold.jsonl").open(encoding="utf-8") as rows:
        gold = {row["id"]: row for row in map(json.loads, rows)}
    with gzip.open(bench / "lines" / name / f"{extractor}.jsonl.gz", "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            if not gold[row["id"]].get("field"):
                yield gold[row["id"]], [text.strip() for text, _ in row["lines"] if text.strip()]


def known_authors(row: dict[str, Any]) -> list[str]:
    given = row.get("authors") or row.get("author") or []
    listed = [given] if isinstance(given, str) else given
    return [
        name for part in listed for name in re.split(r",| and | & |;", part) if len(key(name).split()) > 1
    ]


def compare(row: dict[str, Any], lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Fact and outcome: right, wrong, none (not found), or spurious (found where nothing is printed)."""
    article = clean("\n\n".join(lines), settings=SETTINGS)
    keys = [key(line) for line in lines]
    title = key(row.get("title") or "")
    if title and title in keys:
        found = key(article.headline or "")
        yield "headline", "right" if found == title else "wrong" if found else "none"
    names = {key(name) for name in known_authors(row)}
    printed = {n for n in names for line in keys if n in line and len(line) <= LONGEST_LINE}
    authors = {key(author.name) for author in article.authors}
    if printed:
        wrong = authors - names
        yield (
            "authors",
            "wrong" if wrong else "right" if authors >= printed else "part" if authors else "none",
        )
        for name in sorted(wrong):
            yield "authors not in gold", name
    elif names:
        yield "authors not printed", "spurious" if authors else "none"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("bench", type=Path)
    parser.add_argument("--set", action="append", help="news_2023, fundus, wcxb_articles")
    parser.add_argument("--extractor", action="append", choices=EXTRACTORS)
    parser.add_argument("--show", type=int, default=0, help="names found that the gold does not know")
    arguments = parser.parse_args()
    if not (arguments.bench / "lines").exists():
        print(f"{arguments.bench}/lines: not there; it is no part of the project", file=sys.stderr)
        return 2
    for name in arguments.set or ("news_2023", "fundus", "wcxb_articles"):
        outcomes: Counter[tuple[str, str]] = Counter()
        for extractor in arguments.extractor or EXTRACTORS:
            for row, lines in texts(arguments.bench, name, extractor):
                outcomes.update(compare(row, lines))
        for fact in ("headline", "authors", "authors not printed"):
            counts = {outcome: n for (which, outcome), n in outcomes.items() if which == fact}
            print(f"{name:14} {fact:20}", "  ".join(f"{k} {n}" for k, n in sorted(counts.items())))
        strange = Counter({n: c for (fact, n), c in outcomes.items() if fact == "authors not in gold"})
        for person, count in strange.most_common(arguments.show):
            print(f"    {count} x {person}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
