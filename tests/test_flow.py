"""The flow writes what the command line writes, tells Prefect about it, and lets no bad input stop it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from prefect.artifacts import Artifact
from prefect.client.schemas.objects import Artifact as StoredArtifact
from pydantic import ValidationError

from cleaners import cli, files, report
from cleaners.report import Summary
from cleaners.settings import ConfigError, Settings
from flows import __main__ as shell
from flows import clean_articles as module
from flows.clean_articles import AllFailedError, Parameters, clean_articles, clean_batch, plan

PROJECT = Path(__file__).parents[1]
STORY = (
    "Ferry strike ends after nine days\n\n"
    "The harbour crews return to work on Monday, the union said after a night of talks.\n\n"
    "Leave a Comment\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three stories, one of them further down."""
    folder = tmp_path / "scraped"
    (folder / "deep").mkdir(parents=True)
    for name in ("a.txt", "b.txt", "deep/c.txt"):
        (folder / name).write_text(f"{name}\n\n{STORY}", encoding="utf-8")
    return folder


def parameters(folder: Path, **others: object) -> Parameters:
    output = folder.with_name("clean")
    return Parameters.model_validate({"input_folder": folder, "output_folder": output} | others)


def written(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones too: a file left aside would show."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


# --- without a server -------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "sizes"), [(1, [1, 1, 1]), (2, [2, 1]), (3, [3]), (2000, [3])])
def test_batches_hold_every_input_once_and_in_order(folder: Path, size: int, sizes: list[int]) -> None:
    batches = plan(parameters(folder, batch_size=size), Settings())

    assert [len(batch) for batch in batches] == sizes
    planned = [item for batch in batches for item in batch]
    assert planned == files.find([str(folder)])


def test_the_size_of_batches_changes_neither_files_nor_report(folder: Path) -> None:
    runs = []
    for size in (1, 2, 2000):
        output = folder.with_name(f"clean-{size}")
        batches = plan(parameters(folder, batch_size=size, output_folder=output), Settings())
        summary = report.merge(
            clean_batch.fn(batch, output, number, Settings()) for number, batch in enumerate(batches)
        )
        runs.append((summary, written(output)))

    assert runs[0][0].articles == 3
    assert runs[0] == runs[1] == runs[2]


def test_a_batch_records_an_input_that_cannot_be_read_and_goes_on(folder: Path) -> None:
    (folder / "b.txt").unlink()
    (folder / "b.txt").symlink_to("nowhere")
    params = parameters(folder)

    (batch,) = plan(params, Settings())
    summary = clean_batch.fn(batch, params.output_folder, 0, Settings())

    assert summary.problems == ((str(folder / "b.txt"), "No such file or directory"),)
    assert sorted(written(params.output_folder)) == [".failed-0.jsonl", "a.json", "deep/c.json"]


@pytest.mark.parametrize("wrong", [{"batch_size": 0}, {"batch_size": "many"}, {"bath_size": 10}])
def test_parameters_that_make_no_sense_are_refused(folder: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        parameters(folder, **wrong)


def test_a_missing_folder_a_wrong_rule_and_colliding_outputs_stop_a_run_at_once(
    folder: Path,
) -> None:
    with pytest.raises(ConfigError, match="nowhere: no such folder; hint"):
        plan(parameters(folder / "nowhere"), Settings())
    with pytest.raises(ConfigError, match="no rule 'coments'"):
        plan(parameters(folder), Settings(without=frozenset({"coments"})))
    (folder / "a.text").write_text(STORY, encoding="utf-8")
    with pytest.raises(ConfigError, match="would both write"):
        plan(parameters(folder), Settings())


def test_a_failed_run_says_in_a_sentence_what_to_look_at() -> None:
    summary = Summary(failed=2, problems=(("a.txt", "Permission denied"), ("b.txt", "Permission denied")))

    assert str(AllFailedError(summary)) == (
        "No input could be read (2 failed), first a.txt: Permission denied"
    )


def test_annotations_of_the_flow_stay_types_which_served_runs_need() -> None:
    assert clean_articles.fn.__annotations__["params"] is Parameters
    assert not hasattr(module, "annotations"), "from __future__ import annotations breaks .serve()"


def test_exit_codes_mean_what_they_mean_on_the_command_line() -> None:
    for name in ("DONE", "USAGE", "SOME_FAILED", "INTERRUPTED"):
        assert getattr(shell, name) == getattr(cli, name)


# --- with a server ----------------------------------------------------------------------------


@pytest.mark.server
@pytest.mark.xdist_group("prefect")
@pytest.mark.usefixtures("prefect_server")
class TestWithServer:
    def test_a_run_writes_what_the_command_line_writes_and_publishes_why(self, tmp_path: Path) -> None:
        folder = tmp_path / "seeds"
        shutil.copytree(PROJECT / "seeds", folder)
        (folder / "gone.txt").symlink_to("nowhere")

        params = parameters(folder, batch_size=5)
        summary = clean_articles(params)
        code = cli.run(["clean", str(folder), "-o", str(tmp_path / "expected"), "-q"])

        assert code == cli.SOME_FAILED
        assert written(params.output_folder) == written(tmp_path / "expected")
        assert summary.articles == 21
        assert len(written(params.output_folder)) == 18 + 1 + 1, "texts, records, and what failed"
        assert summary.problems == ((str(folder / "gone.txt"), "No such file or directory"),)
        assert published() == report.markdown(summary)

    def test_a_run_fails_only_when_every_input_did_and_still_publishes(self, folder: Path) -> None:
        for path in folder.rglob("*.txt"):
            path.unlink()
        (folder / "gone.txt").symlink_to("nowhere")

        with pytest.raises(AllFailedError, match=r"No input could be read \(1 failed\)"):
            clean_articles(parameters(folder))

        assert "No such file or directory" in published()

    def test_a_wrong_rule_ends_the_run_with_usage_before_anything_is_written(self, folder: Path) -> None:
        output = folder.with_name("clean")
        result = run_here(str(folder), "-o", str(output), "--without", "coments")

        assert result.exit_code == shell.USAGE
        assert result.stderr.startswith("copydesk: settings.without: there is no rule 'coments'")
        assert not output.exists()

    def test_a_rule_left_out_removes_nothing(self, folder: Path) -> None:
        everything = clean_articles(parameters(folder))
        rule, _ = report.by_count(everything)[0]

        rest = clean_articles(parameters(folder, without={rule}))

        assert rule not in rest.rules
        assert rest.articles == everything.articles

    def test_an_empty_folder_is_no_failure_and_is_said(self, tmp_path: Path) -> None:
        result = run_here(str(tmp_path), "-o", str(tmp_path / "clean"))

        assert result.exit_code == shell.DONE
        assert result.stderr == f"copydesk: {tmp_path}: no .txt, .text, .json, .jsonl, .ndjson files there\n"
        assert result.stdout.startswith("0 articles;")
        assert published().startswith("**0 articles;")

    def test_a_run_where_every_input_failed_exits_like_the_command_line(self, tmp_path: Path) -> None:
        (tmp_path / "gone.txt").symlink_to("nowhere")

        result = run_here(str(tmp_path), "-o", str(tmp_path / "clean"))

        assert result.exit_code == shell.SOME_FAILED
        assert result.stderr == f"copydesk: {tmp_path / 'gone.txt'}: No such file or directory\n"

    def test_a_new_user_needs_no_server_and_reads_one_line(self, folder: Path) -> None:
        output = folder.with_name("clean")
        command = [sys.executable, "-m", "flows", str(folder), "-o", str(output)]
        result = subprocess.run(
            command, cwd=PROJECT, env=fresh(folder), capture_output=True, text=True, check=False
        )

        assert (result.returncode, result.stderr) == (shell.DONE, "")
        assert result.stdout.count("\n") == 1
        assert result.stdout.startswith("3 articles;")
        assert sorted(written(output)) == ["a.json", "b.json", "deep/c.json"]


def published() -> str:
    """The report of the last run."""
    artifact = Artifact.get(module.NAME)
    assert isinstance(artifact, StoredArtifact)
    return str(artifact.data)


def run_here(*arguments: str) -> Result:
    return CliRunner().invoke(shell.main, arguments)


def fresh(folder: Path) -> dict[str, str]:
    """The environment of somebody who never used Prefect."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return kept | {"PREFECT_HOME": str(folder.with_name("prefect"))}
