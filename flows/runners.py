"""Where batches run: the one place that knows task runners."""

import importlib
import os
from typing import Any

from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner, ThreadPoolTaskRunner

from cleaners.runs import cores
from cleaners.settings import ConfigError
from flows.parameters import Runner


def make_task_runner(runner: Runner) -> TaskRunner[Any]:
    """The task runner that was asked for. Raises ConfigError where its package is not installed."""
    workers = runner.workers or cores()
    if runner.address and runner.kind not in ("dask", "ray"):
        raise ConfigError(f"runner: {runner.kind} has no address; hint: leave it out, or choose dask or ray")
    if runner.kind == "dask":
        # Workers of one thread each: cleaning is plain Python, and threads only wait for each other.
        local = {"n_workers": workers, "threads_per_worker": 1, "dashboard_address": None}
        options = {"address": runner.address} if runner.address else {"cluster_kwargs": local}
        return _cluster("dask", "DaskTaskRunner", **options)
    if runner.kind == "ray":
        local = {"num_cpus": workers, "include_dashboard": False}
        return _cluster(
            "ray", "RayTaskRunner", address=runner.address, init_kwargs={} if runner.address else local
        )
    if runner.kind == "processes":
        return ProcessPoolTaskRunner(max_workers=workers)
    return ThreadPoolTaskRunner(max_workers=1 if runner.kind == "sequential" else workers)


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
