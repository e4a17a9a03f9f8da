"""The labels that evidence learns from are put right by the markup of the pages (benchmarks/markup.py)."""

from __future__ import annotations

import importlib.util
from types import ModuleType

import pytest

from tests.samples import ROOT

PAGE = """
<html><head><title>Ferry stops - The Oldmere Post</title></head><body>
<nav><a href="/">Harbour</a> <a href="/t">Tides</a></nav>
<main><h1>Ferry to Sant stops</h1>
<div class="story-text">
<p>The ferry to the island of Sant stopped on Tuesday after cracks were found.</p>
<figure><img src="p.jpg"><figcaption>The pier at low tide. Photo: Ines Holt</figcaption></figure>
<p>Mayor Elin Garrow told the council that a smaller boat would carry the post.
<h3>Who pays</h3>
<p>The council meets again on Friday to decide who pays for the smaller boat.</p>
<ul><li>no lorries</li><li>no livestock</li></ul>
<div class="newsletterBox"><p>Letters from the harbour, every morning at six.</p></div>
<p>The harbour board found the cracks when it looked at the pier in spring.</p>
<p>Written with a report by the county radio.</p>
</div>
<section class="more"><h3>Orchards count the cost</h3></section></main></body></html>
"""
ARTICLE, RESIDUE, CAPTION, UNSURE, LEFT_OUT = 1, 0, 4, 5, -1
LINES = {
    "Harbour Tides": (RESIDUE, RESIDUE),
    "The ferry to the island of Sant stopped on Tuesday after cracks were found.": (ARTICLE, ARTICLE),
    "The pier at low tide. Photo: Ines Holt": (RESIDUE, CAPTION),
    "Mayor Elin Garrow told the council that a smaller boat would carry the post.": (ARTICLE, ARTICLE),
    "Who pays": (RESIDUE, LEFT_OUT),
    "The council meets again on Friday to decide who pays for the smaller boat.": (ARTICLE, ARTICLE),
    "- no lorries": (RESIDUE, LEFT_OUT),
    "Letters from the harbour, every morning at six.": (RESIDUE, RESIDUE),
    "The harbour board found the cracks when it looked at the pier in spring.": (ARTICLE, ARTICLE),
    "Written with a report by the county radio.": (RESIDUE, UNSURE),
    "Orchards count the cost": (RESIDUE, RESIDUE),
    "window.tides = []": (RESIDUE, UNSURE),
}


@pytest.fixture(scope="module")
def markup() -> ModuleType:
    spec = importlib.util.spec_from_file_location("markup", ROOT / "benchmarks" / "markup.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _corrected(markup: ModuleType, common: frozenset[str] = frozenset()) -> dict[str, int]:
    labels = [label for label, _ in LINES.values()]
    found = markup.Markup(markup.texts_of(PAGE)).corrected(list(LINES), labels, common)
    return dict(zip(LINES, found, strict=True))


def test_markup_tells_gaps_of_the_reference_captions_and_what_is_surely_foreign(markup: ModuleType) -> None:
    assert _corrected(markup) == {line: right for line, (_, right) in LINES.items()}


def test_what_stands_on_other_pages_of_the_site_too_is_foreign(markup: ModuleType) -> None:
    line = "Written with a report by the county radio."
    assert _corrected(markup, frozenset([markup.key_of(line)]))[line] == RESIDUE


def test_a_page_without_a_known_line_leaves_labels_unsure(markup: ModuleType) -> None:
    assert markup.Markup([]).corrected(
        ["A line of the harbour", "Another"], [RESIDUE, ARTICLE], frozenset()
    ) == [
        UNSURE,
        ARTICLE,
    ]
