"""Repair mends what is broken and nothing else."""

from __future__ import annotations

import time
from unittest.mock import patch

import ftfy
import pytest
from ftfy.badness import MOJIBAKE_CATEGORIES
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaners import clean, repair
from cleaners.article import Article
from cleaners.model import odd_runs

# Characters that ftfy's tables name, that news uses, and that stand beside them in real text.
NAMED = "".join(
    char for chars in MOJIBAKE_CATEGORIES.values() for char in chars if char != "-"
) + "ÀÑØÝĂĄĆČĎĐàñßéèïŒœÂÃÎÐŸŠšŽž°€"  # fmt: skip
NEWS = "“”’‘—–…«»„‚ éèüöäßñçã ВГРСвгрс ΒΓΞΟβ 中文。、 العربية हिन्दी"
ASCII = "aZ0 .,?!\"'-_\n\t()/<&;"
CHARACTERS = st.one_of(st.sampled_from(NAMED), st.sampled_from(NEWS), st.sampled_from(ASCII), st.characters())
ANY = st.text(CHARACTERS, max_size=24)
GARBLED = st.text(st.sampled_from(NEWS + ASCII), max_size=16).map(
    lambda text: text.encode().decode("latin-1")
)


def _by_ftfy(text: str) -> str:
    return ftfy.fix_text_segment(text, repair._CONFIG)


@settings(max_examples=6000, deadline=None)
@given(st.one_of(ANY, GARBLED, st.tuples(GARBLED, ANY).map("".join)))
@example("Œ!")
@example("aÂ b")
@example("Â b")
@example("ГўВЂВњx")
@example("В“С")
@example("\ud83d\ude00")
@example("\ufeffa")
def test_the_skip_never_changes_what_ftfy_would_answer(text: str) -> None:
    if repair.is_surely_sound(text):
        assert _by_ftfy(text) == text


@settings(max_examples=300, deadline=None)
@given(st.lists(ANY, max_size=8))
def test_remembering_calm_letters_never_changes_what_is_looked_at(texts: list[str]) -> None:
    runs = odd_runs("\n".join(texts).encode("utf-8", "surrogatepass"))
    with patch.object(repair, "_CALM_RUNS", set()), patch.object(repair, "_MOST_CALM_RUNS", 2):
        first = sorted(repair._striking(runs))
        assert sorted(repair._striking(runs)) == first == sorted(repair._striking(runs))
    assert first == sorted(run for run in _decoded(runs) if repair._is_striking(run))


def _decoded(runs: frozenset[bytes]) -> list[str]:
    return [run.decode("utf-8", "surrogatepass") for run in runs]


def test_the_skip_is_worth_having() -> None:
    sound = [
        "“We’re done,” she said — twice… «Oui», „ja“, ¡sí!",
        "Grüße aus Köln: die Straße ist früh geöffnet.",
        "На острове Дальний Рог снова зажгли маяк, — сказал Сергей.",
        "駅舎は残る、と町長は「必ず」と話した。",
        "L’été, à Noël, où ça ?",
    ]
    assert [text for text in sound if not repair.is_surely_sound(text)] == []


def _text(source: str | bytes) -> str:
    return clean(source).text


@pytest.mark.parametrize(
    "text",
    [
        "“Curly quotes” and ‘single ones’ stay, as do dashes — and dots…",
        "他说：“你好，世界！”（全角标点）",
        "ﬁve ligatures ﬂow",
        "½ of 5 < 6, AT&T, R&D; and x<y>z",
        "Write to <clerk@portcallan.example> at once",
        "« Voilà ! » dit-elle",
    ],
)
def test_good_news_text_is_left_alone(text: str) -> None:
    assert clean(text).changes == []


def test_text_garbled_once_or_twice_is_mended() -> None:
    good = "“Naïve,” said Zoë — the café’s owner…"
    once = good.encode().decode("cp1252", "ignore")
    assert _text(good.encode().decode("latin-1")) == good
    assert "café’s" in _text(once)
    assert _text(good.encode().decode("latin-1").encode().decode("latin-1")) == good


def test_one_bad_byte_does_not_spoil_a_file() -> None:
    data = "“Zoë’s café” opens — again. ".encode() * 4 + b"\x92s end"
    assert _text(data).startswith("“Zoë’s café” opens — again.")
    assert _text(data).endswith("’s end")


def test_tags_and_entities_are_what_a_browser_shows() -> None:
    source = '<p>The <strong>mayor</strong> &amp; her <a href="/x">deputy</a> said &#8220;no&#8221;.</p>'
    assert _text(source) == "The mayor & her deputy said “no”."
    assert _text("Fish &amp;amp; chips &amp;#8217; sold") == "Fish & chips ’ sold"


def test_brackets_that_are_no_tags_of_a_page_stay_beside_those_that_are() -> None:
    assert _text("It returns a <b>list</b> of type List<Boat>.") == "It returns a list of type List<Boat>."
    assert _text("<p>One <boat>list</boat>.</p><p>Two.</p>") == "One list.\n\nTwo."


def test_paragraphs_of_a_one_line_fragment_are_blocks() -> None:
    article = clean("<h2>What comes next</h2><p>One thing.</p><p>Another<br>line.</p><ul><li>Item</li></ul>")
    assert [(block.type, block.text) for block in article.blocks] == [
        ("heading", "What comes next"),
        ("paragraph", "One thing."),
        ("paragraph", "Another"),
        ("paragraph", "line."),
        ("listItem", "• Item"),
    ]


def test_codes_of_page_builders_go_and_what_they_enclose_stays() -> None:
    story = "The ferry left the quay of Tarnwick at nine."
    for code in ("vc_column_text", "et_pb_text", "su_quote"):
        assert _text(f'[{code} class="x"]{story}[/{code}]') == story
    assert _text(f"[vc_row][vc_column]\n\n{story}\n\n[/vc_column][/vc_row]") == story
    assert _text("He wrote [sic] and [vc_is] of it.") == "He wrote [sic] and [vc_is] of it."


@pytest.mark.parametrize(
    "hostile", ["<!--", "<?", "</", "<p ", '<a b="', "<script", "<td>", "[/vc_a ", "[/su_a]"]
)
def test_broken_markup_takes_no_longer_than_its_length(hostile: str) -> None:
    text = "<p>A.</p>" + hostile * (100_000 // len(hostile))
    started = time.process_time()
    clean(text)
    assert time.process_time() - started < 10


def test_scripts_are_not_text() -> None:
    assert _text("<p>Before.</p><script>var a = 1;</script><p>After.</p>") == "Before.\n\nAfter."


def test_broken_spaces_are_mended_and_lone_no_break_spaces_stay() -> None:
    assert (
        _text("The latest:\u00a0 it\u00a0 rained,  she said\u00a0!")
        == "The latest: it rained, she said\u00a0!"
    )
    assert _text("co\u00adoper\u00adate zero\u200bwidth") == "cooperate zerowidth"
    assert _text("one\u2028two\x85three") == "one two…three"


def test_columns_of_a_table_keep_their_spaces() -> None:
    rows = "Alder\t12\t4\nBirch\t9\t11"
    assert _text(rows) == rows


def test_repairs_name_their_rule() -> None:
    article: Article = clean("A &amp; B\n\nC  D")
    assert [(c.op, c.category) for c in article.changes] == [("repair", "repair"), ("repair", "repair")]
    assert [c.rules for c in article.changes] == [["repair/markup"], ["repair/spaces"]]
