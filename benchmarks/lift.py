"""What cleaning does to whole pages as extractors leave them, judged by models that have not seen the site.

    python benchmarks/lift.py PATH_TO_BENCH FOLDS [--set NAME] [--extractor NAME] [--max-risk X] [--json]

FOLDS is the folder that `train_evidence.py --folds` wrote. For each extractor and set: the page score
(`pages/score.py` there) before and after, the share of the gap to the oracle that was closed (the oracle
takes out exactly the lines labelled residue and headline), exact matches, pages better and worse by more
than a point, and article words lost. Pages that `field/` holds are left out.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import statistics
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from lines import SETS, rows
from train_evidence import FOLDS, MISSING, SHARES, fold_of, site_of

from cleaners import Settings, evidence
from cleaners.pipeline import DEFAULT, clean

GONE = (0, 2)
"""Labels of the lines that the oracle takes out."""
POINT = 0.01
Score = Callable[[str, str], dict[str, float]]
Figures = dict[str, Any]


class Lift(NamedTuple):
    """Figures of one page: as it was, cleaned, and as the oracle leaves it."""

    before: dict[str, float]
    after: dict[str, float]
    oracle: dict[str, float]


def page_score(bench: Path) -> Score:
    """The scorer that lies beside the pages."""
    spec = importlib.util.spec_from_file_location("page_scorer", bench / "pages" / "score.py")
    if spec is None or spec.loader is None:
        raise FileNotFoundError(bench)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    scorer: Score = module.page
    return scorer


def lifts(bench: Path, name: str, extractor: str, settings: Settings) -> Iterator[tuple[str, Lift]]:
    """Each page with the fold its site is in."""
    scorer = page_score(bench)
    for gold, page in rows(bench, name, extractor):
        if (gold.get("gold_missing") or 0) > MISSING or not gold["text"]:
            continue
        use(fold_of(site_of(gold.get("url") or gold["id"])))
        before = "\n\n".join(page.texts)
        kept = [text for text, label in zip(page.texts, page.labels, strict=True) if label not in GONE]
        article = clean(before, settings=settings)
        texts = (before, article.text, "\n\n".join(kept))
        yield gold["id"], Lift(*(scorer(gold["text"], text) for text in texts))


MODELS: list[evidence.Model] = []


def are_there(data: Path, folds: Path) -> bool:
    """Whether what is measured on and with is at hand; says what is not."""
    missing = [path for path in (data, *(folds / f"{n}.json" for n in range(FOLDS))) if not path.exists()]
    for path in missing:
        print(f"{path}: not there; see the head of this file", file=sys.stderr)
    return not missing


def load_folds(folder: Path) -> Iterator[evidence.Model]:
    """The models that `train_evidence.py --folds` wrote."""
    for n in range(FOLDS):
        yield msgspec.json.decode((folder / f"{n}.json").read_bytes(), type=evidence.Model)


def use(fold: int) -> None:
    """Let the library judge with the model that has not seen the sites of a fold."""
    evidence.load_model = lambda: MODELS[fold]  # type: ignore[assignment]


def harmonic(pages: Sequence[dict[str, float]]) -> float:
    """Shingle F1 as the scorer adds it up: of mean precision and mean recall."""
    p, r = (statistics.mean(page[key] for page in pages) for key in ("sp", "sr"))
    return 2 * p * r / (p + r) if p + r else 0.0


def page_f1(page: dict[str, float]) -> float:
    total = page["sp"] + page["sr"]
    return 2 * page["sp"] * page["sr"] / total if total else 0.0


def summary(found: Sequence[Lift]) -> Figures:
    before, after, oracle = ([lift[at] for lift in found] for at in range(3))
    f1 = harmonic(before), harmonic(after), harmonic(oracle)
    moved = [page_f1(lift.after) - page_f1(lift.before) for lift in found]
    words = sum(page["true"] for page in before)
    return {
        "pages": len(found),
        "before": f1[0],
        "after": f1[1],
        "lift": f1[1] - f1[0],
        "gap_closed": (f1[1] - f1[0]) / (f1[2] - f1[0]) if f1[2] > f1[0] else 0.0,
        "exact": statistics.mean(p["exact"] for p in after) - statistics.mean(p["exact"] for p in before),
        "better": sum(step > POINT for step in moved) / len(found),
        "worse": sum(step < -POINT for step in moved) / len(found),
        "words_lost": (sum(p["common"] for p in before) - sum(p["common"] for p in after)) / words,
    }


def figures(bench: Path, extractor: str, settings: Settings, name: str) -> Figures:
    """Of the pages of a set."""
    return summary([lift for _, lift in lifts(bench, name, extractor, settings)])


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("bench", type=Path)
    parser.add_argument("folds", type=Path)
    parser.add_argument("--set", action="append", choices=SETS)
    parser.add_argument("--extractor", action="append", choices=list(SHARES))
    parser.add_argument("--max-risk", type=float, default=DEFAULT.max_risk)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    if not are_there(arguments.bench / "lines", arguments.folds):
        return 2
    MODELS.extend(load_folds(arguments.folds))
    settings = Settings(language=False, max_risk=arguments.max_risk)
    for extractor in arguments.extractor or SHARES:
        found = partial(figures, arguments.bench, extractor, settings)
        table(extractor, arguments.set or SETS, found, arguments.json)
    return 0


def table(name: str, sets: Sequence[str], figures: Callable[[str], Figures], as_json: bool) -> None:
    """Prints the figures of each set, and their mean."""
    rows_of = []
    for each in sets:
        rows_of.append(figures(each))
        show(f"{name} {each}", rows_of[-1], as_json)
    mean = {key: statistics.mean(row[key] for row in rows_of) for key in rows_of[0]}
    show(f"{name} mean", mean, as_json)


def show(name: str, figures: Figures, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"name": name, **figures}))
        return
    shown = (
        f"{key} {value:+.4f}" if isinstance(value, float) else f"{key} {value}"
        for key, value in figures.items()
    )
    print(f"{name:28}", "  ".join(shown), flush=True)


if __name__ == "__main__":
    sys.exit(main())
