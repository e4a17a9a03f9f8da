"""Site templates: what is proposed, what never is, and that no order of the documents matters."""

from __future__ import annotations

import random
from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners import RuleFile, Settings, clean, evidence
from cleaners.article import Article
from cleaners.templates import Proposal, decide, merge, observe

HOST = "callan.example"
PLACES = ("quay", "market", "school", "ferry", "mill", "chapel", "bridge", "station", "lighthouse", "weir")
PEOPLE = ("Marta Ellerquist", "Owen Tarbet", "Lena Fossgard", "Piet Aldous")
PLAIN = Settings(language=False, without=frozenset(evidence.RULES))


def story(number: int) -> list[str]:
    """Three paragraphs that no other number shares."""
    place, year = PLACES[number % len(PLACES)], 1900 + number
    return [
        f"The old {place} of lot {number} was closed on Tuesday after engineers found that its outer wall had "
        f"settled by a hand's breadth since the survey of {year}, the harbour board told the county council.",
        f"Nobody was hurt at the {place}, and the {number} people who had waited there since dawn were taken "
        f"home in buses that the council had hired in a hurry from a company two valleys further west.",
        f"The board meets again in {number + 3} days to hear what it would cost to hold the {place} where it "
        f"stands, and whether the county would rather pay for a new one on the ground of lot {number + 1}.",
    ]


def article(
    number: int, head: Sequence[str] = (), mid: Sequence[str] = (), tail: Sequence[str] = ()
) -> Article:
    first, second, third = story(number)
    text = "\n\n".join([*head, first, *mid, second, third, *tail])
    return clean(text, url=f"https://www.{HOST}/{number}", settings=PLAIN)


def proposals(articles: Sequence[Article], rejected: Sequence[str] = ()) -> list[Proposal]:
    return decide(observe(articles), {HOST: rejected})


def lines(found: Sequence[Proposal]) -> list[str]:
    return [proposal.examples[0].text for proposal in found]


NOTE = "Callan Examiner readers choose the county's best pies"


def test_a_line_on_many_pages_of_a_site_is_proposed_with_its_support_place_and_context() -> None:
    (found,) = proposals([article(n, tail=[NOTE] if n % 2 else []) for n in range(20)])
    assert (found.support, found.documents, dict(found.zones)) == (10, 20, {"tail": 10})
    assert found.rule.at == "tail"
    assert found.rule.site == HOST
    assert len(found.examples) == 3
    assert all(example.above for example in found.examples)
    assert found.is_sure


def test_an_accepted_rule_takes_the_line_out_and_says_why() -> None:
    (found,) = proposals([article(n, tail=[NOTE]) for n in range(20)])
    own = msgspec.structs.replace(PLAIN, rules=(RuleFile(f"sites/{HOST}.toml", found.toml),))
    text = "\n\n".join([*story(77), NOTE])
    done = clean(text, url=f"https://{HOST}/77", settings=own)
    assert NOTE not in done.text
    assert [change.rules for change in done.changes if change.op == "remove"] == [[found.rule.id]]
    assert NOTE in clean(text, url="https://other.example/77", settings=own).text


def test_numbers_and_names_in_a_line_are_gaps() -> None:
    tails = [
        [f"Follow {PEOPLE[n % 4]} on the Examiner's pages", f"{n * 7} people liked the pies"]
        for n in range(20)
    ]
    found = {
        p.examples[0].text.split()[0]: p for p in proposals([article(n, tail=t) for n, t in enumerate(tails)])
    }
    assert len(found) == 2
    own = Settings(
        rules=(RuleFile(f"sites/{HOST}.toml", "\n".join(p.toml for p in found.values())),), language=False
    )
    new = "\n\n".join(
        [*story(77), "Follow Ida Brandt-Moe on the Examiner's pages", "1,204 people liked the pies"]
    )
    assert clean(new, url=f"https://{HOST}/77", settings=own).text == "\n\n".join(story(77))


def test_one_line_in_capitals_here_and_there_is_one_line() -> None:
    tails = [f"Follow {PEOPLE[n % 4]} on the late desk" for n in range(24)]
    found = proposals(
        [article(n, tail=[line.upper() if n % 5 == 0 else line]) for n, line in enumerate(tails)]
    )
    assert any(proposal.rule.pattern == ["(?i:Follow .{1,60} on the late desk)"] for proposal in found)


@pytest.mark.parametrize("documents", [1, 3, 7])
def test_nothing_is_proposed_from_too_few_documents(documents: int) -> None:
    assert not proposals([article(n, tail=[NOTE]) for n in range(documents)])


def test_copies_of_one_story_are_one_document() -> None:
    assert not proposals([article(1, tail=[NOTE]) for _ in range(30)])
    (first, second, third) = story(1)
    copies = [
        clean(f"{first}\n\n{second} {n}.\n\n{third}\n\n{NOTE}", url=f"https://{HOST}/{n}") for n in range(30)
    ]
    assert not proposals(copies)


PROTECTED = [
    ["“I never said that,” she said"],
    ["and then the lamps went out"],
    ["The lamps went out, one by one,"],
    ["• Pies are baked on Fridays"],
    ["Tide\t0.4\t1.2\t0.3"],
    [
        "The harbour board asks everyone who has seen the missing buoys to tell the porter at the gate, who is "
        "there from dawn to dusk on every day of the week but Monday, when the gate is shut."
    ],
]


@pytest.mark.parametrize("protected", PROTECTED)
def test_what_the_guard_protects_is_never_proposed(protected: list[str]) -> None:
    assert not proposals([article(n, mid=protected) for n in range(20)])


def test_a_refrain_is_not_proposed() -> None:
    refrain = "Row, ferryman, row to the shore"
    assert not proposals(
        [article(n, mid=[refrain, "Another verse of it", refrain, refrain]) for n in range(20)][:20]
    )[1:]
    assert refrain not in lines(proposals([article(n, mid=[refrain] * 3) for n in range(20)]))


def test_a_line_between_paragraphs_waits_for_a_person() -> None:
    (found,) = proposals([article(n, mid=["Why the pies matter"]) for n in range(20)])
    assert dict(found.zones) == {"middle": 20}
    assert not found.is_sure


def test_the_same_words_inside_stories_speak_against_a_line() -> None:
    said = [article(n, tail=["Nobody was hurt at the quay"]) for n in range(20)]
    (found,) = proposals(said)
    assert found.against
    assert "nobody was hurt at the quay" in found.against[0]
    assert not found.is_sure


def test_what_a_person_rejected_is_not_proposed_again_and_tests_the_rules_that_are() -> None:
    pages = [article(n, tail=[NOTE, "Pies of the week"]) for n in range(20)]
    (found,) = proposals(pages, rejected=["Pies of the week"])
    assert "  Pies of the week\n" in found.rule.example
    assert found.rule.block == {"any": [NOTE]}


def test_each_site_is_learned_from_alone() -> None:
    pages = [article(n, tail=[NOTE]) for n in range(10)]
    others = [clean("\n\n".join([*story(n), NOTE]), url=f"https://other.example/{n}") for n in range(50, 54)]
    assert {p.rule.site for p in decide(observe([*pages, *others]))} == {HOST}


MANY = [
    article(n, tail=[NOTE] if n % 3 else [f"Sold out, says {PEOPLE[n % 4]} of the pies"]) for n in range(150)
]
WHOLE = decide(observe(MANY))


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000), sizes=st.lists(st.integers(1, 60), min_size=1, max_size=12))
def test_any_order_and_grouping_of_the_documents_gives_the_same_proposals(
    seed: int, sizes: list[int]
) -> None:
    mixed = random.Random(seed).sample(MANY, len(MANY))
    parts, at = [], 0
    for size in [*sizes, len(mixed)]:
        parts.append(observe(mixed[at : at + size]))
        at += size
    random.Random(seed + 1).shuffle(parts)
    while len(parts) > 1:
        parts.append(merge(parts.pop(0), parts.pop(0)))
    assert decide(parts[0]) == WHOLE
    assert WHOLE
