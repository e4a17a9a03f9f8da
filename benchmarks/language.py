"""How often each way of detecting the language is right, and what it costs as a ratio to the floor.

    python benchmarks/language.py [PATH_TO_BENCH] [--prose FOLDER] [--rounds N]

Texts are clean prose with the language in the file's name, whole and cut short; with a bench also its news
pages and their headlines, those in `field/` left out. Languages that langdetect has no profile of count as
wrong for all. Only figures are printed, never text. The floor is that of `speed.py`.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory
from langdetect.lang_detect_exception import LangDetectException
from sample import jsonl
from speed import FLOORS, cpu, floor

from cleaners import language

PROSE = Path(__file__).parent.parent / "tests" / "prose"
CUTS = (250, 120, 60)
BANDS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0)
BAND_CUTS = (25, 40, 60, 120)
"""Longer texts leave little doubt."""
Detect = Callable[[str], tuple[str, float]]
Texts = list[tuple[str, str]]
"""Language and text."""


def stock(characters: int | None, trials: int) -> Detect:
    """langdetect's own sampler, seeded, on the first characters or on all."""
    factory = DetectorFactory()
    factory.load_profile(PROFILES_DIRECTORY)
    factory.seed = 0

    def detect(text: str) -> tuple[str, float]:
        detector = factory.create()
        detector.n_trial = trials
        detector.append(text[:characters])
        try:
            best = detector.get_probabilities()
        except LangDetectException:
            return "und", 0.0
        return (best[0].lang, best[0].prob) if best else ("und", 0.0)

    return detect


def own(characters: int) -> Detect:
    """The library's, on so many characters."""

    def detect(text: str) -> tuple[str, float]:
        language.SAMPLE = characters
        return language.detect(text)

    return detect


def variants() -> dict[str, Detect]:
    return {
        "langdetect, all text, 10 trials": stock(None, 10),
        "langdetect, 400 characters, 3 trials": stock(400, 3),
        "langdetect, 400 characters, 1 trial": stock(400, 1),
        "copydesk, 500 characters": own(500),
        "copydesk, 400 characters": own(400),
        "copydesk, 300 characters": own(300),
        "copydesk, 200 characters": own(200),
    }


def prose(folder: Path) -> Texts:
    return [(p.stem.split("-")[1], p.read_text(encoding="utf-8")) for p in sorted(folder.glob("*.txt"))]


def corpora(folder: Path, bench: Path | None) -> dict[str, Texts]:
    """Texts by name. Of the prose also its cuts, of the pages also their headlines."""
    found = {"prose": prose(folder)}
    if bench is not None:
        with (bench / "pages" / "fundus" / "gold.jsonl").open(encoding="utf-8") as rows:
            pages = [row for row in map(json.loads, rows) if not row.get("field") and row.get("lang")]
        found["pages"] = [(page["lang"], page["text"]) for page in pages]
        found["titles"] = [(page["lang"], page["title"]) for page in pages if page["title"]]
    for name in [name for name in found if name != "titles"]:
        for cut in CUTS:
            found[f"{name} {cut}"] = [(tag, text[:cut]) for tag, text in found[name]]
    return found


def right(detect: Detect, texts: Texts) -> float:
    """Share of texts whose language is found; scripts of one language are not told apart."""
    return sum(detect(text)[0].partition("-")[0] == tag for tag, text in texts) / len(texts)


def cost(detect: Detect, articles: list[str], data: bytes, rounds: int) -> float:
    """CPU time as a ratio to the floor on the same articles, median over interleaved rounds."""
    detect(articles[0])  # load the tables
    ratios = []
    for _ in range(rounds):
        base = cpu(lambda: [floor(data) for _ in range(FLOORS)]) / FLOORS
        started = time.process_time()
        for article in articles:
            detect(article)
        ratios.append((time.process_time() - started) / base)
    return statistics.median(ratios)


def bands(detect: Detect, corpus: dict[str, Texts]) -> None:
    """What share is right of what was given a confidence: near the band's own, if confidence means it."""
    given = []
    for texts in corpus.values():
        for (tag, text), cut in itertools.product(texts, BAND_CUTS):
            found, confidence = detect(text[:cut])
            given.append((confidence, found.partition("-")[0] == tag))
    for low, high in itertools.pairwise(BANDS):
        hits = [hit for confidence, hit in given if low < confidence <= high]
        if hits:
            print(f"confidence {low:4.2f} to {high:4.2f}: {sum(hits) / len(hits):.3f} of {len(hits)} right")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("bench", type=Path, nargs="?", help="labelled news beside the project")
    parser.add_argument("--prose", type=Path, default=PROSE, help="NUMBER-LANGUAGE-NAME.txt files")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    if arguments.bench is not None and not arguments.bench.is_dir():
        parser.error(f"no bench at {arguments.bench}")
    corpus = corpora(arguments.prose, arguments.bench)
    data = jsonl(100)
    articles = [json.loads(line)["text"] for line in data.splitlines()]
    names = [f"{name:>10}" for name in corpus]
    print(f"{'':38}{'cost':>8}", *names)
    for name, detect in variants().items():
        figures = [f"{right(detect, texts):10.3f}" for texts in corpus.values()]
        print(f"{name:38}{cost(detect, articles, data, arguments.rounds):8.1f}", *figures, flush=True)
    whole = {name: texts for name, texts in corpus.items() if name in ("prose", "pages", "titles")}
    bands(own(300), whole)


if __name__ == "__main__":
    main()
