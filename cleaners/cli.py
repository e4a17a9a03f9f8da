"""The command line: arguments in, exit codes out. It takes no decision about text.

Exit codes: 0 done; 2 usage or configuration; 3 some inputs failed and the rest was written; 1 findings
with --check; 130 interrupted. The first that applies, in the order 2, 3, 1.

Only click is imported before a command runs: `--help` answers at once.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Self

import click

if TYPE_CHECKING:
    from pathlib import Path

    from cleaners.article import Article
    from cleaners.files import Input, Outcome
    from cleaners.report import Summary
    from cleaners.settings import Settings

DONE, FINDINGS, USAGE, SOME_FAILED, INTERRUPTED = 0, 1, 2, 3, 130


def main(arguments: list[str] | None = None) -> int:
    """Run the command line and end the process with its exit code."""
    code = run(arguments)
    sys.exit(code)


def run(arguments: list[str] | None = None) -> int:
    """Run the command line and return its exit code. Whatever goes wrong is said in one line."""
    try:
        code = cli.main(arguments, prog_name="copydesk", standalone_mode=False)
        sys.stdout.flush()
        return code if isinstance(code, int) else DONE
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        error.show()
        return USAGE
    except (click.Abort, KeyboardInterrupt):
        click.echo("copydesk: interrupted", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough. Python would complain again when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except ValueError as error:
        if type(error).__name__ not in ("ConfigError", "RuleError"):
            raise
        click.echo(f"copydesk: {error}", err=True)
        return USAGE


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    help="Show the version.",
    callback=lambda c, _, v: _version(c, v),
)
def cli() -> None:
    """The last desk a scraped news story passes: strips residue, repairs encoding, keeps a record."""


def _version(context: click.Context, asked: bool) -> None:
    if asked and not context.resilient_parsing:
        from cleaners.article import VERSION

        click.echo(f"copydesk {VERSION}")
        context.exit()


_PATHS = click.argument("paths", nargs=-1, required=True, metavar="PATH...")
_WITHOUT = click.option(
    "--without", multiple=True, metavar="RULE", help="Leave a rule or a pack out. May be repeated."
)
_MAX_RISK = click.option(
    "--max-risk",
    type=float,
    metavar="SHARE",
    help="Highest probability of being article, 0 to 1, that a line may have which only its look condemns.",
)
_CHECK = click.option("--check", is_flag=True, help="Write nothing; exit 1 if anything would change.")
_QUIET = click.option("-q", "--quiet", is_flag=True, help="No summary on stderr.")


@cli.command()
@_PATHS
@click.option(
    "-o",
    "--output",
    default="-",
    metavar="DIR|FILE|-",
    help="A folder gets one JSON an article, mirroring the inputs; a .jsonl file or - gets JSON Lines.",
    show_default=True,
)
@_WITHOUT
@_MAX_RISK
@_CHECK
@_QUIET
def clean(
    paths: tuple[str, ...],
    output: str,
    without: tuple[str, ...],
    max_risk: float | None,
    check: bool,
    quiet: bool,
) -> int:
    """Clean text files, folders, globs, or - for standard input."""
    from cleaners import files, report

    settings, inputs, started = _settings(without, max_risk), files.find(paths), time.monotonic()
    with _Discard() if check else _writer(output, inputs) as write:
        outcomes = _with_progress(files.clean_inputs(inputs, settings), len(inputs), quiet)
        summary = report.merge(_take(outcome, write) for outcome in outcomes)
    if not quiet:
        took = time.monotonic() - started
        click.echo(f"{report.sentence(summary)}; {took:.1f} s", err=True)
    return _code(summary, check)


@cli.command()
@_PATHS
@_WITHOUT
@_MAX_RISK
@_CHECK
def preview(paths: tuple[str, ...], without: tuple[str, ...], max_risk: float | None, check: bool) -> int:
    """Show what cleaning would change, and why. Writes nothing."""
    from rich.console import Console

    from cleaners import files, report
    from cleaners.read import decode

    console = Console(highlight=False, markup=False, emoji=False)
    settings = _settings(without, max_risk)

    def draw(outcome: Outcome) -> Summary:
        if outcome.article and outcome.data is not None:
            report.preview(outcome.article, decode(outcome.data).text, console)
        return _take(outcome, _Discard())

    summary = report.merge(map(draw, files.clean_inputs(files.find(paths), settings)))
    if summary.articles > 1:
        console.print(report.sentence(summary), soft_wrap=True)
    return _code(summary, check)


@cli.command()
@click.argument("article", metavar="ARTICLE")
@click.option("-o", "--output", default="-", metavar="FILE|-", help="Where the bytes go.")
def restore(article: str, output: str) -> None:
    """Give back the bytes an article JSON was made from."""
    from pathlib import Path

    from cleaners import files
    from cleaners.article import Article
    from cleaners.ledger import restore as restored

    try:
        data = sys.stdin.buffer.read() if article == "-" else Path(article).read_bytes()
        source = restored(Article.from_json(data))
    except OSError as error:
        raise click.UsageError(f"{article}: {error.strerror}") from error
    except ValueError as error:
        raise click.UsageError(
            f"{article}: not an article: {error}; hint: one article a file, as `clean -o DIR` writes it"
        ) from error
    if output == "-":
        sys.stdout.buffer.write(source)
    else:
        files.write_aside(Path(output), source)


@cli.command()
def schema() -> None:
    """Print the JSON Schema of the articles."""
    import msgspec

    from cleaners.article import json_schema

    click.echo(msgspec.json.format(msgspec.json.encode(json_schema()), indent=2))


@cli.group()
def rules() -> None:
    """List, show and test the rules."""


@rules.command("list")
@click.option("--markdown", is_flag=True, help="With languages, place, example and near miss.")
def rules_list(markdown: bool) -> None:
    """Every rule with its reason."""
    from cleaners.pipeline import known_rules

    known = known_rules()
    if markdown:
        from cleaners import rulebook

        click.echo(rulebook.catalogue(rulebook.load_rules(), known), nl=False)
        return
    width = max(map(len, known))
    for name, why in sorted(known.items()):
        click.echo(f"{name:{width}}  {why}")


@rules.command("show")
@click.argument("rule_id", metavar="ID")
def rules_show(rule_id: str) -> None:
    """One rule: what it recognizes, and its example."""
    from cleaners import rulebook
    from cleaners.pipeline import known_rules

    found = {rule.id: rule for rule in rulebook.load_rules()}.get(rule_id)
    if found:
        click.echo(rulebook.describe(found), nl=False)
    elif rule_id in (known := known_rules()):
        click.echo(f"{rule_id}: {known[rule_id]} (a rule in code)")
    else:
        from difflib import get_close_matches

        near = get_close_matches(rule_id, sorted(known), n=1)
        hint = f"did you mean {near[0]!r}?" if near else "`copydesk rules list` shows them all"
        raise click.UsageError(f"there is no rule {rule_id!r}; {hint}")


@rules.command("test")
def rules_test() -> int:
    """Let every rule prove its example, alone and among all."""
    from cleaners import matching, rulebook

    every = rulebook.load_rules()
    all_rules = matching.strip_boilerplate(every)
    problems = [p for rule in every for strip in (None, all_rules) for p in rulebook.check(rule, strip)]
    for line in dict.fromkeys(problems):
        click.echo(line, err=True)
    click.echo(f"{len(every)} rules, {len(dict.fromkeys(problems))} problems")
    return USAGE if problems else DONE


# --- what commands share ----------------------------------------------------------------------


def _settings(without: tuple[str, ...], max_risk: float | None = None) -> Settings:
    from cleaners.pipeline import build
    from cleaners.settings import Settings

    settings = Settings(without=frozenset(without))
    if max_risk is not None:
        settings = Settings(without=settings.without, max_risk=max_risk)
    build(settings)  # a bad rule or setting stops here, before any input is read
    return settings


def _take(outcome: Outcome, write: _Discard) -> Summary:
    """Write one outcome; a failure is said at once and counted."""
    from cleaners import report

    if outcome.article is None:
        reason = outcome.problem or "unknown"
        click.echo(f"copydesk: {outcome.input.path}: {reason}", err=True)
        return report.problem(outcome.input.path, reason)
    write(outcome.input, outcome.article)
    return report.summarize(outcome.article)


def _code(summary: Summary, check: bool) -> int:
    if summary.problems:
        return SOME_FAILED
    if check and (summary.removed or summary.moved or summary.repaired):
        return FINDINGS
    return DONE


def _with_progress(outcomes: Iterator[Outcome], total: int, quiet: bool) -> Iterator[Outcome]:
    """On a terminal, say how far it is once the work has taken a second."""
    shown, started = quiet or not sys.stderr.isatty(), time.monotonic()
    said = False
    for number, outcome in enumerate(outcomes, 1):
        if not shown and time.monotonic() - started > 1:
            click.echo(f"\r{number:,} of {total:,} articles", nl=False, err=True)
            said = True
        yield outcome
    if said:
        click.echo("\r\x1b[K", nl=False, err=True)


class _Discard:
    """Where articles go; this one keeps nothing."""

    def __enter__(self) -> Self:
        return self

    def __call__(self, item: Input, article: Article) -> None:
        return

    def __exit__(self, *error: Any) -> None:
        return


class _Folder(_Discard):
    """One JSON file an article."""

    def __init__(self, folder: Path, inputs: list[Input]) -> None:
        from cleaners import files

        self.paths = files.output_paths(inputs, folder)
        self.write = files.write_article

    def __call__(self, item: Input, article: Article) -> None:
        self.write(self.paths[item], article)


class _Stdout(_Discard):
    """JSON Lines on standard output."""

    def __call__(self, item: Input, article: Article) -> None:
        sys.stdout.buffer.write(article.to_json() + b"\n")


class _Lines(_Discard):
    """JSON Lines in one file, which appears when it is whole."""

    def __init__(self, path: Path) -> None:
        from cleaners import files

        self.target = files.Aside(path)

    def __call__(self, item: Input, article: Article) -> None:
        self.target.write(article.to_json() + b"\n")

    def __exit__(self, *error: Any) -> None:
        self.target.__exit__(*error)


def _writer(output: str, inputs: list[Input]) -> _Discard:
    from pathlib import Path

    if output == "-":
        return _Stdout()
    path = Path(output)
    if path.is_dir() or not (path.is_file() or path.suffix in (".json", ".jsonl")):
        return _Folder(path, inputs)
    return _Lines(path)
