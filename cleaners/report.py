"""A run in numbers and pictures: a summary that merges, its Markdown, and a preview for the terminal."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from cleaners.article import Article, Change

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from cleaners.explaining import Decision, ExplainedBlock, Explanation

SAMPLES = 3
MOST_PROBLEMS = 50
SAMPLE_LENGTH = 90


class RuleCount(msgspec.Struct, frozen=True, rename="camel"):
    """How often a rule decided, and the first few lines it decided on."""

    count: int
    reason: str
    samples: tuple[str, ...]


class SiteCount(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What became of the articles of one site."""

    articles: int = 0
    removed: int = 0
    text_length: int = 0
    removed_length: int = 0
    review: int = 0
    """Articles with something to review."""
    guard: int = 0
    """Articles whose removals the guard took back."""


class Summary(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A run, or a part of one. Two parts merge into the same whole in any grouping, in order."""

    articles: int = 0
    """Articles that were cleaned now."""
    unchanged: int = 0
    """Articles of an earlier run that still stand."""
    failed: int = 0
    """Inputs that gave no article."""
    problems: tuple[tuple[str, str], ...] = ()
    """The first of them, with the reason."""
    removed: int = 0
    moved: int = 0
    repaired: int = 0
    review: int = 0
    words: int = 0
    """Words of the cleaned texts."""
    text_length: int = 0
    removed_length: int = 0
    flags: dict[str, int] = {}
    rules: dict[str, RuleCount] = {}
    kinds: dict[str, int] = {}
    """Removals by the kind of what went."""
    sites: dict[str, SiteCount] = {}
    """By host name; "" stands for articles that name none."""


def summarize(article: Article) -> Summary:
    """The summary of one article."""
    rules: dict[str, RuleCount] = {}
    for change in decisions(article):
        rule = change.rules[-1]
        sample = (shorten(change.before.strip()),) if change.before.strip() else ()
        one = RuleCount(1, change.reason, sample)
        rules[rule] = _add(rules[rule], one) if rule in rules else one
    operations = [change.op for change in article.changes]
    removed = [change for change in article.changes if change.op == "remove"]
    removed_length = sum(len(change.before) for change in removed)
    site = SiteCount(
        articles=1,
        removed=len(removed),
        text_length=len(article.text),
        removed_length=removed_length,
        review=int(bool(article.review)),
        guard=article.quality.flags.count("overRemovalGuard"),
    )
    return Summary(
        articles=1,
        removed=len(removed),
        moved=operations.count("move"),
        repaired=operations.count("repair"),
        review=len(article.review),
        words=len(article.text.split()),
        text_length=len(article.text),
        removed_length=removed_length,
        flags=dict.fromkeys(article.quality.flags, 1),
        rules=rules,
        kinds=dict(Counter(change.category for change in removed)),
        sites={article.source.domain or "": site},
    )


def problem(name: str, reason: str) -> Summary:
    """The summary of an input that gave no article."""
    return Summary(failed=1, problems=((name, reason),))


UNCHANGED = Summary(unchanged=1)


def merge(summaries: Iterable[Summary]) -> Summary:
    """One summary for many."""
    totals = dict.fromkeys(_COUNTS, 0)
    problems: list[tuple[str, str]] = []
    flags: dict[str, int] = {}
    kinds: dict[str, int] = {}
    rules: dict[str, RuleCount] = {}
    sites: dict[str, SiteCount] = {}
    for part in summaries:
        for name in _COUNTS:
            totals[name] += getattr(part, name)
        problems += part.problems[: MOST_PROBLEMS - len(problems)]
        for counts, more in ((flags, part.flags), (kinds, part.kinds)):
            for name, count in more.items():
                counts[name] = counts.get(name, 0) + count
        for rule, entry in part.rules.items():
            rules[rule] = _add(rules[rule], entry) if rule in rules else entry
        for site, figures in part.sites.items():
            sites[site] = add_sites(sites[site], figures) if site in sites else figures
    return Summary(**totals, problems=tuple(problems), flags=flags, rules=rules, kinds=kinds, sites=sites)


def add_sites(one: SiteCount, other: SiteCount) -> SiteCount:
    """The figures of two parts together."""
    return SiteCount(
        **{name: getattr(one, name) + getattr(other, name) for name in SiteCount.__struct_fields__}
    )


_COUNTS = (
    "articles",
    "unchanged",
    "failed",
    "removed",
    "moved",
    "repaired",
    "review",
    "words",
    "text_length",
    "removed_length",
)


def _add(one: RuleCount, other: RuleCount) -> RuleCount:
    samples = (*one.samples, *other.samples)[:SAMPLES]
    return RuleCount(one.count + other.count, one.reason, samples)


def decisions(article: Article) -> list[Change]:
    """The changes people care about: all but blank space."""
    return [change for change in article.changes if change.op != "space"]


def to_json(summary: Summary) -> bytes:
    """A run's figures as indented JSON, camelCase; the rules most used first."""
    plain = msgspec.to_builtins(summary)
    plain["rules"] = {rule: plain["rules"][rule] for rule, _ in by_count(summary)}
    for name in ("flags", "kinds", "sites"):
        plain[name] = dict(sorted(plain[name].items()))
    return msgspec.json.format(msgspec.json.encode(plain), indent=2) + b"\n"


# --- words ------------------------------------------------------------------------------------


def sentence(summary: Summary) -> str:
    """A run in one line."""
    unchanged = f", {summary.unchanged:,} unchanged" if summary.unchanged else ""
    parts = [
        _count(summary.articles, "article") + unchanged,
        f"{_count(summary.removed, 'removal')}, {summary.moved:,} moved to fields, "
        f"{_count(summary.repaired, 'repair')}, {summary.review:,} to review",
    ]
    if whole := summary.text_length + summary.removed_length:
        parts.append(f"{100 * summary.text_length / whole:.1f} % of the text kept")
    if summary.failed:
        parts.append(f"{_count(summary.failed, 'input')} failed")
    return "; ".join(parts)


def _count(number: int, thing: str) -> str:
    return f"{number:,} {thing}{'' if number == 1 else 's'}"


def markdown(summary: Summary) -> str:
    """A run as a Markdown page: the sentence, what went by rule, what failed."""
    lines = [f"**{sentence(summary)}.**", ""]
    if summary.rules:
        lines += ["| rule | times | why | for example |", "|---|---:|---|---|"]
        lines += [
            f"| `{rule}` | {entry.count:,} | {cell(entry.reason)} | {cell(' · '.join(entry.samples))} |"
            for rule, entry in by_count(summary)
        ]
        lines.append("")
    if summary.flags:
        counted = ", ".join(f"{flag}: {count:,}" for flag, count in sorted(summary.flags.items()))
        lines += [f"Flags: {counted}.", ""]
    if summary.problems:
        lines += ["| failed input | reason |", "|---|---|"]
        lines += [f"| {cell(name)} | {cell(reason)} |" for name, reason in summary.problems]
        if more := summary.failed - len(summary.problems):
            lines.append(f"| and {more:,} more | |")
        lines.append("")
    return "\n".join(lines)


def by_count(summary: Summary) -> list[tuple[str, RuleCount]]:
    """The rules that decided something, most often first."""
    return sorted(summary.rules.items(), key=lambda item: (-item[1].count, item[0]))


def cell(text: str) -> str:
    """Any text as the inside of a Markdown table cell: no markup of its own, one line."""
    text = visible(text)
    for mark in "\\`*_[]<>|#":
        text = text.replace(mark, "\\" + mark)
    return text


def shorten(text: str, length: int = SAMPLE_LENGTH) -> str:
    """The text on one line, with a mark for each line break, cut in the middle of what is too long."""
    text = " ⏎ ".join(filter(None, (" ".join(line.split()) for line in text.splitlines())))
    if len(text) <= length:
        return text
    head = length * 2 // 3
    return f"{text[:head]} … {text[-(length - head - 3) :]}"


def visible(text: str) -> str:
    """Text that cannot steer a terminal: control and direction marks written out."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or unicodedata.category(char) == "Zs" else f"\\u{ord(char):04x}"
        for char in text
    )


# --- the preview ------------------------------------------------------------------------------


class _Mark(NamedTuple):
    sign: str
    style: str


_MARKS = {
    "remove": _Mark("-", "red"),
    "move": _Mark("~", "blue"),
    "repair": _Mark("+", "green"),
}
_REVIEW = _Mark("?", "yellow")


def preview(article: Article, source: str, number: int | None, console: Console) -> None:
    """Draw what cleaning changes in one article: line, sign, text, rule, confidence, reason."""
    from rich.text import Text

    title = Text(visible(article.source.path or article.source.name or article.id), style="bold")
    title.append(f":{number}" if number is not None else "")
    title.append(f"  {visible(article.headline or '(no headline)')}", style="not bold")
    console.print(title, soft_wrap=True)
    rows = [(c.span.start, _change_rows(c, source)) for c in decisions(article)]
    for entry in article.review:
        place = _line(source, entry.span.start)
        text = source[entry.span.start : entry.span.end]
        row = _row(place, _REVIEW, text, entry.rule, entry.confidence, entry.question)
        rows.append((entry.span.start, [row]))
    for _, drawn in sorted(rows, key=lambda item: item[0]):
        for row in drawn:
            console.print(row, soft_wrap=True)
    if not rows:
        console.print("     nothing to change", style="dim")
    console.print(sentence(summarize(article)), style="dim", soft_wrap=True)
    console.print()


def _change_rows(change: Change, source: str) -> list[Text]:
    """One row for what went; a second for what came in its place."""
    start = change.span.start + len(change.before) - len(change.before.lstrip())
    mark = _MARKS[change.op]
    before = change.before.strip()
    gone = _Mark("-", "red") if change.op == "repair" and before else mark
    rows = []
    place = _line(source, start)
    if before:
        rows.append(_row(place, gone, before, change.rules[-1], change.confidence, change.reason))
    if change.op == "repair" and change.after.strip():
        rows.append(_row(place, mark, change.after, "" if before else change.rules[-1], None, ""))
    return rows


TEXT_WIDTH = 72


def _row(line: int, mark: _Mark, text: str, rule: str, confidence: float | None, reason: str) -> Text:
    from rich.text import Text

    row = Text(f"{line:4} ", style="dim")
    row.append(f"{mark.sign} {visible(shorten(text, TEXT_WIDTH))}", style=f"not dim {mark.style}")
    if rule:
        sure = "" if confidence is None else f" {confidence:.2f}"
        row.append(f"  {rule}{sure} {reason}", style="dim")
    return row


def _line(source: str, position: int) -> int:
    """The number of the line a position stands on, from 1."""
    before = source[:position]
    return 1 + before.count("\n") + before.count("\r") - before.count("\r\n")


# --- the explanation --------------------------------------------------------------------------

_OUTCOMES = {
    "decided": "decided",
    "changed": "changed",
    "belowBar": "unsure",
    "takenBack": "taken back",
    "tooLate": "too late",
    "leftOut": "left out",
}
NEAR_MISS = "not quite"
_ROLE_WIDTH, _OUTCOME_WIDTH = 11, 10


def explanation(told: Explanation, console: Console) -> None:
    """Draw why each block stands or goes: line and role, and below them the rules that had a say."""
    for block in told.blocks:
        console.print(_block_row(block), soft_wrap=True)
        width = max([len(d.rule) for d in block.decisions] + [len(m.rule) for m in block.near_misses] + [0])
        for decision in block.decisions:
            console.print(_decision_row(decision, width), soft_wrap=True)
        for near in block.near_misses:
            said = f"{near.missing} ({near.why})"
            console.print(_say_row(NEAR_MISS, near.rule, width, "", said, "dim"), soft_wrap=True)
    if not told.blocks:
        console.print("     nothing there", style="dim")


def _block_row(block: ExplainedBlock) -> Text:
    from rich.text import Text

    colour = {"boilerplate": "red", "repeat": "red", "body": "default"}.get(block.role, "blue")
    row = Text(f"{block.first_line:4} ", style="dim")
    row.append(f"{block.role:{_ROLE_WIDTH}} ", style=f"not dim {colour}")
    row.append(visible(shorten(block.text, TEXT_WIDTH)), style="not dim default")
    return row


def _decision_row(decision: Decision, width: int) -> Text:
    sure = "" if decision.confidence is None else f"{decision.confidence:.2f}"
    why = decision.why
    if decision.outcome == "belowBar":
        why += f" (the bar is {decision.bar:.2f})"
    style = {"decided": "default", "changed": "default", "belowBar": "yellow", "takenBack": "yellow"}
    return _say_row(
        _OUTCOMES[decision.outcome], decision.rule, width, sure, why, style.get(decision.outcome, "dim")
    )


def _say_row(outcome: str, rule: str, width: int, sure: str, said: str, style: str) -> Text:
    from rich.text import Text

    return Text(
        f"     {outcome:{_OUTCOME_WIDTH}}  {visible(rule):{width}}  {sure:4}  {visible(said)}", style=style
    )
