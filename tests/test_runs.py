"""Runs over files of records and texts: order, workers, what is unchanged, what fails, what a kill leaves."""

from __future__ import annotations

import gzip
import io
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from cleaners import cli, files, outputs, pipeline, runs
from cleaners.article import Article
from cleaners.files import Entry, Input
from cleaners.outputs import QUARANTINE, Folder, Format, Quarantine, Sink
from cleaners.runs import Result
from cleaners.settings import ConfigError, Settings
from cleaners.workers import Worker, WorkerDiedError
from tests.samples import ROOT, SEEDS

QUICK = Settings(language=False)
FEW = 150


def record(number: int, **more: object) -> dict[str, object]:
    text = f"Story {number} of the harbour, as the board told it on Tuesday.\n\nLeave a Reply"
    return {"id": f"story-{number}", "title": f"Story number {number}", "text": text, **more}


def write_records(path: Path, numbers: list[int] | range, **more: object) -> Path:
    lines = [json.dumps(record(number, **more)) for number in numbers]
    data = ("\n".join(lines) + "\n").encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def articles(path: Path) -> list[Article]:
    data = path.read_bytes()
    lines = (gzip.decompress(data) if path.suffix == ".gz" else data).splitlines()
    return [Article.from_json(line) for line in lines]


def written(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def clean(*arguments: object, code: int = cli.DONE) -> None:
    assert cli.run(["clean", *map(str, arguments)]) == code


def summary_of(folder: Path, *arguments: object, code: int = cli.DONE) -> dict[str, int]:
    target = folder / "summary.json"
    clean(*arguments, "-q", "--summary", target, code=code)
    return dict(json.loads(target.read_bytes()))


# --- records in, records out --------------------------------------------------------------------


@pytest.mark.parametrize("name", ["out.jsonl.gz", "OUT.JSONL.GZ", "Out.Jsonl.Gz"])
def test_what_ends_in_gz_in_any_case_is_packed_read_and_written(tmp_path: Path, name: str) -> None:
    source = tmp_path / "A.JSONL.GZ"
    source.write_bytes(gzip.compress(write_records(tmp_path / "a.jsonl", range(3)).read_bytes()))
    clean(source, "-o", tmp_path / name, "-q")
    assert len(gzip.decompress((tmp_path / name).read_bytes()).splitlines()) == 3
    assert counts(summary_of(tmp_path, source, "-o", tmp_path / name)) == (0, 3, 0)
    assert Input("", source.name).stem == "A"


def test_what_killed_processes_left_half_written_goes_and_what_others_write_stays(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    for place in ("out/deep", "in/deep"):
        (tmp_path / place).mkdir(parents=True)
    (tmp_path / "in" / "deep" / "a.txt").write_text("A story of the pier.")
    machine = files._word(files.host())
    left = tmp_path / "out" / "deep" / f".a.json.{machine}-{gone.pid}-1.part"
    others = [
        tmp_path / "out" / f".a.json.{machine}-{os.getpid()}-1.part",
        tmp_path / "out" / f".a.json.elsewhere-{gone.pid}-1.part",
        tmp_path / "out" / ".notes.part",
        tmp_path / f".a.json.{machine}-{gone.pid}-1.part",
    ]
    for path in (left, *others):
        path.touch()
    clean(tmp_path / "in", "-o", tmp_path / "out", "-q")
    assert [path.exists() for path in (left, *others)] == [False, True, True, True, True]
    clean(tmp_path / "in", "-o", tmp_path / "a.json", "-q")
    assert not others[-1].exists()


def test_files_of_articles_whose_inputs_are_gone_are_told_from_those_of_others(tmp_path: Path) -> None:
    source, output = tmp_path / "in", tmp_path / "out"
    (source / "deep").mkdir(parents=True)
    write_records(source / "deep" / "wire.jsonl", range(3))
    for name in ("a.txt", "b.txt"):
        (source / name).write_text(f"A story of the pier in {name}.")
    clean(source, "-o", output, "-q")
    (output / "mine.json").write_text('{"name": "an app"}')
    (output / "copy.json").write_bytes((output / "a.json").read_bytes())
    (output / "empty.jsonl").touch()
    assert list(outputs.orphans(output, files.find([str(source)]))) == []
    (source / "a.txt").unlink()
    (source / "deep" / "wire.jsonl").unlink()
    left = list(outputs.orphans(output, files.find([str(source)])))
    assert left == [output / "a.json", output / "deep" / "wire.jsonl"]


@pytest.mark.parametrize("name", ["a.jsonl", "a.ndjson", "a.jsonl.gz", "A.JSONL"])
def test_json_lines_keep_their_order_and_mirror_the_input(tmp_path: Path, name: str) -> None:
    write_records(tmp_path / name, range(20), source="wire")
    clean(tmp_path / name, "-o", tmp_path / "out", "-q")
    found = articles(tmp_path / "out" / f"{name[0]}.jsonl")
    assert [article.id for article in found] == [f"story-{number}" for number in range(20)]
    assert found[3].text == "Story 3 of the harbour, as the board told it on Tuesday."
    assert found[3].extra == {"source": "wire"}
    assert (found[3].source.name, found[3].source.path) == (name, name)


def test_a_json_file_holds_one_record_a_list_or_the_answer_of_a_news_api(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / "one.json").write_text(json.dumps(record(1), indent=2))
    (source / "list.json").write_text(json.dumps([record(1), record(2)], indent=2))
    (source / "answer.json").write_text(json.dumps({"status": "ok", "articles": [record(3)]}))
    (source / "feed.json").write_text(json.dumps({"title": "A blog", "entries": [record(6), record(7)]}))
    (source / "lines.json").write_text(f"{json.dumps(record(4))}\n{json.dumps(record(5))}\n")
    clean(source, "-o", tmp_path / "out", "-q")
    assert sorted(written(tmp_path / "out")) == [
        "answer.jsonl",
        "feed.jsonl",
        "lines.jsonl",
        "list.jsonl",
        "one.json",
    ]
    assert [a.id for a in articles(tmp_path / "out" / "lines.jsonl")] == ["story-4", "story-5"]
    assert Article.from_json((tmp_path / "out" / "one.json").read_bytes()).id == "story-1"


@pytest.mark.parametrize(
    ("data", "ids"),
    [
        (b'{"id": 1, "text": "T"}\n{"id": 2, "text": "T"}\n', ["1", "2"]),
        (b'\xef\xbb\xbf{"id": 1, "text": "T"}\r\n\r\n{"id": 2, "text": "T"}', ["1", "2"]),
        (b'{"id": 1, "text": \n{"id": 2, "text": "T"}\n', ["2"]),
        (b'[{"id": 1, "text": "T"}]', ["1"]),
        (b'{\n "id": 1,\n "text": "T"\n}\n', ["1"]),
    ],
)
def test_standard_input_is_known_by_its_first_lines(
    data: bytes, ids: list[str], monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert cli.run(["clean", "-", "-q"]) in (cli.DONE, cli.SOME_FAILED)
    assert [Article.from_json(line).id for line in capfdbinary.readouterr().out.splitlines()] == ids


@pytest.mark.parametrize("text", ["{ so it begins }\n\nA story.", "[Photo] A story.", "{", "", "\n\n"])
def test_text_that_looks_like_records_is_text(
    text: str, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    clean("-", "-q")
    (line,) = capfdbinary.readouterr().out.splitlines()
    assert Article.from_json(line).source.length == len(text)


def test_the_input_format_can_be_forced(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    path = write_records(tmp_path / "records.log", range(2))
    clean(path, "-q", "--input-format", "jsonl")
    assert len(capfdbinary.readouterr().out.splitlines()) == 2
    clean(path, "-q")
    assert Article.from_json(capfdbinary.readouterr().out).text.startswith('{"id"')


def test_the_mapping_is_said_once_on_standard_error(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    write_records(tmp_path / "a.jsonl", range(3))
    clean(tmp_path / "a.jsonl", "-o", tmp_path / "out", "--text-field", "text")
    err = capfd.readouterr().err
    assert err.count("records: text from “text”, title from “title”, id from “id”; other fields") == 1


@pytest.mark.parametrize(
    ("form", "expected"), [("json", ["a/1.json", "a/2.json"]), ("text", ["a/1.txt", "a/2.txt"]), ("jsonl", ["a.jsonl"])]
)  # fmt: skip
def test_the_format_of_a_folder_s_files_can_be_chosen(tmp_path: Path, form: str, expected: list[str]) -> None:
    write_records(tmp_path / "a.jsonl", [1, 2])
    clean(tmp_path / "a.jsonl", "-o", tmp_path / "out", "-q", "--format", form)
    assert sorted(written(tmp_path / "out")) == expected


def test_text_and_json_go_to_standard_output_too(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    write_records(tmp_path / "a.jsonl", [1])
    clean(tmp_path / "a.jsonl", "-q", "--format", "text")
    assert capfdbinary.readouterr().out == b"Story 1 of the harbour, as the board told it on Tuesday.\n"
    clean(tmp_path / "a.jsonl", "-q", "--format", "json")
    out = capfdbinary.readouterr().out
    assert out.startswith(b'{\n "schemaVersion"')
    assert Article.from_json(out).id == "story-1"


def test_ids_never_name_files(tmp_path: Path) -> None:
    hostile = ["../../../etc/passwd", "/abs", "CON", "a" * 5000, "\x00", "..", "a/b"]
    lines = [json.dumps({"id": name, "text": "T"}) for name in hostile]
    (tmp_path / "a.jsonl").write_text("\n".join(lines))
    clean(tmp_path / "a.jsonl", "-o", tmp_path / "deep" / "out", "-q", "--format", "json")
    assert sorted(written(tmp_path)) == ["a.jsonl"] + [f"deep/out/a/{n}.json" for n in range(1, 8)]


def test_a_path_that_climbs_stays_below_the_output_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    write_records(tmp_path / "a.jsonl", [1])
    monkeypatch.chdir(tmp_path / "here")
    clean("../a.jsonl", "-o", "out", "-q")
    assert sorted(written(tmp_path)) == ["a.jsonl", "here/out/a.jsonl"]


# --- workers ------------------------------------------------------------------------------------


def test_any_number_of_workers_gives_the_same_bytes(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    write_records(source / "a.jsonl", range(FEW))
    (source / "broken.jsonl").write_text('{"text": "T"}\n{"text": \n{"text": "U"}\n')
    for seed in SEEDS[:6]:
        (source / seed.name).write_bytes(seed.read_bytes())
    for workers in (1, 2, 3):
        clean(source, "-o", tmp_path / f"out-{workers}", "-q", "-j", workers, code=cli.SOME_FAILED)
    first = written(tmp_path / "out-1")
    assert len(first) == 9
    assert first == written(tmp_path / "out-2") == written(tmp_path / "out-3")


def test_a_second_run_with_workers_changes_nothing_and_cleans_what_is_new(tmp_path: Path) -> None:
    write_records(tmp_path / "a.jsonl", range(FEW))
    write_records(tmp_path / "b.jsonl", range(5))
    both = (tmp_path / "a.jsonl", tmp_path / "b.jsonl", "-o", tmp_path / "out", "-j", 2)
    assert summary_of(tmp_path, *both)["articles"] == FEW + 5
    before = written(tmp_path / "out")
    write_records(tmp_path / "a.jsonl", [*range(FEW), 900])
    summary = summary_of(tmp_path, *both)
    assert (summary["articles"], summary["unchanged"]) == (1, FEW + 5)
    after = written(tmp_path / "out")
    assert after["a.jsonl"].startswith(before["a.jsonl"])
    assert after["b.jsonl"] == before["b.jsonl"]


def test_a_worker_gives_what_a_function_gives_or_raises_and_is_replaced_when_it_dies() -> None:
    with Worker() as worker:
        first = worker.call(os.getpid)
        assert worker.call(os.getpid) == first != os.getpid()
        with pytest.raises(ValueError, match="invalid literal"):
            worker.call(int, "many")
        with pytest.raises(WorkerDiedError, match="exit code -9"):
            worker.call(os.kill, first, signal.SIGKILL)
        assert worker.call(print, "no answer of ours") is None
        last = worker.call(os.getpid)
    with pytest.raises(ProcessLookupError):
        os.kill(last, 0)


def test_workers_end_with_the_process_that_started_them_however_that_ends() -> None:
    code = (
        "import os, signal, threading, time\n"
        "from cleaners.workers import Worker\n"
        "worker = Worker()\n"
        "worker.call(os.getpid)\n"
        "threading.Thread(target=worker.call, args=(time.sleep, 100)).start()\n"
        "time.sleep(0.3)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    # It waits for all that hold the other end of its pipe.
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, timeout=50)
    assert done.returncode == -signal.SIGKILL


def test_idle_workers_end_with_a_run_that_is_killed(tmp_path: Path) -> None:
    source = write_records(tmp_path / "a.jsonl", range(2 * runs.BATCH))
    code = (
        "import os, signal\n"
        "from cleaners import files, runs\n"
        "from cleaners.outputs import Quarantine, Sink\n"
        "from cleaners.settings import Settings\n"
        f"entries = files.entries(files.find([{str(source)!r}]))\n"
        "for _ in runs.run(entries, Settings(language=False), Sink(), Quarantine(None), workers=2):\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, timeout=50)
    assert done.returncode == -signal.SIGKILL


def _die(entry: Entry, settings: Settings, form: Format) -> Result:
    """In a worker: dies of one entry, as a process that runs out of memory does."""
    if b"story-7" in entry.data:
        os.kill(os.getpid(), signal.SIGKILL)
    return runs.clean_entry(entry, settings, form)


def test_an_entry_that_kills_its_worker_is_set_apart_and_the_rest_is_cleaned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runs, "BATCH", 4)
    inputs = files.find([str(write_records(tmp_path / "a.jsonl", range(12)))])
    listed = Quarantine(tmp_path / "q")
    results = list(runs.run(files.entries(inputs), QUICK, Sink(), listed, workers=2, work=_die))
    failed = [result for result in results if result.problem]
    assert len(results) == 12
    assert [result.entry.number for result in failed] == [8]
    assert failed[0].problem
    assert failed[0].problem.reason == "copydesk failed on it: the process that cleaned it died"


def test_what_is_unchanged_is_found_however_far_reading_is_ahead_of_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module, name, value in ((outputs, "WINDOW", 4), (runs, "BATCH_BYTES", 1), (runs, "AHEAD", 4)):
        monkeypatch.setattr(module, name, value)
    write_records(tmp_path / "a.jsonl", range(20))
    clean(tmp_path / "a.jsonl", "-o", tmp_path / "out", "-q", "-j", "2")
    clean(tmp_path / "a.jsonl", "-o", tmp_path / "out", "-j", "2", "--summary", tmp_path / "s.json")
    assert json.loads((tmp_path / "s.json").read_bytes())["unchanged"] == 20


def test_a_fault_of_ours_costs_one_article_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = pipeline.clean_source

    def faulty(source: object, settings: Settings) -> Article:
        if "story-3" in repr(source):
            raise ZeroDivisionError("oops")
        return real(source, settings)  # type: ignore[arg-type]

    monkeypatch.setattr(runs, "clean_source", faulty)
    write_records(tmp_path / "a.jsonl", range(5))
    clean(tmp_path / "a.jsonl", "-o", tmp_path / "out", "-q", code=cli.SOME_FAILED)
    assert len(articles(tmp_path / "out" / "a.jsonl")) == 4
    (failure,) = [json.loads(line) for line in (tmp_path / "out" / QUARANTINE).read_bytes().splitlines()]
    assert failure["reason"] == "copydesk failed on it: ZeroDivisionError: oops"
    assert failure["line"] == 4


# --- daily use ----------------------------------------------------------------------------------


@pytest.fixture(params=["folder", "jsonl", "jsonl.gz"])
def daily(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., dict[str, int]]:
    """Cleans a growing folder into a folder or a file; tells the run's figures."""
    kind = request.param
    source = tmp_path / "in"
    source.mkdir()
    write_records(source / "b.jsonl", range(10))
    (source / "a.txt").write_text("A story of the pier.\n\nLeave a Reply")
    target = tmp_path / ("out" if kind == "folder" else f"out.{kind}")

    def run(*arguments: object, code: int = cli.DONE) -> dict[str, int]:
        return summary_of(tmp_path, source, "-o", target, *arguments, code=code)

    return run


def counts(summary: dict[str, int]) -> tuple[int, int, int]:
    return summary["articles"], summary["unchanged"], summary["failed"]


def test_unchanged_inputs_are_passed_over(daily: Callable[..., dict[str, int]], tmp_path: Path) -> None:
    assert counts(daily()) == (11, 0, 0)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("out*") if path.is_file()}
    assert counts(daily()) == (0, 11, 0)
    assert before == {path: path.stat().st_mtime_ns for path in before}, "nothing was written again"
    assert counts(daily("--again")) == (11, 0, 0)


def test_new_and_changed_inputs_are_cleaned_and_the_output_is_as_if_made_at_once(
    daily: Callable[..., dict[str, int]], tmp_path: Path
) -> None:
    daily()
    source = tmp_path / "in"
    write_records(source / "b.jsonl", [0, 1, 77, 3, 4, 5, 8, 9, 10])
    (source / "c.txt").write_text("Another story of the pier.")
    assert counts(daily()) == (3, 8, 0)
    after = written(tmp_path)
    daily("--again")
    assert written(tmp_path).keys() == after.keys()
    assert {n: d for n, d in written(tmp_path).items() if n.startswith("out")} == {
        n: d for n, d in after.items() if n.startswith("out")
    }


def test_a_changed_rule_or_setting_cleans_again(daily: Callable[..., dict[str, int]]) -> None:
    daily()
    assert counts(daily("--without", "comment")) == (11, 0, 0)
    assert counts(daily("--without", "comment")) == (0, 11, 0)
    assert counts(daily()) == (11, 0, 0)


def test_what_fails_is_listed_with_its_reason_and_tried_again(
    daily: Callable[..., dict[str, int]], tmp_path: Path
) -> None:
    path = tmp_path / "in" / "b.jsonl"
    good = path.read_bytes()
    path.write_bytes(good + b'{"text": "torn\n')
    assert counts(daily(code=cli.SOME_FAILED)) == (11, 0, 1)
    (listed,) = tmp_path.rglob("*quarantine.jsonl")
    failure = json.loads(listed.read_bytes())
    assert (failure["input"], failure["line"]) == (str(path), 11)
    assert failure["text"] == '{"text": "torn'
    assert failure["reason"].startswith("not JSON")
    assert failure["hint"]
    assert counts(daily(code=cli.SOME_FAILED)) == (0, 11, 1)
    path.write_bytes(good + b'{"text": "mended"}\n')
    assert counts(daily()) == (1, 11, 0)
    assert not listed.exists()


def test_a_damaged_output_is_made_again(daily: Callable[..., dict[str, int]], tmp_path: Path) -> None:
    daily()
    whole = written(tmp_path)
    for path in tmp_path.rglob("out*"):
        if path.is_file():
            path.write_bytes(b"damaged")
    for path in (tmp_path / "out").rglob("*.json*"):
        path.write_bytes(path.read_bytes()[:-30])
    daily()
    assert written(tmp_path).keys() == whole.keys()
    assert {n: d for n, d in written(tmp_path).items() if n.startswith("out")} == {
        n: d for n, d in whole.items() if n.startswith("out")
    }


def test_the_outputs_are_no_inputs_of_the_next_run(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("A story.")
    for _ in range(2):
        clean(tmp_path, "-o", tmp_path / "clean", "-q")
    assert sorted(written(tmp_path)) == ["a.txt", "clean/a.json"]


# --- what is refused, what breaks ---------------------------------------------------------------


def test_an_output_never_replaces_an_input(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = write_records(tmp_path / "a.jsonl", [1])
    before = path.read_bytes()
    clean(tmp_path, "-o", tmp_path, code=cli.USAGE)
    clean(path, "-o", path, code=cli.USAGE)
    assert capfd.readouterr().err.count("would replace an input; hint: name another output") == 2
    assert path.read_bytes() == before
    assert sorted(written(tmp_path)) == ["a.jsonl"]


@pytest.mark.parametrize("names", [("a.txt", "a.jsonl"), ("a.json", "a.jsonl.gz"), ("a.txt", "a.txt.gz")])
def test_two_inputs_for_one_output_are_refused_before_anything_is_written(
    tmp_path: Path, names: tuple[str, str]
) -> None:
    inputs = [Input(str(tmp_path / name), name) for name in names]
    with pytest.raises(ConfigError, match=r"would both write .*hint"):
        outputs.sink_for(str(tmp_path / "out"), None, inputs, None)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.jsonl.gz", b"no gzip at all", "damaged: Not a gzipped file"),
        ("a.txt.gz", gzip.compress(b"A story." * 99, mtime=0)[:-20], "damaged: Compressed file ended"),
        ("a.jsonl.gz", b"\x1f\x8b\x08\x00" + b"garbage" * 9, "damaged:"),
        ("a.json", b"\x89PNG\r\n\x1a\n\x00\x00", "not UTF-8"),
        ("a.json", b"", "not JSON"),
        ("a.json", b"[1, 2", "not JSON"),
    ],
)
def test_damaged_files_are_problems_and_the_next_input_is_read(
    tmp_path: Path, name: str, data: bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(data)
    (tmp_path / "b.txt").write_text("A story.")
    found = list(files.entries(files.find([str(tmp_path)])))
    assert found[0].problem
    assert found[0].problem.reason.startswith(reason)
    assert (found[1].data, found[1].problem) == (b"A story.", None)


def test_links_that_loop_are_problems(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / "a.txt").symlink_to(source / "b.txt")
    (source / "b.txt").symlink_to(source / "a.txt")
    (source / "again").symlink_to(source)
    (source / "c.txt").write_text("A story.")
    clean(source, "-o", tmp_path / "out", code=cli.SOME_FAILED)
    assert capfd.readouterr().err.count("Too many levels of symbolic links") == 2
    assert sorted(written(tmp_path / "out")) == [QUARANTINE, "c.json"]


def test_a_file_that_grows_while_it_is_read_gives_what_was_there_at_first(tmp_path: Path) -> None:
    path = write_records(tmp_path / "a.jsonl", range(3))
    seen = []
    for entry in files.entries(files.find([str(path)])):
        seen.append(entry.number)
        with path.open("ab") as file:
            file.write(b'{"text": "later"}\n')
    assert seen == [1, 2, 3]


def test_a_file_that_shrinks_while_it_is_read_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b'{"text": "T"}\n' * 100_000)
    entries = files.entries(files.find([str(path)]))
    first = next(entries)
    os.truncate(path, 14)
    last = list(entries)[-1]
    assert first.problem is None
    assert last.problem
    assert last.problem.reason == "damaged: it became shorter while it was read"


def test_a_text_that_somebody_keeps_writing_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("A story.")
    ticks = iter(range(1, 1000))
    real = os.fstat

    def restless(handle: int) -> os.stat_result:
        os.utime(path, ns=(next(ticks), next(ticks)))
        return real(handle)

    monkeypatch.setattr(os, "fstat", restless)
    (entry,) = files.entries([Input(str(path), "a.txt")])
    assert entry.problem
    assert entry.problem.reason == "it changed while it was read"


def test_lines_and_texts_that_are_too_large_are_problems(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "LARGEST", 100)
    monkeypatch.setattr(files, "CHUNK", 64)
    (tmp_path / "a.jsonl").write_bytes(b'{"text": "T"}\n' + b"x" * 5000 + b'\n{"text": "U"}\n')
    (tmp_path / "b.txt").write_bytes(b"y" * 101)
    (tmp_path / "c.txt").write_bytes(b"y" * 100)
    found = list(files.entries(files.find([str(tmp_path)])))
    assert [(e.number, bool(e.problem)) for e in found] == [(1, False), (2, True), (3, False), (None, True), (None, False)]  # fmt: skip
    assert found[2].data == b'{"text": "U"}'


def test_problems_are_said_one_by_one_up_to_a_number(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.jsonl").write_text("{}\n" * 500)
    clean(tmp_path / "a.jsonl", "-o", tmp_path / "out.jsonl", code=cli.SOME_FAILED)
    err = capfd.readouterr().err
    assert err.count("no field with text") == cli.MOST_SAID
    assert "out.quarantine.jsonl lists them all" in err
    assert len((tmp_path / "out.quarantine.jsonl").read_bytes().splitlines()) == 500
    assert "500 inputs failed" in err


# --- disks and kills ----------------------------------------------------------------------------


def _limit_files() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))


def _start(*arguments: object, **more: object) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "cleaners", "clean", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **more)  # type: ignore[call-overload, no-any-return]


def test_a_full_disk_stops_the_run_with_a_sentence_and_leaves_whole_files(tmp_path: Path) -> None:
    write_records(tmp_path / "a.jsonl", range(3))
    clean(tmp_path / "a.jsonl", "-o", tmp_path / "out", "-q")
    before = written(tmp_path / "out")
    write_records(tmp_path / "a.jsonl", range(60))
    process = _start(tmp_path / "a.jsonl", "-o", tmp_path / "out", preexec_fn=_limit_files)
    _, err = process.communicate(timeout=120)
    assert process.returncode == cli.USAGE
    assert b"File too large; hint: what was written is whole" in err
    assert b"Traceback" not in err
    assert written(tmp_path / "out") == before


def test_a_folder_that_may_not_be_written_to_is_said_before_anything_is_read(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    write_records(tmp_path / "a.jsonl", [1])
    (tmp_path / "out").write_text("a file is in the way")
    clean(tmp_path / "a.jsonl", "-o", tmp_path / "out" / "deep", code=cli.USAGE)
    assert "cannot write there" in capfd.readouterr().err


@pytest.mark.parametrize("delay", [0.0, 0.2, 0.5])
def test_a_kill_leaves_no_half_written_file_and_the_next_run_ends_the_work(
    tmp_path: Path, delay: float
) -> None:
    source = tmp_path / "in"
    source.mkdir()
    write_records(source / "a.jsonl", range(400))
    for number in range(60):
        (source / f"t{number}.txt").write_text(f"Story {number}.\n\nLeave a Reply")
    target = tmp_path / "out"
    process = _start(source, "-o", target, "-q")
    deadline = time.monotonic() + 60
    while not target.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(delay)
    process.kill()
    process.communicate()
    for path in target.rglob("[!.]*.json*"):
        for line in [path.read_bytes()] if path.suffix == ".json" else path.read_bytes().splitlines():
            Article.from_json(line)
    clean(source, "-o", target, "-q")
    clean(source, "-o", tmp_path / "undisturbed", "-q")
    visible = {name: data for name, data in written(target).items() if not name.startswith(".")}
    assert visible == written(tmp_path / "undisturbed")


def test_standard_input_streams_an_article_at_a_time() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "cleaners", "clean", "-", "-q"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdin
    assert process.stdout
    for number in range(3):
        process.stdin.write(json.dumps(record(number)).encode() + b"\n")
        process.stdin.flush()
        if number:  # the first line waits for the second, which tells what the stream is
            assert Article.from_json(process.stdout.readline()).id == f"story-{number - 1}"
    process.stdin.close()
    assert Article.from_json(process.stdout.readline()).id == "story-2"
    assert process.wait(timeout=60) == cli.DONE


def test_folder_paths_are_made_of_place_and_number_alone(tmp_path: Path) -> None:
    sink = Folder(tmp_path, "json", None)
    entry = Entry(Input("/x/deep/a.v2.jsonl.gz", "deep/a.v2.jsonl.gz"), b"{}", is_record=True, number=7)
    assert sink.path(entry) == tmp_path / "deep" / "a.v2" / "7.json"
