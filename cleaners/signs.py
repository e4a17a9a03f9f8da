"""What can be seen of a block and its surroundings, as numbers; what evidence judges by, in any language."""

from __future__ import annotations

import itertools
import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from functools import cached_property, lru_cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from cleaners import wrapping
from cleaners.article import block_type
from cleaners.model import (
    CHARS_A_WORD,
    CLOSERS,
    GONE,
    OPEN,
    SENTENCE_END,
    STEM,
    Document,
    Told,
    is_long_sentence,
    is_unspaced,
    told_by,
)

SHAPE = [
    "chars",
    "words",
    "word_length",
    "end",
    "start",
    "caps",
    "titled",
    "digits",
    "numbers",
    "stops",
    "symbols",
    "address",
    "quotes",
    "function_words",
    "you",
    "type",
    "commas",
    "colon",
    "year",
    "first_function",
    "longest_word",
]
PLACE = [
    "index",
    "from_end",
    "words_before",
    "story_above",
    "story_below",
    "story_gap_above",
    "story_gap_below",
    "stories",
    "story_share",
    "blocks",
    "run",
    "run_place",
    "run_chars",
    "open_share",
    "short_share",
]
AROUND = [
    "words_above",
    "words_below",
    "end_above",
    "end_below",
    "is_story_above",
    "is_story_below",
    "out_gap_above",
    "out_gap_below",
    "outs_near",
    "out_share",
    "same_end_above",
    "same_end_below",
    "length_to_above",
    "length_to_below",
    "short_around",
    "unstopped_near",
    "unstopped_around",
    "short_stopped",
    "gap_above",
    "gap_below",
    "kin",
    "kin_share",
    "kin_run",
    "end_over_run",
    "kin_in_below",
    "kin_copies",
    "least_bare",
    "stories_a_bare",
]
RELATION = [
    "content",
    "seen",
    "seen_share",
    "unseen",
    "names_unseen",
    "names_seen",
    "in_above",
    "in_below",
    "in_story_above",
    "in_story_below",
    "in_story_below_share",
    "only_below",
    "in_headline",
    "in_opening",
    "copies",
    "in_shorts",
    "rare",
    "seen_often",
    "doubt",
]
NAMES = (*SHAPE, *PLACE, *AROUND, *RELATION)
"""The signs, in the order in which `look` gives their values."""

FAR = 30
"""Stands for: there is none."""
FEWEST_STORIES, LEAST_STORY = 3, 0.3
"""Paragraphs, and their share of the words, that make a text a story told in paragraphs."""
LONGEST_JUDGED, FEWEST_PLAIN = 80, 12
"""Words: longer paragraphs are not judged; nor are sentences so long that stand between paragraphs."""
FEWEST_DEK, MOST_SUBHEADING, FEWEST_OPENING = 8, 5, 4
"""Words of a line that may be a dek, of one that is a subheading if it can be one, and of one that can be one
above the first paragraph: names are shorter."""
MOST_LABELS, LONGEST_LABEL = 2, 3
"""Lines of so many words that may stand between headline and dek."""
_FEWEST = 4
"""Letters of a word that carries meaning; function words are shorter, or known."""


class Tongue(NamedTuple):
    """The small words of a language, and those that speak to the reader."""

    words: frozenset[str]
    you: frozenset[str]
    letters: frozenset[str]


NO_TONGUE = Tongue(frozenset(), frozenset(), frozenset())


class Tongues(NamedTuple):
    by_name: dict[str, Tongue]
    of_word: dict[str, list[str]]


@lru_cache(maxsize=1)
def load_tongues() -> Tongues:
    """The function words of all languages, and the languages of each."""
    entries = tomllib.loads((Path(__file__).parent / "function_words.toml").read_text("utf-8"))
    by_name = {
        name: Tongue(_set(entry, "words"), _set(entry, "you"), frozenset(entry.get("letters", "")))
        for name, entry in sorted(entries.items())
    }
    of_word: dict[str, list[str]] = {}
    for name, tongue in by_name.items():
        for word in sorted(tongue.words):
            of_word.setdefault(word, []).append(name)
    return Tongues(by_name, of_word)


def _set(entry: dict[str, str], key: str) -> frozenset[str]:
    return frozenset(entry.get(key, "").split())


def tongue_of(text: str) -> Tongue:
    """The language most of whose small words stand in a text."""
    tongues = load_tongues()
    if is_unspaced(text):
        unspaced = [tongue for tongue in tongues.by_name.values() if tongue.letters]
        return max(unspaced, key=lambda tongue: sum(letter in tongue.letters for letter in text))
    known = filter(None, map(tongues.of_word.get, text.lower().split()))
    counts = Counter(chain.from_iterable(known))
    return tongues.by_name[max(sorted(counts), key=counts.__getitem__)] if counts else NO_TONGUE


# --- a line by itself -------------------------------------------------------------------------

_EDGES = "\"'“”‘’«»„‚‹›()[]{}<>.,;:!?…–—-|/*•·、。，！？「」『』（）：।؟،؛"
_DIGIT = re.compile(r"\d")
_STOPS = re.compile(r"[.!?…][\"'”’»)\]]{0,2}\s|[。！？।؟]")
_SYMBOL = re.compile(r"[|›»→▶►•·/_#@©®™+=~<>*✓✔★●■▼▲↓↑&\\^{}]")
_QUOTE = re.compile(r"[\"“”„«»「」『』‘]")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_ADDRESS = re.compile(r"https?:|www\.|\w\.(?:com|org|net|de|uk|co)\b|\w@\w|#\w")
_TYPES = {"paragraph": 0, "listItem": 1, "quote": 2, "tableRow": 3}

STOP, QUESTION, EXCLAMATION, ELLIPSIS, COLON, BRACKET, COMMA, DIGIT, NOTHING = range(9)
"""How a line ends; in order of how much it looks like a line of prose."""
_END_OF = (
    dict.fromkeys(SENTENCE_END, STOP)
    | dict.fromkeys("?？؟", QUESTION)
    | dict.fromkeys("!！", EXCLAMATION)
    | dict.fromkeys("…", ELLIPSIS)
    | dict.fromkeys(":：", COLON)
    | dict.fromkeys(",;،、，", COMMA)
)


def end_of(text: str) -> int:
    """How a line ends, closing quotation marks and brackets aside."""
    if text.endswith("..."):
        return ELLIPSIS
    last = text[-1]
    core = text.rstrip(CLOSERS)[-1:] if last in CLOSERS else last
    known = _END_OF.get(core)
    if known is not None:
        return known
    if last in ")]）":
        return BRACKET
    return DIGIT if core.isdigit() else NOTHING


SMALL, QUOTED, CAPITAL, FIGURE, BULLET = 0, 1, 3, 4, 5
"""How a line starts: with a small letter, a quotation mark, a capital letter, a digit, or a bullet."""


def start_of(text: str) -> int:
    """How a line starts: small letter, quotation, letter, capital, digit, bullet, other sign."""
    first = text[0]
    if first.isalpha():
        return SMALL if first.islower() else CAPITAL if first.isupper() else 2
    if first in "\"“”„«»「」『』‘’'":
        return QUOTED
    return FIGURE if first.isdigit() else BULLET if first in "-–—•*·■●▪◦‣" else 6


class Line(NamedTuple):
    """A block's text by itself."""

    signs: list[float]
    names: frozenset[str]
    """Stems of the words with a capital, the first aside."""


_NOBODY: frozenset[str] = frozenset()


@lru_cache(maxsize=2048)
def look_at_line(text: str, tongue: Tongue) -> Line:
    """The signs of SHAPE. A memo of a pure function, bounded: furniture stands on every page."""
    unspaced = is_unspaced(text)
    raw = text.split()
    words = [w if w.isalnum() else w.strip(_EDGES) for w in text.lower().split()] if not unspaced else []
    size, count = len(text), max(1.0, len(text) / CHARS_A_WORD if unspaced else len(raw))
    capitals = [word for word in raw if word[0].isupper()]
    later = capitals if not raw or capitals[:1] != raw[:1] else capitals[1:]
    digits = len(_DIGIT.findall(text))
    colon = text.find(": ", 0, -1)
    if unspaced:
        function_words = sum(letter in tongue.letters for letter in text) / size
    else:
        function_words = sum(map(tongue.words.__contains__, words)) / count
    signs: list[float] = [
        size,
        min(count, 80.0),
        size / count,
        end_of(text),
        start_of(text),
        sum(len(word) > 1 and word.isupper() for word in capitals) / count,
        len(later) / (len(raw) - 1) if len(raw) > 1 else -1.0,
        digits / size,
        sum(word[0].isdigit() for word in raw) if digits else 0,
        len(_STOPS.findall(text)),
        len(_SYMBOL.findall(text)),
        _ADDRESS.search(text) is not None,
        _QUOTE.search(text) is not None,
        function_words,
        len(tongue.you.intersection(words)),
        _TYPES.get(block_type(text), 0),
        text.count(",") / count,
        colon / size,
        digits > 3 and _YEAR.search(text) is not None,
        bool(words) and words[0] in tongue.words,
        max(map(len, words), default=0),
    ]
    return Line(signs, frozenset(content_of(" ".join(later))) if later else _NOBODY)


_BETWEEN = (",", ".", "’", "“", "”", '"', ":", "(", ")", "?")
"""The commonest marks beside words: replacing them costs half of what finding words does."""


def content_of(text: str) -> set[str]:
    """Stems of the words that carry meaning; pairs of letters where words are not spaced."""
    return _pairs(text) if is_unspaced(text) else _stems(text)


def _stems(text: str) -> set[str]:
    text = text.lower()
    for mark in _BETWEEN:
        if mark in text:
            text = text.replace(mark, " ")
    return {word[:STEM] for word in text.split() if len(word) >= _FEWEST}


def _pairs(text: str) -> set[str]:
    letters = "".join(filter(str.isalnum, text))
    return set(map("".join, itertools.pairwise(letters)))


# --- a document -------------------------------------------------------------------------------

FEWEST_TIMES = 3
"""Blocks that begin with a time of day make a live blog."""
_TIME_OF_DAY = re.compile(r"(?i)[012]?\d(?:[:.h][0-5]\d(?!\d)| ?[ap]\.?m\b)")


def paragraphs(doc: Document, is_open: Sequence[bool]) -> Told:
    """Which blocks are paragraphs of the story, by what is left of the document: where much was taken out,
    a story told in single sentences may show only now."""
    if doc.told.in_sentences:
        return Told(doc.story, in_sentences=True)
    left = [block.text if counts else "" for block, counts in zip(doc.blocks, is_open, strict=True)]
    if not told_by(doc.story, left).in_sentences:
        return Told(doc.story, in_sentences=False)
    sentences = [index for index, block in enumerate(doc.blocks) if is_long_sentence(block.text)]
    return Told(sentences, in_sentences=True)


class Sight:
    """A document, seen once, so that each of its blocks can be looked at cheaply."""

    def __init__(self, doc: Document, bar: float) -> None:
        blocks = doc.blocks
        self.texts = texts = [block.text for block in blocks]
        self.size = size = len(texts)
        self.is_open = [block.role in OPEN and block.text != "" for block in blocks]
        self.out = [block.role in GONE for block in blocks]
        self.headings = {index for index, block in enumerate(blocks) if block.role == "heading"}
        self.headline = next((at for at, block in enumerate(blocks) if block.role == "headline"), size)
        found = paragraphs(doc, self.is_open)
        self.is_terse = found.in_sentences
        self.shaped = [False] * size
        for index in found.story:
            self.shaped[index] = True
        self.story = [a and b for a, b in zip(self.shaped, self.is_open, strict=True)]
        self.ends = [end_of(text) if text else NOTHING for text in texts]
        self.starts = [start_of(text) if text else 0 for text in texts]
        self.words = [text.count(" ") + 1 for text in texts]
        self.unspaced = {i for i, text in enumerate(texts) if not text.isascii() and is_unspaced(text)}
        for index in self.unspaced:
            self.words[index] = int(len(texts[index]) / CHARS_A_WORD)
        self.open = [index for index in range(size) if self.is_open[index]]
        self.stories = [index for index in self.open if self.story[index]]
        self.shorts = [index for index in self.open if not self.shaped[index]]
        self._count_words(doc)
        self._measure_runs()
        self._find_neighbours()
        self.stories_to = _sums(self.story)
        self.outs_to = _sums(self.out)
        self.short_to = _sums([not shaped for shaped in self.shaped])
        self.unstopped_to = _sums([end >= BRACKET for end in self.ends])
        self.words_to = _sums([w if o else 0 for w, o in zip(self.words, self.is_open, strict=True)])
        self.doubts: dict[int, float] = {}
        self.kinds: dict[int, str] = {}
        for edit in doc.edits:
            if edit.role is None:
                continue
            if edit.confidence < bar:
                self.doubts[edit.block] = max(self.doubts.get(edit.block, 0.0), edit.confidence)
            else:
                self.kinds[edit.block] = edit.category
        self.copies = Counter(texts)
        self._find_kin()
        self.total = total = max(1, self.words_to[-1])
        shorts = self.shorts
        self.story_share = sum(self.words[index] for index in self.stories) / total
        self.short_stopped = sum(self.ends[index] <= EXCLAMATION for index in shorts) / max(1, len(shorts))
        self.short_share = len(shorts) / max(1, len(self.open))
        sample = self.stories[:2] or sorted(self.open, key=lambda i: -len(texts[i]))[:2]
        self.tongue = tongue_of(" ".join(texts[index][:200] for index in sample)) if sample else NO_TONGUE

    def _count_words(self, doc: Document) -> None:
        self.content: list[set[str]] = [set()] * self.size
        for index in self.open:
            text = self.texts[index]
            self.content[index] = _pairs(text) if index in self.unspaced else _stems(text)
        self.body = Counter(chain.from_iterable([self.content[index] for index in self.stories]))
        self.short_body = Counter(chain.from_iterable([self.content[index] for index in self.shorts]))
        titles = [block.text for block in doc.blocks if block.role == "headline"]
        titles += [edit.facts["headline"] for edit in doc.edits if "headline" in edit.facts]
        titles.append(doc.given.get("title", ""))
        self.title = content_of(" ".join(titles))
        self.opening = self.content[self.stories[0]] if self.stories else set()

    def _find_kin(self) -> None:
        """Lines of one look in one kind of place: the headings of a list have many, a stray line none."""
        self.looks: dict[int, tuple[int, ...]] = {}
        for index in self.shorts:
            above, below = self.open_above[index], self.open_below[index]
            text = self.texts[index]
            self.looks[index] = (
                self.ends[index],
                self.starts[index],
                min(4, len(text).bit_length() - 3),
                above >= 0 and self.shaped[above],
                below >= 0 and self.shaped[below],
            )
        self.kin = Counter(self.looks.values())
        self.kin_below: Counter[tuple[int, ...]] = Counter()
        self.kin_copies: Counter[tuple[int, ...]] = Counter()
        for index, look in self.looks.items():
            below = self.story_below[index]
            self.kin_below[look] += below >= 0 and not self.content[index].isdisjoint(self.content[below])
            self.kin_copies[look] += self.copies[self.texts[index]] > 1
        bare = [index for index in self.looks if self._is_bare(index)]
        self.least_bare = min((self.words[index] for index in bare), default=FAR)
        self.stories_a_bare = min(FAR, len(self.stories) / max(1, len(bare)))
        self.rows: dict[int, tuple[int, int]] = {}
        shorts = self.shorts
        start = 0
        for at in range(1, len(shorts) + 1):
            ends_here = at == len(shorts) or (
                self.looks[shorts[at]][:2] != self.looks[shorts[start]][:2]
                or self.open_above[shorts[at]] != shorts[at - 1]
            )
            if ends_here:
                for place in range(start, at):
                    self.rows[shorts[place]] = (shorts[start], shorts[at - 1])
                start = at

    def _is_bare(self, index: int) -> bool:
        """A line without a stop, alone between two paragraphs: a subheading, or another story's headline."""
        return self.ends[index] == NOTHING and self.is_between_paragraphs(index)

    def is_between_paragraphs(self, index: int) -> bool:
        """Whether of what is left a paragraph is the next above, and another the next below."""
        above, below = self.open_above[index], self.open_below[index]
        return above >= 0 and below >= 0 and self.shaped[above] and self.shaped[below]

    def is_heading(self, index: int) -> bool:
        """Whether markup calls a line a heading, and the next below is a paragraph. Of such lines 26 were
        foreign and 1,112 the article's in the news, 84 and 4,960 on pages of advice."""
        below = self.open_below[index]
        return index in self.headings and below >= 0 and self.shaped[below]

    def is_in_sentence(self, index: int) -> bool:
        """Whether a line stands in the middle of a sentence of the story that was torn at its links. Of such
        lines that would have gone 11 were foreign and 9 the article's."""
        above, below = index - 1, index + 1
        if self.story_above[index] < 0 or self.story_below[index] < 0:
            return False
        if self.words[above] < FEWEST_OPENING or not wrapping.is_open(self.texts[above]):
            return False
        return wrapping.is_rest(self.texts[index]) or wrapping.is_rest(self.texts[below])

    def is_subheading(self, index: int) -> bool:
        """Whether a few words without a stop stand right above a paragraph: below another, or as an opening;
        the number of a step, the time of an entry or "Dear Ann," may stand above the first. Of such lines
        that looked foreign, on pages that were not learned from, one in four was the article's."""
        below = self.open_below[index]
        is_right_above = below == index + 1 and self.shaped[below] and not self.shaped[index]
        is_inside = self.story_above[index] >= 0
        is_address = self.ends[index] == COMMA and not is_inside
        is_label = self.words[index] <= MOST_SUBHEADING and (self.ends[index] == NOTHING or is_address)
        may_be_first = self.starts[index] == FIGURE or is_address or self.words[index] >= FEWEST_OPENING
        return is_right_above and is_label and (is_inside or may_be_first)

    def _kin(self, index: int) -> list[float]:
        if self.shaped[index]:
            return [0.0, 0.0, 0.0, -1.0, 0.0, 0.0, self.least_bare, self.stories_a_bare]
        look = self.looks[index]
        first, last = self.rows[index]
        above = self.open_above[first]
        kin = self.kin[look]
        return [
            min(kin, 30),
            kin / len(self.looks),
            min(last - first + 1, 30),
            self.ends[above] if above >= 0 else -1.0,
            self.kin_below[look] / kin,
            self.kin_copies[look] / kin,
            self.least_bare,
            self.stories_a_bare,
        ]

    def _find_neighbours(self) -> None:
        """For each block the nearest story-shaped, open and removed ones on both sides, or -1."""
        size = self.size
        self.story_above, self.open_above, self.out_above = [-1] * size, [-1] * size, [-1] * size
        self.story_below, self.open_below, self.out_below = [-1] * size, [-1] * size, [-1] * size
        for stories, opens, outs, order in (
            (self.story_above, self.open_above, self.out_above, range(size)),
            (self.story_below, self.open_below, self.out_below, range(size - 1, -1, -1)),
        ):
            story = open_ = out = -1
            for index in order:
                stories[index], opens[index], outs[index] = story, open_, out
                if self.is_open[index]:
                    open_ = index
                    if self.shaped[index]:
                        story = index
                elif self.out[index]:
                    out = index

    def _measure_runs(self) -> None:
        """Rows of blocks none of which is story-shaped, whatever became of them."""
        self.run: list[tuple[int, int, int]] = [(0, 0, 0)] * self.size
        start = 0
        for shaped, group in itertools.groupby(self.shaped):
            end = start + len(list(group))
            if not shaped:
                found = (start, end, sum(map(len, self.texts[start:end])))
                self.run[start:end] = [found] * (end - start)
            start = end

    @property
    def has_paragraphs(self) -> bool:
        """There are paragraphs enough for a story, whatever else is there."""
        return len(self.stories) >= FEWEST_STORIES

    @property
    def is_story(self) -> bool:
        """There are paragraphs enough, and they are most of what is there: not a brief, a poem or a list."""
        return self.has_paragraphs and self.story_share >= LEAST_STORY

    def is_judged(self, index: int) -> bool:
        """Whether a block may be foreign: not a paragraph between paragraphs nor a long one that nobody
        doubts, nor a line without letters and figures."""
        if index in self.doubts:
            return True
        is_plain = self.words[index] >= FEWEST_PLAIN and self.ends[index] <= EXCLAMATION
        if is_plain and self.is_between_paragraphs(index):
            return False
        if self.shaped[index]:
            is_between = self.story_above[index] >= 0 and self.story_below[index] >= 0
            return not is_between and self.words[index] <= LONGEST_JUDGED
        return any(map(str.isalnum, self.texts[index]))

    def is_told(self, index: int) -> bool:
        """A sentence that somebody speaks, or a long one with paragraphs above and below: the story's. So is
        what may be a dek."""
        if self.may_be_dek(index):
            return True
        if self.ends[index] > EXCLAMATION or index in self.doubts:
            return False
        if self.starts[index] == QUOTED:
            return True
        is_between = self.story_above[index] >= 0 and self.story_below[index] >= 0
        # A single word with a stop is a pause in the telling: "Silence."
        return is_between and (self.words[index] >= FEWEST_PLAIN or self.words[index] == 1)

    def may_be_dek(self, index: int) -> bool:
        """A line of some length, the first that is left under the headline but for a label or two."""
        above = self.open_above[index]
        for _ in range(MOST_LABELS):
            if above >= 0 and self.words[above] <= LONGEST_LABEL:
                above = self.open_above[above]
        return above < 0 and self.headline < index and self.words[index] >= FEWEST_DEK

    @cached_property
    def is_live(self) -> bool:
        """Whether the text is a live blog: its entries have their times."""
        times = (index for index in self.open if _TIME_OF_DAY.match(self.texts[index]))
        return len([*itertools.islice(times, FEWEST_TIMES)]) == FEWEST_TIMES

    def look(self, index: int) -> list[float]:
        """The signs of one open block, in the order of NAMES."""
        line = look_at_line(self.texts[index], self.tongue)
        return [
            *line.signs,
            *self._place(index),
            *self._around(index),
            *self._kin(index),
            *self._relation(index, line),
        ]

    def _place(self, index: int) -> list[float]:
        start, end, chars = self.run[index]
        above, below = self.story_above[index], self.story_below[index]
        return [
            min(index, 40),
            min(self.size - 1 - index, 40),
            self.words_to[index] / self.total,
            min(self.stories_to[index], 12),
            min(self.stories_to[-1] - self.stories_to[index + 1], 12),
            min(index - above, FAR) if above >= 0 else FAR,
            min(below - index, FAR) if below >= 0 else FAR,
            min(len(self.stories), FAR),
            self.story_share,
            min(len(self.open), 80),
            min(end - start, 40),
            (index - start) / max(1, end - start),
            min(chars, 3000),
            len(self.open) / self.size,
            self.short_share,
        ]

    def _around(self, index: int) -> list[float]:
        size, ends = self.size, self.ends
        above, below = self.open_above[index], self.open_below[index]
        before, after = index - 1, index + 1 if index + 1 < size else -1
        out_above, out_below = self.out_above[index], self.out_below[index]
        length = len(self.texts[index])
        return [
            self.words[above] if above >= 0 else -1,
            self.words[below] if below >= 0 else -1,
            ends[above] if above >= 0 else -1,
            ends[below] if below >= 0 else -1,
            above >= 0 and self.shaped[above],
            below >= 0 and self.shaped[below],
            min(index - out_above, 15) if out_above >= 0 else 15,
            min(out_below - index, 15) if out_below >= 0 else 15,
            self._near(self.outs_to, index, 5),
            self.outs_to[-1] / size,
            before >= 0 and ends[before] == ends[index],
            after >= 0 and ends[after] == ends[index],
            length / max(1, len(self.texts[before])) if before >= 0 else -1,
            length / max(1, len(self.texts[after])) if after >= 0 else -1,
            self._near(self.short_to, index, 6) / 13,
            self._near(self.unstopped_to, index, 3) / 7,
            self._near(self.unstopped_to, index, 8) / 17,
            self.short_stopped,
            index - above if above >= 0 else 15,
            below - index if below >= 0 else 15,
        ]

    def _near(self, sums: Sequence[int], index: int, reach: int) -> int:
        return sums[min(self.size, index + reach + 1)] - sums[max(0, index - reach)]

    def _relation(self, index: int, line: Line) -> list[float]:
        words, body = self.content[index], self.body
        count = max(1, len(words))
        own = 1 if self.shaped[index] else 0
        above, below = self.open_above[index], self.open_below[index]
        story_above = self.content[self.story_above[index]] if self.story_above[index] >= 0 else _EMPTY
        story_below = self.content[self.story_below[index]] if self.story_below[index] >= 0 else _EMPTY
        short = self.short_body
        seen = often = in_shorts = rare = 0
        for word in words:
            in_body, in_short = body.get(word, 0), short.get(word, 0)
            in_shorts += in_short > 1 - own
            rare += in_body + in_short <= 1
            if in_body > own:
                seen += 1
                often += min(in_body, 5)
        names_unseen = sum([body.get(name, 0) <= own for name in line.names])
        is_opening = bool(self.stories) and index == self.stories[0]
        below_too = words & story_below
        in_below = len(below_too)
        return [
            len(words),
            seen,
            seen / count,
            len(words) - seen,
            names_unseen,
            len(line.names) - names_unseen,
            len(words & self.content[above]) / count if above >= 0 else -1,
            len(words & self.content[below]) / count if below >= 0 else -1,
            len(words & story_above),
            in_below,
            in_below / count,
            sum([body[word] <= 1 for word in below_too]),
            len(words & self.title) / count if self.title else -1,
            len(words & self.opening) / count if self.opening and not is_opening else -1,
            min(self.copies[self.texts[index]], 5),
            in_shorts / count,
            rare / count,
            often / count,
            self.doubts.get(index, 0.0),
        ]


_EMPTY: set[str] = set()


def _sums(values: Sequence[int]) -> list[int]:
    """How much stands before each place, and at the end in all."""
    return list(itertools.accumulate(values, initial=0))
