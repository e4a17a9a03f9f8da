"""The flow `clean-articles`: a folder of scraped texts in, a folder of articles out, a report published.

It decides when and where cleaning runs, never what happens to a text: that is the library's.
"""

# No `from __future__ import annotations` here: Prefect then cannot resolve `Parameters` in served runs.
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact
from prefect.cache_policies import NO_CACHE
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner
from pydantic import BaseModel, ConfigDict, Field

from cleaners import files, outputs, report, runs
from cleaners.files import Input
from cleaners.pipeline import build, fingerprint
from cleaners.report import Summary
from cleaners.settings import ConfigError, Settings

NAME = "clean-articles"
"""Name of the flow, and key under which each run's report replaces the last one's."""

Batch: TypeAlias = Sequence[Input]


class Parameters(BaseModel):
    """What a run can be told. Prefect checks it before the run and draws its form from it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    input_folder: Path = Field(
        description="Folder of texts and records (.txt, .json, .jsonl, also .gz), at any depth."
    )
    output_folder: Path = Field(
        description="Folder that mirrors the inputs: a JSON file a text, a JSON Lines file for records."
    )
    batch_size: int = Field(
        2000, ge=1, description="Inputs a task: each task run costs Prefect as much as many texts."
    )
    without: frozenset[str] = Field(
        frozenset(), description="Rules or packs to leave out; `copydesk rules list` shows them."
    )


class AllFailedError(Exception):
    """No input gave an article, which points at the folder or the machine rather than at a text."""

    def __init__(self, summary: Summary) -> None:
        super().__init__(summary)
        self.summary = summary

    def __str__(self) -> str:
        name, reason = self.summary.problems[0]
        return f"No input could be read ({self.summary.failed:,} failed), first {name}: {reason}"


@flow(name=NAME)
def clean_articles(params: Parameters) -> Summary:
    """Clean every text of a folder, and publish what was removed and why.

    An input that cannot be read is recorded in the summary. Raises ConfigError before anything is
    written, and AllFailedError, after the report is out, when no input gave an article.
    """
    settings = Settings(without=params.without)
    batches = plan(params, settings)
    folder = params.output_folder
    with task_runner() as runner:
        parts = [
            runner.submit(
                clean_batch, {"batch": batch, "folder": folder, "number": number, "settings": settings}
            )
            for number, batch in enumerate(batches)
        ]
        summary = report.merge(part.result() for part in parts)
    failed = [_failed_in(folder, number) for number in range(len(batches))]
    outputs.gather(failed, folder / outputs.QUARANTINE)
    publish(summary)
    if summary.failed and not (summary.articles or summary.unchanged):
        raise AllFailedError(summary)
    return summary


def plan(params: Parameters, settings: Settings) -> list[Batch]:
    """The work in batches. What can be told to be wrong beforehand is, so that nothing is half done."""
    build(settings)
    folder = params.input_folder
    if not folder.is_dir():
        raise ConfigError(f"{folder}: no such folder; hint: paths are relative to {Path.cwd().name}/")
    work = files.find([str(folder)], without=params.output_folder)
    outputs.check(params.output_folder, work)
    return [work[at : at + params.batch_size] for at in range(0, len(work), params.batch_size)]


def task_runner() -> TaskRunner[Any]:
    """Where batches run: the one place to change that.

    One thread, since cleaning is plain Python and a second thread would only wait for the first.
    """
    return ThreadPoolTaskRunner(max_workers=1)


# Without a cache: the written files are what a run leaves behind, and a rerun must write them again.
@task(name="clean-batch", cache_policy=NO_CACHE)
def clean_batch(batch: Batch, folder: Path, number: int, settings: Settings) -> Summary:
    """Clean a batch and write its articles; Prefect gets counts and paths, never texts."""
    made_with = fingerprint(settings)
    failed = outputs.Quarantine(_failed_in(folder, number))
    with outputs.Folder(folder, None, made_with) as sink, failed as quarantine:
        results = runs.run(files.entries(batch), settings, sink, quarantine)
        return report.merge(result.summary for result in results)


def _failed_in(folder: Path, number: int) -> Path:
    """Where a batch lists what failed, until the run gathers it."""
    return folder / f".failed-{number}.jsonl"


def publish(summary: Summary) -> None:
    """Put the report where Prefect's users look: the run's log and its artifact."""
    logger = get_run_logger()
    for name, reason in summary.problems:
        logger.warning("%s: %s", name, reason)
    logger.info(report.sentence(summary))
    create_markdown_artifact(report.markdown(summary), key=NAME, description="What was removed, and why.")
