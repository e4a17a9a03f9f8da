"""The judgement on blocks that no rule knows: what is surely foreign goes, what may be is put up for review.

Boosted trees look at the signs of a block, a voice is heard in its words, and other trees look once more at
both and at what became of the blocks around. All weights are data (evidence.json), learned by
benchmarks/train_evidence.py from labelled lines; docs/evidence.md says how, and what it is worth.
"""

from __future__ import annotations

import hashlib
import re
import statistics
from collections.abc import Iterator, Mapping, Sequence, Set
from functools import lru_cache
from pathlib import Path
from typing import Literal, NamedTuple

import msgspec

from cleaners import tabular
from cleaners.folding import fold
from cleaners.forest import Curve, Forest
from cleaners.model import Cleaner, Document, Edit, runs
from cleaners.people import load_phrases
from cleaners.reasons import Moved, is_between_paragraphs, outline, reason
from cleaners.signs import BULLET, CAPITAL, COLON, EXCLAMATION, NAMES, QUOTED, Sight
from cleaners.surroundings import Surroundings
from cleaners.voice import Voice

RULES = {
    "evidence/foreign": "a line that by its look, place and words is no part of the story",
    "promo/bare-headline": "a headline-shaped line between full paragraphs, not the story's",
}

LEAST_RISK, LOWEST_BAR = 0.03, 0.06
"""The least risk and the least confidence that are stated, and the least risk that `max_risk` can ask for:
the labels that risks are learned from vouch for no less. Of the lines that the best of the three sets calls
residue 6 % are the article's."""
MOST_RISK = 0.95
WORTH_ASKING = 0.5
"""Blocks that are article with no more than this probability are put up for review."""
UNREACHED = 1.0
"""A confidence that no judgement has."""
ENOUGH, CLEARLY_STORY = 1.5, 6.0
"""Of what has such a score at first look no second one is taken; the score that it gets instead."""
FEWEST_BLOCKS, MOST_BLOCKS, LONGEST = 3, 3_000, 1_000_000
"""Blocks, and code points of a source, that may be one article. What is larger is left to the rules: nothing
like it was learned from, and its words would fill the memory."""
MOST_OF_HEADING = 5
"""Words of what a part of an article is headed with, one more than which its first line has."""
LONG_ROW = 5
RISK_OF_ROW, MOST_OWN = 0.4, 0.25
"""Rows of so many lines stay whole when their mean risk is more than `max_risk` and more than this, or when
more than this share of them is rather the story's than not."""
MOSTLY = 0.5
"""But not when more than this share of their lines clearly sounds like the site."""
FEWEST_ANNOUNCING, MOST_ANNOUNCED = 5, 6
FEWEST_QUIETLY, MOST_QUIETLY = 3, 13
"""Words of a line that announces a list, and lines of such a list with it; longer rows tell by themselves.
The others are for a line in which nothing of the site is heard."""
FEWEST_LABELS, LABELS_A_ROW = 2, 0.1
"""Lines of fewer words with a colon that make a row a table, and their share of it."""
FEWEST_OF_LIST, MOST_OF_LIST, UNHEARD = 4, 12, 1.0
"""Lines of a list below the story, and the highest voice among them."""
FEWEST_BELOW, FEWEST_WITHIN = 3, 4
"""Lines of data that make a table below the story, and one within."""
FEWEST_CELLS_BELOW, FEWEST_CELLS, MOST_HEARD_IN_TABLE = 20, 5, 0.2
"""Lines of nothing but a figure that make a table whose cells stand below one another, there and here; the
share of its lines that may sound like the site. Of such lines that would have gone 949 were the article's and
19 foreign."""
FEWEST_SIGNED = 2
"""Entries of a list of works that show who wrote them and when, if it has no heading."""
QUIET_CARE = 1.75
"""How much less is borne of quiet lines (`Look.is_quiet`). Within the story a line may be a subheading: of
those that this keeps, one in five was the article's."""
LOUD_CARE, SENTENCE_CARE = 2, 4
"""A sentence goes only at a quarter of the risk that a line may have; at half where it is loud within the
story. Below it what is loud is measured like a line, and within it what is louder than `LOUDEST_VOICE`."""
TERSE_CARE, HEARD_TERSE_CARE = 2.5, 1.5
"""Where paragraphs are sentences, lines of the story look like others: two fifths of the risk are borne, and
two thirds of what clearly sounds like the site."""
QUIET_STORY, FEWEST_LOUD_WORDS = -1.0, 4
"""Nothing is loud where the story's own paragraphs sound as much like a site as this, for such stories speak
to their readers; nor is what has fewer words."""
LONGEST_BUTTON, RISK_OF_BUTTON = 2, 0.27
"""Words of a label that is no subheading where something of the site is heard in it, and its highest risk."""
FEWEST_ENTRY = 8
"""Words of a line that may be an entry of a live blog: entries speak to readers, and are the story's."""
SURE, SUREST, FEWEST_ABOVE = 0.1, 0.06, 2
"""Risks so low that lines below so many paragraphs, or above them, go from rows and texts that otherwise stay
whole: what stands beside something that was taken out, and whatever stands there. The first, as well, at
which paragraphs of one sentence go that only sound a little like the site, below all others."""
VOICE_SHARE, MORE_THAN_STORY, FAINT_VOICE, CLEAR_VOICE = 0.3, 1.0, 0.25, 1.0
"""How much a voice counts at first look, what it must have more than the story; from where on it says more
than nothing; and from where on a block that looks like the story's is judged."""
LOUD_BELOW, LOUD_VOICE, LOUDEST_VOICE = 2.5, 3.0, 4.4
"""From where on a voice is loud: below the story, in it, and between sentences that are its paragraphs."""
RISK_OF_LOUDEST, MOST_OF_LOUDEST = 0.15, 0.7
"""How often sentences as loud as that (counted from a voice of 4), in the story, were the article's by the
labels, and up to which risk by their look: from half of `max_risk` to 0.5 it was 1 of 17 in the news, and a
call to comment, 7 of 44 on pages of advice; from there on none of 2, and 20 of 32, half of them calls."""
AGAIN_VOICE, FEWEST_AGAIN = 0.75, 8
"""From where on a sentence of so many words that stands in the text twice is loud: authors repeat themselves,
but not in the words of a site. By the labels one was foreign in the news and none the article's; on pages of
advice it was nine and two, one of them the site's on itself."""
HINT_IN_PARAGRAPH = 0.5
"""What a glance at a paragraph must show for its voice to be heard: with less, one in twelve was loud."""
MOST_HEARD, HEARD_OF_STORY = 6, 200
"""Paragraphs that the voice of a story is taken from, and code points of each."""
FEWEST_BARE_WORDS, STORIES_A_BARE, MOST_SEEN = 9, 5, 0.9
RISK_OF_BARE = 0.33
"""How often a bare headline was the article's on the news pages that were learned from, if both sets count
the same: 1 of 6 and 1 of 2. There are too few to say it better."""


# --- the model --------------------------------------------------------------------------------


class Model(msgspec.Struct, frozen=True):
    first: Forest
    """Looks at the signs of a block; gives log odds of being article."""
    voice: Voice
    second: Forest
    """Looks at what the first one found, there and around."""
    curve: Curve
    """The probability of being article at the scores of the second."""


@lru_cache(maxsize=1)
def _weights() -> bytes:
    return (Path(__file__).parent / "evidence.json").read_bytes()


@lru_cache(maxsize=1)
def load_model() -> Model:
    return msgspec.json.decode(_weights(), type=Model)


@lru_cache(maxsize=1)
def model_sha256() -> str:
    """Hash of the weights: with others, the same text may come out otherwise."""
    return hashlib.sha256(_weights()).hexdigest()


# --- looking ----------------------------------------------------------------------------------


class Voices(NamedTuple):
    """Who is heard in a document."""

    site: Mapping[int, float]
    """How much each open block sounds like the site: by itself, and more than the paragraphs of the story by
    `MORE_THAN_STORY`. Blocks that do not are left out."""
    story: float
    """How much the paragraphs do: advice speaks to its reader, too, and reports do not."""


def voices_of(sight: Sight, voice: Voice) -> Voices:
    """Listens to a document; where no block sounds like the site, not to the story."""
    texts, content = sight.texts, sight.content
    hints = ((i, voice.glance(content[i])) for i in sight.open)
    heard = [i for i, hint in hints if hint >= (HINT_IN_PARAGRAPH if sight.shaped[i] else 0)]
    audible = {index: loud for index in heard if (loud := voice.hear(texts[index])) > 0}
    if not (audible and sight.stories):
        return Voices({}, 0.0)
    paragraphs = sight.stories[:: 1 + len(sight.stories) // MOST_HEARD]
    story = statistics.median(voice.hear(texts[i][:HEARD_OF_STORY]) for i in paragraphs)
    most = story + MORE_THAN_STORY
    return Voices({index: min(loud, loud - most) for index, loud in audible.items() if loud > most}, story)


class FirstLook(NamedTuple):
    """What is seen and heard of a block by itself."""

    values: list[float]
    score: float
    voice: float

    @property
    def total(self) -> float:
        """Log odds of being article."""
        return self.score - VOICE_SHARE * self.voice


def first_looks(sight: Sight, voices: Mapping[int, float], first: Forest) -> dict[int, FirstLook]:
    """The blocks that are judged."""
    looked = {}
    for index in sight.open:
        voice = voices.get(index, 0.0)
        least = LOUD_VOICE if sight.may_be_dek(index) else _least_loud(sight, index, CLEAR_VOICE)
        is_clear = voice > least and sight.starts[index] != QUOTED
        if is_clear or (sight.is_judged(index) and not sight.is_told(index)):
            values = sight.look(index)
            looked[index] = FirstLook(values, first.score(values), voice)
    return looked


def second_looks(sight: Sight, voices: Voices, looked: Mapping[int, FirstLook]) -> dict[int, list[float]]:
    """The values of `surroundings.NAMES` for the judged blocks that may be foreign."""
    totals = {index: look.total for index, look in looked.items()}
    doubtful = [index for index, total in totals.items() if total <= ENOUGH]
    if not doubtful:
        return {}
    surroundings = Surroundings(sight, totals, voices.site, voices.story)
    return {index: surroundings.look(index, looked[index].score) for index in doubtful}


Loud = Literal["", "within", "below"]
"""Where a block stands, below the story or not, if it is the site's beyond doubt by what is heard."""


class Look(NamedTuple):
    """All that is known of a block, and the probability that it is the article's."""

    values: list[float]
    around: list[float]
    """Empty of what is clearly the story's."""
    voice: float
    risk: float
    loud: Loud = ""

    @property
    def is_heard(self) -> bool:
        """Whether the block clearly sounds like the site."""
        return self.voice > CLEAR_VOICE

    @property
    def is_loudest(self) -> bool:
        """Whether it sounds so much like the site that its place hardly counts."""
        return self.loud != "" and self.voice > LOUDEST_VOICE

    @property
    def leaves_rows(self) -> bool:
        """Whether a row that stays does not keep it: a line that is loud below the story, or a sentence of
        which the look says the same."""
        return self.loud == "below" and (not self.is_sentence or self.risk <= SURE)

    @property
    def is_sentence(self) -> bool:
        return self.values[_END] <= EXCLAMATION

    @property
    def is_quiet(self) -> bool:
        """Whether it is a line within the story, shorter than headlines are, in which nothing of the site is
        heard; nothing loud, where it is shaped like a headline between two paragraphs."""
        is_inside = bool(self.values[_STORY_ABOVE] and self.values[_STORY_BELOW])
        is_short = self.values[_WORDS] < FEWEST_BARE_WORDS
        most = LOUD_BELOW if is_between_paragraphs(self.values) else 0
        return is_inside and is_short and self.voice <= most and not self.is_sentence


def _look(sight: Sight, model: Model) -> dict[int, Look]:
    """The blocks that are judged."""
    voices = voices_of(sight, model.voice)
    first = first_looks(sight, voices.site, model.first)
    second = second_looks(sight, voices, first)
    loud = _loud(sight, voices)
    looked = {}
    for index, (values, _, voice) in first.items():
        around = second.get(index, [])
        risk = model.curve.at(model.second.score(around) if around else CLEARLY_STORY)
        look = Look(values, around, voice, risk, loud.get(index, ""))
        looked[index] = look._replace(risk=min(risk, _risk_at_sight(look)))
    for index in _endings(sight, looked):
        looked[index] = looked[index]._replace(loud="below")
    return looked


def _loud(sight: Sight, voices: Voices) -> dict[int, Loud]:
    """The blocks that sound like the site beyond doubt, and where they stand. What a few words say never
    does, and where sentences are paragraphs it takes more: people are quoted there without marks."""
    if voices.story >= QUIET_STORY or sight.is_live:
        return {}
    below, within = (LOUD_VOICE, LOUDEST_VOICE) if sight.is_terse else (LOUD_BELOW, LOUD_VOICE)
    last = max((at for at in sight.stories if voices.site.get(at, 0.0) <= LOUD_VOICE), default=sight.size)
    return {
        index: "below" if index > last else "within"
        for index, voice in voices.site.items()
        if voice > _least_loud(sight, index, below if index > last else within)
        and sight.words[index] >= FEWEST_LOUD_WORDS
    }


def _least_loud(sight: Sight, index: int, least: float) -> float:
    """From where on a voice is loud that is so at `least` elsewhere, or at less if it is heard again."""
    is_again = sight.copies[sight.texts[index]] > 1 and sight.words[index] >= FEWEST_AGAIN
    return AGAIN_VOICE if is_again and sight.ends[index] <= EXCLAMATION else least


def _endings(sight: Sight, looked: Mapping[int, Look]) -> list[int]:
    """Where sentences are paragraphs, what is surely the site's below the last that is surely the story's,
    and sounds like it."""
    if not sight.is_terse or sight.is_live:
        return []
    stories = (at for at in reversed(sight.stories) if at not in looked or looked[at].risk > WORTH_ASKING)
    last = next(stories, sight.size)
    below = [at for at in sight.stories if at > last]
    return [at for at in below if looked[at].voice > FAINT_VOICE and looked[at].risk <= SURE]


def _risk_at_sight(look: Look) -> float:
    """The risk of what is known for what it is, though by its place it may be the story's; 1 for others. Whom
    the story names elsewhere it may introduce in the words of a note on its author."""
    if _is_bare_headline(look.values):
        return RISK_OF_BARE
    is_sentence = look.is_sentence and look.values[_START] != BULLET
    is_again = look.loud != "" and look.values[_COPIES] > 1
    is_known = is_again or (look.is_loudest and look.risk <= MOST_OF_LOUDEST)
    return RISK_OF_LOUDEST if is_sentence and is_known and not look.values[_NAMES_SEEN] else 1.0


def _is_bare_headline(values: Sequence[float]) -> bool:
    """Another story's headline alone between two paragraphs: a long line that names somebody or something, in
    a long story that has no shorter one, and few of them. Articles that have subheadings have short ones, and
    take up their words."""
    return (
        is_between_paragraphs(values)
        and values[_LEAST_BARE] >= FEWEST_BARE_WORDS
        and values[_STORIES_A_BARE] >= STORIES_A_BARE
        and values[_START] == CAPITAL
        and values[_SEEN] < MOST_SEEN
        and bool(values[_NAMES_SEEN] or values[_NAMES_UNSEEN])
        and not (values[_ONLY_BELOW] or values[_ADDRESS])
    )


_LEAST_BARE, _STORIES_A_BARE = NAMES.index("least_bare"), NAMES.index("stories_a_bare")
_STORY_ABOVE, _STORY_BELOW = NAMES.index("story_above"), NAMES.index("story_below")
_WORDS, _START, _END = NAMES.index("words"), NAMES.index("start"), NAMES.index("end")
_COPIES = NAMES.index("copies")
_ADDRESS, _ONLY_BELOW, _SEEN = NAMES.index("address"), NAMES.index("only_below"), NAMES.index("seen_share")
_NAMES_SEEN, _NAMES_UNSEEN = NAMES.index("names_seen"), NAMES.index("names_unseen")


# --- the judgement ----------------------------------------------------------------------------


def judge(max_risk: float, bar: float) -> Cleaner:
    """The cleaner that takes out what is article with at most this probability.

    A brief, a poem, a list or an interview has few paragraphs or none: there nothing is sure enough to go.
    """
    highest = min(max(LOWEST_BAR, max_risk), MOST_RISK)

    def judged(doc: Document) -> Iterator[Edit]:
        if not FEWEST_BLOCKS <= len(doc.blocks) <= MOST_BLOCKS or len(doc.source) > LONGEST:
            return
        sight = Sight(doc, bar)
        most = _borne(sight, highest)
        looked = _look(sight, load_model())
        sure = _sure_outside(sight, looked)
        safe = _in_safe_rows(sight, looked, sure, max(most, RISK_OF_ROW)) | _works_cited(sight, looked)
        for index, look in looked.items():
            if sight.is_heading(index) or sight.is_in_sentence(index) or _heads_a_part(sight, index):
                continue
            is_label = sight.is_subheading(index) and not _is_button(sight, index, look)
            is_safe = (
                is_label or (index in safe and not look.leaves_rows) or not (sight.is_story or index in sure)
            )
            if is_between_paragraphs(look.values) or (look.risk <= max(most, WORTH_ASKING) and not is_safe):
                is_told = not look.loud and _is_in_the_story(sight, index, look)
                needs = _needed(look, _borne(sight, highest, look))
                yield _edit(index, look, UNREACHED if is_safe or is_told else needs)

    return judged


def _is_button(sight: Sight, index: int, look: Look) -> bool:
    """Whether what could be a subheading is surely none, or a word or two of the site."""
    if sight.is_terse:
        return False
    is_of_site = look.voice > 0 and sight.words[index] <= LONGEST_BUTTON
    return look.risk <= (RISK_OF_BUTTON if is_of_site else SUREST)


def _heads_a_part(sight: Sight, index: int) -> bool:
    """Whether a line is what summaries, beginnings and ends are headed with, and one of them stands below, or
    heads a step within the story. Of such lines that would have gone 27 were the article's and 15 foreign."""
    if _STEP.match(sight.texts[index]) and sight.story_above[index] >= 0 and sight.story_below[index] >= 0:
        return True
    below = index + 1
    if sight.words[index] > MOST_OF_HEADING or below >= sight.size or not sight.is_open[below]:
        return False
    is_told = sight.shaped[below] or sight.starts[below] == BULLET or sight.words[below] > MOST_OF_HEADING
    return is_told and fold(sight.texts[index]).whole in _phrases("parts")


_STEP = re.compile(r"[^\W\d_]{1,12}\.? #?[0-9]{1,3}(?:[:.)]| ?[-–—]) [^\W\d_]")


@lru_cache(maxsize=2)
def _phrases(name: str) -> frozenset[str]:
    return frozenset(fold(phrase).whole for phrase in load_phrases()[name])


def _is_in_the_story(sight: Sight, index: int, look: Look) -> bool:
    """Whether a sentence is a paragraph, or stands between two, or is the entry of a live blog."""
    if sight.is_terse and sight.shaped[index]:
        return True
    if sight.is_live and index > next(iter(sight.stories), -1):
        return look.is_sentence or sight.words[index] >= FEWEST_ENTRY
    return look.is_sentence and sight.is_between_paragraphs(index)


def _sure_outside(sight: Sight, looked: Mapping[int, Look]) -> set[int]:
    """Lines that go whatever is thought of the rest: below the paragraphs, and above them where there are so
    many lines that they outweigh these, the clearest; and below them what is nearly as clear, from what was
    taken out onwards."""
    least = SURE if sight.is_story else SUREST
    foreign = {at for at, look in looked.items() if look.risk <= least}
    stories = [at for at in sight.stories if at not in foreign]
    if not sight.has_paragraphs or len(stories) < FEWEST_ABOVE:
        return set()
    sure = {at for at in foreign if looked[at].voice > 0 or not looked[at].is_sentence}
    above, below = range(0 if sight.is_story else stories[0]), range(stories[-1] + 1, sight.size)
    found = {at for at in sure if (at in above or at in below) and looked[at].risk <= SUREST}
    for order in (below, reversed(below)):
        reaches = False
        for index in order:
            is_open = sight.is_open[index]
            reaches = sight.out[index] or (reaches and (index in sure or not is_open))
            if reaches and is_open:
                found.add(index)
    return found


def _borne(sight: Sight, highest: float, look: Look | None = None) -> float:
    """The risk that a line may have in this text."""
    if look and look.is_quiet:
        highest = max(LOWEST_BAR, highest / QUIET_CARE)
    if not sight.is_terse or (look and look.loud == "below"):
        return highest
    return max(LOWEST_BAR, highest / (HEARD_TERSE_CARE if look and look.is_heard else TERSE_CARE))


def _needed(look: Look, most: float) -> float:
    """The confidence that takes a block out. Sentences tell more than lines: they must be surer to go."""
    if not look.is_sentence or look.is_loudest or look.loud == "below":
        return round(1 - most, 3)
    care = LOUD_CARE if look.loud else SENTENCE_CARE
    return round(1 - most / care, 3)


def _in_safe_rows(sight: Sight, looked: Mapping[int, Look], sure: Set[int], most: float) -> set[int]:
    """Lines in rows that go whole or not, but for what is sure."""
    safe: set[int] = set()
    row: list[int] = []
    for index in (*sight.open, -1):
        if index < 0 or sight.shaped[index]:
            if _is_table(sight, row):
                safe.update(row)
            elif _is_mixed(row, looked, most):
                safe.update(set(row) - sure)
            safe.update(_announced(sight, row, looked))
            if row and sight.story_above[row[0]] >= 0:
                safe.update(_lists(sight, row, looked))
            row = []
        else:
            row.append(index)
    return safe


def _is_mixed(row: Sequence[int], looked: Mapping[int, Look], most: float) -> bool:
    """Whether too many lines of a long row are the article's: a poem, a list or a talk. What mostly sounds
    like the site is none of these, though some of it may look like them."""
    if len(row) < LONG_ROW:
        return False
    if sum(looked[at].is_heard for at in row if at in looked) > MOSTLY * len(row):
        return False
    risks = [looked[at].risk if at in looked else 1.0 for at in row]
    return sum(risks) > most * len(row) or sum(risk > WORTH_ASKING for risk in risks) > MOST_OWN * len(row)


def _is_table(sight: Sight, row: Sequence[int]) -> bool:
    """Labels with a colon, and what they stand for: the data of a product, a person or an event."""
    labels = [at for at in row if sight.ends[at] == COLON and sight.words[at] < FEWEST_ANNOUNCING]
    return len(labels) >= max(FEWEST_LABELS, LABELS_A_ROW * len(row)) and labels[-1] != row[-1]


def _lists(sight: Sight, row: Sequence[int], looked: Mapping[int, Look]) -> Iterator[int]:
    """Tables in a row, and a list of names, works or places right below the story, if nothing of the site is
    heard in it and no address given."""
    is_below = sight.story_below[row[0]] < 0
    heard = sum(looked[at].is_heard for at in row if at in looked)
    fewest = FEWEST_CELLS_BELOW if is_below else FEWEST_CELLS
    if heard <= MOST_HEARD_IN_TABLE * len(row) and tabular.has_cells([sight.texts[at] for at in row], fewest):
        yield from row
    yield from tabular.tables(row, sight.texts, FEWEST_BELOW if is_below else FEWEST_WITHIN)
    if not is_below or any(looked[at].voice > UNHEARD for at in row if at in looked):
        return
    first = next(runs(row, 1))
    texts = [sight.texts[at] for at in first]
    is_other = sight.out[first[0] - 1] or any("@" in text or tabular.is_data(text) for text in texts)
    if FEWEST_OF_LIST <= len(first) <= MOST_OF_LIST and not is_other:
        yield from first


def _works_cited(sight: Sight, looked: Mapping[int, Look]) -> set[int]:
    """The works that the story rests on, with their heading; without one, those that begin with who wrote
    them and when."""
    cited = set[int]()
    for run in runs((at for at in looked if tabular.is_cited(sight.texts[at])), 1):
        first = run[0]
        while first and sight.is_open[first - 1] and tabular.is_cited(sight.texts[first - 1]):
            first -= 1
        entries = range(first, run[-1] + 1)
        signed = sum(tabular.is_author_and_year(sight.texts[at]) for at in entries)
        if sight.story_above[first] < 0:
            continue
        if fold(sight.texts[first - 1]).whole in _phrases("references"):
            cited.update(range(first - 1, run[-1] + 1))
        elif signed >= max(FEWEST_SIGNED, len(entries) / 2):
            cited.update(entries)
    return cited


def _announced(sight: Sight, row: Sequence[int], looked: Mapping[int, Look]) -> Sequence[int]:
    """What a line of the story with a colon leads up to, and the line itself. "More news:" is shorter."""
    for place, index in enumerate(row[:-1]):
        if sight.ends[index] != COLON:
            continue
        is_quiet = index in looked and looked[index].voice <= 0
        fewest, most = (FEWEST_QUIETLY, MOST_QUIETLY) if is_quiet else (FEWEST_ANNOUNCING, MOST_ANNOUNCED)
        if sight.words[index] >= fewest and len(row) - place <= most:
            # What stands behind something that was taken out is announced no more.
            return [at for at in row[place:] if sight.outs_to[at] == sight.outs_to[index]]
    return ()


def _edit(index: int, look: Look, needs: float) -> Edit:
    """A foreign block is boilerplate. Above the story it may be the headline as well: on the training pages
    half of such lines were, which is too few to say so."""
    sure = round(1 - min(max(look.risk, LEAST_RISK), 1 - LEAST_RISK), 3)
    rule = "promo/bare-headline" if is_between_paragraphs(look.values) else "evidence/foreign"
    why = outline(look.values)
    if sure >= needs:
        first, second = load_model().first, load_model().second
        block = Moved(look.values, first.contributions(look.values))
        around = Moved(look.around, second.contributions(look.around) if look.around else ())
        why = reason(block, around, is_heard=look.is_heard)
    return Edit(index, rule, why, "boilerplate", confidence=sure, needs=needs)
