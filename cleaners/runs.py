"""A run over many inputs: what is unchanged is passed over, the rest cleaned by one process or several.

Articles come in the order of their inputs whatever the number of workers, and what waits in memory is
bounded. An input that gives no article is a result too, with its problem.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache
from multiprocessing import connection
from pathlib import Path
from typing import Any, NamedTuple, Self, TypeVar

import msgspec

from cleaners import files, report
from cleaners.files import Entry, Input, Problem, source_of
from cleaners.outputs import Folder, Format, Quarantine, Sink, encode, reencode
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
    seen: Any = None
    """What its work saw besides."""


Work = Callable[[Entry, Settings, Format], Result]
"""What is done with an entry, here or in a worker: it does not raise, and its module imports by its name."""


def run(
    entries: Iterable[Entry],
    settings: Settings,
    sink: Sink,
    quarantine: Quarantine,
    workers: int | Worker | Pool = 1,
    work: Work | None = None,
) -> Iterator[Result]:
    """Clean entries into a sink, and list in quarantine what fails. Yields each result when it is written.

    With a `Worker` they are cleaned there one by one, and one that kills it fails; a `Pool` serves several
    runs. `work` is done in place of `clean_entry`. Raises ConfigError for unusable settings and OSError where
    an output cannot be written.
    """
    work = work or clean_entry
    if isinstance(workers, Worker):
        results = _apart(entries, settings, sink, workers, work)
    elif isinstance(workers, Pool) and workers.size > 1:
        results = _shared(entries, settings, sink, workers, work)
    elif isinstance(workers, Pool) or workers < 2:
        results = _alone(entries, settings, sink, work)
    else:
        results = _pooled(entries, settings, sink, workers, work)
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

    return guarded(entry, work)


def guarded(entry: Entry, work: Callable[[], Result]) -> Result:
    """The result of work on an entry, whatever goes wrong. Never raises."""
    done = attempt(entry, work)
    return failed(entry, done) if isinstance(done, Problem) else done


def failed(entry: Entry, problem: Problem) -> Result:
    """The result of an entry that gives no article."""
    return Result(entry, None, problem, report.problem(entry.label, problem.reason))


def _fault(what: str) -> Problem:
    return Problem(f"copydesk failed on it: {what}", "please report it together with the input")


DIED = _fault("the process that cleaned it died")


_SUMMARY = msgspec.msgpack.Decoder(Summary)


def _passed(entry: Entry, sink: Sink) -> Result | None:
    """The result of an entry that an earlier run cleaned with the same settings, rules and version; or this
    run already."""
    if entry.problem:
        return None
    earlier = sink.earlier(entry)
    if earlier is not None:
        return Result(entry, earlier, None, report.UNCHANGED, is_new=False)
    if entry.made is None:
        return None
    line, summary = entry.made
    entry = entry._replace(made=None)  # what waits holds it once
    return Result(entry, reencode(line, sink.form(entry)), None, _SUMMARY.decode(summary))


def _alone(entries: Iterable[Entry], settings: Settings, sink: Sink, work: Work) -> Iterator[Result]:
    for entry in entries:
        yield _passed(entry, sink) or work(entry, settings, sink.form(entry))


def _apart(
    entries: Iterable[Entry], settings: Settings, sink: Sink, worker: Worker, work: Work
) -> Iterator[Result]:
    for entry in entries:
        try:
            yield _passed(entry, sink) or worker.call(work, entry, settings, sink.form(entry))
        except WorkerDiedError:
            yield failed(entry, DIED)


# --- several processes ------------------------------------------------------------------------

_Slot = tuple[Entry, Format, Result | None]
"""An entry, how its article is encoded, and its result where nothing is left to do."""


def _pooled(
    entries: Iterable[Entry], settings: Settings, sink: Sink, workers: int, work: Work
) -> Iterator[Result]:
    with Pool(workers) as pool:
        yield from _shared(entries, settings, sink, pool, work)


def _shared(
    entries: Iterable[Entry], settings: Settings, sink: Sink, pool: Pool, work: Work
) -> Iterator[Result]:
    slots = ((entry, sink.form(entry), _passed(entry, sink)) for entry in entries)
    waiting: deque[tuple[Sequence[_Slot], _Job | None]] = deque()
    packed = pickle.dumps(settings)
    for batch in _batches(slots):
        left = [(entry, form) for entry, form, done in batch if done is None]
        waiting.append((batch, pool.submit(_Task(work, packed, left)) if left else None))
        if len(waiting) > AHEAD * pool.size:
            yield from _collect(*waiting.popleft(), pool)
    while waiting:
        yield from _collect(*waiting.popleft(), pool)


def _batches(slots: Iterable[_Slot]) -> Iterator[Sequence[_Slot]]:
    """So many entries that there is work for a worker, or so many bytes of them and of what is made."""
    batch: list[_Slot] = []
    left = size = 0
    for slot in slots:
        entry, form, done = slot
        batch.append((done.entry, form, done) if done else slot)
        left += done is None
        size += len(entry.data) + (len(done.output or b"") if done else 0)
        if left >= BATCH or size >= BATCH_BYTES:
            yield batch
            batch, left, size = [], 0, 0
    if batch:
        yield batch


def _collect(batch: Sequence[_Slot], job: _Job | None, pool: Pool) -> Iterator[Result]:
    fresh = iter(pool.results(job) if job else ())
    for entry, _, done in batch:
        yield done or next(fresh)._replace(entry=entry)


class _Task(NamedTuple):
    """What a worker gets at once."""

    work: Work
    settings: bytes
    """Pickled once: with many rules they are larger than what is to be cleaned."""
    entries: Sequence[tuple[Entry, Format]]


class _Job(NamedTuple):
    task: _Task
    pool: ProcessPoolExecutor
    future: Future[list[Result]]


class Pool:
    """Worker processes; those that die are replaced, and what killed one is found and set apart. They start
    with the first work; with fewer than two of them the caller does all."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._pool: ProcessPoolExecutor | None = None

    def _started(self) -> ProcessPoolExecutor:
        # Fresh processes: a fork would copy the threads' locks of whoever called us.
        context = multiprocessing.get_context("spawn")
        self._pool = self._pool or ProcessPoolExecutor(
            self.size, mp_context=context, initializer=_follow_parent
        )
        return self._pool

    def submit(self, task: _Task) -> _Job:
        pool = self._started()
        try:
            return _Job(task, pool, pool.submit(_do_batch, *task))
        except BrokenProcessPool:
            self._drop(pool)
            return self.submit(task)

    def results(self, job: _Job) -> list[Result]:
        """The results of a job. Where a worker died, each entry is tried again by itself."""
        try:
            return job.future.result()
        except BrokenProcessPool:
            self._drop(job.pool)
            return [self._result_alone(job.task._replace(entries=[one])) for one in job.task.entries]

    def _result_alone(self, task: _Task) -> Result:
        job = self.submit(task)
        try:
            return job.future.result()[0]
        except BrokenProcessPool:
            self._drop(job.pool)
            return failed(task.entries[0][0], DIED)

    def _drop(self, broken: ProcessPoolExecutor) -> None:
        if self._pool is broken:
            broken.shutdown(wait=False, cancel_futures=True)
            self._pool = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        if self._pool:
            self._pool.shutdown(wait=True, cancel_futures=True)


def _follow_parent() -> None:
    """The parent hears Ctrl-C and ends its workers; they need not complain each for itself. Where it is
    killed it cannot: a worker waits on a pipe that its fellows hold open too, and would wait for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent:
        connection.wait([parent.sentinel])
        os._exit(1)


def _do_batch(work: Work, settings: bytes, entries: Sequence[tuple[Entry, Format]]) -> list[Result]:
    how = _unpacked(settings)
    # The parent has the entries: their bytes need not travel back.
    return [work(entry, how, form)._replace(entry=_NOBODY) for entry, form in entries]


_NOBODY = Entry(Input("", ""), b"")


@lru_cache(maxsize=2)
def _unpacked(settings: bytes) -> Settings:
    """One value for all batches: what is made of settings is found by them, and the same ones are found
    fastest."""
    how: Settings = pickle.loads(settings)
    return how


def cores() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
