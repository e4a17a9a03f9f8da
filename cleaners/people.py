"""People on author lines: who is a person, and what else such a line may say. Words are in fields.toml
and words.toml.

An author line is read whole or not at all: with one part left over that nothing explains it is no author
line.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

from cleaners.dates import load_words, read_date


class Person(NamedTuple):
    name: str
    location: str | None = None
    role: str | None = None


class Byline(NamedTuple):
    """What an author line says."""

    people: Sequence[Person]
    is_led: bool
    """A word such as "By" says that the people are authors."""
    is_explained: bool
    """A role, a date or a reading time stands beside them."""
    date: str = ""
    """The part of the line that is a date."""


@lru_cache(maxsize=1)
def load_phrases() -> Mapping[str, frozenset[str]]:
    """The phrases of fields.toml, case-folded, by table; all languages together."""
    text = (resources.files("cleaners") / "fields.toml").read_text(encoding="utf-8")
    return {
        table: frozenset(phrase.strip() for phrases in lists.values() for phrase in phrases.split("|"))
        for table, lists in tomllib.loads(text).items()
    }


def alternatives(phrases: Iterable[str]) -> str:
    """A regular expression that matches any of the phrases, the longest first."""
    return "|".join(re.escape(phrase) for phrase in sorted(phrases, key=lambda p: (-len(p), p)))


# --- names ------------------------------------------------------------------------------------

_WORDS = load_words()
PARTICLES = frozenset(_WORDS["people"]["particles"])
# Words that names of people do not contain, and names of desks, outlets and jobs do.
NOT_PEOPLE = frozenset(_WORDS["people"]["never"])
_GIVEN = frozenset(name for names in _WORDS["given"].values() for name in names)
_HONOURS = load_phrases()["honours"]
_NAME_PART = re.compile(r"[^\W\d_][\w’'‘.-]{0,40}")
_MOST_NAME_PARTS = 5


def is_person(text: str, fewest: int = 2) -> bool:
    """Whether the text is a person's name in a cased script: capitalized parts, particles between."""
    parts = text.split()
    if not fewest <= len(parts) <= _MOST_NAME_PARTS:
        return False
    for part in parts:
        if part.casefold().strip(".") in NOT_PEOPLE or not _NAME_PART.fullmatch(part):
            return False
        if not part[0].isupper() and part not in PARTICLES:
            return False
        if part.endswith(("’s", "'s")) or (part[-1] == "." and len(part) > 3):
            return False
    return parts[0][0].isupper() and parts[-1][0].isupper()


def has_given_name(name: str) -> bool:
    """Whether a name begins like a person's: "Callan Bay" is as capitalized as "Jane Roe"."""
    return _is_given(name.split()[0])


def is_called_like_people(name: str) -> bool:
    """Whether a text is a person's name, and begins like one."""
    return is_person(name) and has_given_name(name)


def _is_given(word: str) -> bool:
    """Whether people are called so; of "Anna-Lena" the first half tells."""
    return word.casefold().split("-")[0] in _GIVEN


_BETWEEN_PEOPLE = re.compile(
    r"\s{0,3}(?:,|;|&|\||/|\b(?:and|und|et|y|e|i|и|en|och|og|ja|a|és|și|ve|dan|và|та|și|και)\b)\s{0,3}"
)


def people(text: str, fewest: int = 2) -> tuple[list[str], str]:
    """The names a list of people begins with, and what is left of the text behind them."""
    names: list[str] = []
    position = 0
    while position < len(text):
        stop = _BETWEEN_PEOPLE.search(text, position)
        end = stop.start() if stop else len(text)
        candidate = _without_honours(text[position:end].strip())
        if candidate and not is_person(candidate, fewest):
            break
        names += [candidate] if candidate else []
        position = stop.end() if stop else end
    return names, text[position:].strip(" ,;|/–—-")


def _without_honours(name: str) -> str:
    first, _, rest = name.partition(" ")
    while rest and first.casefold() in _HONOURS:
        name = rest
        first, _, rest = name.partition(" ")
    return name


# --- author lines -----------------------------------------------------------------------------

_LEADS = load_phrases()["leads"]
_BARE_LEADS = frozenset(lead for lead in _LEADS if not lead.endswith(":"))
_ALONE_LEADS = frozenset(lead.rstrip(":") for lead in _LEADS)
_LEAD = re.compile(
    rf"(?:{alternatives(_BARE_LEADS)})(?:\s{{1,3}}|\s?[:：]\s{{0,3}})"
    rf"|(?:{alternatives(lead.rstrip(':') for lead in _LEADS)})\s?[:：]\s{{0,3}}"
    r"|By(?=[A-Z][a-z])",
    re.IGNORECASE,
)
_OPENINGS = frozenset(lead[:2] for lead in _LEADS)
_LETTERS = {"arabic": "[\u0620-\u06ff\u200c]", "hebrew": "[\u05d0-\u05ea'\"-]", "hindi": "[\u0900-\u097f]"}
_WORDS_OF = {script: rf"{one}{{2,15}}(?:\s{one}{{2,15}}){{1,3}}" for script, one in _LETTERS.items()}
_HINDI_LEADS = (
    r"(?i:written|edited|reported|published|posted)\s[Bb]y|By"
    "|लेखक|लेखिका|लेख|आलेख|रिपोर्ट|रिपोर्टर|संवाददाता|प्रस्तुति|समीक्षा|समीक्षक|द्वारा"
)
# Scripts without capitals, where only the word in front or behind tells a name.
_UNCASED = re.compile(
    r"(?:文|取材|取材・文|執筆|記者|作者|记者|本报记者|撰文|責任編輯|责任编辑)\s?[・:：=＝／/\s]\s?(?P<han>[\u3040-\u9fff]{2,8})"
    r"|[〔【（(]?(?:本[報报])?[記记]者\s?(?P<placed>[\u4e00-\u9fff]{2,4})\s?[／/]\s?[\u4e00-\u9fff]{2,6}[報报][導导道][〕】）)]?"
    r"|(?:\[?[가-힣]{2,6}=|\([가-힣]{2,6}=(?:[가-힣]{2,6}|[A-Z]{2,6})\)\s?)?(?P<hangul>[가-힣]{2,4})\s?(?:선임|수습|인턴)?\s?기자\]?(?:\s\S{3,60}@\S{3,60})?"
    rf"|(?:بقلم|إعداد|تحرير|نوشته|نویسنده|گزارش از|كتبت?\s?:)\s?[:：]?\s?(?P<arabic>{_WORDS_OF['arabic']})"
    rf"|מאת\s?:?\s(?P<hebrew>{_WORDS_OF['hebrew']})"
    rf"|(?:(?:{_HINDI_LEADS})\s?[:：]\s?|द्वारा\s)(?P<hindi>{_WORDS_OF['hindi']})"
    rf"|(?P<hindi_first>{_WORDS_OF['hindi']}?)(?:,\s(?:विशेष\s)?संवाददाता|\sद्वारा)"
)
_PARTS = re.compile(r"\s?[|•·]\s?|\s[–—-]\s|—")
_PART_MARKS = "|•·–—-"
_ROLE = re.compile(rf"(?:.{{0,60}}[\s-])?(?:{alternatives(load_phrases()['roles'])})", re.IGNORECASE)
_ROLE_FIRST = re.compile(rf"(?:{alternatives(load_phrases()['roles'])})\b.{{0,60}}", re.IGNORECASE)
# What else stands on author lines and tells nothing: reading times, and dates too short to be read.
_ASIDE = re.compile(
    r"\d{1,3}[ -]?(?:mins?|minutes?|minuten|minutos|minuti|minuter|minut|мин)\.?"
    r"(?: read| lesezeit| de lect\w{2,4}| leestijd| di lettura| läsning| czytania)?"
    r"|lesezeit:? \d{1,3} (?:min\.?|minuten)"
    r"|(?:\w{2,10}\.?,? )?\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{1,2}[:.]\d{2}(?: ?uhr| ?h)?"
    r"|\S{1,40}@\S{1,40}|@\w{2,30}|published|updated|\d{1,2}(?:h|hr|hrs|d|w|mo)",
    re.IGNORECASE,
)
_IN_PLACE = re.compile(
    r"(?P<who>[^,]{3,80}?)\s(?:in|from|aus|à|en|em|da|w|в)\s"
    r"(?P<place>[^\W\d_a-z][\w’'.-]{1,30}(?:\s[^\W\d_a-z][\w’'.-]{1,30})?)"
)
_FOR_OUTLET = re.compile(
    r",?\s(?:(?:[Ff]or|für|pour|para|voor)|[Ss]pecial\s[Tt]o|SPECIAL TO)\s(?:the\s)?[^\W\d_a-z].{1,60}\Z"
)
_REST_WORDS = 8
"""Words that may follow the names behind a lead: a role, a desk, an outlet."""
_DESK = re.compile(r"[a-zäöüß]{2,5}(?:/[a-zäöüß]{2,5}){0,3}")
"""A newsroom's abbreviation of a name or of an agency, as German papers sign."""


def is_lead(text: str) -> bool:
    """Whether a line is nothing but the word in front of an author's name."""
    return text.casefold().rstrip(": ") in _ALONE_LEADS


def without_lead(text: str) -> str:
    """An author line without the word in front of the names."""
    lead = _LEAD.match(text) if text[:2].casefold() in _OPENINGS else None
    return text[lead.end() :] if lead else text


# Agencies sign page after page: a bounded memo of a pure function.
@lru_cache(maxsize=1 << 12)
def is_agency_byline(text: str) -> bool:
    """Whether a line names an agency or a desk as the author: "By Associated Press", "Von dpa, 3.4.2024",
    "Par la rédaction avec AFP"."""
    lead = _LEAD.match(text) if text[:2].casefold() in _OPENINGS else None
    return lead is not None and _are_desks(text[lead.end() :], _AGENCIES_AND_DESKS, _SITE)


def is_desk(text: str) -> bool:
    """Whether a line is nothing but a newsroom's name for itself: "News desk", "Von unserer Redaktion"."""
    opening = text.split(" ", 1)[0].rstrip(",/").casefold()
    return opening in _DESK_OPENINGS and len(text) > _SHORTEST_DESK and _are_desks(text, _DESKS, _NOTHING)


_SHORTEST_DESK = 6
"""Code points: "Staff" heads paragraphs too."""


def _are_desks(text: str, known: frozenset[str], alike: re.Pattern[str]) -> bool:
    text, _ = _parted_from_date(text)
    pieces = [piece for piece in _BETWEEN_AGENCIES.split(text.casefold().strip(" ,|·•-–/")) if piece]
    if not 0 < len(pieces) <= _MOST_AGENCIES:
        return False
    named = [piece for piece in pieces if piece in known or alike.fullmatch(piece)]
    return bool(named) and all(piece in named or _DESK.fullmatch(piece) for piece in pieces)


_SITE = re.compile(r"[a-z0-9]{1,20}[.-][a-z]{2,20}")
_NOTHING = re.compile(r"(?!)")


_DESKS = load_phrases()["desks"]
_DESK_OPENINGS = frozenset(desk.split()[0] for desk in _DESKS)
_AGENCIES_AND_DESKS = load_phrases()["agencies"] | _DESKS
_BETWEEN_AGENCIES = re.compile(
    r"\s?[/,&+|]\s?|\s(?:and|und|et|y|e|en|i|och|og|mit|with|avec|con|com|met|med)\s"
)
_MOST_AGENCIES = 3
_DIGIT = re.compile(r"\d")
# Where a date may begin: behind a letter, at a word before a number, or at the number.
_TO_NUMBER = r"(?=(?:on\s|am\s|le\s|el\s|il\s)?(?:[^\W\d_]{2,12}[.,:]?\s){0,4}\d)"
_DATE_GLUED = re.compile(
    rf"(?<=[^\W\d_])(?:\s?[,|·•–-]\s?|\s){_TO_NUMBER}|(?<=[a-zß-ÿ])(?=[A-Z0-9]){_TO_NUMBER}"
)
_READING_TIME = re.compile(
    r"\s?[|•·,–-]?\s?\d{1,3}[ -]?min(?:ute|uten|utes|utos|uti|s)?\.?(?: read| lesezeit)?\Z", re.IGNORECASE
)


def _parted_from_date(text: str) -> tuple[str, str]:
    """What stands before a date at the text's end, and the date; the longest that can be read as one."""
    if _DIGIT.search(text):
        for stop in _DATE_GLUED.finditer(text):
            if read_date(text[stop.end() :]):
                return text[: stop.start()].rstrip(" ,|·•–-"), text[stop.end() :]
    return text, ""


def is_role(text: str) -> bool:
    """Whether a line is nothing but what a journalist's work is called."""
    if len(text.split()) > 6 or text[-1:] in ".!?:;" or " from " in text:
        return False
    return bool(_ROLE.fullmatch(text) or _ROLE_FIRST.fullmatch(text))


# The same people sign page after page: a bounded memo of a pure function.
@lru_cache(maxsize=1 << 12)
def read_byline(line: str) -> Byline | None:
    """What an author line says; None for any other line."""
    line = line.removeprefix("-- ")
    if not line.isascii() and (uncased := _UNCASED.fullmatch(line)):
        name = next(name for name in uncased.groupdict().values() if name)
        return Byline([Person(name)], is_led=True, is_explained=True)
    # Most lines have one part, which is seen at once.
    pieces = _PARTS.split(line) if any(mark in line for mark in _PART_MARKS) else _dated_and_led(line)
    parts = [part for part in map(str.strip, pieces) if part]
    led = [part for part in parts if part[:2].casefold() in _OPENINGS and _LEAD.match(part)][:1]
    named = [] if led else [part for part in parts if _may_be_named(part)][:1]
    found, date, role = _behind_lead(led[0]) if led else _named(named[0]) if named else _NOBODY
    if not found:
        return None
    unknown: list[str] = []
    for part in parts:
        if part in led or part in named or _ASIDE.fullmatch(part):
            continue
        if read_date(part):
            date = part
        elif is_role(part):
            role = part
        else:
            unknown.append(part)
    if unknown and not ((led or date) and all(map(_is_outlet, unknown))):
        return None
    if role and len(found) == 1:
        found = [found[0]._replace(role=role)]
    return Byline(found, bool(led), bool(role or date) or len(parts) > 1, date)


_BEFORE_LEAD = re.compile(r",?\s(?=(?i:by|von|par|por|door|di|av|af)\s[^\W\d_a-z])")


def _dated_and_led(line: str) -> list[str]:
    """ "Posted on 5 March 2024 by Jane Roe" in two: a date, and what a lead begins. Other lines whole."""
    lead = _BEFORE_LEAD.search(line) if _DIGIT.search(line) else None
    if lead and read_date(line[: lead.start()]):
        return [line[: lead.start()], line[lead.end() :]]
    return [line]


_Found = tuple[Sequence[Person], str, str]
"""People, a date, a role."""
_NOBODY: _Found = ((), "", "")


_LONGEST_AGENCY, _LONGEST_NAME = 3, 4


def _without_agency(text: str) -> str:
    """ "JANE ROE Associated Press" without the agency: up to three words behind two to four."""
    words = text.split()
    for size in range(1, _LONGEST_AGENCY + 1):
        is_name = 2 <= len(words) - size <= _LONGEST_NAME
        if is_name and " ".join(words[-size:]).casefold() in load_phrases()["agencies"]:
            name = " ".join(words[:-size]).rstrip(",")
            return name.title() if name.isupper() else name
    return text


def _behind_lead(part: str) -> _Found:
    """The people behind "By", with a date and a role behind these; nobody when anything else is left over."""
    lead = _LEAD.match(part)
    text = _READING_TIME.sub("", part[lead.end() :] if lead else part).rstrip(" ·•|,–-")
    text, date = _parted_from_date(text)
    text = _WITH_AGENCY.sub("", _FOR_OUTLET.sub("", text.title() if text.isupper() else text))
    text = _without_agency(text)
    if placed := _IN_PLACE.fullmatch(text):
        names, rest = people(placed["who"])
        if names and not rest:
            return [Person(name, placed["place"]) for name in names], date, ""
    names, rest = people(text)
    if not names and (named := _name_and_role(text)):
        return named
    is_odd = rest[:1].islower() and not (_DESK.fullmatch(rest) or is_role(rest))
    if not names or is_odd or len(rest.split()) > _REST_WORDS:
        return _NOBODY
    return [Person(name) for name in names], date, rest if is_role(rest) else ""


_WITH_AGENCY = re.compile(
    rf"\s(?:mit|with|avec|con|com|met|med|und|and|et)\s(?:{alternatives(load_phrases()['agencies'])}"
    r"|agenturen|agencies|agences|agencias|agências|agenzie|wires?|wire reports)\Z",
    re.IGNORECASE,
)


def _name_and_role(text: str) -> _Found | None:
    """ "Jane Roe Staff Writer": a name of two or three words and what its bearer does, nothing between."""
    words = text.split()
    for size in (2, 3):
        name, role = " ".join(words[:size]), " ".join(words[size:])
        if role and is_person(name) and has_given_name(name) and is_role(role) and not role.islower():
            return [Person(name)], "", role
    return None


def _may_be_named(part: str) -> bool:
    """A cheap look: a line of few words of which the first is what people are called."""
    first = part.split(" ", 2)[:2]
    return len(first) > 1 and not _DIGIT.search(first[1]) and any(map(_is_given, first))


def _named(part: str) -> _Found:
    """People and nothing else, or one person and a role, with a date behind: "Jane Roe, senior editor"."""
    part, date = _parted_from_date(part)
    part = _WITH_AGENCY.sub("", part.title() if part.isupper() else part)
    if (placed := _IN_PLACE.fullmatch(part)) and is_called_like_people(placed["who"]):
        return [Person(placed["who"], placed["place"])], date, ""
    names, rest = people(part)
    if not names:
        return _name_and_role(part) or _NOBODY
    # Of three in a row two may vouch for the third.
    if 3 * sum(map(has_given_name, names)) < 2 * len(names):
        return _NOBODY
    if not rest or (len(names) == 1 and _INITIALS.fullmatch(rest)):
        return [Person(name) for name in names], date, ""
    return ([Person(names[0])], date, rest) if len(names) == 1 and is_role(rest) else _NOBODY


_INITIALS = re.compile("[A-Z]{2,5}")
"""What an outlet or an agency is called for short: "Jane Roe, CNM"."""


def _is_outlet(part: str) -> bool:
    """A few capitalized words: the name of an outlet or of a desk."""
    words = part.split()
    return len(words) <= 5 and part[0].isupper() and part[-1] not in ".!?"
