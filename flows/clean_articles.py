"""The flow `clean-articles`: a folder of scraped texts in, a folder of articles out, a report published.

It decides when and where cleaning runs, never what happens to a text: that is the library's. How the
outputs lie on disk, and why a run may be killed at any moment, is told in `cleaners.shards`.
"""

# No `from __future__ import annotations` here: Prefect then cannot resolve `Parameters` in served runs.
import contextlib
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, TypeVar

from prefect import flow, get_run_logger, task
from prefect.assets import materialize
from prefect.cache_policies import NO_CACHE
from prefect.runtime import task_run

from cleaners import config, files, learning, outputs, parquet, pipeline, report, runs, shards, together
from cleaners.archive import Archive
from cleaners.files import Input
from cleaners.report import Summary
from cleaners.settings import ConfigError, Settings
from cleaners.shards import Batch, Beside, Held, Listed, Made, Manifest, Place, Plan, Published, Told
from cleaners.together import Together
from cleaners.workers import Pool, WorkerDiedError
from flows import telling
from flows.parameters import Parameters
from flows.runners import Submit, make_task_runner, submitting

NAME = telling.NAME
DUPLICATES = "duplicates.jsonl"
"""File in the output that lists duplicates."""
T = TypeVar("T")


class TooManyFailedError(Exception):
    """So many inputs gave no article that the folder or the machine is to be looked at, not a text."""

    def __init__(self, summary: Summary, failed: int, of: int) -> None:
        super().__init__(summary, failed, of)
        self.summary, self.failed, self.of = summary, failed, of

    def __str__(self) -> str:
        named = "; ".join(f"{name}: {reason}" for name, reason in self.summary.problems[:1])
        return f"{self.failed:,} of {self.of:,} inputs gave no article{f', first {named}' if named else ''}"


@flow(name=NAME)
def clean_articles(params: Parameters) -> Summary:
    """Clean what is new or changed in a folder, and publish what was removed and why.

    An input that cannot be read is quarantined. Raises ConfigError before anything is written, and
    TooManyFailedError, after all is published, above the share that `fail_above` names.
    """
    settings = load(params)
    with shards.locked(params.output) as held, submitting(params.runner) as submit:
        if params.layout == "mirror":
            summary, failed, of = mirrored(params, settings, submit)
        else:
            summary, failed, of = sharded(params, settings, submit, held)
    if failed and failed > params.fail_above * of:
        raise TooManyFailedError(summary, failed, of)
    return summary


def load(params: Parameters) -> Settings:
    """The settings. What can be told to be wrong beforehand is, so that nothing is half done."""
    file = str(params.settings_file) if params.settings_file else None
    options = {"without": sorted(params.without)} if params.without else {}
    settings = config.load(file, (), options).settings
    if params.parquet:
        parquet.check()
    if params.together and (params.layout != "shards" or not isinstance(params.output, Path)):
        raise ConfigError(f"{params.output}: together knows shards in a folder only; hint: together: false")
    find(params)
    make_task_runner(params.runner)
    return settings


def find(params: Parameters) -> list[Input]:
    """The inputs there are. Raises ConfigError where an output would be in their way."""
    if str(params.output) == str(params.input) or _is_same_folder(params):
        raise ConfigError(f"{params.output}: holds the inputs; hint: name another output")
    if isinstance(params.input, Path):
        if not params.input.is_dir():
            raise ConfigError(
                f"{params.input}: no such folder; hint: paths are relative to {Path.cwd().name}/"
            )
        without = params.output if isinstance(params.output, Path) else None
        found = files.find([str(params.input)], without=without)
    else:
        found = files.find_at(params.input, without=params.output)
    found = [item for item in found if fnmatchcase(item.place, params.glob)]
    if params.layout == "mirror":
        outputs.check(_mirror(params), found)
    return found


def _is_same_folder(params: Parameters) -> bool:
    return (
        params.layout == "shards"
        and isinstance(params.output, Path)
        and isinstance(params.input, Path)
        and params.output.resolve() == params.input.resolve()
    )


def _is_worth_retrying(task: Any, run: Any, state: Any) -> bool:
    """A full disk or a lost worker may be better in a while; a wrong setting never is."""
    try:
        state.result()
    except ConfigError:
        return False
    except Exception as error:
        return (
            isinstance(error, OSError) or "Worker" in type(error).__name__ or "Pool" in type(error).__name__
        )
    return False


# --- shards -----------------------------------------------------------------------------------


def sharded(params: Parameters, settings: Settings, submit: Submit, held: Held) -> tuple[Summary, int, int]:
    """Clean what changed into shards. Gives the summary, what failed, and of how many."""
    told = know_headlines(params, None, ()) if params.together else {}
    published, names = _sharded(params, settings, submit, held, told)
    manifest = published.manifest
    if params.together:
        known = know_headlines(params, manifest, names)
        if known != told:
            # What is known only now is told to the articles that print it, whichever came first.
            again, more = _sharded(params, settings, submit, held, known)
            manifest, names = again.manifest, names | more
        telling.of_together(look_together(params, manifest, names), known)
    return published.summary, manifest.failed, manifest.articles + manifest.failed


def _sharded(
    params: Parameters, settings: Settings, submit: Submit, held: Held, told: Mapping[str, Told]
) -> tuple[Published, frozenset[str]]:
    """Plan, clean, publish, tell. Gives the names of the parts that were made, too."""
    plan = list_inputs(params, settings, told)
    progress = telling.Progress(len(plan.batches))
    clean = clean_batch.with_options(retries=params.retries)
    what = {"settings": settings, "parquet": params.parquet, "together": params.together}
    futures = [submit(clean, batch=batch, folder=params.output, **what) for batch in plan.batches]
    made = [progress.step(future.result()) for future in futures]
    publish = materialize(telling.asset(params.output), name="publish", cache_policy=NO_CACHE)(publish_run)
    published: Published = publish(params.output, plan, made, held)
    telling.of_shards(params.output, plan, made, published)
    return published, frozenset(one.name for one in made)


@task(name="know-headlines", cache_policy=NO_CACHE)
def know_headlines(params: Parameters, manifest: Manifest | None, new: Collection[str]) -> Mapping[str, Told]:
    """The headlines of other articles that articles of the output print; before a run, of the last one."""
    manifest = manifest or shards.read_manifest(params.output)
    parts = manifest.parts if manifest else ()
    with contextlib.ExitStack() as stack:
        archive = stack.enter_context(Archive(params.archive)) if params.archive else None
        if archive:
            together.keep((_seen(params, part) for part in parts if part.name in new), archive)
        return together.told((_seen(params, part) for part in parts), archive)


@task(name="look-together", cache_policy=NO_CACHE)
def look_together(params: Parameters, manifest: Manifest, new: Collection[str]) -> Together:
    """What the articles of the output show together. Lists the duplicates beside the manifest."""
    loaded = config.load(str(params.settings_file) if params.settings_file else None)
    rejected = learning.rejected(learning.rule_folder(loaded))
    found = together.decide(((_seen(params, part), part.name in new) for part in manifest.parts), rejected)
    with files.Aside(Path(params.output) / DUPLICATES) as file:
        for line in together.lines(found.duplicates):
            file.write(line)
    return found


def _seen(params: Parameters, part: Listed) -> Path:
    return part.path(Path(params.output), shards.SEEN)


@task(name="list-inputs", cache_policy=NO_CACHE)
def list_inputs(params: Parameters, settings: Settings, told: Mapping[str, Told] | None = None) -> Plan:
    """What is new or changed, in batches."""
    plan = shards.plan(
        params.output,
        find(params),
        pipeline.fingerprint(settings),
        params.batch_size,
        params.batch_bytes,
        params.prune,
        beside(params.parquet, params.together),
        told,
    )
    get_run_logger().info(plan.sentence())
    return plan


# Without a cache: parts are found by their names, and unlike a cache's results they outlive any crash.
@task(
    name="clean-batch", cache_policy=NO_CACHE, retry_delay_seconds=10, retry_condition_fn=_is_worth_retrying
)
def clean_batch(
    batch: Batch,
    folder: Place,
    settings: Settings,
    parquet: bool,
    together: bool = False,
    pool: Pool | None = None,
) -> Made:
    """Clean a batch into a part; Prefect gets its name and counts, never texts."""

    def make(is_careful: bool) -> Made:
        which = batch.careful() if is_careful else batch
        work = (which, folder, settings, beside(parquet, together), time.perf_counter)
        return pool.call(shards.make, *work) if pool else shards.make(*work)

    return _again_carefully(make)


def _again_carefully(work: Callable[[bool], T]) -> T:
    """Do it; where that costs a worker process its life, or did on an earlier try, do it carefully."""
    if task_run.run_count > 1:
        return work(True)
    try:
        return work(False)
    except WorkerDiedError:
        return work(True)


def beside(is_parquet: bool, is_together: bool = False) -> Beside:
    """What is written beside each part's articles."""
    columns: Beside = {shards.PARQUET: parquet.write} if is_parquet else {}
    return {**columns, shards.SEEN: together.write} if is_together else columns


def publish_run(place: Place, plan: Plan, made: Sequence[Made], held: Held) -> Published:
    """Let the run take effect."""
    return shards.publish(place, plan, made, held)


# --- the mirror of the inputs -----------------------------------------------------------------


def mirrored(params: Parameters, settings: Settings, submit: Submit) -> tuple[Summary, int, int]:
    """Clean into a file an input, as the command line does."""
    folder = _mirror(params)
    work = find(params)
    for left in folder.glob(".failed-*.jsonl"):  # by a run that was killed
        left.unlink()
    files.clear(outputs.folders(folder, work))
    batches = [work[at : at + params.batch_size] for at in range(0, len(work), params.batch_size)]
    progress = telling.Progress(len(batches))
    mirror = mirror_batch.with_options(retries=params.retries)
    futures = [
        submit(mirror, batch=batch, folder=folder, number=number, settings=settings)
        for number, batch in enumerate(batches)
    ]
    summary = report.merge(progress.step(future.result()) for future in futures)
    failed = [_failed_in(folder, number) for number in range(len(batches))]
    with outputs.Quarantine(folder / outputs.QUARANTINE) as quarantine:
        for path in filter(Path.exists, failed):
            quarantine.append(path)
    for path in failed:
        path.unlink(missing_ok=True)
    gone = list(outputs.orphans(folder, work))
    for path in gone if params.prune else ():
        path.unlink()
    telling.of_mirror(folder, summary, pipeline.fingerprint(settings), len(gone), params.prune)
    return summary, summary.failed, summary.articles + summary.unchanged + summary.failed


@task(
    name="mirror-batch", cache_policy=NO_CACHE, retry_delay_seconds=10, retry_condition_fn=_is_worth_retrying
)
def mirror_batch(
    batch: Sequence[Input], folder: Path, number: int, settings: Settings, pool: Pool | None = None
) -> Summary:
    """Clean a batch and write its articles; Prefect gets counts, never texts."""

    def mirror(is_careful: bool) -> Summary:
        work = (batch, folder, _failed_in(folder, number), settings, is_careful)
        return pool.call(runs.mirror, *work) if pool else runs.mirror(*work)

    return _again_carefully(mirror)


def _mirror(params: Parameters) -> Path:
    """The folder that mirrors. Raises ConfigError where there is none."""
    for place in (params.input, params.output):
        if not isinstance(place, Path):
            raise ConfigError(f"{place}: layout mirror knows folders only; hint: layout shards")
    return Path(params.output)


def _failed_in(folder: Path, number: int) -> Path:
    """Where a batch lists what failed, until the run gathers it."""
    return folder / f".failed-{number}.jsonl"
