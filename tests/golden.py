"""Rewrite the golden outputs: `make golden`. The diff is read like code."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cleaners import Source, clean_many
from tests.samples import GOLDEN, SEEDS

VERSIONED = ("rules", "settings", "version")
"""Provenance that a new rule changes in every article: left out, so that diffs stay readable."""


def golden(path: Path) -> dict[str, Any]:
    """What is expected of a sample."""
    source = Source(path.read_bytes(), name=path.name, path=path.name)
    article = next(iter(clean_many([source]))).to_dict()
    for key in VERSIONED:
        del article["provenance"][key]
    return article


def main() -> None:
    GOLDEN.mkdir(exist_ok=True)
    for old in GOLDEN.glob("*.json"):
        old.unlink()
    for path in SEEDS:
        text = json.dumps(golden(path), ensure_ascii=False, indent=1)
        (GOLDEN / f"{path.stem}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
