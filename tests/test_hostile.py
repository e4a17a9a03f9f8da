"""Hostile input: whatever bytes come, cleaning gives an article, in time that grows as the input does.

The sizes of real trouble (50 MB, one line of 10 MB) are marked `slow` and run by `make fuzz`; a tenth of
them runs always.
"""

from __future__ import annotations

import ast
import gzip
import importlib
import json
import pkgutil
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

import cleaners
from cleaners import Settings, captions, clean, dates, restore
from cleaners.rule import LONGEST_NOTE, Rule
from cleaners.rulebook import load_rules
from tests.samples import PROSE, ROOT, SEEDS
from tests.test_guard import GUARD

FAST = Settings(language=False)
PARAGRAPH = (
    "The harbour board met on Tuesday evening to hear the engineers explain why the old stone quay had "
    "settled by a hand’s breadth since the spring, and what it would cost to hold it."
)

# --- any bytes --------------------------------------------------------------------------------

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x02\x80\x00\x00\x01\xe0\x08\x06\x00\x00\x00\x35\xd1\xdc\xe4"
)
GZIP = gzip.compress(PARAGRAPH.encode() * 9, mtime=0)
ODD = {
    "empty": b"",
    "one byte": b"\xff",
    "spaces": b" \t\r\n \xc2\xa0 \xe3\x80\x80\n",
    "line breaks": b"\n\r\r\n\n",
    "a mark alone": b"\xef\xbb\xbf",
    "a picture": PNG + bytes(range(256)) * 4,
    "gzip": GZIP,
    "gzip, cut off": GZIP[:-9],
    "UTF-16": "Über den Fluß.\n\nLeave a Comment\n".encode("utf-16-le"),
    "UTF-16, an odd byte more": "Over the river.\n".encode("utf-16-be") + b"\n",
    "half of UTF-8": "Grüße aus Łódź, 東京".encode()[:-1],
    "invalid UTF-8": b"The caf\xe9 \xc3\x28 \xe2\x82 \xf0\x9f\x92 \xed\xa0\x80 \xc0\xaf \xfe\xff reopens.",
    "NUL bytes": b"The ferry\x00 left at\x00\x00 noon.\x00",
    "NUL alone": b"\x00" * 99,
    "controls": bytes(range(32)) * 9,
    "escape codes": b"\x1b[31mThe ferry\x1b[0m left.\x07\x08\x08",
    "bidirectional": "‮.noon ta tfel yrref ehT‬ ⁦x⁩".encode(),
    "accents": ("e" + "\u0301" * 500 + "\n").encode() * 3,
    "surrogates": "\ud83d The ferry \udc00\ud800 left.".encode("utf-8", "surrogatepass"),
    "surrogates in UTF-16": b"\xff\xfeT\x00\x00\xd8h\x00",
    "all bytes": bytes(range(256)),
    "all bytes, twice": bytes(byte for byte in range(256) for _ in (1, 2)),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_odd_bytes_make_an_article_that_gives_them_back(name: str) -> None:
    article = clean(ODD[name])
    assert restore(article) == ODD[name]
    assert json.loads(article.to_json())["text"] == article.text
    assert article.to_json() == clean(ODD[name]).to_json()


@pytest.mark.parametrize("name", ["empty", "spaces", "line breaks", "a mark alone", "NUL alone", "controls"])
def test_of_nothing_comes_nothing(name: str) -> None:
    assert clean(ODD[name]).text == ""


def test_only_residue_comes_out_empty_and_flagged() -> None:
    article = clean("Menu\nSkip to content\nAdvertisement\nShare this article\n\n© 2024 Callan Examiner")
    assert (article.text, article.quality.flags) == ("", ["emptyAfterClean"])


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
def test_utf16_without_a_mark_is_cleaned_like_any_text(order: str) -> None:
    text = "Über den Fluß fährt kein Boot.\r\n\r\nImpressum und Datenschutz\r\n\r\nLeave a Reply\r\n"
    article = clean(text.encode(order))
    assert article.text == clean(text).text
    assert (article.source.encoding, article.source.newline) == (order, "\r\n")


def test_nul_bytes_and_escape_codes_are_taken_out_of_the_text() -> None:
    assert clean(ODD["NUL bytes"]).text == "The ferry left at noon."
    assert clean(ODD["escape codes"]).text == "The ferry left."


@pytest.mark.parametrize("text", ["\ud83d half", "\udc00", "a\ud800\udfffb\ud800", "\ud83d\ude00 whole"])
def test_lone_surrogates_come_back_as_they_came(text: str) -> None:
    article = clean(text)
    assert restore(article) == text.encode("utf-8", "surrogatepass")
    article.text.encode()


# --- time grows as the input does -------------------------------------------------------------


def _repeat(piece: str) -> Callable[[int], str]:
    return lambda size: piece * (size // len(piece))


def _numbered(line: str, above: str = "", below: str = "") -> Callable[[int], str]:
    return lambda size: "\n".join([above, *[line.format(i) for i in range(size // len(line))], below])


SHAPES: dict[str, Callable[[int], str]] = {
    "paragraphs": _numbered(PARAGRAPH + " That was on day {}.\n"),
    "one line": _repeat("“The mayor’s café said it would be mended.” "),
    "one word": _repeat("a"),
    "one-letter lines": _repeat("a\n"),
    "one-letter lines, old Mac": _repeat("a\r"),
    "headlines": _numbered("Mainland orchards count the cost of {}"),
    "headlines in a story": _numbered("Mainland orchards count {}", PARAGRAPH, PARAGRAPH),
    "names": _numbered("Jane Roe{}", "Ferry crews walk out over pay", PARAGRAPH),
    "one name": _numbered("Jane Roe", "Ferry crews walk out over pay", PARAGRAPH),
    "signatures": _numbered("Jane Roe{}, staff reporter", PARAGRAPH, PARAGRAPH),
    "notes on authors": _numbered("Jane Roe{} is a reporter and covers the courts.", PARAGRAPH, PARAGRAPH),
    "bylines": _numbered("By Jane Roe", "Ferry crews walk out over pay", PARAGRAPH),
    "bylines cut in two": _numbered("By", "Ferry crews walk out over pay", PARAGRAPH),
    "dates": _numbered("12 March 2024", PARAGRAPH, ""),
    "captions": _repeat("(Photo: Jane Roe)\n"),
    "advertisements": _repeat("Advertisement\n"),
    "words that need company": _repeat("Share\n"),
    "comment headings": _numbered("12 thoughts on “Ferry crews walk out {} times”"),
    "comments": _numbered("Jane Roe{}\n3 hours ago\nWell said, all of you!\nReply", f"{PARAGRAPH}\n" * 3),
    "times without names": _numbered("3 hours ago", f"{PARAGRAPH}\n" * 3),
    "buttons without names": _numbered("Jane Roe{}\nReply", f"{PARAGRAPH}\n" * 3),
    "comment forms": _repeat(f"{PARAGRAPH}\n\nLeave a Reply\n\n"),
    "furniture between paragraphs": _numbered(
        f"{PARAGRAPH}\n\nShare on Facebook\n\nBack to top\n\nRelated stories\n\nDay {{}}\n\n"
    ),
    "pages printed again": _repeat(f"Day 1\n\n{PARAGRAPH}\n\nDay 1\n\nDay 2\n\n{PARAGRAPH} It rained.\n\n"),
    "copies": _repeat(PARAGRAPH + "\n\n"),
    "verse": _repeat("Loading\nthe barley\n"),
    "hard-wrapped": _repeat("The council voted on Tuesday to close the bridge for the winter, after\n"),
    "broken in mid-sentence": _repeat(
        "The council voted on Tuesday to close the old bridge for the winter, after\nthe river had risen again\n"
    ),
    "torn at links": _repeat("The council voted on Tuesday to close the\nbridge\n, and met again\n"),
    "run together": _repeat("The council voted to close the old bridge.The river had risen by a foot at noon."),
    "run together in quotes": _repeat("The council voted to close the old bridge.“Never in my life did I see it.”"),
    "run together in a menu": lambda size: "The vote was on a Tuesday in May.It fell." * 4 + "HomeNews" * (size // 8),
    "data on one line": _repeat('{"a":{"b":[1]}}'),
    "data without an end": _repeat('{"a":[{"b":"c'),
    "scripts on one line": _repeat("(function(){a.b=c;})(window.d);The vote was on a Tuesday."),
    "a script without an end": _repeat("window.a=function("),
    "scripts": _repeat("window.dataLayer.push({\n'event': 1,\n});\n"),
    "tags": _repeat("<p>a</p>"),
    "open tags": _repeat("<b>"),
    "angles": _repeat("<"),
    "entities": _repeat("&amp;"),
    "escaped entities": _repeat("&amp;amp;"),
    "garbled": _repeat("â€œThe cafÃ©â€ "),
    "garbled lines": _repeat("â€œThe cafÃ©â€\n"),
    "accents": _repeat("\u0301"),
    "soft hyphens": _repeat("\u00ad"),
    "no-break spaces": lambda size: "a" + "\u00a0" * size + "b",
    "spaces": lambda size: "a" + " " * size + "b",
    "blank lines": lambda size: "a" + "\n" * size + "b",
    "quotes": _repeat("“"),
    "stops": _repeat(". "),
    "table": _repeat("a   "),
    "NUL": _repeat("\0"),
    "surrogates": _repeat("\ud800 "),
    "astral": _repeat("😀"),
    "unspaced": _repeat("文"),
}  # fmt: skip


def _seconds(text: str) -> float:
    started = time.process_time()
    clean(text, settings=FAST)
    return time.process_time() - started


@pytest.mark.parametrize("shape", SHAPES)
def test_four_times_the_input_takes_about_four_times_as_long(shape: str) -> None:
    """Quadratic work would take sixteen times as long. The memos of a first run are spared the second."""
    make = SHAPES[shape]
    clean(make(1000), settings=FAST)
    small = max(_seconds(make(10_000)), 0.01)
    if (large := _seconds(make(40_000))) > 8 * small:  # a busy machine may be unlucky once
        large = min(large, _seconds(make(40_000)))
    assert large < 8 * small, f"{small:.3f} s, then {large:.3f} s"


BIG = {
    "50 MB of paragraphs": ("paragraphs", 50_000_000),
    "a line of 10 MB": ("one line", 10_000_000),
    "200,000 one-letter lines": ("one-letter lines", 400_000),
}
MEASURED = """
import resource, sys, time
from cleaners import Settings, clean, restore
settings = Settings(language=False)
clean("The ferry left.", settings=settings)
data = sys.stdin.buffer.read()
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
started = time.process_time()
article = clean(data, settings=settings)
seconds = time.process_time() - started
after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
assert restore(article) == data
print(seconds, (after - before) * 1024)
"""


def _measure(data: bytes) -> tuple[float, int]:
    """Seconds, and bytes of memory above the input's own at the peak, in a process of its own."""
    # The peak that Linux tells of a process is also that of the one it was started from: a shell is small.
    command = ["sh", "-c", '"$@"; exit $?', "sh", sys.executable, "-c", MEASURED]
    done = subprocess.run(command, input=data, cwd=ROOT, capture_output=True, check=True)
    seconds, memory = done.stdout.split()
    return float(seconds), int(memory)


@pytest.mark.parametrize(
    "tenth", [pytest.param(10, id="a tenth"), pytest.param(1, id="all", marks=pytest.mark.slow)]
)
@pytest.mark.parametrize("name", BIG)
def test_big_input_takes_bounded_time_and_memory(name: str, tenth: int) -> None:
    """Measured on one core: 50 MB in 2.7 s and 440 MB above the input, the line of 10 MB in 0.3 s and 100 MB,
    200,000 lines in 0.9 s and 60 MB. Many blocks cost more than many bytes."""
    shape, size = BIG[name]
    data = SHAPES[shape](size // tenth).encode()
    seconds, memory = _measure(data)
    print(
        f"{name}, 1/{tenth}: {seconds:.2f} s, {memory / 1e6:.0f} MB above {len(data) / 1e6:.1f} MB of input"
    )
    lines = 200_000 // tenth if shape == "one-letter lines" else 0
    assert seconds < 1 + len(data) / 1e6 + lines / 20_000
    assert memory < 20e6 + 10 * len(data) + 1000 * lines


# --- regular expressions ----------------------------------------------------------------------

# How long the texts are that a module's patterns are tried on; any length where none is named.
BOUNDS = {
    "cleaners.dates": dates.LONGEST,
    "cleaners.captions": captions.LONGEST_FILED,
    "cleaners.credits": captions.LONGEST_CAPTION,
    "cleaners.fields": captions.LONGEST_CAPTION,
    "cleaners.people": captions.LONGEST_CAPTION,
    "cleaners.folding": LONGEST_NOTE,
    "cleaners.lookup": LONGEST_NOTE,
    "cleaners.matching": LONGEST_NOTE,
}
LONG = 30_000


def _patterns() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Every pattern that a module of the library keeps, by name, also within a list, tuple or table."""
    for info in pkgutil.iter_modules(cleaners.__path__, "cleaners."):
        if not info.name.endswith("__main__"):
            for name, value in vars(importlib.import_module(info.name)).items():
                for number, found in enumerate(_within(value)):
                    yield f"{info.name}.{name}{number or ''}", found


LOOKS = {
    f"re.{how}" for how in ("compile", "split", "search", "match", "fullmatch", "sub", "findall", "finditer")
}


def _inline() -> Iterator[tuple[str, re.Pattern[Any]]]:
    """Patterns written where they are used, by file and line."""
    for path in sorted((ROOT / "cleaners").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in LOOKS and node.args:
                written = node.args[0]
                if isinstance(written, ast.Constant) and isinstance(written.value, (str, bytes)):
                    yield f"cleaners.{path.stem}.line {node.lineno}", re.compile(written.value)


def _within(value: Any) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _within(item)
    elif isinstance(value, (tuple, list, frozenset)):
        for item in value:
            yield from _within(item)


PATTERNS = dict(_patterns()) | dict(_inline())


def test_the_patterns_of_all_modules_are_found() -> None:
    modules = {name.rpartition(".")[0].removeprefix("cleaners.") for name in PATTERNS}
    assert modules >= {
        "dates",
        "fields",
        "headline",
        "language",
        "markdown",
        "matching",
        "people",
        "read",
        "repair",
    }
    assert len(PATTERNS) > 60


def _texts_of(node: Any) -> list[str]:
    """Texts that a parsed pattern matches, nearly: the shortest, with each of its alternatives once."""
    usual = ""
    others: list[str] = []
    for op, argument in node:
        texts = _text_of(str(op), argument)
        others = [other + texts[0] for other in others] + [usual + text for text in texts[1:]]
        usual += texts[0]
    return [usual, *others]


def _text_of(op: str, argument: Any) -> list[str]:
    if op == "LITERAL":
        return [chr(argument)]
    if op == "IN":
        return [_member(argument)]
    if op == "BRANCH":
        return [text for branch in argument[1] for text in _texts_of(branch)]
    if op == "SUBPATTERN":
        return _texts_of(argument[-1])
    if op.endswith("REPEAT"):
        low, high, inner = argument
        texts = _texts_of(inner)
        return [text * low for text in texts] + (texts if low == 0 and high == 1 else [])
    return ["x" if op in ("ANY", "NOT_LITERAL") else ""]


_OF_CATEGORY = {"CATEGORY_DIGIT": "1", "CATEGORY_SPACE": " ", "CATEGORY_WORD": "a", "CATEGORY_NOT_SPACE": "x"}


def _member(items: Any) -> str:
    """A character of a class."""
    op, argument = items[0]
    if str(op) == "NEGATE":
        pattern = {chr(argument) for op, argument in items[1:] if str(op) == "LITERAL"}
        return next(char for char in "xA1 .," if char not in pattern)
    if str(op) == "CATEGORY":
        return _OF_CATEGORY.get(str(argument), "-")
    return chr(argument if str(op) == "LITERAL" else argument[0])


def _pumps(node: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """For each repeat in a parsed pattern what leads to it, and what it may repeat."""
    for op, argument in node:
        if str(op).endswith("REPEAT"):
            yield from ((before, text or "x") for text in _texts_of(argument[2]))
            yield from _pumps(argument[2], before)
        elif str(op) == "BRANCH":
            for branch in argument[1]:
                yield from _pumps(branch, before)
        elif str(op) == "SUBPATTERN":
            yield from _pumps(argument[-1], before)
        before += _text_of(str(op), argument)[0]


FILLERS = (
    " ",
    "a",
    "A",
    "A ",
    "1",
    ". ",
    "/",
    "“",
    "é ",
    "文",
    "<",
    "&",
    "\u00a0",
    "Ã",
    "\u0301",
    "by ",
    "|",
)
MOST_PUMPS = 600


def _slow_on(
    pattern: re.Pattern[Any], longest: int, most: float = 0.2, whole: bool = False
) -> list[tuple[str, str]]:
    """What leads to a repeat, and what it repeats, where the pattern takes too long to say no."""
    from re import _parser  # type: ignore[attr-defined]  # the only way to see a pattern's shape

    as_bytes = isinstance(pattern.pattern, bytes)
    source = pattern.pattern.decode("latin-1") if as_bytes else pattern.pattern
    parsed = _parser.parse(source, pattern.flags)
    pumps = list(dict.fromkeys([*[("", filler) for filler in FILLERS], *_pumps(parsed)]))
    looks = (pattern.fullmatch,) if whole else (pattern.search, pattern.fullmatch)
    slow = []
    for before, pump in pumps[:MOST_PUMPS]:
        for size in (longest // 8, longest // 3, longest):  # the short first: a fault may cost hours
            text: Any = (before + pump * size)[: size - 1] + "\x00"
            text = text.encode("utf-8", "replace") if as_bytes else text
            started = time.process_time()
            for look in looks:
                look(text)
            if time.process_time() - started > most:
                slow.append((before, pump))
                break
    return slow


@pytest.mark.parametrize("name", PATTERNS)
def test_every_pattern_of_the_library_is_linear_on_hostile_input(name: str) -> None:
    """Pumped where it repeats, and kept from matching in the end."""
    assert _slow_on(PATTERNS[name], BOUNDS.get(name.rpartition(".")[0], LONG)) == []


@pytest.mark.parametrize("rule", [rule for rule in load_rules() if rule.pattern], ids=lambda rule: rule.id)
def test_a_rule_costs_little_on_a_line_pumped_where_it_repeats(rule: Rule) -> None:
    """Two ways to read the same piece double the work with every piece, up to the bound of the repeat."""
    for pattern in rule.pattern:
        assert _slow_on(re.compile(pattern), LONGEST_NOTE, most=0.06, whole=True) == []


def test_a_rule_with_two_ways_to_read_a_piece_would_be_seen() -> None:
    pattern = re.compile(r"(?i)(?:(?:Home|Log in|Log In) ?\| ?){3,20}")
    assert _slow_on(pattern, LONGEST_NOTE, most=0.06, whole=True)


@pytest.mark.parametrize("pattern", [r"\s+$", "(?:by )?[a-z]+:", r"“[^”]*”", r"\d+(?:,\d+)*x"])
def test_a_pattern_of_quadratic_cost_would_be_seen(pattern: str) -> None:
    assert _slow_on(re.compile(pattern), LONG)


# --- the same bytes in any process ------------------------------------------------------------

WRITTEN = """
import sys
from cleaners import Source, clean_many
paths = sys.argv[1:]
for article in clean_many(Source(open(path, "rb").read(), name=path) for path in paths):
    sys.stdout.buffer.write(article.to_json() + b"\\n")
"""


def test_every_process_and_hash_seed_and_order_gives_the_same_bytes() -> None:
    paths = [str(path) for path in (*SEEDS, *PROSE[::4], *GUARD)]
    outputs = []
    for seed, order in (("0", 1), ("4242", -1), ("random", 1)):
        done = subprocess.run(
            [sys.executable, "-c", WRITTEN, *paths[::order]],
            env={"PYTHONHASHSEED": seed, "PATH": "/usr/bin:/bin"},
            cwd=ROOT,
            capture_output=True,
            check=True,
        )
        outputs.append(done.stdout.splitlines()[::order])
    assert len(outputs[0]) == len(paths)
    assert all(output == outputs[0] for output in outputs)


# --- markup that is none ----------------------------------------------------------------------

BROKEN = [
    "<b>a <![CDA[ x</b>", "<p>a<![if !IE]>b<![endif]></p>", "<b>a <!doctype [ x <![CDATA[y]]> </b>", "<b>" * 20_000 + "a",
    "<b>a" * 3000 + "</b>" * 3000, "<b>a <!x[ <? ?> </ > <![%e;[b]]></b>", "<b>a</b><!", "<p a=\"<b>'>c", "<b>&#xD800;&#0;</b>",
]  # fmt: skip


@pytest.mark.parametrize("text", BROKEN, ids=lambda text: text[:24])
def test_broken_markup_never_raises(text: str) -> None:
    assert restore(clean(text)) == text.encode()


def test_what_stands_beside_a_broken_declaration_stays() -> None:
    assert clean("<b>The ferry <![CDA[ left</b> at noon.").text == "The ferry <![CDA[ left at noon."
