"""The flow writes what the command line writes, tells Prefect about it, and lets no bad input stop it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from prefect.artifacts import Artifact
from prefect.assets import Asset
from prefect.client.schemas.objects import Artifact as StoredArtifact
from pydantic import ValidationError

import flows
from cleaners import cli, report, shards
from cleaners.pipeline import fingerprint
from cleaners.report import Summary
from cleaners.settings import ConfigError, Settings
from flows import __main__ as shell
from flows import clean_articles as module
from flows import downstream, telling
from flows import parameters as parameters_module
from flows.clean_articles import TooManyFailedError, clean_articles, clean_batch, find, load, mirror_batch
from flows.parameters import Parameters
from tests import deadly

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
    return Parameters.model_validate({"input": folder, "output": output} | others)


def written(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones too: a file left aside would show."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


# --- without a server -------------------------------------------------------------------------


def test_the_size_of_batches_changes_no_article(folder: Path) -> None:
    runs = []
    for size in (1, 2, 2000):
        output = folder.with_name(f"clean-{size}")
        plan = shards.plan(output, find(parameters(folder)), fingerprint(Settings()), size)
        made = [clean_batch.fn(batch, output, Settings(), False) for batch in plan.batches]
        published = shards.publish(output, plan, made)
        runs.append((published.summary, list(flows.read_articles(output, published.manifest))))

    assert runs[0][0].articles == 3
    assert runs[0] == runs[1] == runs[2]


def test_a_mirrored_batch_records_an_input_that_cannot_be_read_and_goes_on(folder: Path) -> None:
    (folder / "b.txt").unlink()
    (folder / "b.txt").symlink_to("nowhere")
    params = parameters(folder, layout="mirror")

    summary = mirror_batch.fn(find(params), Path(params.output), 0, Settings())

    assert summary.problems == ((str(folder / "b.txt"), "No such file or directory"),)
    assert sorted(written(Path(params.output))) == [".failed-0.jsonl", "a.json", "deep/c.json"]


@pytest.mark.parametrize(
    "wrong",
    [{"batch_size": 0}, {"batch_size": "many"}, {"bath_size": 10}, {"fail_above": 2}, {"runner": "fast"}],
)
def test_parameters_that_make_no_sense_are_refused(folder: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        parameters(folder, **wrong)


def test_a_missing_folder_a_wrong_rule_and_colliding_outputs_stop_a_run_at_once(folder: Path) -> None:
    with pytest.raises(ConfigError, match="nowhere: no such folder; hint"):
        load(parameters(folder / "nowhere"))
    with pytest.raises(ConfigError, match="no rule 'coments'"):
        load(parameters(folder, without={"coments"}))
    with pytest.raises(ConfigError, match="holds the inputs"):
        load(parameters(folder, output=folder))
    with pytest.raises(ConfigError, match="has no address"):
        load(parameters(folder, runner={"kind": "threads", "address": "tcp://host:1"}))
    (folder / "a.text").write_text(STORY, encoding="utf-8")
    with pytest.raises(ConfigError, match="would both write"):
        load(parameters(folder, layout="mirror"))


def test_a_glob_chooses_inputs_by_their_path(folder: Path) -> None:
    assert [item.place for item in find(parameters(folder, glob="deep/*"))] == ["deep/c.txt"]
    assert [item.place for item in find(parameters(folder, glob="*.txt"))] == ["a.txt", "b.txt", "deep/c.txt"]


@pytest.mark.parametrize(
    ("error", "again"),
    [(OSError(28, "No space left on device"), True), (ConfigError("bar: 2"), False), (KeyError("x"), False)],
)
def test_only_what_may_pass_is_tried_again(error: Exception, again: bool) -> None:
    assert clean_batch.retry_condition_fn is not None
    assert clean_batch.retry_condition_fn(clean_batch, None, Failed(error)) is again  # type: ignore[arg-type]


class Failed:
    """A state of Prefect's, as far as the question goes."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def result(self) -> None:
        raise self.error


def test_a_failed_run_says_in_a_sentence_what_to_look_at() -> None:
    summary = Summary(failed=2, problems=(("a.txt", "Permission denied"), ("b.txt", "Permission denied")))

    assert str(TooManyFailedError(summary, 2, 3)) == (
        "2 of 3 inputs gave no article, first a.txt: Permission denied"
    )


def test_annotations_of_the_flow_stay_types_which_served_runs_need() -> None:
    assert clean_articles.fn.__annotations__["params"] is Parameters
    for needed in (module, parameters_module):
        assert not hasattr(needed, "annotations"), "from __future__ import annotations breaks .serve()"


def test_exit_codes_mean_what_they_mean_on_the_command_line() -> None:
    for name in ("DONE", "USAGE", "SOME_FAILED", "INTERRUPTED"):
        assert getattr(shell, name) == getattr(cli, name)


def test_readers_of_the_output_need_no_prefect() -> None:
    code = "import sys, flows; flows.read_manifest('.'); sys.exit('prefect' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=False).returncode == 0


def test_the_deployments_name_flows_parameters_and_events_that_exist() -> None:
    yaml = pytest.importorskip("yaml")
    hourly, after = yaml.safe_load((PROJECT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"]

    assert hourly["entrypoint"] == "flows/clean_articles.py:clean_articles"
    assert Parameters.model_validate(hourly["parameters"]["params"]).layout == "shards"
    assert hourly["concurrency_limit"] == {"limit": 1, "collision_strategy": "CANCEL_NEW"}
    (trigger,) = after["triggers"]
    assert trigger["expect"] == [telling.CLEANED]
    assert set(trigger["parameters"]) == set(downstream.after_cleaning.fn.__annotations__) - {"return"}
    assert downstream.after_cleaning.fn.__annotations__["articles"] is int, (
        "an event's payload keeps its types"
    )


def test_the_form_in_the_page_knows_every_parameter() -> None:
    form = clean_articles.parameters.model_dump()["definitions"]["Parameters"]["properties"]

    assert set(form) == set(Parameters.model_fields)
    assert all(field.get("description") for field in form.values())


@pytest.mark.parametrize("path", ["/srv/clean", "/srv/a b/ü & co", "clean"])
def test_any_folder_has_an_asset_that_prefect_takes(path: str) -> None:
    assert Asset(key=telling.asset(Path(path))).key.startswith("file:///")


def test_every_parameter_is_explained() -> None:
    page = (PROJECT / "docs" / "flows.md").read_text(encoding="utf-8")
    for name in Parameters.model_fields:
        assert f"`{name}`" in page


def test_a_schedule_without_a_server_says_how_to_start_one(folder: Path) -> None:
    command = [sys.executable, "-m", "flows", "serve", str(folder), "-o", str(folder.with_name("clean"))]
    result = subprocess.run(
        command, cwd=PROJECT, env=fresh(folder), capture_output=True, text=True, check=False
    )

    assert result.returncode == shell.USAGE
    assert "prefect server start" in result.stderr


# --- with a server ----------------------------------------------------------------------------


@pytest.mark.server
@pytest.mark.xdist_group("prefect")
@pytest.mark.usefixtures("prefect_server")
class TestWithServer:
    def test_a_run_writes_what_the_command_line_writes_and_publishes_why(self, tmp_path: Path) -> None:
        folder = tmp_path / "seeds"
        shutil.copytree(PROJECT / "seeds", folder)
        (folder / "gone.txt").symlink_to("nowhere")

        params = parameters(folder, batch_size=5, layout="mirror")
        Path(params.output).mkdir()
        (Path(params.output) / ".failed-9.jsonl").write_text("left by a killed run")
        summary = clean_articles(params)
        code = cli.run(["clean", str(folder), "-o", str(tmp_path / "expected"), "-q"])

        assert code == cli.SOME_FAILED
        assert written(Path(params.output)) == written(tmp_path / "expected")
        assert summary.articles == 22
        assert len(written(Path(params.output))) == 19 + 1 + 1, "texts, records, and what failed"
        assert summary.problems == ((str(folder / "gone.txt"), "No such file or directory"),)
        assert published().startswith(report.markdown(summary))
        assert "| kind of residue | removed |" in published()

    def test_mirrored_articles_whose_inputs_are_gone_are_counted_and_pruned_on_request(
        self, folder: Path
    ) -> None:
        params = parameters(folder, layout="mirror")
        clean_articles(params)
        (folder / "b.txt").unlink()
        clean_articles(params)
        assert "1 files of articles whose inputs are gone stay." in published()
        assert (Path(params.output) / "b.json").exists()
        clean_articles(parameters(folder, layout="mirror", prune=True))
        assert sorted(written(Path(params.output))) == ["a.json", "deep/c.json"]

    def test_a_run_cleans_what_is_new_and_says_what_changed(self, folder: Path) -> None:
        params = parameters(folder, batch_size=2)
        first = clean_articles(params)
        (folder / "a.txt").write_text(f"Other\n\n{STORY}", encoding="utf-8")
        (folder / "d.txt").write_text(f"New\n\n{STORY}", encoding="utf-8")
        second = clean_articles(params)
        third = clean_articles(params)

        assert (first.articles, second.articles, second.unchanged) == (3, 2, 2)
        assert (third.articles, third.unchanged) == (0, 4)
        manifest = flows.read_manifest(Path(params.output))
        assert manifest is not None
        places = [
            json.loads(line)["source"]["path"] for line in flows.read_articles(Path(params.output), manifest)
        ]
        assert sorted(places) == ["a.txt", "b.txt", "d.txt", "deep/c.txt"]
        assert "inputs: 0 new, 0 changed, 4 unchanged" in published()
        page = Path(params.output) / shards.REPORT
        assert f"[report.html](file://{page})" in published()
        assert "2 articles, 2 unchanged" in page.read_text(encoding="utf-8"), (
            "the last run that changed anything"
        )
        assert table()["articles"] == {"before": "4", "now": "4", "difference": "0"}

    def test_progress_is_told_while_batches_end(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        told: list[float] = []
        monkeypatch.setattr(telling, "update_progress_artifact", lambda _, progress: told.append(progress))
        clean_articles(parameters(folder, batch_size=1))

        assert [round(progress) for progress in told] == [33, 67, 100]
        assert isinstance(Artifact.get(telling.PROGRESS), StoredArtifact)

    def test_other_settings_clean_everything_again_and_the_run_says_so(self, folder: Path) -> None:
        clean_articles(parameters(folder))
        again = clean_articles(parameters(folder, without={"promo"}))

        assert again.articles == 3
        assert "3 to be cleaned again: other settings" in published()
        assert table()["settings"]["difference"] == "other"

    def test_processes_write_the_same_bytes(self, folder: Path) -> None:
        clean_articles(parameters(folder, batch_size=1))
        output = folder.with_name("other")
        params = parameters(folder, batch_size=1, output=output, runner={"kind": "processes", "workers": 2})
        clean_articles(params)

        assert written(output) == written(folder.with_name("clean"))

    def test_a_process_that_dies_of_a_text_costs_that_text_alone(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (folder / "deadly.txt").write_bytes(deadly.MARK)
        params = parameters(folder, runner={"kind": "processes", "workers": 2})
        monkeypatch.setattr(shards, "make", deadly.make)

        summary = clean_articles(params)

        assert summary.articles == 3
        assert summary.problems == (
            (str(folder / "deadly.txt"), "copydesk failed on it: the process that cleaned it died"),
        )

    def test_a_process_that_is_killed_in_a_run_is_replaced(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(shards, "make", killed_once)
        params = parameters(folder, batch_size=1, runner={"kind": "processes", "workers": 2})
        summary = clean_articles(params)
        monkeypatch.undo()

        assert (Path(params.output) / "killed").exists()
        assert (summary.articles, summary.failed) == (3, 0)
        (Path(params.output) / "killed").unlink()
        clean_articles(parameters(folder, batch_size=1, output=folder.with_name("undisturbed")))
        assert written(Path(params.output)) == written(folder.with_name("undisturbed"))

    def test_a_second_run_over_one_output_stops_with_a_sentence(self, folder: Path) -> None:
        output = folder.with_name("clean")
        with shards.Lock(output):
            result = run_here(str(folder), "-o", str(output))

        assert result.exit_code == shell.USAGE
        assert f"{output}: another run writes there (process {os.getpid()}" in result.stderr

    def test_a_batch_that_the_disk_failed_is_tried_again(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        make, tries = shards.make, []

        def failing_once(*arguments: Any) -> shards.Made:
            tries.append(1)
            if len(tries) == 1:
                raise OSError(28, "No space left on device")
            return make(*arguments)

        monkeypatch.setattr(shards, "make", failing_once)
        monkeypatch.setattr(module, "clean_batch", clean_batch.with_options(retry_delay_seconds=0))
        assert clean_articles(parameters(folder)).articles == 3
        assert len(tries) == 2

    def test_what_follows_reads_the_manifest_that_the_event_names(self, folder: Path) -> None:
        clean_articles(parameters(folder))
        manifest = folder.with_name("clean") / shards.MANIFEST

        assert downstream.after_cleaning(str(manifest), 3) == 3

    def test_others_are_told_once_of_what_changed(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told: list[tuple[str, dict[str, Any]]] = []
        monkeypatch.setattr(telling, "emit_event", lambda event, _, payload: told.append((event, payload)))
        clean_articles(parameters(folder))
        clean_articles(parameters(folder))

        ((event, payload),) = told
        assert event == "articles.cleaned"
        assert payload["counts"]["articles"] == 3
        assert flows.read_manifest(Path(payload["manifest"]).parent)
        assert set(payload["ruleset"]) == {"version", "rules", "settings"}

    def test_a_site_that_comes_out_otherwise_is_said(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told: list[dict[str, Any]] = []
        monkeypatch.setattr(
            telling, "emit_event", lambda event, _, payload: told.append(payload | {"event": event})
        )
        for day in range(7):
            residue = "Leave a Comment\n\n" * 1 + "Click here to read more\n\n" * (30 if day == 6 else 0)
            record = {"url": "https://news.example/a", "text": f"{STORY}\n{residue}"}
            (folder / f"day{day}.jsonl").write_text("\n".join([json.dumps(record)] * 25), encoding="utf-8")
            clean_articles(parameters(folder, glob="*.jsonl"))

        assert [one["site"] for one in told if one["event"] == "site.drifted"] == ["news.example"]
        assert published().startswith("## Drift\n\n- news.example: share of the text removed")

        # As if it had been killed before it could tell.
        (folder.with_name("clean") / shards.ANNOUNCED).unlink()
        clean_articles(parameters(folder, glob="*.jsonl"))
        assert [one["event"] for one in told].count("site.drifted") == 2
        clean_articles(parameters(folder, glob="*.jsonl"))
        assert [one["event"] for one in told].count("site.drifted") == 2
        assert not published().startswith("## Drift")

    def test_a_run_fails_above_the_share_that_is_set_and_still_publishes(self, folder: Path) -> None:
        for path in folder.rglob("*.txt"):
            path.unlink()
        (folder / "gone.txt").symlink_to("nowhere")

        with pytest.raises(TooManyFailedError, match="1 of 1 inputs gave no article"):
            clean_articles(parameters(folder))

        assert "No such file or directory" in published()
        (folder / "good.txt").write_text(STORY, encoding="utf-8")
        assert clean_articles(parameters(folder)).failed == 1
        with pytest.raises(TooManyFailedError):
            clean_articles(parameters(folder, fail_above=0.4))

    def test_a_wrong_rule_ends_the_run_with_usage_before_anything_is_written(self, folder: Path) -> None:
        output = folder.with_name("clean")
        result = run_here(str(folder), "-o", str(output), "--without", "coments")

        assert result.exit_code == shell.USAGE
        assert result.stderr.startswith("copydesk: --without: there is no rule 'coments'")
        assert not output.exists()

    def test_a_rule_left_out_removes_nothing(self, folder: Path) -> None:
        everything = clean_articles(parameters(folder))
        rule, _ = report.by_count(everything)[0]

        rest = clean_articles(parameters(folder, without={rule}, output=folder.with_name("rest")))

        assert rule not in rest.rules
        assert rest.articles == everything.articles

    def test_an_empty_folder_is_no_failure_and_is_said(self, tmp_path: Path) -> None:
        result = run_here(str(tmp_path), "-o", str(tmp_path / "clean"))

        assert result.exit_code == shell.DONE
        assert (
            result.stderr
            == f"copydesk: {tmp_path}: no .txt, .text, .json, .jsonl, .ndjson, .jsonlines, .jl files there\n"
        )
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


_make = shards.make


def killed_once(batch: shards.Batch, folder: Path, *others: Any) -> shards.Made:
    """In a worker process: make a part, but for the first time, when the process is killed at its end."""
    made = _make(batch, folder, *others)
    with contextlib.suppress(FileExistsError):
        (folder / "killed").touch(exist_ok=False)
        os.kill(os.getpid(), signal.SIGKILL)
    return made


def published() -> str:
    """The report of the last run."""
    artifact = Artifact.get(module.NAME)
    assert isinstance(artifact, StoredArtifact)
    return str(artifact.data)


def table() -> dict[str, dict[str, Any]]:
    """What changed, by figure."""
    artifact = Artifact.get(telling.CHANGED)
    assert isinstance(artifact, StoredArtifact)
    return {row.pop("figure"): row for row in json.loads(str(artifact.data))}


def run_here(*arguments: str) -> Result:
    return CliRunner().invoke(shell.main, arguments)


def fresh(folder: Path) -> dict[str, str]:
    """The environment of somebody who never used Prefect."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return kept | {"PREFECT_HOME": str(folder.with_name("prefect"))}
