"""What readers wrote below a story goes, however long it is; talks, lists and live reports stay."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cleaners import Settings, clean, restore
from cleaners.threads import is_name

PLAIN = Settings(language=False)
STORY = (
    "The public baths of Netherby will open again in May after eleven years, the town council decided on Tuesday"
    " by nine votes to six.",
    "Repairs of the roof and of the boiler will cost 1.3 million, which the council means to take from the sum that"
    " was put aside for a new library.",
    '"Two generations of children here have not learned to swim," said Ada Farrow, who leads the council and who'
    " was a life guard at the baths when she was a student.",
    "The baths were built in 1931 and closed when part of the ceiling fell into the small pool one night in"
    " November. Nobody was hurt.",
)
SAID = (
    "Glad to hear it. My kids learned to swim there and I did before them.",
    "What a waste of money. They should have sold the building when there was a buyer, and put what they got for it"
    " into a modern pool that people can get to by bus.",
    "Well said.",
    "It's not about money. It's about having somewhere to go when it rains, and about kids who would never see water"
    " otherwise. Ask any teacher in the eastern ward.",
    "@oldriver77 cold showers never hurt anybody lol",
    "So where do the 1.3 million come from? The library? Then say so and let people vote on it, instead of hiding it"
    " in a report that nobody is ever going to read before the meeting.",
    "My grandfather laid the tiles in the small pool. He would be proud today, and he'd also tell you that the boiler"
    " was never right after that, whatever the council says.",
    "Does anyone know if the cafe is coming back? The tea was terrible but the ladies who ran it knew everyone by"
    " their name and I have missed them since.",
)
NAMES = (
    "Peg Dunmore",
    "oldriver77",
    "T. Aldous",
    "NetherbyMum",
    "Jack R.",
    "grumpy_gus",
    "Helen O’Shea",
    "kate",
)
MINUTES = (23, 41, 8, 57, 16, 32, 49, 4)
DAYS = tuple(f"June {5 + i}, 2019, 7:{minutes:02} pm" for i, minutes in enumerate(MINUTES))
SHAPES: dict[str, Callable[[int, str, str], str]] = {
    "name, age, text, button": lambda i, name, said: f"{name}\n{i + 2} hours ago\n{said}\nReply",
    "name, age, text": lambda i, name, said: f"{name}\n{i + 2} hours ago\n{said}",
    "years ago": lambda i, name, said: f"{name}\n{i % 4 + 2} years ago\n{said}",
    "name and age": lambda i, name, said: f"{name} {i + 2} days ago\n{said}",
    "name, dot, age": lambda i, name, said: f"{name} • {i + 2} years ago\n{said}\n• Reply • Share ›",
    "name and date": lambda i, name, said: f"{name} June {5 + i}, 2019 at 7:{MINUTES[i]:02} pm\n{said}",
    "name says": lambda i, name, said: (
        f"{name} says:\nJune {5 + i}, 2019 at 7:{MINUTES[i]:02} pm\n{said}\nReply"
    ),
    "above": lambda i, name, said: f"Posted by {name} on June {5 + i}, 2019 at 7:{MINUTES[i]:02} PM\n{said}",
    "counted": lambda i, name, said: f"{i + 1}. {name} (June {5 + i}, 2019 @ 7:{MINUTES[i]:02} pm)\n{said}",
    "iso": lambda i, name, said: f"{name}\n2019-06-{5 + i:02} 19:{MINUTES[i]:02}\n{said}",
    "buttons in a row": lambda i, name, said: f"{name}\n{said}\nLike\nReply\n{i + 1}h",
    "button": lambda i, name, said: f"{name}\n{said}\nReply",
    "mail": lambda i, name, said: f"On {5 + i} June 2019 at 19:{MINUTES[i]:02}, {name} wrote:\n{said}",
    "German": lambda i, name, said: (
        f"{name}\nam {5 + i}.06.2019 um 19:{MINUTES[i]:02} Uhr\n{said}\nAntworten"
    ),
    "Spanish": lambda i, name, said: f"{name}\nhace {i + 2} años\n{said}",
    "Russian": lambda i, name, said: f"{name}\n{i + 5} часов назад\n{said}\nОтветить",
}


def _thread(shape: str, number: int = len(SAID)) -> list[str]:
    entries = zip(range(number), NAMES, SAID, strict=False)
    return [line for entry in entries for line in SHAPES[shape](*entry).split("\n")]


def _texts(*lines: str, between: str = "\n\n") -> str:
    source = between.join(lines)
    article = clean(source, settings=PLAIN)
    assert restore(article) == source.encode()
    return article.text


@pytest.mark.parametrize("between", ["\n", "\n\n"], ids=["lines", "paragraphs"])
@pytest.mark.parametrize("shape", SHAPES)
def test_a_thread_goes_though_it_is_longer_than_the_story(shape: str, between: str) -> None:
    assert _texts(*STORY, *_thread(shape), between=between).split("\n\n") == list(STORY)


def test_what_is_signed_below_goes_from_the_first_signature_on() -> None:
    """Of the first comment nobody can say whether it is not the last paragraph."""
    signed = [x for i, said in enumerate(SAID) for x in (said, f"Posted by: {NAMES[i]} | {DAYS[i]}")]
    assert _texts(*STORY, *signed).split("\n\n") == [*STORY, SAID[0]]


def test_each_line_has_the_reason() -> None:
    thread = _thread("name, age, text")
    changes = clean("\n\n".join([*STORY, *thread]), settings=PLAIN).changes
    assert [change.reason for change in changes if "comment/thread" in change.rules] == [
        "in a thread of readers' comments"
    ] * len(thread)


LOG = (
    ("Larceny", "A resident of Mill Street told the police that two bicycles had been taken from her yard."),
    (
        "Disturbance",
        "Officers were sent to the Ferry Inn, where two men were arguing about the price of a boat.",
    ),
    (
        "Traffic Stop",
        "A driver was given a warning for a broken tail light and told to have it mended within days.",
    ),
    (
        "Lost Dog",
        "A brown spaniel was found near the weir and brought to the station, where its owner collected it.",
    ),
    (
        "Fraud",
        "A man said that a caller who claimed to be from his bank had asked him for a number, which he gave.",
    ),
    (
        "Vandalism",
        "The windows of the bus shelter on Quay Lane were broken, and the council was told of the damage.",
    ),
    (
        "Trespass",
        "Young people who had climbed the fence of the old quarry to swim were told to go home at once.",
    ),
)
STAYS: dict[str, list[str]] = {
    "a log of the police": [
        x for day, (what, told) in zip(DAYS, LOG, strict=False) for x in (what, day, told)
    ],
    "a log with heads of one line": [
        x for day, (what, told) in zip(DAYS, LOG, strict=False) for x in (f"{what}, {day}", told)
    ],
    "a live report of one author": [
        x for day, (_, told) in zip(DAYS, LOG, strict=False) for x in ("Mara Quill", day, told)
    ],
    "a list of what is on": [
        x
        for i, (what, told) in enumerate(LOG)
        for x in (what, f"June {5 + i}, 2019, 7:30 pm", f"{told} Come along!")
    ],
    "a timetable": [f"{what} Netherby, June {5 + i}, 2019 7:{23 + i} pm" for i, (what, _) in enumerate(LOG)],
    "talk at a table": [x for name, said in zip(NAMES, SAID, strict=True) for x in (f"{name} says:", said)],
    "an interview": [
        x for said, (_, told) in zip(SAID, LOG, strict=False) for x in (f"Why? {told[:-1]}?", said)
    ],
    "tweets": [
        x
        for name, day, said in zip(NAMES, DAYS, SAID, strict=True)
        for x in (f"{name} @{name.split()[0].lower()}", day, said)
    ],
}


@pytest.mark.parametrize("lines", STAYS.values(), ids=STAYS)
@pytest.mark.parametrize("intro", [1, 4])
def test_what_is_told_by_names_and_times_stays(lines: list[str], intro: int) -> None:
    article = clean("\n\n".join([*STORY[:intro], *lines]), settings=PLAIN)
    assert not any("comment/thread" in change.rules for change in article.changes)
    told = [line for line in lines if len(line) > 60]
    assert [line for line in told if line not in article.text] == []


def test_too_few_comments_are_no_thread() -> None:
    assert SAID[1] in _texts(*STORY, *_thread("name, age, text", 2))


def test_the_story_below_and_beside_a_thread_stays() -> None:
    end = "The council meets again in the last week of March, when the sum for the roof is to be voted on."
    texts = _texts(*STORY, *_thread("name, age, text, button"), *(LOG[i][1] for i in range(6)), end)
    assert texts.split("\n\n")[:4] == list(STORY)
    assert end in texts


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Peg Dunmore", True),
        ("oldriver77", True),
        ("#12 Peg Dunmore", True),
        ("3. Peg van der Meer (", True),
        ("Posted by Peg Dunmore |", True),
        ("Peg Dunmore, Netherby, ", True),
        ("Peg Dunmore says", True),
        ("Comrade J. R.", True),
        ("Suspicious vehicle", False),
        ("He left.", False),
        ("Peg Dunmore @pegdunmore", False),
        ("The council of the town of Netherby", False),
        ("41", False),
        ("", False),
    ],
)
def test_names(name: str, expected: bool) -> None:
    assert is_name(name) is expected
