"""How cleaning does on the invented, labelled texts of tests/quality; alone knows their format and score.

    python benchmarks/quality.py [--without ID ...] [--max-risk RISK] [--show dev] [--json]

Prints figures for the sets `dev` and `held`, for all texts and for English ones. `--show dev` also prints the
lines of `dev` that stay or go wrongly. There is no such look at `held`: no rule is to be written from it.
"""

from __future__ import annotations

import argparse
import html
import json
import re
import sys
import unicodedata
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any, NamedTuple

from cleaners import Settings, Source, clean_many

SETS = ("dev", "held")
QUALITY = Path(__file__).parent.parent / "tests" / "quality"
STAY = frozenset({"body", "heading", "dek"})
FACTS = frozenset({"title", "byline", "date", "credit", "caption"})
RESIDUE = frozenset(
    {"repeat", "promo", "cta", "share", "comment", "nav", "ad", "legal", "widget", "paywall", "bio", "other"}
)
DOUBT = "either"
LABELS = STAY | FACTS | RESIDUE | {DOUBT}
LONG = 5
"""Words from which a line may also stand inside a longer one, or differ a little."""
ALIKE = 0.85


class Line(NamedTuple):
    label: str
    text: str


class Sample(NamedTuple):
    name: str
    language: str
    extractor: str
    text: str
    lines: list[Line]


class Verdict(NamedTuple):
    line: Line
    kept: bool

    @property
    def right(self) -> bool:
        return self.kept == (self.line.label in STAY)


def read_sample(path: Path) -> Sample:
    """A text and its labels, told apart."""
    head, *rows = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    about = re.fullmatch(r"# language: (\S+); extractor: (\S+)", head)
    if not about:
        raise ValueError(f"{path}: the first line should be '# language: en; extractor: ...'")
    lines, texts = [], []
    for number, row in enumerate(rows, start=2):
        label, tab, text = row.partition("\t")
        if row and (not tab or label not in LABELS or not text.strip()):
            raise ValueError(f"{path}:{number}: not a label, a tab and a text")
        texts.append(text)
        if row:
            lines.append(Line(label, text))
    return Sample(path.stem, about[1], about[2], "\n".join(texts), lines)


def load(name: str) -> list[Sample]:
    return [read_sample(path) for path in sorted((QUALITY / name).glob("*.txt"))]


def words_of(line: str) -> list[str]:
    """The words of a line, past entities, width, ligatures and case."""
    plain = unicodedata.normalize("NFKC", html.unescape(line)).replace("\u00ad", "").replace("\u200b", "")
    return re.findall(r"\w+", plain.casefold())


class Cleaned:
    """A cleaned text as words, with the places where a line's words may stand in it."""

    def __init__(self, text: str) -> None:
        self.lines = [words for words in map(words_of, text.split("\n")) if words]
        self.words = [word for line in self.lines for word in line]
        self.starts: dict[str, list[int]] = defaultdict(list)
        for at, word in enumerate(self.words):
            self.starts[word].append(at)
        self.edges = {0}
        for line in self.lines:
            self.edges.add(max(self.edges) + len(line))

    def spans(self, words: list[str]) -> list[tuple[int, int]]:
        """Half-open intervals of words that are these words: whole lines, or runs where there are many."""
        size = len(words)
        found = [
            (at, at + size) for at in self.starts.get(words[0], ()) if self.words[at : at + size] == words
        ]
        if size < LONG:
            return [(start, end) for start, end in found if start in self.edges and end in self.edges]
        return found or list(self._alike(words))

    def _alike(self, words: list[str]) -> Iterator[tuple[int, int]]:
        at = 0
        for line in self.lines:
            if abs(len(line) - len(words)) <= 0.3 * len(words):
                same = SequenceMatcher(None, words, line, autojunk=False)
                if same.real_quick_ratio() >= ALIKE and same.ratio() >= ALIKE:
                    yield at, at + len(line)
            at += len(line)


Chain = tuple[Any, ...]
"""The last line kept and the chain before it."""


def kept_lines(texts: Sequence[str], cleaned: str) -> set[int]:
    """Which lines survive, by the in-order alignment that keeps most words: a word serves one line only."""
    target = Cleaned(cleaned)
    best: list[tuple[int, int, Chain]] = [(0, 0, ())]  # end, words kept, chain; ends and words rise
    for index, words in enumerate(map(words_of, texts)):
        fresh = []
        for start, end in target.spans(words) if words else ():
            _, gain, chain = best[bisect_right(best, start, key=lambda entry: entry[0]) - 1]
            fresh.append((end, gain + end - start, (index, chain)))
        for entry in fresh:
            _improve(best, entry)
    chosen, chain = set(), best[-1][2]
    while chain:
        chosen.add(chain[0])
        chain = chain[1]
    return chosen


def _improve(best: list[tuple[int, int, Chain]], entry: tuple[int, int, Chain]) -> None:
    place = bisect_right(best, entry[0], key=lambda known: known[0])
    if best[place - 1][1] < entry[1]:
        best.insert(place, entry)
        while place + 1 < len(best) and best[place + 1][1] <= entry[1]:
            best.pop(place + 1)


def judge(sample: Sample, cleaned: str) -> list[Verdict]:
    """What became of each line that counts: it has a word, and no doubt about it."""
    kept = kept_lines([line.text for line in sample.lines], cleaned)
    return [
        Verdict(line, index in kept)
        for index, line in enumerate(sample.lines)
        if line.label != DOUBT and words_of(line.text)
    ]


def clean_all(samples: Sequence[Sample], settings: Settings) -> list[list[Verdict]]:
    articles = clean_many([Source(sample.text) for sample in samples], settings)
    return [judge(sample, article.text) for sample, article in zip(samples, articles, strict=True)]


def words_kept(verdicts: Sequence[Verdict]) -> float:
    """Share of the article's words that are still there."""
    sizes = [(len(words_of(v.line.text)), v.kept) for v in verdicts if v.line.label in STAY]
    return sum(size for size, kept in sizes if kept) / max(1, sum(size for size, _ in sizes))


def figures(documents: Sequence[Sequence[Verdict]]) -> dict[str, float]:
    """The shares that count, of all documents together."""
    verdicts = [verdict for document in documents for verdict in document]

    def share(labels: frozenset[str]) -> float:
        of_them = [verdict.right for verdict in verdicts if verdict.line.label in labels]
        return sum(of_them) / max(1, len(of_them))

    perfect = [all(v.right for v in document if v.line.label not in FACTS) for document in documents]
    return {
        "residue removed": share(RESIDUE),
        "article words kept": words_kept(verdicts),
        "article lines kept": share(STAY),
        "facts out of text": share(FACTS),
        "perfect documents": sum(perfect) / max(1, len(perfect)),
    }


def by_label(documents: Sequence[Sequence[Verdict]]) -> dict[str, str]:
    """Right lines of all lines, for each label."""
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for verdict in (verdict for document in documents for verdict in document):
        total[verdict.line.label] += 1
        right[verdict.line.label] += verdict.right
    return {label: f"{right[label]}/{count}" for label, count in sorted(total.items())}


def show(samples: Sequence[Sample], documents: Sequence[Sequence[Verdict]]) -> None:
    """Print each wrong line; facts that stay are marked apart from residue that does."""
    for sample, verdicts in zip(samples, documents, strict=True):
        for verdict in verdicts:
            if not verdict.right:
                what = "LOST" if verdict.line.label in STAY else "STAYS"
                print(f"  {what:5} {verdict.line.label:8} {sample.name}: {verdict.line.text}")


def report(name: str, settings: Settings) -> dict[str, Any]:
    samples = load(name)
    documents = clean_all(samples, settings)
    english = [
        verdicts for sample, verdicts in zip(samples, documents, strict=True) if sample.language == "en"
    ]
    return {
        "documents": len(samples),
        "all": figures(documents),
        "english": figures(english),
        "right by label": by_label(documents),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--without", action="append", default=[], help="as of `copydesk clean`")
    parser.add_argument("--max-risk", type=float, default=Settings().max_risk, help="as of `copydesk clean`")
    parser.add_argument("--show", choices=["dev"], help="print the wrong lines of dev")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args()
    settings = Settings(without=frozenset(arguments.without), max_risk=arguments.max_risk)
    results = {name: report(name, settings) for name in SETS}
    if arguments.json:
        print(json.dumps(results))
        return 0
    for name, result in results.items():
        print(f"{name}: {result['documents']} documents")
        for figure in result["all"]:
            print(f"  {figure:20} {result['all'][figure]:7.2%}  English {result['english'][figure]:7.2%}")
        print("  " + "  ".join(f"{label} {share}" for label, share in result["right by label"].items()))
    if arguments.show:
        samples = load(arguments.show)
        show(samples, clean_all(samples, settings))
    return 0


if __name__ == "__main__":
    sys.exit(main())
