"""Repairs of broken text: garbled encoding, left-over markup and entities, broken spaces.

The only module that knows ftfy, and with `read` the only one that knows Beautiful Soup.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import ftfy
from ftfy.badness import BADNESS_RE

from cleaners.article import block_type
from cleaners.fragments import BLOCK_TAGS, INLINE_TAGS, NO_TAG, is_fragment
from cleaners.model import Document, Edit, Role, odd_runs
from cleaners.wrapping import unwrapped

RULES = {
    "repair/encoding": "garbled encoding",
    "repair/markup": "left-over markup",
    "repair/spaces": "broken spaces",
    "repair/hard-wrap": "lines of one paragraph",
    "repair/gap": "space between paragraphs",
    "repair/empty": "nothing left after repair",
}

# --- encoding ---------------------------------------------------------------------------------

# ftfy's defaults straighten quotes and narrow full-width punctuation, which is good news text.
_CONFIG = ftfy.TextFixerConfig(
    unescape_html=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_line_breaks=False,
    normalization=None,
    explain=False,
)

# The skip below is argued from this version's tables; with any other, ftfy sees every block.
_PROVED_FOR = ("6.3.1",)
_SKIP_IS_PROVED = ftfy.__version__ in _PROVED_FOR

_CONTROLS = "\x00-\x08\x0b\x0e-\x1f\x7f\u206a-\u206f\ufeff\ufff9-\ufffc\ud800-\udfff"
# Characters no two of which, next to each other, make ftfy suspicious: they take part in its
# patterns only beside characters outside this set. Greek and Cyrillic without the letters that
# stand for bytes of other letters, scripts its patterns never name, and the punctuation of news.
_CALM = (
    "\u00a0\u00ad´·¡¿«»‘’‚“”„‹›•–—…‐‑\u2009\u200b-\u200f\u202f′″"
    "\u0386-\u03ff\u0400\u0401\u0403-\u048f\u0492-\u04ff\u0500-\u1fff"
    "\u3000-\ud7ff\uf900-\ufafe\ufe30-\ufe4f\uff01-\uffef\U00010000-\U0010ffff"
)
# Every pattern of ftfy's needs one of these: a character suspicious by itself, or two neighbours
# outside ASCII of which at least one is not calm, or a byte letter beside punctuation.
_SUSPICIOUS = re.compile(
    r"[\x80-\x9fŒœÃÂ]"
    rf"|[^\x00-\x7f{_CALM}][^\x00-\x7f]"
    rf"|[^\x00-\x7f][^\x00-\x7f{_CALM}]"
    r"|[ВГРСΒΓΞΟ][¡¿«»‘‚“”„‹›•]"
)
_CONTROL = re.compile(f"[{_CONTROLS}]")
_REACH = 3
"""ASCII characters, and one to spare, that a pattern of ftfy's has beside its run of others."""


# The same few letters stand together in article after article: what was looked at and is calm, emptied
# when full. It spares work and decides nothing.
_CALM_RUNS: set[bytes] = set()
_MOST_CALM_RUNS = 1 << 15


def _striking(odd: frozenset[bytes]) -> list[str]:
    """The runs that ftfy may see something in, or in which some kind of space stands."""
    unknown = odd - _CALM_RUNS
    striking = {run for run in unknown if _is_striking(run.decode("utf-8", "surrogatepass"))}
    if len(_CALM_RUNS) > _MOST_CALM_RUNS:
        _CALM_RUNS.clear()
    _CALM_RUNS.update(unknown - striking)
    return [run.decode("utf-8", "surrogatepass") for run in striking]


def _is_striking(run: str) -> bool:
    return _is_suspicious(run) or _ODD_SPACE.search(run) is not None


@lru_cache(maxsize=1 << 12)
def _is_suspicious(run: str) -> bool:
    return _SUSPICIOUS.search(run) is not None or _CONTROL.search(run) is not None


@lru_cache(maxsize=1 << 14)
def _is_bad(window: str) -> bool:
    return _CONTROL.search(window) is not None or BADNESS_RE.search(window) is not None


def is_surely_sound(text: str) -> bool:
    """Whether ftfy, as configured here, provably returns the text as it is."""
    return _is_sound(text, odd_runs(text.encode("utf-8", "surrogatepass")))


def _is_sound(text: str, odd: frozenset[bytes]) -> bool:
    suspects = [run for run in _striking(odd) if _is_suspicious(run)]
    return _SKIP_IS_PROVED and not any(_is_bad_in(text, run) for run in (*suspects, "\x0b"))


def _is_bad_in(text: str, run: str) -> bool:
    """Whether a suspicious run of letters is bad in any of the places where it stands."""
    at = text.find(run)
    while at >= 0:
        if _is_bad(text[max(0, at - _REACH) : at + len(run) + _REACH]):
            return True
        at = text.find(run, at + 1)
    return False


def fix_encoding(doc: Document) -> Iterator[Edit]:
    """Mend garbled encodings ("â€œ") and drop control characters, block by block."""
    if _is_sound(doc.source, doc.odd):
        return
    for index, block in enumerate(doc.blocks):
        if not is_surely_sound(block.text):
            text = ftfy.fix_text_segment(block.text, _CONFIG)
            if text != block.text:
                yield Edit(index, "repair/encoding", RULES["repair/encoding"], text=text)


def is_garbled(text: str) -> bool:
    """Whether the text still looks garbled after repair."""
    return not is_surely_sound(text) and BADNESS_RE.search(text) is not None


# --- markup -----------------------------------------------------------------------------------

_TAG = re.compile(rf"<(/?)({BLOCK_TAGS}|{INLINE_TAGS})(?=[\s/>])[^<>]{{0,1000}}>|<!--", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_ESCAPED_ENTITY = re.compile(r"&amp;(?:[a-z]{2,8}|#[0-9]{2,6});")
_SHORTCODE = re.compile(r"\[/?(?:vc|et_pb|fusion|su|av|nectar)_[a-z][a-z0-9_]{1,40}(?: [^\[\]]{0,1000})?\]")
"""Tags of page builders, in brackets: what stands between them is the story's."""
_ROLE_OF_TAG: dict[str, Role] = {f"h{n}": "heading" for n in range(1, 7)}
_ROLE_OF_TAG["figcaption"] = "caption"


def strip_markup(doc: Document) -> Iterator[Edit]:
    """Drop left-over tags and decode entities, in blocks that have them."""
    has_codes = "[/" in doc.source and _SHORTCODE.search(doc.source) is not None
    has_tags = "<" in doc.source
    if not has_tags and "&" not in doc.source and not has_codes:
        return
    is_text = has_tags and not is_fragment(doc.source)
    for index, block in enumerate(doc.blocks):
        text = _SHORTCODE.sub("", block.text) if has_codes else block.text
        tag = _TAG.search(text) if "<" in text else None
        if tag or ("&" in text and _ENTITY.search(text)):
            text = _visible(NO_TAG.sub("&lt;", text) if tag and is_text else text, bool(tag))
        role = _ROLE_OF_TAG.get(tag[2].lower()) if tag and tag[2] and tag.start() == 0 else None
        if text != block.text:
            yield Edit(index, "repair/markup", RULES["repair/markup"], role=role, text=text)


def _visible(text: str, has_tags: bool) -> str:
    """What a browser shows of a stretch of markup."""
    from bs4 import BeautifulSoup  # heavy, and needed for few inputs
    from bs4.exceptions import ParserRejectedMarkup

    escaped_twice = _ESCAPED_ENTITY.search(text)
    if has_tags:
        text = _parseable(text)
        try:
            soup = BeautifulSoup(text, "html.parser")
        except ParserRejectedMarkup:  # a declaration of an unknown kind: "<![if"
            soup = BeautifulSoup(text.replace("<!", "&lt;!"), "html.parser")
        for hidden in soup(["script", "style", "noscript"]):
            hidden.decompose()
        for item in soup("li"):
            item.insert(0, "• ")
        for line_break in soup("br"):
            line_break.replace_with(" ")
        text = soup.get_text()
    else:
        text = _ENTITY.sub(lambda entity: _decode(entity[0]), text)
    return _visible(text, has_tags=False) if escaped_twice else text


_COMMENT = re.compile("<!--.*?-->", re.DOTALL)
_CELL_END = re.compile(r"\s{0,50}</t[dh]\s{0,9}>\s{0,50}", re.IGNORECASE)
_STRAY = re.compile(r"<(?!/?[A-Za-z][^<>]{0,1000}>)")
_MANY_STRAYS = 100


def _parseable(text: str) -> str:
    """The same markup, with tabs between the cells of a row, and so that it takes the parser no longer than
    its length: that looks through all the rest for the end of each tag or comment that has none."""
    if (last := text.rfind("-->")) >= 0:
        text = _COMMENT.sub("", text[: last + len("-->")]) + text[last + len("-->") :]
    if len(_STRAY.findall(text)) > _MANY_STRAYS:
        text = _STRAY.sub("&lt;", text)
    return _CELL_END.sub("\t", text)


@lru_cache(maxsize=512)
def _decode(entity: str) -> str:
    from bs4 import BeautifulSoup

    return BeautifulSoup(entity, "html.parser").get_text()


# --- spaces -----------------------------------------------------------------------------------

_RUN = re.compile("[ \u00a0\u2000-\u200a\u202f][ \u00a0\u2000-\u200a\u202f]+")  # twice as fast as {2,}
_LINE_BREAK = re.compile("[\r\n\x85\u2028\u2029]")
# A zero-width space is a word boundary where words are not spaced, and nothing elsewhere.
_INVISIBLE = re.compile("\u00ad|(?<![\u0e00-\u109f\u1780-\u17ff])\u200b")
# Kinds of space, and what breaks a line or may be broken by it, that stand in words of other scripts too.
_ODD_SPACE = re.compile("[\u00a0\u00ad\u2000-\u200b\u2028\u2029\u202f\x85]")


def join_lines(doc: Document) -> Iterator[Edit]:
    """Make one line of the lines of each hard-wrapped paragraph; `read.segment` alone leaves any."""
    for index, block in enumerate(doc.blocks):
        if "\n" in block.text or "\r" in block.text:
            yield Edit(index, "repair/hard-wrap", RULES["repair/hard-wrap"], text=_on_one_line(block.text))


def _on_one_line(text: str) -> str:
    return unwrapped(_LINE_BREAK.split(text.replace("\r\n", "\n")))


def tidy_spaces(doc: Document) -> Iterator[Edit]:
    """Join what other breaks are left, collapse runs of spaces, drop soft hyphens.

    A lone no-break space stays: French sets one before its punctuation. Rows of a table stay.
    """
    for index in _untidy(doc):
        text = doc.blocks[index].text
        tidy = _tidied(text)
        if tidy != text:
            is_wrapped = "\n" in text or "\r" in text
            rule = "repair/hard-wrap" if is_wrapped else "repair/spaces"
            yield Edit(index, rule, RULES[rule], text=tidy)


def _untidy(doc: Document) -> list[int]:
    """Blocks with a mark of broken spaces. Mark by mark: most sources have none of most."""
    found = {edit.block for edit in doc.edits}  # repair may have left anything
    marks = set(_ODD_SPACE.findall(" ".join(_striking(doc.odd))))
    marks |= {"  "} if doc.has_wide_gaps else set()
    texts = [block.text for block in doc.blocks]
    for mark in marks:
        found.update([index for index, text in enumerate(texts) if mark in text])
    return sorted(found)


def _tidied(text: str) -> str:
    if ("\n" in text or not text.isprintable()) and len(text.splitlines()) > 1:
        text = _on_one_line(text)
    if "\u00ad" in text or "\u200b" in text:
        text = _INVISIBLE.sub("", text)
    text = text.strip()
    tidy = _RUN.sub(" ", text)
    return text if tidy != text and block_type(text) == "tableRow" else tidy
