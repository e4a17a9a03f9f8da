"""The ledger: every difference between a document's source and its text, and the way back.

One law: the source with all changes applied is exactly the text, so the text and the changes give
the source back. Both are written by one walk over the blocks, which is why they cannot disagree.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from cleaners.article import Article, Change, Operation, Span, block_type
from cleaners.fragments import begins_paragraph, ends_paragraph
from cleaners.model import OPEN, ROLES, Block, Document, Edit, ends_like_sentence


class Ledger(NamedTuple):
    text: str
    changes: list[Change]


def compose(doc: Document, done: Mapping[int, Sequence[Edit]]) -> Ledger:
    """The text of a document, and the changes that lead to it from the source.

    `done` are the edits that were carried out, by block.
    """
    source, blocks = doc.source, doc.blocks
    staying = [block.role in OPEN and block.text != "" for block in blocks]
    kept = [index for index, stayed in enumerate(staying) if stayed]
    separators = _separators(doc, kept)
    parts: list[str] = []
    changes: list[Change] = []
    position, before_first = 0, True
    for index, block in enumerate(blocks):
        start = block.start
        if not staying[index]:
            # Nothing stands before the first block that stays, so what goes there takes the gap
            # behind it along; elsewhere it takes the gap before it.
            end = _next_start(doc, index) if before_first else block.end
            op: Operation = "move" if ROLES[block.role].in_article else "remove"
            changes.append(_change(op, source, position, end, "", done.get(index, _EMPTIED)))
            position = end
            continue
        separator = "" if before_first else separators[index]
        before_first = False
        if source[position:start] != separator:
            changes.append(_gap(source, position, start, separator))
        if index in done and (change := _inside(source, block, done[index])):
            changes.append(change)
        parts += (separator, block.text)
        position = block.end
    if position < len(source):
        changes.append(_gap(source, position, len(source), ""))
    return Ledger("".join(parts), changes)


def stays(block: Block) -> bool:
    """Whether the block is part of the article's text."""
    return block.role in OPEN and block.text != ""


def restore(article: Article) -> bytes:
    """The bytes an article was made from, from its text and changes alone.

    Raises ValueError when text, changes and the recorded hash do not belong together.
    """
    parts: list[str] = []
    at_source = at_text = 0
    for change in article.changes:
        same = change.span.start - at_source
        parts += [article.text[at_text : at_text + same], change.before]
        at_text += same
        if not article.text.startswith(change.after, at_text):
            raise ValueError(f"the change at {change.span.start} does not fit the text")
        at_text += len(change.after)
        at_source = change.span.end
    parts.append(article.text[at_text:])
    data = "".join(parts).encode(article.source.encoding)
    if hashlib.sha256(data).hexdigest() != article.source.sha256:
        raise ValueError("text and changes do not give the recorded source back")
    return data


def _next_start(doc: Document, index: int) -> int:
    return doc.blocks[index + 1].start if index + 1 < len(doc.blocks) else len(doc.source)


def _inside(source: str, block: Block, edits: Sequence[Edit]) -> Change | None:
    """A repair or a cut inside a block that stays, trimmed to what differs."""
    texts = [edit for edit in edits if edit.text is not None]
    before, after = source[block.start : block.end], block.text
    if not texts or before == after:
        return None
    head = len(after) if before.startswith(after) else _common(before, after, from_end=False)
    tail = _common(before[head:], after[head:], from_end=True)
    is_cut = any(edit.category != "repair" for edit in texts)
    op: Operation = "remove" if is_cut else "repair"
    after = after[head : len(after) - tail]
    return _change(op, source, block.start + head, block.end - tail, after, texts)


def _gap(source: str, start: int, end: int, separator: str) -> Change:
    """The stretch between two blocks, where it is not already what separates them."""
    gap = source[start:end]
    if gap.replace("\ufeff", "").strip() == "":
        return _change("space", source, start, end, separator, _GAP)
    return _change("repair", source, start, end, separator, _MARKUP)


def _change(op: Operation, source: str, start: int, end: int, after: str, edits: Sequence[Edit]) -> Change:
    """The last edit decided; the others helped to bring the block to where it was decided."""
    decision = edits[-1]
    return Change(
        op=op,
        span=Span(start=start, end=end),
        before=source[start:end],
        after=after,
        rules=[edit.rule for edit in edits],
        category=decision.category,
        reason=decision.why,
        confidence=decision.confidence if len(edits) == 1 else min([edit.confidence for edit in edits]),
    )


_EMPTIED = (Edit(0, "repair/empty", "nothing left after repair"),)
_GAP = (Edit(0, "repair/gap", "space between paragraphs"),)
_MARKUP = (Edit(0, "repair/markup", "left-over markup"),)


def _common(one: str, other: str, from_end: bool) -> int:
    """Length of the common prefix, or suffix, by halving: slices compare at machine speed. The whole of the
    shorter text comes first, since behind a single repair all is the same."""
    low, high = 0, min(len(one), len(other))
    middle = high
    while low < high:
        if from_end:
            same = one.endswith(other[len(other) - middle : len(other) - low], 0, len(one) - low)
        else:
            same = one.startswith(other[low:middle], low)
        low, high = (middle, high) if same else (low, middle - 1)
        middle = (low + high + 1) // 2
    return low


# --- what stands between two blocks -----------------------------------------------------------

_VERSE_WIDTH = 70
_VERSE_LINES = 3


def _separators(doc: Document, kept: Sequence[int]) -> dict[int, str]:
    """What separates each kept block from the kept block before it.

    A blank line; a newline for list items, verse and table rows that stood on consecutive lines.
    """
    result = dict.fromkeys(kept, "\n\n")
    source, blocks = doc.source, doc.blocks
    adjoining: list[bool] = []
    for above, below in itertools.pairwise(kept):
        adjoining.append(below == above + 1 and _adjoin(source, blocks[above], blocks[below]))
    if True not in adjoining:
        return result
    is_spaced = 2 * sum(adjoining) < len(adjoining)
    run = list(kept[:1])
    for index, adjoins in zip(kept[1:], adjoining, strict=True):
        if not adjoins:
            _join_run(doc, run, is_spaced, result)
            run = []
        run.append(index)
    _join_run(doc, run, is_spaced, result)
    return result


_ITEMS = ("<li", "<tr")


def _adjoin(source: str, above: Block, below: Block) -> bool:
    """Whether a block stood on the line behind another's, or is the next item of a list. What markup calls
    a paragraph stands by itself."""
    gap = source[above.end : below.start]
    if gap == "\n\n":
        return False
    opening = source[below.start : below.start + len(_ITEMS[0])]
    if opening in _ITEMS and source.startswith(opening, above.start) and "<" not in gap:
        return True
    if opening.startswith("<") and begins_paragraph(source, below.start):
        return False
    if source[above.end - 1] == ">" and ends_paragraph(source, above.end):
        return False
    return gap == "\n" or _is_one_break(gap)


def _is_one_break(gap: str) -> bool:
    """Whether the blocks on either side stood on consecutive lines."""
    if "<" in gap:
        return gap.lower().count("<br") == 1 and gap.count("<") == 1 and gap.count("\n") < 2
    return len(gap.replace("\r\n", "\n").strip(" \t\f\v\u3000\ufeff")) == 1


def _join_run(doc: Document, run: Sequence[int], is_spaced: bool, result: dict[int, str]) -> None:
    """Set the separators inside a run of blocks on consecutive lines.

    In a text that parts its paragraphs by blank lines, lines without one belong together, unless both
    are paragraphs.
    """
    if len(run) < 2:
        return
    texts = [doc.blocks[index].text for index in run]
    is_verse = len(run) >= _VERSE_LINES and _is_verse(texts)
    for place, (above, below) in enumerate(itertools.pairwise(run)):
        belongs = is_spaced and not (above in doc.story and below in doc.story)
        if is_verse or belongs or _is_list(texts[place], texts[place + 1]):
            result[below] = "\n"


def _is_verse(lines: Sequence[str]) -> bool:
    """Short lines that mostly end in mid-sentence."""
    if not all(len(line) <= _VERSE_WIDTH and block_type(line) == "paragraph" for line in lines):
        return False
    return 2 * sum(not ends_like_sentence(line) for line in lines) >= len(lines)


def _is_list(above: str, below: str) -> bool:
    """Two items of a list, or two rows of a table."""
    kind = block_type(above)
    return kind in ("listItem", "tableRow") and block_type(below) == kind
