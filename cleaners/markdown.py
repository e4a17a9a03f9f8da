"""Markdown that an extractor wrote: links, pictures, headings and emphasis become what a reader sees.

It alone knows where a link begins and ends, and so which lines of a source are nothing but links.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from itertools import groupby

from cleaners.article import block_type
from cleaners.model import NO_FACTS, Document, Edit, Role, is_story_shaped, is_unspaced
from cleaners.wrapping import unwrapped

RULES = {
    "repair/markdown": "left-over Markdown",
    "nav/only-links": "nothing but a link",
}

FEWEST_HEADLINE_WORDS = 4
"""A first-level heading of fewer words may be the name of the site."""
FEWEST_STORIES = 3
"""Story-shaped blocks that make a line of links something beside the story."""
STORIES_A_LINK = 3
"""Story-shaped blocks to a link between them: where there are more links, they are what the story lists."""
FEWEST_IN_ROW, FEWEST_MARKS = 2, 2
DEEPEST = 2
"""A link may have a picture for its words."""
FEWEST_APART = 3
"""Letters of a word that is one by itself, close to what is emphasized."""

# Only what can be nothing but an address is one: "[he](sic)" is prose.
# Brackets within part the two ways to read one: without them nothing is read twice.
_INSIDE = r"(?:[^\s()<>\\]|\\[^\s])"
_ADDRESS = (
    r"(?:[a-z][a-z0-9+.-]{0,20}:|www\.|[/#?.])"
    rf"(?:{_INSIDE}{{0,2000}}\({_INSIDE}{{0,200}}\){_INSIDE}{{0,500}}|{_INSIDE}{{0,2500}})"
)
_SPACED = r"(?:https?|mailto|javascript|tel|sms):[^()<>\n]{1,2500}(?:\([^()<>\n]{0,200}\)[^()<>\n]{0,500})?"
"""What converters take over as it was: addresses with the words of a message in them, calls of code."""
_INLINE_IMAGE = r"data:image/[^()\n]{0,200000}"
_FILE = r"[^\s()<>:]{1,500}\.(?:html?|php|aspx?|pdf|png|jpe?g|gif|svg|webp)(?:[?#][^\s()<>]{0,1000})?"
_TARGET = (
    rf"\(\s?(?:{_ADDRESS}|<[a-z/#?.][^<>\n]{{0,2500}}>|{_SPACED}|{_INLINE_IMAGE}|{_FILE}|)"
    r"(?:\s{1,2}\"(?:[^\"\\\n]|\\.){0,300}\")?\s?\)"
)
_PICTURE = re.compile(rf"!\[(?P<words>[^\[\]\n]{{0,500}})\]{_TARGET}", re.IGNORECASE)
_LINK = re.compile(rf"\[(?P<words>[^\[\]\n]{{0,500}})\]{_TARGET}", re.IGNORECASE)
_CUT_LINK = re.compile(rf"\]{_TARGET}", re.IGNORECASE)
"""The end of a link around blocks, whose first bracket stands above."""
_TAGGED_LINK = re.compile(r"<a\s[^<>]{0,1000}>[^<>]{0,500}</a\s?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]{0,1000}>", re.IGNORECASE)
_HEADING = re.compile(r"#{1,6}[ \t]{1,4}(?=\S)")
_DEFINITION = re.compile(
    r"\[(?P<name>[^\[\]\n]{1,100})\]:[ \t]{1,4}<?(?:(?:https?|mailto|javascript|data):|[/#])\S{0,200000}"
)
_REFERENCE = re.compile(r"(?P<picture>!?)\[(?P<words>[^\[\]\n]{0,500})\]\[(?P<name>[^\[\]\n]{0,100})\]")
# Close to a word on one side only, or "f**k" and "s**t" would be a pair. Converters leave a space behind.
_STRONG = re.compile(
    r"(?<![\w*])\*\*(?=\S)(?P<words>[^*\n]{1,500})\*\*(?!\*)(?: (?=[,.]|['’]s\b))?"
    r"|(?<!\*)\*\*(?=\S)(?P<more>[^*\n]{1,500})\*\*(?![\w*])"
)
_STRESSED = re.compile(
    r"(?<![\w*_])(?P<mark>__(?![a-z]{1,30}__)|[*_])(?=[^\s*_])(?P<words>[^*_\n]{1,500})(?P=mark)(?![\w*_])"
    r"(?: (?=[,.]|['’]s\b))?"
)
_EMPTY = re.compile(r"(?P<before>[^\W_]{0,3})\*{4}(?=(?P<behind>[^\W_]?))")
"""Where one emphasis ends and another begins, or one has no words; "f****" is none."""
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|>~-])")
_DIVIDER = re.compile(r"(?:[*_-] ?){3,80}|[|: -]{0,200}-{2}[|: -]{0,200}|(?:\| {0,9}){2,80}|>")
"""A block of nothing but marks: a rule, a line of a table between its rows, a row without cells, a gap in a
quotation."""
_UNDERLINE = re.compile(r"={3,300}|-{3,300}")
_NOT_WORDS = " \t\u00a0*_#|/·•–—-,;:.»›→▶>[]()"
"""What may stand around the links of a line that has nothing else."""


def is_markdown(source: str) -> bool:
    """Whether Markdown is written somewhere: a link, a mark that plain text has no use for, or two that it
    has little use for."""
    if _may_have_links(source) and (_LINK.search(source) or _PICTURE.search(source)):
        return True
    if any(mark.search(source) for mark in _SURE_MARKS):
        return True
    return sum(len(mark.findall(source)) for mark in _MARKS) >= FEWEST_MARKS


def _may_have_links(source: str) -> bool:
    """A mark of one letter first: it is looked for many times faster than a pair."""
    return "[" in source and "](" in source


_SURE_MARKS = (
    re.compile(r"\n#{2,4} (?:\*\*|__?)?[^\W\d_]"),
    re.compile(r"(?<![\w*])\*\*(?=[^\W_])[^*\n]{1,200}[^\W_]\*\*(?![\w*])"),
    re.compile(r"\n\[[^\[\]\n]{1,100}\]: {1,3}<?(?:https?:|/)\S"),
)
_MARKS = (
    re.compile(r"[^\W_][^\n]{0,3}\n(?:={3,300}|-{4,300})(?=\n)"),
    re.compile(r"\n\* \* \*(?=\n)"),
)
_HINTS = (("#", "\n##"), ("*", "**"), ("[", "]: "), ("=", "\n==="), ("*", "\n* * *"))
"""What a text has that has such marks, each after its rarest letter. Dashes are in too many to look for."""


def _may_be_markdown(source: str) -> bool:
    return _may_have_links(source) or any(sign in source and hint in source for sign, hint in _HINTS)


def strip_markdown(doc: Document) -> Iterator[Edit]:
    """Leave of links, pictures, headings and emphasis what a reader sees.

    A heading is given its role; the only one of the first level names the headline. A picture by itself
    leaves its description, as a caption. Rules and what draws a table go.
    """
    if not _may_be_markdown(doc.source) or not is_markdown("\n".join([block.text for block in doc.blocks])):
        return
    names = {found["name"].casefold() for block in doc.blocks if (found := _DEFINITION.fullmatch(block.text))}
    underlined = _underlined(doc)
    tops = [at for at, block in enumerate(doc.blocks) if block.text[:2] == "# " or underlined.get(at) == "="]
    for index, block in enumerate(doc.blocks):
        role: Role | None = None
        facts = NO_FACTS
        heading = _HEADING.match(block.text)
        text = _plain(block.text[heading.end() :].rstrip("# ") if heading else block.text, names)
        if (heading or index in underlined) and text:
            role = "heading"
            if tops == [index] and text.count(" ") + 1 >= FEWEST_HEADLINE_WORDS:
                facts = {"headline": text}
        elif (described := _description(block.text)) is not None:
            role, text = "caption" if described else None, described
        changed = None if text == block.text else text
        if changed is not None or role:
            yield Edit(index, "repair/markdown", RULES["repair/markdown"], role, changed, facts)


def _underlined(doc: Document) -> dict[int, str]:
    """The blocks that are headings by a line of marks right below them, and the mark."""
    below = zip(doc.blocks, doc.blocks[1:], strict=False)
    return {
        index: line.text[0]
        for index, (block, line) in enumerate(below)
        if _UNDERLINE.fullmatch(line.text)
        and doc.source[block.end : line.start].count("\n") == 1
        and any(map(str.isalpha, block.text))
        and not is_story_shaped(block.text)
    }


def _plain(text: str, names: Set[str]) -> str:
    """The words of a block, without the marks around them; a bullet stays."""
    if _DIVIDER.fullmatch(text) or _UNDERLINE.fullmatch(text) or (names and _DEFINITION.fullmatch(text)):
        return ""
    if "[" in text:
        text = _LINK.sub(_words, _PICTURE.sub("", text))
        text = _uncut(text)
    elif "](" in text:
        text = _CUT_LINK.sub("", text)
    for _ in range(DEEPEST) if names else ():
        text = _REFERENCE.sub(lambda link: _shown(link, names), text)
    if "****" in text:
        text = _EMPTY.sub(_beside_empty, text)
    if "*" in text or "_" in text:
        text = _STRESSED.sub(_words, _STRONG.sub(_strong_words, text))
    if "\\" in text:
        text = _ESCAPED.sub(r"\1", text.removesuffix("\\"))
    return text.strip()


def _uncut(text: str) -> str:
    """A block without the first bracket of a link that goes on below it."""
    if text.endswith("["):
        return text.removesuffix("[").removesuffix("!")
    return text[1:] if text[0:1] == "[" and "]" not in text else text


def _shown(link: re.Match[str], names: Set[str]) -> str:
    """The words of a link whose address stands elsewhere, by a name or by its words; a picture has none."""
    if link["picture"]:
        return ""
    return link["words"] if (link["name"] or link["words"]).casefold() in names else link[0]


def _words(found: re.Match[str]) -> str:
    return found["words"] or ""


def _strong_words(found: re.Match[str]) -> str:
    """Converters leave out the space beside what is emphasized; within words a letter or an ending is."""
    words, text, (start, end) = found["words"] or found["more"], found.string, found.span()
    if len(words) < FEWEST_APART or is_unspaced(words):
        return words
    before, behind = text[max(0, start - FEWEST_APART) : start], text[end : end + FEWEST_APART]
    return f"{' ' * _is_word(before)}{words}{' ' * (_is_word(behind) or _starts_anew(words, behind))}"


def _beside_empty(found: re.Match[str]) -> str:
    """What stands before an emphasis without words, apart from what follows; all, behind a letter or two."""
    before, behind = found["before"], found["behind"]
    if 0 < len(before) < FEWEST_APART:
        return found[0]
    return f"{before} " if before and behind else before


def _is_word(letters: str) -> bool:
    return len(letters) == FEWEST_APART and letters.isalpha()


def _starts_anew(words: str, behind: str) -> bool:
    return words[-1] in ":.!?" and behind[:1].isalpha()


def _description(text: str) -> str | None:
    """What a block of nothing but pictures says of them; None where there is more than pictures."""
    if "![" not in text or _LINK.sub("", _PICTURE.sub("", text)).strip(_NOT_WORDS):
        return None
    return " ".join(filter(None, (found["words"].strip() for found in _PICTURE.finditer(text))))


# --- lines of links ---------------------------------------------------------------------------


def strip_link_lines(doc: Document) -> Iterator[Edit]:
    """Take out the lines beside the story that are links and nothing else: menus, buttons, other stories.

    Links under a heading that stays, or under a line that announces them, are part of the story, and so
    are those of a story that lists links.
    """
    if len(doc.story) < FEWEST_STORIES or not (
        _may_have_links(doc.source) or _may_have_tagged_links(doc.source)
    ):
        return
    first, last = doc.story[0], doc.story[-1]
    linked = {index: _is_only_links(doc, index) for index, block in enumerate(doc.blocks) if block.is_open}
    rows = [(is_row, [*row]) for is_row, row in groupby(linked, linked.__getitem__)]
    inside = [row for is_row, row in rows if is_row and first < row[0] < last]
    is_list = len(inside) * STORIES_A_LINK > len(doc.story)
    above: int | None = None
    for is_row, row in rows:
        is_inside = first < row[0] < last
        if is_row and not (_announces(doc, above) or (is_inside and (is_list or not _is_aside(doc, row)))):
            for index in row:
                yield Edit(index, "nav/only-links", RULES["nav/only-links"], "boilerplate", confidence=0.95)
        above = row[-1]


def _may_have_tagged_links(source: str) -> bool:
    return "<" in source and ("</a" in source or "</A" in source)


def _is_only_links(doc: Document, index: int) -> bool:
    """Whether a block was nothing but links in the source, and is neither a heading nor a paragraph."""
    block = doc.blocks[index]
    if block.role == "heading" or is_story_shaped(block.text):
        return False
    raw = unwrapped(doc.source[block.start : block.end].splitlines())
    rest = _TAG.sub("", _TAGGED_LINK.sub("", _LINK.sub("", _PICTURE.sub("", raw))))
    return rest != raw and not rest.strip(_NOT_WORDS)


def _announces(doc: Document, index: int | None) -> bool:
    """Whether a line leads up to what stands below it."""
    if index is None:
        return False
    block = doc.blocks[index]
    return block.role == "heading" or block.text.rstrip().endswith((":", "："))


def _is_aside(doc: Document, row: list[int]) -> bool:
    """A line by itself between paragraphs, or several of a list; one item is a list's first or last."""
    return len(row) >= FEWEST_IN_ROW or block_type(doc.blocks[row[0]].text) == "paragraph"
