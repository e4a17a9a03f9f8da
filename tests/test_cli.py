"""The command line: what it prints, what it writes, and its exit codes."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cleaners import cli
from cleaners.article import Article
from tests.samples import ROOT, SEEDS
from tests.terminal import on_a_terminal

STORY = (
    "The harbour board voted on Tuesday to close the old stone quay until the spring, after engineers found "
    "that its outer wall had settled by a hand's breadth, and to ask the county for the money to mend it."
)
DIRTY = f"{STORY}\n\n{STORY[:-1]} soon.\n\nLeave a Reply\n"
CLEAN = f"{STORY}\n\n{STORY[:-1]} soon."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "a.txt").write_text(DIRTY, encoding="utf-8")
    (tmp_path / "in" / "deep" / "b.txt").write_text(CLEAN, encoding="utf-8")
    (tmp_path / "in" / "notes.md").write_text("not an article", encoding="utf-8")
    (tmp_path / "in" / ".hidden.txt").write_text("hidden", encoding="utf-8")
    return tmp_path


def _copydesk(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "cleaners", *arguments], capture_output=True, cwd=ROOT, check=False
    )


# --- clean --------------------------------------------------------------------------------------


def test_without_an_output_articles_are_json_lines_on_stdout(
    folder: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert cli.run(["clean", str(folder / "in")]) == cli.DONE
    out, err = capfdbinary.readouterr()
    articles = [Article.from_json(line) for line in out.splitlines()]
    assert [article.source.path for article in articles] == ["a.txt", "deep/b.txt"]
    assert [article.text for article in articles] == [CLEAN, CLEAN]
    assert err.startswith(b"2 articles; 1 removal, 0 moved to fields, ")


def test_a_folder_gets_one_file_an_article_mirroring_the_inputs(folder: Path) -> None:
    assert cli.run(["clean", str(folder / "in"), "-o", str(folder / "out"), "-q"]) == cli.DONE
    written = sorted(path.relative_to(folder / "out").as_posix() for path in (folder / "out").rglob("*.*"))
    assert written == ["a.json", "deep/b.json"]
    assert Article.from_json((folder / "out" / "a.json").read_bytes()).text == CLEAN


def test_a_jsonl_file_gets_all_articles_and_globs_are_expanded(folder: Path) -> None:
    target = folder / "all.jsonl"
    assert cli.run(["clean", str(folder / "in" / "**" / "*.txt"), "-o", str(target), "-q"]) == cli.DONE
    assert len(target.read_bytes().splitlines()) == 2


def test_standard_input_is_a_dash(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(DIRTY.encode())))
    assert cli.run(["clean", "-"]) == cli.DONE
    assert Article.from_json(capfdbinary.readouterr().out).text == CLEAN


def test_check_writes_nothing_and_says_whether_anything_would_change(folder: Path) -> None:
    out = folder / "out"
    assert cli.run(["clean", str(folder / "in" / "a.txt"), "-o", str(out), "--check"]) == cli.FINDINGS
    assert cli.run(["clean", str(folder / "in" / "deep"), "-o", str(out), "--check"]) == cli.DONE
    assert not out.exists()


def test_an_input_that_cannot_be_read_is_said_and_the_rest_is_written(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "in" / "dangling.txt").symlink_to(folder / "nowhere")
    assert cli.run(["clean", str(folder / "in"), "-o", str(folder / "out"), "--check"]) == cli.SOME_FAILED
    assert cli.run(["clean", str(folder / "in"), "-o", str(folder / "out")]) == cli.SOME_FAILED
    err = capfd.readouterr().err
    assert "dangling.txt: No such file or directory" in err
    assert "1 input failed" in err
    assert len(list((folder / "out").rglob("*.json"))) == 2


def test_two_inputs_for_one_output_are_refused_before_anything_is_written(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "in" / "a.text").write_text("other", encoding="utf-8")
    assert cli.run(["clean", str(folder / "in"), "-o", str(folder / "out")]) == cli.USAGE
    assert "would both write" in capfd.readouterr().err
    assert not list(folder.rglob("*.json"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["clean"], "Missing argument 'PATH...'"),
        (["clean", "no-such-file.txt"], "no-such-file.txt: no such file, folder or glob; hint:"),
        (["clean", "seeds", "--without", "comment/leav"], "hint: did you mean 'comment/leave-a-comment'?"),
        (["frobnicate"], "No such command 'frobnicate'"),
        (["rules", "show", "comment/leave"], "did you mean 'comment/leave-a-comment'?"),
        (["restore", "README.md"], "README.md: not an article"),
        (["restore", "nowhere.json"], "nowhere.json: No such file"),
    ],
)
def test_a_bad_argument_stops_with_one_plain_sentence(
    arguments: list[str], message: str, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT)
    assert cli.run(arguments) == cli.USAGE
    out, err = capfd.readouterr()
    assert message in err
    assert "Traceback" not in err
    assert out == ""


def test_an_output_that_cannot_be_written_is_a_configuration_error(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "file").write_text("in the way", encoding="utf-8")
    assert cli.run(["clean", str(folder / "in"), "-o", str(folder / "file" / "sub")]) == cli.USAGE
    assert "cannot write there" in capfd.readouterr().err


def test_a_failed_write_leaves_the_old_file_and_nothing_beside_it(folder: Path) -> None:
    from cleaners.files import Aside

    target = folder / "old.json"
    target.write_bytes(b"old")

    def fail() -> None:
        with Aside(target) as file:
            file.write(b"half")
            raise OSError("the disk is full")

    with pytest.raises(OSError, match="the disk is full"):
        fail()
    assert target.read_bytes() == b"old"
    assert [path.name for path in folder.iterdir() if path.is_file()] == ["old.json"]


def test_a_closed_pipe_is_quiet() -> None:
    command = f"{sys.executable} -m cleaners clean seeds | head -c 10"
    done = subprocess.run(command, shell=True, capture_output=True, cwd=ROOT, check=False)
    assert len(done.stdout) == 10
    assert b"Traceback" not in done.stderr
    assert b"BrokenPipe" not in done.stderr


def test_an_interrupt_exits_with_130() -> None:
    script = (
        "import signal; from cleaners import cli\n"
        # What a shell starts in the background ignores interrupts, and so would its children.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "print('ready', flush=True)\n"
        "cli.main(['clean', '-'])"  # waits for its input
    )
    pipe = subprocess.PIPE
    process = subprocess.Popen([sys.executable, "-c", script], stdin=pipe, stdout=pipe, stderr=pipe, cwd=ROOT)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == cli.INTERRUPTED
    assert err.strip() == b"copydesk: interrupted"


# --- the other commands ---------------------------------------------------------------------------


def test_restore_gives_the_bytes_back(tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert cli.run(["clean", *map(str, SEEDS), "-o", str(tmp_path), "-q"]) == cli.DONE
    for path in SEEDS:
        assert cli.run(["restore", str(tmp_path / f"{path.stem}.json")]) == cli.DONE
        assert capfdbinary.readouterr().out == path.read_bytes()


def test_restore_writes_to_a_file_when_asked(tmp_path: Path) -> None:
    assert cli.run(["clean", str(SEEDS[0]), "-o", str(tmp_path), "-q"]) == cli.DONE
    target = tmp_path / "back.txt"
    assert cli.run(["restore", str(tmp_path / f"{SEEDS[0].stem}.json"), "-o", str(target)]) == cli.DONE
    assert target.read_bytes() == SEEDS[0].read_bytes()


def test_preview_shows_each_change_and_writes_nothing(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    before = sorted(folder.rglob("*"))
    assert cli.run(["preview", str(folder / "in" / "a.txt")]) == cli.DONE
    out = capfd.readouterr().out
    assert re.search(r"^ +5 - Leave a Reply  comment/leave-a-comment 1\.00 ", out, re.MULTILINE)
    assert "\x1b" not in out
    assert sorted(folder.rglob("*")) == before
    assert cli.run(["preview", str(folder / "in" / "a.txt"), "--check"]) == cli.FINDINGS


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_preview_is_coloured_on_a_terminal_unless_no_color_is_set(
    folder: Path, no_color: str, coloured: bool
) -> None:
    assert (b"\x1b[31m" in on_a_terminal("preview", folder / "in" / "a.txt", no_color=no_color)) is coloured


def test_text_cannot_steer_the_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "hostile.txt"
    path.write_text(f"{DIRTY}\n\x1b]0;owned\x07\u202eevil", encoding="utf-8")
    assert cli.run(["preview", str(path)]) == cli.DONE
    out = capfd.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_rules_are_listed_shown_and_tested(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["rules", "list"]) == cli.DONE
    listed = capfd.readouterr().out
    assert "comment/leave-a-comment " in listed
    assert "repair/encoding " in listed
    assert cli.run(["rules", "show", "comment/leave-a-comment"]) == cli.DONE
    shown = capfd.readouterr().out
    assert "Leave a Reply" in shown
    assert "file: cleaners/rules/comment.toml" in shown
    assert cli.run(["rules", "show", "repair/encoding"]) == cli.DONE
    assert cli.run(["rules", "test"]) == cli.DONE
    assert re.search(r"\d+ rules, 0 problems", capfd.readouterr().out)


def test_the_schema_is_printed(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["schema"]) == cli.DONE
    assert json.loads(capfd.readouterr().out)["$schema"].endswith("2020-12/schema")


def test_help_loads_no_library_but_click() -> None:
    script = (
        "import sys; from cleaners import cli; code = cli.run(['--help']); "
        "print(*[m for m in ('msgspec', 'bs4', 'ftfy', 'rich', 'langdetect', 'prefect') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.splitlines()[-1] == ""
    assert "clean" in done.stdout


def test_the_version_is_said(capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["--version"]) == cli.DONE
    assert re.fullmatch(r"copydesk \d+\.\d+\.\d+\n", capfd.readouterr().out)
    assert _copydesk("--version").returncode == cli.DONE
