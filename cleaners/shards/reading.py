"""Inputs as they were at one moment: as long as when they were opened, and the hash of what was read."""

from __future__ import annotations

import contextlib
import errno
import gzip
import hashlib
import io
import os
import stat
from collections.abc import Iterator
from typing import IO, cast

from cleaners import remote
from cleaners.files import CHUNK, Input, is_packed


class Snapshot(io.RawIOBase):
    """A file as long as it was when it was opened, and the hash of what is read of it."""

    def __init__(self, path: str) -> None:
        super().__init__()
        if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116  # opening a pipe would wait
            raise OSError(errno.EINVAL, "no plain file", path)
        self._file = open(path, "rb", buffering=0)  # noqa: PTH123, SIM115  # ours to close
        self._left = os.fstat(self._file.fileno()).st_size
        self._sha256, self.size = hashlib.sha256(), 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast(bytearray, buffer))[: self._left]
        count = self._file.readinto(view) or 0
        self._sha256.update(view[:count])
        self._left -= count
        self.size += count
        return count

    def finish(self) -> None:
        """Read what is left."""
        buffer = bytearray(CHUNK)
        while self.readinto(buffer):
            pass

    def sha256(self) -> str:
        return self._sha256.hexdigest()

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


@contextlib.contextmanager
def opened(path: str) -> Iterator[Snapshot]:
    """A file, or an object, which is fetched for it."""
    fetched = remote.near(path) if remote.is_url(path) else contextlib.nullcontext(path)
    with fetched as near, Snapshot(near) as snapshot:
        yield snapshot


class Opened:
    """Opens an input for `files.entries`, and remembers the hash and size of what was read."""

    sha256: str | None = None
    size = 0

    @contextlib.contextmanager
    def __call__(self, item: Input) -> Iterator[IO[bytes]]:
        with opened(item.path) as snapshot:
            buffered = io.BufferedReader(snapshot, CHUNK)
            try:
                unpacked = gzip.GzipFile(fileobj=buffered) if is_packed(item.path) else buffered
                yield cast(IO[bytes], unpacked)
            except EOFError:
                self._remember(snapshot)  # cut short: the same bytes will be next time
                raise
            self._remember(snapshot)

    def _remember(self, snapshot: Snapshot) -> None:
        snapshot.finish()
        self.sha256, self.size = snapshot.sha256(), snapshot.size
