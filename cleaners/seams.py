"""Text whose blocks were run together, for a scraper took them with nothing in between: where one ends."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence

from cleaners.inlined import share_of_symbols

Span = tuple[int, int]

_FEWEST, _SHARE = 4, 0.1
"""Sentences with nothing behind them but the next, and their share of all that others follow, that show it.
Fewer are slips of whoever wrote."""
_LATIN_TO_CYRILLIC = [chr(code) for code in range(0xC0, 0x530)]
_CAPITAL = "A-Z" + "".join(letter for letter in _LATIN_TO_CYRILLIC if letter.isupper() and letter not in "ÂÃ")
"""Without those that garbled spaces begin with."""
_SMALL = "a-z" + "".join(filter(str.islower, _LATIN_TO_CYRILLIC))
_OPENS = rf"[“„«‘(¿¡]?[{_CAPITAL}][{_SMALL}]{{0,40}}[ ,’']"
_SHOWS = re.compile(rf"\.[\"”’»)]?[\"“„«(]?[{_CAPITAL}][{_SMALL} ’']")
"""Begins with what is searched for at machine speed: most texts have none, and pay for this alone."""
_STOP = re.compile(rf"(?<=[{_SMALL}\d%)\]’”\"])[.!?…][’)\]]?(?P<mark>[\"“”«»]?)[)\]]?(?={_OPENS})")
_SPACED = re.compile(rf"[{_SMALL}\d%)\]’”\"][.!?…][\"“”«»’)\]]{{0,2}} [\"”»]?{_OPENS}")
_FEWEST_SPACES = 5
"""In a sentence, lest it is the name of a site or a piece of code."""
_WITHIN_NAME, _LONGEST_NAME = frozenset(".@:/_("), 80
"""What stands in addresses and in code, and how far back it is looked for."""
_MARKS, _LONGEST_QUOTATION = '"“”„«»', 2_000
_OPENED_BY = {"”": "“„", "“": "„"}
"""Marks that nothing but the other closes."""
_BEFORE_OPENING = frozenset(" \t\n\u00a0([—–:")
_OF_CODE = ("{", "()")
"""What code has more of than a text has sentences run together."""

_HUMP = re.compile(
    rf"(?<=[{_SMALL}])(?=[{_CAPITAL}]|\d{{1,2}}\.? [{_CAPITAL}{_SMALL}]{{3,12}}\.? [12]\d\d\d(?!\d))"
    rf"|(?<=[12]\d\d\d)(?=[{_CAPITAL}][{_SMALL}])"
)
_SHARE_OF_CODE = 0.06
"""Of the symbols of code in a piece that is left as it is."""
_PREFIXED = re.compile(rf"\b[{_SMALL}]{{1,3}}[{_CAPITAL}][{_SMALL}]{{1,40}}")
_FEWEST_PREFIXED, _SHARE_PREFIXED = 8, 0.125
"""Words such as "eKapa", and their share of capitals within words, that are how a language is written: names
keep their capital behind a prefix in Xhosa, Zulu and their kin."""
_LONGEST_WORD, _LONG_WORD = 40, 4
_FEWEST_HUMPS, _NEAR = 3, 300
"""Capitals within words that make a row of blocks, and the code points that hold so many."""
_PREFIXES = frozenset(["de", "di", "fitz", "la", "le", "mac", "mc", "o", "van"])
_ENDINGS = frozenset(["in", "innen"])
"""How German writes that women are meant as well."""
_NAMES = frozenset([
    "airbnb", "airdrop", "airpods", "airtag", "blackrock", "bytedance", "chatgpt", "deepmind",
    "deepseek", "doordash", "ebay", "facetime", "fedex", "geforce", "github",
    "glaxosmithkline", "godaddy", "hellofresh", "homepod", "icloud", "imac", "imessage",
    "ipad", "iphone", "ipod", "itunes", "javascript", "linkedin", "macbook", "macos",
    "mastercard", "nextdoor", "oneplus", "openai", "paypal", "playstation", "postgresql",
    "powerpoint", "powershell", "quickbooks", "sharepoint", "soundcloud", "spacex",
    "techcrunch", "thyssenkrupp", "tiktok", "tripadvisor", "typescript", "watchos", "wechat",
    "wework", "whatsapp", "wikileaks", "woocommerce", "wordpress", "youtube", "zoominfo",
])  # fmt: skip
"""Words that have a capital within."""


def cut(source: str, spans: Sequence[Span]) -> Sequence[Span]:
    """The spans, each cut where a block ends; as they are where blocks were not run together."""
    if len(_SHOWS.findall(source)) < _FEWEST:
        return spans
    stops = [list(_stops(source, *span)) for span in spans]
    shown = sum(map(len, stops))
    spaced = sum(len(_SPACED.findall(source, *span)) for span in spans)
    code = sum(source.count(mark, *span) for span in spans for mark in _OF_CODE)
    if shown < max(_FEWEST, _SHARE * (shown + spaced), code):
        return spans
    sentences = [piece for span, seams in zip(spans, stops, strict=True) for piece in _pieces(span, seams)]
    if _is_prefixing(source):
        return sentences
    return [piece for span in sentences for piece in _pieces(span, _humps(source, *span))]


def _pieces(span: Span, seams: Iterable[int]) -> Iterator[Span]:
    return itertools.pairwise([span[0], *seams, span[1]])


# --- between sentences ------------------------------------------------------------------------


def _stops(source: str, start: int, end: int) -> Iterator[int]:
    """Where a sentence ends and the next begins with no space between them."""
    last = start
    for stop in _STOP.finditer(source, start, end):
        at = stop.end()
        if stop["mark"] and not _is_closing(source, last, stop.start("mark")):
            at = stop.start("mark")
        begins = max(last, source.rfind(". ", last, stop.start()) + 2)
        word = source[max(last, stop.start() - _LONGEST_NAME) : stop.start()].split()[-1:]
        is_name = word and not _WITHIN_NAME.isdisjoint(word[0][1:])
        if not is_name and source.count(" ", begins, at) >= _FEWEST_SPACES:
            yield at
            last = at


def _is_closing(source: str, start: int, at: int) -> bool:
    """Whether the mark there closes a quotation: whether the mark before it opened one."""
    before = max(source.rfind(mark, max(start, at - _LONGEST_QUOTATION), at) for mark in _MARKS)
    if before < 0:
        return False
    if source[before] in _OPENED_BY.get(source[at], ""):
        return True
    return before == start or source[before - 1] in _BEFORE_OPENING


# --- between words ----------------------------------------------------------------------------


def _is_prefixing(source: str) -> bool:
    """Whether the language writes capitals behind prefixes."""
    prefixed = len(set(_PREFIXED.findall(source)))
    return prefixed >= max(_FEWEST_PREFIXED, _SHARE_PREFIXED * len(_HUMP.findall(source)))


def _humps(source: str, start: int, end: int) -> Iterator[int]:
    """Where a word ends and the next begins with a capital, with no space between them: behind one that has
    only small letters, and behind a year; elsewhere where several are close together, as items of a menu."""
    if share_of_symbols(source[start:end]) >= _SHARE_OF_CODE:
        return
    words = [
        (at, _before(source, start, at)) for at in map(re.Match.start, _HUMP.finditer(source, start, end))
    ]
    seams = [(at, word) for at, word in words if not _is_name(word, _behind(source, at, end))]
    close = _close_together([at for at, _ in seams])
    for at, word in seams:
        is_before_date = source[at].isdigit()
        if at in close or not word or is_before_date or (word.islower() and len(word) >= _LONG_WORD):
            yield at


def _close_together(seams: Sequence[int]) -> set[int]:
    rows = zip(*(seams[shift:] for shift in range(_FEWEST_HUMPS)), strict=False)
    return {at for row in rows if row[-1] - row[0] <= _NEAR for at in row}


def _before(source: str, start: int, at: int) -> str:
    """The letters of a word up to there."""
    letters = source[max(start, at - _LONGEST_WORD) : at]
    first = len(letters)
    while first and letters[first - 1].isalpha():
        first -= 1
    return letters[first:]


def _behind(source: str, at: int, end: int) -> str:
    """The letters of a word from there on."""
    return "".join(itertools.takewhile(str.isalpha, source[at : min(end, at + _LONGEST_WORD)]))


def _is_name(before: str, behind: str) -> bool:
    """Whether a word is written with a capital within."""
    before, behind = before.casefold(), behind.casefold()
    return len(before) == 1 or before in _PREFIXES or behind in _ENDINGS or before + behind in _NAMES
