"""What each stage of cleaning costs, as a ratio to the floor measured in the same run.

    python benchmarks/speed.py [--rounds N] [--json]

The floor is what any tool pays: read JSON Lines, parse, split into lines, write JSON Lines. Ratios are
medians over interleaved rounds of CPU time, so a busy machine moves them little.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import msgspec
from sample import ARTICLES, jsonl

from cleaners import evidence, language, ledger, read
from cleaners.model import apply, effective
from cleaners.pipeline import DEFAULT, build, clean_source
from cleaners.read import Source
from cleaners.settings import Settings

FLOORS = 20
NO_LANGUAGE = Settings(language=False)
RULES_ALONE = Settings(language=False, without=frozenset(evidence.RULES))
Timings = dict[str, float]


def floor(data: bytes) -> bytes:
    """Read, parse, split, write."""
    out = []
    for line in data.splitlines():
        record = msgspec.json.decode(line)
        lines = record["text"].split("\n")
        out.append(msgspec.json.encode({"id": record["id"], "text": "\n".join(lines)}))
    return b"\n".join(out)


def _floors(data: bytes) -> None:
    for _ in range(FLOORS):
        floor(data)


def whole(data: bytes, settings: Settings) -> bytes:
    """What a user runs: JSON Lines in, articles out."""
    out = []
    for line in data.splitlines():
        record = msgspec.json.decode(line)
        out.append(clean_source(Source(record["text"], id=record["id"]), settings).to_json())
    return b"\n".join(out)


def stages(texts: list[str]) -> Timings:
    """CPU seconds of each cleaner over all texts, and of what stands around them."""
    spent: Timings = {}

    def timed(name: str, work: Callable[..., Any], *arguments: Any) -> Any:
        started = time.process_time()
        result = work(*arguments)
        spent[name] = spent.get(name, 0.0) + time.process_time() - started
        return result

    cleaners = build(NO_LANGUAGE)
    for text in texts:
        doc = timed("read", read.read, Source(text))
        for cleaner in cleaners:
            name = cleaner.__qualname__.partition(".")[0]
            doc = timed(name, lambda doc, cleaner: apply(doc, cleaner(doc), DEFAULT.bar), doc, cleaner)
        composed = timed("ledger", ledger.compose, doc, effective(doc.edits, DEFAULT.bar))
        timed("language", language.detect, composed.text)
    return spent


def cpu(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def measure(rounds: int) -> dict[str, float]:
    """Ratios to the floor, medians over interleaved rounds."""
    whole(jsonl(20), DEFAULT)  # compile rules, load language tables
    ratios: dict[str, list[float]] = {}
    for number in range(rounds):
        # Prose that was not seen before, each time: what a memo holds of it would never come again.
        first, second, third, fourth = (jsonl(ARTICLES, (4 * number + part) * ARTICLES) for part in range(4))
        texts = [msgspec.json.decode(line)["text"] for line in first.splitlines()]
        # As long as the rest takes, so that a slow moment of the machine slows both.
        base = cpu(partial(_floors, first)) / FLOORS
        figures = {f"stage {name}": spent for name, spent in stages(texts).items()}
        figures["whole by rules alone"] = cpu(partial(whole, fourth, RULES_ALONE))
        figures["whole without language"] = cpu(partial(whole, second, NO_LANGUAGE))
        figures["whole"] = cpu(partial(whole, third, DEFAULT))
        for name, spent in figures.items():
            ratios.setdefault(name, []).append(spent / base)
        ratios.setdefault("floor, microseconds an article", []).append(base / len(texts) * 1e6)
    ratios["copydesk --help, to python -c pass"] = _help_ratios(rounds)
    return {name: statistics.median(values) for name, values in ratios.items()}


def _help_ratios(rounds: int) -> list[float]:
    def wall(*arguments: str) -> float:
        started = time.perf_counter()
        subprocess.run([sys.executable, *arguments], check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - started

    return [wall("-m", "cleaners", "--help") / wall("-c", "pass") for _ in range(3 * rounds)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    figures = measure(arguments.rounds)
    if arguments.json:
        print(json.dumps(figures))
        return
    for name, figure in figures.items():
        print(f"{name:40} {figure:8.2f}")


if __name__ == "__main__":
    main()
