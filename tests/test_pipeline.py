"""The pipeline as a whole: the article, its ledger in words, the guard, and settings that cannot be used."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import requires
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from cleaners import ConfigError, Settings, Source, clean, clean_many
from cleaners.article import json_schema
from cleaners.pipeline import build, known_rules
from tests.samples import PROSE, ROOT, SEEDS

STORY = [
    f"On day {number} the harbour board met again to hear the engineers explain why the old stone quay had "
    f"settled by a hand's breadth since the spring, and what it would cost to hold it there for year {number}."
    for number in range(1, 9)
]


def _join(*blocks: str) -> str:
    return "\n\n".join(blocks)


# --- the article --------------------------------------------------------------------------------

VALIDATOR = Draft202012Validator(json_schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)


@pytest.mark.parametrize("path", [*SEEDS, *PROSE], ids=lambda path: path.stem)
def test_every_article_validates_against_the_schema(path: Path) -> None:
    assert list(VALIDATOR.iter_errors(clean(path.read_bytes()).to_dict())) == []


def test_the_schema_is_one_of_2020_12_and_refuses_what_is_no_article() -> None:
    Draft202012Validator.check_schema(json_schema())
    article = clean("The ferry left at noon.").to_dict()
    del article["text"]
    assert not VALIDATOR.is_valid(article)


def test_the_id_is_the_caller_s_or_the_hash_of_the_bytes() -> None:
    assert clean("x").id.startswith("sha256:")
    assert clean("x").id == clean(b"x").id
    assert next(iter(clean_many([Source("x", id="mine")]))).id == "mine"


def test_what_is_known_of_a_source_is_passed_on() -> None:
    source = Source(
        "x", name="n", path="a/n.txt", url="HTTPS://WWW.Example.com/a?utm_source=b&p=1#c", extra={"k": [1]}
    )
    article = next(iter(clean_many([source])))
    assert (article.source.name, article.source.path, article.source.domain) == (
        "n",
        "a/n.txt",
        "example.com",
    )
    assert article.canonical_url == "https://www.example.com/a?p=1"
    assert article.url == source.url
    assert article.extra == {"k": [1]}


@pytest.mark.parametrize("url", ["http://[broken", "no url", "", "https://example.com:99999999/"])
def test_an_odd_url_never_raises(url: str) -> None:
    assert clean("x", url=url).url == url


def test_list_items_and_verse_stay_on_consecutive_lines_and_paragraphs_part() -> None:
    source = "Lede.\n• one\n• two\nAfter.\n\nThe lamp is low\nthe tide is high\nand no one knows"
    assert (
        clean(source).text
        == "Lede.\n\n• one\n• two\n\nAfter.\n\nThe lamp is low\nthe tide is high\nand no one knows"
    )


def test_changes_say_what_went_and_why() -> None:
    source = _join("Skip to content", *STORY[:2], "Leave a Reply")
    article = clean(source)
    assert article.text == _join(*STORY[:2])
    assert [(c.op, c.category, c.before.strip()) for c in article.changes] == [
        ("remove", "nav", "Skip to content"),
        ("remove", "comment", "Leave a Reply"),
    ]
    assert all(source[c.span.start : c.span.end] == c.before for c in article.changes)


def test_leaving_a_rule_out_undoes_it_exactly() -> None:
    source = _join(*STORY[:2], "Leave a Reply")
    assert clean(source, settings=Settings(without=frozenset({"comment"}))).text == source
    rule = clean(source).changes[0].rules[-1]
    assert clean(source, settings=Settings(without=frozenset({rule}))).text == source


# --- never eat the story ------------------------------------------------------------------------


def test_the_guard_takes_back_the_rest_when_too_much_of_the_story_would_go() -> None:
    source = _join(*STORY[:2], "Leave a Reply", *STORY[2:])
    article = clean(source)
    assert article.quality.flags == ["overRemovalGuard"]
    assert all(block in article.text for block in STORY)
    assert "Leave a Reply" not in article.text
    assert {entry.rule for entry in article.review} == {"comment/leave-a-comment"}


def test_the_guard_does_not_weigh_legal_notes_however_short_the_story() -> None:
    notes = [
        "© 2031 Callan Media. All rights reserved. This material may not be published, broadcast, rewritten or"
        " redistributed in whole or in part without the written permission of the house.",
        "Use of this site constitutes acceptance of our User Agreement, of our Privacy Policy and of your rights in"
        " the counties of the coast, as they were last changed in March.",
        "By submitting your address you agree to our terms of service and to our privacy policy, and to letters"
        " about the harbour, which you may end whenever you like.",
    ]
    article = clean(_join(*STORY[:2], *notes))
    assert article.text == _join(*STORY[:2])
    assert article.quality.flags == []


SHORT = [line for number in range(10, 20) for line in (f"Day {number}?", "Both hands stood still.", "Yes")]


def test_the_guard_watches_short_sentences_where_there_are_few_paragraphs() -> None:
    source = _join(*STORY[:2], *SHORT, "Leave a Reply", *SHORT)
    article = clean(source)
    assert article.text == source.replace("Leave a Reply\n\n", "")
    assert article.quality.flags == ["overRemovalGuard"]


def test_short_comments_below_a_story_of_many_paragraphs_go_without_a_word() -> None:
    article = clean(_join(*STORY, "Leave a Reply", *SHORT))
    assert article.text == _join(*STORY)
    assert article.quality.flags == []


@pytest.mark.parametrize(
    "stanza", ["Loading\nthe barley", "Share this article\nwith the gulls", "Ver más,\nDios mío"]
)
def test_nothing_is_removed_from_inside_a_sentence_that_runs_over_several_lines(stanza: str) -> None:
    source = _join(*STORY[:2], stanza, STORY[2])
    article = clean(source, settings=Settings(without=frozenset({"evidence"})))
    assert stanza in article.text
    assert [entry.confidence for entry in article.review] == [0.0]
    assert stanza in clean(source).text
    assert stanza.partition("\n")[0] not in clean(source.replace(stanza, stanza.replace("\n", "\n\n"))).text


def test_a_few_comments_below_the_story_go_without_a_word() -> None:
    source = _join(*STORY, "Leave a Reply", "Name *", "I agree with the engineers on this one.")
    article = clean(source)
    assert article.text == _join(*STORY)
    assert article.quality.flags == []


def test_an_input_of_nothing_but_residue_comes_out_empty_and_flagged() -> None:
    article = clean("Skip to content\n\nLeave a Comment\n\nYour email address will not be published.")
    assert article.text == ""
    assert article.quality.flags == ["emptyAfterClean"]


def test_sentences_of_nothing_but_residue_are_no_story() -> None:
    article = clean("Some of the links in this article are affiliate ones.\n\nSkip to content")
    assert (article.text, article.quality.flags) == ("", ["emptyAfterClean"])


@pytest.mark.parametrize("nothing", ["", " \n\t\r\n ", "\ufeff", b"", b"\xef\xbb\xbf"])
def test_an_input_of_nothing_is_an_article_of_nothing(nothing: str | bytes) -> None:
    article = clean(nothing)
    assert article.text == ""
    assert article.quality.flags == []


def test_a_paywall_line_flags_the_article() -> None:
    assert "paywalled" in clean(_join(*STORY, "Subscribe to continue reading")).quality.flags


def test_text_that_stays_garbled_is_flagged() -> None:
    assert clean(_join("The caf\ufffd reopens.", *STORY)).quality.flags == ["mojibakeLeft"]


def test_a_bare_headline_between_paragraphs_is_up_for_review() -> None:
    line = "Mainland orchards count the cost of a late frost"
    article = clean(_join(STORY[0], line, STORY[1]))
    assert line in article.text
    assert [entry.rule for entry in article.review] == ["promo/bare-headline"]


# --- settings -----------------------------------------------------------------------------------


def test_a_rule_that_does_not_exist_cannot_be_left_out() -> None:
    with pytest.raises(
        ConfigError, match=r"no rule 'comment/leave-a-coment'; hint: did you mean 'comment/leave-a-comment'"
    ):
        build(Settings(without=frozenset({"comment/leave-a-coment"})))


def test_a_setting_out_of_range_stops_at_once() -> None:
    with pytest.raises(ConfigError, match=r"settings\.bar: 2 is not between 0 and 1"):
        Settings(bar=2)


def test_settings_are_hashed_into_the_provenance() -> None:
    one, other = clean("x"), clean("x", settings=Settings(bar=0.95))
    assert one.provenance.settings != other.provenance.settings
    assert one.provenance.rules == other.provenance.rules


def test_every_rule_has_a_reason() -> None:
    assert all(why and not why.endswith(".") for why in known_rules().values())


# --- weight -------------------------------------------------------------------------------------


def test_importing_the_library_loads_nothing() -> None:
    script = (
        "import sys; before = set(sys.modules); import cleaners; dir(cleaners)\n"
        "print(*sorted(m for m in set(sys.modules) - before if m.split('.')[0] != 'cleaners'))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert not {"msgspec", "bs4", "ftfy", "langdetect", "click", "prefect"} & set(done.stdout.split())


def test_cleaning_a_plain_text_loads_no_heavy_library() -> None:
    script = (
        "import sys; from cleaners import Settings, clean\n"
        "clean('The ferry left at noon.', settings=Settings(language=False)); print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert not {"bs4", "charset_normalizer", "langdetect", "rich", "prefect", "click"} & set(
        done.stdout.split()
    )


def test_the_base_install_is_small() -> None:
    """Fewer than twenty distributions, copydesk's own among them, and no Prefect."""
    found: set[str] = set()
    queue = ["copydesk"]
    while queue:
        name = re.split(r"[^\w.-]", queue.pop())[0].lower()
        if name in found:
            continue
        found.add(name)
        queue += [need for need in requires(name) or () if ";" not in need]
    assert len(found) < 20
    assert {"ftfy", "beautifulsoup4", "langdetect"} < found
    assert "prefect" not in found


def test_an_unknown_name_is_an_attribute_error() -> None:
    import cleaners

    with pytest.raises(AttributeError, match="no attribute 'scrub'"):
        cleaners.scrub  # noqa: B018


@pytest.mark.parametrize(
    "page",
    [
        ("Just a moment...", "Enable JavaScript and cookies to continue"),
        ("403 Forbidden", "nginx"),
        ("404 Not Found", "The requested URL was not found on this server."),
        (
            "Access Denied",
            'You don\'t have permission to access "/news" on this server.',
            "Reference #18.2f3a1202.17",
        ),
        ("Checking your browser before accessing tarnwick.example.", "Ray ID: 7a1b2c3d4e5f"),
        ("Are you a robot?", "Please make sure your browser supports JavaScript and cookies"),
        ("Seite nicht gefunden", "Die von Ihnen gesuchte Seite existiert nicht."),
        ("Page introuvable", "La page que vous recherchez n'existe pas ou a été déplacée."),
    ],
)
def test_a_page_that_stands_in_the_way_of_the_text_is_none(page: tuple[str, ...]) -> None:
    article = clean("\n\n".join(page))
    assert (article.text, article.quality.flags) == ("", ["emptyAfterClean"])


BRIEF = (
    "The harbour board closed the old stone quay on Tuesday after its outer wall had settled.",
    "Fishermen will be moved to the north pier, where the county has promised them a crane.",
)


@pytest.mark.parametrize(
    "line", ["The Associated Press contributed to this report.", "Report a correction", "Tags: harbour, quay"]
)
def test_what_stands_below_the_sentences_of_a_brief_is_known_for_furniture(line: str) -> None:
    assert clean("\n\n".join([*BRIEF, line])).text == "\n\n".join(BRIEF)


def test_a_list_with_two_sentences_in_it_is_no_brief() -> None:
    lines = [
        *BRIEF,
        *(f"{number}. A bell of {number} tons, cast in Tarnwick for the parish" for number in range(1, 9)),
    ]
    assert clean("\n\n".join([*lines, "Comments"])).text.endswith("Comments")
