"""Laws that hold for any input: restoring is exact, the ledger is sound, nothing raises."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from cleaners import Settings, Source, clean, clean_many, ledger, restore
from cleaners.article import Article, block_type, json_schema
from cleaners.pipeline import known_rules
from cleaners.read import decode
from tests.conftest import CHUNK
from tests.fuzz import make

FAST = Settings(language=False)
BODY = ("paragraph", "listItem", "quote", "tableRow")

# Pieces that the cleaners react to, so that random texts meet all of them in all orders.
PIECES = st.sampled_from(
    [
        "Leave a Comment", "Read more: Ferry strike ends", "By Jane Roe", "15.5 C", "New York", "Loading",
        "One thought on “The ferry strike ends”", "(Photo: Jane Roe)", "PORT CALLAN — ", "Advertisement",
        "<p>", "</p>", "<br>", "<li>", "<script>", "&amp;", "&#8217;", "&amp;amp;", "<!--", "Ã©", "â€™", "Ã\xa0",
        "\x85", "\u2028", "\ufeff", "\xa0", "\u200b", "\u00ad", "\x00", "\x1b[31m", "• ", "\t", "  ", " | ",
        "\n", "\r\n", "\r", "\n\n", "”", "。", "The mayor said the harbour wall would be mended by the spring. ",
        "word " * 30 + "end.", "\ud83d", "\udc00", "😀", "Home > News", "March 12, 2024",
    ]
)  # fmt: skip
TEXTS = st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=40).map("".join)
GARBLED = TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass").decode("cp1252", "replace"))
BYTES = st.one_of(
    st.binary(max_size=200),
    TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass")),
    TEXTS.map(lambda text: text.encode("utf-16", "surrogatepass")),
    TEXTS.map(lambda text: text.encode("cp1252", "replace")),
)


def _check(article: Article, data: bytes) -> None:
    source = decode(data).text
    position, parts = 0, []
    for change in article.changes:
        assert position <= change.span.start <= change.span.end <= len(source)
        assert source[change.span.start : change.span.end] == change.before
        assert change.before != change.after
        assert change.rules
        assert change.reason
        parts += [source[position : change.span.start], change.after]
        position = change.span.end
    assert "".join([*parts, source[position:]]) == article.text
    for block in article.blocks:
        assert block.type not in BODY or block.type == block_type(block.text)
    assert restore(article) == data
    assert Article.from_json(article.to_json()) == article


SCHEMA_EVERY, TWICE_EVERY = 25, 5
VALIDATOR = Draft202012Validator(json_schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)


@pytest.mark.fuzz
def test_the_laws_hold_for_samples_and_rules_torn_glued_and_garbled(
    first_input: int, fuzz_seed: str, record_property: Callable[[str, object], None]
) -> None:
    settled = cleaned_again = 0
    for number in range(first_input, first_input + CHUNK):
        made = make(fuzz_seed, number)
        data = made if isinstance(made, bytes) else made.encode("utf-8", "surrogatepass")
        try:
            article = clean(made, settings=FAST)
            _check(article, data)
            if number % SCHEMA_EVERY == 0:
                assert list(VALIDATOR.iter_errors(article.to_dict())) == []
            if number % TWICE_EVERY == 0:
                assert clean(made, settings=FAST).to_json() == article.to_json()
                settled += clean(article.text, settings=FAST).text == article.text
                cleaned_again += 1
        except Exception as error:
            error.add_note(f"input {number} of seed {fuzz_seed!r}: tests.fuzz.make({fuzz_seed!r}, {number})")
            raise
    record_property("inputs that kept the laws", CHUNK)
    record_property("texts cleaned again", cleaned_again)
    record_property("of these unchanged", settled)


def test_an_input_of_the_fuzz_is_known_by_seed_and_number() -> None:
    assert [make("a", number) for number in range(50)] == [make("a", number) for number in range(50)]
    assert make("a", 1) != make("b", 1)
    assert len({make("a", number) for number in range(200)}) > 190


@settings(max_examples=1500, deadline=None)
@given(BYTES)
@example(b"\xff\xfea\x00")
@example(b"\xef\xbb\xbfBOM\r\n\r\nand CRLF")
@example(b"\x80\x81")
def test_any_bytes_are_cleaned_and_given_back_exactly(data: bytes) -> None:
    _check(clean(data, settings=FAST), data)


@settings(max_examples=500, deadline=None)
@given(st.one_of(TEXTS, GARBLED))
@example("\ud800")
@example("\ud83d\ude00 two halves of one character")
def test_any_text_is_cleaned_and_given_back_exactly(text: str) -> None:
    _check(clean(text, settings=FAST), text.encode("utf-8", "surrogatepass"))


@settings(max_examples=200, deadline=None)
@given(st.lists(TEXTS, max_size=4))
def test_neighbours_do_not_change_an_article(texts: list[str]) -> None:
    together = list(clean_many([Source(text) for text in texts], FAST))
    assert together == [clean(text, settings=FAST) for text in texts]


@settings(max_examples=200, deadline=None)
@given(TEXTS.filter(lambda text: "<" not in text))
def test_with_every_rule_left_out_only_blank_space_changes(text: str) -> None:
    article = clean(text, settings=Settings(language=False, without=frozenset(known_rules())))
    assert {change.op for change in article.changes} <= {"space"}


@settings(max_examples=500, deadline=None)
@given(TEXTS, TEXTS, TEXTS)
def test_what_two_texts_begin_and_end_with_is_found_exactly(start: str, middle: str, end: str) -> None:
    one, other = start + middle + end, start + end
    for from_end, step in ((False, 1), (True, -1)):
        same = [a == b for a, b in zip(one[::step], other[::step], strict=False)]
        assert ledger._common(one, other, from_end) == [*same, False].index(False)


def test_a_tampered_article_is_not_restored_silently() -> None:
    article = clean("The ferry left at noon.\n\nLeave a Comment")
    forged = Article.from_json(article.to_json().replace(b"at noon", b"at nine"))
    with pytest.raises(ValueError, match="do not give the recorded source back"):
        restore(forged)
