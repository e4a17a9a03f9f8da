"""Who speaks in a block: the site to its reader, or the story. It alone looks at words for what they mean.

A linear model of words and their neighbours. The weights are part of evidence.json, learned from invented
examples in 39 languages (benchmarks/voices) and from labelled lines.
"""

from __future__ import annotations

import base64
import itertools
import math
import re
import struct
from collections.abc import Callable, Mapping, Sequence, Set
from functools import cached_property, lru_cache
from zlib import crc32

import msgspec

from cleaners.model import STEM, is_unspaced

MOST_CHARS = 400
"""Code points of a block that are looked at: who speaks shows soon."""
FEW = 4
"""Added to the number of known pieces: the fewer there are, the less they say."""
START = "^"
LAST_BYTES = 0xFF_FF_FF
"""Of a piece's CRC-32: three unknown pieces of a thousand are taken for known ones."""
_WORD = re.compile(r"[^\W_]+(?:[’'][^\W_]+){0,3}|[@%$€£©®™?!]")
_SPEECH = re.compile(
    r"“[^“”]{1,600}(?:”|$)|„[^„“”]{1,600}(?:[“”]|$)|«[^«»]{1,600}(?:»|$)|»[^«»]{1,600}«"
    r'|"[^"]{1,600}(?:"|$)|「[^「」]{1,600}(?:」|$)|『[^『』]{1,600}(?:』|$)|‘[^‘’]{12,600}’'
)
"""What people say in a story stands in quotation marks; sites speak without."""


class Voice(msgspec.Struct, frozen=True, dict=True):
    """Weights of pieces of text."""

    bias: float
    scale: float
    """What a step of a weight is worth."""
    pieces: str
    """The checksums of the pieces that are known, three bytes each, little-endian, in base 85."""
    weights: str
    """A signed byte for each, in base 85."""
    stems: dict[str, int]
    """The weights of the strongest stems once more, so that a glance needs no checksums."""

    @cached_property
    def known(self) -> Mapping[int, int]:
        """The weight of each piece, by its checksum."""
        weights = base64.b85decode(self.weights)
        pieces = (low | high << 16 for low, high in struct.iter_unpack("<HB", base64.b85decode(self.pieces)))
        return dict(zip(pieces, memoryview(weights).cast("b"), strict=True))

    @cached_property
    def hear(self) -> Callable[[str], float]:
        """Gives the log odds that the site speaks in a text and not the story, as if both were as frequent.

        A memo of a pure function, bounded: furniture stands on every page.
        """
        return lru_cache(maxsize=2048)(self._hear)

    def _hear(self, text: str) -> float:
        checksums = map(LAST_BYTES.__and__, map(crc32, pieces_of(text)))
        found = [*filter(None, map(self.known.get, checksums))]
        return self.bias + self._sum(found)

    def glance(self, stems: Set[str]) -> float:
        """What the stems of a text (`signs.content_of`) say, for a tenth of the cost: below 0 the site hardly
        ever speaks."""
        return self._sum([*map(self.stems.__getitem__, self._known_stems & stems)])

    @cached_property
    def _known_stems(self) -> frozenset[str]:
        """What two sets share is found faster than what a set and a dictionary do."""
        return frozenset(self.stems)

    def _sum(self, weights: Sequence[int]) -> float:
        return self.scale * sum(weights) / math.sqrt(len(weights) + FEW)


def pieces_of(text: str) -> set[bytes]:
    """The words of a text outside of quotation marks, and pairs of them; two to four letters where words are
    not spaced. In UTF-8, what has none left out."""
    text = _SPEECH.sub(" ", text[:MOST_CHARS].lower())
    if is_unspaced(text):
        row = "".join(filter(str.isalnum, text))
        letters = {row[at : at + size] for size in (2, 3, 4) for at in range(len(row) - size + 1)}
        return {piece.encode("utf-8", "ignore") for piece in letters}
    stems = [word[:STEM] for word in _WORD.findall(text)]
    # Encoded at once, for one by one takes longer than all the rest.
    words = " ".join([START, *stems]).encode("utf-8", "ignore").split(b" ")
    return {*words[1:], *map(b" ".join, itertools.pairwise(words))}
