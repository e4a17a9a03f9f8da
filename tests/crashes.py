"""Kills a run over shards before each of its file operations in turn, and looks at what is left.

Run as a process of its own, which forks one run after the other: `python -m tests.crashes FOLDER kill|full`.
It prints the operations at which it struck as JSON, and fails with what it found wrong.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cleaners import files, shards
from cleaners.pipeline import fingerprint
from cleaners.settings import Settings
from cleaners.shards import planning

SETTINGS = Settings(language=False)
STORY = (
    "The harbour crews return to work on Monday, the union said after night {} of talks.\n\nLeave a Comment\n"
)
KILLED = -signal.SIGKILL


def run(inputs: Path, output: Path) -> None:
    """What the flow does, without Prefect, and without the care that follows a kill: it takes its time, and has
    tests of its own."""
    planning.begun = lambda folder: set()
    with shards.Lock(output):
        found = files.find([str(inputs)])
        plan = shards.plan(output, found, fingerprint(SETTINGS), batch_size=4)
        made = [shards.make(batch, output, SETTINGS) for batch in plan.batches]
        shards.publish(output, plan, made)
        if not shards.is_announced(output):
            shards.announced(output)


def first(folder: Path) -> None:
    """Texts and records that an earlier run has cleaned."""
    folder.mkdir()
    for number in range(6):
        (folder / f"b{number}.txt").write_text(STORY.format(number), encoding="utf-8")
    records = [json.dumps({"text": STORY.format(number)}) for number in range(5)]
    (folder / "wire.jsonl").write_text("\n".join(["{broken", *records, ""]), encoding="utf-8")


def more(folder: Path) -> None:
    """New ones, changed ones, one that cannot be read."""
    (folder / "b2.txt").write_text(STORY.format(22), encoding="utf-8")
    (folder / "gone.txt").symlink_to("nowhere")
    for number in range(5):
        (folder / f"a{number}.txt").write_text(STORY.format(number), encoding="utf-8")
    with (folder / "wire.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({"text": STORY.format(99)}) + "\n")


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def whole(folder: Path) -> int:
    """Read as a consumer does. Raises where anything is half there; returns how many articles are there."""
    manifest = shards.read_manifest(folder)
    if manifest is None:
        return 0
    lines = list(shards.read_articles(folder, manifest))
    for line in lines:
        json.loads(line)
    assert len(lines) == manifest.articles == sum(part.articles for part in manifest.parts)
    for part in manifest.parts:
        index = shards.read_part(folder, part.name)
        data = part.path(folder).read_bytes()
        assert (len(data), index.length) == (part.length, part.length), part.name
        assert sum(item.length for item in index.inputs) == part.length
    return len(lines)


class Strike:
    """Counts operations on files below a folder, and strikes before one of them."""

    def __init__(self, folder: Path, number: int, act: Callable[[str], None]) -> None:
        self.folder, self.number, self.act, self.seen = os.fspath(folder), number, act, 0

    def around(self, work: Callable[[], None]) -> None:
        sys.addaudithook(self.hear)
        sync, write = os.fsync, files.Aside.write

        def syncing(fd: Any) -> None:
            self.count("fsync")
            sync(fd)

        def writing(aside: files.Aside, data: bytes) -> None:
            self.count("write", lambda: self._half(aside, data))
            write(aside, data)

        os.fsync = syncing
        setattr(files.Aside, "write", writing)  # noqa: B010  # mypy minds the plain way
        work()

    @staticmethod
    def _half(aside: files.Aside, data: bytes) -> None:
        aside._stream.write(data[: len(data) // 2])
        aside._stream.flush()

    def hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            writes = arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
            if writes and str(arguments[0]).startswith(self.folder):
                self.count("open")
        elif event in ("os.rename", "os.remove", "os.mkdir") and str(arguments[0]).startswith(self.folder):
            self.count(event.removeprefix("os."))

    def count(self, what: str, halfway: Callable[[], None] = lambda: None) -> None:
        self.seen += 1
        if self.seen == self.number:
            halfway()
        if self.seen >= self.number:
            self.act(what)


def forked(work: Callable[[], object]) -> int:
    """Do it in a process of its own; its exit code, negative for the signal that ended it."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            work()
            code = 0
        except OSError as error:
            code = 28 if error.errno == errno.ENOSPC else 1
            if code == 1:
                traceback.print_exc()
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def main(folder: Path, mode: str) -> None:
    inputs, before, log = folder / "inputs", folder / "before", folder / "log"
    first(inputs)
    run(inputs, before)  # here, so that rules are compiled once
    more(inputs)
    undisturbed = folder / "undisturbed"
    shutil.copytree(before, undisturbed)
    assert forked(lambda: run(inputs, undisturbed)) == 0
    counts = {whole(before), whole(undisturbed)}
    wanted, struck = tree(undisturbed), []

    def act(what: str) -> None:
        if not log.read_text():
            log.write_text(what)
        if mode == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if what in ("write", "open", "mkdir", "fsync"):
            raise OSError(errno.ENOSPC, "No space left on device")

    output = folder / "output"

    def disturbed(number: int) -> int:
        """Run until the operation; whatever a reader then finds is whole."""
        log.write_text("")
        code = forked(lambda: Strike(output, number, act).around(lambda: run(inputs, output)))
        assert whole(output) in counts, f"operation {number}"
        return code

    for number in range(1, 1000):
        shutil.copytree(before, output)
        code = disturbed(number)
        if code == 0 and not log.read_text():
            break
        struck.append(log.read_text())
        if mode == "kill":
            assert code == KILLED
            disturbed(number // 2)  # the run that makes good for it may be killed too
        assert forked(lambda: run(inputs, output)) == 0
        left = tree(output)
        assert left == wanted, f"operation {number} ({struck[-1]}): {sorted(left.keys() ^ wanted.keys())}"
        shutil.rmtree(output)
    print(json.dumps(struck))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
