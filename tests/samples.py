"""Where the sample articles are, and what must come of each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
PROSE = sorted((ROOT / "tests" / "prose").glob("*.txt"))
GOLDEN = ROOT / "tests" / "golden"
LABELS: dict[str, dict[str, Any]] = json.loads(
    (ROOT / "tests" / "seed_labels.json").read_text(encoding="utf-8")
)
SHARED = ROOT.parent / "shared"
"""Real texts and benchmarks, where they are at hand; never part of the project."""
