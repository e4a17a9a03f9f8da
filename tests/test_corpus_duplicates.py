"""Duplicates across articles: what is called one, what stands for several, and that no order matters."""

from __future__ import annotations

import hashlib
import random
import tracemalloc
from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners import Settings, Source, clean_many, evidence
from cleaners.article import Article
from cleaners.duplicates import Sketch, Sketches, decide, gather, merge, observe, sketch

PLAIN = Settings(language=False, without=frozenset(evidence.RULES))
WORDS = [
    f"{a}{b}"
    for a in ("har", "bor", "cal", "tid", "mer", "ost", "pel", "wes")
    for b in ("an", "ow", "ey", "um")
]


def prose(seed: int, paragraphs: int = 8) -> list[str]:
    """Paragraphs of invented words, which no other seed shares."""
    rng = random.Random(seed)
    return [" ".join(rng.choices(WORDS, k=40)).capitalize() + "." for _ in range(paragraphs)]


def article(name: str, paragraphs: list[str], title: str = "", date: str = "") -> Article:
    given = {key: value for key, value in (("title", title), ("date", date)) if value}
    source = Source("\n\n".join(paragraphs), id=name, given=given)
    return next(iter(clean_many([source], PLAIN)))


def relations(*articles: Article, days: int | None = None) -> dict[str, tuple[str, str]]:
    found = decide(observe(articles), days)
    return {key: (dedup.relation, dedup.canonical_id) for key, dedup in sorted(found.items())}


LONG = prose(1)


def test_texts_that_differ_in_case_blanks_and_quotation_marks_are_exact() -> None:
    loud = [paragraph.upper().replace(" ", "  ") for paragraph in LONG]
    assert relations(article("a", LONG), article("b", loud)) == {"a": ("exact", "a"), "b": ("exact", "a")}


def test_an_edited_text_is_near() -> None:
    edited = [paragraph.replace("calan", "quay", 1) for paragraph in LONG]
    assert relations(article("a", LONG), article("b", [*edited, *prose(2, 1)]))["a"] == ("near", "b")


def test_shuffled_paragraphs_are_near() -> None:
    assert relations(article("a", LONG), article("b", LONG[::-1]))["b"][0] == "near"


def test_a_brief_is_contained_in_the_long_story() -> None:
    assert relations(article("a", LONG[:3]), article("b", LONG))["a"] == ("contained", "b")


def test_wire_copy_with_a_new_lede_belongs_to_the_original() -> None:
    assert relations(article("a", LONG), article("b", [*prose(3, 1), *LONG[1:]]))["b"][0] in (
        "near",
        "contained",
    )


def test_a_report_that_quotes_another_is_its_own_story() -> None:
    assert relations(article("a", LONG), article("b", [*prose(4, 6), *LONG[:2]])) == {}


def test_one_headline_over_two_texts_is_said_and_no_more() -> None:
    title = "Harbour board closes the old quay"
    found = relations(article("a", LONG, title), article("b", prose(5, 7), title.upper()))
    assert found == {"b": ("sameHeadline", "a")}


def test_numbers_tell_headlines_apart() -> None:
    one, other = (
        article("a", LONG, "Day 1 of the harbour strike"),
        article("b", prose(5), "Day 2 of the harbour strike"),
    )
    assert relations(one, other) == {}


def test_short_headlines_say_nothing() -> None:
    assert relations(article("a", LONG, "Live updates"), article("b", prose(5), "Live updates")) == {}


def test_short_and_empty_texts_are_no_copies_of_each_other() -> None:
    assert relations(article("a", ["Share this article"]), article("b", ["Loading..."])) == {}
    assert relations(article("a", ["Pies are sold out."]), article("b", ["Pies are sold out today."])) == {}


def test_the_longest_stands_for_all_and_of_equals_the_earliest() -> None:
    late, early = article("a", LONG, date="2024-03-02"), article("b", LONG, date="2024-03-01")
    brief = article("c", LONG[:4], date="2024-02-01")
    assert {canonical for _, canonical in relations(late, early, brief).values()} == {"b"}


def test_each_member_is_like_what_stands_for_it() -> None:
    """A brief in two long stories does not make them one."""
    shared = prose(6, 2)
    one, other = article("a", [*shared, *prose(7, 7)]), article("b", [*shared, *prose(8, 6)])
    found = relations(one, other, article("brief", shared))
    assert found == {"a": ("exact", "a"), "brief": ("contained", "a")}


def test_outside_the_window_only_the_same_text_is_a_duplicate() -> None:
    copy, edited = article("b", LONG, date="2024-05-01"), article("c", LONG[:-1], date="2024-05-01")
    found = relations(article("a", LONG, date="2024-01-01"), copy, edited, days=30)
    assert found == {"a": ("exact", "a"), "b": ("exact", "a")}
    assert relations(article("a", LONG, date="2024-01-01"), edited, days=30) == {}


def test_texts_without_spaces_are_compared_by_letters() -> None:
    rng = random.Random(3)
    letters = [chr(0x4E00 + n) for n in range(300)]
    story = ["".join(rng.choices(letters, k=90)) + "。" for _ in range(6)]
    assert relations(article("a", story), article("b", story[:4]))["b"] == ("contained", "a")


def test_a_sketch_stays_small_however_long_the_text() -> None:
    assert len(sketch(article("a", prose(1, 400))).hashes) <= 640


def test_a_copy_printed_by_hundreds_is_one_cluster() -> None:
    many = [article(f"p{n}", [*LONG, f"Printed by paper number {n} of the county."]) for n in range(300)]
    found = decide(observe(many))
    assert len({dedup.cluster_id for dedup in found.values()}) == 1
    assert len(found) == 300


def _corpus() -> list[Sketch]:
    rng = random.Random(9)
    sketches = []
    for n in range(40):
        base = prose(100 + n % 13)
        kept = [paragraph for paragraph in base if rng.random() < 0.8] or base
        date, title = f"2024-01-{1 + n % 28:02}", f"The board met for the {'ABC'[n % 3]} time"
        sketches.append(sketch(article(f"id-{n % 37}", kept, title, date), key=f"place-{n}"))
    return sketches


CORPUS = _corpus()
WHOLE = decide(gather(CORPUS), days=20)


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), size=st.integers(1, 15))
def test_any_order_and_grouping_of_the_articles_gives_the_same_decision(seed: int, size: int) -> None:
    mixed = random.Random(seed).sample(CORPUS, len(CORPUS))
    parts = [gather(mixed[at : at + size]) for at in range(0, len(mixed), size)]
    while len(parts) > 1:
        parts.append(merge(parts.pop(0), parts.pop(0)))
    assert decide(parts[0], days=20) == WHOLE
    assert {dedup.relation for dedup in WHOLE.values()} >= {"near", "contained"}


@pytest.mark.parametrize("key", ["a", "\ud800"])
def test_odd_keys_are_keys(key: str) -> None:
    assert set(decide(gather([sketch(article("a", LONG), key), sketch(article("b", LONG), "b")]))) == {
        key,
        "b",
    }


def test_sketches_come_back_from_their_bytes_as_they_were() -> None:
    there = Sketches.from_bytes(gather(CORPUS).to_bytes())
    assert list(there) == CORPUS
    assert decide(there, days=20) == WHOLE


@pytest.mark.parametrize("key", ["", "k" * 127, "k" * 128, "k" * 70_000, "sha256:" + "0" * 64, "sha256:é"])
def test_names_of_any_length_are_kept(key: str) -> None:
    names = [("first", "a"), (key, "id"), (key, key), ("last", key)]
    stats = gather(Sketch(key, name, bytes(12), 9, b"", b"", 0) for key, name in names)
    assert [(found.key, found.id) for found in stats] == names


def test_without_near_only_equal_texts_are_duplicates() -> None:
    texts = {"a": LONG, "b": LONG, "c": LONG[:-1]}
    stats = gather(sketch(article(name, text), name, near=False) for name, text in texts.items())
    assert set(decide(stats)) == {"a", "b"}
    both = merge(stats, gather(sketch(article(name, LONG[:-1]), name) for name in ("d", "e")))
    assert set(decide(both)) == {"a", "b", "c", "d", "e"}


def made(number: int, near: bool) -> Sketch:
    """A sketch as of an article of a scraper's, one in ten a copy or nearly one."""
    rng = random.Random(number - number % 10 // 9)
    hashes = sorted({rng.getrandbits(30) for _ in range(160)})[number % 3 :]
    text = hashlib.sha256(b"%d" % (number if near else number - number % 10 // 9)).digest()[:12]
    name = "sha256:" + hashlib.sha256(b"%d" % number).hexdigest()
    kept = array("I", hashes).tobytes() if near else b""
    return Sketch(f"documents/in.jsonl:{number}", name, text, 700, kept, b"", 738_000)


@pytest.mark.parametrize(("near", "most", "index"), [(True, 1_300, 800), (False, 120 + 0.2 * 300, 120)])
def test_deciding_takes_little_memory(near: bool, most: float, index: float) -> None:
    """Of the equal texts a fifth are told of, which is no part of the index."""
    count = 4_000
    tracemalloc.start()
    try:
        stats = gather(made(number, near) for number in range(count))
        kept, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        decided = decide(stats)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(decided) == count // 5
    assert kept / count < index
    assert peak / count < most
