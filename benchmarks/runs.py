"""What a run over many records costs: memory as the input grows, time as workers are added.

    python benchmarks/runs.py [--few N] [--many N] [--workers N]

Each figure is one run of `copydesk clean FILE -o FILE` in a process of its own, on the sample of speed.py
repeated to so many records. Memory is the peak of the process (of the largest, with workers); time is by the
clock, so the speed-up wants a quiet machine.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import msgspec
from sample import jsonl


class Figures(NamedTuple):
    seconds: float
    megabytes: float


def write_records(path: Path, count: int) -> None:
    """A file of so many records, of which no two have the same id or the same first line."""
    sample = [msgspec.json.decode(line) for line in jsonl().splitlines()]
    with path.open("wb") as file:
        for number in range(count):
            record = sample[number % len(sample)]
            text = f"Record {number} of the wire.\n\n{record['text']}"
            file.write(msgspec.json.encode({"id": str(number), "text": text}) + b"\n")


def run(path: Path, workers: int) -> Figures:
    """One run, from its start to its end."""
    target = path.with_name("out.jsonl")
    target.unlink(missing_ok=True)
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "cleaners", "clean", str(path), "-o", str(target), "-q", "-j", str(workers)]
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"the run ended with {os.waitstatus_to_exitcode(status)}")
    unit = 1 if sys.platform == "darwin" else 1024
    return Figures(time.perf_counter() - started, usage.ru_maxrss * unit / 1e6)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--few", type=int, default=10_000)
    parser.add_argument("--many", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "records.jsonl"
        write_records(path, arguments.few)
        few, shared = run(path, 1), run(path, arguments.workers)
        write_records(path, arguments.many)
        many = run(path, 1)
    print(f"{arguments.few:,} records    {few.seconds:8.1f} s {few.megabytes:8.1f} MB")
    print(f"{arguments.many:,} records   {many.seconds:8.1f} s {many.megabytes:8.1f} MB")
    print(f"memory, many to few        {many.megabytes / few.megabytes:8.2f} x")
    print(f"{arguments.workers} workers, speed-up         {few.seconds / shared.seconds:8.2f} x")


if __name__ == "__main__":
    main()
