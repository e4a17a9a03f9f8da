"""Rules hold when a line is printed a little otherwise: in capitals, with other spaces, numbers, a source."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from cleaners.folding import fold
from cleaners.matching import strip_boilerplate
from cleaners.model import ROLES, apply
from cleaners.rule import Rule
from cleaners.rulebook import in_place, load_rules, read_example

RULES = load_rules()
ALL = strip_boilerplate(RULES)


def _digits(line: str) -> str:
    return re.sub("[0-9]", lambda digit: str((int(digit[0]) + 3) % 10 or 1), line)


# A phrase is compared folded, so none of these may matter to it.
ALIKE: dict[str, Callable[[str], str]] = {
    "capitals": str.upper,
    "small letters": str.lower,
    "doubled spaces": lambda line: line.replace(" ", "  "),
    "marks around it": lambda line: f"» {line} …",
    "other numbers": _digits,
}
# What stays must stay however it is printed.
NEAR: dict[str, Callable[[str], str]] = {
    **ALIKE,
    "a trailing source": lambda line: f"{line} (NWA)",
    "a trailing outlet": lambda line: f"{line} | Callan Examiner",
}


def _gone(rule: Rule, line: str) -> bool:
    doc, index = in_place(rule, [line])
    block = apply(doc, ALL(doc), bar=0.9).blocks[index]
    return not ROLES[block.role].in_text or block.text != line


def _lines(rule: Rule, goes: bool) -> list[str]:
    texts, expected = read_example(rule)
    return [text for text, becomes in zip(texts, expected, strict=True) if (becomes is None) == goes]


def _phrased(rule: Rule) -> list[str]:
    """Lines of the example that go because they are phrases of the rule."""
    wholes = {fold(phrase).whole for phrases in rule.block.values() for phrase in phrases}
    return [line for line in _lines(rule, goes=True) if fold(line).whole in wholes]


ON_THEIR_OWN = [r for r in RULES if not (r.company or r.trim or r.alone or r.weight is not None)]


@pytest.mark.parametrize("rule", [r for r in ON_THEIR_OWN if _phrased(r)], ids=lambda rule: rule.id)
@pytest.mark.parametrize("how", ALIKE)
def test_a_phrase_goes_however_it_is_printed(rule: Rule, how: str) -> None:
    assert [line for line in _phrased(rule) if not _gone(rule, ALIKE[how](line))] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
@pytest.mark.parametrize("how", NEAR)
def test_a_near_miss_stays_however_it_is_printed(rule: Rule, how: str) -> None:
    near = [line for line in _lines(rule, goes=False) if not _gone(rule, line)]
    assert [line for line in near if _gone(rule, NEAR[how](line))] == []
