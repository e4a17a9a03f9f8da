"""Facts that stand on lines of their own: byline, date, caption, credit; and the dateline.

Each is read whole or not at all: a line with a word left over that no pattern explains stays where it
is, since a wrong author counts as a wrong removal.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from cleaners import dates
from cleaners.model import NO_FACTS, OPEN, Document, Edit, ends_like_sentence
from cleaners.people import (
    PARTICLES,
    Byline,
    Person,
    alternatives,
    is_agency_byline,
    is_lead,
    is_person,
    is_role,
    load_phrases,
    people,
    read_byline,
)

RULES = {
    "byline/lead": "the author line",
    "byline/name": "the author line: a name that the story does not mention",
    "byline/name-and-work": "the author line: a name, and what its bearer does or when the story appeared",
    "byline/agency": "the agency the story is from",
    "caption/marked": "a caption, with its photographer or agency",
    "caption/credit-line": "a photo credit",
    "caption/agency-line": "a credit: a photographer, an agency",
    "caption/credited": "a caption, with its photographer or agency behind it",
    "credit/reported-from": "who reported from where",
    "credit/contributed": "who contributed",
    "credit/source": "the agency or the site the story is from",
    "date/line": "when the story was published",
    "dateline/opening": "the place in front of the first paragraph",
}


def mark_facts(doc: Document) -> Iterator[Edit]:
    """Lines that state a fact about the story: author, date, caption, credit."""
    layout = _layout(doc)
    yield from mark_byline(doc, layout)
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
    taken: set[int] = set()
    for index, text in lines:
        if index in taken:
            continue
        if is_agency_byline(text):
            rule = "byline/agency"
            yield Edit(index, rule, RULES[rule], "byline", confidence=0.97)
            continue
        below = follows.get((index, text), (-1, ""))
        found = _split_byline(text, below[1]) if is_lead(text) else _byline_of(doc, layout, index, text)
        if not found:
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


# --- dates ------------------------------------------------------------------------------------


_BULLETS = "•·*-–— "


def mark_date(doc: Document, layout: Layout) -> Iterator[Edit]:
    """Lines that hold a date and nothing else, above the story or below it."""
    told: set[str] = set()
    for index, text in _open(doc, [*layout.head, *layout.tail], dates.LONGEST):
        # A list of dates is a chronology, but above the story stand only items of its own.
        found = dates.read_date(text.lstrip(_BULLETS) if index in layout.head else text)
        if not found or (index not in layout.head and _heads_an_entry(doc, index)):
            continue
        # "3 hours ago" below the story is the age of a comment or of another story.
        knows = not found.relative or index in layout.head
        facts = _when(found, told) if knows else NO_FACTS
        yield Edit(index, "date/line", RULES["date/line"], "date", facts=facts, confidence=0.97)


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

LONGEST_CAPTION = 400
# Not "Source:", which sentences and notes of a story name as well.
_PHOTO_PHRASES = load_phrases()["photos"] - {"source", "quelle", "zdroj", "graphic", "kép", "image source"}
_PHOTOS = alternatives(_PHOTO_PHRASES)
# Nor "credit/debit".
_PICTURES = alternatives(p for p in _PHOTO_PHRASES if not p.startswith(("credit", "crédit", "crediti")))
_AGENCY = alternatives(load_phrases()["agencies"])
_MARKED = re.compile(
    rf"[(\[]\s?(?:[^()\[\]:/]{{1,30}}\s)?(?:(?:{_PHOTOS}|video|vídeo|vidéo|видео)\s?:|(?:{_PICTURES}|video)\s?/"
    rf"|(?:{_PICTURES})\s(?:by|via|courtesy|von|par|por|de|di)\s)\s?[^()\[\]]{{2,80}}[)\]]\.?$"
    rf"|[(\[](?:[^()\[\]]{{2,60}}/\s?)(?:{_AGENCY})(?:\s?[/,][^()\[\]]{{1,40}})?[)\]]\.?$"
    r"|（(?:写真|撮影|画像|图|图片|圖)[：:／/=＝][^（）]{1,40}）$",
    re.IGNORECASE,
)
_CLOSING = (")", "]", "）", ").", "].", "）.")
LONGEST_CREDITED = 300
# Behind the end of a sentence, or a bar: "Gulls over the quay. Foto: Jonte Wiese/dpa".
_CREDITED = re.compile(
    rf"[.!?…|–—)”“\"»]\s{{0,2}}(?i:{_PHOTOS})(?i:\s(?:by|courtesy(?: of)?|von|par|di)\s|\s?[:/©|]\s?)"
    r"(?:©\s?)?[^\W_a-z][^.!?:;]{1,70}\.?$"
)
LONGEST_CREDIT_LINE = 110
# Not "Video:", which also heads lines of specifications and of lists.
_CREDIT_LINE = re.compile(
    rf"(?:{_PHOTOS})(?:\scredit|\scourtesy)?\s?(?::|/|©|\b(?:by|courtesy of)\b)\s?[^.!?:]{{2,80}}"
    r"|(?:写真|撮影|画像|图|图片来源|圖|사진|صورة|الصورة|عکس|צילום|फोटो)\s?[：:／/=＝]\s?.{1,40}",
    re.IGNORECASE,
)
_PICTURE_OPENINGS = frozenset(
    [word[:2] for word in _PHOTO_PHRASES]
    + ["写真", "撮影", "画像", "图", "图片", "圖", "사진"]
    + ["صو", "ال", "عک", "צי", "फो", "图：", "圖：", "图:", "圖:"]
)
LONGEST_AGENCY_LINE = 90
_STOPS = frozenset('.!?…”’"。」')
_AGENCIES = load_phrases()["agencies"]
_BETWEEN_CREDITED = re.compile(r"\s?[/|,]\s?")
# Two looks for one: a class, and what begins with one, are found many times faster than either of them.
_MARK_OF_CREDIT = re.compile(r"[:：=/©|]")
_WORD_OF_CREDIT = re.compile(r"\s(?:by|von|courtesy|par|di)\s")
_VIA = re.compile(r"\svia\s|\s?/\s?[Pp]ool\b")
_PHOTO_WORDS = frozenset(phrase.split()[-1] for phrase in _PHOTO_PHRASES)
_WORD_ENDS = re.compile(r"[\s:/©|.()]+")


def mark_caption(doc: Document) -> Iterator[Edit]:
    """Captions that end in a photographer or agency, and photo credits on lines of their own."""
    for index, block in enumerate(doc.blocks):
        text = block.text
        size = len(text)
        if size > LONGEST_CAPTION or not text:
            continue
        if size > LONGEST_CREDIT_LINE and text[-1] in _STOPS and not text.endswith(_CLOSING):
            continue  # a paragraph; a long caption ends in its credit
        if block.role in OPEN and (rule := _caption_rule(text)):
            yield Edit(index, rule, RULES[rule], "caption", confidence=0.97)


# Labels and links come again in every article: a bounded memo of a pure function.
@lru_cache(maxsize=1 << 12)
def _caption_rule(text: str) -> str | None:
    """Cheap looks first: most short lines have nothing of a caption."""
    size = len(text)
    if text.endswith(_CLOSING):
        return "caption/marked" if _MARKED.search(text) else None
    if size <= LONGEST_AGENCY_LINE and _is_agency_line(text):
        return "caption/agency-line"
    end = text[-_CREDIT_WITHIN:]
    if size > LONGEST_CREDITED or not (_MARK_OF_CREDIT.search(end) or _WORD_OF_CREDIT.search(end)):
        return None
    is_candidate = size <= LONGEST_CREDIT_LINE and text[:2].casefold() in _PICTURE_OPENINGS
    if is_candidate and _CREDIT_LINE.fullmatch(text):
        return "caption/credit-line"
    return "caption/credited" if _ends_in_credit(end) else None


def _ends_in_credit(end: str) -> bool:
    """ "... on the quay. Foto: Jonte Wiese/dpa", "... | Jonte Wiese/dpa", "... © Jonte Wiese"."""
    if not _PHOTO_WORDS.isdisjoint(_WORD_ENDS.split(end.casefold())):
        if _CREDITED.search(end):
            return True
        named = _CREDITED_OPENLY.search(end)
        if named and all(map(_is_name_like, _BETWEEN_CREDITED.split(named[1]))):
            return True
    _, mark, owner = end.rpartition("©")
    if mark and owner.strip() and all(map(_is_name_like, _BETWEEN_CREDITED.split(owner.strip()))):
        return True
    tail = _LAST_PIECE.search(end)
    return tail is not None and "/" in tail[1] and _is_agency_line(tail[1])


# Without a full stop in front, but with a capital: "Gulls over the quay Foto: Jonte Wiese".
_CREDITED_OPENLY = re.compile(rf"\s(?=[^\W\d_a-z])(?i:{_PHOTOS})\s?[:©]\s?([^\W_a-z][^.!?:;]{{1,60}})\Z")
_LAST_PIECE = re.compile(r"[.!?…”\"|]\s{0,2}([^.!?…”\"|][^.!?…”\"]{2,70})\Z")
_CREDIT_WITHIN = 100
"""Code points at a caption's end in which its credit stands."""


def _is_agency_line(text: str) -> bool:
    """ "Jane Roe/Getty Images", "© Tobin Hale / imago", "AFP", "dpa/epd": agencies, and names beside them."""
    if text.casefold() in _AGENCIES:
        return True
    if text[-1] in ".!?:;," or not ("/" in text or "|" in text or "," in text or "©" in text):
        return False
    pieces = _BETWEEN_CREDITED.split(_VIA.sub("/", text.removeprefix("©").removeprefix("(c)").strip()))
    pieces = [piece for piece in pieces if piece]
    if len(pieces) > 4:
        return False
    others = [piece for piece in pieces if piece.casefold().removeprefix("via ") not in _AGENCIES]
    return len(others) < len(pieces) and all(map(_is_name_like, others))


def _is_name_like(piece: str) -> bool:
    words = piece.split()
    if not 0 < len(words) <= 5:
        return False
    return piece.casefold() in _AGENCIES or all(word[0].isupper() or word in PARTICLES for word in words)


# --- credits ----------------------------------------------------------------------------------

_SENTENCE = re.compile(r"(?<=[^\W\d_]{2})\.\s+")
_REPORTED = re.compile(r"(?P<who>.{2,80}?) (?:reported|reports|contributed) from (?P<rest>.{2,160})")
_CONTRIBUTED = re.compile(
    r"(?P<who>.{2,160}?) (?:also )?contributed(?: reporting| research)?"
    r"(?: to this (?:report|story|article|dispatch))?"
)
_ADDITIONAL = re.compile(r"(?:Additional|With(?: additional)?) reporting (?:by|from) (?P<who>.{2,160})")
_IN_PLACE = re.compile(r"(?P<who>.{2,80}?) in (?P<place>[^\W\d_a-z].{1,40})")


def mark_credit(doc: Document, layout: Layout) -> Iterator[Edit]:
    """Notes below the story on who reported from where and who contributed."""
    for index, text in _open(doc, layout.tail, LONGEST_CAPTION):
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
    found = _CONTRIBUTED.fullmatch(sentence) or _ADDITIONAL.fullmatch(sentence)
    if not found:
        return []
    placed = _IN_PLACE.fullmatch(found["who"])
    names, rest = people(placed["who"] if placed else found["who"])
    if not names or rest:
        return []
    return [Person(name, placed["place"] if placed else None) for name in names]


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
        if found and (_SITE.fullmatch(found["who"]) or _is_agency_line(found["who"])):
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
