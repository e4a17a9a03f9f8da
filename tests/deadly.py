"""Texts that kill the process that cleans them, as one that runs out of memory is killed."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Any

from cleaners import files, runs, shards
from cleaners.files import Entry
from cleaners.outputs import Format
from cleaners.pipeline import fingerprint
from cleaners.runs import Result
from cleaners.settings import Settings

MARK = b"The bridge is closed to the deadly lorry"
_clean_entry = runs.clean_entry
_make = shards.make


def clean_entry(entry: Entry, settings: Settings, form: Format) -> Result:
    """As the library's, but for a text with the mark."""
    if MARK in entry.data:
        os.kill(os.getpid(), signal.SIGKILL)
    return _clean_entry(entry, settings, form)


def make(*arguments: Any) -> shards.Made:
    """As the library's, in a process where texts kill."""
    runs.clean_entry = clean_entry
    return _make(*arguments)


def run(inputs: Path, output: Path, settings: Settings) -> shards.Published:
    """A whole run."""
    with shards.Lock(output):
        plan = shards.plan(output, files.find([str(inputs)]), fingerprint(settings), batch_size=4)
        made = [make(batch, output, settings) for batch in plan.batches]
        return shards.publish(output, plan, made)
