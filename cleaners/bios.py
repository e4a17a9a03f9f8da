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
    is_called_like_people,
    is_person,
    is_role,
    load_phrases,
    people,
    without_lead,
)

SHORTEST_NOTE, LONGEST_GUEST, LONGEST_NOTE = 25, 400, 800
_WORK = re.compile(rf"(?<!\w)(?:{alternatives(load_phrases()['bio-work'])})(?!\w)", re.IGNORECASE)
_LIFE = re.compile(rf"(?<!\w)(?:{alternatives(load_phrases()['bio-life'])})(?!\w)", re.IGNORECASE)
_TITLE = re.compile(rf"(?<!\w)(?:{alternatives(load_phrases()['bio-title'])})(?!\w)", re.IGNORECASE)
_DOES = re.compile(rf"(?:{alternatives(load_phrases()['bio-does'])})(?!\w)")
_TELLS_NEWS = re.compile(rf"(?<!\w)(?:{alternatives(load_phrases()['bio-never'])})(?!\w)", re.IGNORECASE)
_OPENING = re.compile(
    r"\A[•*–—\s-]{0,3}(?:(?:about the (?:author|columnist|reporter|writer)|über (?:den autor|die autorin)"
    r"|zum autor|zur autorin|zur person|à propos de l['’](?:auteur|autrice)"
    r"|sobre (?:el autor|la autora|o autor|a autora)|sull['’](?:autore|autrice)|over de auteur"
    r"|o autor(?:ze|ce))\s?:?\s)?"
    r"(?:(?:Dr|Prof|Mr|Ms|Mrs|Mag)\.?\s)?",
    re.IGNORECASE,
)
# What stands between a name and its verb: "(@janeroe)", ", PhD,", ", a former pilot,".
_BETWEEN = re.compile(r"(?:,?\s?\([^()]{1,40}\))?(?:,\s[^,.;:!?]{2,60},?)?,?\s")
_PRONOUN = re.compile(rf"(?:{alternatives(load_phrases()['bio-pronouns'])})(?!\w)")
_MOST_NAME_WORDS = 4
_WITHIN = 14
_OTHERS = load_phrases()["bio-other"]
_DOING = frozenset(phrase.split()[0] for phrase in load_phrases()["bio-does"])
_BEAT = re.compile(
    rf"(?:{alternatives(load_phrases()['bio-beat'])})(?!\w)"
    r"|writes\s(?:a|the)\s[^.;:!?]{0,60}\b(?:blog|column|newsletter)\b|hosts\s[^.;:!?]{2,60}\b(?:podcast|show)\b"
    r"|has covered\s[^.;:!?]{2,60}\s(?:since\s(?:19|20)\d\d|for (?:more than|nearly|over|the past|\d))"
    r"|covers\s[^.,;:!?]{3,60}\sfor\s(?:the\s)?[^\W\d_a-z]|teaches\s[^.,;:!?]{3,60}\s(?:at|for|in)\s[^.;:!?]{0,60}\b(?:Academy|College|Institute|School|University)\b"
)
_APPOSITIONS = load_phrases()["bio-apposed"]
# "An award-winning reporter, ", "Based in Callan, ": what stands in front of the name.
_APPOSED = re.compile(r"[^\W\d_a-z][^,.;:!?“”\"()]{2,90},\s(?=[^\W\d_a-z])")
# "Jane Roe's column appears every Tuesday."
_OWN = re.compile(
    r"(?P<name>[^\W\d_a-z][\w.’'-]{1,20}(?:\s[^\W\d_a-z][\w.’'-]{0,20}){1,2}?)(?:[’']s|(?<=s)[’'])\s"
    r"(?:(?:debut|first|latest|most recent|new|newest|next|second|third|weekly)\s"
    r"(?:book|collection|column|memoir|novel)(?:,[^!?;]{3,60},)?"
    r"(?:\s(?:is|was|will be) (?:available|called|due|forthcoming|out|published|titled)\b|\s(?:is )?[“‘\"])"
    r"|(?:articles|books|columns?|essays|fiction|journalism|poems|poetry|reporting|stories|work|writing|writings)\s"
    r"(?:also\s|regularly\s)?(?:appears?|can be found|(?:has|have) (?:also )?(?:appeared|been)|is published"
    r"|runs?)\b)"
)
_PLURAL = re.compile(
    rf"(?<!\w)(?:{alternatives(load_phrases()['bio-work'])}|economist|fellow|lecturer|professor|researcher|scholar)s(?!\w)",
    re.IGNORECASE,
)
# "Jane Roe, Professor of Harbour Law, Callan University".
_CHAIR = re.compile(
    r"(?P<name>[^,.!?:;]{5,40}),\s(?:[A-Z][\w’'-]{1,20}\s){0,3}(?:Professor|Lecturer|Fellow|Researcher|Candidate|Scholar"
    r"|Instructor|Reader|Dean)\b[^.!?:;“”]{2,120}\b(?:Universit|College|Institute|School|Polytechnic)[^.!?:;“”]{0,60}"
)
_LONGEST_HEAD = 90


def may_be_note(text: str) -> bool:
    """A cheap look: of the first words one says what somebody does, and nobody speaks."""
    if not SHORTEST_NOTE <= len(text) <= LONGEST_NOTE or text[0] in "“\"‘'«„»¿¡":
        return False
    words = text.split(" ", _WITHIN)[:_WITHIN]
    if words[0].casefold() in _OTHERS:
        return words[0].casefold() in _APPOSITIONS and ", " in text[:_LONGEST_HEAD] and text[0].isupper()
    return not _DOING.isdisjoint(words) or _may_be_another(text[:_LONGEST_HEAD])


def _may_be_another(head: str) -> bool:
    """A cheap look for notes that say it otherwise: of two authors, of a column, of a chair."""
    return " are " in head or "’s " in head or "'s " in head or "Universit" in head or "College" in head


def _without_apposition(text: str) -> str:
    """ "Jane Roe has reported ..." of "An award-winning reporter, Jane Roe has reported ..."."""
    opening = text[:16].split(" ", 1)[0].casefold()
    found = _APPOSED.match(text) if opening in _APPOSITIONS else None
    return text[found.end() :] if found else text


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
    signs = works + len(_signs(text))
    is_note = signs >= 2 or (meant and is_last and (works or called in names))
    return min(meant or late) if is_note else ""


def _names_late(full: str, text: str) -> bool:
    """ "An award-winning reporter, Jane has covered courts since 2004": the name behind its apposition."""
    head = text[:120]
    return f", {full.split()[0]} " in head or f", {full} " in head


def is_note_on_somebody(text: str) -> str:
    """The name of the journalist whom the block tells of, told from the block alone; or nothing."""
    bare = _without_apposition(text)
    name, rest = named_first(bare)
    if not name or _has_quotation(text):
        return ""
    signs = _signs(text)
    if bare != text or " " not in name:
        # Of one whose name stands late, or is half told, more must be said.
        is_known = has_given_name(name) and (len(signs) >= _FEWEST_SIGNS or (" " in name and bool(signs)))
        return name if is_known and _WORK.search(text, 0, _FAR) and not tells_news(text) else ""
    # Whoever is called like nobody we know must be called a journalist at once.
    works = _WORK.search(rest, 0, _FAR if has_given_name(name) else 90)
    return name if works and signs and not tells_news(text) else ""


_FEWEST_SIGNS = 2
_FAR = 200
_EARLY = 120
"""Code points behind a name within which it is said what its bearer is."""


def is_note_on_guest(text: str) -> str:
    """The name of the writer or expert whom the block tells of in two sentences or three; or nothing. Stories
    introduce people so as well, but go on to speak of them."""
    name = _guest(text)
    is_note = name and not tells_news(text) and (len(text) <= LONGEST_GUEST or tells_of_life(text))
    return name if is_note else ""


def tells_of_life(text: str) -> bool:
    """Whether a note says more than what somebody is: what they did before, or do when they do not work."""
    return len(_signs(text)) >= _FEWEST_SIGNS


def _signs(text: str) -> set[str]:
    """What a block says of somebody's life, each thing once."""
    return {sign[0].casefold() for sign in _LIFE.finditer(text)}


def _guest(text: str) -> str:
    if other := _note_otherwise(text):
        return other
    bare = _without_apposition(text)
    name, rest = named_first(bare)
    if not name or _has_quotation(text):
        return ""
    if " " not in name and not (has_given_name(name) and tells_of_life(text)):
        return ""
    if bare != text:
        rest = f"{rest} {text[: len(text) - len(bare)]}" if has_given_name(name) else ""
    has_beat = has_given_name(name) and _BEAT.match(rest.lstrip(", ")) is not None
    return name if has_beat or _TITLE.search(rest, 0, _EARLY) or _WORK.search(rest, 0, _EARLY) else ""


def _note_otherwise(text: str) -> str:
    """Whom a note tells of that does not begin with a name and a verb: "Jane Roe's column appears weekly.",
    "Jane Roe and Tom Hale are reporters.", "Jane Roe, Professor of Harbour Law, Callan University"."""
    text = _OPENING.sub("", text, count=1)
    if own := _OWN.match(text):
        return own["name"] if is_called_like_people(own["name"]) else ""
    head, verb, _ = text[:_LONGEST_HEAD].partition(" are ")
    if verb and not _has_quotation(text):
        names, rest = people(head)
        is_pair = 1 < len(names) <= _MOST_AUTHORS and not rest and all(map(has_given_name, names))
        return names[0] if is_pair and _PLURAL.search(text, len(head), len(head) + _EARLY) else ""
    chair = _CHAIR.fullmatch(text) if "," in text else None
    return chair["name"] if chair and is_called_like_people(chair["name"]) else ""


_MOST_AUTHORS = 3


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
