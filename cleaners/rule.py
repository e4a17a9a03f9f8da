"""What a rule is: one kind of line, how it is recognized, where it fires, and what becomes of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec

from cleaners.model import Role

LONGEST = 200
"""Code points: longer blocks are paragraphs, and no candidates for a phrase or a pattern."""
LONGEST_NOTE = 600
"""Code points: above or at the end of the story patterns look at blocks so long, as notices are."""


class Rule(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One kind of line, how to recognize it, and what becomes of it."""

    why: str
    example: str
    block: dict[str, list[str]] = {}
    starts: dict[str, list[str]] = {}
    pattern: list[str] = []
    word: list[str] = []
    """Any of which must stand on the line for `pattern` to be tried: words, or marks such as "©"."""
    at: Literal["any", "head", "tail", "edge", "end"] = "any"
    """Where it fires: above the story, below two paragraphs, either, or with two below at most."""
    takes: Literal["block", "rest"] = "block"
    alone: bool = False
    """Does not fire where a neighbour matches too: a list of such lines is the story."""
    company: bool = False
    """Fires only beside boilerplate, or in a row of lines of which each needs company."""
    trim: Literal["start", "end"] | None = None
    role: Role = "boilerplate"
    weight: float | None = None
    id: str = ""
    site: str = ""
    """Host name whose pages alone the rule is for; empty for all."""
    file: str = ""

    @property
    def languages(self) -> list[str]:
        return sorted({*self.block, *self.starts} - {"any"})

    @property
    def is_sure(self) -> bool:
        """What it matches is decided, whatever stands beside it."""
        return self.weight is None and not self.company


def phrases_of(by_language: Mapping[str, Sequence[str]]) -> Iterator[str]:
    for phrases in by_language.values():
        yield from phrases


Zone = Literal["head", "middle", "tail", "end"]
ADMITS: Mapping[Zone, tuple[str, ...]] = {
    "head": ("any", "head", "edge"),
    "middle": ("any",),
    "tail": ("any", "tail", "edge"),
    "end": ("any", "tail", "edge", "end"),
}
"""The values of a rule's `at` that a block in each zone of a document satisfies."""
NOTES_AT = ("head", "end")
"""Values of `at` with which a rule's patterns look at blocks longer than LONGEST."""


class Place(NamedTuple):
    """Where a block stands."""

    zone: Zone
    site: str

    def allows(self, rule: Rule) -> bool:
        return (not rule.site or rule.site == self.site) and rule.at in ADMITS[self.zone]

    @property
    def is_behind(self) -> bool:
        """Two paragraphs of the story stand above."""
        return self.zone in ("tail", "end")
