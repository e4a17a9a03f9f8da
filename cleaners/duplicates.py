"""Duplicates across articles: the same text, nearly the same, one within the other, or one headline only.

It alone knows how alike two texts are. An article is kept as a sketch of a few hundred bytes; sketches merge
in any order and grouping, and every decision follows from all of them, never from which came first. Many are
kept in columns and compared in slices: an object for each would cost more than what it says.
"""

from __future__ import annotations

import hashlib
import math
import struct
from array import array
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations, groupby, pairwise, repeat
from typing import Literal
from zlib import crc32

import msgspec

from cleaners.article import Article, Dedup
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
"""Documents with a shingle in common: up to so few each is paired with each, of more the neighbours in rank;
beyond so many it is a phrase of the language. A pair is compared when it meets a second time."""
SLICES = 32
"""Parts in which shingles and hashes are joined, so that few of them are in memory at once."""
SEEN = 128
"""Bits a document by which pairs that met are remembered; where two share one, a pair is compared in vain."""
HEADLINE_WORDS, HEADLINE_LETTERS = 4, 10
"""Words a headline has that two articles hardly share by chance; letters where words are not spaced."""


class Sketch(Value, frozen=True):
    """What is kept of an article."""

    key: str
    """What the article is called in the run: its place, or its id in the archive."""
    id: str
    text: bytes
    """Hash of the folded text."""
    words: int
    hashes: bytes
    """The smallest hashes of its shingles, ascending, four bytes each; none where only equal texts count."""
    headline: bytes
    """Hash of the folded headline; empty without one."""
    day: int
    """Day it appeared, counted from the year 1; 0 when unknown."""


# --- observing --------------------------------------------------------------------------------

# Letters and digits of ASCII, and all that is not ASCII but the marks below. Splitting bytes costs a third of
# a regular expression.
_TO_WORDS = bytes(b if b > 127 or chr(b).isalnum() else 32 for b in range(256))
_MARKS = ("“", "”", "‘", "’", "«", "»", "…", "—", "–", "\u00a0")


def sketch(article: Article, key: str | None = None, near: bool = True) -> Sketch:
    """What is kept of a cleaned article; without `near` what tells equal texts, and no more."""
    words = _words(article.text)
    hashes = _hashes(words) if near else []
    title = _words(article.headline or "")
    return Sketch(
        key=article.id if key is None else key,
        id=article.id,
        text=hashlib.sha256(b" ".join(words)).digest()[:12],
        words=len(words),
        hashes=array("I", hashes[:KEPT]).tobytes(),
        headline=hashlib.sha256(b" ".join(title)).digest()[:8] if _is_telling(title) else b"",
        day=_day(article.date_published),
    )


def _is_telling(title: Sequence[bytes]) -> bool:
    is_spaced = any(len(word.decode("utf-8", "replace")) > 1 for word in title)
    return len(title) >= (HEADLINE_WORDS if is_spaced else HEADLINE_LETTERS)


def _words(text: str) -> list[bytes]:
    """The folded words of a text; its letters where words are not spaced."""
    low = text.casefold()
    if not low.isascii():
        for mark in _MARKS:
            low = low.replace(mark, " ")
        if is_unspaced(low):
            low = " ".join(low.replace(" ", ""))
    return low.encode("utf-8", "replace").translate(_TO_WORDS).split()


BITS = 30
"""Bits of a shingle's hash, those of its words three less: the numbers that Python counts with fastest."""
_LANE = ((1 << BITS - 3) - 1).to_bytes(4, "little")


def _hashes(words: Sequence[bytes]) -> list[int]:
    """Hashes of the shingles that are looked at, ascending, each once.

    Those that begin with one word in `ANCHORS`: the same in every text, since the word says so. That of a
    shingle is `a ^ b << 1 ^ c << 2 ^ d << 3` of its words': worked out for all at once, in lanes of 32 bits
    of one number.
    """
    lanes = struct.Struct(f"<{len(words)}I")
    sums = int.from_bytes(lanes.pack(*map(crc32, words)), "little")
    single = sums >> 32 - BITS + 3 & int.from_bytes(_LANE * len(words), "little")
    joined = single ^ single >> 31 ^ single >> 62 ^ single >> 93
    first, whole = (lanes.unpack(number.to_bytes(lanes.size, "little")) for number in (single, joined))
    return sorted({hash for hash, word in zip(whole[:-3], first, strict=False) if word % ANCHORS == 0})


def _day(iso: str | None) -> int:
    try:
        return date.fromisoformat(iso[:10]).toordinal() if iso else 0
    except ValueError:
        return 0


# --- keeping ----------------------------------------------------------------------------------


class Sketches:
    """Sketches of many articles, in columns: each takes its hashes, its names and some fifty bytes."""

    def __init__(self) -> None:
        self.texts = bytearray()
        self.headlines = bytearray()
        self.words, self.days = array("I"), array("I")
        self.hashes, self.ends = array("I"), array("Q")
        self.names, self.name_ends = bytearray(), array("Q")

    def add(self, one: Sketch) -> None:
        self.texts += one.text
        self.headlines += one.headline or NO_HEADLINE
        self.words.append(one.words)
        self.days.append(one.day)
        if one.hashes:
            self._pad_ends(len(self.words) - 1)
            self.hashes.frombytes(one.hashes)
            self.ends.append(len(self.hashes))
        name = b"" if one.key == one.id else _packed(one.key)
        self.names += msgspec.msgpack.encode(len(name)) + name + _packed(one.id)
        self.name_ends.append(len(self.names))

    def _pad_ends(self, size: int) -> None:
        """Where none of several has hashes, their ends are not kept."""
        self.ends.extend(repeat(len(self.hashes), size - len(self.ends)))

    def extend(self, other: Sketches) -> None:
        """Those of another too."""
        hashes, names = len(self.hashes), len(self.names)
        if other.ends:
            self._pad_ends(len(self))
            self.ends.extend(end + hashes for end in other.ends)
        self.name_ends.extend(end + names for end in other.name_ends)
        self.texts += other.texts
        self.headlines += other.headlines
        self.words.extend(other.words)
        self.days.extend(other.days)
        self.hashes.extend(other.hashes)
        self.names += other.names

    def __len__(self) -> int:
        return len(self.words)

    def __iter__(self) -> Iterator[Sketch]:
        return (self[at] for at in range(len(self)))

    def __getitem__(self, at: int) -> Sketch:
        start, end = self.span(at)
        headline = bytes(self.headlines[8 * at : 8 * at + 8])
        return Sketch(
            key=self.key(at),
            id=self.id(at),
            text=self.text(at),
            words=self.words[at],
            hashes=self.hashes[start:end].tobytes(),
            headline=b"" if headline == NO_HEADLINE else headline,
            day=self.days[at],
        )

    def text(self, at: int) -> bytes:
        return bytes(self.texts[12 * at : 12 * at + 12])

    def id(self, at: int) -> str:
        return self._names(at)[1]

    def key(self, at: int) -> str:
        return self._names(at)[0]

    def _names(self, at: int) -> tuple[str, str]:
        """Its key and its id."""
        name = self.names[self.name_ends[at - 1] if at else 0 : self.name_ends[at]]
        size = name[0]
        start = 1
        if size > 0x7F:  # more than one byte says how long the key is
            start = 1 + (1 << (size & 3))
            size = int.from_bytes(name[1:start])
        id = _unpacked(name[start + size :])
        return _unpacked(name[start : start + size]) if size else id, id

    def span(self, at: int) -> tuple[int, int]:
        """Where its hashes begin and end."""
        if at >= len(self.ends):
            return 0, 0
        return self.ends[at - 1] if at else 0, self.ends[at]

    def rank(self, at: int) -> Rank:
        """Which of several stands for all: the longest, the earliest of these; then hash, id and key."""
        return -self.words[at], self.days[at] or NO_DAY, self.text(at), self.id(at), self.key(at)

    def to_bytes(self) -> bytes:
        """The sketches as a file may hold them."""
        return msgspec.msgpack.encode([bytes(getattr(self, name)) for name in _COLUMNS])

    @classmethod
    def from_bytes(cls, data: bytes) -> Sketches:
        """The sketches that were made into bytes. Raises ValueError for what is none."""
        found = cls()
        for name, column in zip(_COLUMNS, msgspec.msgpack.decode(data, type=list[bytes]), strict=True):
            there = getattr(found, name)
            there.extend(column) if isinstance(there, bytearray) else there.frombytes(column)
        return found


_COLUMNS = ("texts", "headlines", "words", "days", "hashes", "ends", "names", "name_ends")
Rank = tuple[int, int, bytes, str, str]
NO_HEADLINE, NO_DAY = bytes(8), 10**7
_HASHED = "sha256:"


def _packed(name: str) -> bytes:
    """A name in few bytes: most are hashes in hexadecimal."""
    if name.startswith(_HASHED) and len(name) == 71 and name[7:].isascii():
        digest = name[7:]
        if not digest.strip("0123456789abcdef"):
            return b"#" + bytes.fromhex(digest)
    return b"=" + name.encode("utf-8", "surrogatepass")


def _unpacked(name: bytes | bytearray) -> str:
    if name[:1] == b"#":
        return _HASHED + name[1:].hex()
    return name[1:].decode("utf-8", "surrogatepass")


def observe(articles: Iterable[Article]) -> Sketches:
    """What cleaned articles show, by their ids."""
    return gather(map(sketch, articles))


def gather(sketches: Iterable[Sketch]) -> Sketches:
    """Sketches, together. Of several with one key the same counts in any order."""
    stats = Sketches()
    for one in sketches:
        stats.add(one)
    return stats


def merge(one: Sketches, other: Sketches) -> Sketches:
    """Both together. In any order and grouping the same is decided."""
    both = Sketches()
    both.extend(one)
    both.extend(other)
    return both


# --- comparing --------------------------------------------------------------------------------


class Likeness(Value, frozen=True):
    relation: Relation
    similarity: float


ITSELF = Likeness("exact", 1.0)


def _compare(stats: Sketches, one: int, other: int, days: int | None) -> Likeness | None:
    """How alike two articles with different texts are; None where they are two stories.

    `days` is the most that may lie between them, where it is known when both appeared.
    """
    if not _is_within(stats, one, other, days):
        return None
    short, long = sorted((one, other), key=stats.words.__getitem__)
    in_short, in_both, in_either = _shared(stats, short, long)
    if in_both < FEWEST_SHARED:
        return None
    jaccard, containment = in_both / in_either, in_both / in_short
    if _at_least(containment, in_short) < SURELY:
        return None
    if containment >= WHOLLY and stats.words[short] <= SHORTER * stats.words[long]:
        return Likeness("contained", round(containment, 4))
    if jaccard >= NEAR:
        return Likeness("near", round(jaccard, 4))
    if containment >= CONTAINED:
        return Likeness("contained", round(containment, 4))
    return None


def _shared(stats: Sketches, one: int, other: int) -> tuple[int, int, int]:
    """Shingles of the first, of both, and of either: up to the hash to which both sketches are complete."""
    hashes = stats.hashes
    (start, end), (begin, last) = stats.span(one), stats.span(other)
    stop = last
    if end - start >= KEPT:
        stop = bisect_right(hashes, hashes[end - 1], begin, last)
    if last - begin >= KEPT:
        end = bisect_right(hashes, hashes[last - 1], start, end)
    both = len(set(hashes[start:end]).intersection(hashes[begin:stop]))
    return end - start, both, end - start + stop - begin - both


def _at_least(share: float, sample: int) -> float:
    """What a share that was found in a sample is in the whole, nine times out of ten."""
    return share - 1.3 * math.sqrt(share * (1 - share) / sample) - 0.5 / sample


def _is_within(stats: Sketches, one: int, other: int, days: int | None) -> bool:
    first, second = stats.days[one], stats.days[other]
    return days is None or not (first and second) or abs(first - second) <= days


# --- deciding ---------------------------------------------------------------------------------


def decide(stats: Sketches, days: int | None = None) -> dict[str, Dedup]:
    """What each article duplicates, by key. An article that is like no other is not there.

    The longest of several stands for them, of these the earliest: each member is like it, not only like
    another member. It is listed itself, as what stands for itself.
    """
    is_passed = _seen_again(stats)
    copies: dict[int, list[int]] = {}
    for group in _equal(memoryview(_first_eight(stats.texts)).cast("Q"), is_passed):
        for same in _split(group, stats.text):
            if stats.words[same[0]] and len(same) > 1:
                first, *rest = sorted(same, key=stats.rank)
                copies[first] = rest
                for at in rest:
                    is_passed[at] = COPY
    leaders = _leaders(stats, is_passed, days)
    decided: dict[str, Dedup] = {}
    for at, (leader, likeness) in leaders.items():
        _tell(decided, stats, leader, (at, *copies.get(at, ())), likeness)
    for at, rest in copies.items():
        if at not in leaders:
            _tell(decided, stats, at, rest, ITSELF)
    decided |= _same_headlines(stats, is_passed, decided, days)
    return decided


def _tell(
    decided: dict[str, Dedup], stats: Sketches, leader: int, members: Iterable[int], likeness: Likeness
) -> None:
    """Enter members of a cluster, and what stands for it."""
    key = stats.key(leader)
    if key not in decided:
        decided[key] = _dedup(_cluster(stats, leader, "text"), ITSELF, stats.id(leader))
    first = decided[key]
    for at in members:
        decided[stats.key(at)] = _dedup(first.cluster_id, likeness, first.canonical_id)


def standing(stats: Sketches, decided: Mapping[str, Dedup]) -> frozenset[str]:
    """The keys of those that stand for their cluster: of its members the first in rank."""
    best: dict[str, tuple[Rank, str]] = {}
    for at in range(len(stats)) if decided else ():
        key = stats.key(at)
        if (dedup := decided.get(key)) and dedup.relation != "sameHeadline":
            mine = stats.rank(at), key
            best[dedup.cluster_id] = min(best.get(dedup.cluster_id, mine), mine)
    return frozenset(key for _, key in best.values())


REPEATED, COPY = 1, 2
"""Why a sketch is passed over: another with its key counts; another has the same text."""


def _seen_again(stats: Sketches) -> bytearray:
    """Marks what is passed over because another sketch has its key."""
    is_passed = bytearray(len(stats))
    keys = array("I", (crc32(stats.key(at).encode("utf-8", "surrogatepass")) for at in range(len(stats))))
    for group in _equal(keys, is_passed):
        for same in _split(group, stats.key):
            best = min(same, key=lambda at: (stats.rank(at), stats[at].hashes, stats[at].headline))
            for at in same:
                is_passed[at] = REPEATED if at != best else 0
    return is_passed


def _first_eight(texts: bytearray) -> bytearray:
    """The first eight bytes of every twelve."""
    eight = bytearray(len(texts) // 12 * 8)
    for byte in range(8):
        eight[byte::8] = texts[byte::12]
    return eight


def _equal(values: Sequence[int], is_passed: bytearray) -> Iterator[list[int]]:
    """The places of each value that more than one place has, those passed over aside."""
    for part in range(SLICES):
        places = [at for at, value in enumerate(values) if value % SLICES == part and not is_passed[at]]
        places.sort(key=values.__getitem__)
        group: list[int] = []
        for one, other in pairwise([*places, -1]):
            group.append(one)
            if other < 0 or values[other] != values[one]:
                if len(group) > 1:
                    yield group
                group = []


def _split(group: list[int], by: Callable[[int], str | bytes]) -> list[list[int]]:
    """A group whose hashes are equal, by what was hashed."""
    return [list(same) for _, same in groupby(sorted(group, key=by), key=by)]


def _leaders(stats: Sketches, is_passed: bytearray, days: int | None) -> dict[int, tuple[int, Likeness]]:
    """What stands for those for which another stands."""
    ranked = _ranked(stats, is_passed)
    alike: dict[int, list[int]] = defaultdict(list)
    for better, worse in _pairs(stats, ranked, days):
        alike[worse].append(better)
    leaders: dict[int, tuple[int, Likeness]] = {}
    for place in sorted(alike):
        # Those it is like, or who stands for them: a text may be like a member it was not paired with.
        for other in sorted({leaders[one][0] if one in leaders else one for one in alike[place]}):
            if likeness := _compare(stats, ranked[place], ranked[other], days):
                leaders[place] = (other, likeness)
                break
    return {ranked[at]: (ranked[leader], likeness) for at, (leader, likeness) in leaders.items()}


def _ranked(stats: Sketches, is_passed: bytearray) -> array[int]:
    """Those that may be nearly the same as another, the first in rank first."""
    # Those without hashes are behind the last end.
    compared = zip(stats.words, stats.ends, is_passed, strict=False)
    places = [at for at, (words, _, passed) in enumerate(compared) if words >= FEWEST_WORDS and not passed]

    def rank(at: int) -> int:
        """Texts differ here: their hashes tell."""
        text = int.from_bytes(stats.texts[12 * at : 12 * at + 12])
        return -stats.words[at] << 128 | (stats.days[at] or NO_DAY) << 96 | text

    places.sort(key=rank)
    return array("I", places)


def _pairs(stats: Sketches, ranked: array[int], days: int | None) -> set[tuple[int, int]]:
    """Pairs that are alike, by their places in rank, the better first."""
    found: set[tuple[int, int]] = set()
    met = _Met(stats, ranked)
    for postings in _postings(stats, ranked):
        failed: set[int] = set()
        for group in _groups(postings):
            for better, worse in _neighbours(group):
                pair = worse << 32 | better
                if pair not in failed and met.before(better, worse) and (better, worse) not in found:
                    if _compare(stats, ranked[better], ranked[worse], days):
                        found.add((better, worse))
                    else:
                        failed.add(pair)
    return found


class _Met:
    """Which pairs met, in few bits. What a pair is called follows from its texts, never from its places."""

    def __init__(self, stats: Sketches, ranked: Sequence[int]) -> None:
        self.bits = bytearray(max(1, len(ranked) * SEEN // 8))
        self.names = array("I", (int.from_bytes(stats.texts[12 * at : 12 * at + 4]) for at in ranked))

    def before(self, one: int, other: int) -> bool:
        """Whether the pair met before, or it seems so; now it did."""
        name = (self.names[one] * 0x9E3779B1 ^ self.names[other]) % (len(self.bits) << 3)
        bit = 1 << (name & 7)
        there = self.bits[name >> 3]
        self.bits[name >> 3] = there | bit
        return bool(there & bit)


def _postings(stats: Sketches, ranked: array[int]) -> Iterator[list[int]]:
    """Shingles that several documents have, each with one of these, sorted; a slice of hashes at a time."""
    hashes = stats.hashes
    starts = array("Q", (stats.span(at)[0] for at in ranked))
    for part in range(SLICES):
        below = (part + 1 << BITS) // SLICES
        ends = array("Q", starts)
        values: list[int] = []
        for place, at in enumerate(ranked):
            ends[place] = end = bisect_left(hashes, below, starts[place], stats.ends[at])
            values += hashes[starts[place] : end]
        values.sort()
        several = {one for one, other in pairwise(values) if one == other}
        del values
        postings: list[int] = []
        for place in range(len(ranked)):
            for value in several.intersection(hashes[starts[place] : ends[place]]):
                postings.append(value << 32 | place)
        del several
        postings.sort()
        yield postings
        starts = ends


def _groups(postings: Sequence[int]) -> Iterator[list[int]]:
    """The documents of each shingle."""
    group: list[int] = []
    for one, other in pairwise([*postings, -1]):
        group.append(one & 0xFFFFFFFF)
        if other >> 32 != one >> 32:
            if 1 < len(group) <= COMMON:
                yield group
            group = []


def _neighbours(group: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The pairs of a group that are worth a look, the better first."""
    if len(group) <= RARE:
        yield from combinations(group, 2)
        return
    for place, at in enumerate(group):
        for other in {group[0], *group[max(0, place - 2) : place]} - {at}:
            yield other, at


def _same_headlines(
    stats: Sketches, is_passed: bytearray, decided: Mapping[str, Dedup], days: int | None
) -> dict[str, Dedup]:
    """Articles that are like no other in their text, and have another's headline."""
    same: dict[str, Dedup] = {}
    titles = memoryview(bytes(stats.headlines)).cast("Q")
    without = bytearray(not title or flag == REPEATED for title, flag in zip(titles, is_passed, strict=True))
    for group in _equal(titles, without):
        best, *rest = sorted(group, key=stats.rank)
        name, canonical = _cluster(stats, best, "headline"), stats.id(best)
        for at in rest:
            if stats.key(at) not in decided and _is_within(stats, at, best, days):
                _, both, either = _shared(stats, at, best)
                share = round(both / either, 4) if either else 0.0
                same[stats.key(at)] = _dedup(name, Likeness("sameHeadline", share), canonical)
    return same


def _cluster(stats: Sketches, leader: int, kind: str) -> str:
    named = f"{kind}\n{stats.id(leader)}\n{stats.text(leader).hex()}"
    return hashlib.sha256(named.encode("utf-8", "replace")).hexdigest()[:16]


def _dedup(cluster: str, likeness: Likeness, canonical: str) -> Dedup:
    return Dedup(
        cluster_id=cluster,
        relation=likeness.relation,
        similarity=likeness.similarity,
        canonical_id=canonical,
    )
