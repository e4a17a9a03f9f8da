"""Notes on errors stay in the text: they are the newsroom's word on its own story."""

from __future__ import annotations

import pytest

from cleaners import clean
from cleaners.corrections import is_correction
from cleaners.explaining import explain
from cleaners.read import Source
from cleaners.settings import Settings

STORY = """The harbour board voted on Tuesday to close the old stone quay until the spring, after engineers \
found that its outer wall had settled by a hand's breadth.

The quay was built in 1841 and carried the coal trade until the railway came. It has been listed since 1978, \
and its lamps are lit by hand on the last night of the year.

Fishermen who land their catch there will be moved to the north pier, where the county has promised them a \
crane and a cold store. Several of them doubted that either would be ready in time.

Divers will look at the footings in June, and the board expects to have their report in its hands by the end of \
July, before the herring fleet comes home.
"""
NOTES = [
    "Editor's note: This story was updated on May 2 to include a comment from the ministry.",
    "Editor’s Note: This article has been corrected to show that the quay was built in 1841.",
    "Correction: The vote was 5-2, not 6-1.",
    "CORRECTION, May 2, 2024: The name of the engineer was misspelled.",
    "This article was amended on 2 May 2024. An earlier version gave the wrong year.",
    "• This article was amended on 2 May 2024 to clarify the depth of the footings.",
    "A previous version of this article misspelled Moira Tansley's name.",
    "Note: This piece has been updated to correct a date.",
    "Korrektur: In einer früheren Version dieses Artikels hieß es, die Mole sei von 1814. Das ist falsch.",
    "Hinweis der Redaktion: Wir haben den Artikel nachträglich ergänzt.",
    "Transparenzhinweis: Wir haben die Zahl der Lampen korrigiert.",
    "Erratum : la jetée a été construite en 1841, et non en 1814.",
    "Cet article a été modifié le 2 mai pour préciser la date du vote.",
    "Fe de errores: En una versión anterior de este artículo se decía que el muelle es de 1814.",
    "Esta noticia ha sido corregida.",
    "Correzione: in una versione precedente si leggeva che il molo è del 1814.",
    "Uma versão anterior deste texto dizia que o cais é de 1814.",
    "Correctie: in een eerdere versie van dit artikel stond dat de kade uit 1814 is.",
    "Sprostowanie: w poprzedniej wersji tekstu podaliśmy błędną datę.",
    "Rättelse: I en tidigare version av artikeln stod fel årtal.",
    "Исправление: в предыдущей версии статьи был указан неверный год.",
    "訂正：記事の初出時、年号に誤りがありました。",
    "この記事は5月2日に年号を修正しました。",
]
RESIDUE = [
    "Corrections and clarifications | Submit a news tip",
    "Report a correction",
    "Spotted a mistake in this story? Let us know at corrections@tarnwick.example.",
    "This story was updated on 12 May at 5 p.m.",
    "Update your preferences",
]


@pytest.mark.parametrize("note", NOTES)
@pytest.mark.parametrize(
    "place", ["{note}\n\n{story}", "{story}\n{note}\n", "{story}\nLeave a Comment\n\n{note}\n"]
)
def test_notes_on_errors_stay_wherever_they_stand(note: str, place: str) -> None:
    article = clean(place.format(note=note, story=STORY), settings=Settings(language=False))
    assert note in article.text
    assert not [
        asked for asked in article.review if note in article.text and asked.rule.startswith("evidence")
    ]


@pytest.mark.parametrize("line", RESIDUE)
def test_lines_of_the_site_that_speak_of_corrections_go(line: str) -> None:
    assert not is_correction(line)
    assert line not in clean(f"{STORY}\n{line}\n", settings=Settings(language=False)).text


def test_the_story_is_no_correction_of_itself() -> None:
    assert not any(is_correction(paragraph) for paragraph in STORY.split("\n\n"))


def test_explain_says_why_a_note_stays() -> None:
    told = explain(Source(f"{STORY}\n{NOTES[0]}\n"))
    last = told.blocks[-1]
    decided = [decision for decision in last.decisions if decision.outcome == "decided"]
    assert (last.role, [decision.rule for decision in decided]) == ("body", ["correction/note"])


def test_the_rule_can_be_left_out() -> None:
    settings = Settings(language=False, without=frozenset({"correction"}))
    assert NOTES[0] not in clean(f"{STORY}\n{NOTES[0]}\n", settings=settings).text
