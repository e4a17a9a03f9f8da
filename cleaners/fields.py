"""Facts that stand on lines of their own: byline, date, caption, credit; and the dateline.

Each is read whole or not at all: a line with a word left over that no pattern explains stays where it
is, since a wrong author counts as a wrong removal.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from cleaners import bios, dates
from cleaners.captions import LONGEST_CAPTION, caption_rule, may_be_long_caption
from cleaners.credits import LONGEST_CREDIT_LINE, is_agency_line
from cleaners.model import NO_FACTS, OPEN, Document, Edit, ends_like_sentence
from cleaners.people import (
    PARTICLES,
    Byline,
    Person,
    is_agency_byline,
    is_called_like_people,
    is_desk,
    is_lead,
    is_person,
    is_role,
    people,
    read_byline,
)

RULES = {
    "byline/label": "the word in front of a name that is not there",
    "byline/lead": "the author line",
    "byline/name": "the author line: a name that the story does not mention",
    "byline/name-and-work": "the author line: a name, and what its bearer does or when the story appeared",
    "byline/agency": "the agency the story is from",
    "bio/of-author": "says who wrote the piece; the story does not mention them",
    "caption/marked": "a caption, with its photographer or agency",
    "caption/credit-line": "a photo credit",
    "caption/agency-line": "a credit: a photographer, an agency",
    "caption/credited": "a caption, with its photographer or agency behind it",
    "caption/labelled": "a caption, with a label such as archive picture",
    "caption/placed": "a caption, saying who stands where",
    "caption/dated": "a caption, with day and place at its end",
    "credit/reported-from": "who reported from where",
    "credit/contributed": "who contributed",
    "credit/source": "the agency or the site the story is from",
    "date/label": "the word in front of a date that is not there",
    "date/line": "when the story was published",
    "dateline/opening": "the place in front of the first paragraph",
}


def mark_facts(doc: Document) -> Iterator[Edit]:
    """Lines that state a fact about the story: author, date, caption, credit."""
    layout = _layout(doc)
    bylines = list(mark_byline(doc, layout))
    yield from bylines
    yield from mark_bio(doc, _known_authors(doc, bylines))
    yield from mark_date(doc, layout)
    yield from mark_caption(doc)
    yield from mark_credit(doc, layout)
    yield from mark_source(doc, layout)


# --- where a fact may stand -------------------------------------------------------------------


class Layout(NamedTuple):
    """Open blocks by place; a text without story-shaped blocks has only a head, of a few lines."""

    head: range
    opening: range
    """The head, and what stands below a single long dek or first paragraph."""
    tail: range


_HEAD_OF_BRIEF = 4


def _layout(doc: Document) -> Layout:
    story = doc.story
    size = len(doc.blocks)
    if not story:
        top = [index for index, block in enumerate(doc.blocks) if block.is_open]
        end = top[_HEAD_OF_BRIEF - 1] + 1 if len(top) >= _HEAD_OF_BRIEF else size
        return Layout(range(end), range(end), range(size, size))
    opening = story[1] if len(story) > 1 else story[0]
    return Layout(range(story[0]), range(opening), range(story[-1] + 1, size))


def _open(doc: Document, places: Sequence[int], longest: int) -> Iterator[tuple[int, str]]:
    for index in places:
        block = doc.blocks[index]
        if block.is_open and len(block.text) <= longest:
            yield index, block.text


def _authors(found: Sequence[Person]) -> Mapping[str, str]:
    """People as the facts of one edit: names, places and roles, one a line, in step."""
    return {
        "authors": "\n".join(person.name for person in found),
        "locations": "\n".join(person.location or "" for person in found),
        "roles": "\n".join(person.role or "" for person in found),
    }


# --- byline -----------------------------------------------------------------------------------

LONGEST_BYLINE = 160
FEWEST_WORKS = 3
"""Lines with a name each, and other lines between them, that list what these people made."""
MOST_SIGNATURES = 3
"""Times an author's name stands on a page: above the story, below it, in a note."""
_WORK = (
    "author|writer|reporter|correspondent|editor|columnist|journalist|contributor|critic"
    "|staff writer|staff reporter|senior reporter|bureau chief"
)
_NAME_AND_WORK = re.compile(
    rf"(?P<name>[^,]{{5,60}}),\s(?:[a-z -]{{1,40}}\s)?(?:{_WORK})\b(?P<rest>[^.!?]{{0,80}})"
)
_FROM_PLACE = re.compile(
    r"\b(?:from|in)\s(?P<place>[^\W\d_a-z][\w’'.-]{1,30}(?:\s[^\W\d_a-z][\w’'.-]{1,30})?)$"
)
_INITIAL_AT_END = re.compile(r"\s[^\W\d_]\.$")


def mark_byline(doc: Document, layout: Layout) -> Iterator[Edit]:
    """The author line, above the story or below it, and the lines it was broken into."""
    lines = list(_open(doc, [*layout.opening, *layout.tail], LONGEST_BYLINE))
    follows = dict(itertools.pairwise(lines))
    if _is_list_of_works(lines):
        return
    taken: set[int] = set()
    for index, text in lines:
        if index in taken:
            continue
        if is_agency_byline(text) or (index in layout.head and is_desk(text)):
            rule = "byline/agency"
            yield Edit(index, rule, RULES[rule], "byline", confidence=0.97)
            continue
        below = follows.get((index, text), (-1, ""))
        found = _split_byline(text, below[1]) if is_lead(text) else _byline_of(doc, layout, index, text)
        if not found:
            if is_lead(text) and doc.story:
                yield Edit(index, "byline/label", RULES["byline/label"], "boilerplate", confidence=0.97)
            continue
        rows = [index]
        if is_lead(text):
            rows.append(below[0])
            below = follows.get(below, (-1, ""))
        if len(found.people) == 1 and below[0] == rows[-1] + 1 and is_role(below[1]):
            found = found._replace(people=[found.people[0]._replace(role=below[1])])
            rows.append(below[0])
        taken.update(rows)
        yield from _byline(rows, found)


def _is_list_of_works(lines: Sequence[tuple[int, str]]) -> bool:
    """Whether somebody stands below each of several lines: "by Ida Moor", as in a list of books."""
    by = [(index, read_byline(text)) for index, text in lines if text.startswith("by ")]
    people = {tuple(found.people): index for index, found in by if found and found.is_led}
    places = sorted(people.values())
    apart = sum(below - above > 1 for above, below in itertools.pairwise(places))
    return apart + 1 >= FEWEST_WORKS


def _byline(rows: Sequence[int], found: Byline) -> Iterator[Edit]:
    rule = "byline/lead" if found.is_led else "byline/name-and-work" if found.is_explained else "byline/name"
    facts = {**_authors(found.people), **_date_facts(found.date)}
    for index in rows:
        told = facts if index == rows[0] else NO_FACTS
        yield Edit(index, rule, RULES[rule], "byline", facts=told, confidence=0.97)


def _date_facts(text: str) -> Mapping[str, str]:
    found = dates.read_date(text)
    return _when(found, set()) if found else NO_FACTS


def _split_byline(lead: str, below: str) -> Byline | None:
    """ "By" on one line and the names on the next."""
    return read_byline(f"{lead.rstrip(': ')}: {below}") if below and below[-1] not in ".!?:" else None


def _byline_of(doc: Document, layout: Layout, index: int, text: str) -> Byline | None:
    if text[-1] in ".!?:”…" and not _INITIAL_AT_END.search(text):
        return None
    found = read_byline(text)
    if found and (found.is_led or (found.is_explained and index in layout.head)):
        return found
    if found and not found.is_explained and _is_signature(doc, layout, index, found):
        return found
    if "," in text and index in layout.head and (worker := _name_and_work(text)):
        return Byline([worker], is_led=False, is_explained=True)
    return None


SIGNED_WITHIN = 20
"""Blocks above the story in which a name by itself may sign it: names are looked up in all of the source."""


def _is_signature(doc: Document, layout: Layout, index: int, found: Byline) -> bool:
    """Names by themselves are authors under a headline or right below the story, if the story is
    about somebody else: nobody on the line stands in it."""
    is_near_story = layout.head.stop - SIGNED_WITHIN <= index < layout.head.stop
    is_under_headline = is_near_story and any(doc.blocks[above].is_open for above in range(index))
    is_below_story = index == layout.tail.start
    if not (is_under_headline or is_below_story):
        return False
    return not any(_is_spoken_of(person.name, doc.source) for person in found.people)


def _is_spoken_of(name: str, source: str) -> bool:
    """A story that is about somebody calls them by their surname, or often; a note on its author does not."""
    times = source.count(name)
    return times > MOST_SIGNATURES or source.count(name.split()[-1]) != times


def _name_and_work(text: str) -> Person | None:
    found = _NAME_AND_WORK.fullmatch(text)
    if not found or not is_person(found["name"]):
        return None
    place = _FROM_PLACE.search(found["rest"])
    return Person(found["name"], place["place"] if place else None)


# --- notes on the author ----------------------------------------------------------------------


def _known_authors(doc: Document, bylines: Iterable[Edit]) -> frozenset[str]:
    told = [edit.facts.get("authors", "") for edit in (*doc.edits, *bylines)]
    named = [name for names in (*told, doc.given.get("authors", "")) for name in names.split("\n")]
    return frozenset(name for name in named if " " in name)


def mark_bio(doc: Document, authors: frozenset[str]) -> Iterator[Edit]:
    """Notes on who wrote the piece: of those whom an author line names, wherever; of others, at the story's
    end. The story itself speaks of nobody in the note."""
    story = doc.story
    if len(story) < _FEWEST_STORY:
        return
    end = max(story[1] + 1, story[-1 - NOTES_WITHIN]) if len(story) > NOTES_WITHIN else story[1] + 1
    named, authors = _Named(doc), _few(authors)
    called = {part for name in authors for part in (name.split()[0], bios.surname(name))}
    parts = tuple(part for part in called if doc.source.count(part) > 1)
    above = ""
    for index in range(0 if parts else end, len(doc.blocks)):
        block, is_last = doc.blocks[index], index >= end
        text = block.text
        if not (is_last or any(part in text for part in parts)) or not block.is_open:
            above = ""
        elif not (above and is_last and bios.may_go_on(text) and bios.goes_on(text, above)):
            above = _told_of(named, index, authors, is_last) if bios.may_be_note(text) else ""
        if above:
            yield Edit(index, "bio/of-author", RULES["bio/of-author"], "boilerplate", confidence=0.95)


_FEWEST_STORY = 2
NOTES_WITHIN = 2
"""Story-shaped blocks that may stand below a note on somebody whom no author line names."""
MOST_NOTES = 2
"""A list of people tells of more."""
MOST_NAMED = 50
"""Names that each block is compared with; where there are more, the text is a list of people."""


def _few(names: frozenset[str]) -> frozenset[str]:
    return names if len(names) <= MOST_NAMED else frozenset()


class _Named:
    """Who is named in a document outside its story; worked out once, and only where it is asked."""

    def __init__(self, doc: Document) -> None:
        self.doc = doc

    @cached_property
    def signatures(self) -> frozenset[str]:
        """The names on lines of their own."""
        lines = {block.text for block in self.doc.blocks if 5 <= len(block.text) <= LONGEST_SIGNATURE}
        return _few(frozenset(filter(None, map(bios.signed_by, lines))))

    @cached_property
    def noted(self) -> frozenset[str]:
        """The journalists whom blocks tell of."""
        return frozenset(filter(None, map(bios.is_note_on_somebody, self._notes)))

    @cached_property
    def guests(self) -> frozenset[str]:
        """The writers and experts whom blocks tell of."""
        return frozenset(filter(None, map(bios.is_note_on_guest, self._notes)))

    @cached_property
    def _notes(self) -> list[str]:
        return [block.text for block in self.doc.blocks if bios.may_be_note(block.text)]


def _told_of(named: _Named, index: int, authors: frozenset[str], is_last: bool) -> str:
    """Whom the block is a note on; or nothing."""
    doc, text = named.doc, named.doc.blocks[index].text
    if (name := bios.is_note_on(authors, text, is_last)) or not is_last:
        return "" if not name or _is_told_about(doc, index, name) else name
    name = bios.is_note_on_somebody(text) or bios.is_note_on(named.signatures, text, is_last=False)
    is_guest = not name
    if is_guest and (name := bios.is_note_on_guest(text)) and not bios.tells_of_life(text):
        is_followed = any(other > index and doc.blocks[other].is_open for other in doc.story)
        name = "" if is_followed else name
    if not name or _is_told_about(doc, index, name):
        return ""
    return name if len(named.guests if is_guest else named.noted) <= MOST_NOTES else ""


LONGEST_SIGNATURE = 60


def _is_told_about(doc: Document, index: int, name: str) -> bool:
    """Whether another paragraph speaks of the person."""
    called = bios.surname(name)
    return any(called in doc.blocks[other].text for other in doc.story if abs(other - index) > 1)


# --- dates ------------------------------------------------------------------------------------


_BULLETS = "•·*-–— "
_DIGIT = re.compile(r"\d")


def mark_date(doc: Document, layout: Layout) -> Iterator[Edit]:
    """Lines that hold a date and nothing else, above the story or below it."""
    told: set[str] = set()
    for index, text in _open(doc, [*layout.opening, *layout.tail], dates.LONGEST):
        found = _date_at(doc, layout, index, text)
        if not found:
            continue
        # "3 hours ago" below the story is the age of a comment or of another story.
        knows = found is not _STAMP and (not found.relative or index in layout.head)
        facts = _when(found, told) if knows else NO_FACTS
        if (row := _DATE_AND_SOURCE.fullmatch(text)) and row["author"]:
            facts = {**facts, **_authors([Person(row["author"])])}
        if _DIGIT.search(text):
            yield Edit(index, "date/line", RULES["date/line"], "date", facts=facts, confidence=0.97)
        else:
            yield Edit(index, "date/label", RULES["date/label"], "boilerplate", confidence=0.97)


_STAMP = dates.Dates(None, None, relative=True)
"""A line that says when without saying the day."""


def _date_at(doc: Document, layout: Layout, index: int, text: str) -> dates.Dates | None:
    """A line's date, if it may be the story's where the line stands."""
    if index in layout.head:
        # A list of dates is a chronology, but above the story stand only items of its own.
        found = dates.read_date(text.lstrip(_BULLETS)) or _date_among_others(text)
        may_be_stamp = len(text) <= dates.LONGEST_STAMP
        return found or (_STAMP if may_be_stamp and dates.is_stamp(text) else None)
    found = dates.read_date(text)
    if found and index in layout.opening:
        # Below a long dek; a day by itself would head what happened then.
        return found if _tells_time(found) else None
    return None if not found or _heads_an_entry(doc, index) else found


_READING_TIME = re.compile(
    r"(?:(?:lesedauer|lesezeit|reading time|temps de lecture|lecture|tempo di lettura|tiempo de lectura"
    r"|leestijd|tempo de leitura|læsetid|lesetid|lästid|czas czytania|lukuaika|время чтения|час читання)"
    r"\s?:?\s?)?\d{1,3}[ -]?(?:mins?|minutes?|minuten|minutos|minuti|minuter|minutter|minut|мин|хв)\.?"
    r"(?: read| lesezeit| de lect\w{2,4}| leestijd| di lettura| läsning| czytania)?\Z",
    re.IGNORECASE,
)
_READ_FIRST = re.compile(
    r"\A(?:(?:lesedauer|lesezeit|reading time|temps de lecture|tempo di lettura|tiempo de lectura|leestijd"
    r"|tempo de leitura)\s?:?\s?)\d{1,3}\s(?:min|minutes?|minuten|minutos|minuti)\.?\s?[|•·]\s",
    re.IGNORECASE,
)
_BESIDE_DATE = re.compile(r"\s?[|•·]\s?|\s/\s")
_PLACE = r"[^\W\d_a-z][^\W\d_]{2,20}(?:\s[^\W\d_a-z][^\W\d_]{2,20})?"
_PLACE_AND_DATE = re.compile(rf"{_PLACE}(?:,|\s[–—-])\s(?P<date>[^\W_].{{5,40}})")
_DATE_AND_PLACE = re.compile(rf"(?P<date>.{{10,90}})\s[–—-]\s{_PLACE}")


def _tells_time(found: dates.Dates) -> bool:
    return any("T" in ((moment and moment.iso) or "") for moment in found[:2])


_DATE_AND_SOURCE = re.compile(
    r"(?P<date>.{8,40}?)\s{1,9}(?:来源|來源|稿源|文章来源)\s?[:：]\s?[^\s:：]{1,20}"
    r"(?:\s{1,9}(?:作者|记者|記者)\s?[:：]\s?(?P<author>[\u4e00-\u9fff]{2,4}))?"
    r"(?:\s{1,9}(?:编辑|編輯|责任编辑|責任編輯)\s?[:：]\s?[^\s:：]{1,12})?"
)
"""How Chinese sites head their stories: when, from whom, by whom."""


def _date_among_others(text: str) -> dates.Dates | None:
    """The date on a line of the page's head that says more: how long it takes to read, from which agency or
    in which section, or for a letter from where."""
    if not _DIGIT.search(text):
        return None
    bare = _READING_TIME.sub("", _READ_FIRST.sub("", text)).rstrip(" |•·,/-–—")
    if (
        bare != text
        and bare
        and (found := dates.read_date(bare) or (_STAMP if dates.is_stamp(bare) else None))
    ):
        return found
    if placed := _PLACE_AND_DATE.fullmatch(bare) or _DATE_AND_SOURCE.fullmatch(bare):
        return dates.read_date(placed["date"])
    if (placed := _DATE_AND_PLACE.fullmatch(bare)) and (found := dates.read_date(placed["date"])):
        return found if _tells_time(found) else None
    parts = [part for part in _BESIDE_DATE.split(bare) if part]
    others = [part for part in parts if not _DIGIT.search(part)]
    if not 0 < len(others) < len(parts) or not all(map(_is_beside_date, others)):
        return None
    found = dates.read_date(" | ".join(part for part in parts if part not in others))
    if not found:
        return None
    days = [moment.iso for moment in found[:2] if moment and moment.iso]
    # A section and a day behind a slash may be a fraction, or a path: the time tells.
    is_full = any("T" in day for day in days) if "/" in text else bool(days)
    return found if is_full or all(map(is_agency_line, others)) else None


def _is_beside_date(part: str) -> bool:
    words = part.split()
    return (len(words) == 1 or (len(words) <= 3 and part[0].isupper())) and part[-1] not in ".!?:"


def _heads_an_entry(doc: Document, index: int) -> bool:
    """A date below the story that stands above a sentence, as in a chronology, or answers a question."""
    below = doc.blocks[index + 1 : index + 2]
    is_above_sentence = any(block.is_open and ends_like_sentence(block.text) for block in below)
    return is_above_sentence or (index > 0 and doc.blocks[index - 1].text.endswith(("?", "？", "؟")))


def _when(found: dates.Dates, told: set[str]) -> Mapping[str, str]:
    """The facts of a line of dates. What an earlier line told is not told again, lest the ISO of one line
    stand beside the raw form of another."""
    facts: dict[str, str] = {}
    for name, moment in (("datePublished", found.published), ("dateModified", found.modified)):
        if moment and name not in told:
            told.add(name)
            facts |= {f"{name}Raw": moment.raw} | ({name: moment.iso} if moment.iso else {})
    return facts


# --- captions ---------------------------------------------------------------------------------


def mark_caption(doc: Document) -> Iterator[Edit]:
    """Captions that name a photographer, an agency or who stands where, and photo credits on lines of
    their own."""
    for index, block in enumerate(doc.blocks):
        text = block.text
        size = len(text)
        if not text or (size > LONGEST_CREDIT_LINE and not may_be_long_caption(text)):
            continue
        if block.role in OPEN and (rule := caption_rule(text)):
            yield Edit(index, rule, RULES[rule], "caption", confidence=0.97)


# --- credits ----------------------------------------------------------------------------------

_SENTENCE = re.compile(r"(?<=[^\W\d_]{2})\.\s+")
_REPORTED = re.compile(r"(?P<who>.{2,80}?) (?:reported|reports|contributed) from (?P<rest>.{2,160})")
_CONTRIBUTED = re.compile(
    r"(?P<who>.{2,160}?) (?:also )?contributed(?: reporting| research)?"
    r"(?: to this (?:report|story|article|dispatch))?"
)
_ADDITIONAL = re.compile(r"(?:Additional|With(?: additional)?) reporting (?:by|from) (?P<who>.{2,160})")
# "Associated Press writers", "video journalist": who they are stands in front of their names.
_LED = re.compile(
    r"(?:[\w.’'-]{2,20} ){0,5}(?i:correspondent|editor|intern|journalist|photographer|producer|reporter"
    r"|researcher|writer)s? (?=[A-Z])"
)
_BETWEEN_HELPERS = re.compile(r";(?: and)? |, and |, | and ")


def mark_credit(doc: Document, layout: Layout) -> Iterator[Edit]:
    """Notes below the story on who reported from where and who contributed. One with many names looks like
    one of its last paragraphs."""
    for index, text in _open(doc, (*doc.story[1:][-NOTES_WITHIN:], *layout.tail), LONGEST_CAPTION):
        if "report" not in text and "contribut" not in text:
            continue
        sentences = [part.rstrip(". ") for part in _SENTENCE.split(text)]
        readings = [_reported(sentence) or _contributed(sentence) for sentence in sentences]
        if all(readings):
            found = [person for reading in readings for person in reading]
            rule = "credit/reported-from" if _REPORTED.match(text) else "credit/contributed"
            facts = _authors(found)
            yield Edit(index, rule, RULES[rule], "credit", facts=facts, confidence=0.97)


def _reported(sentence: str) -> list[Person]:
    """ "Doe reported from Washington and Roe from London": people and places, or nothing."""
    found = _REPORTED.fullmatch(sentence)
    if not found:
        return []
    first, *others = re.split(r",? and |, ", found["rest"])
    clauses = [(found["who"], first)]
    for clause in others:
        who, between, place = clause.partition(" from ")
        if not between:
            return []
        clauses.append((who, place))
    result: list[Person] = []
    for who, place in clauses:
        names, rest = people(who, fewest=1)
        if not names or rest or not place[:1].isupper():
            return []
        result += [Person(name, place) for name in names]
    return result


def _contributed(sentence: str) -> list[Person]:
    """ "Doe and Roe in Paris, Maine, and reporter Ann Poe in Rome contributed": who stands in front of a
    place is there, too. Behind one a state is no person, unless called like one."""
    found = _CONTRIBUTED.fullmatch(sentence) or _ADDITIONAL.fullmatch(sentence)
    helpers: list[Person] = []
    placed = 0
    for item in _BETWEEN_HELPERS.split(found["who"]) if found else ():
        who, there, place = item.partition(" in ")
        names, rest = people(_LED.sub("", who, count=1))
        is_behind_place = 0 < placed == len(helpers)
        if is_behind_place and not there and not any(map(is_called_like_people, names)):
            continue
        if not names or rest or (there and not place[:1].isupper()):
            return []
        helpers += [Person(name) for name in names]
        if there:
            helpers[placed:] = [person._replace(location=place) for person in helpers[placed:]]
            placed = len(helpers)
    return helpers


_SOURCE_LINE = re.compile(
    r"(?:Quellen?|Sources?|Fuentes?|Fonti?|Fontes?|Bron(?:nen)?|Źródł[oa]|Käll[ao]r?|Kilder?|Zdroj|Kaynak|Sumber"
    r"|Nguồn|Lähde|Forrás|Sursa|Источник|Джерело|Πηγή|المصدر|出典|来源|來源|출처)\s?[:：]\s?(?P<who>.{2,60})",
    re.IGNORECASE,
)
LONGEST_SOURCE = 80
_SITE = re.compile(r"[\w-]{1,30}(?:\.[\w-]{1,30}){1,3}\.?")


def mark_source(doc: Document, layout: Layout) -> Iterator[Edit]:
    """A line below the story that names the agency or the site the story is from."""
    for index, text in _open(doc, layout.tail, LONGEST_SOURCE):
        found = _SOURCE_LINE.fullmatch(text)
        if found and (_SITE.fullmatch(found["who"]) or is_agency_line(found["who"])):
            yield Edit(index, "credit/source", RULES["credit/source"], "credit", confidence=0.97)


# --- dateline ---------------------------------------------------------------------------------

_DATELINE = re.compile(
    r"(?P<place>[^\W\d_a-z][\w.’' -]{1,40}(?:, [^\W\d_a-z][\w.]{1,20})?)"
    r"(?:, [\w. ]{3,20}\d)?(?:\s?\([^()]{2,20}\))?\s(?:[—–]|--?)\s(?=[^\Wa-zа-я]|[“\"‘«„¿¡])"
)
_MOST_PLACE_WORDS = 5


def mark_dateline(doc: Document) -> Iterator[Edit]:
    """The place in front of the first paragraph; the paragraph keeps it."""
    for index in doc.story:
        block = doc.blocks[index]
        if not block.is_open:
            continue
        if found := _DATELINE.match(block.text):
            place = found["place"].strip()
            words = [w for w in re.split(r"[\s-]", place) if w not in PARTICLES]
            if len(words) <= _MOST_PLACE_WORDS and all(w[:1].isupper() for w in words if w):
                rule = "dateline/opening"
                yield Edit(index, rule, RULES[rule], facts={"dateline": place}, confidence=0.97)
        return
