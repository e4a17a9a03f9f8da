"""Fragments of a page: where text that is markup throughout, over any number of lines, has its paragraphs.

What is text with a few tags in it is none; of that `read` cuts the lines one by one.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from cleaners.model import ends_like_sentence

Span = tuple[int, int]

BLANK = " \t\f\v\u3000\ufeff"
"""What may stand at the edges of a block. Not the no-break space and not U+0085: before repair either may be
half of a garbled letter."""
FEWEST_PARAGRAPHS = 2
LONGEST_ROW = 600
"""Code points of a table's row, tags and all, that is one block; of longer ones each cell is."""

BLOCK_TAGS = (
    "address|article|aside|blockquote|dd|details|div|dl|dt|figcaption|figure|footer|form|h[1-6]|header|hr"
    "|li|main|nav|ol|p|pre|section|summary|table|tbody|td|tfoot|th|thead|tr|ul"
)
_BLOCK_TAG = re.compile(
    rf"<(?P<close>/?)(?:{BLOCK_TAGS})(?=[\s/>])[^<>]{{0,1000}}>|<br\s{{0,9}}/?>", re.IGNORECASE
)
INLINE_TAGS = (
    "a|abbr|b|big|br|caption|center|cite|code|del|em|font|i|iframe|img|ins|mark|noscript|picture|q|s|script|small"
    "|source|span|strike|strong|style|sub|sup|time|u|video|wbr"
)
_PAGE_TAGS = "!doctype|body|head|html|link|meta|select|svg|title"
"""Tags that stand in whole pages only, and words in brackets elsewhere."""
_RARE_TAGS = (
    "acronym|area|audio|base|bdi|bdo|button|canvas|circle|col|colgroup|datalist|defs|dfn|dialog|dir|ellipse"
    "|embed|fieldset|frame|frameset|g|hgroup|input|ins|kbd|label|legend|map|marquee|math|menu|meter|nobr|noembed"
    "|noframes|object|optgroup|option|output|param|path|polygon|polyline|progress|rect|rp|rt|ruby|samp|slot"
    "|template|textarea|track|tt|use|var|xmp"
)
_NAME = rf"(?:{BLOCK_TAGS}|{INLINE_TAGS}|{_PAGE_TAGS}|{_RARE_TAGS})(?=[\s/>])|[a-z][a-z0-9]{{0,40}}[:-]"
"""How the tags of pages begin. Names with a hyphen or a colon are elements that a site made up."""
_OPENING = re.compile(rf"<!--|<(?:{BLOCK_TAGS}|{INLINE_TAGS}|{_PAGE_TAGS})(?=[\s/>])", re.IGNORECASE)
_PARAGRAPH_END = re.compile(r"</(?:blockquote|div|h[1-6]|li|p|td)\s{0,9}>", re.IGNORECASE)
_PARAGRAPH_TAGS = "article|blockquote|div|figure|h[1-6]|ol|p|pre|section|table|ul"
_PARAGRAPH, _PARAGRAPH_CLOSED = (
    re.compile(rf"<(?:{_PARAGRAPH_TAGS})(?=[\s/>])", re.IGNORECASE),
    re.compile(rf"</(?:{_PARAGRAPH_TAGS})\s{{0,9}}>\Z", re.IGNORECASE),
)
_LONGEST_CLOSING = len("</blockquote>") + 9
_ANY_TAG = re.compile(r"<!--.{0,1000}?-->|<[^<>]{0,1000}>", re.DOTALL)
_TAG_OF_PAGE = re.compile(rf"<!--.{{0,1000}}?-->|</?(?:{_NAME})[^<>]{{0,1000}}>", re.DOTALL | re.IGNORECASE)
NO_TAG = re.compile(rf"<(?!/?(?:{_NAME})|!--)", re.IGNORECASE)
"""In a text that is no fragment, a bracket of something else: XML in an article on software, or a type."""
_HIDDEN = ("head", "script", "style", "noscript", "template", "svg", "select")
_HIDING = re.compile(rf"<(?:(?P<comment>!--)|(?P<element>{'|'.join(_HIDDEN)})(?=[\s>]))", re.IGNORECASE)
_ENDS = {name: re.compile(rf"</{name}\s{{0,9}}>", re.IGNORECASE) for name in _HIDDEN}
_ENDS["!--"] = re.compile("-->")
_PREFORMATTED = re.compile(r"<pre(?=[\s>])", re.IGNORECASE)
_ROW, _ROW_END = re.compile(r"<tr(?=[\s>])", re.IGNORECASE), re.compile(r"</tr\s{0,9}>", re.IGNORECASE)
_CELL_END = re.compile(r"</t[dh]\s{0,9}>", re.IGNORECASE)
_EMPTY_LINE = re.compile(r"\n[ \t\r]{0,200}\n\s{0,200}")


def is_fragment(source: str) -> bool:
    """Whether a text is markup: it begins with a tag, and paragraphs end in it."""
    start = len(source) - len(source.lstrip(f"{BLANK}\r\n"))
    if not source.startswith("<", start) or not _OPENING.match(source, start):
        return False
    ends = itertools.islice(_PARAGRAPH_END.finditer(source, start), FEWEST_PARAGRAPHS)
    return len(list(ends)) == FEWEST_PARAGRAPHS or source.rstrip().endswith(">")


def paragraphs_of(source: str) -> Iterator[Span]:
    """The paragraphs, headings, items and rows of a fragment. Scripts, styles and comments are in none."""
    shown = 0
    for start, end in (*_hidden(source), (len(source), len(source))):
        for span in cut(source, shown, start, _ANY_TAG):
            yield from _lines(source, *span)
        shown = end


def begins_paragraph(source: str, at: int) -> bool:
    """Whether the tag of a paragraph, or of what holds some, opens here: no item, no cell."""
    return _PARAGRAPH.match(source, at) is not None


def ends_paragraph(source: str, at: int) -> bool:
    """Whether such a tag closes here."""
    return _PARAGRAPH_CLOSED.search(source, max(0, at - _LONGEST_CLOSING), at) is not None


def cut(source: str, start: int, end: int, tag: re.Pattern[str] = _TAG_OF_PAGE) -> Iterator[Span]:
    """Cut a stretch before each opening and after each closing block tag, and around line break tags.

    Pieces of tags alone are no blocks: they fall into the gaps.
    """
    edges, row_end = [start], start
    for found in _BLOCK_TAG.finditer(source, start, end):
        if found.start() < row_end:
            continue
        if found["close"] is None:
            edges += [found.start(), found.end()]
        elif row_end := _end_of_row(source, found.start(), end):
            edges += [found.start(), row_end]
        else:
            edges.append(found.end() if found["close"] else found.start())
    edges.append(end)
    for left, right in itertools.pairwise(edges):
        if tag.sub("", source[left:right]).strip(BLANK).strip():
            yield _trimmed(source, left, right)


def _end_of_row(source: str, start: int, end: int) -> int:
    """Where a short row of a table ends that begins here; 0 where none does, or it has one cell."""
    if not _ROW.match(source, start):
        return 0
    found = _ROW_END.search(source, start, min(end, start + LONGEST_ROW))
    if not found or len(list(itertools.islice(_CELL_END.finditer(source, start, found.end()), 2))) < 2:
        return 0
    return found.end()


def _lines(source: str, start: int, end: int) -> Iterator[Span]:
    """A piece between tags: one paragraph for each that a blank line parts from the others, or for each line
    where all are sentences, or set as they are. Other breaks are only how the markup was written."""
    edges = [start, *(at for gap in _EMPTY_LINE.finditer(source, start, end) for at in gap.span()), end]
    is_set = _PREFORMATTED.match(source, start) is not None or _is_outside(source, start)
    for left, right in zip(edges[::2], edges[1::2], strict=True):
        lines = source[left:right].splitlines(keepends=True)
        texts = [_ANY_TAG.sub("", line).strip() for line in lines]
        if len(lines) > 1 and (is_set or all(map(ends_like_sentence, filter(None, texts)))):
            for line, text in zip(lines, texts, strict=True):
                if text:
                    yield _trimmed(source, left, left + len(line))
                left += len(line)
        elif any(texts):
            yield _trimmed(source, left, right)


def _is_outside(source: str, start: int) -> bool:
    """Whether a piece stands behind a paragraph and in none: plain text or Markdown, with its lines."""
    if _BLOCK_TAG.match(source, start):
        return False
    last = source.rfind("<", 0, start)
    return last < 0 or source.startswith("</", last)


def _trimmed(source: str, start: int, end: int) -> Span:
    """A stretch without blanks and breaks at its edges; it has text."""
    piece = source[start:end].rstrip(f"{BLANK}\r\n")
    return end - len(source[start:end].lstrip(f"{BLANK}\r\n")), start + len(piece)


def _hidden(source: str) -> Iterator[Span]:
    """What is not shown: heads, scripts, comments with markup in them. What never ends is looked for once."""
    at, endless = 0, set[str]()
    while found := _HIDING.search(source, at):
        name = "!--" if found["comment"] else found["element"].lower()
        at = found.end()
        end = None if name in endless else _ENDS[name].search(source, at)
        if end is None:
            endless.add(name)
            continue
        if name != "!--" or _BLOCK_TAG.search(source, at, end.end()):
            yield found.start(), end.end()
        at = end.end()
