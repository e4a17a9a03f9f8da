"""One run at a time over an output folder."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from pathlib import Path
from typing import Self

from cleaners.files import host
from cleaners.settings import ConfigError

LOCK = ".lock"


class Lock:
    """Keeps a second run off an output folder. It ends with its process, however that ends."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / LOCK
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(f"{folder}: cannot write there: {error.strerror}") from error

    def __enter__(self) -> Self:
        while True:
            handle = self._open()
            if not _lock(handle):
                owner = os.pread(handle, 100, 0).decode("utf-8", "replace") if os.name == "posix" else "?"
                os.close(handle)
                raise ConfigError(
                    f"{self.path.parent}: another run writes there ({owner}); hint: wait for its end"
                )
            # Who held it before may have removed the file between our opening and our locking it.
            with contextlib.suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(handle), os.stat(self.path)):  # noqa: PTH116  # one is a handle
                    break
            os.close(handle)
        os.ftruncate(handle, 0)
        os.write(handle, f"process {os.getpid()} on {host()}".encode())
        self._handle = handle
        return self

    def _open(self) -> int:
        try:
            return os.open(self.path, os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise ConfigError(f"{self.path.parent}: cannot write there: {error.strerror}") from error

    def __exit__(self, *error: object) -> None:
        with contextlib.suppress(OSError):
            self.path.unlink()
        os.close(self._handle)


def _lock(handle: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK):
            return False
        raise
    return True
