"""The command line: arguments in, exit codes out. It takes no decision about text.

Exit codes: 0 done; 2 usage or configuration; 3 some inputs failed and the rest was written; 1 findings
with --check; 130 interrupted. The first that applies, in the order 2, 3, 1.

Only click is imported before a command runs: `--help` answers at once.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import click

if TYPE_CHECKING:
    from collections import Counter
    from pathlib import Path

    from cleaners.config import Config
    from cleaners.files import Entry, Input, InputFormat, Problem
    from cleaners.learning import Survey
    from cleaners.outputs import Format, Sink
    from cleaners.read import Source
    from cleaners.report import Summary
    from cleaners.runs import Pool, Result
    from cleaners.settings import Fields, RuleFile, Settings
    from cleaners.spool import Spool

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
    except OSError as error:
        # A disk that is full, a folder that may not be written to. What was written before is whole.
        where = f"{error.filename}: " if error.filename else ""
        click.echo(f"copydesk: {where}{error.strerror or error}; hint: what was written is whole", err=True)
        return USAGE
    except ValueError as error:
        if type(error).__name__ not in ("ConfigError", "RuleError"):
            raise
        from cleaners.report import visible  # a settings file may hold what steers a terminal

        click.echo(f"copydesk: {visible(str(error))}", err=True)
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
_CONFIG = click.option(
    "--config",
    metavar="FILE",
    help="Settings file; else the nearest copydesk.toml, or pyproject.toml with [tool.copydesk].",
)
_SET = click.option("--set", "sets", multiple=True, metavar="KEY=VALUE", help="One setting. May be repeated.")
_MAX_RISK = click.option(
    "--max-risk",
    type=float,
    metavar="SHARE",
    help="Highest probability of being article, 0 to 1, that a line may have which only its look condemns.",
)
_CHECK = click.option("--check", is_flag=True, help="Write nothing; exit 1 if anything would change.")
_QUIET = click.option("-q", "--quiet", is_flag=True, help="No summary on stderr.")


_FORMAT = click.option(
    "--format",
    "form",
    type=click.Choice(["json", "jsonl", "text"]),
    help="json: indented; jsonl: one a line; text: the cleaned text alone. Default: by output and input.",
)
_INPUT_FORMAT = click.option(
    "--input-format",
    type=click.Choice(["text", "json", "jsonl", "csv"]),
    help="What the inputs are. Default: by suffix (.gz aside), and of standard input by its first lines.",
)
_WORKERS = click.option(
    "-j",
    "--workers",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="Processes that clean; 0: as many as there are processors. The output is the same.",
)


FIELDS = ("text", "title", "date", "authors", "url", "id")


def _fields(command: Any) -> Any:
    """The options that say which field of a record holds what."""
    for name in reversed(FIELDS):
        option = click.option(f"--{name}-field", metavar="NAME", help=f"Field of a record with its {name}.")
        command = option(command)
    return command


@cli.command()
@_PATHS
@click.option(
    "-o",
    "--output",
    default="-",
    metavar="DIR|FILE|-",
    help="A folder mirrors the inputs; a .jsonl, .json or .txt file (.gz too) or - gets all in one.",
    show_default=True,
)
@_FORMAT
@_INPUT_FORMAT
@_fields
@_WITHOUT
@_MAX_RISK
@_CONFIG
@_SET
@_WORKERS
@click.option(
    "--archive", metavar="FILE", help="Know the headlines of other articles, in all runs with this file."
)
@click.option(
    "--dedup",
    type=click.Choice(["annotate", "drop", "report"]),
    help="Find duplicates: say so in the articles, leave them out, or list them on standard error.",
)
@click.option("--window", type=click.IntRange(min=0), metavar="DAYS", help="Most days between duplicates.")
@click.option("--exact", is_flag=True, help="Only equal texts are duplicates: in a tenth of the memory.")
@click.option("--again", is_flag=True, help="Clean unchanged inputs too.")
@click.option("--quarantine", metavar="FILE", help="Where what fails is listed. Default: beside the output.")
@click.option("--summary", "summary_file", metavar="FILE", help="Write the run's figures as JSON.")
@_CHECK
@_QUIET
def clean(paths: tuple[str, ...], **options: Any) -> int:
    """Clean texts and records: files, folders, globs, - for standard input.

    A folder gives its .txt, .json and .jsonl files (.gz too); tables (.csv, .tsv) are named.

    Inputs that an earlier run cleaned with the same version, rules and settings are passed over.
    """
    settings = _settings(**_chosen(options))
    return _clean(paths, settings, _Options(**options))


@cli.command()
@_PATHS
@_INPUT_FORMAT
@_fields
@_WITHOUT
@_MAX_RISK
@_CONFIG
@_SET
@_CHECK
def preview(
    paths: tuple[str, ...],
    input_format: InputFormat | None,
    check: bool,
    **options: Any,
) -> int:
    """Show what cleaning would change, and why. Writes nothing."""
    from rich.console import Console

    from cleaners import files, report, runs
    from cleaners.pipeline import clean_source
    from cleaners.read import decode

    console = Console(highlight=False, markup=False, emoji=False)
    settings = _settings(**_chosen(options))
    parts = []
    for entry in files.entries(files.find(paths), input_format):
        source = runs.attempt(entry, partial(files.source_of, entry, settings.fields))
        if isinstance(source, files.Problem):
            _say_problem(entry.label, source)
            parts.append(report.problem(entry.label, source.reason))
        else:
            article = clean_source(source, settings)
            report.preview(article, decode(source.data).text, entry.number, console)
            parts.append(report.summarize(article))
    summary = report.merge(parts)
    if len(parts) > 1:
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
@_CONFIG
@_SET
def rules_list(markdown: bool, config: str | None, sets: tuple[str, ...]) -> None:
    """Every rule with its reason."""
    from cleaners.pipeline import known_rules

    files = _rule_files(config, sets)
    known = known_rules(files)
    if markdown:
        from cleaners import rulebook

        click.echo(rulebook.catalogue(rulebook.load_rules(files), known), nl=False)
        return
    width = max(map(len, known))
    for name, why in sorted(known.items()):
        click.echo(f"{name:{width}}  {why}")


@rules.command("show")
@click.argument("rule_id", metavar="ID")
@_CONFIG
@_SET
def rules_show(rule_id: str, config: str | None, sets: tuple[str, ...]) -> None:
    """One rule: what it recognizes, and its example."""
    from cleaners import rulebook
    from cleaners.pipeline import known_rules
    from cleaners.settings import nearest

    files = _rule_files(config, sets)
    found = {rule.id: rule for rule in rulebook.load_rules(files)}.get(rule_id)
    if found:
        click.echo(rulebook.describe(found), nl=False)
    elif rule_id in (known := known_rules(files)):
        click.echo(f"{rule_id}: {known[rule_id]} (a rule in code)")
    else:
        near = nearest(rule_id, known)
        hint = f"did you mean {near!r}?" if near else "`copydesk rules list` shows them all"
        raise click.UsageError(f"there is no rule {rule_id!r}; {hint}")


@rules.command("test")
@click.argument("folders", nargs=-1, metavar="[FOLDER...]")
@_CONFIG
@_SET
def rules_test(folders: tuple[str, ...], config: str | None, sets: tuple[str, ...]) -> int:
    """Let every rule prove its example, alone and among all.

    With rule folders or files: theirs, and how they get on with the rules of copydesk.
    """
    from pathlib import Path

    from cleaners import rulebook
    from cleaners.config import read_rules

    if folders:
        files = read_rules(map(Path, folders), "rules test")
    else:
        files = _rule_files(config, sets, rulebook.gather)
    every = rulebook.gather(files)
    own = every[: len(every) - len(rulebook.load_rules())]
    problems = rulebook.prove(every, own, time.process_time)
    for line in problems:
        click.echo(line, err=True)
    counted = (len(own if folders else every), "rule"), (len(problems), "problem")
    click.echo(", ".join(f"{count} {thing}{'' if count == 1 else 's'}" for count, thing in counted))
    return USAGE if problems else DONE


# "-:5" is a target, too; what is no option is then said to be no file.
@cli.command(context_settings={"ignore_unknown_options": True})
@click.argument("target", metavar="FILE[:N]")
@_INPUT_FORMAT
@_fields
@click.option("--url", help="Where the text is from: rules and switches for its site apply.")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@_WITHOUT
@_MAX_RISK
@_CONFIG
@_SET
def explain(
    target: str, input_format: InputFormat | None, url: str | None, as_json: bool, **options: Any
) -> None:
    """Why each block of a text, or the one on line N, stands or goes; or those of record N.

    Of every block: its role, the rules that decided or were not sure enough, those that came too late or
    were left out, and those that lack one condition, with the condition.
    """
    import msgspec
    from rich.console import Console

    from cleaners import report
    from cleaners.explaining import explain as explained

    settings = _settings(**_chosen(options))
    source, line = _target(target, input_format, settings.fields)
    source = source._replace(url=url or source.url)
    told = explained(source, settings=settings, line=line)
    if line is not None and not told.blocks:
        raise _nothing_there(source, line, target)
    if as_json:
        sys.stdout.buffer.write(msgspec.json.format(told.to_json(), indent=1) + b"\n")
    else:
        report.explanation(told, Console(highlight=False, markup=False, emoji=False))


def _target(target: str, form: InputFormat | None, fields: Fields) -> tuple[Source, int | None]:
    """The source that FILE[:N] names: record N of a file of records; else the text, and line N of it."""
    from pathlib import Path

    from cleaners import files, runs

    path, _, number = target.rpartition(":")
    if not (path and number.isdecimal()) or Path(target).exists():
        path, number = target, ""
    if path != files.STDIN and (not Path(path).exists() or Path(path).is_dir()):
        raise click.UsageError(f"{path}: no such file; hint: name a file, or - for standard input")
    wanted = int(number) if number else None
    entry = _entry(files.entries([files.Input(path, Path(path).name)], form), path, wanted)
    source = runs.attempt(entry, partial(files.source_of, entry, fields))
    if isinstance(source, files.Problem):
        raise click.UsageError(f"{entry.label}: {source}")
    return source, wanted if entry.number is None else None


def _entry(entries: Iterable[Entry], path: str, number: int | None) -> Entry:
    """The entry of that number; the only one where entries have none."""
    for entry in entries:
        if entry.number in (None, number):
            return entry
        if number is None:
            raise click.UsageError(f"{path}: it holds records; hint: name one, as in {path}:{entry.number}")
    raise click.UsageError(f"{path}: there is no record {number}; hint: they are counted from 1")


def _nothing_there(source: Source, line: int, target: str) -> click.UsageError:
    from cleaners.explaining import lines_with_text

    nearest = sorted(lines_with_text(source), key=lambda first: abs(first - line))[:2]
    near = " and ".join(map(str, sorted(nearest)))
    hint = f"the nearest text is on line {near}" if near else "there is no text at all"
    return click.UsageError(f"{target}: there is nothing on line {line}; hint: {hint}")


@cli.command()
@_PATHS
@_INPUT_FORMAT
@_fields
@click.option("--site", default="", metavar="HOST", help="Only this site; texts without a URL are from it.")
@click.option("--accept", multiple=True, metavar="ID", help="Write this proposal as a rule. May be repeated.")
@click.option("--reject", multiple=True, metavar="ID", help="Remember that its lines are part of the story.")
@click.option("--auto", is_flag=True, help="Accept all that are frequent, at the edges, and uncontradicted.")
@click.option("--into", metavar="DIR", help="Rule folder to write to. Default: the first of the settings.")
@_WORKERS
@_WITHOUT
@_CONFIG
@_SET
def learn(paths: tuple[str, ...], **options: Any) -> int:
    """Propose rules for lines that recur over the pages of a site; write those that are accepted."""
    config = _configured(**_chosen(options))
    return _learn(paths, config, _Learning(**options))


@cli.command()
@click.option("--show-origin", is_flag=True, help="Say behind each setting where it comes from.")
@_WITHOUT
@_CONFIG
@_SET
def config(show_origin: bool, without: tuple[str, ...], config: str | None, sets: tuple[str, ...]) -> None:
    """Print the settings in force as a settings file."""
    from cleaners.config import load, to_toml

    click.echo(to_toml(load(config, sets, _given(without)), show_origin), nl=False)


# --- what commands share ----------------------------------------------------------------------


class _Options(NamedTuple):
    """What `clean` was asked for, its settings aside."""

    output: str
    form: Format | None
    input_format: InputFormat | None
    workers: int
    archive: str | None
    dedup: str | None
    window: int | None
    exact: bool
    again: bool
    quarantine: str | None
    summary_file: str | None
    check: bool
    quiet: bool


def _clean(paths: tuple[str, ...], settings: Settings, options: _Options) -> int:
    from pathlib import Path

    from cleaners import files, outputs, report, runs

    started = time.monotonic()
    folder = Path(options.output) if options.output != "-" else None
    inputs = files.find(paths, without=folder)
    listed = Path(options.quarantine) if options.quarantine else outputs.quarantine_path(options.output)
    entries = files.entries(inputs, options.input_format)
    written: set[tuple[str, str, str]] = set()
    with contextlib.ExitStack() as stack:
        pool = stack.enter_context(runs.Pool(options.workers or runs.cores()))
        seen = None
        if options.archive or options.dedup:
            from cleaners import learning, spool

            kept = stack.enter_context(spool.Spool(None if options.check else folder))
            seen = _survey(inputs, settings, options, pool, kept)
            entries = learning.annotated(entries, seen, options.dedup, kept)
        told = _Telling(options.quiet, listed, settings)
        sink = stack.enter_context(_sink(inputs, settings, options))
        quarantine = stack.enter_context(outputs.Quarantine(None if options.check else listed))
        results = runs.run(map(told.mapping, entries), settings, sink, quarantine, pool)
        results = learning.noted(results, sink, written) if seen else results
        summary = report.merge(told.result(result).summary for result in results)
    if seen and options.archive and not options.check:
        _clean_again(options, settings, seen, written)
    told.end(summary, time.monotonic() - started)
    if not options.quiet:
        told.passed_over(files.passed_over(paths, without=folder))
    if options.summary_file:
        files.write_aside(Path(options.summary_file), report.to_json(summary))
    return _code(summary, options.check)


def _sink(inputs: Sequence[Input], settings: Settings, options: _Options) -> Sink:
    """Where articles go."""
    from cleaners import outputs, pipeline

    made_with = None if options.again else pipeline.fingerprint(settings)
    if options.check:
        return outputs.Sink()
    return outputs.sink_for(options.output, options.form, inputs, made_with)


def _survey(
    inputs: Sequence[Input], settings: Settings, options: _Options, pool: Pool, kept: Spool
) -> Survey:
    """A first look at all inputs, where what one says of another matters. What is made of them is kept."""
    from pathlib import Path

    from cleaners import files, learning, report
    from cleaners.archive import Archive

    if any(item.path == files.STDIN for item in inputs):
        raise click.UsageError("standard input can be read once only; hint: --archive and --dedup want files")
    entries = files.entries(inputs, options.input_format)
    with contextlib.ExitStack() as stack:
        archive = stack.enter_context(Archive(Path(options.archive))) if options.archive else None
        near = not options.exact
        seen = learning.survey(entries, settings, archive, pool, options.window, near, kept)
    for line in learning.told(seen) if options.dedup == "report" else ():
        click.echo(report.visible(line), err=True)
    return seen


def _clean_again(
    options: _Options, settings: Settings, seen: Survey, written: Iterable[tuple[str, str, str]]
) -> None:
    """Clean articles of earlier runs again that print a headline of this one."""
    from pathlib import Path

    from cleaners import again, report
    from cleaners.archive import Archive

    with Archive(Path(options.archive or "")) as archive:
        archive.wrote(written, seen.ids)
        done, left = again.clean_again(archive, settings, options.input_format)
    said = (done, "cleaned again"), (left, "could not be cleaned again where they are: do it")
    for names, what in said:
        if names and not options.quiet:
            named = f"{', '.join(names[:MOST_SAID])}{' ...' if len(names) > MOST_SAID else ''}"
            line = f"{len(names):,} earlier articles print headlines known now, and {what}: {named}"
            click.echo(f"copydesk: {report.visible(line)}", err=True)


class _Learning(NamedTuple):
    """What `learn` was asked for, its settings aside."""

    input_format: InputFormat | None
    site: str
    accept: tuple[str, ...]
    reject: tuple[str, ...]
    auto: bool
    into: str | None
    workers: int


def _learn(paths: tuple[str, ...], config: Config, options: _Learning) -> int:
    from cleaners import files, learning, report, runs, templates
    from cleaners.settings import bare_host

    folder = learning.rule_folder(config, options.into)
    if folder is None and (options.accept or options.reject or options.auto):
        raise click.UsageError(
            'no rule folder to write to; hint: --into rules, and rules = ["rules"] in copydesk.toml'
        )
    site = bare_host(options.site)
    inputs = files.find(paths)
    entries = files.entries(inputs, options.input_format)
    if all(item.path != files.STDIN for item in inputs):  # which can be read once only
        marks = learning.chosen(entries, config.settings, site)
        entries = learning.among(files.entries(inputs, options.input_format), marks)
    stats = learning.observe(entries, config.settings, site, options.workers or runs.cores())
    if site:
        stats = {host: seen for host, seen in stats.items() if host == site}
    proposals = templates.decide(stats, learning.rejected(folder))
    accepted = learning.choose(proposals, options.accept)
    rejected = learning.choose(proposals, options.reject)
    if options.auto:
        accepted += [p for p in proposals if p.is_sure and p not in (*accepted, *rejected)]
    if accepted or rejected:
        assert folder is not None
        for path in (*learning.accept(folder, accepted), *learning.reject(folder, rejected)):
            click.echo(f"written: {path}")
    else:
        for proposal in proposals:
            for line in templates.describe(proposal):
                click.echo(report.visible(line))
        seen = sum(map(len, stats.values()))
        click.echo(f"{len(proposals)} proposed, from {seen:,} documents of {len(stats):,} sites", err=True)
    return DONE


_SETTINGS = ("without", "config", "sets")


def _chosen(options: dict[str, Any]) -> dict[str, Any]:
    """Takes what is about settings out of a command's options."""
    fields = {name: field for name in FIELDS if (field := options.pop(f"{name}_field"))}
    chosen = {name: options.pop(name) for name in _SETTINGS}
    return chosen | {"max_risk": options.pop("max_risk", None), "fields": fields}


def _settings(**chosen: Any) -> Settings:
    """The settings in force. What cannot be used stops here, before any input is read."""
    return _configured(**chosen).settings


def _configured(
    without: tuple[str, ...],
    max_risk: float | None,
    config: str | None,
    sets: tuple[str, ...],
    fields: Mapping[str, str],
) -> Config:
    """The same, with where each setting comes from."""
    from cleaners.config import load

    return load(config, sets, _given(without, max_risk, fields))


def _rule_files(
    config: str | None, sets: tuple[str, ...], ready: Callable[..., object] | None = None
) -> tuple[RuleFile, ...]:
    """The user's rules; nothing is compiled for it."""
    from cleaners.config import load
    from cleaners.rulebook import load_rules

    ready = ready or load_rules
    return load(config, sets, ready=lambda settings: ready(settings.rules)).settings.rules


def _given(
    without: tuple[str, ...], max_risk: float | None = None, fields: Mapping[str, str] | None = None
) -> dict[str, Any]:
    """Settings that have an option of their own, where it was used."""
    chosen: dict[str, Any] = {f"fields.{name}": field for name, field in (fields or {}).items()}
    chosen |= {} if max_risk is None else {"max_risk": max_risk}
    return chosen | ({"without": list(without)} if without else {})


def _say_problem(label: str, problem: Problem) -> None:
    from cleaners.report import visible

    click.echo(f"copydesk: {visible(f'{label}: {problem}')}", err=True)


def _code(summary: Summary, check: bool) -> int:
    if summary.failed:
        return SOME_FAILED
    if check and (summary.removed or summary.moved or summary.repaired):
        return FINDINGS
    return DONE


MOST_ENDINGS = 5
MOST_SAID = 20
"""Problems that are said one by one; the quarantine file lists them all."""


class _Telling:
    """What a run says on standard error: how records are read, what fails, how far it is, how it ended."""

    def __init__(self, quiet: bool, quarantine: Path | None, settings: Settings) -> None:
        self.quiet, self.quarantine, self.settings = quiet, quarantine, settings
        self.started = time.monotonic()
        self.shows_progress = not quiet and sys.stderr.isatty()
        self.is_mapping_said = quiet
        self.is_line_open = False
        self.done = self.failed = 0

    def mapping(self, entry: Entry) -> Entry:
        """With the first record, say once which fields are read."""
        if entry.is_record and not entry.problem and not self.is_mapping_said:
            from cleaners import records

            with contextlib.suppress(records.RecordError):
                record = records.parse(entry.data)
                if isinstance(record, dict) and (found := records.mapping(record, self.settings.fields)):
                    self.is_mapping_said = True
                    said = ", ".join(f"{fact} from “{name}”" for fact, name in found.items())
                    self._line(f"records: {said}; other fields are kept in “extra”")
        return entry

    def result(self, result: Result) -> Result:
        self.done += 1
        if result.problem:
            self.failed += 1
            if self.failed <= MOST_SAID:
                self._line(f"{result.entry.label}: {result.problem}")
            if self.failed == MOST_SAID:
                where = self.quarantine or "the file of --quarantine"
                self._line(f"further problems are not said here; {where} lists them all")
        if self.shows_progress and time.monotonic() - self.started > 1 and self.done % 10 == 0:
            click.echo(f"\r{self.done:,} articles", nl=False, err=True)
            self.is_line_open = True
        return result

    def passed_over(self, endings: Counter[str]) -> None:
        """Say which files of folders were not taken for articles."""
        if endings:
            most = sorted(endings.items(), key=lambda item: (-item[1], item[0]))
            said = [f"{count:,} {ending or 'without one'}" for ending, count in most[:MOST_ENDINGS]]
            more = ", ..." if len(most) > MOST_ENDINGS else ""
            hint = "what is named, or meant by a glob such as 'folder/*.csv', is cleaned"
            self._line(f"passed over by their ending: {', '.join(said)}{more}; hint: {hint}")

    def end(self, summary: Summary, seconds: float) -> None:
        from cleaners import report

        self._close_line()
        if not self.quiet:
            click.echo(f"{report.sentence(summary)}; {seconds:.1f} s", err=True)

    def _line(self, text: str) -> None:
        from cleaners.report import visible  # what inputs call their fields is not ours

        self._close_line()
        click.echo(f"copydesk: {visible(text)}", err=True)

    def _close_line(self) -> None:
        if self.is_line_open:
            click.echo("\r\x1b[K", nl=False, err=True)
            self.is_line_open = False
