"""Learn who speaks in a block, the site or the story, from invented examples and labelled lines."""

from __future__ import annotations

import base64
import struct
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np
from scipy import optimize, sparse
from spoken import READER, STORY, spoken

from cleaners.model import STEM
from cleaners.voice import FEW, LAST_BYTES, Voice, pieces_of

MOST_PIECES, MOST_STEMS = 60_000, 5_000
WEIGHT_OF_LINE = 0.15
"""Labels of lines are noisy, and there are many of them."""
WEIGHT_OF_READER = 0.4
"""Readers write as columnists do."""
PENALTY = 0.1
ITERATIONS = 80


class Example(NamedTuple):
    """A block, and who speaks in it."""

    text: str
    is_site: bool
    source: str
    """The site it is of; empty of an invented one."""
    weight: float


def invented() -> Iterator[Example]:
    for line in spoken():
        weight = WEIGHT_OF_READER if line.kind == READER else 1.0
        yield Example(line.text, line.kind not in STORY, "", weight)


def learn(examples: Sequence[Example]) -> Voice:
    """Logistic regression (L2) on pieces that are seen often enough; the strongest, learned once more."""
    pieces = [sorted(piece.decode() for piece in pieces_of(example.text)) for example in examples]
    names = _seen_often(examples, pieces)
    weights, _ = _fit(examples, pieces, names)
    strongest = np.argsort(-np.abs(weights), kind="stable")[:MOST_PIECES]
    names = sorted(names[at] for at in strongest)
    weights, bias = _fit(examples, pieces, names)
    return _packed(names, weights, bias)


def _seen_often(examples: Sequence[Example], pieces: Sequence[Sequence[str]]) -> list[str]:
    """Pieces of two examples; two sites count as one, for they have many lines."""
    counts: Counter[str] = Counter()
    of_sites: dict[str, set[str]] = {}
    for example, found in zip(examples, pieces, strict=True):
        if example.source:
            of_sites.setdefault(example.source, set()).update(found)
        else:
            counts.update(dict.fromkeys(found, 2))
    for found_there in of_sites.values():
        counts.update(found_there)
    return sorted(piece for piece, count in counts.items() if count >= 4)


def _fit(
    examples: Sequence[Example], pieces: Sequence[Sequence[str]], names: Sequence[str]
) -> tuple[Any, float]:
    place = {name: at for at, name in enumerate(names)}
    found = [[place[piece] for piece in of_one if piece in place] for of_one in pieces]
    sizes = np.array([len(of_one) for of_one in found])
    values = np.repeat(1 / np.sqrt(sizes + FEW), sizes)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    columns = np.fromiter((at for of_one in found for at in of_one), dtype=np.int32, count=starts[-1])
    matrix = sparse.csr_matrix((values, columns, starts), shape=(len(found), len(names)))
    transposed = matrix.T.tocsr()
    side = np.array([1.0 if example.is_site else -1.0 for example in examples])
    weight = np.array([example.weight for example in examples])

    def loss(point: Any) -> tuple[float, Any]:
        margin = side * (matrix @ point[:-1] + point[-1])
        slope = -side * weight / (1 + np.exp(np.clip(margin, -500, 500)))
        total = (np.logaddexp(0, -margin) * weight).sum() + 0.5 * PENALTY * (point[:-1] @ point[:-1])
        return total, np.append(transposed @ slope + PENALTY * point[:-1], slope.sum())

    start, options = np.zeros(len(names) + 1), {"maxiter": ITERATIONS}
    point = optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options=options).x
    return point[:-1], float(point[-1])


def _packed(names: Sequence[str], weights: Any, bias: float) -> Voice:
    scale = float(np.abs(weights).max()) / 127
    steps = {name: round(weight / scale) for name, weight in zip(names, weights, strict=True)}
    kept = sorted({crc32(name.encode()) & LAST_BYTES: step for name, step in steps.items() if step}.items())
    pieces = b"".join(piece.to_bytes(3, "little") for piece, _ in kept)
    packed = struct.pack(f"{len(kept)}b", *(step for _, step in kept))
    stems = {name: step for name, step in steps.items() if " " not in name and len(name) <= STEM}
    strongest = sorted(stems, key=lambda stem: (-abs(stems[stem]), stem))[:MOST_STEMS]
    return Voice(
        bias=round(bias, 4),
        scale=float(f"{scale:.5g}"),
        pieces=base64.b85encode(pieces).decode(),
        weights=base64.b85encode(packed).decode(),
        stems={stem: stems[stem] for stem in sorted(strongest)},
    )
