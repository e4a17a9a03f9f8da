"""Rewrite the golden outputs: `make golden`. The diff is read like code."""

from __future__ import annotations

from cleaners.files import Input, clean_inputs, write_article
from cleaners.settings import Settings
from tests.samples import GOLDEN, SEEDS


def main() -> None:
    for old in GOLDEN.glob("*.json"):
        old.unlink()
    for outcome in clean_inputs([Input(str(path), path.name) for path in SEEDS], Settings()):
        assert outcome.article is not None
        write_article((GOLDEN / outcome.input.place).with_suffix(".json"), outcome.article)


if __name__ == "__main__":
    main()
