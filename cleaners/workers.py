"""Worker processes of our own. It alone knows how they are started, spoken to and mourned.

They start bare, with the library and nothing that the caller may have imported, and end with their caller,
however that ends: what they answer on is its pipe.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from queue import LifoQueue, SimpleQueue
from typing import IO, Any, ParamSpec, Self, TypeVar

P = ParamSpec("P")
T = TypeVar("T")
PATIENCE = 10
"""Seconds that a worker has to end by itself."""
_LENGTH = struct.Struct("!Q")
_START = "import sys; sys.path[:] = {path!r}; from cleaners import workers; workers.serve()"


class WorkerDiedError(Exception):
    """A worker process ended in the middle of a call."""


class Worker:
    """A process that does one call at a time. It starts with the first, and anew after it has died."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def call(self, function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """What the function returns or raises there. Raises WorkerDiedError where the process ended instead.

        Function, arguments and outcome are pickled; the function's module must import by its name.
        """
        process = self._process = self._process or _start()
        assert process.stdin
        assert process.stdout
        try:
            _send(process.stdin, (function, arguments, named))
            is_done, value = pickle.loads(_receive(process.stdout))
        except (EOFError, OSError):
            code = self.close()
            raise WorkerDiedError(f"a worker process ended with exit code {code}") from None
        except BaseException:
            self.close()  # interrupted: the answer would be taken for that of the next call
            raise
        if not is_done:
            raise value
        outcome: T = value
        return outcome

    def close(self) -> int | None:
        """End the process, in the middle of a call too; its exit code, if it was there."""
        process, self._process = self._process, None
        if process is None:
            return None
        try:
            process.communicate(timeout=PATIENCE)
        except (OSError, subprocess.TimeoutExpired):
            process.kill()
        return process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class Pool:
    """So many workers, each of which serves one thread at a time."""

    def __init__(self, workers: int) -> None:
        self._workers = [Worker() for _ in range(workers)]
        self._idle: LifoQueue[Worker] = LifoQueue()
        for worker in self._workers:
            self._idle.put(worker)

    def call(self, function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """As `Worker.call`, by the next one that is idle."""
        worker = self._idle.get()
        try:
            return worker.call(function, *arguments, **named)
        finally:
            self._idle.put(worker)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        for worker in self._workers:
            worker.close()


def _start() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", _START.format(path=sys.path)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def _send(stream: IO[bytes], value: object) -> None:
    data = pickle.dumps(value)
    stream.write(_LENGTH.pack(len(data)))
    stream.write(data)
    stream.flush()


def _receive(stream: IO[bytes]) -> bytes:
    """Raises EOFError where the other side has ended."""
    head = stream.read(_LENGTH.size)
    (length,) = _LENGTH.unpack(head) if len(head) == _LENGTH.size else (1,)
    data = stream.read(length)
    if len(data) < length:
        raise EOFError
    return data


# --- the other side ---------------------------------------------------------------------------


def serve() -> None:
    """Do what comes in, one call after the other. Ends when nobody can hear the answer any more."""
    # The caller hears Ctrl-C, and ends its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Whatever prints is not to be taken for an answer.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    calls: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, calls), daemon=True).start()
    while True:
        _send(answers, _outcome(calls.get()))


def _listen(stream: IO[bytes], calls: SimpleQueue[bytes]) -> None:
    try:
        while True:
            calls.put(_receive(stream))
    except (EOFError, OSError):
        os._exit(0)


def _outcome(call: bytes) -> tuple[bool, Any]:
    try:
        function, arguments, named = pickle.loads(call)
        return True, function(*arguments, **named)
    except Exception as error:
        return False, _portable(error)


def _portable(error: Exception) -> Exception:
    """The error, or what it says where it cannot travel."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
