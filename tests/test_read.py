"""Reading: any bytes decode without loss, and blocks are what a reader sees as paragraphs."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

from cleaners import seams
from cleaners.read import decode, newline, segment
from cleaners.wrapping import unwrapped
from tests.samples import PROSE, ROOT


def _blocks(source: str) -> list[str]:
    return [source[block.start : block.end] for block in segment(source)]


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (b"plain", "utf-8"),
        ("Grüße".encode(), "utf-8"),
        ("\ufeffGrüße".encode(), "utf-8"),
        ("\ufeffGrüße".encode("utf-16-le"), "utf-16-le"),
        ("\ufeffGrüße".encode("utf-16-be"), "utf-16-be"),
        ("\ufeffGrüße".encode("utf-32-le"), "utf-32-le"),
        (b"", "utf-8"),
    ],
)
def test_unicode_is_known_by_its_mark_or_by_being_valid(data: bytes, encoding: str) -> None:
    assert decode(data).encoding == encoding
    assert decode(data).text.encode(encoding) == data


CODE_PAGES = {
    "de": "cp1252", "fr": "cp1252", "es": "cp1252", "pt": "cp1252", "it": "cp1252", "nl": "cp1252",
    "sv": "cp1252", "pl": "cp1250", "tr": "cp1254", "ru": "koi8_r", "uk": "cp1251", "ar": "cp1256",
    "he": "cp1255", "ja": "shift_jis", "zh": "gb18030",
}  # fmt: skip


@pytest.mark.parametrize("language", CODE_PAGES)
def test_the_code_pages_of_newsrooms_are_recognized(language: str) -> None:
    path = next(path for path in PROSE if path.stem.split("-")[1] == language)
    data = path.read_text(encoding="utf-8").encode(CODE_PAGES[language], "ignore")
    assert decode(data).text == data.decode(CODE_PAGES[language])
    assert decode(data).data == data


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("language", ["en", "de", "pl", "tr", "ru", "uk", "bg", "el", "ar", "he", "fa"])
def test_utf16_without_a_mark_is_recognized_where_letters_have_a_byte_that_no_other_text_has(
    order: str, language: str
) -> None:
    path = next(path for path in PROSE if path.stem.split("-")[1] == language)
    data = path.read_text(encoding="utf-8").encode(order)
    assert decode(data).encoding == order
    assert decode(data).data == data
    assert decode(data[:-1]).data == data[:-1]


@pytest.mark.parametrize(
    "data",
    [
        b"Two\0words",
        b"\0" * 64,
        b"a\0",
        b"\0plain text that begins with NUL",
        b"\1\2" * 32,
        b"a\0b\0 and more.",
    ],
)
def test_text_with_a_stray_nul_is_no_utf16(data: bytes) -> None:
    assert decode(data).encoding == "utf-8"


def test_a_declared_encoding_is_believed_after_strict_utf8_failed() -> None:
    assert decode("Grüße".encode("cp437"), declared="cp437").text == "Grüße"
    assert decode("Grüße".encode(), declared="cp437").text == "Grüße"
    assert decode("Grüße".encode(), declared="no-such-encoding").text == "Grüße"


def test_text_with_lone_surrogates_is_read_as_its_bytes() -> None:
    decoded = decode("half \ud83d")
    assert decoded.data == "half \ud83d".encode("utf-8", "surrogatepass")
    assert decoded.text.encode(decoded.encoding) == decoded.data


def test_a_block_is_a_line_without_blanks_at_its_edges() -> None:
    assert _blocks("\ufeff  One.\t\n\n \u3000Two.\r\n\r\nThree.\rFour.") == [
        "One.",
        "Two.",
        "Three.",
        "Four.",
    ]


def test_lines_of_no_break_spaces_are_empty_but_edges_may_be_half_a_letter() -> None:
    assert _blocks("One.\n\u00a0\u00a0\nÃ\u00a0") == ["One.", "Ã\u00a0"]


def test_characters_that_only_python_calls_line_breaks_do_not_cut() -> None:
    assert _blocks("a\x85b\u2028c\x0cd\x1ce") == ["a\x85b\u2028c\x0cd\x1ce"]


WRAPPED = """\
The council voted on Tuesday to close the bridge for the winter, after
engineers found that two of its piers had moved by more than the width
of a hand since the flood.

Traders on the far bank say that they were not asked, and that a closed
bridge in December will cost them the only month in which they earn.

• The first thing the council wants to know is how long the work on the
northern pier will take.
"""


def test_a_hard_wrapped_paragraph_is_one_block() -> None:
    assert [block.count("\n") for block in _blocks(WRAPPED)] == [2, 1, 1]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_what_whoever_wrote_it_broke_stays_broken(end: str) -> None:
    told = "The council voted on Tuesday to close the bridge for the winter, after"
    piers = "its piers had moved by more than the width of a hand since the big flood"
    lines = [told, piers, "| a row of a table that is as wide as what stands above it is |", "b | c | d"]
    lines += ["-----", f"{piers}  ", "May and June"]
    text = "\n".join([WRAPPED, *lines]).replace("\n", end)
    assert _blocks(text)[3:] == [end.join(lines[:2]), *lines[2:5], piers, "May and June"]


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        (["The well-", "known plan"], "The well-known plan"),
        (["The first-", "and second-largest"], "The first- and second-largest"),
        (["From 2031 -", "the year"], "From 2031 - the year"),
        (["[a](/b-", "c-", "d) e-", "f"], "[a](/b-c-d) e-f"),
        (["<https://a.example/b-", "c>", "d"], "<https://a.example/b-c> d"),
        (["see https://a.example/b-", "2 now"], "see https://a.example/b-2 now"),
        (["> a b", "> c"], "> a b c"),
        (["委員会は、橋を閉", "鎖することを決めた"], "委員会は、橋を閉鎖することを決めた"),
        (["  a ", " b"], "a b"),
        (
            ["The crew of", "Aldermoor", ", who", "(", "again", ") met", "Jane", "’s boat", "."],
            "The crew of Aldermoor, who (again) met Jane’s boat.",
        ),
        (["T", "he ferry"], "The ferry"),
        (["A", "ferry"], "A ferry"),
        (["Il a dit ", "ceci", " : « non", " » et", "ceci", ": non"], "Il a dit ceci : « non » et ceci: non"),
    ],
)
def test_wrapped_lines_are_joined_as_they_were(lines: list[str], joined: str) -> None:
    assert unwrapped(lines) == joined


TORN = """\
Aldermoor Gazette
Council sends bridge back
The council of
Aldermoor
, which has met every Monday since the
flood of 2031
, sent the plan of the new bridge back to its engineers.
Traders on the far bank told the
Cray Observer
that they were
not asked
, and “
nobody will
” before the winter.
More by
Paul Fenwick
You must bring to the ferry landing:
a lantern
a loaf of bread
a blanket
P
aul Fenwick, who keeps the ferry, said that what the council calls a plan is a
sketch
.
About us
instagram
youtube
"""


def test_lines_torn_at_links_are_paragraphs_again_and_lists_and_menus_are_not() -> None:
    assert [unwrapped(block.split("\n")) for block in _blocks(TORN)] == [
        "Aldermoor Gazette",
        "Council sends bridge back",
        "The council of Aldermoor, which has met every Monday since the flood of 2031, sent the plan of the new"
        " bridge back to its engineers.",
        "Traders on the far bank told the Cray Observer that they were not asked, and “nobody will” before the"
        " winter.",
        "More by",
        "Paul Fenwick",
        "You must bring to the ferry landing:",
        "a lantern",
        "a loaf of bread",
        "a blanket",
        "Paul Fenwick, who keeps the ferry, said that what the council calls a plan is a sketch.",
        "About us",
        "instagram",
        "youtube",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "the harbour lamp\nis burning low\n, low, low\nbeside the quay\nand no one\nkeeps it\nany more\nthan me",
        "call(\na\n, b\n);\ncall(\nc\n, d\n);\nif (x) {\n}",
        "A lantern\n.\nA loaf of bread\n.\nA blanket\n.\nand a rope",
        "The council of\n\nAldermoor\n\n, which met\n\n, and met\n\n, sent the plan back to its engineers.",
    ],
)
def test_verse_code_and_what_blank_lines_part_are_not_taken_for_torn_text(text: str) -> None:
    assert _blocks(text) == [line for line in text.split("\n") if line]


BROKEN = """The council of Aldermoor met, and sent the plan back
to its engineers
The council of Aldermoor, which has met every Monday since the flood of 2031, sent
    the plan of the new bridge back to its engineers, and asked them whether the old piers, which
    nobody has looked at since, will stand for another hundred years.
Traders on the far bank were not asked, they told the Cray Observer on Tuesday, and
    nobody will cross.
You must bring to the ferry landing, which is a mile below the old bridge, by nine:
a lantern
a loaf of bread and whatever else you can carry for an hour
Mend the engine, or write to the harbour board of Aldermoor = the owners of the ferry
and wait for an answer (call repair() in the meantime) before the winter
"""


def test_lines_that_go_on_in_the_next_are_one_paragraph() -> None:
    lines = BROKEN.splitlines()
    assert [unwrapped(block.split("\n")) for block in _blocks(BROKEN)] == [
        *lines[:2],
        unwrapped(lines[2:5]),
        unwrapped(lines[5:7]),
        *lines[7:],
    ]


def test_verse_and_one_paragraph_a_line_are_not_taken_for_wrapped_text() -> None:
    verse = (
        "The harbour lamp is burning low tonight beside the quay,\nand no one\nkeeps it\nany more\nthan me"
    )
    assert len(_blocks("\n\n".join([verse] * 4))) == 20
    lines = "\n".join(f"The mayor of town number {n} said on Tuesday that it would not do." for n in range(9))
    assert len(_blocks(lines)) == 9


RUN_TOGETHER = (
    "HomeNewsSportLog inMost readCouncil sends the bridge backBy Annis Tidewell12 March 2031The council of"
    " Aldermoor met on Monday to hear what the bridge will cost.It sent the plan back to its engineers, who"
    ' had shown it on YouTube.“We have forty questions,” said the clerk.Her list is as long as the bridge."It will take a'
    ' whole year."The council of McAllister, the next town, paid 3.50 a rivet (see www.bridges.example/Plan.Pdf) in'
    " 2029.It regrets that now, said the clerk of its council.Read more about the bridgeThe ferry leaves at nine for nowContact usImprint"
)


def test_blocks_that_were_run_together_are_parted() -> None:
    assert _blocks(RUN_TOGETHER) == [
        *("Home", "News", "Sport", "Log in", "Most read", "Council sends the bridge back"),
        *("By Annis Tidewell", "12 March 2031"),
        "The council of Aldermoor met on Monday to hear what the bridge will cost.",
        "It sent the plan back to its engineers, who had shown it on YouTube.",
        "“We have forty questions,” said the clerk.",
        "Her list is as long as the bridge.",
        '"It will take a whole year."',
        "The council of McAllister, the next town, paid 3.50 a rivet (see www.bridges.example/Plan.Pdf) in 2029.",
        "It regrets that now, said the clerk of its council.",
        "Read more about the bridge",
        *("The ferry leaves at nine for now", "Contact us", "Imprint"),
    ]


def test_quotations_open_and_close_where_blocks_were_run_together() -> None:
    said = (
        "Der Rat hat sehr lange gezögert.„Wir haben viele Fragen an euch alle.“Die Antwort kam dann erst im März.Die Leser und"
        " LeserInnen warten noch darauf."
    )
    assert _blocks(said * 2)[:4] == [
        "Der Rat hat sehr lange gezögert.",
        "„Wir haben viele Fragen an euch alle.“",
        "Die Antwort kam dann erst im März.",
        "Die Leser und LeserInnen warten noch darauf.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "One slip in the paper.Two is a slip as well. " + "The ferry left at nine for the far bank. " * 9,
        "If the call to os.Create fails, close it. If the call to os.Close fails, so be it. " * 4,
        "call the test. func TestRow() { row = New(Row) } and run it.The call to it ends.It() works.Go on. "
        * 4,
        "Uyise wafudukela eKapa emva koko. "
        + "Bafika kunye neNtombi yabo namhlanje.Bonke bahlala kwiDolophu. "
        "Abantu base-Afrika bahlala eMonti, eGcuwa, kwiNtaba, yiNkosi noSipho, ngoLwesine.",
        "The plan of the J.R.Tolland bridge. It has 3.5 rivets. It is on Bridges.Example and at a@b.Example. "
        * 4,
    ],
)
def test_slips_code_names_and_addresses_are_not_taken_for_seams(text: str) -> None:
    assert len(_blocks(text)) <= 1 + text.count("namhlanje.Bonke")


@pytest.mark.parametrize(
    "path", [*PROSE, *sorted((ROOT / "tests" / "guard").glob("*.txt"))], ids=lambda path: path.stem
)
def test_clean_prose_has_no_seams(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    spans = [(line.start(), line.end()) for line in re.finditer(r"[^\n]+", text)]
    assert seams.cut(text, spans) is spans


@pytest.mark.parametrize("path", PROSE, ids=lambda path: path.stem)
def test_prose_that_is_run_together_is_parted_where_its_paragraphs_end(path: Path) -> None:
    """Where its script has capitals. Nothing is parted elsewhere, but that of a mark between two quotations
    nobody can always say whose it is."""
    paragraphs = path.read_text(encoding="utf-8").split("\n\n")
    text = "".join(map(str.strip, paragraphs))
    edges = {0, *itertools.accumulate(len(paragraph.strip()) for paragraph in paragraphs)}
    cuts = {edge for span in seams.cut(text, [(0, len(text))]) for edge in span}
    assert {edge for edge in cuts - edges if text[edge] not in "”»"} == set()


@pytest.mark.parametrize(
    ("text", "kind"),
    [("a", None), ("a\nb", "\n"), ("a\r\nb", "\r\n"), ("a\rb", "\r"), ("a\r\nb\nc", "mixed")],
)
def test_the_newline_is_named(text: str, kind: str | None) -> None:
    assert newline(text) == kind
