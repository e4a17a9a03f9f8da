"""What the flow costs over the plain library, what processes bring, and whether memory stays flat.

    python benchmarks/flow.py --documents 20000 [--rounds 3]
    python benchmarks/flow.py --memory 10000 100000

Documents are the texts of seeds/, numbered so that no two are alike, as records in JSON Lines. Each figure is
of a process of its own; each has a twin without documents: the start-up, which is stated apart. Without
PREFECT_API_URL the start-up includes a server that Prefect starts for the run.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PER_FILE = 500
PER_TASK = 4
"""Files: 2,000 documents a task."""

LIBRARY = """
import resource, sys
from pathlib import Path
from cleaners import files, outputs, pipeline, report, runs
from cleaners.settings import Settings
inputs, output = sys.argv[1:3]
pipeline.build(Settings())
with outputs.OneFile(Path(output) / "all.jsonl", "jsonl", None) as sink:
    found = files.entries(files.find([inputs]))
    summary = report.merge(r.summary for r in runs.run(found, Settings(), sink, outputs.Quarantine(None)))
print(summary.articles, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
FLOW = """
import os, resource, sys
from flows.__main__ import ONCE
os.environ.update(ONCE | os.environ)
from flows.clean_articles import clean_articles
from flows.parameters import Parameters
inputs, output, kind, workers, size = sys.argv[1:6]
runner = {"kind": kind, "workers": int(workers)}
params = {"input": inputs, "output": output, "runner": runner, "batch_size": int(size)}
summary = clean_articles(Parameters.model_validate(params))
print(summary.articles, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


class Cost(NamedTuple):
    seconds: float
    cpu: float
    """Of the process and all it started."""
    memory: float
    """MiB of the process at most."""


def measure(code: str, inputs: Path, *arguments: str) -> Cost:
    """Run it over the inputs. Raises where not every document gave an article."""
    with tempfile.TemporaryDirectory() as output:
        before, started = os.times(), time.monotonic()
        command = [sys.executable, "-c", code, str(inputs), output, *arguments]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        seconds, after = time.monotonic() - started, os.times()
    if done.returncode:
        raise SystemExit(done.stderr)
    articles, memory = done.stdout.split()[-2:]
    wanted = sum(path.read_bytes().count(b"\n") for path in inputs.iterdir())
    if int(articles) != wanted:
        raise SystemExit(f"{articles} articles of {wanted} documents")
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Cost(seconds, cpu, int(memory) / 1024)


def documents(folder: Path, count: int) -> Path:
    """So many records, in files of `PER_FILE`."""
    texts = [
        path.read_text(encoding="utf-8", errors="replace") for path in sorted((ROOT / "seeds").glob("*.txt"))
    ]
    target = folder / str(count)
    target.mkdir()
    for start in range(0, count, PER_FILE):
        with (target / f"{start:08}.jsonl").open("w", encoding="utf-8") as file:
            for number in range(start, min(start + PER_FILE, count)):
                text = f"{texts[number % len(texts)]}\n\nThe clerk counted {number} boats that day."
                file.write(json.dumps({"id": number, "text": text}) + "\n")
    return target


def compare(folder: Path, count: int, workers: int, rounds: int) -> None:
    """Library, flow, and flow with processes, in turn, round by round, for machines waver."""
    many, none = documents(folder, count), documents(folder, 0)
    several_of = f"{workers} processes"
    ways: dict[str, tuple[str, tuple[str, ...]]] = {
        "library": (LIBRARY, ()),
        "flow": (FLOW, ("sequential", "1", str(PER_TASK))),
        several_of: (FLOW, ("processes", str(workers), str(PER_TASK))),
    }
    starts = {name: measure(code, none, *arguments) for name, (code, arguments) in ways.items()}
    wholes: dict[str, list[Cost]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, (code, arguments) in ways.items():
            wholes[name].append(measure(code, many, *arguments))
    for name, costs in wholes.items():
        start, every = starts[name], ", ".join(f"{cost.seconds:.1f}" for cost in costs)
        print(
            f"{name:12} start-up {start.seconds:6.1f} s, {start.cpu:6.1f} s CPU; {count:,} documents in "
            f"{every} s, {costs[0].memory:4.0f} MiB"
        )

    def ratio(name: str, other: str, what: Callable[[Cost], float]) -> float:
        """The median of the rounds' ratios: what slows one slows its neighbour."""
        first, second = ([what(cost) - what(starts[n]) for cost in wholes[n]] for n in (name, other))
        return statistics.median(one / two for one, two in zip(first, second, strict=True))

    def seconds(cost: Cost) -> float:
        return cost.seconds

    def cpu(cost: Cost) -> float:
        return cost.cpu

    wall_more, cpu_more = (100 * (ratio("flow", "library", what) - 1) for what in (seconds, cpu))
    print(f"flow over library, start-up aside: {wall_more:+.1f} % wall, {cpu_more:+.1f} % CPU")
    print(f"{several_of}: {ratio('flow', several_of, seconds):.2f} times as fast as one")
    # What the wall clock of a busy machine does not show: all that is not cleaning counts against them.
    print(f"{several_of}: {ratio(several_of, 'flow', cpu):.2f} times the CPU of one")


def memory(folder: Path, counts: Sequence[int]) -> None:
    """The flow over few and over many documents."""
    for count in counts:
        cost = measure(FLOW, documents(folder, count), "sequential", "1", str(PER_TASK))
        print(f"{count:9,} documents: {cost.memory:5.0f} MiB at most, {cost.seconds:.0f} s")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--memory", type=int, nargs="+", metavar="COUNT")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.memory:
            memory(Path(folder), options.memory)
        else:
            compare(Path(folder), options.documents, options.workers, options.rounds)


if __name__ == "__main__":
    main()
