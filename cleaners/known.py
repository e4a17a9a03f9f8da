"""Known headlines: a stray line that is another article's headline is a promo, and its reason names which.

It alone knows when a line and a headline are the same. What articles print merges in any order and grouping;
cleaning sees the outcome as a frozen value of the settings.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from cleaners.article import Article, block_type
from cleaners.headline import key, known_titles
from cleaners.model import Cleaner, Document, Edit, Value, ends_like_sentence, is_story_shaped, is_unspaced
from cleaners.settings import Known

RULE = "promo/known-headline"
RULES = {RULE: "the headline of another article"}
EQUAL, ALMOST = 0.97, 0.93
"""How sure a line that equals a headline is one, and one that differs in a word or is cut off."""
FEWEST, FEWEST_ALMOST, MOST = 5, 6, 30
"""Words of a line that is compared; of one that may differ in a word."""
FEWEST_LETTERS = 10
"""The same where words are not spaced."""
LONGEST = 200
SERIES = 10
"""Articles that share a headline: of more it is the name of a series, and no article's own."""
ROUNDUP = 6
"""Headlines in front of paragraphs: where there are more, the article is a review of others."""


class Printed(Value, frozen=True):
    """What an article prints: its headlines, and the stray lines that may be another's."""

    id: str
    headlines: tuple[str, ...]
    stray: tuple[str, ...]


Stats = Mapping[str, Printed]
"""By article."""


class Wording(Value, frozen=True):
    """A line or headline as it is compared."""

    words: tuple[str, ...]
    is_cut: bool
    """It ends in dots: the rest is missing."""

    @property
    def whole(self) -> str:
        return " ".join(self.words)

    @property
    def places(self) -> tuple[str, str]:
        """Where it is looked up when a word differs: by how it begins, and by how it ends."""
        return " ".join(self.words[:3]), " ".join(self.words[-3:])


_LABEL = re.compile(r"[^\s:|]{1,30}(?: [^\s:|]{1,30}){0,2} ?[:|] ")
_OUTLET = re.compile(r" [|–—-] (?=[^|–—]{2,40}\Z)")


def wordings(text: str) -> list[Wording]:
    """How a line or headline is compared: whole, without a label in front, without an outlet behind."""
    if len(text) > LONGEST:
        return []
    label, outlet = _LABEL.match(text), _OUTLET.search(text)
    forms = [text, text[label.end() :] if label else "", text[: outlet.start()] if outlet else ""]
    found = []
    for form in forms:
        whole = key(form)
        unspaced = is_unspaced(form)
        words = tuple(whole.replace(" ", "")) if unspaced else tuple(whole.split())
        if (FEWEST_LETTERS if unspaced else FEWEST) <= len(words) <= (2 * MOST if unspaced else MOST):
            found.append(Wording(words, form.rstrip().endswith(("…", "..."))))
    return found


def likeness(line: Wording, title: Wording) -> float:
    """How sure it is that a line is a headline: 0 where it is not."""
    if line.words == title.words:
        return EQUAL
    shorter, longer = sorted((line.words, title.words), key=len)
    if line.is_cut and len(line.words) < len(title.words):
        # The last word may be cut, too.
        begins = title.words[: len(line.words) - 1] == line.words[:-1]
        return ALMOST if begins and title.words[len(line.words) - 1].startswith(line.words[-1]) else 0.0
    if len(shorter) < FEWEST_ALMOST or len(longer) - len(shorter) > 1:
        return 0.0
    front = _common(shorter, longer)
    back = _common(shorter[::-1], longer[::-1])
    return ALMOST if front + back >= len(longer) - 1 else 0.0


def _common(one: tuple[str, ...], other: tuple[str, ...]) -> int:
    pairs = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


class Titles:
    """Headlines, arranged so that a line meets only the few it may be."""

    def __init__(self, known: Iterable[Known]) -> None:
        self.exact: dict[str, list[tuple[Wording, Known]]] = defaultdict(list)
        self.near: dict[tuple[int, str], list[tuple[Wording, Known]]] = defaultdict(list)
        for entry in known:
            for wording in wordings(entry.headline):
                self.exact[wording.whole].append((wording, entry))
                for at, place in enumerate(wording.places):
                    self.near[at, place].append((wording, entry))

    def find(self, text: str, own: Iterable[Wording] = ()) -> tuple[float, Known] | None:
        """The headline that a line is, and how sure; none that is the article's own."""
        own = list(own)
        best: tuple[float, Known] | None = None
        for line in wordings(text):
            if any(likeness(line, mine) for mine in own):
                return None
            for wording, entry in self._candidates(line):
                sure = likeness(line, wording)
                # Somebody in an interview asks nearly what a headline asks.
                sure = 0.0 if sure < EQUAL and text.endswith(("?", "!")) else sure
                is_own = any(likeness(wording, mine) for mine in own)
                if sure and not is_own and (best is None or (-sure, entry) < (-best[0], best[1])):
                    best = sure, entry
        return best

    def _candidates(self, line: Wording) -> Iterator[tuple[Wording, Known]]:
        yield from self.exact.get(line.whole, ())
        for at, place in enumerate(line.places):
            yield from self.near.get((at, place), ())


# --- many documents ---------------------------------------------------------------------------


def printed(article: Article) -> Printed:
    """What a cleaned article prints."""
    titles = [article.headline, article.alternative_headline]
    own = [title for title in titles if title and wordings(title)]
    known = [wording for title in own for wording in wordings(title)]
    lines = [block.text for block in article.blocks if block.type in ("paragraph", "heading")]
    # What was known before is printed all the same: the next look must find it again.
    gone = (change.reason for change in article.changes if RULE in change.rules)
    lines += [found[0] for reason in gone for found in [_TITLE.findall(reason)] if found]
    stray = {
        text
        for text in lines
        if may_be_headline(text) and not any(likeness(w, mine) for w in wordings(text) for mine in known)
    }
    return Printed(article.id, tuple(own), tuple(sorted(stray)))


def may_be_headline(text: str) -> bool:
    """Whether a line has the shape of one."""
    if len(text) > LONGEST or text[:1].islower() or block_type(text) != "paragraph":
        return False
    may_end_so = text.endswith(("…", "...", "?", "!"))
    return (may_end_so or not ends_like_sentence(text)) and text[-1:] not in ",:;" and bool(wordings(text))


def observe(articles: Iterable[Article]) -> Stats:
    """What cleaned articles print, by their ids."""
    return gather(map(printed, articles))


def gather(found: Iterable[Printed]) -> Stats:
    """By article; of two with one id, what either prints."""
    stats: dict[str, Printed] = {}
    for one in found:
        there = stats.get(one.id, one)
        stats[one.id] = Printed(
            one.id,
            tuple(sorted({*one.headlines, *there.headlines})),
            tuple(sorted({*one.stray, *there.stray})),
        )
    return stats


def merge(one: Stats, other: Stats) -> Stats:
    """Both together. In any order and grouping the same comes out."""
    return gather(chain(one.values(), other.values()))


def decide(stats: Stats, given: Iterable[Known] = ()) -> tuple[Known, ...]:
    """The headlines that explain a stray line of another article: all that cleaning has to know of them.

    Few are, so the value stays small, and changes only when some article is to be cleaned otherwise.
    """
    return tuple(sorted({title for titles in explain(stats, given).values() for title in titles}))


def explain(stats: Stats, given: Iterable[Known] = ()) -> dict[str, tuple[Known, ...]]:
    """The same by article: those with a stray line that is another's headline."""
    entries = [Known(title, one.id) for one in stats.values() for title in one.headlines]
    titles = Titles(dict.fromkeys([*own_titles(entries), *given]))
    explained: dict[str, tuple[Known, ...]] = {}
    for name, one in sorted(stats.items()):
        own = [wording for title in one.headlines for wording in wordings(title)]
        found = {match[1] for line in one.stray if (match := titles.find(line, own))}
        if found:
            explained[name] = tuple(sorted(found))
    return explained


def own_titles(entries: Iterable[Known]) -> list[Known]:
    """Of each headline one article, the first by its id; none of a headline that a series of them has."""
    owners: dict[str, list[Known]] = defaultdict(list)
    for entry in entries:
        owners[key(entry.headline)].append(entry)
    return sorted(min(those) for those in owners.values() if len({e.id for e in those}) <= SERIES)


# --- cleaning ---------------------------------------------------------------------------------


def strip_known(headlines: Iterable[Known]) -> Cleaner:
    """The cleaner that takes out lines which are headlines of other articles."""
    titles = Titles(headlines)
    return lambda doc: _known_lines(doc, titles)


_TITLE = re.compile(rf"{RULES[RULE]}: “(.{{1,{LONGEST}}})”")
"""The headline, as the reason of a removal names it."""


def _known_lines(doc: Document, titles: Titles) -> Iterator[Edit]:
    if not titles.exact:
        return
    headlines = [block.text for block in doc.blocks if block.role == "headline"]
    own = [wording for title in (*headlines, *known_titles(doc)) for wording in wordings(title)]
    first = doc.story[0] if doc.story else len(doc.blocks)
    found: list[tuple[int, float, Known]] = []
    for index, block in enumerate(doc.blocks):
        # Above the story of an article whose headline nobody knows, the line may be that.
        may_be_own = index < first and not own
        is_stray = block.is_open and not may_be_own and may_be_headline(block.text)
        if is_stray and (match := titles.find(block.text, own)):
            found.append((index, *match))
    heading = [index for index, _, _ in found if _is_above_paragraph(doc, index)]
    for index, sure, entry in found:
        article = f" ({entry.id})" if entry.id else ""
        why = f"{RULES[RULE]}: “{entry.headline}”{article}"
        confidence = 0.6 if len(heading) > ROUNDUP else sure
        yield Edit(index, RULE, why, "boilerplate", confidence=confidence)


def _is_above_paragraph(doc: Document, index: int) -> bool:
    return index + 1 < len(doc.blocks) and is_story_shaped(doc.blocks[index + 1].text)
