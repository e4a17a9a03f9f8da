"""What a second look sees around a block: what was found there, and what is out."""

from __future__ import annotations

from cleaners import reasons
from cleaners.model import Document, Edit, apply
from cleaners.read import Source, read
from cleaners.signs import Sight
from cleaners.surroundings import KINDS, NAMES, NONE_THERE, SCORE_OF_OUT, SCORE_OF_STORY, Surroundings

BAR = 0.9
PARAGRAPH = (
    "The ferry between Oldmere and the island of Sant stopped running on Tuesday after the harbour board found"
    " cracks in the pier, and the board said that repairs would take at least six weeks."
)


def _document(*lines: str, out: int) -> Document:
    doc = read(Source("\n\n".join(lines)))
    return apply(doc, [Edit(out, "comment/heading", "test", "boilerplate")], BAR)


def _look(index: int) -> dict[str, float]:
    doc = _document(PARAGRAPH, "Leave a comment", "Old Tam", "Perrin", out=1)
    surroundings = Surroundings(Sight(doc, BAR), {2: -1.0, 3: 5.0}, {3: 2.0}, story_voice=-3.0)
    return dict(zip(NAMES, surroundings.look(index, -1.0), strict=True))


def test_a_block_sees_what_was_found_beside_it() -> None:
    seen = _look(2)
    assert (seen["score"], seen["voice"], seen["story_voice"]) == (-1.0, 0.0, -3.0)
    assert (seen["score_above"], seen["score_above2"]) == (SCORE_OF_OUT, SCORE_OF_STORY)
    assert (seen["voice_below"], seen["voice_below2"]) == (2.0, NONE_THERE)
    assert (seen["stories_above"], seen["stories_below"]) == (1, 0)


def test_no_score_counts_for_more_than_that_of_a_story() -> None:
    assert _look(2)["score_below"] == SCORE_OF_STORY


def test_means_leave_the_block_itself_out() -> None:
    seen = _look(3)
    assert seen["score_before"] == (SCORE_OF_STORY + SCORE_OF_OUT - 1.0) / 3
    assert seen["score_after"] == NONE_THERE
    assert seen["voice_near"] == 1.5  # of nothing, and of what is out, which counts as 3


def test_the_kind_of_what_is_out_above_is_seen_the_less_the_farther_it_is() -> None:
    assert [_look(index)["comment_above"] for index in (0, 2, 3)] == [0.0, 1.0, 0.5]
    assert _look(3)["out_gap"] == 2
    assert not any(value for name, value in _look(3).items() if name in ("promo_above", "nav_above"))


def test_every_kind_that_is_seen_has_a_name_in_reasons() -> None:
    assert tuple(reasons.KINDS) == KINDS


def test_a_block_alone_sees_nothing() -> None:
    doc = read(Source("Old Tam"))
    seen = dict(zip(NAMES, Surroundings(Sight(doc, BAR), {}, {}, story_voice=0.0).look(0, 0.0), strict=True))
    assert {seen[name] for name in NAMES if name.startswith(("voice_", "score_"))} == {NONE_THERE}
