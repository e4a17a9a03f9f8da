"""How headlines and authors compare with what is known of labelled pages that lie beside the project.

    python benchmarks/facts.py PATH_TO_BENCH [--set NAME] [--extractor NAME] [--show N]

Only texts that still print the fact are counted: the headline on a line of its own, an author's name on a
line of at most 160 characters. Pages that `field/` holds are left out.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from lines import EXTRACTORS, SETS, read_arguments, rows

from cleaners import Settings, clean
from cleaners.headline import key

SETTINGS = Settings(language=False)
LONGEST_LINE = 160


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


def main() -> None:
    arguments = read_arguments(__doc__ or "", "names found that the gold does not know")
    for name in arguments.set or SETS:
        outcomes: Counter[tuple[str, str]] = Counter()
        for extractor in arguments.extractor or EXTRACTORS:
            for row, page in rows(arguments.bench, name, extractor):
                outcomes.update(compare(row, page.texts))
        for fact in ("headline", "authors", "authors not printed"):
            counts = {outcome: n for (which, outcome), n in outcomes.items() if which == fact}
            print(f"{name:14} {fact:20}", "  ".join(f"{k} {n}" for k, n in sorted(counts.items())))
        strange = Counter({n: c for (fact, n), c in outcomes.items() if fact == "authors not in gold"})
        for person, count in strange.most_common(arguments.show):
            print(f"    {count} x {person}")


if __name__ == "__main__":
    main()
