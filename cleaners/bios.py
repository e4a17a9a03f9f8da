"""Notes on the author: whether a block says who wrote the piece. Words are in fields.toml.

Such a note begins with a name, says in the present what its bearer does, and tells of a life in journalism.
Whether the story speaks of the same person is asked by `fields`, which sees the whole document.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from cleaners.people import (
    PARTICLES,
    alternatives,
    has_given_name,
    is_person,
    is_role,
    load_phrases,
    without_lead,
)

SHORTEST_NOTE, LONGEST_GUEST, LONGEST_NOTE = 25, 400, 800
_WORK = re.compile(rf"(?<!\w)(?:{alternatives(load_phrases()['bio-work'])})(?!\w)", re.IGNORECASE)
_LIFE = re.compile(rf"(?<!\w)(?:{alternatives(load_phrases()['bio-life'])})(?!\w)", re.IGNORECASE)
_TITLE = re.compile(rf"(?<!\w)(?:{alternatives(load_phrases()['bio-title'])})(?!\w)", re.IGNORECASE)
_DOES = re.compile(rf"(?:{alternatives(load_phrases()['bio-does'])})(?!\w)")
_TELLS_NEWS = re.compile(rf"(?<!\w)(?:{alternatives(load_phrases()['bio-never'])})(?!\w)", re.IGNORECASE)
_OPENING = re.compile(
    r"\A[•*–—\s-]{0,3}(?:(?:about the author|über (?:den autor|die autorin)|zur person"
    r"|à propos de l['’]auteur)\s?:?\s)?(?:(?:Dr|Prof|Mr|Ms|Mrs|Mag)\.?\s)?",
    re.IGNORECASE,
)
# What stands between a name and its verb: "(@janeroe)", ", PhD,", ", a former pilot,".
_BETWEEN = re.compile(r"(?:,?\s?\([^()]{1,40}\))?(?:,\s[^,.;:!?]{2,60},?)?,?\s")
_PRONOUN = re.compile(rf"(?:{alternatives(load_phrases()['bio-pronouns'])})(?!\w)")
_MOST_NAME_WORDS = 4
_WITHIN = 14
_OTHERS = load_phrases()["bio-other"]
_DOING = frozenset(phrase.split()[0] for phrase in load_phrases()["bio-does"])


def may_be_note(text: str) -> bool:
    """A cheap look: of the first words one says what somebody does, and nobody speaks."""
    if not SHORTEST_NOTE <= len(text) <= LONGEST_NOTE or text[0] in "“\"‘'«„»¿¡":
        return False
    words = text.split(" ", _WITHIN)[:_WITHIN]
    return words[0].casefold() not in _OTHERS and not _DOING.isdisjoint(words)


def may_go_on(text: str) -> bool:
    """The same of what stands below a note."""
    return SHORTEST_NOTE <= len(text) <= LONGEST_NOTE


def named_first(text: str) -> tuple[str, str]:
    """The name a note begins with, and what follows it; nothing where it begins otherwise."""
    text = _OPENING.sub("", text, count=1)
    words = text.split(" ", _MOST_NAME_WORDS + 1)
    for size in range(min(_MOST_NAME_WORDS, len(words) - 1), 0, -1):
        bare = words[size - 1].rstrip(",")
        name = " ".join([*words[: size - 1], bare])
        if (is_person(name) if size > 1 else bare[:1].isupper()) and _does(text[len(name) :]):
            return name, text[len(name) :]
    return "", text


def _does(rest: str) -> bool:
    between = _BETWEEN.match(rest)
    return bool(_DOES.match(rest.lstrip(", ")) or (between and _DOES.match(rest[between.end() :])))


def tells_news(text: str) -> bool:
    """Words that no note on an author has, and reports of what somebody said or suffered do."""
    return _TELLS_NEWS.search(text) is not None


def is_note_on(names: Collection[str], text: str, is_last: bool) -> str:
    """Which of the authors, whose names are known, the block tells of; or nothing. Below the story authors
    may be anything; elsewhere only journalists have notes."""
    if not names or not any(name.split()[0] in text or name.split()[-1] in text for name in names):
        return ""
    called, _ = named_first(text)
    meant = [name for name in names if called and called in (name, *name.split())]
    late = [name for name in names if _names_late(name, text)]
    if not (meant or late) or tells_news(text):
        return ""
    works = _WORK.search(text) is not None
    signs = works + len({sign[0].casefold() for sign in _LIFE.finditer(text)})
    is_note = signs >= 2 or (meant and is_last and (works or called in names))
    return min(meant or late) if is_note else ""


def _names_late(full: str, text: str) -> bool:
    """ "An award-winning reporter, Jane has covered courts since 2004": the name behind its apposition."""
    head = text[:120]
    return f", {full.split()[0]} " in head or f", {full} " in head


def is_note_on_somebody(text: str) -> str:
    """The name of the journalist whom the block tells of, told from the block alone; or nothing."""
    name, rest = named_first(text)
    if " " not in name or tells_news(text) or _has_quotation(text):
        return ""
    signs = {sign[0].casefold() for sign in _LIFE.finditer(text)}
    # Whoever is called like nobody we know must be called a journalist at once.
    works = _WORK.search(rest, 0, 200 if has_given_name(name) else 90)
    return name if works and signs else ""


_EARLY = 120
"""Code points behind a name within which it is said what its bearer is."""


def is_note_on_guest(text: str) -> str:
    """The name of the writer or expert whom the block tells of in two sentences or three; or nothing. Stories
    introduce people so as well, but go on to speak of them."""
    name, rest = named_first(text)
    if " " not in name or tells_news(text) or _has_quotation(text) or len(text) > LONGEST_GUEST:
        return ""
    return name if _TITLE.search(rest, 0, _EARLY) or _WORK.search(rest, 0, _EARLY) else ""


# Labels and links come again in every article: a bounded memo of a pure function.
@lru_cache(maxsize=1 << 12)
def signed_by(line: str) -> str:
    """The name on a short line that holds a name, or a name and what its bearer does; or nothing."""
    words = without_lead(line).replace(" |", ",").replace(" •", ",").split(",")[0].split()
    for size in (4, 3, 2):
        name = " ".join(words[:size])
        if len(words) >= size and is_person(name) and has_given_name(name):
            rest = " ".join(words[size:])
            if not rest or is_role(rest):
                return name
    return ""


def goes_on(text: str, name: str) -> bool:
    """Whether the block goes on telling of the person of the note above."""
    first, last = name.split()[0], name.split()[-1]
    begins = _PRONOUN.match(text) or text.startswith((f"{first} ", f"{last} ", f"{name} "))
    return bool(begins) and not tells_news(text) and bool(_LIFE.search(text) or _WORK.search(text))


def _has_quotation(text: str) -> bool:
    return any(mark in text for mark in '“”„«»"')


def surname(name: str) -> str:
    """The part of a name by which a story calls its bearer."""
    return next((part for part in reversed(name.split()) if part not in PARTICLES), name)
