"""Records: which fields are read, what becomes evidence, and that nothing of a record is lost."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners import records
from cleaners.article import Article
from cleaners.ledger import restore
from cleaners.pipeline import clean_source
from cleaners.records import RecordError, from_record, mapping
from cleaners.settings import Fields

STORY = (
    "PORT CALLAN — The harbour board voted on Tuesday to close the old stone quay until the spring, after "
    "engineers found that its outer wall had settled by a hand's breadth, and to ask the county for money."
)


USUAL = Fields()


def cleaned(record: Mapping[str, Any], fields: Fields = USUAL) -> Article:
    return clean_source(from_record(record, fields))


# --- which field is which -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"maintext": "T", "title": "H", "date_publish": "2023-05-01 10:00:00", "authors": ["Jane Roe"]}, None),
        ({"text": "T", "title": "H", "author": "Jane Roe", "date": "2023-05-01"}, None),
        ({"articleBody": "T", "headline": "H", "author": {"name": "Jane Roe"}, "datePublished": "2023-05-01"}, None),
        ({"content": "T", "title": "H", "author": "Jane Roe", "publishedAt": "2023-05-01T10:00:00Z"}, None),
        ({"content": {"rendered": "T"}, "title": {"rendered": "H"}, "date": "2023-05-01T10:00:00", "author": "Jane Roe"}, None),
        ({"fields": {"bodyText": "T", "byline": "Jane Roe"}, "webTitle": "H", "webPublicationDate": "2023-05-01T10:00:00Z"}, None),
        ({"cleaned_text": "T", "title": "H", "authors": ["Jane Roe"], "publish_date": "2023-05-01"}, None),
        ({"t": "T", "body": "no", "h": "H", "d": "May 1, 2023", "who": "By Jane Roe"},
         Fields(text="t", title="h", date="d", authors="who")),
        ({"Text": "T", "TITLE": "H", "Author": "Jane Roe", "publish date": "2023-05-01"}, None),
        ({"Article Text": "T", "text": " ", "Headline": "H", "Byline": "['Jane Roe']", "PubDate": "2023-05-01"}, None),
        ({"content": [{"type": "text/html", "value": "T"}], "title": "H", "author": "Jane Roe", "published": "2023-05-01"}, None),
        ({"page_content": "T", "metadata": {"title": "H", "author": "Jane Roe", "date": "2023-05-01"}}, None),
        ({"body_html": "T", "title": "H", "publishedBylines": [{"name": "Jane Roe"}], "post_date": "2023-05-01"}, None),
        ({"data": {"content": "T", "title": "H"}, "byline": "Jane Roe", "publishedTime": "2023-05-01"}, None),
        ({"a": {"b": {"c": "T"}}, "title": "H", "date": 1682935200, "by": "Jane Roe"}, Fields(text="a.b.c")),
    ],
)  # fmt: skip
def test_the_usual_names_are_known_and_others_can_be_named(
    record: dict[str, Any], expected: Fields | None
) -> None:
    source = from_record(record, expected or Fields())
    assert source.data == "T"
    assert source.given["title"] == "H"
    assert source.given["authors"] == "Jane Roe"
    assert source.given["date"]
    assert set(mapping(record, expected or Fields())) == {"text", "title", "date", "authors"}


@pytest.mark.parametrize(
    ("spelled", "names"),
    [
        ("['Jane Roe', 'Bo Dahl']", ["Jane Roe", "Bo Dahl"]),
        ('["Jane Roe", "Bo D\\u00e5hl"]', ["Jane Roe", "Bo Dåhl"]),
        ("""["Ann O'Dell", 'Bo Dahl']""", ["Ann O'Dell", "Bo Dahl"]),
        ("['Jane Roe' 'Bo Dahl']", ["Jane Roe", "Bo Dahl"]),
        ('[{"name": "Jane Roe"}]', ["Jane Roe"]),
        ("[]", []),
        ("[" * 5_000 + "]" * 5_000, []),
        ("[" + "-" * 5_000 + "1]", []),
    ],
)
def test_authors_may_be_a_list_spelled_out_in_text(spelled: str, names: list[str]) -> None:
    article = cleaned({"text": STORY, "authors": spelled})
    assert [author.name for author in article.authors] == names
    assert not names or article.byline == ", ".join(names)


def test_parts_of_a_text_as_readers_of_feeds_list_them_are_one_and_stay_in_the_record() -> None:
    parts = [{"type": "text/html", "value": "<p>One.</p>"}, {"type": "text/plain", "value": "Two."}]
    source = from_record({"content": parts, "title": "H"})
    assert source.data == "<p>One.</p>\n\nTwo."
    assert source.extra == {"content": parts}
    with pytest.raises(RecordError, match="holds a list, not text"):
        from_record({"content": [{"value": 1}]})


def test_empty_text_in_one_field_gives_way_to_text_in_another() -> None:
    assert from_record({"maintext": " ", "text": "T"}).data == "T"
    assert from_record({"maintext": ""}).data == ""


@pytest.mark.parametrize(
    ("record", "reason"),
    [
        ({"headline": "H"}, "no field with text; its fields: headline"),
        ({}, "no field with text; its fields: none"),
        ({"text": 12}, "field 'text' holds a number, not text"),
        ({"text": ["a", "b"]}, "field 'text' holds a list, not text"),
        ({"text": None, "content": True}, "field 'content' holds true or false, not text"),
        ("text", "a record is text, not an object"),
        ([1], "a record is a list, not an object"),
        (None, "a record is null, not an object"),
    ],
)
def test_a_record_without_text_says_what_it_has(record: Any, reason: str) -> None:
    with pytest.raises(RecordError) as caught:
        from_record(record)
    assert str(caught.value) == reason
    assert caught.value.hint


def test_a_named_field_is_the_only_one_that_counts() -> None:
    with pytest.raises(RecordError, match="no field 'story'; its fields: text"):
        from_record({"text": "T"}, Fields(text="story"))


# --- what becomes of it -------------------------------------------------------------------------


def test_facts_of_the_record_become_facts_of_the_article() -> None:
    article = cleaned(
        {
            "id": 12,
            "url": "https://www.News.example/quay?utm_source=x&b=1",
            "title": "Board &amp; county   close the quay",
            "description": "Until spring.",
            "authors": ["Marta Ellerquist", "Tom Varley"],
            "published": "2023-05-01T10:00:00+02:00",
            "updated_at": "2023-05-02",
            "text": STORY,
        }
    )
    assert article.id == "12"
    assert article.canonical_url == "https://www.news.example/quay?b=1"
    assert article.source.domain == "news.example"
    assert article.headline == "Board & county close the quay"
    assert article.description == "Until spring."
    assert [author.name for author in article.authors] == ["Marta Ellerquist", "Tom Varley"]
    assert (article.date_published, article.date_modified) == ("2023-05-01T10:00:00+02:00", "2023-05-02")
    assert article.text == STORY


def test_the_title_tells_which_line_is_the_headline() -> None:
    text = f"Old stone quay shut until spring\n\n{STORY}"
    article = cleaned({"title": "Old stone quay shut until spring | Callan Examiner", "text": text})
    assert article.headline == "Old stone quay shut until spring"
    assert article.alternative_headline == "Old stone quay shut until spring | Callan Examiner"
    assert article.text == STORY


def test_a_lone_author_of_the_record_is_a_byline_above_and_below_the_story_and_not_within() -> None:
    text = (
        f"Aoife Brannagh-Uí\n\n{STORY}\n\nAoife Brannagh-Uí\n\n{STORY} It has no date.\n\nAoife Brannagh-Uí"
    )
    article = cleaned({"text": text, "authors": ["Aoife Brannagh-Uí"]})
    assert article.text.count("Aoife Brannagh-Uí") == 1
    assert [author.name for author in article.authors] == ["Aoife Brannagh-Uí"]
    assert "Aoife" in clean_source(from_record({"text": text})).text.partition("PORT")[0]


@pytest.mark.parametrize(
    "nobody", ["admin", "https://news.example/team", "Reuters", "Staff", "news@callan.example"]
)
def test_what_is_no_person_is_no_author_and_stays_in_extra(nobody: str) -> None:
    article = cleaned({"text": STORY, "authors": [nobody, "Marta Ellerquist"]})
    assert [author.name for author in article.authors] == ["Marta Ellerquist"]
    assert article.extra == {"authors": [nobody, "Marta Ellerquist"]}


def test_names_in_scripts_without_capitals_are_names() -> None:
    assert (
        from_record({"text": "T", "authors": ["山田花子", "محمد علي"]}).given["authors"]
        == "山田花子\nمحمد علي"
    )


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("2023-05-01T10:00:00Z", "2023-05-01T10:00:00Z"),
        ("Mon, 01 May 2023 12:00:00 GMT", "2023-05-01T12:00:00Z"),
        ("1. Mai 2023", "2023-05-01"),
        (1682935200, "2023-05-01T10:00:00Z"),
        (1682935200123, "2023-05-01T10:00:00Z"),
        (1682935200.5, "2023-05-01T10:00:00Z"),
    ],
)
def test_dates_are_read_in_many_shapes(value: object, iso: str) -> None:
    assert cleaned({"text": STORY, "date": value}).date_published == iso


@pytest.mark.parametrize("value", ["soon", "05/06/2023", True, 7, 1e300, [2023], {"$date": 1}, "", None])
def test_a_date_that_cannot_be_read_stays_in_extra(value: object) -> None:
    article = cleaned({"text": STORY, "date": value})
    assert article.date_published is None
    assert article.extra == {"date": value}


def test_what_is_not_used_passes_through_and_the_text_is_not_said_twice() -> None:
    record = {
        "fields": {"bodyText": STORY, "wordcount": 40},
        "content": {"rendered": "x", "protected": False},
        "tags": ["a", {"b": [1, 2.5, None]}],
        "count": 2**70,
        "raw_title": "R",
    }
    article = cleaned(record, Fields(text="fields.bodyText"))
    assert article.extra == record | {"fields": {"wordcount": 40}}
    assert json.loads(article.to_json())["extra"]["count"] == 2**70
    assert cleaned({"content": {"rendered": STORY}}).extra == {}


def test_text_in_tags_is_cut_into_its_paragraphs_and_given_back_byte_for_byte() -> None:
    text = f"<p>{STORY.replace('—', '&#8212;')}</p><p>Read also</p><div><p>{STORY} Again.</p></div>"
    article = cleaned({"content": text})
    assert article.text == f"{STORY}\n\n{STORY} Again."
    assert restore(article) == text.encode()


# --- JSON that scrapers write -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'{"text": "abc', "not JSON: Unterminated string"),
        (b"", "not JSON: Expecting value"),
        (b'{"text": 1} {', "not JSON: Extra data"),
        (b'{"text": "caf\xe9"}', "not UTF-8: invalid continuation byte at byte"),
        (b"[" * 100_000, "nested more than 200 levels deep"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "nested more than 200 levels deep"),
        (b'{"text": "T", "a": ' + b"[" * 300 + b"]" * 300 + b"}", "nested more than 200 levels deep"),
    ],
)  # fmt: skip
def test_what_is_no_json_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(RecordError) as caught:
        records.parse(data)
    assert str(caught.value).startswith(reason)


def test_brackets_in_text_are_no_nesting() -> None:
    assert records.parse(b'{"text": "' + b"[" * 300 + b'"}') == {"text": "[" * 300}


def test_lone_surrogates_and_odd_numbers_are_taken_as_they_can_be() -> None:
    record = records.parse(
        b'{"text": "a\\ud800b", "title": "x\\udc00y", "n": NaN, "big": 1e999, "k\\ud800": ["\\ud800"]}'
    )
    article = clean_source(from_record(record))
    written = json.loads(article.to_json())
    assert written["extra"] == {"title": "x�y", "n": "NaN", "big": "1e999", "k�": ["�"]}
    assert written["headline"] == "x�y"
    assert restore(article) == b"a\xed\xa0\x80b"


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
KNOWN = st.sampled_from([name.partition(".")[0] for name in records.TEXT + records.DATE + records.AUTHORS + records.TITLE + records.URL])  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(record=st.dictionaries(KNOWN | st.text(max_size=6), JSON_VALUES, max_size=8), text=st.text())
def test_any_record_gives_an_article_and_its_text_comes_back(record: dict[str, Any], text: str) -> None:
    article = cleaned(record | {"maintext": text or "T"})
    json.loads(article.to_json())
    source = from_record(record | {"maintext": text or "T"}).data
    assert isinstance(source, str)
    assert restore(article) == source.encode()


@settings(max_examples=200, deadline=None)
@given(JSON_VALUES)
def test_any_json_value_is_a_source_or_a_record_error(value: Any) -> None:
    with contextlib.suppress(RecordError):
        assert isinstance(from_record(value).data, str)


def test_answers_of_news_apis_hold_several_records() -> None:
    assert records.unwrap({"status": "ok", "articles": [{"content": "T"}]}) == [{"content": "T"}]
    assert records.unwrap({"response": {"results": [{"id": "x"}]}}) == [{"id": "x"}]
    assert records.unwrap([{"text": "T"}, 3]) == [{"text": "T"}, 3]
    assert records.unwrap({"text": "T", "articles": [{"text": "other"}]}) is None
    assert records.unwrap({"articles": "none"}) is None
