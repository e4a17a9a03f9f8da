"""A run as a page of HTML that stands by itself: no script, nothing fetched, light or dark.

It alone knows HTML. The same run gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import NamedTuple

from cleaners.report import RuleCount, SiteCount, Summary, by_count, sentence, visible

MOST_SITES, MOST_RULES = 100, 200

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2530; --soft: #5b6876; --line: #dde3ea; --paper: #fbfcfd;
  --card: #fff; --bar: #4a7fb5; --track: #e9eef4; --warn: #9a4b00; --warn-paper: #fff4e5; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4e9ef; --soft: #9aa7b5; --line: #2c3642;
  --paper: #12171d; --card: #1a212a; --bar: #6aa3dc; --track: #27313d; --warn: #ffbf7a;
  --warn-paper: #33240f; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 68rem; padding: 2.5rem 1.5rem 4rem; background: var(--paper);
  color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
h1 { font-size: 1.6rem; margin: 0 0 .3rem; letter-spacing: -.01em; }
h2 { font-size: 1.05rem; margin: 2.6rem 0 .8rem; }
.lead { color: var(--soft); margin: 0 0 .2rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .8rem;
  margin: 1.6rem 0 0; padding: 0; list-style: none; }
.tiles li { background: var(--card); border: 1px solid var(--line); border-radius: .5rem;
  padding: .8rem 1rem; }
.tiles b { display: block; font-size: 1.45rem; font-weight: 600; font-variant-numeric: tabular-nums; }
.tiles span { color: var(--soft); font-size: .85rem; }
.table { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: .5rem .9rem; text-align: left; vertical-align: top; border-top: 1px solid var(--line); }
thead th { border-top: 0; color: var(--soft); font-size: .8rem; font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 500; overflow-wrap: break-word; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.w { width: 30%; min-width: 8rem; }
.x { width: 45%; min-width: 9rem; }
.y { min-width: 11rem; }
.bar { display: block; height: .55rem; margin-top: .45rem; border-radius: .3rem; background: var(--track); }
.bar i { display: block; height: 100%; min-width: 2px; border-radius: .3rem; background: var(--bar); }
q { display: block; color: var(--soft); quotes: none; overflow-wrap: anywhere; padding-left: .6rem;
  border-left: 2px solid var(--line); }
q + q { margin-top: .35rem; }
code { white-space: nowrap; font: .87em ui-monospace, SFMono-Regular, Menlo, monospace; }
.warn { background: var(--warn-paper); color: var(--warn); border-radius: .5rem; margin: 0;
  padding: .8rem 1rem .8rem 2rem; }
footer { margin-top: 3rem; color: var(--soft); font-size: .82rem; overflow-wrap: anywhere; }
""".strip()


class Change(NamedTuple):
    """A figure before and after a run, as it is to be read."""

    figure: str
    before: str
    now: str
    difference: str


class Report(NamedTuple):
    """All that a page tells."""

    summary: Summary
    lead: str
    """What the run found to do."""
    drifts: Sequence[str]
    changes: Sequence[Change]
    made_with: str


def html(report: Report) -> str:
    """The page."""
    summary = report.summary
    parts = [
        "<h1>What was removed, and why</h1>",
        f'<p class="lead">{_text(sentence(summary))}.</p>',
        f'<p class="lead">{_text(report.lead[:1].upper() + report.lead[1:])}.</p>',
        _tiles(summary),
        *_drifts(report.drifts),
        *_kinds(summary),
        *_sites(summary),
        *_rules(summary),
        *_changes(report.changes),
        *_failed(summary),
        f"<footer>{_text(report.made_with)}</footer>",
    ]
    return _document("\n".join(parts))


def _document(body: str) -> str:
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        # Whatever a text may smuggle in: nothing is loaded, nothing runs.
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>copydesk: what was removed, and why</title>\n<style>\n{_STYLE}\n</style>\n</head>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )


def _text(text: str) -> str:
    return escape(visible(text))


def _tiles(summary: Summary) -> str:
    whole = summary.text_length + summary.removed_length
    figures = [
        (f"{summary.articles:,}", "articles cleaned"),
        (f"{summary.unchanged:,}", "unchanged"),
        (_percent(summary.text_length, whole), "of the text kept"),
        (f"{summary.words:,}", "words kept"),
        (f"{summary.removed:,}", "removals"),
        (f"{summary.review:,}", "to review"),
        (f"{summary.failed:,}", "gave no article"),
    ]
    tiles = "".join(f"<li><b>{number}</b><span>{what}</span></li>" for number, what in figures)
    return f'<ul class="tiles">{tiles}</ul>'


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def _drifts(drifts: Sequence[str]) -> Iterator[str]:
    if drifts:
        yield "<h2>Out of the usual range</h2>"
        yield f'<ul class="warn">{"".join(f"<li>{_text(one)}</li>" for one in drifts)}</ul>'


def _table(heads: Sequence[tuple[str, str]], rows: Iterable[Sequence[str]]) -> str:
    """A table; each head with the class of its column, the first column names the row."""
    head = "".join(f'<th scope="col"{_class(kind)}>{name}</th>' for name, kind in heads)
    lines = []
    for first, *others in rows:
        cells = "".join(
            f"<td{_class(kind)}>{cell}</td>" for cell, (_, kind) in zip(others, heads[1:], strict=True)
        )
        lines.append(f'<tr><th scope="row">{first}</th>{cells}</tr>')
    body = "\n".join(lines)
    whole = f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>"
    return f'<div class="table"><table>\n{whole}\n</table></div>'


def _class(kind: str) -> str:
    return f' class="{kind}"' if kind else ""


def _bar(part: int, whole: int) -> str:
    return f'<span class="bar"><i style="width:{100 * part / max(1, whole):.1f}%"></i></span>'


def _kinds(summary: Summary) -> Iterator[str]:
    kinds = sorted(summary.kinds.items(), key=lambda kind: (-kind[1], kind[0]))
    if kinds:
        most = kinds[0][1]
        yield "<h2>Residue by kind</h2>"
        yield _table(
            (("kind", ""), ("removed", "n"), ("", "x")),
            ((_text(kind), f"{count:,}", _bar(count, most)) for kind, count in kinds),
        )


def _sites(summary: Summary) -> Iterator[str]:
    sites = sorted(summary.sites.items(), key=lambda site: (-site[1].articles, site[0]))
    if sites:
        yield "<h2>Sites</h2>"
        heads = ("site", ""), ("articles", "n"), ("removals", "n"), ("share of text removed", "n"), ("", "w")
        yield _table((*heads, ("to review", "n"), ("guard", "n")), map(_site, sites[:MOST_SITES]))
        yield from _more(len(sites) - MOST_SITES)


def _site(named: tuple[str, SiteCount]) -> Sequence[str]:
    name, site = named
    whole = site.text_length + site.removed_length
    share = _percent(site.removed_length, whole)
    figures = f"{site.articles:,}", f"{site.removed:,}", share, _bar(site.removed_length, whole)
    return (_text(name) or "(none named)", *figures, f"{site.review:,}", f"{site.guard:,}")


def _rules(summary: Summary) -> Iterator[str]:
    rules = by_count(summary)
    if rules:
        yield "<h2>Rules, with the first lines that they decided on</h2>"
        heads = ("rule", ""), ("times", "n"), ("why", "y"), ("for example", "x")
        yield _table(heads, map(_rule, rules[:MOST_RULES]))
        yield from _more(len(rules) - MOST_RULES)


def _rule(named: tuple[str, RuleCount]) -> Sequence[str]:
    name, rule = named
    samples = "".join(f"<q>{_text(sample)}</q>" for sample in dict.fromkeys(rule.samples))
    return f"<code>{_text(name)}</code>", f"{rule.count:,}", _text(rule.reason), samples


def _changes(changes: Sequence[Change]) -> Iterator[str]:
    if changes:
        yield "<h2>Against the run before</h2>"
        heads = ("", ""), ("before", "n"), ("now", "n"), ("difference", "n")
        yield _table(heads, (tuple(map(_text, change)) for change in changes))


def _failed(summary: Summary) -> Iterator[str]:
    if summary.problems:
        yield "<h2>What gave no article</h2>"
        rows = ((_text(name), _text(reason)) for name, reason in summary.problems)
        yield _table((("input", ""), ("reason", "")), rows)
        yield from _more(summary.failed - len(summary.problems))


def _more(number: int) -> Iterator[str]:
    if number > 0:
        yield f'<p class="lead">and {number:,} more</p>'
