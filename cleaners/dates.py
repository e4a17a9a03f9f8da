"""Dates as newsrooms print them: read from a line that holds nothing else. Words are in words.toml."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import resources
from typing import NamedTuple


@lru_cache(maxsize=1)
def load_words() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """The word lists of words.toml, by table and language."""
    text = (resources.files("cleaners") / "words.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    return {
        table: {name: tuple(words.split()) for name, words in lists.items()}
        for table, lists in tables.items()
    }


def _all(table: str) -> frozenset[str]:
    return frozenset(word for words in load_words()[table].values() for word in words)


_MONTH: Mapping[str, int] = {
    name: number for names in load_words()["months"].values() for number, name in enumerate(names, 1)
} | {"sept": 9}
_BESIDE_DATES = _all("dates")
_CHANGED = _all("changed")
_DIGIT = re.compile(r"\d")
_TOKEN = re.compile(r"[^\W\d_][^\W\d_.’'-]*(?:[.’'-][^\W\d_]+)*|\d+")
_ISO = re.compile(r"(?P<y>[12]\d{3})-(?P<m>\d{2})-(?P<d>\d{2})(?:[T ](?P<H>\d{1,2}):(?P<M>\d{2}))?")
_DOTTED = re.compile(r"(?P<d>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<y>[12]\d{3})")
_SLASHED = re.compile(r"(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<y>[12]\d{3})")
_UNSPACED_DATE = re.compile(
    r"(?:公開|更新|掲載|发布|发表)?\s?[:：]?\s?(?P<y>[12]\d{3})年(?P<m>\d{1,2})月(?P<d>\d{1,2})日"
    r"\s?(?:[（(][月火水木金土日一二三四五六][)）])?\s?(?:(?P<H>\d{1,2})[時时:](?P<M>\d{2})分?)?"
)
_TIME = re.compile(r"(?P<H>\d{1,2})\s?[:h.]\s?(?P<M>\d{2})(?!\d)\s?(?P<half>[ap]\.?m\b)?", re.IGNORECASE)


class Moment(NamedTuple):
    raw: str
    iso: str | None
    """Date, or date and time, without a zone; None when the order of day and month is open."""
    changed: bool
    """The line says when the story was last changed, not when it was published."""


def read_date(text: str) -> Moment | None:
    """The first date on a line of dates; None when anything else stands on it."""
    if not _DIGIT.search(text):
        return None
    if unspaced := _UNSPACED_DATE.fullmatch(text):
        return Moment(text, _iso(unspaced, unspaced), "更新" in text)
    tokens = [token.casefold() for token in _TOKEN.findall(text)]
    words = [token for token in tokens if not token.isdecimal() and token not in _GLUE]
    if not all(word in _MONTH or word in _BESIDE_DATES for word in words):
        return None
    lead = tokens[: next(i for i, token in enumerate(tokens) if token.isdecimal())]
    found, iso = _in_numbers(text) or _in_words(text, tokens) or (False, None)
    return Moment(text, iso, not _CHANGED.isdisjoint(lead)) if found else None


_GLUE = ("t", "h")
"""Letters inside a time: "2024-03-12T10:15", "18h05"."""


def _in_numbers(text: str) -> tuple[bool, str | None] | None:
    """A date in digits, as ISO; with None for ISO where day and month could be either."""
    if found := _ISO.search(text):
        return True, _iso(found, found)
    if found := _DOTTED.search(text):
        return True, _iso(found, _TIME.search(text, found.end()))
    if found := _SLASHED.search(text):
        return True, _slashed(found)
    return None


def _in_words(text: str, tokens: Sequence[str]) -> tuple[bool, str | None] | None:
    """A date with its month as a word."""
    months = [_MONTH[token] for token in tokens if token in _MONTH]
    year = next((t for t in tokens if t.isdecimal() and len(t) == 4 and t[0] in "12"), None)
    day = next((t for t in tokens if t.isdecimal() and len(t) <= 2 and 1 <= int(t) <= 31), None)
    if not (months and year and day):
        return None
    date = {"y": year, "m": str(months[0]), "d": day}
    return True, _iso(date, _TIME.search(text, text.index(year) + len(year)))


def _iso(date: Mapping[str, str] | re.Match[str], time: re.Match[str] | None) -> str | None:
    month, day = int(date["m"]), int(date["d"])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    iso = f"{date['y']}-{month:02}-{day:02}"
    if time is None or time["H"] is None:
        return iso
    hour, half = int(time["H"]), (time.groupdict().get("half") or "").lower()[:1]
    if half and 1 <= hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{iso}T{hour:02}:{time['M']}" if hour < 24 and int(time["M"]) < 60 else iso


def _slashed(found: re.Match[str]) -> str | None:
    """Day and month by their size; where both could be either, nobody knows."""
    first, second = int(found["a"]), int(found["b"])
    if first > 12 >= second:
        first, second = second, first
    if not (first <= 12 < second):
        return None
    return f"{found['y']}-{first:02}-{second:02}"
