"""Facts that stand on lines of their own: byline, date, caption, credit; and the dateline.

Each is read whole or not at all: a line with a word left over that no pattern explains stays where it
is, since a wrong author counts as a wrong removal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from cleaners.dates import load_words, read_date
from cleaners.model import Document, Edit, is_story_shaped, story_shaped

RULES = {
    "byline/lead": "the author line",
    "byline/name-and-work": "the author line: a name and what its bearer does",
    "caption/marked": "a caption, with its photographer or agency",
    "caption/credit-line": "a photo credit",
    "credit/reported-from": "who reported from where",
    "credit/contributed": "who contributed",
    "date/line": "when the story was published",
    "dateline/opening": "the place in front of the first paragraph",
}


class Person(NamedTuple):
    name: str
    location: str | None = None


def mark_facts(doc: Document) -> Iterator[Edit]:
    """Lines that state a fact about the story: author, date, caption, credit."""
    layout = _layout(doc)
    yield from mark_byline(doc, layout)
    yield from mark_date(doc, layout)
    yield from mark_caption(doc)
    yield from mark_credit(doc, layout)


# --- where a fact may stand -------------------------------------------------------------------


class Layout(NamedTuple):
    """Open blocks by place; a text without story-shaped blocks has only a head, of a few lines."""

    head: range
    opening: range
    """The head, and what stands below a single long dek or first paragraph."""
    tail: range


_HEAD_OF_BRIEF = 4


def _layout(doc: Document) -> Layout:
    story = story_shaped(doc.blocks)
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


# --- people -----------------------------------------------------------------------------------

_WORDS = load_words()
_PARTICLES = _WORDS["people"]["particles"]
# Words that names of people do not contain, and names of desks, outlets and jobs do.
_NOT_PEOPLE = _WORDS["people"]["never"]
_NAME_PART = re.compile(r"[^\W\d_][\w’'‘.-]{0,40}")
_MOST_NAME_PARTS = 5


def is_person(text: str, fewest: int = 2) -> bool:
    """Whether the text is a person's name in a cased script: capitalized parts, particles between."""
    parts = text.split()
    if not fewest <= len(parts) <= _MOST_NAME_PARTS:
        return False
    for part in parts:
        if part.casefold().strip(".") in _NOT_PEOPLE or not _NAME_PART.fullmatch(part):
            return False
        if not part[0].isupper() and part not in _PARTICLES:
            return False
        if part.endswith(("’s", "'s")) or (part[-1] == "." and len(part) > 3):
            return False
    return parts[0][0].isupper() and parts[-1][0].isupper()


_BETWEEN_PEOPLE = re.compile(r"\s{0,3}(?:,|;|&|\||/|\b(?:and|und|et|y|e|i|и|en|och|og|ja)\b)\s{0,3}")


def people(text: str, fewest: int = 2) -> tuple[list[str], str]:
    """The names a list of people begins with, and what is left of the text behind them."""
    names: list[str] = []
    position = 0
    while position < len(text):
        stop = _BETWEEN_PEOPLE.search(text, position)
        end = stop.start() if stop else len(text)
        candidate = text[position:end].strip()
        if candidate and not is_person(candidate, fewest):
            break
        names += [candidate] if candidate else []
        position = stop.end() if stop else end
    return names, text[position:].strip(" ,;|/–—-")


def _authors(found: Sequence[Person]) -> Mapping[str, str]:
    """People as the facts of one edit: names and places, one a line, in step."""
    return {
        "authors": "\n".join(person.name for person in found),
        "locations": "\n".join(person.location or "" for person in found),
    }


# --- byline -----------------------------------------------------------------------------------

LONGEST_BYLINE = 160
_LEAD = re.compile(
    r"(?:(?:written|words|story|text|report(?:ed|ing)?)\s)?by(?:\s{1,3}|\s?:\s?)"
    r"|(?:von|par|por|di|door|av|af)(?:\s{1,3}|\s?:\s?)"
    r"|(?:author|autore?|autora|auteure?|autor|text|texto|testo|texte|tekst|автор|текст)\s?:\s{0,3}",
    re.IGNORECASE,
)
_LEAD_OPENINGS = frozenset(
    ["af", "au", "av", "by", "di", "do", "pa", "po", "re", "st", "te", "te", "vo", "wo", "wr", "ав", "те"]
)
_UNSPACED_LEAD = re.compile(
    r"(?:文|取材|執筆|記者|作者|记者)\s?[・:：=＝／/]\s?(?P<name>[\u3040-\u9fff]{2,8})"
)
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
_REST_OF_BYLINE = 8
"""Words that may follow the names: a role, a desk, an outlet."""


def mark_byline(doc: Document, layout: Layout) -> Iterator[Edit]:
    """The author line, above the story or below it."""
    for index, text in _open(doc, [*layout.opening, *layout.tail], LONGEST_BYLINE):
        if text[-1] in ".!?:”" and not re.search(r"\s[^\W\d_]\.$", text):
            continue
        if found := _by_lead(text):
            yield _byline(index, "byline/lead", found)
        elif "," in text and index in layout.head and (worker := _name_and_work(text)):
            yield _byline(index, "byline/name-and-work", [worker])


def _byline(index: int, rule: str, found: Sequence[Person]) -> Edit:
    return Edit(index, rule, RULES[rule], "byline", facts=_authors(found), confidence=0.97)


def _by_lead(text: str) -> list[Person]:
    if not text.isascii() and (unspaced := _UNSPACED_LEAD.fullmatch(text)):
        return [Person(unspaced["name"])]
    lead = _LEAD.match(text) if text[:2].casefold() in _LEAD_OPENINGS else None
    if not lead:
        return []
    names, rest = people(_from_capitals(text[lead.end() :]))
    if not names or len(rest.split()) > _REST_OF_BYLINE or (rest and rest[0].islower()):
        return []
    return [Person(name) for name in names]


def _name_and_work(text: str) -> Person | None:
    found = _NAME_AND_WORK.fullmatch(text)
    if not found or not is_person(found["name"]):
        return None
    place = _FROM_PLACE.search(found["rest"])
    return Person(found["name"], place["place"] if place else None)


def _from_capitals(text: str) -> str:
    """A name in capitals as names are written; mixed case stays as it is."""
    return text.title() if text.isupper() else text


# --- dates ------------------------------------------------------------------------------------

LONGEST_DATE = 90


def mark_date(doc: Document, layout: Layout) -> Iterator[Edit]:
    """Lines that hold a date and nothing else, above the story or below it."""
    for index, text in _open(doc, [*layout.head, *layout.tail], LONGEST_DATE):
        if moment := read_date(text):
            name = "dateModified" if moment.changed else "datePublished"
            facts = {f"{name}Raw": moment.raw} | ({name: moment.iso} if moment.iso else {})
            yield Edit(index, "date/line", RULES["date/line"], "date", facts=facts, confidence=0.97)


# --- captions ---------------------------------------------------------------------------------

LONGEST_CAPTION = 400
_PICTURE = (
    "photo|photos|photograph|photographer|picture|pic|image|images|video|illustration|graphic|foto|fotos|bild"
    "|bilder|vidéo|vídeo|immagine|imagen|imagem|beeld|фото|видео|zdjęcie|fot\\."
)
_MARKED = re.compile(
    rf"[(\[]\s?(?:[^()\[\]:/]{{1,30}}\s)?(?:{_PICTURE})(?:\s?[:/]\s?|\s(?:by|courtesy|von|par|por|de|di)\s)"
    r"[^()\[\]]{2,80}[)\]]\.?$"
    r"|（(?:写真|撮影|画像|图|图片)[：:／/][^（）]{1,40}）$",
    re.IGNORECASE,
)
_CLOSING = (")", "]", "）", ").", "].", "）.")
_PICTURE_OPENINGS = frozenset(
    ["be", "bi", "fo", "gr", "il", "im", "ph", "pi", "vi", "ví", "zd", "ви", "фо", "写真", "撮影"]
)
LONGEST_CREDIT_LINE = 110
# Not "Video:", which also heads lines of specifications and of lists.
_STILL = "photo|photos|photograph|photographer|picture|image|images|illustration|foto|fotos|bild|bilder|фото"
_CREDIT_LINE = re.compile(
    rf"(?:{_STILL})(?:\scredit|\scourtesy)?\s?(?::|/|\b(?:by|courtesy of))\s?[^.!?:]{{2,80}}"
    r"|(?:写真|撮影)[：:／/=＝].{1,40}",
    re.IGNORECASE,
)


def mark_caption(doc: Document) -> Iterator[Edit]:
    """Captions that end in a photographer or agency, and photo credits on lines of their own."""
    for index, block in enumerate(doc.blocks):
        text = block.text
        if len(text) > LONGEST_CAPTION:
            continue
        if text.endswith(_CLOSING):
            found, rule = _MARKED.search(text), "caption/marked"
        elif len(text) <= LONGEST_CREDIT_LINE and text[:2].casefold() in _PICTURE_OPENINGS:
            found, rule = _CREDIT_LINE.fullmatch(text), "caption/credit-line"
        else:
            continue
        if found and block.is_open:
            yield Edit(index, rule, RULES[rule], "caption", confidence=0.97)


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


# --- dateline ---------------------------------------------------------------------------------

_DATELINE = re.compile(
    r"(?P<place>[^\W\d_a-z][\w.’' -]{1,40}(?:, [^\W\d_a-z][\w.]{1,20})?)"
    r"(?:, [\w. ]{3,20}\d)?(?:\s?\([^()]{2,20}\))?\s(?:[—–]|--?)\s(?=[^\Wa-zа-я]|[“\"‘«„¿¡])"
)
_MOST_PLACE_WORDS = 5


def mark_dateline(doc: Document) -> Iterator[Edit]:
    """The place in front of the first paragraph; the paragraph keeps it."""
    for index, block in enumerate(doc.blocks):
        if not (block.is_open and is_story_shaped(block.text)):
            continue
        if found := _DATELINE.match(block.text):
            place = found["place"].strip()
            words = [w for w in re.split(r"[\s-]", place) if w not in _PARTICLES]
            if len(words) <= _MOST_PLACE_WORDS and all(w[:1].isupper() for w in words if w):
                rule = "dateline/opening"
                yield Edit(index, rule, RULES[rule], facts={"dateline": place}, confidence=0.97)
        return
