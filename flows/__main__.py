"""The flow from the command line: `python -m flows SEEDS -o clean/` once, `... serve ...` by the clock.

Once needs no Prefect server, a schedule does. Exit codes are those of `copydesk`: 0 done; 2 usage or
configuration; 3 some inputs failed and the rest was written; 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from cleaners.report import Summary
    from flows.parameters import Parameters

DONE, USAGE, SOME_FAILED, INTERRUPTED = 0, 2, 3, 130

ENVIRONMENT = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    # Without a server Prefect starts its own, and its 20 seconds are too few on a slow machine.
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
}
"""What Prefect reads while it is imported; whatever the user has set goes before."""
ONCE = ENVIRONMENT | {
    # Only the console: a server that is there still gets the whole log.
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
}


class _Commands(click.Group):
    """`run` is what is meant where no command is named."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        is_named = bool(args) and (args[0] in self.commands or args[0] in ctx.help_option_names)
        return super().parse_args(ctx, args if is_named or not args else ["run", *args])


_OPTIONS = (
    click.argument("folder"),
    click.option(
        "-o",
        "--output",
        required=True,
        metavar="DIR|URL",
        help="Gets the articles.",
    ),
    click.option(
        "--glob", default="*", show_default=True, help="Which inputs, by their path below the folder."
    ),
    click.option("--together", is_flag=True, help="With shards: look at what articles show together."),
    click.option(
        "--archive", type=click.Path(path_type=Path), metavar="FILE", help="With --together: share headlines."
    ),
    click.option("--parquet", is_flag=True, help="With shards: each also as Parquet."),
    click.option("--prune", is_flag=True, help="Articles whose input is gone go too."),
    click.option("--batch-size", type=click.IntRange(min=1), help="Inputs a task.  [default: 2000]"),
    click.option("--fail-above", type=click.FloatRange(0, 1), help="Share of failed inputs.  [default: 0.5]"),
    click.option(
        "--runner",
        type=click.Choice(["sequential", "threads", "processes", "dask", "ray"]),
        help="Where batches are cleaned; the output is the same.",
    ),
    click.option("--workers", type=click.IntRange(min=1), help="Of the runner."),
    click.option("--address", help="Of a Dask scheduler or a Ray head; else a local one is started."),
    click.option("--config", metavar="FILE", help="Settings file; else the nearest copydesk.toml."),
    click.option(
        "--without", multiple=True, metavar="RULE", help="Leave a rule or a pack out. May be repeated."
    ),
)


F = TypeVar("F", bound=Callable[..., Any])


def _options(command: F) -> F:
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def _layout(default: str) -> Callable[[F], F]:
    return click.option(
        "--layout",
        type=click.Choice(["shards", "mirror"]),
        default=default,
        show_default=True,
        help="shards: JSON Lines and a manifest; mirror: one JSON an article, like the inputs.",
    )


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Clean a folder (or URL) of texts as a Prefect flow: once, or by the clock."""


@main.command("run")
@_options
@_layout("mirror")
def once(**options: Any) -> None:
    """Clean a folder once; no server is needed."""
    summary = _careful(lambda: run(options))
    tell(summary, options["folder"])
    sys.exit(SOME_FAILED if summary.failed else DONE)


@main.command()
@_options
@_layout("shards")
@click.option("--cron", default="0 * * * *", show_default=True, help="When; UTC.")
@click.option("--name", default="clean-articles", show_default=True, help="Of the deployment.")
def serve(cron: str, name: str, **options: Any) -> None:
    """Clean a folder by the clock, until stopped. Needs a running Prefect server (PREFECT_API_URL)."""
    _careful(lambda: _serve(cron, name, options))


def _careful(work: Callable[[], Any]) -> Any:
    """Do it; what goes wrong is said in a line."""
    from cleaners.settings import ConfigError

    try:
        return work()
    except ConfigError as error:
        click.echo(f"copydesk: {error}", err=True)
        sys.exit(USAGE)
    except KeyboardInterrupt:
        click.echo("copydesk: interrupted", err=True)
        sys.exit(INTERRUPTED)


def run(options: dict[str, Any]) -> Summary:
    """Run the flow; a run in which too much failed still has a summary."""
    os.environ.update(ONCE | os.environ)
    if sys.stderr.isatty():
        click.echo("Starting Prefect, which takes a while ...", err=True)
    from flows.clean_articles import TooManyFailedError, clean_articles

    try:
        return clean_articles(_parameters(options))
    except TooManyFailedError as error:
        return error.summary


def _serve(cron: str, name: str, options: dict[str, Any]) -> None:
    os.environ.update(ENVIRONMENT | os.environ)
    from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
    from prefect.settings import PREFECT_API_URL
    from prefect.types.entrypoint import EntrypointType

    from cleaners.settings import ConfigError
    from flows.clean_articles import clean_articles, load

    if not PREFECT_API_URL.value():
        raise ConfigError(
            "a schedule needs a Prefect server; hint: `prefect server start` in another terminal, then "
            "`export PREFECT_API_URL=http://127.0.0.1:4200/api` in this one"
        )
    params = _parameters(options, absolute=True)
    load(params)
    clean_articles.serve(
        name=name,
        cron=cron,
        parameters={"params": params.model_dump(mode="json")},
        # What is late is not made up for: the next run finds whatever is new.
        global_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW),
        entrypoint_type=EntrypointType.MODULE_PATH,
    )


def _parameters(options: dict[str, Any], absolute: bool = False) -> Parameters:
    """The parameters that the options ask for; what was not given is left at its default."""
    from cleaners.remote import is_url
    from flows.parameters import Parameters

    names = {"folder": "input", "config": "settings_file"}
    given = {names.get(name, name): value for name, value in options.items() if value is not None}
    runner = {
        name: given.pop(option)
        for name, option in (("kind", "runner"), ("workers", "workers"), ("address", "address"))
        if option in given
    }
    for name in ("input", "output", "settings_file", "archive") if absolute else ():
        if name in given and not is_url(given[name]):
            given[name] = Path(given[name]).resolve()
    return Parameters.model_validate(given | {"runner": runner, "without": frozenset(given["without"])})


def tell(summary: Summary, folder: str) -> None:
    """What failed, and the run in one line."""
    from cleaners import files, report

    for name, reason in summary.problems:
        click.echo(f"copydesk: {report.visible(f'{name}: {reason}')}", err=True)
    if not (summary.articles or summary.unchanged or summary.failed):
        click.echo(f"copydesk: {folder}: no {', '.join(files.SUFFIXES)} files there", err=True)
    click.echo(report.sentence(summary))


if __name__ == "__main__":
    main(prog_name="python -m flows")
