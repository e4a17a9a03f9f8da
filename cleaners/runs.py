"""A run over many inputs: what is unchanged is passed over, the rest cleaned by one process or several.

Articles come in the order of their inputs whatever the number of workers, and what waits in memory is
bounded. An input that gives no article is a result too, with its problem.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import NamedTuple, Self, TypeVar

import msgspec

from cleaners import files, report
from cleaners.files import Entry, Input, Problem, source_of
from cleaners.outputs import Folder, Format, Quarantine, Sink, encode
from cleaners.pipeline import clean_source, fingerprint
from cleaners.records import RecordError
from cleaners.report import Summary
from cleaners.settings import Settings
from cleaners.workers import Worker, WorkerDiedError

T = TypeVar("T")
BATCH, BATCH_BYTES = 64, 1 << 20
"""Entries that a worker gets at once: so many, or so many bytes of them."""
AHEAD = 3
"""Batches a worker that may be read ahead of the one that is written."""


class Result(NamedTuple):
    """What became of an entry."""

    entry: Entry
    output: bytes | None
    """The article as it is written."""
    problem: Problem | None
    summary: Summary
    is_new: bool = True
    """It was cleaned now; else an earlier run's article stands."""


def run(
    entries: Iterable[Entry],
    settings: Settings,
    sink: Sink,
    quarantine: Quarantine,
    workers: int | Worker = 1,
) -> Iterator[Result]:
    """Clean entries into a sink, and list in quarantine what fails. Yields each result when it is written.

    With a `Worker` they are cleaned there one by one, and one that kills it fails. Raises ConfigError for
    unusable settings and OSError where an output cannot be written.
    """
    if isinstance(workers, Worker):
        results = _apart(entries, settings, sink, workers)
    elif workers < 2:
        results = _alone(entries, settings, sink)
    else:
        results = _shared(entries, settings, sink, workers)
    for result in results:
        if result.output is not None:
            sink.put(result.entry, result.output, result.is_new)
        elif result.problem:
            quarantine.add(result.entry, result.problem)
        yield result


def mirror(
    inputs: Sequence[Input], folder: Path, failed: Path, settings: Settings, is_careful: bool = False
) -> Summary:
    """Clean inputs into a folder that mirrors them, carefully in a process apart. Lists in `failed` what
    gave no article."""
    with (
        Folder(folder, None, fingerprint(settings)) as sink,
        Quarantine(failed) as quarantine,
        Worker() as apart,
    ):
        results = run(files.entries(inputs), settings, sink, quarantine, apart if is_careful else 1)
        return report.merge(result.summary for result in results)


def attempt(entry: Entry, work: Callable[[], T]) -> T | Problem:
    """Do something with an entry. Never raises: what goes wrong is its problem, and the run goes on."""
    if entry.problem:
        return entry.problem
    try:
        return work()
    except RecordError as error:
        return Problem(str(error), error.hint)
    except Exception as error:  # a fault of ours must not cost the user's other articles
        return _fault(f"{type(error).__name__}: {error}")


def clean_entry(entry: Entry, settings: Settings, form: Format) -> Result:
    """Clean one entry, and encode its article. Never raises."""

    def work() -> Result:
        article = clean_source(source_of(entry, settings.fields), entry.settings or settings)
        if entry.dedup:
            article = msgspec.structs.replace(article, dedup=entry.dedup)
        return Result(entry, encode(article, form), None, report.summarize(article))

    done = attempt(entry, work)
    return _failed(entry, done) if isinstance(done, Problem) else done


def _failed(entry: Entry, problem: Problem) -> Result:
    return Result(entry, None, problem, report.problem(entry.label, problem.reason))


def _fault(what: str) -> Problem:
    return Problem(f"copydesk failed on it: {what}", "please report it together with the input")


DIED = _fault("the process that cleaned it died")


def _passed(entry: Entry, sink: Sink) -> Result | None:
    """The result of an entry that an earlier run cleaned with the same settings, rules and version."""
    earlier = None if entry.problem else sink.earlier(entry)
    return None if earlier is None else Result(entry, earlier, None, report.UNCHANGED, is_new=False)


def _alone(entries: Iterable[Entry], settings: Settings, sink: Sink) -> Iterator[Result]:
    for entry in entries:
        yield _passed(entry, sink) or clean_entry(entry, settings, sink.form(entry))


def _apart(entries: Iterable[Entry], settings: Settings, sink: Sink, worker: Worker) -> Iterator[Result]:
    for entry in entries:
        try:
            yield _passed(entry, sink) or worker.call(clean_entry, entry, settings, sink.form(entry))
        except WorkerDiedError:
            yield _failed(entry, DIED)


# --- several processes ------------------------------------------------------------------------

_Slot = tuple[Entry, Format, Result | None]
"""An entry, how its article is encoded, and its result where nothing is left to do."""


def _shared(entries: Iterable[Entry], settings: Settings, sink: Sink, workers: int) -> Iterator[Result]:
    slots = ((entry, sink.form(entry), _passed(entry, sink)) for entry in entries)
    waiting: deque[tuple[Sequence[_Slot], _Job | None]] = deque()
    with _Pool(settings, workers) as pool:
        for batch in _batches(slots):
            work = [(entry, form) for entry, form, done in batch if done is None]
            waiting.append((batch, pool.submit(work) if work else None))
            if len(waiting) > AHEAD * workers:
                yield from _collect(*waiting.popleft(), pool)
        while waiting:
            yield from _collect(*waiting.popleft(), pool)


def _batches(slots: Iterable[_Slot]) -> Iterator[Sequence[_Slot]]:
    batch: list[_Slot] = []
    size = 0
    for slot in slots:
        batch.append(slot)
        size += len(slot[0].data)
        if len(batch) >= BATCH or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _collect(batch: Sequence[_Slot], job: _Job | None, pool: _Pool) -> Iterator[Result]:
    fresh = iter(pool.results(job) if job else ())
    for entry, _, done in batch:
        yield done or next(fresh)._replace(entry=entry)


_Work = Sequence[tuple[Entry, Format]]


class _Job(NamedTuple):
    work: _Work
    pool: ProcessPoolExecutor
    future: Future[list[Result]]


class _Pool:
    """Worker processes; those that die are replaced, and what killed one is found and set apart."""

    def __init__(self, settings: Settings, workers: int) -> None:
        self.settings, self.workers = settings, workers
        self.pool = self._start()

    def _start(self) -> ProcessPoolExecutor:
        # Fresh processes: a fork would copy the threads' locks of whoever called us.
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self.workers, mp_context=context, initializer=_ignore_interrupts)

    def submit(self, work: _Work) -> _Job:
        try:
            return _Job(work, self.pool, self.pool.submit(_clean_batch, work, self.settings))
        except BrokenProcessPool:
            self._replace(self.pool)
            return self.submit(work)

    def results(self, job: _Job) -> list[Result]:
        """The results of a job. Where a worker died, each entry is tried again by itself."""
        try:
            return job.future.result()
        except BrokenProcessPool:
            self._replace(job.pool)
            return [self._result_alone(entry, form) for entry, form in job.work]

    def _result_alone(self, entry: Entry, form: Format) -> Result:
        job = self.submit([(entry, form)])
        try:
            return job.future.result()[0]
        except BrokenProcessPool:
            self._replace(job.pool)
            return _failed(entry, DIED)

    def _replace(self, broken: ProcessPoolExecutor) -> None:
        if self.pool is broken:
            broken.shutdown(wait=False, cancel_futures=True)
            self.pool = self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.pool.shutdown(wait=True, cancel_futures=True)


def _ignore_interrupts() -> None:
    """The parent hears Ctrl-C and ends its workers; they need not complain each for itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _clean_batch(work: _Work, settings: Settings) -> list[Result]:
    # The parent has the entries: their bytes need not travel back.
    return [
        result._replace(entry=result.entry._replace(data=b""))
        for result in (clean_entry(entry, settings, form) for entry, form in work)
    ]


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
