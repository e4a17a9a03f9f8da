"""What the documents say can be done is done here."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from cleaners.cli import cli
from tests.samples import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```(\w+)\n(.*?)```", README, re.DOTALL)
COMMANDS = [
    line for kind, block in BLOCKS if kind == "sh" for line in block.splitlines() if line and line[0] != "#"
]
RECURSIVE = ("make test",)
"""Running the tests from within the tests would not end; that make knows how is checked instead."""


def _shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a README command in a copy of the samples, with this environment's `copydesk` and `python`."""
    bin_folder = Path(sys.executable).parent
    environment = {
        "PATH": f"{bin_folder}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(folder),
        "PREFECT_HOME": str(folder / ".prefect"),
        "LANG": "C.UTF-8",
    }
    return subprocess.run(
        command, shell=True, executable="/bin/bash", cwd=folder, env=environment, capture_output=True, text=True,
        check=False, timeout=300,
    )  # fmt: skip


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that looks like a fresh checkout, whose environment is already there."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("seeds", "Makefile", "pyproject.toml", "constraints.txt", "cleaners", "flows"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "clean").mkdir()
    ready = folder / ".venv"
    ready.mkdir()
    (ready / "bin").symlink_to(Path(sys.executable).parent)
    (ready / ".ready").touch()
    # Commands that read clean/ may run before those that fill it, on a worker of their own.
    assert _shell("copydesk clean seeds/ -o clean/", folder).returncode == 0
    return folder


@pytest.mark.xdist_group("prefect")
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_readme_runs(command: str, checkout: Path) -> None:
    runnable = f"make -n {command.split()[1]}" if command in RECURSIVE else command
    done = _shell(runnable, checkout)
    assert done.returncode == 0, done.stderr
    assert done.stdout or done.stderr or "-o" in shlex.split(command)


def test_the_readme_s_python_runs_as_shown(checkout: Path) -> None:
    code = [block for kind, block in BLOCKS if kind == "python"]
    assert code
    for block in code:
        script = checkout / "example.py"
        script.write_text(block, encoding="utf-8")
        done = _shell(f"python {script}", checkout)
        assert done.returncode == 0, done.stderr


def test_the_before_and_after_on_top_are_what_cleaning_does() -> None:
    from cleaners import clean

    (before, after) = [block for kind, block in BLOCKS if kind == "text"][:2]
    assert clean(before).text == after.strip("\n")


def test_every_command_is_in_the_readme() -> None:
    for name in cli.commands:
        assert f"copydesk {name}" in README


def test_every_key_of_a_rule_is_explained() -> None:
    from cleaners.rule import Rule

    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for key in set(Rule.__struct_fields__) - {"id", "site", "file"}:
        assert f"`{key}`" in contributing


def test_the_list_of_rules_is_what_the_files_say() -> None:
    from cleaners.pipeline import known_rules
    from cleaners.rulebook import catalogue, load_rules

    written = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert written == catalogue(load_rules(), known_rules()), "run `make docs`"


def test_every_setting_is_explained_with_its_default() -> None:
    from cleaners.config import _toml
    from cleaners.settings import Fields, Settings, Site

    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    rows = {line.split("|")[1].strip(): line for line in page.splitlines() if line.startswith("| `")}
    for key in {*Settings.__struct_fields__, *Fields.__struct_fields__, *Site.__struct_fields__} - {"host"}:
        assert f"`{key}`" in rows
    for line in page.partition("## Where")[0].splitlines():
        if line.startswith("| `") and "see below" not in line:
            key, default = (cell.strip().strip("`") for cell in line.split("|")[1:3])
            assert _toml(getattr(Settings(), key)) == default


def test_the_settings_file_shown_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from cleaners.config import load

    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    shown, rule = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    (code,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "copydesk.toml").write_text(shown, encoding="utf-8")
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "mine.toml").write_text(rule, encoding="utf-8")
    assert load().settings.bar == 0.95
    exec(compile(code, "settings.md", "exec"), {})
