"""Tables below a story stay: results, prices, chronicles, what goes into a dish."""

from __future__ import annotations

import pytest

from cleaners import clean, evidence
from cleaners.read import Source, read
from cleaners.signs import NAMES
from cleaners.tabular import has_cells, is_author_and_year, is_cited, is_data, tables
from tests.test_company import STORY

TABLES = {
    "labels": ["Good to know", "Opens: Friday at noon", "Where: Old Malt House, Tolland", "Entry: 9 crowns"],
    "votes": ["How Tolland voted", "Mette Vold (Reform) 8,114", "Jon Aske (Centre) 7,902", "Turnout 58.4 %"],
    "scores": ["Tolland 2, Marl 2", "Dray 31, Ossel 14", "Port Amery 0, Callan 1"],
    "standings": ["Tolland 9 7 1 1 22", "Marl 9 6 2 1 20", "Ossel 9 2 2 5 8"],
    "dish": ["You need", "350 g rye flour", "2 eggs", "1 tsp caraway", "½ cup of buttermilk"],
    "plat": ["Il faut", "200 g de farine", "2 œufs", "1 cuillère à café de sel"],
    "dates": ["Le bac", "1911 : première traversée", "1962 : la tempête", "2015 : le nouveau bac"],
    "programme": ["19.00 Choir of the dockers", "19:40 Speeches", "8.15 p.m. Fireworks"],
    "chronicle": ["1974: The mill burns", "1981: It is bought by the town", "2019: A roof at last"],
    "years": [
        "A mill and its years",
        "1974",
        "The mill burns",
        "1981",
        "The town buys it",
        "2019",
        "A roof at last",
    ],
    "meetings": [
        "Where it is shown",
        "Marl: 4 March, 7 p.m.",
        "Dray: 6 March, 7 p.m.",
        "Ossel: 9 March, 11 a.m.",
    ],
    "ballot": [
        "For: Vold, Aske, Moe, Lie",
        "Against: Dahl, Berg, Hagen, Lund, Bakke, Strand",
        "Absent: Vik, Lien, Moen",
    ],
    "bullets": ["• Length: 41 metres", "• Crew: 12", "• Draught: 3.2 metres"],
}
NO_TABLES = {
    "headlines": [
        "Marl: bakers win again",
        "Dray: a bridge too few",
        "The mayor of Ossel: why I go and where to",
    ],
    "addresses": ["12 Quay Road, Marl 4, MR 20417", "9 Mill Lane 3, Dray, DR 20418", "1 High St 2, DR 20418"],
    "teasers": ["Marl bakers win 2 prizes", "Jan 14, 8:02 AM", "Dray: 3 ferries late", "Jan 13, 6:40 PM"],
    "prices": ["Raincoat 12 in red $49", "Boots 7 in black $79", "Hat 2 in green $19"],
    "telephones": ["Desk 1: 555-0142", "Sport 2 555-0143", "News 3 555-0144"],
    "sentences": [
        "It has 3 decks and 12 cabins.",
        "In 2 years 40 men built it.",
        "It sank in 9 minutes, 30 years on.",
    ],
    "settings": ["Language: English", "Theme: dark", "Text: large"],
    "counts": ["12 comments", "3 shares", "4 min read"],
    "archive": ["2022", "2021", "2020", "2019"],
    "two": ["Tolland 2, Marl 2", "Dray 31, Ossel 14"],
}


@pytest.mark.parametrize("lines", TABLES.values(), ids=TABLES)
def test_a_table_is_found_with_its_title(lines: list[str]) -> None:
    assert tables(range(1, len(lines) + 1), ["Much is told.", *lines], 3) == {*range(1, len(lines) + 1)}


@pytest.mark.parametrize("lines", TABLES.values(), ids=TABLES)
def test_a_table_below_the_story_stays(lines: list[str]) -> None:
    text = "\n\n".join([*STORY, *lines])
    assert clean(text).text == text


@pytest.mark.parametrize("lines", NO_TABLES.values(), ids=NO_TABLES)
def test_what_else_has_figures_and_colons_is_no_table(lines: list[str]) -> None:
    assert tables(range(len(lines)), lines, 3) == set()


LISTS = {
    "names": ["The crew", "Ada Morrow", "Jon Bray", "Nils Aske"],
    "works": [
        "Three books of the sea",
        "Cold Decks, by Ada Morrow",
        "Salt, by Jon Bray",
        "Ropes, by Nils Aske",
    ],
    "stops": [
        "The boat calls at:",
        "Fish Market",
        "Old Mill",
        "Custom House",
        "Ropewalk",
        "St Olave's",
        "Pilot Steps",
    ],
}


@pytest.mark.parametrize("lines", LISTS.values(), ids=LISTS)
def test_a_list_below_the_story_stays(lines: list[str]) -> None:
    text = "\n\n".join([*STORY, *lines])
    assert clean(text).text == text


WORKS = {
    "headed": [
        "Works cited",
        "Pier survey of 2019, sheet 4",
        "https://oldmere.example/piers/4",
        "Ledger, 1811",
    ],
    "quellen": ["Quellen", "https://oldmere.example/piers", "Garrow: Piere, 1987"],
    "authors": [
        "Garrow, E. (1987). Piers of the east coast.",
        "Bray, Jon, and A. Morrow. 2002. On mud. Marl.",
    ],
    "numbered": ["[1] Garrow, E. (1987). Piers of the coast.", "[2] Bray, J. (2002a). On mud and on stone."],
}
NO_WORKS = {
    "menu": ["Follow us", "Marl Today 2024", "https://marl.example/follow"],
    "teasers": ["Jon Bray, Editor, Jan 14, 2024", "Ada Morrow, Senior Writer, Jan 13, 2024"],
    "stamps": ["Washington, D.C. (4/8/2026)", "Marl, MR 20417"],
}


def _judged_foreign(lines: list[str], monkeypatch: pytest.MonkeyPatch) -> set[int]:
    """Which of the lines below a story go where all of them look foreign."""
    size = len(STORY)
    looks = {at: evidence.Look([0.0] * len(NAMES), [], 1.5, 0.03) for at in range(size, size + len(lines))}
    monkeypatch.setattr(evidence, "_look", lambda sight, model: looks)
    edits = evidence.judge(0.35, 0.9)(read(Source("\n\n".join([*STORY, *lines]))))
    return {edit.block - size for edit in edits if edit.is_carried_out(0.9)}


@pytest.mark.parametrize("lines", WORKS.values(), ids=WORKS)
def test_the_works_that_a_story_rests_on_stay(lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert _judged_foreign([*lines, "Subscribe to the Ledger"], monkeypatch) == {len(lines)}


@pytest.mark.parametrize("lines", NO_WORKS.values(), ids=NO_WORKS)
def test_years_and_addresses_alone_are_no_works(lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert _judged_foreign(lines, monkeypatch) == set(range(len(lines)))


def test_a_list_in_which_the_site_speaks_goes() -> None:
    lines = ["The crew", "Ada Morrow", "Jon Bray", "Sign up for our newsletter", "Nils Aske"]
    assert clean("\n\n".join([*STORY, *lines])).text == "\n\n".join(STORY)


def test_what_stands_apart_is_no_table() -> None:
    lines = ["Crew: 12", "Marl", "Dray", "Draught: 3 metres", "Ossel", "Callan", "Length: 41 metres"]
    assert tables(range(len(lines)), lines, 3) == set()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "•",
        ":",
        "4",
        "Marl",
        "It sails at 4: so be there.",
        "https://marl.example: 2",
        "Write: desk@marl.example",
    ],
)
def test_what_is_no_data(text: str) -> None:
    assert not is_data(text)


@pytest.mark.parametrize("part", ["1", "a, b", ", ", "1 ", "a: ", "a ", "1.", "1:", ": ", "½ ", "• "])
def test_hostile_lines_take_linear_time(part: str) -> None:
    text = part * 50_000
    assert (is_data(text), is_cited(text), is_author_and_year(text)) == (False, False, False)


CELLS = {
    "grid": ["Ferries", "Marl", "12", "2.9 %", "Dray", "7", "1.1 %", "Ossel", "40", "3 %"],
    "prices": ["Bill", "$10.00", "$1.00", "$20.00", "$2.00", "$1,040.00", "$104.00"],
}
NO_CELLS = {
    "pages": ["1", "2", "3", "4", "5", "Next"],
    "parts": ["Contents", "1", "Marl", "1.1", "Dray", "1.2", "Ossel", "2", "Sant", "2.1", "Oldmere"],
    "dates": ["Marl", "09.10.2023", "Dray", "20.01.2024", "Ossel", "11.07.2023", "04.02.2024", "01.01.2024"],
    "few": ["12", "7", "40", "Marl", "9"],
    "words": ["Marl", "12", "Dray", *["A ferry sails"] * 12, "7", "40", "3", "1"],
}


@pytest.mark.parametrize("name", [*CELLS, *NO_CELLS])
def test_cells_below_one_another_are_a_table_and_what_is_counted_up_is_none(name: str) -> None:
    assert has_cells({**CELLS, **NO_CELLS}[name], 5) == (name in CELLS)


@pytest.mark.parametrize("name", CELLS)
def test_a_table_of_cells_stays_within_the_story(name: str) -> None:
    lines = [*STORY[:2], *CELLS[name] * 3, *STORY[2:]]
    assert [line for line in clean("\n\n".join(lines)).text.split("\n") if line] == lines
