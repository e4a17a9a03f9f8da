"""The page of a run: it stands by itself, says what the summary says, and no text becomes markup."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from cleaners import clean, page
from cleaners.report import Summary, merge, problem, summarize
from tests.samples import SEEDS

VOID = {"meta"}


class Reader(HTMLParser):
    """Fails where tags do not close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def of(summary: Summary, drifts: tuple[str, ...] = ()) -> str:
    changes = [page.Change("articles", "1", "2", "+1")]
    return page.html(page.Report(summary, "inputs: 1 new", drifts, changes, "copydesk 0, rules abc"))


def test_a_page_says_what_the_summary_says_in_tags_that_close() -> None:
    summary = merge(
        [summarize(clean(path.read_bytes())) for path in SEEDS] + [problem("x.txt", "unreadable")]
    )
    html = of(summary, ("news.example: share of the text removed 40 %",))
    reader = Reader()
    reader.feed(html)

    assert reader.open == []
    for said in (
        f"<b>{summary.articles:,}</b>",
        "x.txt",
        "unreadable",
        "news.example",
        "Inputs: 1 new",
        "rules abc",
    ):
        assert said in html
    assert all(f"<code>{rule}</code>" in html for rule in summary.rules)


def test_a_page_fetches_nothing_and_runs_nothing() -> None:
    html = of(merge([summarize(clean(path.read_bytes())) for path in SEEDS]))
    reader = Reader()
    reader.feed(html)

    assert not {"script", "link", "img", "iframe"} & reader.tags
    assert not re.search(r"<[^>]*\b(?:src|href)=|url\(|@import", html)
    assert "default-src 'none'" in html


def test_no_text_becomes_markup_or_steers_the_reader() -> None:
    hostile = "<script>alert(1)</script>\u202e\"'&"
    article = clean(f"A story of the pier.\n\n{hostile}\n\nLeave a Comment: {hostile}\n")
    html = of(merge([summarize(article), problem(hostile, hostile)]), (hostile,))

    assert "<script" not in html
    assert "\u202e" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\\u202e&quot;&#x27;&amp;" in html


def test_an_empty_run_has_a_page_too() -> None:
    html = of(merge([]))
    assert "0 articles" in html
    assert "Residue by kind" not in html
