"""Against a real server: a served deployment keeps its schedule, survives being killed, and scales out.

`make test-slow` runs these; they take minutes.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

import flows
from cleaners import shards
from tests import page
from tests.crashes import STORY, tree, whole

ROOT = Path(__file__).parents[1]
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("prefect")]


def free_port() -> int:
    with socket.socket() as there:
        there.bind(("127.0.0.1", 0))
        return int(there.getsockname()[1])


@contextlib.contextmanager
def process(
    command: list[str], environment: Mapping[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A process in a group of its own, which ends with the block, its children too."""
    with log.open("ab") as file:
        started = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=file, stderr=file, start_new_session=True
        )
    try:
        yield started
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(started.pid, signal.SIGKILL)
        started.wait()


def until(what: Any, seconds: float, why: str) -> Any:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        with contextlib.suppress(httpx.HTTPError):
            if found := what():
                return found
        time.sleep(0.3)
    raise AssertionError(f"waited {seconds:.0f} s for {why}")


class Server:
    """A Prefect server of our own on loopback."""

    def __init__(self, home: Path) -> None:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}/api"
        self.log = home / "server.log"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
        self.environment = kept | {
            "PREFECT_HOME": str(home / "prefect"),
            "PREFECT_API_URL": self.url,
            "PREFECT_SERVER_API_HOST": "127.0.0.1",
            "PREFECT_SERVER_API_PORT": str(port),
            "PREFECT_SERVER_UI_API_URL": self.url,
            "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
            "PREFECT_RUNNER_POLL_FREQUENCY": "2",
            "DO_NOT_TRACK": "1",
        }
        self.command = [sys.executable, "-m", "prefect", "server", "start", "--port", str(port)]

    def wait(self) -> None:
        until(lambda: httpx.get(f"{self.url}/health").status_code == 200, 240, "the server")

    def post(self, path: str, **body: Any) -> Any:
        response = httpx.post(f"{self.url}/{path}", json=body, timeout=30)
        response.raise_for_status()
        return response.json()

    def runs(self, *states: str) -> list[dict[str, Any]]:
        """Flow runs in these states, the oldest first."""
        which = {"state": {"type": {"any_": list(states)}}}
        found: list[dict[str, Any]] = self.post("flow_runs/filter", flow_runs=which, sort="START_TIME_ASC")
        return found

    def artifact(self, key: str) -> str:
        latest = self.post("artifacts/latest/filter", artifacts={"key": {"any_": [key]}})
        return str(latest[0]["data"]) if latest else ""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(tmp_path_factory.mktemp("server"))
    with process(made.command, made.environment, made.log):
        made.wait()
        yield made


def stories(folder: Path, start: int, end: int) -> None:
    folder.mkdir(exist_ok=True)
    for number in range(start, end):
        (folder / f"{number:05}.txt").write_text(STORY.format(number), encoding="utf-8")


def once(server: Server, inputs: Path, output: Path, *options: str) -> list[str]:
    command = [sys.executable, "-m", "flows", str(inputs), "-o", str(output), "--layout", "shards"]
    return [*command, "--batch-size", "20", *options]


def undisturbed(server: Server, inputs: Path, output: Path) -> dict[str, bytes]:
    done = subprocess.run(
        once(server, inputs, output),
        cwd=ROOT,
        env=server.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return tree(output)


def test_a_served_flow_keeps_its_schedule_is_killed_and_goes_on(server: Server, tmp_path: Path) -> None:
    inputs, output = tmp_path / "inputs", tmp_path / "clean"
    stories(inputs, 0, 60)
    command = [sys.executable, "-m", "flows", "serve", str(inputs), "-o", str(output), "--batch-size", "20"]
    command += ["--cron", "* * * * *"]
    log = tmp_path / "serve.log"
    with process(command, server.environment, log):
        until(lambda: server.runs("COMPLETED"), 240, "the first scheduled run")
        stories(inputs, 60, 90)
        until(lambda: len(server.runs("COMPLETED")) >= 2 and whole(output) == 90, 240, "the second")
        stories(inputs, 90, 4000)
        until(lambda: len(list((output / "shards").glob("*.json"))) > 10, 240, "the middle of the third")
        # Prefect gives the run a process of its own, and the lock names it.
        os.kill(int((output / shards.LOCK).read_text().split()[1]), signal.SIGKILL)
    assert whole(output) == 90, "what was published before is what is read"

    with process(command, server.environment, log):
        # The killed run holds its slot until its lease of 300 s ends; those until then are cancelled.
        until(lambda: whole(output) == 4000, 500, "a run after the killed one")
    assert "articles" in server.artifact("clean-articles")

    expected = tmp_path / "expected"
    stories(inputs, 0, 0)
    plain = undisturbed(server, inputs, expected)
    assert sorted(articles(output)) == sorted(articles(expected))
    assert flows.read_manifest(expected) is not None
    assert len(plain) > 10


def articles(output: Path) -> list[bytes]:
    manifest = flows.read_manifest(output)
    assert manifest is not None
    return list(flows.read_articles(output, manifest))


def test_a_run_killed_at_three_points_leaves_what_an_undisturbed_one_does(
    server: Server, tmp_path: Path
) -> None:
    inputs = tmp_path / "inputs"
    stories(inputs, 0, 400)
    wanted = undisturbed(server, inputs, tmp_path / "expected")
    output = tmp_path / "clean"
    for parts in (1, 8, 16):
        with process(once(server, inputs, output), server.environment, tmp_path / "log"):
            until(lambda: len(list((output / "shards").glob("*.json"))) >= parts, 120, f"{parts} parts")  # noqa: B023
        assert whole(output) in (0, 400)
    assert undisturbed(server, inputs, output) == wanted


def test_the_server_is_killed_and_the_next_run_completes(tmp_path: Path) -> None:
    inputs, output = tmp_path / "inputs", tmp_path / "clean"
    stories(inputs, 0, 400)
    own = Server(tmp_path)
    flow_log = tmp_path / "log"
    with process(own.command, own.environment, own.log) as running:
        own.wait()
        with process(once(own, inputs, output), own.environment, flow_log):
            until(lambda: len(list((output / "shards").glob("*.json"))) >= 3, 120, "three parts")
            os.killpg(running.pid, signal.SIGKILL)
            time.sleep(5)
            assert whole(output) in (0, 400)
    with process(own.command, own.environment, own.log):
        own.wait()
        undisturbed(own, inputs, output)
    assert whole(output) == 400


def test_a_worker_runs_what_prefect_yaml_deploys_and_what_follows(server: Server, tmp_path: Path) -> None:
    stories(tmp_path / "scraped", 0, 5)
    # What the worker starts in: the project, with the folders beside it.
    for name in ("prefect.yaml", "flows", "cleaners"):
        (tmp_path / name).symlink_to(ROOT / name)
    environment = server.environment | {"COPYDESK_HOME": str(tmp_path)}

    def prefect(*arguments: str) -> str:
        command = [sys.executable, "-m", "prefect", "--no-prompt", *arguments]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    prefect("work-pool", "create", "copydesk", "--type", "process")
    prefect("deploy", "--all")
    log = tmp_path / "worker.log"
    worker = [sys.executable, "-m", "prefect", "worker", "start", "--pool", "copydesk"]
    with process(worker, environment, log):
        prefect("deployment", "run", "clean-articles/hourly")
        until(lambda: "| en |" in server.artifact("after-cleaning"), 240, f"what follows: {log}")
    assert whole(tmp_path / "clean") == 5


@pytest.mark.skipif(not page.CHROMIUM, reason="chromium is not installed")
def test_the_page_shows_the_run_its_artifacts_and_the_form(server: Server, tmp_path: Path) -> None:
    inputs, output = tmp_path / "inputs", tmp_path / "clean"
    stories(inputs, 0, 60)
    undisturbed(server, inputs, output)
    run = server.runs("COMPLETED")[-1]
    made = {
        one["key"]: one["id"]
        for one in server.post("artifacts/filter", artifacts={"flow_run_id": {"any_": [run["id"]]}})
    }
    pictures = Path(os.environ.get("PICTURES", tmp_path))
    command = [sys.executable, "-m", "flows", "serve", str(inputs), "-o", str(output), "--name", "looked-at"]
    root = server.url.removesuffix("/api")
    with (
        process(command, server.environment, tmp_path / "serve.log"),
        page.browser(tmp_path / "browser") as seen,
    ):
        which = {"name": {"any_": ["looked-at"]}}
        (deployment,) = until(
            lambda: server.post("deployments/filter", deployments=which), 120, "the deployment"
        )
        for name, address, wanted in (
            (
                "run",
                f"flow-runs/flow-run/{run['id']}",
                (run["name"], "Completed", "60 articles; 60 removals"),
            ),
            (
                "summary",
                f"artifacts/artifact/{made['clean-articles']}",
                ("60 articles", "kind of residue", "Words kept"),
            ),
            ("changed", f"artifacts/artifact/{made['clean-articles-changed']}", ("figure", "articles", "60")),
            ("form", f"deployments/deployment/{deployment['id']}/run", ("Input", "Batch Size", str(output))),
        ):
            seen.open(f"{root}/{address}", *wanted)
            seen.picture(pictures / f"{name}.png")
        seen.open(f"file://{output}/report.html", "What was removed, and why", "articles cleaned", "comment")
        seen.picture(pictures / "report.png")


# --- clusters ---------------------------------------------------------------------------------


def test_a_dask_scheduler_with_two_workers_gives_the_same_bytes(server: Server, tmp_path: Path) -> None:
    pytest.importorskip("prefect_dask", reason="the extra `dask` is not installed")
    inputs = tmp_path / "inputs"
    stories(inputs, 0, 100)
    wanted = undisturbed(server, inputs, tmp_path / "expected")
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    log = tmp_path / "dask.log"
    scheduler = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1"]
    scheduler += ["--port", str(port), "--no-dashboard"]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-nanny"]
    worker += ["--no-dashboard", "--local-directory", str(tmp_path)]
    with (
        process(scheduler, server.environment, log),
        process(worker, server.environment, log),
        process(worker, server.environment, log),
    ):
        output = tmp_path / "clean"
        command = once(server, inputs, output, "--runner", "dask", "--address", address)
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=server.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stderr + log.read_text()
    assert tree(output) == wanted


@pytest.mark.parametrize("kind", ["dask", "ray", "processes", "threads"])
def test_local_runners_give_the_same_bytes(server: Server, tmp_path: Path, kind: str) -> None:
    if kind in ("dask", "ray"):
        pytest.importorskip(f"prefect_{kind}", reason=f"the extra `{kind}` is not installed")
    inputs = tmp_path / "inputs"
    stories(inputs, 0, 100)
    wanted = undisturbed(server, inputs, tmp_path / "expected")
    output = tmp_path / "clean"
    command = once(server, inputs, output, "--runner", kind, "--workers", "2")
    done = subprocess.run(
        command, cwd=ROOT, env=server.environment, capture_output=True, text=True, check=False, timeout=400
    )

    assert done.returncode == 0, done.stderr
    assert tree(output) == wanted


def test_the_lock_of_a_killed_run_does_not_stop_the_next(tmp_path: Path) -> None:
    (tmp_path / "clean").mkdir()
    (tmp_path / "clean" / shards.LOCK).write_text("process 1 on nowhere")
    with shards.Lock(tmp_path / "clean"):
        pass
