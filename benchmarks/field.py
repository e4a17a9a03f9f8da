"""How cleaning does on labelled news texts that lie beside the project.

    python benchmarks/field.py PATH_TO_BENCH [--json] [--max-risk RISK] [--without evidence]

Cleans `field/*/docs.jsonl` and lets `field/score.py` there compare the result with the labels. Prints
figures only, never a line of the texts: rules are not to be written from them.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from cleaners import Settings, Source, clean_many


def score(folder: Path, scorer: Path, settings: Settings) -> dict[str, object]:
    """The figures for one set of documents."""
    records = [json.loads(line) for line in (folder / "docs.jsonl").read_text("utf-8").splitlines() if line]
    articles = clean_many([Source(record["text"]) for record in records], settings)
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as cleaned:
        for record, article in zip(records, articles, strict=True):
            row = {"id": record["id"], "extractor": record["extractor"], "text": article.text}
            cleaned.write(json.dumps(row) + "\n")
        cleaned.flush()
        inputs = [str(folder / "docs.jsonl"), str(folder / "labels.jsonl"), cleaned.name]
        command = [sys.executable, str(scorer), *inputs, "--json"]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    figures: dict[str, object] = json.loads(done.stdout)
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("bench", type=Path, help="folder with field/ in it")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--max-risk", type=float, default=Settings().max_risk, help="as of `copydesk clean`")
    parser.add_argument(
        "--without", action="append", default=[], metavar="NAME", help="as of `copydesk clean`"
    )
    arguments = parser.parse_args()
    field = arguments.bench / "field"
    if not (field / "score.py").exists():
        print(f"{field}: no labelled texts there; they are no part of the project", file=sys.stderr)
        return 2
    sets = sorted(folder for folder in field.iterdir() if (folder / "docs.jsonl").exists())
    settings = Settings(language=False, max_risk=arguments.max_risk, without=frozenset(arguments.without))
    results = {folder.name: score(folder, field / "score.py", settings) for folder in sets}
    if arguments.json:
        print(json.dumps(results))
        return 0
    for name, figures in results.items():
        print(name)
        for figure, value in figures.items():
            print(f"  {figure:20} {value if not isinstance(value, float) else f'{value:.2%}'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
