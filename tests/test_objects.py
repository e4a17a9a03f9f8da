"""Shards in an object store: what holds for folders holds there, whatever request is the last one."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from cleaners import files, outputs, remote, shards
from cleaners.pipeline import fingerprint
from cleaners.remote import Store
from cleaners.settings import ConfigError, Settings
from cleaners.shards import objects, planning
from tests.crashes import STORY, more
from tests.crashes import first as first_inputs

pytest.importorskip("fsspec", reason="the extra `remote` is not installed")
QUICK = Settings(language=False)


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    first_inputs(tmp_path / "inputs")
    return tmp_path / "inputs"


@pytest.fixture
def url() -> Iterator[str]:
    """A store of this process."""
    import fsspec

    store = fsspec.filesystem("memory")
    store.store.clear()
    yield "memory://bucket/clean"
    store.store.clear()


def clean(inputs: Path | str, place: shards.Place, size: int = 4) -> shards.Published:
    with shards.locked(place) as held:
        found = files.find_at(inputs, place) if isinstance(inputs, str) else files.find([str(inputs)])
        plan = shards.plan(place, found, fingerprint(QUICK), size)
        made = [shards.make(batch, place, QUICK) for batch in plan.batches]
        return shards.publish(place, plan, made, held)


def tree(url: str) -> dict[str, bytes]:
    store = Store(url)
    return {name: store.read(name) for name in store.list()}


def near_tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def whole(place: str) -> int:
    """Read as a consumer does. Raises where anything is half there."""
    manifest = shards.read_manifest(place)
    if manifest is None:
        return 0
    lines = list(shards.read_articles(place, manifest))
    for line in lines:
        json.loads(line)
    assert len(lines) == manifest.articles
    return len(lines)


# --- the same as in a folder ------------------------------------------------------------------


def test_a_store_holds_what_a_folder_holds_run_after_run(inputs: Path, url: str, tmp_path: Path) -> None:
    near = tmp_path / "near"
    changes: list[Callable[[], None]] = [
        lambda: None,
        lambda: more(inputs),
        lambda: (inputs / "b1.txt").unlink(),
        lambda: None,
    ]
    for change in changes:
        change()
        assert clean(inputs, near).manifest == clean(inputs, url).manifest
        assert tree(url) == near_tree(near)
    assert whole(url) == 17


def test_a_second_run_finds_nothing_to_do(inputs: Path, url: str) -> None:
    clean(inputs, url)
    before = tree(url)

    assert clean(inputs, url).summary.articles == 0
    assert tree(url) == before


def test_inputs_of_a_store_give_the_articles_of_files_and_are_read_when_they_change(
    inputs: Path, tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = Store("memory://bucket")
    for path in sorted(inputs.iterdir()):
        source.upload(path, path.name)
    near = clean(inputs, tmp_path / "near")
    fetched: list[str] = []
    fetch = remote.near

    def fetching(url: str) -> AbstractContextManager[str]:
        fetched.append(url)
        return fetch(url)

    monkeypatch.setattr(remote, "near", fetching)

    published = clean("memory://bucket", url)
    assert (published.manifest.articles, published.manifest.failed) == (11, 1)
    assert [part.sha256 for part in published.manifest.parts] == [part.sha256 for part in near.manifest.parts]

    fetched.clear()
    source.write("b2.txt", STORY.format(22).encode())
    assert clean("memory://bucket", url).summary.articles == 1
    assert set(fetched) == {"memory://bucket/b2.txt"}, "and nothing of what lies below the output"


def test_an_object_that_goes_before_it_is_read_is_quarantined(inputs: Path, url: str) -> None:
    source = Store("memory://bucket/in")
    source.write("a.txt", STORY.encode())
    found = [
        *files.find_at("memory://bucket/in"),
        files.Input("memory://bucket/in/gone.txt", "gone.txt", "1"),
    ]
    plan = shards.plan(url, found, fingerprint(QUICK))

    assert [(item.place, reason) for item, reason in plan.unread] == [
        ("gone.txt", "No such file or directory")
    ]


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("file:///srv/clean", "hint: mount it, and name the folder"),
        ("sftp://host/clean", "hint: "),
        ("nonsense://host/clean", "hint: fsspec knows"),
    ],
)
def test_articles_go_only_where_objects_appear_whole(place: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        shards.locked(place)


def test_a_url_with_nothing_below_it_stops_a_run(url: str) -> None:
    with pytest.raises(ConfigError, match="nothing there; hint"):
        files.find_at(url)


# --- one moment -------------------------------------------------------------------------------


class Killed(BaseException):
    """As if the process had ended: nothing that it wanted to do is done any more."""


class Strikes:
    """Counts the requests that change the store, and kills before one of them; from then on there is no other."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
        self.number, self.seen = number, [""] * 0
        for name in ("upload", "write", "create", "remove"):
            monkeypatch.setattr(Store, name, self._counted(name, getattr(Store, name)))

    def _counted(self, name: str, work: Any) -> Any:
        def counted(store: Store, *arguments: Any) -> None:
            self.seen.append(name)
            if len(self.seen) >= self.number:
                raise Killed
            work(store, *arguments)

        return counted


def as_of_a_dead_process(url: str) -> None:
    """The lock that is left behind, as another process would have left it."""
    if shards.LOCK in Store(url).list():
        owner = json.loads(Store(url).read(shards.LOCK))
        gone = subprocess.Popen([sys.executable, "-c", ""])
        gone.wait()
        Store(url).write(shards.LOCK, json.dumps(owner | {"process": gone.pid}).encode())


def test_a_run_may_be_killed_before_any_request(
    inputs: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What follows a kill takes its time, and is tested elsewhere.
    monkeypatch.setattr(planning, "begun", lambda folder: set())
    clean(inputs, url)
    before = tree(url)
    more(inputs)
    clean(inputs, url)
    wanted, counts = tree(url), {11, whole(url)}

    for number in range(1, 1000):
        for name in tree(url):
            Store(url).remove(name)
        for name, data in before.items():
            Store(url).write(name, data)
        with monkeypatch.context() as patch:
            strikes = Strikes(patch, number)
            try:
                clean(inputs, url)
                break
            except Killed:
                pass
        as_of_a_dead_process(url)
        assert whole(url) in counts, f"request {number}"
        clean(inputs, url)
        assert tree(url) == wanted, f"request {number}: {strikes.seen[-1]}"
    assert number > 15
    assert {"upload", "write", "create", "remove"} <= set(strikes.seen)


def test_a_run_that_was_killed_in_the_middle_of_a_part_is_followed_by_a_careful_one(
    inputs: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("cleaners.shards.making.make", lambda *_: (_ for _ in ()).throw(Killed))
        patch.setattr(Store, "remove", lambda *_: None)
        with pytest.raises(Killed):
            clean(inputs, url)
    plan = shards.plan(url, files.find([str(inputs)]), fingerprint(QUICK))
    assert all(batch.is_careful for batch in plan.batches)


def test_who_reads_keeps_the_parts_of_the_manifest_before(inputs: Path, url: str) -> None:
    old = clean(inputs, url).manifest
    (inputs / "b0.txt").write_text(STORY.format("x"), encoding="utf-8")
    clean(inputs, url)
    assert len(list(shards.read_articles(url, old))) == 11


# --- one run at a time ------------------------------------------------------------------------


def test_a_second_run_is_kept_off_until_the_first_ends(url: str) -> None:
    with (
        shards.locked(url),
        pytest.raises(ConfigError, match=r"another run writes there .*hint: wait"),
        shards.locked(url),
    ):
        pass
    with shards.locked(url):
        pass
    assert Store(url).list() == {}


def test_a_lock_that_nobody_renews_is_taken_over_and_its_run_publishes_nothing(
    inputs: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with shards.locked(url) as lost:
        monkeypatch.setattr(objects, "LEASE", timedelta(-1))
        monkeypatch.setattr(objects, "host", lambda: "elsewhere")
        with shards.locked(url):
            plan = shards.plan(url, files.find([str(inputs)]), fingerprint(QUICK))
            made = [shards.make(batch, url, QUICK) for batch in plan.batches]
            with pytest.raises(ConfigError, match="another run has taken over"):
                shards.publish(url, plan, made, lost)
    assert shards.read_manifest(url) is None


def test_a_lock_is_renewed_while_it_is_held(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(objects, "RENEWED", 0.01)
    renewed = threading.Event()
    monkeypatch.setattr(Store, "write", lambda *_: renewed.set())
    with shards.locked(url):
        assert renewed.wait(20)


# --- the real protocol ------------------------------------------------------------------------


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """A bucket of a stand-in for S3, in a process of its own."""
    pytest.importorskip("s3fs", reason="s3fs is not installed")
    pytest.importorskip("moto", reason="moto is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
        "FSSPEC_S3_ENDPOINT_URL": f"http://127.0.0.1:{port}",
    }.items():
        monkeypatch.setenv(name, value)
    import fsspec.config
    import s3fs

    from tests.test_slow_flow import process, until

    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with process(command, os.environ, tmp_path / "moto.log"):
        endpoint = f"http://127.0.0.1:{port}"
        until(lambda: httpx.get(endpoint).status_code == 200, 60, "the stand-in for S3")
        monkeypatch.setitem(fsspec.config.conf, "s3", {"endpoint_url": endpoint})
        s3fs.S3FileSystem(endpoint_url=endpoint).mkdir("news")
        yield "s3://news"


@pytest.mark.slow
def test_s3_holds_what_a_folder_holds(bucket: str, inputs: Path, tmp_path: Path) -> None:
    source, near, url = Store(f"{bucket}/scraped"), tmp_path / "near", f"{bucket}/clean"
    for is_second in (False, True):
        if is_second:
            more(inputs)
        (inputs / "gone.txt").unlink(missing_ok=True)
        for path in sorted(inputs.iterdir()):
            source.upload(path, path.name)
        assert clean(inputs, near).manifest == clean(inputs, url).manifest
        assert tree(url) == near_tree(near)
    other = clean(f"{bucket}/scraped", f"{bucket}/other")
    assert other.manifest.articles == whole(f"{bucket}/other") == 17
    with shards.locked(url), pytest.raises(ConfigError, match="another run writes there"), shards.locked(url):
        pass


@pytest.mark.slow
@pytest.mark.server
@pytest.mark.usefixtures("prefect_server")
def test_a_flow_cleans_from_a_bucket_into_a_bucket_with_processes(bucket: str, inputs: Path) -> None:
    from flows.clean_articles import clean_articles
    from flows.parameters import Parameters

    source = Store(f"{bucket}/scraped")
    for path in sorted(inputs.iterdir()):
        source.upload(path, path.name)
    params = {"input": f"{bucket}/scraped", "output": f"{bucket}/clean", "batch_size": 3}
    params["runner"] = {"kind": "processes", "workers": 2}
    assert clean_articles(Parameters.model_validate(params)).articles == 11
    assert clean_articles(Parameters.model_validate(params)).unchanged == 11
    assert outputs.QUARANTINE in Store(f"{bucket}/clean").list()
