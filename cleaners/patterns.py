"""Regular expressions of rules: whether they stay linear on hostile lines, told from how `re` parses them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from re import _compiler, _parser  # type: ignore[attr-defined]  # the only way to see a pattern's shape
from typing import Any

from cleaners.rule import LONGEST_NOTE, Rule

MANY = 4
"""Most long repeats that one way through a pattern may have; each multiplies the steps on hostile
input by the block's length, which `LONGEST` bounds."""
LONG_REPEAT = 10
REPEATS = ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT")


def regex_fault(pattern: str) -> str | None:
    """What makes a regular expression unsafe on hostile input, or None.

    Two ways to read one piece that is repeated double the steps with every piece.
    """
    try:
        re.compile(pattern)
        parsed = _parser.parse(pattern)
        nested, long = _repeats(parsed)
    except (re.error, OverflowError, RecursionError) as error:
        return f"not a regular expression: {error}"
    if nested > 1:
        return "a repeat inside a repeat; hint: use one character class instead"
    if long > MANY:
        return f"more than {MANY} long repeats; hint: bound them, or split the rule"
    for body in _repeated(parsed):
        if (piece := _read_twice(body)) is not None:
            return f"what is repeated can read {piece!r} in two ways; hint: leave one of its alternatives out"
    return None


def _repeats(node: Any) -> tuple[int, int]:
    """How deep the repeats of a parsed pattern are nested, and how many long ones follow each other.

    Optional parts are no repeats; of alternatives the worst counts.
    """
    deepest = total = 0
    for op, argument in node:
        nested, long = 0, 0
        if str(op) in REPEATS:
            low, high, inner = argument
            nested, long = _repeats(inner)
            if high != low and high > 1:
                nested, long = nested + 1, long + (high - low > LONG_REPEAT)
        elif str(op) == "BRANCH":
            branches = [_repeats(branch) for branch in argument[1]]
            nested, long = max(n for n, _ in branches), max(k for _, k in branches)
        elif isinstance(argument, tuple):
            parts = [_repeats(part) for part in argument if type(part).__name__ == "SubPattern"]
            nested, long = max((n for n, _ in parts), default=0), sum(k for _, k in parts)
        deepest, total = max(deepest, nested), total + long
    return deepest, total


# --- two ways to read one piece ---------------------------------------------------------------


def _inner(argument: Any) -> Iterator[Any]:
    """The parsed patterns that a node holds."""
    if type(argument).__name__ == "SubPattern":
        yield argument
    elif isinstance(argument, tuple | list):
        for part in argument:
            yield from _inner(part)


def _repeated(node: Any) -> Iterator[Any]:
    """What a parsed pattern may read again and again, where it has more than one way to read it."""
    for op, argument in node:
        if (
            str(op) in REPEATS
            and argument[1] > FEW
            and _has(argument[2], WAYS)
            and not _has(argument[2], PLACES)
        ):
            yield argument[2]
        for inner in _inner(argument):
            yield from _repeated(inner)


FEW = 12
"""Repeats that cost little whatever is repeated."""
WAYS = ("BRANCH", *REPEATS)
PLACES = ("AT", "ASSERT", "ASSERT_NOT", "GROUPREF", "GROUPREF_EXISTS")
"""What a piece by itself does not tell about: such parts are left to the clock of `slow_pattern`."""


def _has(node: Any, names: Sequence[str]) -> bool:
    """Whether a parsed pattern holds a node of these kinds, at any depth."""
    return any(
        str(op) in names or any(_has(inner, names) for inner in _inner(argument)) for op, argument in node
    )


MOST_SAMPLES = 200


def _read_twice(body: Any) -> str | None:
    """A piece that a repeated part can read in two ways: by two alternatives, or whole and in parts."""
    whole = _compiled(body)
    if whole.fullmatch(""):
        return ""
    samples = list(dict.fromkeys(itertools.islice(_samples(body), MOST_SAMPLES)))
    for sample in samples:
        if any(whole.fullmatch(sample, 0, at) and _splits(whole, sample, at) for at in range(1, len(sample))):
            return sample
    return next(_alike(body), None)


def _alike(node: Any) -> Iterator[str]:
    """What two alternatives of one choice can both read."""
    for op, argument in node:
        if str(op) == "BRANCH":
            choices = [(_compiled(branch), _samples(branch)) for branch in argument[1]]
            for index, (_, samples) in enumerate(choices):
                others = [pattern for at, (pattern, _) in enumerate(choices) if at != index]
                for sample in itertools.islice(samples, MOST_SAMPLES):
                    if any(other.fullmatch(sample) for other in others):
                        yield sample
        for inner in _inner(argument):
            yield from _alike(inner)


def _compiled(node: Any) -> re.Pattern[str]:
    pattern: re.Pattern[str] = _compiler.compile(node, node.state.flags)
    return pattern


def _splits(whole: re.Pattern[str], text: str, start: int) -> bool:
    """Whether the rest of a text is one or more whole pieces."""
    reached = {start}
    for at in range(start, len(text)):
        if at in reached:
            reached |= {end for end in range(at + 1, len(text) + 1) if whole.fullmatch(text, at, end)}
    return len(text) in reached


def _samples(node: Any) -> Iterator[str]:
    """Some of what a parsed pattern matches: the plainest, then with each part in each of its other ways."""
    parts = [list(itertools.islice(_part(op, argument), MOST_SAMPLES)) for op, argument in node]
    if not all(parts):
        return
    plainest = [part[0] for part in parts]
    yield "".join(plainest)
    for index, part in enumerate(parts):
        for other in part[1:]:
            yield "".join([*plainest[:index], other, *plainest[index + 1 :]])


def _part(op: Any, argument: Any) -> Iterator[str]:
    """Texts that one node of a parsed pattern matches; looks around and places are empty."""
    name = str(op)
    if name == "LITERAL":
        yield chr(argument)
    elif name in ("NOT_LITERAL", "IN", "ANY", "RANGE", "CATEGORY"):
        node = _parser.SubPattern(_parser.State(), [(op, argument)])
        yield from _letters(_compiled(node))
    elif name == "BRANCH":
        yield from _in_turn(_samples(branch) for branch in argument[1])
    elif name in REPEATS:
        low, high, inner = argument
        for sample in _samples(inner):
            yield sample * low
            if high > low:
                yield sample * (low + 1)
    elif name in ("SUBPATTERN", "ATOMIC_GROUP"):
        yield from _samples(argument[-1] if name == "SUBPATTERN" else argument)
    else:
        yield ""


_SOME = "a A1. é-文"


def _letters(pattern: re.Pattern[str]) -> list[str]:
    """One letter that a class matches, the plainest first, and a second of another kind."""
    found = [letter for letter in _SOME if pattern.fullmatch(letter)]
    return (found or [chr(code) for code in range(0x3000) if pattern.fullmatch(chr(code))])[:2]


def _in_turn(each: Iterable[Iterator[str]]) -> Iterator[str]:
    """The first of all, then the second of all, and so on."""
    for row in itertools.zip_longest(*each):
        yield from (sample for sample in row if sample is not None)


# --- by the clock -----------------------------------------------------------------------------

# Fillers that make a pattern try many ways, where it has many.
_HOSTILE = (" ", "a", "A ", "1", "1.", "- ", ">", "“", "(", "a: ", "A, ", ". ", "/", "é")
_LENGTHS = (50, 100, 200, 400, LONGEST_NOTE)
SLOW = 0.05
"""Seconds that no line may cost a pattern."""


def slow_pattern(rule: Rule, clock: Callable[[], float]) -> str | None:
    """A pattern of the rule that takes too long on a hostile line, or None. Longer lines come last, so
    that a slow pattern is noticed before it takes minutes."""
    heads = ["", *(line[2:] for line in rule.example.splitlines() if line[2:])]
    fillers = {*_HOSTILE, *(letter for pattern in rule.pattern for letter in pattern if letter.isalnum())}
    for pattern in rule.pattern:
        compiled = re.compile(pattern)
        for length, head, filler in itertools.product(_LENGTHS, heads, sorted(fillers)):
            text = (head + filler * length)[: length - 1] + "\x00"
            started = clock()
            compiled.fullmatch(text)
            if clock() - started > SLOW:
                return pattern
    return None
