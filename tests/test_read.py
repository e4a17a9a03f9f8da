"""Reading: any bytes decode without loss, and blocks are what a reader sees as paragraphs."""

from __future__ import annotations

import pytest

from cleaners.read import decode, newline, segment
from cleaners.wrapping import unwrapped
from tests.samples import PROSE


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


def test_what_whoever_wrote_it_broke_stays_broken() -> None:
    told = "The council voted on Tuesday to close the bridge for the winter, after"
    piers = "its piers had moved by more than the width of a hand since the big flood"
    lines = [told, piers, "| a row of a table that is as wide as what stands above it is |", "b | c | d"]
    lines += ["-----", f"{piers}  ", "May and June"]
    text = "\n".join([WRAPPED, *lines])
    assert _blocks(text)[3:] == ["\n".join(lines[:2]), *lines[2:5], piers, "May and June"]


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


def test_verse_and_one_paragraph_a_line_are_not_taken_for_wrapped_text() -> None:
    verse = (
        "The harbour lamp is burning low tonight beside the quay,\nand no one\nkeeps it\nany more\nthan me"
    )
    assert len(_blocks("\n\n".join([verse] * 4))) == 20
    lines = "\n".join(f"The mayor of town number {n} said on Tuesday that it would not do." for n in range(9))
    assert len(_blocks(lines)) == 9


@pytest.mark.parametrize(
    ("text", "kind"),
    [("a", None), ("a\nb", "\n"), ("a\r\nb", "\r\n"), ("a\rb", "\r"), ("a\r\nb\nc", "mixed")],
)
def test_the_newline_is_named(text: str, kind: str | None) -> None:
    assert newline(text) == kind
