"""Edits are proposed; `apply` alone changes a document, and records everything."""

from __future__ import annotations

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st

from cleaners.model import (
    ROLES,
    STORY_UNSPACED,
    STORY_WORDS,
    Block,
    Document,
    Edit,
    Role,
    apply,
    effective,
    ends_like_sentence,
    is_story_shaped,
    is_unspaced,
)
from cleaners.read import Source, read

DOC = Document("One.\n\nTwo.", (Block(0, 4, "One."), Block(6, 10, "Two.")))
BAR = 0.9


def _edit(block: int, role: Role | None = None, text: str | None = None, confidence: float = 1.0) -> Edit:
    return Edit(block, "test/rule", "a test", role, text, confidence=confidence)


def test_a_document_that_nothing_is_proposed_for_is_returned_itself() -> None:
    assert apply(DOC, [], BAR) is DOC


def test_an_edit_changes_role_and_text_but_never_the_span() -> None:
    done = apply(DOC, [_edit(1, "caption", "2.")], BAR)
    assert done.blocks == (DOC.blocks[0], Block(6, 10, "2.", "caption"))
    assert DOC.blocks[1].role == "body"


def test_an_edit_below_the_bar_is_recorded_and_not_carried_out() -> None:
    done = apply(DOC, [_edit(0, "boilerplate", confidence=0.89)], BAR)
    assert done.blocks == DOC.blocks
    assert len(done.edits) == 1


def test_the_first_decision_that_takes_a_block_out_wins() -> None:
    done = apply(DOC, [_edit(0, "boilerplate"), _edit(0, "headline"), _edit(0, text="x")], BAR)
    assert done.blocks[0] == Block(0, 4, "One.", "boilerplate")
    assert effective(done.edits, BAR) == {0: [done.edits[0]]}


def test_roles_that_stay_in_the_text_remain_open() -> None:
    done = apply(DOC, [_edit(0, "heading"), _edit(0, "boilerplate")], BAR)
    assert done.blocks[0].role == "boilerplate"


def test_what_is_decided_to_be_body_stays_and_may_still_be_repaired() -> None:
    done = apply(apply(DOC, [_edit(0, "body")], BAR), [_edit(0, "boilerplate"), _edit(0, text="x")], BAR)
    assert done.blocks[0] == Block(0, 4, "x", "body")
    assert effective(done.edits, BAR) == {0: [done.edits[0], done.edits[2]]}


def test_every_role_has_its_row_and_what_is_out_of_the_text_is_closed() -> None:
    assert set(ROLES) == set(get_args(Role))
    assert all(meaning.open == meaning.in_text for meaning in ROLES.values())


def test_a_story_shaped_block_is_long_and_ends_like_a_sentence_in_its_script() -> None:
    long = "word " * 30
    assert is_story_shaped(long + "end.")
    assert is_story_shaped(long + "“end.”")
    assert is_story_shaped("駅舎は町民の手で残ることになり、" * 5 + "町長は喜んだ。")
    assert is_story_shaped("शहर की सड़क पर " * 8 + "पानी भर गया।")
    assert not is_story_shaped(long)
    assert not is_story_shaped("Too short to be a story.")


TEXTS = st.lists(
    st.sampled_from(["word ", "  ", "a ", "longer-than-most-words ", "end.", "”", "駅舎は", "。", "\u00a0"])
)


@given(TEXTS.map(lambda pieces: "".join(pieces * 3)))
def test_a_paragraph_is_known_by_its_first_lines_as_by_all_of_it(text: str) -> None:
    words = text.count(" ") >= STORY_WORDS - 1 or is_unspaced(text)
    assert is_story_shaped(text) == (len(text) >= STORY_UNSPACED and ends_like_sentence(text) and words)


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from([None, "", "word " * 30 + "end.", "short"]))))
def test_what_is_remembered_of_a_document_holds_after_edits(edits: list[tuple[int, str | None]]) -> None:
    texts = ["word " * 30 + "end.", "Short.", "word " * 40 + "end.", "“é  ü”"]
    doc = read(Source("\n\n".join(texts)))
    assert (doc.story, doc.has_wide_gaps) == ([0, 2], True)
    done = apply(doc, [_edit(block, text=text) for block, text in edits], BAR)
    afresh = Document(done.source, done.blocks)
    assert (done.story, done.odd) == (afresh.story, afresh.odd)
    assert done.has_wide_gaps == afresh.has_wide_gaps
