"""Objects of a store that a URL names (s3://bucket/folder). It alone knows fsspec, the extra `remote`.

An object appears whole or not at all, at the moment its upload ends. Nothing is renamed or appended.
"""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from cleaners.settings import ConfigError

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

WHOLE = ("s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "oss", "memory")
"""Schemes of stores whose objects appear whole: only there may articles go."""
_MARKS = ("ETag", "etag", "md5", "generation", "LastModified", "last_modified", "updated", "mtime", "created")
"""What stores tell of an object's version."""


def is_url(place: object) -> bool:
    """Whether a place is a URL and no path."""
    return isinstance(place, str) and "://" in place


class Seen(NamedTuple):
    """An object as the list of a store has it."""

    size: int
    mark: str
    """What changes with its content; empty where the store tells nothing of the kind."""


class Store:
    """What lies below a URL. Raises OSError where it cannot be reached or nothing is there."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.scheme = url.partition("://")[0]
        try:
            import fsspec

            # Another's objects come and go: nothing is to be remembered of them.
            self._fs: AbstractFileSystem
            self._fs, self._root = fsspec.url_to_fs(self.url, use_listings_cache=False)
        except ImportError as error:
            raise ConfigError(
                f"{url}: {error}; hint: pip install 'copydesk[remote]', and what fsspec needs for the scheme"
            ) from None
        except ValueError as error:
            raise ConfigError(f"{url}: {error}; hint: fsspec knows s3, gs, az and others") from None

    def _path(self, name: str) -> str:
        return f"{self._root.rstrip('/')}/{name}"

    def list(self, below: str = "") -> dict[str, Seen]:
        """The objects by name, sorted."""
        with _as_os_errors(self.url):
            found = self._fs.find(self._path(below).rstrip("/"), detail=True)
        start = len(self._path(""))
        names = sorted((path[start:], info) for path, info in found.items())
        return {name: Seen(int(info.get("size") or 0), _mark(info)) for name, info in names if name}

    def read(self, name: str) -> bytes:
        with _as_os_errors(f"{self.url}/{name}"):
            data: bytes = self._fs.cat_file(self._path(name))
            return data

    def fetch(self, name: str, target: Path) -> None:
        """Copy an object to a file."""
        with _as_os_errors(f"{self.url}/{name}"):
            self._fs.get_file(self._path(name), str(target))

    def upload(self, source: Path, name: str) -> None:
        """Replace an object by a file's content, as a whole."""
        with _as_os_errors(f"{self.url}/{name}"):
            self._fs.put_file(str(source), self._path(name))

    def write(self, name: str, data: bytes) -> None:
        """Replace an object as a whole."""
        with _as_os_errors(f"{self.url}/{name}"):
            self._fs.pipe_file(self._path(name), data)

    def create(self, name: str, data: bytes) -> None:
        """Write an object that is not there. Raises FileExistsError where it is."""
        with _as_os_errors(f"{self.url}/{name}"):
            try:
                self._fs.pipe_file(self._path(name), data, mode="create")
            except (TypeError, NotImplementedError):  # a store that cannot promise it
                if self._fs.exists(self._path(name)):
                    raise FileExistsError(errno.EEXIST, "it is there", name) from None
                self._fs.pipe_file(self._path(name), data)

    def remove(self, name: str) -> None:
        """Remove an object, if it is there."""
        with _as_os_errors(f"{self.url}/{name}"), contextlib.suppress(FileNotFoundError):
            self._fs.rm_file(self._path(name))

    def modified(self, name: str) -> datetime:
        """When an object was written, by the clock of the store."""
        with _as_os_errors(f"{self.url}/{name}"):
            moment: datetime = self._fs.modified(self._path(name))
            return moment


def _mark(info: dict[str, Any]) -> str:
    return " ".join(str(info[name]) for name in _MARKS if info.get(name) is not None)


@contextlib.contextmanager
def _as_os_errors(what: str) -> Iterator[None]:
    """What the clients of stores raise is an OSError, as with files: it may pass."""
    try:
        yield
    except FileNotFoundError as error:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), what) from error
    except (OSError, ConfigError):
        raise
    except Exception as error:
        raise OSError(errno.EIO, f"{type(error).__name__}: {error}", what) from error


@contextlib.contextmanager
def near(url: str) -> Iterator[str]:
    """A file with the content of an object, as long as the block lasts."""
    folder, _, name = url.rpartition("/")
    with tempfile.TemporaryDirectory(prefix="copydesk-") as here:
        target = Path(here) / "input"
        Store(folder).fetch(name, target)
        yield str(target)
