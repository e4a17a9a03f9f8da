"""Run the flow once, with or without a Prefect server: `python -m flows SEEDS -o clean/`.

Exit codes are those of `copydesk`: 0 done; 2 usage or configuration; 3 some inputs failed and the rest
was written; 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from cleaners.report import Summary

DONE, USAGE, SOME_FAILED, INTERRUPTED = 0, 2, 3, 130

ENVIRONMENT = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    # Only the console: a server that is there still gets the whole log.
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    # Without a server Prefect starts its own, and its 20 seconds are too few on a slow machine.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
}
"""What Prefect reads while it is imported; whatever the user has set goes before."""


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Gets one JSON an article, mirroring the inputs.",
)
@click.option(
    "--batch-size",
    default=2000,
    show_default=True,
    type=click.IntRange(min=1),
    help="Inputs a task.",
)
@click.option("--without", multiple=True, metavar="RULE", help="Leave a rule or a pack out. May be repeated.")
def main(folder: Path, output: Path, batch_size: int, without: tuple[str, ...]) -> None:
    """Clean a folder of text files as a Prefect flow, once."""
    from cleaners.settings import ConfigError

    try:
        summary = run(folder, output, batch_size, without)
    except ConfigError as error:
        click.echo(f"copydesk: {error}", err=True)
        sys.exit(USAGE)
    except KeyboardInterrupt:
        click.echo("copydesk: interrupted", err=True)
        sys.exit(INTERRUPTED)
    tell(summary, folder)
    sys.exit(SOME_FAILED if summary.failed else DONE)


def run(folder: Path, output: Path, batch_size: int, without: tuple[str, ...]) -> Summary:
    """Run the flow; a run that failed because every input did still has a summary."""
    os.environ.update(ENVIRONMENT | os.environ)
    if sys.stderr.isatty():
        click.echo("Starting Prefect, which takes a while ...", err=True)
    from flows.clean_articles import AllFailedError, Parameters, clean_articles

    params = Parameters(
        input_folder=folder,
        output_folder=output,
        batch_size=batch_size,
        without=frozenset(without),
    )
    try:
        return clean_articles(params)
    except AllFailedError as error:
        return error.summary


def tell(summary: Summary, folder: Path) -> None:
    """What failed, and the run in one line."""
    from cleaners import files, report

    for name, reason in summary.problems:
        click.echo(f"copydesk: {name}: {reason}", err=True)
    if not (summary.articles or summary.unchanged or summary.failed):
        click.echo(f"copydesk: {folder}: no {', '.join(files.SUFFIXES)} files there", err=True)
    click.echo(report.sentence(summary))


if __name__ == "__main__":
    main(prog_name="python -m flows")
