"""Scripts, style sheets and data on one line with text, as whoever strips the tags of a page leaves them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence

Span = tuple[int, int]

_SHORTEST_LINE, _SHORTEST = 200, 120
"""Code points of a line in which there may be code beside text, and of such code."""
_OPENS = re.compile(
    r"\{\"|\[\{\"|[(!]\(?function\b|\bfunction ?[\w$]{0,40}\(|\(\(\) ?=>|try ?\{|jQuery[(.]|\$\(|googletag\."
    r"|\b(?:window|document|self|top)\.[\w$]|\b(?:var|let|const) [\w$]{1,40} ?="
    r"|\b(?:if|for|while) ?\((?:window|document|typeof|!|var )|[.#][a-zA-Z_][\w-]{0,60} ?\{"
    r"|@(?:media|font-face|import|keyframes)\b|:root ?\{|/\*"
)
_DATA, _ASSIGNED, _DECODER = re.compile(r"[{\[][{\[\"]"), 80, json.JSONDecoder()
"""How data begins, and code points in front of it that may give it a name."""
_NAME, _ENDS = re.compile(r"(?<![\w$.])[\w$.]{1,60} ?= ?\Z"), ";)]} "
"""What gives data a name, and what may stand behind it."""
_WITHOUT_SYMBOLS = str.maketrans("", "", "{}()[];=<>:/\\_|&")
_PIECE, _SHARE, _SHARE_OF_PROSE = 100, 0.06, 0.03
"""Code points of the pieces that are looked at, the share of symbols in one of code, and at most in prose."""
_CLOSES, _NEAR = re.compile(r"[;})\]]"), 25
"""What code ends with, and code points to the next such mark where code goes on."""


def cut(source: str, spans: Sequence[Span]) -> Sequence[Span]:
    """The spans, each cut where code begins and where it ends."""
    if "{" not in source:
        return spans
    return [piece for span in spans for piece in _pieces(source, *span)]


def _pieces(source: str, start: int, end: int) -> Iterator[Span]:
    if end - start < _SHORTEST_LINE or source.find("{", start, end) < 0:
        yield start, end
        return
    line = source[start:end]
    edges = [edge for code in _codes(line) for edge in code]
    for first, last in zip([0, *edges], [*edges, len(line)], strict=True):
        piece = line[first:last]
        if text := piece.strip():
            at = start + first + piece.index(text[0])
            yield at, at + len(text)


def _codes(line: str) -> Iterator[Span]:
    """Where code stands within a line."""
    at = failed = 0
    while opening := _OPENS.search(line, at):
        first, last = opening.start(), 0
        data = _DATA.search(line, first, first + _ASSIGNED)
        if data and data.start() >= failed:
            last, failed = _end_of_data(line, data.start())
        last = last or _end_of_script(line, first)
        if last - first >= _SHORTEST:
            named = _NAME.search(line, max(at, first - _ASSIGNED), first)
            behind = line[last : last + _NEAR]
            last += len(behind) - len(behind.lstrip(_ENDS))
            yield named.start() if named else first, last
        at = max(last, opening.end())


def _end_of_data(line: str, first: int) -> tuple[int, int]:
    """Where data ends, 0 if it is none, and how far it was read: to read that again would take forever."""
    try:
        last = _DECODER.raw_decode(line, first)[1]
    except json.JSONDecodeError as error:
        return 0, error.pos
    except RecursionError:
        return 0, len(line)
    return last, last


def _end_of_script(line: str, first: int) -> int:
    """Behind the last mark that closes something before prose begins, or where it begins."""
    at, least = first, _SHARE
    while at < len(line) and share_of_symbols(line[at : at + _PIECE]) >= least:
        at, least = at + _PIECE, _SHARE_OF_PROSE
    last = first
    for mark in _CLOSES.finditer(line, max(first, at - _PIECE), at + _PIECE):
        if mark.start() > at and mark.start() - last > _NEAR:
            break
        last = mark.end()
    return last if first < min(at, last) else min(at, len(line))


def share_of_symbols(text: str) -> float:
    """The share of a text that is symbols of code; of prose it is a hundredth."""
    return 1 - len(text.translate(_WITHOUT_SYMBOLS)) / max(1, len(text))
