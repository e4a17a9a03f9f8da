"""The judgement on what no rule knows: stray headlines go, odd forms of writing stay whole."""

from __future__ import annotations

import itertools
import random
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pytest

from cleaners import Settings, clean, evidence, pipeline, signs, surroundings
from cleaners.cli import run
from cleaners.forest import Forest
from cleaners.model import Document, Edit, apply
from cleaners.read import Source, read
from cleaners.signs import Sight

STORY = (
    "The ferry between Oldmere and the island of Sant stopped running on Tuesday after the harbour board found"
    " cracks in the pier, and the board said that repairs would take at least six weeks.",
    "Mayor Elin Garrow told the council that a smaller boat would carry post, medicine and schoolchildren, but"
    " that lorries would have to wait until the pier had been inspected by engineers from the mainland.",
    "Fishermen in Oldmere offered to take passengers in their own boats. The harbour board thanked them and"
    " refused, because none of the boats is insured to carry more than four people at a time.",
    "“We have been through worse winters than this one,” said Tomas Brandt, who has run the island shop for"
    " thirty years and keeps enough flour in his cellar to last the whole island until the spring.",
    "The council meets again on Friday to decide who pays for the smaller boat. The mayor said that the county"
    " had promised half of the money, and that the harbour board would have to find the other half itself.",
    "Engineers last looked at the pier in the year after the great storm, when the board replaced eleven of its"
    " forty piles, and a report of that time warned that the others would not last another twenty years.",
)
FORMS = {
    "poem": """\
The lamp is lit above the quay
The nets are mended, row on row
And no one asks the patient sea
What only drowned men know

The keeper counts the boats by name
He counts them twice, he counts them slow
And every night it is the same
And every night they go""",
    "interview": """\
Did you sleep?
A little.
On the pier?
Where else?
And the cold?
You get used to it.
Would you do it again?
Tomorrow, if they ask.
Why?
Somebody has to.""",
    "live blog": """\
18.40
The council has begun. All seats are taken.
18.52
Mayor Garrow asks for calm.
19.05
First vote: nine for, four against.
19.20
A break. Soup is served.
19.45
Second vote: tied.""",
    "list": """\
What the smaller boat will carry:
- post and parcels
- medicine on Mondays
- children under twelve
- no lorries
- no livestock
- bread""",
    "recipe": """\
Ingredients
500 g flour
2 eggs
1 pinch of salt
200 ml milk
Method
Stir flour and salt.
Add eggs and milk.
Rest for an hour.""",
    "table": """\
Boat | Seats | Hours
Sant II | 40 | 6
Oldmere | 12 | 4
Gull | 4 | 9""",
    "code": """\
def tide(hour):
    low = 6.2
    return low + 2 * hour
print(tide(3))""",
    "capitals": """\
OLDMERE, MARCH 3 (WIRE) - THE FERRY TO SANT HAS STOPPED.
CRACKS IN PIER, SAYS BOARD.
SIX WEEKS OF REPAIRS.
MAYOR PROMISES SMALLER BOAT.""",
    "transcript": """\
GARROW: Order, please.
BRANDT: I have the floor.
GARROW: You have two minutes.
BRANDT: I need one.
(Laughter.)
GARROW: Go on, then.""",
    "law": """\
Section 1. Berths
(1) No vessel shall lie at the pier for more than two hours.
(2) Subsection (1) does not apply to the lifeboat.
Section 2. Fees
(1) The fee is four crowns.
(2) The board may waive it.""",
    "quotations": """\
“We wait.” Elin Garrow, mayor
“We have flour.” Tomas Brandt, shopkeeper
“We have no boat.” Ines Holt, teacher
“We have time.” Old Per""",
    "brief": """\
The ferry to Sant has stopped.
The harbour board found cracks in the pier.
A smaller boat sails on Monday.""",
}
STRAY = "Mainland orchards count the cost of a late April frost"
CAUTIOUS = 0.0


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("max_risk", [CAUTIOUS, Settings().max_risk])
def test_odd_forms_of_writing_stay_whole(form: str, max_risk: float) -> None:
    lines = _lines(FORMS[form])
    article = clean("\n".join(lines), settings=Settings(max_risk=max_risk))
    assert _lines(article.text) == lines


@pytest.mark.parametrize("form", FORMS)
def test_odd_forms_of_writing_stay_whole_inside_a_story(form: str) -> None:
    lines = [*STORY[:3], *_lines(FORMS[form]), *STORY[3:]]
    article = clean("\n".join(lines))
    assert _lines(article.text) == lines


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_a_brief_of_a_few_paragraphs_stays_whole(size: int) -> None:
    assert _lines(clean("\n\n".join(STORY[:size])).text) == list(STORY[:size])


@pytest.mark.parametrize(
    "stray", [STRAY, "Kestrel pair returns to the chimney of the brewery in Dunholt", STRAY.upper()]
)
def test_another_storys_headline_between_paragraphs_goes(stray: str) -> None:
    assert _lines(clean("\n\n".join([*STORY[:3], stray, *STORY[3:]])).text) == list(STORY)


def test_a_subheading_that_the_story_takes_up_stays() -> None:
    lines = [*STORY[:2], "Fishermen offer boats", *STORY[2:4], "Who pays for the smaller boat", *STORY[4:]]
    assert _lines(clean("\n\n".join(lines)).text) == lines


@pytest.mark.parametrize(
    ("between", "stays"),
    [
        (["Half the money"], True),
        (["Half the money:"], False),
        (["Half of the money at last"], False),
        (["Advertisement", "Half the money"], True),
        (["Half the money", "Boats"], False),
    ],
)
def test_a_few_words_right_above_a_paragraph_stay(
    between: list[str], stays: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    doc = read(Source("\n\n".join([*STORY[:3], *between, *STORY[3:]])))
    at = 3 + next(n for n, line in enumerate(between) if line.startswith("Half"))
    ads = [Edit(3, "ad/label", "x", "boilerplate")] if between[0] == "Advertisement" else []
    foreign = {at: evidence.Look(AT_A_GLANCE, [], 0.0, 0.07)}
    monkeypatch.setattr(evidence, "_look", lambda sight, model: foreign)
    edits = evidence.judge(0.35, 0.9)(apply(doc, ads, 0.9))
    assert [edit.block for edit in edits if edit.is_carried_out(0.9)] == ([] if stays else [at])


@pytest.mark.parametrize(
    ("label", "voice", "in_sentences", "stays"),
    [
        ("Subscribe", 0.5, False, False),
        ("Read more", 0.5, False, False),
        ("Read more boats", 0.5, False, True),
        ("Read more", 0.0, False, True),
        ("Read more", 0.5, True, True),
    ],
)
def test_a_word_or_two_of_the_site_above_a_paragraph_is_no_subheading(
    label: str, voice: float, in_sentences: bool, stays: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = [f"The clerk of harbour number {n} has read every line of the ledger." for n in range(8)]
    doc = read(
        Source(
            "\n\n".join([*story[:3], label, *story[3:]] if in_sentences else [*STORY[:3], label, *STORY[3:]])
        )
    )
    monkeypatch.setattr(
        evidence, "_look", lambda sight, model: {3: evidence.Look(AT_A_GLANCE, [], voice, 0.1)}
    )
    [*edits] = evidence.judge(0.35, 0.9)(doc)
    assert [edit.block for edit in edits if edit.is_carried_out(0.9)] == ([] if stays else [3])


@pytest.mark.parametrize(
    ("voices", "risks", "is_mixed"),
    [
        ([0.0] * 6, [0.1] * 6, False),
        ([0.0] * 6, [0.1] * 4 + [0.6] * 2, True),
        ([0.0] * 6, [0.45] * 6, True),
        ([2.0] * 4 + [0.0] * 2, [0.1] * 4 + [0.6] * 2, False),
        ([2.0] * 3 + [0.0] * 3, [0.1] * 4 + [0.6] * 2, True),
    ],
)
def test_a_row_goes_where_it_is_foreign_as_a_whole_or_mostly_sounds_like_the_site(
    voices: list[float], risks: list[float], is_mixed: bool
) -> None:
    looked = {
        at: evidence.Look([], [], voice, risk)
        for at, (voice, risk) in enumerate(zip(voices, risks, strict=True))
    }
    assert evidence._is_mixed(range(6), looked, 0.35) == is_mixed


AT_A_GLANCE = [0.0] * len(signs.NAMES)
AT_A_GLANCE[signs.NAMES.index("end")] = signs.NOTHING


TOLD = list(AT_A_GLANCE)
TOLD[signs.NAMES.index("end")] = signs.STOP
TOLD[signs.NAMES.index("words")] = 9
CALL = "Send us what you saw on the quay tonight."
TIMES = ["18.40", "7 pm", "19:20 The vote is tied"]


@pytest.mark.parametrize(
    ("at", "loud", "voice", "risk", "goes"),
    [
        (len(STORY), "below", 3.5, 0.3, True),
        (len(STORY), "", 3.5, 0.3, False),
        (len(STORY), "", 3.5, 0.08, True),
        (3, "within", 3.5, 0.3, False),
        (3, "within", 3.5, 0.15, True),
        (3, "within", 4.5, 0.3, True),
        (3, "within", 4.5, 0.4, False),
        (3, "", 4.5, 0.05, False),
    ],
)
def test_a_sentence_that_is_loud_below_the_story_or_loudest_within_goes_at_the_risk_of_a_line(
    at: int,
    loud: evidence.Loud,
    voice: float,
    risk: float,
    goes: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    doc = read(Source("\n\n".join([*STORY[:at], CALL, *STORY[at:]])))
    foreign = {at: evidence.Look(TOLD, [], voice, risk, loud)}
    monkeypatch.setattr(evidence, "_look", lambda sight, model: foreign)
    edits = list(evidence.judge(0.35, 0.9)(doc))
    assert [edit.is_carried_out(0.9) for edit in edits] == [goes]


@pytest.mark.parametrize(
    ("voice", "story", "beside", "is_loud"),
    [
        (3.5, -2.0, [], True),
        (2.7, -2.0, [], True),
        (2.3, -2.0, [], False),
        (3.5, -2.0, [STORY[0]], True),
        (2.7, -2.0, [STORY[0]], False),
        (3.5, -0.5, [], False),
        (3.5, -2.0, TIMES[:2], True),
        (3.5, -2.0, TIMES, False),
    ],
)
def test_what_is_loud_is_louder_in_the_story_than_below_and_nothing_is_in_advice_or_a_live_blog(
    voice: float, story: float, beside: list[str], is_loud: bool
) -> None:
    sight = Sight(read(Source("\n\n".join([*STORY, CALL, *beside]))), 0.9)
    assert (len(STORY) in evidence._loud(sight, evidence.Voices({len(STORY): voice}, story))) == is_loud


SENTENCES = [
    f"The harbour board told the {guest} that the old quay would have to wait until the spring."
    for guest in ("mayor", "council", "pilots", "fishermen", "teachers", "school")
]


@pytest.mark.parametrize(
    ("at", "voice", "is_loud"), [(3, 3.5, False), (3, 4.5, True), (6, 3.5, True), (6, 2.7, False)]
)
def test_among_paragraphs_of_one_sentence_it_takes_more_to_be_loud(
    at: int, voice: float, is_loud: bool
) -> None:
    sight = Sight(read(Source("\n\n".join([*SENTENCES[:at], CALL, *SENTENCES[at:]]))), 0.9)
    assert sight.is_terse
    assert (at in evidence._loud(sight, evidence.Voices({at: voice}, -2.0))) == is_loud


@pytest.mark.parametrize(
    ("seen", "changes", "risk"),
    [
        ({}, {}, evidence.RISK_OF_LOUDEST),
        ({}, {"voice": 3.5}, 1.0),
        ({}, {"risk": 0.6}, evidence.RISK_OF_LOUDEST),
        ({}, {"risk": 0.8}, 1.0),
        ({}, {"loud": "below"}, evidence.RISK_OF_LOUDEST),
        ({}, {"loud": ""}, 1.0),
        ({"copies": 2}, {"voice": 1.0, "risk": 1.0}, evidence.RISK_OF_LOUDEST),
        ({"copies": 2}, {"voice": 1.0, "loud": ""}, 1.0),
        ({"copies": 2, "end": signs.NOTHING}, {}, 1.0),
        ({"names_seen": 1}, {}, 1.0),
        ({"start": signs.BULLET}, {}, 1.0),
        ({"end": signs.NOTHING}, {}, 1.0),
    ],
)
def test_the_loudest_sentences_are_known_by_what_is_heard(
    seen: dict[str, float], changes: dict[str, Any], risk: float
) -> None:
    values = list(TOLD)
    for name, value in seen.items():
        values[signs.NAMES.index(name)] = value
    look = evidence.Look(values, [], 4.5, 0.4, "within")._replace(**changes)
    assert evidence._risk_at_sight(look) == risk


@pytest.mark.parametrize(
    ("line", "voice", "risk", "goes"),
    [
        ("Half of the boats, by weight,", 0.0, 0.18, True),
        ("Half of the boats, by weight,", 0.0, 0.25, False),
        ("Half of the boats, by weight,", 0.5, 0.25, True),
        ("Half of the boats at last", 2.0, 0.18, True),
        ("Half of the boats at last", 2.0, 0.25, False),
        ("Half of the boats at last", 3.0, 0.25, True),
    ],
)
def test_a_line_in_the_story_must_sound_like_the_site_to_go_at_the_full_risk(
    line: str, voice: float, risk: float, goes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    doc = read(Source("\n\n".join([*STORY[:3], line, *STORY[3:]])))
    values = Sight(doc, 0.9).look(3)
    monkeypatch.setattr(evidence, "_look", lambda sight, model: {3: evidence.Look(values, [], voice, risk)})
    [edit] = evidence.judge(0.35, 0.9)(doc)
    assert edit.is_carried_out(0.9) == goes


def test_what_is_surely_foreign_may_go_whatever_is_heard() -> None:
    """The lowest bar is the lowest for quiet lines, too."""
    values = list(AT_A_GLANCE)
    for name in ("story_above", "story_below"):
        values[signs.NAMES.index(name)] = 3
    quiet = evidence.Look(values, [], 0.0, 0.05)
    assert quiet.is_quiet
    assert evidence._borne(Sight(read(Source("\n\n".join(STORY))), 0.9), 0.06, quiet) == evidence.LOWEST_BAR


LONG_CALL = "Send us what you saw on the quay tonight, and we will print the best of it on Friday."


@pytest.mark.parametrize(
    ("at", "voice", "risk", "beside", "is_ending"),
    [
        (6, 0.5, 0.08, [], True),
        (6, 0.0, 0.08, [], False),
        (6, 0.5, 0.15, [], False),
        (5, 0.5, 0.08, [], False),
        (6, 0.5, 0.08, TIMES, False),
    ],
)
def test_below_paragraphs_of_one_sentence_what_is_surely_the_sites_need_not_be_loud(
    at: int, voice: float, risk: float, beside: list[str], is_ending: bool
) -> None:
    sight = Sight(read(Source("\n\n".join([*SENTENCES[:at], LONG_CALL, *SENTENCES[at:], *beside]))), 0.9)
    assert sight.is_terse
    assert at in sight.stories
    found = evidence._endings(sight, {at: evidence.Look(TOLD, [], voice, risk)})
    assert found == ([at] if is_ending else [])


def test_paragraphs_that_are_long_have_no_such_ending() -> None:
    sight = Sight(read(Source("\n\n".join([*STORY, LONG_CALL]))), 0.9)
    assert not evidence._endings(sight, {len(STORY): evidence.Look(TOLD, [], 0.5, 0.08)})


@pytest.mark.parametrize(
    ("call", "voice", "copies", "loud"),
    [
        (CALL, 1.0, 2, {2: "within", 4: "within"}),
        (CALL, 1.0, 1, {}),
        (CALL, 0.5, 2, {}),
        (CALL.rstrip("."), 1.0, 2, {}),
        ("Send us what you saw.", 1.0, 2, {}),
    ],
)
def test_a_sentence_that_stands_twice_is_sooner_loud(
    call: str, voice: float, copies: int, loud: dict[int, str]
) -> None:
    again = [call] * (copies - 1)
    sight = Sight(read(Source("\n\n".join([*STORY[:2], call, STORY[2], *again, *STORY[3:]]))), 0.9)
    voices = evidence.Voices({2: voice, 4: voice} if again else {2: voice}, -2.0)
    assert evidence._loud(sight, voices) == loud


@pytest.mark.parametrize(
    ("end", "loud", "risk", "leaves"),
    [
        (signs.STOP, "below", 0.05, True),
        (signs.STOP, "below", 0.2, False),
        (signs.STOP, "within", 0.05, False),
        (signs.NOTHING, "below", 0.3, True),
        (signs.NOTHING, "", 0.05, False),
    ],
)
def test_what_is_loud_below_the_story_is_not_kept_by_its_row(
    end: int, loud: evidence.Loud, risk: float, leaves: bool
) -> None:
    values = list(TOLD)
    values[signs.NAMES.index("end")] = end
    assert evidence.Look(values, [], 4.5, risk, loud).leaves_rows == leaves


def test_three_words_are_never_loud() -> None:
    sight = Sight(read(Source("\n\n".join([*STORY, "Any comments, please?", CALL]))), 0.9)
    voices = evidence.Voices({len(STORY): 9.0, len(STORY) + 1: 9.0}, -2.0)
    assert evidence._loud(sight, voices) == {len(STORY) + 1: "below"}


def test_above_the_story_of_a_live_blog_and_without_one_nothing_is_an_entry_by_itself() -> None:
    look = evidence.Look(AT_A_GLANCE, [], 4.0, 0.05)
    line = "Send us what you saw on the quay tonight, all of you"
    above = Sight(read(Source("\n\n".join([line, *STORY, *TIMES]))), 0.9)
    assert not evidence._is_in_the_story(above, 0, look)
    bare = Sight(read(Source("\n".join([line, *TIMES]))), 0.9)
    assert bare.is_live
    assert not bare.stories
    assert evidence._is_in_the_story(bare, 0, look)


def test_what_may_be_an_entry_of_a_live_blog_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = "Send us what you saw on the quay tonight, all of you"
    for times, goes in ((TIMES, False), (TIMES[1:], True)):
        doc = read(Source("\n\n".join([*STORY, *times, entry])))
        foreign = {len(doc.blocks) - 1: evidence.Look(AT_A_GLANCE, [], 4.0, 0.05)}
        monkeypatch.setattr(evidence, "_look", lambda sight, model, found=foreign: found)
        edits = list(evidence.judge(0.35, 0.9)(doc))
        assert [edit.is_carried_out(0.9) for edit in edits] == [goes]


def _seen(*below: str, out: Collection[str] = ()) -> Sight:
    """Paragraphs, and what stands below them, some of it taken out."""
    doc = read(Source("\n\n".join([*STORY, *below])))
    edits = [Edit(len(STORY) + below.index(line), "x/x", "x", "boilerplate") for line in out]
    return Sight(apply(doc, edits, 0.9), 0.9)


def _safe(sight: Sight, risks: Sequence[float]) -> set[int]:
    looked = {len(STORY) + n: evidence.Look(AT_A_GLANCE, [], 0.0, risk) for n, risk in enumerate(risks)}
    sure = evidence._sure_outside(sight, looked)
    return {at - len(STORY) for at in evidence._in_safe_rows(sight, looked, sure, 0.35)}


ROW = ["Who was there", "Ada Morrow, smith", "Jon Bray, clerk", "Press office", "harbour@oldmere.example"]


def test_below_the_story_what_is_sure_goes_beside_what_was_taken_out() -> None:
    risks = [0.6, 0.6, 0.6, 0.09, 0.09]
    assert _safe(_seen(*ROW), risks) == {0, 1, 2, 3, 4}
    assert _safe(_seen(*ROW, "Subscribe", out=["Subscribe"]), risks) == {0, 1, 2}
    assert _safe(_seen(*ROW, "Subscribe", out=["Subscribe"]), [0.09, *risks[1:]]) == {0, 1, 2}
    assert _safe(_seen(*ROW), [0.05, *risks[1:]]) == {1, 2, 3, 4}


def test_above_the_story_lines_go_from_rows_only_where_menus_outweigh_it() -> None:
    def safe(lines: Sequence[str]) -> set[int]:
        sight = Sight(read(Source("\n\n".join([*lines, *STORY]))), 0.9)
        look = evidence.Look(AT_A_GLANCE, [], 0.0, 0.05)
        looked = {at: look._replace(risk=0.05 if at % 2 else 0.6) for at in range(len(lines))}
        return evidence._in_safe_rows(sight, looked, evidence._sure_outside(sight, looked), 0.35)

    assert safe(ROW) == {0, 1, 2, 3, 4}
    menu = [f"Harbour news {number} and all that there is" for number in range(80)]
    assert safe(menu) == set(range(0, 80, 2))


def test_what_a_line_announces_ends_where_something_was_taken_out() -> None:
    lines = ["The board names three ways out:", "Mend it", "Sink it", "Subscribe", "Ferry desk"]
    assert _safe(_seen(*lines), [0.9, *[0.3] * 4]) == {0, 1, 2, 3, 4}
    assert _safe(_seen(*lines, out=["Subscribe"]), [0.9, *[0.3] * 4]) == {0, 1, 2}


def _judged(lines: Sequence[str], at: int, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What goes where one line looks foreign."""
    look = evidence.Look(AT_A_GLANCE, [], 0.0, 0.07)
    monkeypatch.setattr(evidence, "_look", lambda sight, model: {at: look})
    edits = evidence.judge(0.35, 0.9)(read(Source("\n\n".join(lines))))
    return [edit.block for edit in edits if edit.is_carried_out(0.9)]


@pytest.mark.parametrize(
    ("heading", "below", "stays"),
    [
        ("Key takeaways:", "- No lorries until the pier is mended", True),
        ("TL;DR", "No lorries until the pier is mended", True),
        ("Das Wichtigste in Kürze", "No lorries until the pier is mended", True),
        ("要点", "No lorries until the pier is mended", True),
        ("Summary", "Reviews", False),
        ("Ferry desk", "- No lorries until the pier is mended", False),
    ],
)
def test_what_a_part_is_headed_with_stays_above_it(
    heading: str, below: str, stays: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert _judged([heading, below, *STORY], 0, monkeypatch) == ([] if stays else [0])


@pytest.mark.parametrize(
    ("line", "stays"),
    [
        ("Step 2: Look at each pile from a boat", True),
        ("Tip #3 – Look at each pile from a boat", True),
        ("Step into the boat and look at each pile", False),
    ],
)
def test_the_heading_of_a_step_stays(line: str, stays: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _judged([*STORY[:3], line, *STORY[3:]], 3, monkeypatch) == ([] if stays else [3])


@pytest.mark.parametrize(
    ("line", "stays"), [("Dear Elin,", True), ("Dear Elin Garrow of the Oldmere council,", False)]
)
def test_whom_a_letter_speaks_to_stays(line: str, stays: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _judged([line, *STORY], 0, monkeypatch) == ([] if stays else [0])


def test_an_address_or_a_tag_in_small_letters_is_no_rest_of_a_sentence() -> None:
    blocks = [*STORY, "Follow", "@oldmere_ledger"]
    doc = apply(
        read(Source("\n".join(blocks))),
        [Edit(at, "evidence/foreign", "x", "boilerplate") for at in (len(STORY), len(STORY) + 1)],
        0.9,
    )
    removed = {edit.block: edit for edit in doc.edits}
    assert pipeline._torn(doc, removed) == set()
    tags = apply(read(Source("\n".join([*STORY, "harbour", "oldmere"]))), doc.edits, 0.9)
    assert pipeline._torn(tags, removed) == set()
    verse = apply(read(Source("\n".join([*STORY, "Follow", "the oldmere road"]))), doc.edits, 0.9)
    assert pipeline._torn(verse, removed) == {len(STORY), len(STORY) + 1}


@pytest.mark.parametrize(
    ("above", "line", "stays"),
    [
        ("Anne Vold knows this from", "long experience. For years the Sant", True),
        ("Anne Vold knows this.", "long experience. For years the Sant", False),
        ("Anne Vold knows this from", "Long experience. For years the Sant", False),
        ("Anne Vold knows this from", "oldmere.example/sant", False),
    ],
)
def test_what_goes_on_with_a_line_that_stays_is_not_judged_by_its_look(
    above: str, line: str, stays: bool
) -> None:
    doc = read(Source("\n".join([*STORY, above, line, *STORY])))
    at = next(index for index, block in enumerate(doc.blocks) if block.text == line)
    gone = Edit(at, "evidence/foreign", "x", "boilerplate")
    assert pipeline._torn_off(apply(doc, [gone], 0.9), {at: gone}, set()) == ({at} if stays else set())


@pytest.mark.parametrize(("labels", "may_be"), [(2, True), (3, False)])
def test_a_label_or_two_may_stand_above_the_dek(labels: int, may_be: bool) -> None:
    dek = "The pier will be shut for six weeks and lorries have to wait"
    doc = _headed("\n\n".join([*["Harbour"] * labels, dek]))
    assert Sight(doc, 0.9).may_be_dek(1 + labels) == may_be


def test_a_first_line_that_sounds_much_like_the_site_is_no_dek() -> None:
    call = "Sign up for our free newsletter and get the best of the Ledger in your inbox every morning"
    sight = Sight(_headed(call), 0.9)
    model = evidence.load_model()
    assert sight.may_be_dek(1)
    assert 1 in evidence.first_looks(sight, {1: evidence.LOUD_VOICE + 0.1}, model.first)
    assert 1 not in evidence.first_looks(sight, {1: evidence.LOUD_VOICE}, model.first)


def _headed(dek: str) -> Document:
    doc = read(Source("\n\n".join(["Oldmere ferry stops running", dek, *STORY])))
    return apply(doc, [Edit(0, "title/known", "x", "headline")], 0.9)


def test_labels_and_what_they_stand_for_stay() -> None:
    table = ["Price:", "40 crowns", "Seats:", "12", "Hours:", "6"]
    lines = [*STORY[:2], "Advertisement", *table, *STORY[2:]]
    article = clean("\n\n".join(lines), settings=Settings(max_risk=0.9))
    assert [line for line in table if line not in _lines(article.text)] == []


def test_the_reason_says_in_plain_words_what_decided() -> None:
    article = clean("\n\n".join([*STORY[:3], STRAY, *STORY[3:]]))
    change = next(change for change in article.changes if STRAY in change.before)
    assert change.reason.startswith("a headline-shaped line between full paragraphs")
    assert "shares no" in change.reason
    assert change.rules == ["promo/bare-headline"]


def test_what_is_not_sure_enough_is_put_up_for_review_and_stays() -> None:
    text = "\n\n".join([*STORY[:3], STRAY, *STORY[3:]])
    article = clean(text, settings=Settings(max_risk=CAUTIOUS))
    assert STRAY in article.text
    assert [entry.rule for entry in article.review] == ["promo/bare-headline"]
    assert article.review[0].question.startswith("Is this a headline-shaped line")


def test_without_the_judgement_nothing_is_asked() -> None:
    text = "\n\n".join([*STORY[:3], STRAY, *STORY[3:]])
    article = clean(text, settings=Settings(without=frozenset({"evidence", "promo"})))
    assert STRAY in article.text
    assert article.review == []


def test_a_higher_risk_never_keeps_more() -> None:
    text = "\n\n".join(
        [*STORY[:2], STRAY, "Weather", "Tides and winds", *STORY[2:], "Elsewhere in the county", "Puzzle"]
    )
    kept = [set(_lines(clean(text, settings=Settings(max_risk=r)).text)) for r in (0.0, 0.1, 0.3, 0.6)]
    assert all(more >= less for more, less in itertools.pairwise(kept))


def test_stated_confidence_is_one_minus_the_probability_of_being_article() -> None:
    curve = evidence.load_model().curve
    assert curve.risks == sorted(curve.risks)
    assert curve.scores == sorted(curve.scores)
    assert curve.at(curve.scores[0] - 9) == curve.risks[0]
    assert curve.at(curve.scores[-1] + 9) == curve.risks[-1]
    middle = (curve.scores[0] + curve.scores[1]) / 2
    assert curve.risks[0] <= curve.at(middle) <= curve.risks[1]


@pytest.mark.parametrize("which", ["first", "second"])
def test_a_score_is_the_sum_of_what_the_signs_contribute(which: str) -> None:
    forest: Forest = getattr(evidence.load_model(), which)
    limits: list[list[float]] = [[0.0] for _ in forest.signs]
    for tree in forest.trees:
        for sign, limit in zip(tree.signs, tree.limits, strict=True):
            if sign >= 0:
                limits[sign].append(limit)
    drawn = random.Random(1)
    seen = 0
    for _ in range(200):
        values = [drawn.choice(known) + drawn.choice((0, 0.01)) for known in limits]
        if (score := forest.score(values)) <= evidence.ENOUGH:
            told = sum(tree.means[0] for tree in forest.trees) + sum(forest.contributions(values))
            assert score == pytest.approx(told, abs=0.05)  # means are rounded
            seen += 1
    assert seen > 50


def test_the_weights_are_for_the_signs_that_are_seen() -> None:
    model = evidence.load_model()
    assert tuple(model.first.signs) == signs.NAMES
    assert tuple(model.second.signs) == surroundings.NAMES
    assert model.first.enough == evidence.ENOUGH


def test_function_words_are_known_of_many_languages() -> None:
    tongues = signs.load_tongues().by_name
    assert len(tongues) >= 25
    assert signs.tongue_of("Der Rat hat sich mit dem Bürgermeister auf einen Plan geeinigt") is tongues["de"]
    assert signs.tongue_of("港の鐘はもう鳴らないと町の人たちは言う") is tongues["ja"]
    assert signs.tongue_of("") is signs.NO_TONGUE


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("Er sagte „nein.“", signs.STOP),
        ("船は来ない。", signs.STOP),
        ("هل تأتي السفينة؟", signs.QUESTION),
        ("Cosa portare:", signs.COLON),
        ("Seite 12", signs.DIGIT),
        ("Ferry stops", signs.NOTHING),
    ],
)
def test_the_end_of_a_line_is_known_in_any_script(text: str, end: int) -> None:
    assert signs.end_of(text) == end


def test_every_block_can_be_looked_at() -> None:
    doc: Document = read(Source("\n".join([*STORY[:2], "***", "•", STRAY, "港の鐘", *STORY[2:]])))
    sight = signs.Sight(doc, 0.9)
    assert {len(sight.look(index)) for index in sight.open} == {len(signs.NAMES)}


def test_the_command_line_moves_the_risk(tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    path = tmp_path / "ferry.txt"
    path.write_text("\n\n".join([*STORY[:3], STRAY, *STORY[3:]]), encoding="utf-8")
    assert run(["clean", str(path), "-q"]) == 0
    assert STRAY not in msgspec.json.decode(capsysbinary.readouterr().out)["text"]
    assert run(["clean", str(path), "-q", "--max-risk", "0"]) == 0
    assert STRAY in msgspec.json.decode(capsysbinary.readouterr().out)["text"]
    assert run(["clean", str(path), "--max-risk", "2"]) == 2
    assert b"max_risk: 2.0 is not between 0 and 1" in capsysbinary.readouterr().err
