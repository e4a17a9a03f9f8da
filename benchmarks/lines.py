"""What each rule takes out of automatically labelled extractor output that lies beside the project.

    python benchmarks/lines.py PATH_TO_BENCH [--set NAME] [--extractor NAME] [--show N]

For each rule: lines it took out that the label calls residue, article, headline. The labels are noisy
(a tenth of the lines called residue are article text, and some the other way round), so a rule's figure
is a place to look, not a verdict. Pages that `field/` holds are left out.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from cleaners import Settings
from cleaners.model import ROLES, Document, apply
from cleaners.pipeline import DEFAULT, build
from cleaners.read import Source, read

EXTRACTORS = ("trafilatura", "readability", "resiliparse", "newspaper4k", "goose3", "justext")
SETS = ("news_2023", "fundus", "wcxb_articles")
ARTICLE, RESIDUE = 1, 0
NAMES = {RESIDUE: "residue", ARTICLE: "article", 2: "headline", 3: "copy", -1: "no word"}
CLEANERS = build(Settings(language=False))


class Page(NamedTuple):
    texts: list[str]
    labels: list[int]


def rows(bench: Path, name: str, extractor: str) -> Iterator[tuple[dict[str, Any], Page]]:
    """What is known of each page that may be trained on, and its labelled lines."""
    with (bench / "pages" / name / "gold.jsonl").open(encoding="utf-8") as lines:
        gold = {row["id"]: row for row in map(json.loads, lines)}
    with gzip.open(bench / "lines" / name / f"{extractor}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if not gold[row["id"]].get("field"):
                kept = [(text.strip(), label) for text, label in row["lines"] if text.strip()]
                yield gold[row["id"]], Page([text for text, _ in kept], [label for _, label in kept])


def pages(bench: Path, name: str, extractor: str) -> Iterator[Page]:
    """The labelled lines of each page that may be trained on."""
    return (page for _, page in rows(bench, name, extractor))


def read_arguments(about: str, show: str) -> argparse.Namespace:
    """The command line; ends the program where the labelled lines are not at hand."""
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("bench", type=Path)
    parser.add_argument("--set", action="append", help=", ".join(SETS))
    parser.add_argument("--extractor", action="append", choices=EXTRACTORS)
    parser.add_argument("--show", type=int, default=0, help=show)
    arguments = parser.parse_args()
    if not (arguments.bench / "lines").exists():
        print(f"{arguments.bench}/lines: not there; it is no part of the project", file=sys.stderr)
        sys.exit(2)
    return arguments


def cleaned(page: Page) -> Document | None:
    """The page after all cleaners; None where a line of the extractor is not one block."""
    doc = read(Source("\n\n".join(page.texts)))
    if len(doc.blocks) != len(page.texts):
        return None
    for cleaner in CLEANERS:
        doc = apply(doc, cleaner(doc), DEFAULT.bar)
    return doc


class Tally:
    def __init__(self) -> None:
        self.by_rule: dict[str, Counter[int]] = defaultdict(Counter)
        self.lost: dict[str, Counter[str]] = defaultdict(Counter)
        self.words: Counter[str] = Counter()
        self.lines: Counter[str] = Counter()

    def add(self, page: Page, doc: Document) -> None:
        deciders = {
            edit.block: edit.rule
            for edit in reversed(doc.edits)
            if edit.role and edit.confidence >= DEFAULT.bar
        }
        for index, (block, label) in enumerate(zip(doc.blocks, page.labels, strict=True)):
            out = not ROLES[block.role].in_text
            kind = NAMES[label]
            self.lines[kind] += 1
            self.lines[f"{kind} out"] += out
            if label == ARTICLE:
                words = len(page.texts[index].split())
                self.words["all"] += words
                self.words["kept"] += 0 if out else words
            if out:
                self.by_rule[deciders.get(index, "?")][label] += 1
                if label == ARTICLE:
                    self.lost[deciders.get(index, "?")][page.texts[index]] += 1

    def show(self, name: str, samples: int) -> None:
        kept = self.words["kept"] / max(1, self.words["all"])
        residue = self.lines["residue out"] / max(1, self.lines["residue"])
        print(f"{name}: {residue:.1%} of residue lines out, {kept:.3%} of article words kept")
        if not samples:
            return
        for rule, counts in sorted(self.by_rule.items(), key=lambda item: -item[1][ARTICLE]):
            print(f"  {rule:36}", "  ".join(f"{NAMES[k]} {n}" for k, n in sorted(counts.items())))
            for text, count in self.lost[rule].most_common(samples if samples > 1 else 0):
                print(f"      {count} x {text[:120]!r}")


def main() -> None:
    arguments = read_arguments(__doc__ or "", "1: counts by rule; N: and N lost lines of each")
    for name in arguments.set or SETS:
        whole = Tally()
        for extractor in arguments.extractor or EXTRACTORS:
            for page in pages(arguments.bench, name, extractor):
                if doc := cleaned(page):
                    whole.add(page, doc)
        whole.show(name, arguments.show)


if __name__ == "__main__":
    main()
