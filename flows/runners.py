"""Where batches run: the one place that knows task runners."""

import contextlib
import importlib
import os
from collections.abc import Callable, Iterator
from typing import Any

from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from cleaners import workers
from cleaners.runs import cores
from cleaners.settings import ConfigError
from flows.parameters import Runner


def make_task_runner(runner: Runner) -> TaskRunner[Any]:
    """The task runner that was asked for. Raises ConfigError where its package is not installed."""
    if runner.address and runner.kind not in ("dask", "ray"):
        raise ConfigError(f"runner: {runner.kind} has no address; hint: leave it out, or choose dask or ray")
    if runner.kind == "dask":
        # Workers of one thread each: cleaning is plain Python, and threads only wait for each other.
        local = {"n_workers": _count(runner), "threads_per_worker": 1, "dashboard_address": None}
        options = {"address": runner.address} if runner.address else {"cluster_kwargs": local}
        return _cluster("dask", "DaskTaskRunner", **options)
    if runner.kind == "ray":
        local = {"num_cpus": _count(runner), "include_dashboard": False}
        return _cluster(
            "ray", "RayTaskRunner", address=runner.address, init_kwargs={} if runner.address else local
        )
    return ThreadPoolTaskRunner(max_workers=1 if runner.kind == "sequential" else _count(runner))


Submit = Callable[..., Any]
"""Takes a task and its parameters by name; gives a future."""


@contextlib.contextmanager
def submitting(runner: Runner) -> Iterator[Submit]:
    """Where tasks run, as long as the block lasts. Each gets the processes that are to do its work as `pool`.

    Prefect's own processes would each import Prefect, at the cost of some thousand texts.
    """
    own = workers.Pool(_count(runner)) if runner.kind == "processes" else contextlib.nullcontext()
    with own as pool, make_task_runner(runner) as tasks:
        yield lambda task, **parameters: tasks.submit(task, {**parameters, "pool": pool})


def _count(runner: Runner) -> int:
    return runner.workers or cores()


def _cluster(kind: str, name: str, **options: Any) -> TaskRunner[Any]:
    if kind == "ray":
        # Otherwise it tells its makers about each use.
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        module = importlib.import_module(f"prefect_{kind}")
    except ImportError as error:
        raise ConfigError(f"runner: {error}; hint: pip install 'copydesk[{kind}]'") from None
    made: TaskRunner[Any] = getattr(module, name)(**options)
    return made
