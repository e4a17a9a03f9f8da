"""Inputs by number: made of the project's own samples and rules, torn, glued, garbled and re-encoded.

The same seed and number give the same input in any process, so that a failure names its input in two words.
"""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from cleaners.rulebook import load_rules
from tests.samples import PROSE, ROOT, SEEDS

Made = str | bytes

ODD = (
    "\x00", "\x00\x00", "\x1b[31m", "\x07", "\x85", "\u2028", "\u2029", "\ufeff", "\ufffe", "\xa0", "\u202f", "\u200b",
    "\u200d", "\u00ad", "\u202e", "\u202a", "\u2066", "\u2069", "\u200f", "\u0301", "\u0e33", "\u20dd", "\U000e0041",
    "\U0010ffff", "😀", "👨‍👩‍👧", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "ﷺ", "ﬁ", "İ", "ı", "ß", "ǆ", "½", "²", "１", "٣", "Ⅻ", "Ã", "Â", "â€™", "Ã©", "â€œ",
    "<", ">", "&", "<p>", "</p>", "<br/>", "<script>", "</script>", "<!--", "-->", "<li>", "<a href='x'>", "&amp;",
    "&amp;amp;", "&#8217;", "&#0;", "&#xD800;", "&#x10FFFF;", "&nbsp;", "&bogus;", "|", "\t", "   ", "• ", "- ", "1. ", "“",
    "”", "„", "«", "»", "「", "」", "…", "—", ":", "?", "。", "؟", "।", "@", "©", "#", "http://a.example/?b=c&d=e", "12:30",
    "15.5 C", "March 12, 2024", "12 comments", "By ", "(Photo: ", "PORT CALLAN — ",
)  # fmt: skip
BREAKS = (
    "\n\n",
    "\n",
    "\n\n",
    "\r\n",
    "\r\n\r\n",
    "\r",
    "\n\n\n",
    " \n \n",
    "\u2028",
    " ",
    "",
    "<br>",
    "</p><p>",
)
CODES = (
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254",
    "cp1255", "cp1256", "koi8-r", "iso8859-2", "latin-1", "shift_jis", "euc_jp", "iso2022_jp", "gb18030", "big5", "euc_kr",
    "tis-620", "mac-roman", "cp437", "utf-7", "hz",
)  # fmt: skip


@lru_cache(maxsize=1)
def _blocks() -> tuple[str, ...]:
    """Lines of all samples, lines of all rules' examples, and all phrases of rules."""
    guard = sorted((ROOT / "tests" / "guard").glob("*.txt"))
    texts = [path.read_text(encoding="utf-8", errors="replace") for path in (*SEEDS, *PROSE, *guard)]
    lines = [line for text in texts for line in text.splitlines() if line.strip()]
    for rule in load_rules():
        lines += [line[2:] for line in rule.example.splitlines() if line[2:]] * 3
        phrases = itertools.chain(*rule.block.values(), *rule.starts.values())
        lines += itertools.islice(phrases, 0, None, 5)
    return tuple(lines)


def make(seed: str, number: int) -> Made:
    """Input `number` of the run that `seed` names."""
    chance = random.Random(f"{seed}:{number}")
    if chance.random() < 0.05:
        return chance.randbytes(chance.randrange(300))
    text = _text(chance)
    for _ in range(chance.choice((0, 0, 1, 1, 2, 3))):
        text = chance.choice(CHANGES)(chance, text)
    if chance.random() < 0.4:
        return text
    data = _encoded(chance, text)
    for _ in range(chance.choice((0, 0, 0, 1, 2))):
        data = chance.choice(BYTE_CHANGES)(chance, data)
    return data


def _text(chance: random.Random) -> str:
    """Blocks in a row, most often parted in one way, as one scraper would."""
    blocks = _blocks()
    usual, parts = chance.choice(BREAKS), []
    for _ in range(1 + min(60, int(chance.expovariate(1 / 8)))):
        parts.append(chance.choice(blocks) if chance.random() < 0.9 else _odd(chance))
        parts.append(usual if chance.random() < 0.8 else chance.choice(BREAKS))
    return "".join(parts)


def _odd(chance: random.Random) -> str:
    """Odd characters, of the whole of Unicode, surrogates among them, or chosen to hurt."""
    if chance.random() < 0.3:
        return "".join(chr(chance.randrange(0x110000)) for _ in range(chance.randrange(12)))
    return "".join(chance.choices(ODD, k=chance.randrange(1, 6))) * chance.choice((1, 1, 1, 1, 40))


# --- texts ------------------------------------------------------------------------------------


def _garble(chance: random.Random, text: str) -> str:
    """Read in a wrong encoding, once or twice."""
    for _ in range(chance.choice((1, 1, 2))):
        wrong = chance.choice(("cp1252", "latin-1", "cp1251", "mac-roman", "cp1250"))
        text = text.encode("utf-8", "surrogatepass").decode(wrong, "replace")
    return text


def _insert(chance: random.Random, text: str) -> str:
    for _ in range(chance.randrange(1, 8)):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + _odd(chance) + text[at:]
    return text


def _cut(chance: random.Random, text: str) -> str:
    """Torn at any character, in front, behind, or in the middle."""
    one, other = sorted(chance.randrange(len(text) + 1) for _ in range(2))
    return chance.choice((text[one:other], text[:one] + text[other:], text[:other], text[one:]))


def _repeat(chance: random.Random, text: str) -> str:
    lines = text.split("\n")
    again = chance.choice(lines)
    return "\n".join([*lines, *[again] * chance.choice((1, 2, 9))])


def _shuffle(chance: random.Random, text: str) -> str:
    mark = chance.choice(("\n", " ", ""))
    parts = text.split(mark) if mark else list(text[:400])
    chance.shuffle(parts)
    return mark.join(parts)


def _dress(chance: random.Random, text: str) -> str:
    """As markup: tags around lines, entities for marks."""
    tag = chance.choice(("p", "li", "div", "h2", "td", "figcaption", "script", "b", "x-y"))
    text = "\n".join(f"<{tag} class='a'>{line}</{tag}>" for line in text.split("\n"))
    return text.replace("’", "&rsquo;").replace("&", chance.choice(("&", "&amp;", "&amp;amp;")))


def _wrap(chance: random.Random, text: str) -> str:
    """Hard-wrapped at some width."""
    width = chance.randrange(20, 110)
    words, rows = text.split(" "), [""]
    for word in words:
        rows[-1:] = [f"{rows[-1]} {word}"] if len(rows[-1]) + len(word) < width else [rows[-1], word]
    return "\n".join(rows)


def _tear(chance: random.Random, text: str) -> str:
    """A line for each link, as who takes text node by node has it."""
    words = re.split(r"( |(?=[,.;)]))", text)
    share = chance.random() / 4
    return "".join(f"{word}\n" if chance.random() < share else word for word in words)


MARKS = (
    "[", "](/a)", '](https://a.example/b-c "d")', "][1]", "\n[1]: /c\n", "![", "<https://d.example>", "\\",
    "**", "****", "_", "__", "\n## ", "\n===\n", "\n---\n", "\n* * *\n", "\n> ", "\n>\n", "\n| a | b |\n|---|---|\n",
)  # fmt: skip


def _mark(chance: random.Random, text: str) -> str:
    """As Markdown, whole or not."""
    for _ in range(chance.randrange(1, 30)):
        at = chance.randrange(len(text) + 1)
        text = text[:at] + chance.choice(MARKS) + text[at:]
    return text


def _case(chance: random.Random, text: str) -> str:
    how: Sequence[Callable[[str], str]] = (str.upper, str.lower, str.swapcase, str.title, str.casefold)
    return chance.choice(how)(text)


CHANGES: tuple[Callable[[random.Random, str], str], ...] = (
    _garble, _insert, _insert, _cut, _repeat, _shuffle, _dress, _wrap, _tear, _mark, _case,
)  # fmt: skip


# --- bytes ------------------------------------------------------------------------------------


def _encoded(chance: random.Random, text: str) -> bytes:
    code = chance.choice(CODES) if chance.random() < 0.6 else "utf-8"
    errors = "surrogatepass" if code.startswith("utf") and code != "utf-7" else "ignore"
    try:
        return text.encode(code, errors)
    except UnicodeError:
        return text.encode("utf-8", "replace")


def _flip(chance: random.Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(min(len(data), chance.choice((1, 3, 30)))):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut_bytes(chance: random.Random, data: bytes) -> bytes:
    return data[chance.randrange(3) : len(data) - chance.randrange(4)]


def _glue(chance: random.Random, data: bytes) -> bytes:
    """Two encodings in one file."""
    return data + chance.choice((b"", b"\n\n", b"\x00")) + _encoded(chance, _text(chance))


BYTE_CHANGES: tuple[Callable[[random.Random, bytes], bytes], ...] = (_flip, _cut_bytes, _glue)
