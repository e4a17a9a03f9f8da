"""Threads: what readers wrote below a story, known by the names and times that come again and again.

Many pages print their comments without a heading, and a comment is told like a paragraph. What tells it is
the order of the thing: who, when, what, and a link for answers, over and over.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from cleaners.dates import load_words, read_date
from cleaners.model import Document, Edit, ends_like_sentence, runs
from cleaners.people import PARTICLES, alternatives

RULES = {"comment/thread": "in a thread of readers' comments"}
SURE = 0.97
FEWEST_PARAGRAPHS = 3
"""Story-shaped blocks above a thread."""
FEWEST, FEWEST_BARE, FARTHEST = 3, 4, 12
"""Comments of a thread, and of one without a button; blocks from one name or button to the next."""
LEAST_APART, LEAST_APT, LEAST_NAMED = 0.7, 0.5, 0.8
"""Shares of the comments that have words, a time that only a machine writes, and a name above."""
LONGEST_TALLY = 20
"""Code points of what stands below a button: an age, a number of votes."""
SHORTEST_SAID, LEAST_LIVELY = 40, 0.15
"""Code points of what tells how people talk, and the share of it that must be lively."""
LONGEST_LINE, LONGEST_NAME, MOST_OF_NAME, MOST_BESIDE = 90, 40, 4, 8
"""Code points of a line with a name and a time, and of a name; words of a name, and of what stands beside a
time."""
BUTTONS = frozenset(
    f"comment/{name}"
    for name in (
        "comment-buttons", "comment-entry", "comment-stamp", "reply-link", "reply-to-name", "vote-tally",
    )
)  # fmt: skip
"""Rules for what stands above or below each comment."""
_AROUND = " \u00a0()[]|•·-–—,:#@>»"
_LEADS = frozenset((
    "posted", "by", "from", "von", "par", "por", "door", "av", "af", "da", "di", "autor", "автор",
))  # fmt: skip
_TAILS = frozenset((
    "says", "said", "wrote", "on", "at", "schreibt", "schrieb", "sagt", "sagte", "dit", "dice", "dijo", "diz",
    "disse", "scrive", "zegt", "schreef", "skriver", "skrev", "säger", "siger", "sier", "pisze", "пишет",
))  # fmt: skip
_HANDLE = re.compile(r"[ (]@\w")
_LIVELY = re.compile("[!?؟！？]|[.]{2}|…|^@|[\U0001f300-\U0001faff]")
_NUMBER = re.compile(r"#[0-9]{1,4}[.):]? |[0-9]{1,4}[.)] ?(?=\D)")
_CLOCK = re.compile(r"[0-9]{1,2} ?[:.h] ?([0-9]{2})(?![0-9./-])")
_DIGIT = re.compile(r"\d")
_ROUND = 5
"""Minutes: what people plan begins at a multiple."""


class Stamp(NamedTuple):
    """A line with the time of a comment."""

    at: int
    """Which block it is."""
    beside: str
    """What else stands on the line: a name, or nothing."""
    is_apt: bool
    """Nobody plans for such a time: it counts back, or is no multiple of five minutes."""


def strip_threads(doc: Document) -> Iterator[Edit]:
    """Take out the threads below a story. Lines that rules took are named too: what they stand in is sure."""
    if len(doc.story) < FEWEST_PARAGRAPHS:
        return
    texts = [block.text for block in doc.blocks]
    first, top = doc.story[0], doc.story[FEWEST_PARAGRAPHS - 1] + 1
    buttons = {edit.block for edit in doc.edits if edit.rule in BUTTONS and edit.block >= top}
    dated = [
        at for at in range(first, len(texts)) if len(texts[at]) <= LONGEST_LINE and _DIGIT.search(texts[at])
    ]
    if len(buttons) + len(dated) < FEWEST:
        return
    stamps = {at: Stamp(at, *found) for at in dated if (found := _read_stamp(texts[at]))}
    for run in runs(sorted(buttons.union(stamps)), FARTHEST):
        if run[0] < top:  # a log or a live report: this is how the story itself is told
            continue
        for index in _thread(texts, [stamps[at] for at in run if at in stamps], sorted(buttons & set(run))):
            if texts[index]:
                yield Edit(index, "comment/thread", RULES["comment/thread"], "boilerplate", confidence=SURE)


def _thread(texts: Sequence[str], stamps: Sequence[Stamp], buttons: Sequence[int]) -> range:
    """The blocks of a thread; none where names, times and buttons do not come again as they do in one."""
    rows = set(buttons)
    answers = [at for at in buttons if at - 1 not in rows]
    if len(stamps) >= (FEWEST if answers else FEWEST_BARE):
        offset = _offset(texts, stamps, has_buttons=bool(answers))
        if offset is not None:
            at = [stamp.at for stamp in stamps]
            last = max([*buttons, at[-1] + _period(at) - offset - 1])
            thread = range(_begin(texts, at[0], offset), min(last + 1, len(texts)))
            return thread if answers or _is_lively(texts[thread.start : thread.stop]) else range(0)
    if len(answers) >= FEWEST and _are_told(texts, buttons):
        above, below = _reach(texts, answers)
        return range(_begin(texts, answers[0], above), max(buttons[-1], answers[-1] + below) + 1)
    return range(0)


def _begin(texts: Sequence[str], at: int, above: int) -> int:
    """Where the first comment begins: at the name above its time or button, if there is one."""
    return at - above if above and is_name(texts[at - above]) else at


def _is_lively(texts: Sequence[str]) -> bool:
    """Whether people talk, rather than a log of the police: some ask, shout, trail off or begin small."""
    said = [text for text in texts if len(text) >= SHORTEST_SAID and _read_stamp(text) is None]
    lively = sum(text[0].islower() or _LIVELY.search(text) is not None for text in said)
    return lively > 0 and lively >= LEAST_LIVELY * len(said)


def _offset(texts: Sequence[str], stamps: Sequence[Stamp], *, has_buttons: bool) -> int | None:
    """How many blocks above their times the names stand; None where there are no names, no words, or times
    that an event could have."""
    if not has_buttons and sum(stamp.is_apt for stamp in stamps) < LEAST_APT * len(stamps):
        return None
    at = [stamp.at for stamp in stamps]
    for offset in range(3):
        names = [texts[stamp.at - offset] if offset else stamp.beside for stamp in stamps]
        least = max(FEWEST, len(stamps) / 2) if not has_buttons else 2
        if _are_several(names, least) and _are_apart(at, offset):
            return offset
    return None


def _are_several(texts: Sequence[str], least: float) -> bool:
    """Whether nearly all of them are names, and no fewer of them different."""
    names = [text.casefold() for text in texts if is_name(text) and _read_stamp(text) is None]
    return len(names) >= LEAST_NAMED * len(texts) and len(set(names)) >= least


def _are_apart(markers: Sequence[int], offset: int) -> bool:
    """Whether words stand between most of the markers, and not just the names above them."""
    apart = [below - above >= 2 + offset for above, below in itertools.pairwise(markers)]
    return sum(apart) >= LEAST_APART * len(apart)


def _are_told(texts: Sequence[str], buttons: Sequence[int]) -> bool:
    """Whether more than names and times stands between most of the rows of buttons."""
    between = [range(above + 1, below) for above, below in itertools.pairwise(buttons) if below - above > 1]
    told = [not all(is_name(texts[at]) or _read_stamp(texts[at]) for at in row) for row in between]
    return sum(told) >= LEAST_APART * len(told)


def _period(markers: Sequence[int]) -> int:
    """Blocks from one comment to the next."""
    return round(statistics.median([below - above for above, below in itertools.pairwise(markers)]))


def _reach(texts: Sequence[str], answers: Sequence[int]) -> tuple[int, int]:
    """How many blocks of a comment stand above its button, from its name on, and below; none where no block
    above is a name again and again."""
    period = _period(answers)
    for above in range(min(period - 1, answers[0]), 0, -1):
        if _are_several([texts[at - above] for at in answers], len(answers) / 2):
            below = texts[answers[-1] + 1 : answers[-1] + period - above]
            return above, len(below) if all(len(text) <= LONGEST_TALLY for text in below) else 0
    return 0, 0


# --- names and times ----------------------------------------------------------------------------


def is_name(text: str) -> bool:
    """Whether a line, or a part of one, may be what a reader is called. With a handle behind it, it is a name
    above a post that the story shows."""
    if len(text) > LONGEST_LINE or _HANDLE.search(text):
        return False
    words = _NUMBER.sub("", text, count=1).partition(",")[0].strip(_AROUND).split()
    while words and words[0].strip(_AROUND).casefold() in _LEADS:
        del words[0]
    if len(words) > 1 and words[-1] in _TAILS:
        words.pop()
    name = " ".join(words)
    if not 0 < len(words) <= MOST_OF_NAME or len(name) > LONGEST_NAME or not name[0].isalpha():
        return False
    is_sentence = len(words) > 1 and ends_like_sentence(name) and len(words[-1]) > 2
    return not is_sentence and not any(
        word[0].islower() and word not in PARTICLES for word in (words if len(words) > 1 else ())
    )


def _read_stamp(text: str) -> tuple[str, bool] | None:
    """What stands in front of the time on a line that ends in one, and whether only machines write it."""
    if not any(map(str.isdigit, text)) or (ends_like_sentence(text) and not text.endswith(")")):
        return None
    words = text.replace("@", " ").split()
    is_behind = text.endswith((":", "："))  # "On 5 June 2019 at 15:22, Old Ferryman wrote:"
    for size in range(min(len(words), MOST_BESIDE)):
        at = len(words) - size if is_behind else size
        when, beside = (words[:at], words[at:]) if is_behind else (words[at:], words[:at])
        if (is_apt := _is_apt(" ".join(when).strip(_AROUND))) is not None:
            return " ".join(beside), is_apt
    return None


def _is_apt(when: str) -> bool | None:
    """Whether a time counts back or is to the minute; None where it is no time of a day."""
    if _years_ago().fullmatch(when):
        return True
    if (found := read_date(when)) is None:
        return None
    if found.relative:
        return True
    minutes = [int(clock[1]) for clock in _CLOCK.finditer(when)]
    return minutes[-1] % _ROUND != 0 if minutes else None


@lru_cache(maxsize=1)
def _years_ago() -> re.Pattern[str]:
    """ "3 years ago", which dates do not know: above a story it would be no date."""
    words = load_words()
    ago = [
        alternatives(tuple(word.replace("_", " ") for word in words["ago"][at])) for at in ("first", "last")
    ]
    years = alternatives(tuple(itertools.chain.from_iterable(words["years"].values())))
    count = rf"[0-9]{{1,2}} ?(?:{years})"
    return re.compile(rf"(?:{ago[0]}) {count}|{count} ?(?:{ago[1]})", re.IGNORECASE)
