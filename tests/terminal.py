"""What the command line prints where it thinks that a person is looking."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.samples import ROOT


def on_a_terminal(*arguments: object, no_color: str) -> bytes:
    """What a command prints on a terminal; NO_COLOR is not set where it is empty."""
    script = f"from cleaners.cli import main; main({list(map(str, arguments))!r})"
    command = [sys.executable, "-c", f"import pty; pty.spawn([{sys.executable!r}, '-c', {script!r}])"]
    environment = {**os.environ, "TERM": "xterm-256color", "NO_COLOR": no_color}
    if not no_color:
        del environment["NO_COLOR"]
    return subprocess.run(command, capture_output=True, cwd=ROOT, env=environment, check=True).stdout
