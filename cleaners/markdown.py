"""Markdown that an extractor wrote: links, pictures, headings and emphasis become what a reader sees.

It alone knows where a link begins and ends, and so which lines of a source are nothing but links.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from cleaners.article import block_type
from cleaners.model import NO_FACTS, Document, Edit, Role, is_story_shaped

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
FEWEST_IN_ROW = 2

# Only what can be nothing but an address is one: "[he](sic)" is prose.
# Brackets within part the two ways to read one: without them nothing is read twice.
_INSIDE = r"[^\s()<>]"
_ADDRESS = (
    r"(?:[a-z][a-z0-9+.-]{0,20}:|www\.|[/#?.])"
    rf"(?:{_INSIDE}{{0,2000}}\({_INSIDE}{{0,200}}\){_INSIDE}{{0,500}}|{_INSIDE}{{0,2500}})"
)
_TARGET = rf"\(\s?(?:{_ADDRESS}|<{_ADDRESS}>|)(?:\s\"[^\"\n]{{0,300}}\")?\)"
_PICTURE = re.compile(rf"!\[(?P<words>[^\[\]\n]{{0,500}})\]{_TARGET}", re.IGNORECASE)
_LINK = re.compile(rf"\[(?P<words>[^\[\]\n]{{0,500}})\]{_TARGET}", re.IGNORECASE)
_TAGGED_LINK = re.compile(r"<a\s[^<>]{0,1000}>[^<>]{0,500}</a\s?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-z][^<>]{0,1000}>", re.IGNORECASE)
_HEADING = re.compile(r"#{1,6}[ \t]{1,4}(?=\S)")
_DEFINITION = re.compile(r"\[(?P<name>[^\[\]\n]{1,100})\]:[ \t]{1,4}<?(?:https?:|[/#])\S{0,2000}")
_REFERENCE = re.compile(r"\[(?P<words>[^\[\]\n]{1,500})\]\[(?P<name>[^\[\]\n]{0,100})\]")
_STRONG = re.compile(r"(?<![\w*])\*\*(?=\S)(?P<words>[^*\n]{1,500})\*\*(?![\w*])")
_STRESSED = re.compile(r"(?<![\w*_])(?P<mark>[*_])(?=[^\s*_])(?P<words>[^*_\n]{1,500})(?P=mark)(?![\w*_])")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+.!|>~-])")
_NOT_WORDS = " \t\u00a0*_#|/·•–—-,;:.»›→▶>[]()"
"""What may stand around the links of a line that has nothing else."""


def is_markdown(source: str) -> bool:
    """Whether Markdown is written somewhere: a link, or two headings below the first level."""
    if _may_have_links(source) and (_LINK.search(source) or _PICTURE.search(source)):
        return True
    return (
        "#" in source
        and source.count("\n##") >= FEWEST_IN_ROW
        and len(_SUBHEADING.findall(source)) >= FEWEST_IN_ROW
    )


def _may_have_links(source: str) -> bool:
    """A mark of one letter first: it is looked for many times faster than a pair."""
    return "[" in source and "](" in source


_SUBHEADING = re.compile(r"\n#{2,4} [^\W\d_]")


def strip_markdown(doc: Document) -> Iterator[Edit]:
    """Leave of links, pictures, headings and emphasis what a reader sees.

    A heading is given its role; the only one of the first level names the headline. A picture by itself
    leaves its description, as a caption.
    """
    if not is_markdown(doc.source):
        return
    names = {found["name"].casefold() for block in doc.blocks if (found := _DEFINITION.fullmatch(block.text))}
    tops = [index for index, block in enumerate(doc.blocks) if block.text.startswith("# ")]
    for index, block in enumerate(doc.blocks):
        role: Role | None = None
        facts = NO_FACTS
        heading = _HEADING.match(block.text)
        text = _plain(block.text[heading.end() :].rstrip("# ") if heading else block.text, names)
        if heading and text:
            role = "heading"
            if tops == [index] and text.count(" ") + 1 >= FEWEST_HEADLINE_WORDS:
                facts = {"headline": text}
        elif (described := _description(block.text)) is not None:
            role, text = "caption" if described else None, described
        if text != block.text:
            yield Edit(index, "repair/markdown", RULES["repair/markdown"], role, text, facts)


def _plain(text: str, names: set[str]) -> str:
    """The words of a block, without the marks around them; a bullet stays."""
    if names and _DEFINITION.fullmatch(text):
        return ""
    if "[" in text:
        text = _LINK.sub(_words, _PICTURE.sub("", text))
    if names:
        text = _REFERENCE.sub(lambda link: link["words"] if _target(link) in names else link[0], text)
    if "*" in text or "_" in text:
        text = _STRESSED.sub(_words, _STRONG.sub(_words, text))
    if "\\" in text:
        text = _ESCAPED.sub(r"\1", text.removesuffix("\\"))
    return text.strip()


def _target(link: re.Match[str]) -> str:
    """The name a reference goes by: "[words][name]", or "[words][]" for one that is named as it reads."""
    return (link["name"] or link["words"]).casefold()


def _words(found: re.Match[str]) -> str:
    return found["words"]


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
    raw = doc.source[block.start : block.end]
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
