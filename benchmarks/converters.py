"""What cleaning does to pages as converters leave them that no weight was learned from.

    python benchmarks/converters.py PATH_TO_BENCH FOLDS [--set NAME] [--converter NAME] [--pages N] [--json]

Needs the extras `train` and `converters`. FOLDS is the folder that `train_evidence.py --folds` wrote. Each
page is turned into text or Markdown here, cleaned by the models that have not seen its site, and scored as
`lift.py` does. Pages that `field/` holds, and those whose reference is cut short, are left out.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import itertools
import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import lift
from bs4 import BeautifulSoup
from lines import SETS
from train_evidence import MISSING, fold_of, site_of

from cleaners import Settings
from cleaners.pipeline import clean

Converter = Callable[[str], str]
UNSEEN = ("script", "style", "noscript", "template")
WIDTH = 78


def _html2text(html: str, width: int = WIDTH, inline: bool = True) -> str:
    converter = importlib.import_module("html2text").HTML2Text(bodywidth=width)
    converter.inline_links = inline
    return str(converter.handle(html))


def _markdownify(html: str) -> str:
    return str(importlib.import_module("markdownify").markdownify(html))


def _readable(html: str) -> str:
    return str(importlib.import_module("readability").Document(html).summary())


def _seen(html: str) -> BeautifulSoup:
    soup = BeautifulSoup(html, "lxml")
    for hidden in soup(UNSEEN):
        hidden.decompose()
    return soup


def _body(html: str) -> Any:
    """What lxml makes of a page; those that say in which encoding they are it takes as bytes only."""
    parsed = importlib.import_module("lxml.html").fromstring(html.encode("utf-8", "replace"))
    body = parsed.find("body")
    return parsed if body is None else body


CONVERTERS: dict[str, Converter] = {
    "html2text": _html2text,
    "html2text-references": lambda html: _html2text(html, inline=False),
    "html2text-unwrapped": lambda html: _html2text(html, width=0),
    "inscriptis": lambda html: str(importlib.import_module("inscriptis").get_text(html)),
    "markdownify": lambda html: _markdownify(str(_seen(html))),
    "nodes": lambda html: _seen(html).get_text("\n"),
    "nodes-of-paragraphs": lambda html: "\n".join(
        text for p in _seen(html)("p") for text in p.stripped_strings
    ),
    "run-together": lambda html: _seen(html).get_text(),
    "with-scripts": lambda html: str(_body(html).text_content()),
    "markup": str,
    "readability-markup": _readable,
    "readability-html2text": lambda html: _html2text(_readable(html)),
    "readability-markdownify": lambda html: _markdownify(_readable(html)),
}


def pages(bench: Path, name: str) -> Iterator[tuple[dict[str, Any], str]]:
    """What is known of each page that may be measured on, and its markup."""
    folder = bench / "pages" / name
    with (folder / "gold.jsonl").open(encoding="utf-8") as lines:
        for gold in map(json.loads, lines):
            if gold["text"] and not gold.get("field") and (gold.get("gold_missing") or 0) <= MISSING:
                yield gold, gzip.decompress((folder / gold["page"]).read_bytes()).decode("utf-8", "replace")


def figures(bench: Path, convert: Converter, most: int | None, name: str) -> lift.Figures:
    """As in `lift.summary`, of the pages that the converter finds text in."""
    scorer, settings = lift.page_score(bench), Settings(language=False)
    found = []
    for gold, html in itertools.islice(pages(bench, name), most):
        text = convert(html)
        if text.strip():
            lift.use(fold_of(site_of(gold.get("url") or gold["id"])))
            after = scorer(gold["text"], clean(text, settings=settings).text)
            found.append(lift.Lift(scorer(gold["text"], text), after, after))
    summary = lift.summary(found)
    del summary["gap_closed"]  # of what converters leave no line has a label
    return summary


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("bench", type=Path)
    parser.add_argument("folds", type=Path)
    parser.add_argument("--set", action="append", choices=SETS)
    parser.add_argument("--converter", action="append", choices=list(CONVERTERS))
    parser.add_argument("--pages", type=int, help="of each set, at most")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    if not lift.are_there(arguments.bench / "pages", arguments.folds):
        return 2
    lift.MODELS.extend(lift.load_folds(arguments.folds))
    for converter in arguments.converter or CONVERTERS:
        found = partial(figures, arguments.bench, CONVERTERS[converter], arguments.pages)
        lift.table(converter, arguments.set or SETS, found, arguments.json)
    return 0


if __name__ == "__main__":
    sys.exit(main())
