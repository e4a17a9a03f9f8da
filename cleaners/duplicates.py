"""Duplicates across articles: the same text, nearly the same, one within the other, or one headline only.

It alone knows how alike two texts are. An article is kept as a sketch of a few hundred bytes; sketches merge
in any order and grouping, and every decision follows from all of them, never from which came first.
"""

from __future__ import annotations

import hashlib
import math
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import combinations, pairwise
from typing import Literal
from zlib import crc32

from cleaners.article import Article, Dedup
from cleaners.folding import fold
from cleaners.model import Value, is_unspaced

Relation = Literal["exact", "near", "contained", "sameHeadline"]

KEPT = 160
"""Shingles a sketch keeps, four words in a row each (letters where words are not spaced): those with the
smallest hashes."""
ANCHORS = 3
"""One word in so many begins a shingle that is looked at: which, the word itself says."""
NEAR = 0.5
"""Share of the shingles of both that two texts have in common, to be nearly the same."""
CONTAINED = 0.72
"""Share of the shorter text's shingles that the longer has, to contain it."""
SHORTER, WHOLLY = 0.8, 0.85
"""A text so much shorter, and so wholly in the longer, is called contained rather than near."""
SURELY = 0.68
"""What that share is at least, considering how few shingles were looked at."""
FEWEST_SHARED, FEWEST_WORDS = 4, 30
"""Below these nothing but equality tells two texts to be the same."""
RARE, COMMON = 4, 1_000
"""Documents with a shingle in common: up to so few each is compared with each, of more neighbours that have
another in common; beyond so many it is a phrase of the language."""
SLICES = 16
"""Parts in which shingles are joined, so that few of them are in memory at once."""
HEADLINE_WORDS = 4
"""Words a headline has that two articles hardly share by chance."""


class Sketch(Value, frozen=True):
    """What is kept of an article."""

    key: str
    """What the article is called in the run: its place, or its id in the archive."""
    id: str
    text: bytes
    """Hash of the folded text."""
    words: int
    hashes: bytes
    """The smallest hashes of its shingles, ascending, four bytes each."""
    limit: int
    """Up to this hash every shingle that is looked at is kept."""
    headline: bytes
    """Hash of the folded headline; empty without one."""
    day: int
    """Day it appeared, counted from the year 1; 0 when unknown."""

    @property
    def rank(self) -> tuple[int, int, bytes, str, str]:
        """Which of several stands for all: the longest, the earliest of these; then hash, id and key."""
        return (-self.words, self.day or 10**9, self.text, self.id, self.key)


# --- observing --------------------------------------------------------------------------------

# Letters and digits of ASCII, and all that is not ASCII but the marks below. Splitting bytes costs a third of
# a regular expression.
_TO_WORDS = bytes(b if b > 127 or chr(b).isalnum() else 32 for b in range(256))
_MARKS = ("“", "”", "‘", "’", "«", "»", "…", "—", "–", "\u00a0")


def sketch(article: Article, key: str | None = None) -> Sketch:
    """What is kept of a cleaned article."""
    words = _words(article.text)
    hashes = _hashes(words)
    title = fold(article.headline).whole if article.headline else ""
    return Sketch(
        key=article.id if key is None else key,
        id=article.id,
        text=hashlib.sha256(b" ".join(words)).digest()[:12],
        words=len(words),
        hashes=array("I", hashes[:KEPT]).tobytes(),
        limit=hashes[KEPT - 1] if len(hashes) >= KEPT else MASK,
        headline=hashlib.sha256(title.encode()).digest()[:8]
        if title.count(" ") + 1 >= HEADLINE_WORDS
        else b"",
        day=_day(article.date_published),
    )


def _words(text: str) -> list[bytes]:
    """The folded words of a text; its letters where words are not spaced."""
    low = text.casefold()
    if not low.isascii():
        for mark in _MARKS:
            low = low.replace(mark, " ")
        if is_unspaced(low):
            low = " ".join(low.replace(" ", ""))
    return low.encode("utf-8", "replace").translate(_TO_WORDS).split()


MASK = 0xFFFFFFFF


class _Memo(dict[bytes, int]):
    """Hashes of words: a bounded memo of a pure function, at a third of what `lru_cache` costs."""

    def __missing__(self, word: bytes) -> int:
        if len(self) >= 1 << 16:
            self.clear()
        self[word] = value = crc32(word)
        return value


_hash = _Memo()


def _hashes(words: Sequence[bytes]) -> list[int]:
    """Hashes of the shingles that are looked at, ascending, each once.

    Those that begin with one word in `ANCHORS`: the same in every text, since the word says so.
    """
    of = list(map(_hash.__getitem__, words))
    return sorted(
        {
            (a ^ b << 1 ^ c << 2 ^ d << 3) & MASK
            for a, b, c, d in zip(of, of[1:], of[2:], of[3:], strict=False)
            if a % ANCHORS == 0
        }
    )


def _day(iso: str | None) -> int:
    try:
        return date.fromisoformat(iso[:10]).toordinal() if iso else 0
    except ValueError:
        return 0


# --- comparing --------------------------------------------------------------------------------


class Likeness(Value, frozen=True):
    relation: Relation
    similarity: float


def compare(one: Sketch, other: Sketch, days: int | None = None) -> Likeness | None:
    """How alike two articles are in their text; None where they are two stories.

    `days` is the most that may lie between them, where it is known when both appeared.
    """
    if one.text == other.text:
        return Likeness("exact", 1.0) if one.words else None
    short, long = sorted((one, other), key=lambda sketch: sketch.words)
    if short.words < FEWEST_WORDS or not _is_within(one, other, days):
        return None
    limit = min(one.limit, other.limit)
    a, b = _below(short, limit), _below(long, limit)
    shared = len(a & b)
    if shared < FEWEST_SHARED:
        return None
    jaccard, containment = shared / len(a | b), shared / len(a)
    if _at_least(containment, len(a)) < SURELY:
        return None
    if containment >= WHOLLY and short.words <= SHORTER * long.words:
        return Likeness("contained", round(containment, 4))
    if jaccard >= NEAR:
        return Likeness("near", round(jaccard, 4))
    if containment >= CONTAINED:
        return Likeness("contained", round(containment, 4))
    return None


def _at_least(share: float, sample: int) -> float:
    """What a share that was found in a sample is in the whole, nine times out of ten."""
    return share - 1.3 * math.sqrt(share * (1 - share) / sample) - 0.5 / sample


def _is_within(one: Sketch, other: Sketch, days: int | None) -> bool:
    return days is None or not (one.day and other.day) or abs(one.day - other.day) <= days


def _below(sketch: Sketch, limit: int) -> frozenset[int]:
    hashes = _set(sketch.hashes)
    return hashes if sketch.limit <= limit else frozenset(h for h in hashes if h <= limit)


@lru_cache(maxsize=1 << 11)
def _set(hashes: bytes) -> frozenset[int]:
    return frozenset(array("I", hashes))


# --- deciding ---------------------------------------------------------------------------------

Stats = Mapping[str, Sketch]
"""Sketches by key."""


def observe(articles: Iterable[Article]) -> Stats:
    """What cleaned articles show, by their ids."""
    return gather(map(sketch, articles))


def gather(sketches: Iterable[Sketch]) -> Stats:
    """Sketches by key; of two with one key the same wins in any order."""
    stats: dict[str, Sketch] = {}
    for found in sketches:
        there = stats.setdefault(found.key, found)
        if found is not there:
            stats[found.key] = min(found, there, key=_order)
    return stats


def _order(sketch: Sketch) -> tuple[object, ...]:
    return (sketch.rank, sketch.hashes, sketch.headline)


def merge(one: Stats, other: Stats) -> Stats:
    """Both together. In any order and grouping the same comes out."""
    return gather([*one.values(), *other.values()])


def decide(stats: Stats, days: int | None = None) -> dict[str, Dedup]:
    """What each article duplicates, by key. An article that is like no other is not there.

    The longest of several stands for them, of these the earliest: each member is like it, not only like
    another member. It is listed itself, as what stands for itself.
    """
    ranked = sorted(stats.values(), key=lambda sketch: sketch.rank)
    firsts: dict[bytes, int] = {}
    for at, one in enumerate(ranked):
        firsts.setdefault(one.text if one.words else b"key:" + one.key.encode("utf-8", "replace"), at)
    leaders = _leaders(ranked, sorted(firsts.values()), days)
    members: dict[int, list[tuple[int, Likeness]]] = defaultdict(list)
    for at, one in enumerate(ranked):
        first = firsts[one.text if one.words else b"key:" + one.key.encode("utf-8", "replace")]
        leader, likeness = leaders[first]
        if at != first and leader == first:
            likeness = Likeness("exact", 1.0)
        if at != leader:
            members[leader].append((at, likeness))
    decided: dict[str, Dedup] = {}
    for leader, those in members.items():
        for at, likeness in [(leader, Likeness("exact", 1.0)), *those]:
            decided[ranked[at].key] = _dedup(ranked[leader], likeness, "text")
    return decided | _same_headlines(ranked, decided, days)


def standing(stats: Stats, decided: Mapping[str, Dedup]) -> frozenset[str]:
    """The keys of those that stand for their cluster: of its members the first in rank."""
    best: dict[str, Sketch] = {}
    for key, dedup in decided.items():
        if dedup.relation != "sameHeadline":
            one = best.setdefault(dedup.cluster_id, stats[key])
            best[dedup.cluster_id] = min(one, stats[key], key=lambda sketch: sketch.rank)
    return frozenset(sketch.key for sketch in best.values())


def _leaders(
    ranked: Sequence[Sketch], chosen: Sequence[int], days: int | None
) -> dict[int, tuple[int, Likeness]]:
    """Of each of the chosen the one that stands for it, perhaps itself."""
    alike: dict[int, list[int]] = defaultdict(list)
    for better, worse in _pairs(ranked, chosen, days):
        alike[worse].append(better)
    leaders: dict[int, tuple[int, Likeness]] = {}
    for at in chosen:
        leaders[at] = (at, Likeness("exact", 1.0))
        # Those it is like, or who stands for them: a text may be like a member it was not paired with.
        for other in sorted({leaders[other][0] for other in alike[at]}):
            if likeness := compare(ranked[at], ranked[other], days):
                leaders[at] = (other, likeness)
                break
    return leaders


def _pairs(ranked: Sequence[Sketch], chosen: Sequence[int], days: int | None) -> set[tuple[int, int]]:
    """Pairs that are alike, the better first: found by the shingles they share, a slice of them at a time."""
    found: set[tuple[int, int]] = set()
    for part in range(SLICES):
        low, high = (part << 32) // SLICES, ((part + 1) << 32) // SLICES
        postings = []
        for at in chosen:
            hashes = array("I", ranked[at].hashes)
            start, end = bisect_left(hashes, low), bisect_left(hashes, high)
            postings += [value << 32 | at for value in hashes[start:end]]
        postings.sort()
        once: set[tuple[int, int]] = set()
        failed: set[tuple[int, int]] = set()
        for group in _groups(postings):
            for pair, is_rare in _neighbours(group):
                if pair in found or pair in failed:
                    continue
                if not is_rare and pair not in once:
                    once.add(pair)
                elif compare(ranked[pair[0]], ranked[pair[1]], days):
                    found.add(pair)
                else:
                    failed.add(pair)
    return found


def _groups(postings: Sequence[int]) -> Iterator[list[int]]:
    """The documents of each shingle that more than one has."""
    group: list[int] = []
    for one, other in pairwise([*postings, -1]):
        group.append(one & 0xFFFFFFFF)
        if other >> 32 != one >> 32:
            if 1 < len(group) <= COMMON:
                yield group
            group = []


def _neighbours(group: Sequence[int]) -> Iterator[tuple[tuple[int, int], bool]]:
    """The pairs of a group that are worth a look, and whether that is for few."""
    if len(group) <= RARE:
        yield from ((pair, True) for pair in combinations(group, 2))
        return
    for place, at in enumerate(group):
        for other in {group[0], *group[max(0, place - 2) : place]} - {at}:
            yield (other, at), False


def _same_headlines(
    ranked: Sequence[Sketch], decided: Mapping[str, Dedup], days: int | None
) -> dict[str, Dedup]:
    """Articles that are like no other in their text, and have another's headline."""
    first: dict[bytes, Sketch] = {}
    same: dict[str, Dedup] = {}
    for one in ranked:
        if not one.headline:
            continue
        best = first.setdefault(one.headline, one)
        if one is not best and one.key not in decided and _is_within(one, best, days):
            a, b = _set(one.hashes), _set(best.hashes)
            share = len(a & b) / len(a | b) if a or b else 0.0
            same[one.key] = _dedup(best, Likeness("sameHeadline", round(share, 4)), "headline")
    return same


def _dedup(leader: Sketch, likeness: Likeness, kind: str) -> Dedup:
    name = hashlib.sha256(f"{kind}\n{leader.id}\n{leader.text.hex()}".encode("utf-8", "replace")).hexdigest()[
        :16
    ]
    return Dedup(
        cluster_id=name, relation=likeness.relation, similarity=likeness.similarity, canonical_id=leader.id
    )
