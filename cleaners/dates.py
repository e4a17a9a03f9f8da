"""Dates as newsrooms print them: read from a line that holds nothing else. Words are in words.toml.

A line is cut into tokens, and each token gets a letter for what it is: "Posted on 5 March 2024, 10:15"
is "pg1m4,2:2". Dates and times are looked for in that row of letters, where one pattern does for all
languages. A single token that has no letter, or no place in a date, and the line is left alone.
"""

from __future__ import annotations

import itertools
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
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


class Moment(NamedTuple):
    raw: str
    """As printed, with the words in front of it."""
    iso: str | None
    """Date, or date and time, as precise as printed and with a zone only where an offset is printed; None
    for a calendar of another era, a year of two digits, and an open order of day and month."""


class Dates(NamedTuple):
    """When a story was published and when it was last changed, as far as one line says so."""

    published: Moment | None
    modified: Moment | None
    relative: bool = False
    """The line counts back from a day that it does not name: "3 hours ago"."""


# --- words ------------------------------------------------------------------------------------

# Vowel points and accents: head lines and capitals lose them. Those of Hindi tell words apart.
_POINTS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u093c\u200c\u200d]")
_SAME_LETTER = str.maketrans("ıیکىʼ’׳", "iيكي'''")


def _fold(word: str) -> str:
    if word.isascii():
        return word.lower()
    bare = _POINTS.sub("", unicodedata.normalize("NFKD", word.casefold()))
    return unicodedata.normalize("NFC", bare).translate(_SAME_LETTER)


# Letters of tables, the weaker before the stronger: an hour word is a unit too, but not the other way.
_LETTERS = (
    ("units", "q"),
    ("zones", "g"),
    ("beside", "g"),
    ("weekdays", "g"),
    ("today", "t"),
    ("stated", "l"),
    ("published", "p"),
    ("changed", "c"),
)
_CLOCK = {
    "before-noon": "a",
    "after-noon": "b",
    "before-noon-first": "A",
    "after-noon-first": "B",
    "hour": "h",
    "minute": "n",
    "second": "s",
    "year": "Y",
    "month": "M",
    "day": "D",
    "universal": "u",
}
_AGO = {"first": "r", "last": "R"}


def _folded(words: Iterable[str]) -> list[str]:
    return [_fold(word).replace("_", " ") for word in words]


def _month_numbers() -> Mapping[str, int]:
    names = load_words()["months"].values()
    return {word: number for months in names for number, word in enumerate(_folded(months), 1)}


_MONTH = _month_numbers()


def _letters() -> Mapping[str, str]:
    """What each word or phrase is. Three letters leave it open: "mar" is March and Tuesday (x), "ago" is
    August and how long ago (y), "time" is a word beside a date and a count of hours (i)."""
    tables = load_words()
    letters = {
        word: letter
        for table, letter in _LETTERS
        for words in tables[table].values()
        for word in _folded(words)
    }
    for table, names in (("clock", _CLOCK), ("ago", _AGO)):
        for name, letter in names.items():
            letters |= dict.fromkeys(_folded(tables[table][name]), letter)
    for months in tables["calendars"].values():
        letters |= dict.fromkeys(_folded(months), "k")
    for units in tables["units"].values():
        letters |= {word: "i" for word in _folded(units) if letters[word] == "g"}
    for word in _MONTH:
        letters[word] = {"g": "x", "R": "y"}.get(letters.get(word, ""), "m")
    return letters | {"t": "T"}


_LETTER = _letters()
_KNOWN = frozenset(part for phrase in _LETTER for part in phrase.split())
_MOST_IN_PHRASE = max(phrase.count(" ") for phrase in _LETTER) + 1


# --- tokens -----------------------------------------------------------------------------------

LONGEST = 140
"""Code points: a line that says twice when, with weekday, time and zone, is no longer."""
_MOST_TOKENS = 48
_UNSPACED = "\u3040-\u9fff\uac00-\ud7a3"
_UNSPACED_WORDS = "|".join(
    sorted((word for word in _KNOWN if re.search(f"[{_UNSPACED}]", word)), key=len, reverse=True)
)
# Direction marks and the like, which stand between digits and words of right-to-left scripts.
_BLANK = r"\s\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"
_MARK = re.escape(".,:;/|+-–—‑−‐•·・()[]،؛、，。：／（）【】｜－＋")
_TOKEN = re.compile(
    rf"(?P<blank>[{_BLANK}]+|&nbsp;)"
    r"|(?P<era>(?:令和|平成|昭和|民國|民国)\s?(?:\d{1,3}|元)(?=\s?年))"
    r"|(?P<number>(?:19|20)\d{2}(?=\d\d?:\d\d)|\d+)"
    r"|(?P<half>[AaPp]\.?\s?[Mm]\b\.?|[πμΠΜ]\.?\s?[μΜ]\b\.?)"
    r"|(?P<weekday>[(（](?:[月火水木金土日一二三四五六월화수목금토일]|[月火水木金土日]・祝)[)）])"
    rf"|(?P<unspaced>(?=[{_UNSPACED}])(?:{_UNSPACED_WORDS}))"
    rf"|(?P<mark>[{_MARK}])"
    # "v2.10.2023" is a version, where "v 2.10.2023" is Czech; "18h05" and "T10:15" are times.
    r"|(?P<glued>(?<!\d)[A-Za-z](?=\d))"
    rf"|(?P<word>[^\d&{_BLANK}{_MARK}]+)",
)
_MARK_LETTERS = (
    dict.fromkeys(".。", ".")
    | dict.fromkeys("/／", "/")
    | dict.fromkeys("-–—‑−‐－", "-")
    | dict.fromkeys(":：", ":")
    | dict.fromkeys("+＋", "+")
)


class Token(NamedTuple):
    letter: str
    start: int
    end: int
    text: str
    """Folded."""


def _tokens(text: str) -> list[Token] | None:
    """The line in tokens; None as soon as one of them has no place on a line of dates."""
    found: list[Token] = []
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if not match or match.lastgroup == "glued" or len(found) > _MOST_TOKENS:
            return None
        position = match.end()
        kind = match.lastgroup or ""
        if kind == "blank":
            continue
        word = _fold(match[0])
        if kind in ("word", "unspaced") and word not in _KNOWN:
            return None
        found.append(Token(_letter(kind, word), *match.span(), word))
    return found


def _letter(kind: str, word: str) -> str:
    """A token's letter; "w" for words, which may have to be read together."""
    if kind == "number":
        return _size(word)
    if kind == "mark":
        return _MARK_LETTERS.get(word, ",")
    if kind == "half":
        return "a" if word[0] in "aπ" else "b"
    return {"era": "5", "weekday": "g"}.get(kind, "w")


def _size(digits: str) -> str:
    """One or two digits by their number; 4 is a year, 5 one that some other calendar counts, 3 neither."""
    if len(digits) <= 2:
        return str(len(digits))
    if len(digits) != 4:
        return "3"
    year = int(digits)
    if 1800 <= year < 2100:
        return "4"
    return "5" if 1300 <= year < 1500 or 2400 <= year < 2700 or 5600 <= year < 5900 else "3"


def _phrases(tokens: Sequence[Token]) -> list[Token] | None:
    """The longest phrases that words make, each as one token with its letter."""
    found: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        taken = 1
        if token.letter == "w":
            taken, phrase = _phrase(tokens, index)
            if not taken:
                return None
            token = Token(_LETTER[phrase], token.start, tokens[index + taken - 1].end, phrase)
        found.append(token)
        index += taken
    return found


def _phrase(tokens: Sequence[Token], index: int) -> tuple[int, str]:
    words: list[str] = []
    for token in tokens[index : index + _MOST_IN_PHRASE]:
        if token.letter != "w":
            break
        words.append(token.text)
    for size in range(len(words), 0, -1):
        phrase = " ".join(words[:size])
        if phrase in _LETTER:
            return size, phrase
    return 0, ""


# --- the row of letters -----------------------------------------------------------------------

_NAMED = r"(?P<n>[mxyk])(?:/(?P<n2>[mxyk]))?\.?"
_YEAR = r"(?P<y>[45]|2(?![:.h]))"
_DATES = tuple(
    map(
        re.compile,
        (
            r"(?P<y>[45])(?P<s>[-./])(?P<m>[12])(?P=s)(?P<d>[12])\.?",
            r"(?P<y>[45])Y(?P<m>[12])M(?P<d>[12])D?",
            r"(?P<a>[12])(?P<s>[-./])(?P<b>[12])(?P=s)(?P<y>[245])(?!:)",
            rf"(?P<d>[12])\.?[g/-]{{0,2}}{_NAMED}[g,/-]{{0,2}}{_YEAR}",
            rf"{_NAMED}g?(?P<d>[12])\.?[g,]{{0,2}}(?P<y>[45])",
            rf"(?P<y>[45])[.,-]?g?{_NAMED}-?(?P<d>[12])\.?",
            r"D?(?P<d>[12])M(?P<m>[12])[Y,g]{0,2}(?P<y>[45])",
        ),
    )
)
_OFFSET = "[1-5](?::2)?"
# "10:15 - 12:30" are opening hours: a minus is part of an offset only where a machine wrote the time.
_TIME = re.compile(
    r"(?P<first>[AB])?(?P<T>T)?(?P<H>[12])"
    r"(?:(?P<s>[:.])(?P<M>2)(?:(?P=s)(?P<S>2)(?:[.,](?P<F>[1-5]))?)?h?|h(?:(?P<m>[12])n?(?:(?P<sec>[12])s)?)?)?"
    r"(?P<last>[ab])?"
    rf"(?P<zone>,?u[+-]{_OFFSET}|\+{_OFFSET}|(?(S)-[2-5](?::2)?|(?(T)-[2-5](?::2)?|(?!)))|,?u)?"
)
# Marks between dates, and words that mean something only beside a number.
_FILLING = frozenset("gtuiabABxhnD.,:/-")
_LEADS = frozenset("pcl")
_UNIT = r"[qihnsMD]\.?"
_RELATIVE = re.compile(
    rf"[plcg,:.-]{{0,8}}(?:[rR][rg]?[123]{_UNIT}(?:[g,]?[12]{_UNIT})?"
    rf"|[123]{_UNIT}(?:[g,]?[12]{_UNIT})?g?[Rry])[.,plc]{{0,2}}"
)
_HOUR = "(?:[12][:.]2(?:[:.]2)?h?|[12]h2?n?)[ab]?[g,u]{0,2}"
_DAY_AND_MONTH = r"(?:[12]\.?[mxy]\.?|[mxy]\.?[12]|[12]\.[12]\.)"
# A day without a year needs a time or a word that says what it is the day of, and a time such a word too.
_STAMP_PART = rf"[pcl][pclag,:.-]{{0,6}}(?:{_DAY_AND_MONTH}|t)?[gh,:.-]{{0,4}}(?:{_HOUR})?"
_STAMP = re.compile(
    rf"[,-]{{0,4}}{_STAMP_PART}(?:[,/-]{{0,2}}{_STAMP_PART})?|g?,?(?:{_DAY_AND_MONTH}|t)[g,:.-]{{0,4}}{_HOUR}"
)


class _Clock(NamedTuple):
    hour: int
    rest: str
    """"As much of ":15:30" as is printed, with the offset: after "20 h", nothing."""


class _Day(NamedTuple):
    iso: str | None
    other: bool
    """Of a calendar that is kept as printed."""
    terse: bool
    """So short that a score, a section number or a version may look like it."""


class _Part:
    """What stands on the line from one lead word to the next."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.end = start
        self.start_of_date = start
        """Where the lead words end."""
        self.leads: set[str] = set()
        self.days: list[_Day] = []
        self.times: list[_Clock] = []

    @property
    def is_lead_only(self) -> bool:
        return not self.days and not self.times

    def day(self) -> _Day | None:
        """The one day: of two, the other is the same day, in another calendar or printed twice."""
        days = self.days
        if len(days) == 2 and days[0] == days[1]:
            return days[0] if days[0].iso else None
        if len(days) == 2 and days[0].other != days[1].other:
            return days[days[0].other]
        return days[0] if len(days) == 1 else None

    def iso(self) -> str | None:
        day = self.day()
        if not day or not day.iso or not self.times:
            return day.iso if day else None
        clock = self.times[0]
        return f"{day.iso}T{clock.hour:02}{clock.rest}" if clock.hour < 24 else day.iso


# The cheapest look at a line: most have no digit, and telling one in ASCII costs a tenth.
_ASCII_DIGIT = re.compile("[0-9]")
_DIGIT = re.compile(r"\d")


def read_date(text: str) -> Dates | None:
    """When the line says the story was published and changed; None when anything else stands on it."""
    if len(text) > LONGEST or not (_ASCII_DIGIT if text.isascii() else _DIGIT).search(text):
        return None
    return _read_date(text)


# An author line's date is asked for twice, and pages of one day share theirs: a bounded memo of a pure
# function.
@lru_cache(maxsize=1 << 12)
def _read_date(text: str) -> Dates | None:
    if _heads_or_lists(text):
        return None
    tokens = _tokens(text)
    tokens = tokens and _phrases(tokens)
    if not tokens:
        return None
    row = "".join(token.letter for token in tokens)
    if _RELATIVE.fullmatch(row):
        moment = Moment(text, None)
        return Dates(None, moment, True) if "c" in row else Dates(moment, None, True)
    late = row.find("c", 1)
    if late > 0 and _RELATIVE.fullmatch(row, late):
        return _changed_lately(text, tokens, late)
    if text.startswith(_BULLETS) and _LEADS.isdisjoint(row):
        return None
    parts = _parts(tokens, row)
    return _dates(text, parts) if parts else None


def _changed_lately(text: str, tokens: Sequence[Token], late: int) -> Dates | None:
    """ "1 May 2024, 10:15. Updated 3 hours ago": what stands before the change, and the change as printed."""
    start = tokens[late].start
    found = _read_date(text[:start].strip(_BETWEEN_DATES))
    if not found or found.modified or found.relative:
        return None
    return found._replace(modified=Moment(text[start:], None))


_BETWEEN_DATES = " |•·,/-–—"

LONGEST_STAMP = 80


@lru_cache(maxsize=1 << 12)
def is_stamp(text: str) -> bool:
    """Whether the line says when without saying the year: "Updated 10:15", "3 June, 10:15", "Published on".
    No date can be read from it, and in the story a time may stand so."""
    if len(text) > LONGEST_STAMP or text[0] == "|":
        return False
    tokens = _tokens(text)
    tokens = tokens and _phrases(tokens)
    row = "".join(token.letter for token in tokens or ())
    # "Update" by itself may be a word of the story, and "data" is Italian for a date.
    is_label = "p" in row or ("c" in row and (" " in text or not text.isascii()))
    return bool(_STAMP.fullmatch(row)) and (is_label or any(char.isdigit() for char in text))


_BULLETS = ("• ", "- ", "* ", "– ", "— ")


def _heads_or_lists(text: str) -> bool:
    """ "12 March 2024:" is about to say what happened then, and "| 1/1/2024 |" is a row of a table."""
    return text.endswith((":", "：")) or (text[0] == "|" == text[-1])


# --- parts of a line --------------------------------------------------------------------------


def _parts(tokens: Sequence[Token], row: str) -> list[_Part] | None:
    """The line cut at its lead words; None where a letter has no place."""
    parts = [_Part(0)]
    index = 0
    while index < len(row):
        part, letter = parts[-1], row[index]
        taken = 1
        if letter in _LEADS:
            if not part.is_lead_only:
                part = _Part(tokens[index].start)
                parts.append(part)
            part.leads.add(letter)
            part.start_of_date = tokens[index].end
        elif not (taken := _take(part, tokens, row, index)):
            return None
        if taken > 1 or letter not in ".,:/-":
            part.end = tokens[index + taken - 1].end
        index += taken
    return _labelled_behind(parts)


def _take(part: _Part, tokens: Sequence[Token], row: str, index: int) -> int:
    """Read a day, a time or a filling word into the part: how many tokens it took."""
    for pattern in _DATES:
        if found := pattern.match(row, index):
            if day := _day(found, tokens):
                part.days.append(day)
                return found.end() - index
            return 0
    if found := _TIME.match(row, index):
        if not (clock := _clock(found, tokens)):
            return 0
        part.times.append(clock)
        return found.end() - index
    return 1 if row[index] in _FILLING else 0


def _labelled_behind(parts: list[_Part]) -> list[_Part]:
    """Parts with their labels in front: "2024.03.05 입력 2024.03.06 수정" has them behind its dates."""
    if len(parts) == 1 or not parts[-1].is_lead_only or parts[0].leads:
        return parts
    for part, label in itertools.pairwise(parts):
        part.leads, part.end = label.leads, label.start_of_date
        label.start = label.start_of_date
    return parts[:-1]


def _dates(text: str, parts: Sequence[_Part]) -> Dates | None:
    """The date of each part by what its lead word says; two that say the same are a list, or a span."""
    if len(parts) > 2 or not _whole(parts[0]) or not (_whole(parts[-1]) or _later_that_day(parts[-1])):
        return None
    changed = ["c" in part.leads for part in parts]
    if len(parts) == 2 and changed == [False, False]:
        # "Stand:" beside a date of publication is that of a change.
        changed = ["l" in part.leads and "p" not in part.leads for part in parts]
    if len(parts) == 2 and changed[0] == changed[1]:
        return None
    moments = {
        late: Moment(text if len(parts) == 1 else text[part.start : part.end].strip(), part.iso())
        for late, part in zip(changed, parts, strict=True)
    }
    return Dates(moments.get(False), moments.get(True))


def _whole(part: _Part) -> bool:
    day = part.day()
    return bool(day and len(part.times) <= 1 and (part.leads or part.times or not day.terse))


def _later_that_day(part: _Part) -> bool:
    """ "... aktualisiert um 11:30 Uhr": a change without a day of its own."""
    return "c" in part.leads and not part.days and len(part.times) == 1


# --- days and times ---------------------------------------------------------------------------


def _groups(found: re.Match[str], tokens: Sequence[Token]) -> Mapping[str, str]:
    """The folded tokens behind the groups of a match in the row of letters, where it has them."""
    return {
        name: "".join(token.text for token in tokens[found.start(name) : found.end(name)])
        for name, letters in found.groupdict().items()
        if letters
    }


def _day(found: re.Match[str], tokens: Sequence[Token]) -> _Day | None:
    """The day, its order settled where the numbers settle it; None where the numbers are no date."""
    groups = _groups(found, tokens)
    year = groups["y"]
    other = found["y"] == "5" or "k" in (found.groupdict().get("n") or "")
    terse = len(year) == 2 and not _is_full(groups)
    orders = list(_orders(groups))
    if not orders:
        return None
    if other or len(year) != 4 or len(orders) > 1:
        return _Day(None, other, terse)
    return _Day(_iso(int(year), *orders[0]), False, False)


def _is_full(groups: Mapping[str, str]) -> bool:
    """Two digits for the day and two for the month: "12/03/24", "12.03.24"."""
    return groups.get("s") in ("/", ".") and len(groups["a"]) == len(groups["b"]) == 2


def _orders(groups: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """Month and day as they may be meant: two ways where a line such as "03/04/2024" leaves it open."""
    if "n" in groups:
        months = {_MONTH.get(groups["n"], 0), _MONTH.get(groups.get("n2", groups["n"]), 0)}
        pairs = [(month, int(groups["d"])) for month in months]
    elif "a" in groups:
        first, second = int(groups["a"]), int(groups["b"])
        pairs = [(second, first)]
        if first != second and (groups["s"] != "." or second > 12):
            pairs.append((first, second))
    else:
        pairs = [(int(groups["m"]), int(groups["d"]))]
    for month, day in pairs:
        if (1 <= month <= 12 or "n" in groups) and 1 <= day <= 31:
            yield month, day


def _iso(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _clock(found: re.Match[str], tokens: Sequence[Token]) -> _Clock | None:
    """The time of day; None where the numbers are none, or there is only one and nothing beside it."""
    groups = _groups(found, tokens)
    half = (found["first"] or found["last"] or "").lower()
    hour, minute = int(groups["H"]), int(groups.get("M") or groups.get("m") or 0)
    second = groups.get("S") or groups.get("sec")
    has_minutes = found["M"] or found["m"]
    if hour > 24 or minute > 59 or (second and int(second) > 59):
        return None
    if not (half or has_minutes or "h" in found[0]):
        return None
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "b" else 0)
    rest = (f":{minute:02}" if has_minutes else "") + (f":{int(second):02}" if second else "")
    fraction = f".{_ascii(groups['F'])}" if "F" in groups else ""
    return _Clock(hour, rest + fraction + _offset(groups.get("zone", "")))


def _ascii(digits: str) -> str:
    return "".join(str(int(digit)) for digit in digits)


_PRINTED_OFFSET = re.compile(r"[^+-]{0,8}(?P<sign>[+–—‑−‐－＋-])(?P<H>\d{1,2}):?(?P<M>\d{2})?")


def _offset(zone: str) -> str:
    """An offset as printed, in ISO: "+02:00", and Z for Greenwich."""
    if not zone:
        return ""
    found = _PRINTED_OFFSET.fullmatch(zone)
    if not found:
        return "Z"
    sign = "+" if found["sign"] in "+＋" else "-"
    return f"{sign}{int(found['H']):02}:{int(found['M'] or 0):02}"
