"""The headline: found or left unknown, and what stands beside it.

Most scraped texts no longer print their headline, and a wrong headline is a wrong removal, so a line
becomes the headline only on evidence: the record's title, a comment heading that quotes it, a second
printing, a byline right below, or words it shares with the story.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache

from cleaners.article import block_type
from cleaners.model import Block, Document, Edit, Role, is_unspaced
from cleaners.tabular import is_data

RULES = {
    "title/known": "the headline, as the record or the comment heading gives it",
    "title/printed-twice": "the headline, printed more than once",
    "title/above-byline": "a headline-shaped line right above author or date",
    "title/shares-words": "a headline-shaped line above the story, which takes up its words",
    "title/kicker": "a label above the headline",
    "title/dek": "what stands between the headline and the author line",
    "title/alone": "a headline-shaped line above the story",
}

LONGEST_HEADLINE = 200
FEWEST_WORDS, MOST_WORDS, MOST_WORDS_OF_FEW = 5, 20, 17
"""Of a headline; the last of one that the story hardly takes up: longer lines are deks."""
FEWEST_ANNOUNCING = 4
LONGEST_LABEL = 40
LONGEST_ABOVE, MOST_ABOVE = 60, 8
FEWEST_NAMED = 3
"""Words a title must have for a line to be recognized by it."""
OPENING = 2
"""Story-shaped blocks in which at least two words of a headline stand."""
LOOK_INTO = 4_000
"""Code points of the story among which half of a headline's words stand."""
ROWS = 3
"""Lines of data in a row: a timetable, whose lines are as long as headlines."""
NEAR = 3
"""Blocks below a headline within which its byline or date stands."""

_NOT_WORD = re.compile(r"[\W_]+")
_SUFFIX = re.compile(r"\s[|–—•·:-]{1,2}\s")
_BAR = " | "
"""Behind it stand the outlet and its sections only."""
_SUFFIX_WORDS = 6
_NO_HEADLINE_END = ".。।,;:،、"
_ENTRY = re.compile(r"\d{1,2}[.:h]\d\d(?: ?(?:[ap]\.?m\.?|Uhr))? ?(?::|[–—|-] )", re.IGNORECASE)
"""What an entry of a live blog begins with."""


# A title is asked for again and again in one article, and a comment heading's in many: two bounded memos
# of pure functions.
@lru_cache(maxsize=512)
def key(text: str) -> str:
    """What two printings of one headline share: letters and digits, case folded."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return _NOT_WORD.sub(" ", text).strip()


def known_titles(doc: Document) -> list[str]:
    """Headlines that something other than a line of its own tells: the record, a comment heading."""
    told = [doc.given["title"]] if doc.given.get("title") else []
    return told + [edit.facts["headline"] for edit in doc.edits if "headline" in edit.facts]


def mark_headline(doc: Document) -> Iterator[Edit]:
    """Give at most one block the role of headline."""
    head = _head(doc)
    known = {name for title in known_titles(doc) for name in names_of(title)}
    for index in head if known else ():
        if known & names_of(doc.blocks[index].text):
            yield _edit(_bare(doc, head, index), "title/known", 1.0)
            return
    named = None if known else _candidate(doc, head)
    if named is None:
        return
    first = _bare(doc, head, named)
    near = _roles_under(doc, first)
    if "byline" in near:  # told by a glance; what follows reads the story
        yield _edit(first, "title/above-byline", 0.95)
        return
    stems = _stems(doc.blocks[first].text)
    taken_up = _found(stems, _all_below(doc, first))
    if taken_up and (first != named or _is_printed_again(doc, first)):
        yield _edit(first, "title/printed-twice", 0.98)
    elif taken_up and "date" in near:
        yield _edit(first, "title/above-byline", 0.95)
    elif _is_taken_up(doc, first, stems, taken_up):
        yield _edit(first, "title/shares-words", 0.93)
    else:
        yield _edit(first, "title/alone", 0.6)


def _bare(doc: Document, head: Sequence[int], index: int) -> int:
    """The same headline further down without the outlet's name, where it has one: pages are named with it."""
    text = doc.blocks[index].text
    if not (names := names_of(text) - {key(text)}):
        return index
    below = ((at, doc.blocks[at].text) for at in head if at > index)
    return next((at for at, line in below if _is_headline_shaped(line) and key(line) in names), index)


def _is_taken_up(doc: Document, first: int, stems: Collection[_Stem], taken_up: int) -> bool:
    """Whether the story takes up a line's words: two of them at its beginning, or one there and half of them
    in all, where nothing stands above. A slogan shouts, and what breaks off goes on below."""
    at_once, is_mostly = _found(stems, _story_below(doc, first)), taken_up >= 0.5 * len(stems)
    if at_once >= 2 and is_mostly:
        return True
    below = next((block.text for block in doc.blocks[first + 1 :] if block.is_open), "")
    text = doc.blocks[first].text
    if not at_once or below[:1].islower() or text.endswith("!") or text.count(" ") >= MOST_WORDS_OF_FEW:
        return False
    is_at_top = not any(block.is_open for block in doc.blocks[:first])
    return at_once >= 2 or (is_mostly and is_at_top and len(stems) >= FEWEST_NAMED)


def _candidate(doc: Document, head: Sequence[int]) -> int | None:
    """The first line that may be a headline, if what stands above it is short: labels and left-overs.
    Further down stand deks and subheadings. A line that nothing below it takes up gives way to the next."""
    shaped: list[int] = []
    for index in head[:MOST_ABOVE]:
        text = doc.blocks[index].text
        if _is_row(doc.blocks[index : index + ROWS]) or _announces(text):
            break
        if _is_headline_shaped(text):
            shaped.append(index)
        elif len(text) > LONGEST_ABOVE:
            break
    if len(shaped) < 2:
        return shaped[0] if shaped else None
    taken_up = (index for index in shaped if _found(_stems(doc.blocks[index].text), _all_below(doc, index)))
    return next(taken_up, shaped[0])


def _is_row(lines: Sequence[Block]) -> bool:
    """Whether lines are the first of a table, and no headline with a figure above its date."""
    return len(lines) == ROWS and all(line.is_open and is_data(line.text) for line in lines)


def _announces(text: str) -> bool:
    """Whether a line leads up to a list: what stands below it is no headline. "Breaking news:" is shorter."""
    return text.endswith((":", "：")) and text.count(" ") >= FEWEST_ANNOUNCING - 1


def _is_label(text: str) -> bool:
    """A word or three that say what the story is about: "Harbour", "Opinion"."""
    return len(text) <= LONGEST_LABEL and text.count(" ") < 3 and text[-1].isalpha() and not is_unspaced(text)


def mark_beside_headline(doc: Document) -> Iterator[Edit]:
    """The kicker above a printed headline, and the dek between it and author or date."""
    roles = [block.role for block in doc.blocks]
    if "headline" not in roles:
        return
    at = roles.index("headline")
    names = names_of(doc.blocks[at].text) if at else frozenset()
    above = [
        index
        for index, block in enumerate(doc.blocks[:at])
        if block.is_open and names.isdisjoint(names_of(block.text))
    ]
    if len(above) == 1 and above[0] == at - 1 and _is_label(doc.blocks[at - 1].text):
        yield Edit(at - 1, "title/kicker", RULES["title/kicker"], "boilerplate", confidence=0.93)
    below = at + 1
    while below < len(roles) and not doc.blocks[below].is_open and roles[below] not in ("byline", "date"):
        below += 1
    is_signed = below + 1 < len(roles) and roles[below + 1] in ("byline", "date")
    if is_signed and doc.blocks[below].is_open and _is_dek_shaped(doc.blocks[below].text):
        yield Edit(below, "title/dek", RULES["title/dek"], "dek", confidence=0.93)


def _is_dek_shaped(text: str) -> bool:
    if block_type(text) != "paragraph":
        return False
    return 20 <= len(text) <= 200 if is_unspaced(text) else 6 <= len(text.split()) <= 60


def _edit(index: int, rule: str, confidence: float) -> Edit:
    return Edit(index, rule, RULES[rule], "headline", confidence=confidence)


@lru_cache(maxsize=512)
def names_of(title: str) -> frozenset[str]:
    """The keys a title goes by: whole, and without the outlet's name in front or behind."""
    parts = _SUFFIX.split(title)
    names = {key(title)}
    if len(parts) > 1:
        if len(parts[-1].split()) <= _SUFFIX_WORDS:
            names.add(key(title[: title.rindex(parts[-1])]))
        if len(parts[0].split()) <= _SUFFIX_WORDS:
            names.add(key(title[title.index(parts[1], len(parts[0])) :]))
    if _BAR in title:
        names.add(key(title[: title.index(_BAR)]))
    return frozenset(n for n in names if len(n.split()) >= FEWEST_NAMED or is_unspaced(n))


def may_be_named(text: str, wordings: Iterable[Sequence[str]]) -> bool:
    """Whether all words of a name stand in the text: a cheap look before the names are compared."""
    low = text.casefold()
    for words in wordings:
        if not (low.isascii() or words[0].isascii()):
            low = key(text)
        if words[0] in low and all(word in low for word in words):
            return True
    return False


def _head(doc: Document) -> list[int]:
    """Open blocks above the first story-shaped one; the first few where there is none."""
    top = doc.blocks[: doc.story[0]] if doc.story else doc.blocks
    head = [index for index, block in enumerate(top) if block.is_open]
    return head if doc.story else head[:2]


def _is_headline_shaped(text: str) -> bool:
    if len(text) > LONGEST_HEADLINE or block_type(text) != "paragraph" or _ENTRY.match(text):
        return False
    last = text.rstrip("\"'”’»)]」』）")[-1:]
    if not last or last in _NO_HEADLINE_END:
        return False
    first = text.lstrip("\"'“‘«„¿¡([「『")[:1]
    if first.islower() or not first.isalnum():
        return False
    if is_unspaced(text):
        return 8 <= len(text) <= 60
    return FEWEST_WORDS <= len(text.split()) <= MOST_WORDS


def _is_printed_again(doc: Document, index: int) -> bool:
    """Anywhere below; where there is no story, right below: in verse lines come again."""
    name = key(doc.blocks[index].text)
    wordings = [sorted(name.split(), key=len, reverse=True)]
    below = [block.text for block in doc.blocks[index + 1 :] if block.is_open]
    likely = (
        text
        for text in (below if doc.story else below[:1])
        if len(name) <= len(text) <= LONGEST_HEADLINE and may_be_named(text, wordings)
    )
    return any(name in names_of(text) for text in likely)


def _roles_under(doc: Document, index: int) -> set[Role]:
    return {block.role for block in doc.blocks[index + 1 : index + 1 + NEAR]}


def _story_below(doc: Document, index: int) -> str:
    """The first paragraphs of the story under a block."""
    story = (doc.blocks[at].text for at in doc.story if at > index)
    return " ".join(itertools.islice(story, OPENING))


def _all_below(doc: Document, index: int) -> str:
    """Everything under a block that is not out already, as far as it is looked into."""
    texts: list[str] = []
    length = 0
    for block in doc.blocks[index + 1 :]:
        if block.is_open:
            texts.append(block.text)
            length += len(block.text) + 1
            if length > LOOK_INTO:
                break
    return " ".join(texts)[:LOOK_INTO]


_Stem = frozenset[str]
"""A word's beginning, as it is spelled in running text, at a sentence's start and in capitals: searching
for these costs a fraction of folding the story."""


def _stems(text: str) -> set[_Stem]:
    """Stems of content words (four letters or more, cut to six); pairs of letters where unspaced."""
    words = _NOT_WORD.sub(" ", unicodedata.normalize("NFKC", text)).split()
    if is_unspaced(text):
        letters = "".join(words)
        return {frozenset([letters[i : i + 2]]) for i in range(len(letters) - 1)}
    stems = (word[:6] for word in words if len(word) > 3)
    return {frozenset([stem, stem.lower(), stem.capitalize(), stem.upper()]) for stem in stems}


def _found(stems: Iterable[_Stem], text: str) -> int:
    """How many of the stems begin a word of the text."""
    return sum(any(_begins_a_word(spelled, text) for spelled in stem) for stem in stems)


def _begins_a_word(stem: str, text: str) -> bool:
    place = text.find(stem)
    while place > 0 and stem.isascii() and text[place - 1].isalnum():
        place = text.find(stem, place + 1)
    return place >= 0
