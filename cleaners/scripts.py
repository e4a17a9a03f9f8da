"""Scripts, style sheets and data of a page that a scraper took for text.

Single lines of them are known to the rules. Here rows of lines that look like code are: such a row goes as a
whole where something in it is known to be of a page, such as the calls of advertising and of visitor counts.
Code that a story is about has none of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from cleaners.inlined import share_of_symbols
from cleaners.model import Document, Edit

RULES = {"widget/script": "a script, style sheet or data of the page"}

_OF_PAGE = re.compile(
    r"googletag|gtag\(|dataLayer|adsbygoogle|\bfbq\(|fbAsyncInit|_taboola|OBR\.|outbrain|_sf_async_config"
    r"|COMSCORE|_comscore|NREUM|__NEXT_DATA__|__NUXT__|__INITIAL_STATE__|__PRELOADED_STATE__|__next_f"
    r"|__APOLLO_STATE__|wp-content|wp-includes|wp-json|wpemoji|ga\('|GoogleAnalyticsObject|gtm\.(?:start|js)"
    r"|google-analytics|googlesyndication|hotjar|_hjSettings|[Oo]ne[Tt]rust|Optanon|__tcfapi|gdprApplies"
    r"|pbjs|prebid|apstag|amazon-adsystem|doubleclick|criteo|quantserve|_qevents|chartbeat|parsely|PARSELY"
    r"|tinypass|disqus_|\btwq\(|Sailthru|recaptcha|permutive|sourcepoint|_satellite|utag|headertag|div-gpt"
)
"""Names that only scripts of pages use: of advertising, visitor counts, consent, comments and frameworks."""
_OF_METADATA = re.compile(r"\"@context\" ?: ?\"https?://schema\.org")
"""Of pages as well, but stories tell how to write it: between their paragraphs it stays."""
_CODE = re.compile(
    r"(?:var|let|const) [\w$]{1,60} ?[=;]|(?:async )?function ?[\w$]{0,60} ?\(|[(!]function ?\("
    r"|break;|return;|(?:if|for|while|switch|catch|else if) ?\([^ ]|(?:try|else|do|finally) ?\{"
    r"|(?:window|document|self|jQuery|googletag|console)[.(\[]|\$\("
    r"|@(?:media|import|font-face|keyframes)\b|[.#][\w-]{1,60} ?[{>]"
    r"|[\w$.]{1,80}(?:\(\)|\(['\"{]| [+*]?= ?['\"\w{\[(]|: ?['\"{\[]|: (?:true|false|null)\b)"
    r"|['\"][\w$ .:-]{1,60}['\"] ?:|/\*|\*/|//|<!--|-->|[}\])]"
)
_STYLE = re.compile(r"[a-z-]{3,40}: ?[^.;:{}]{1,120};")
_CLOSES = ("{", "};", "});", "})", ");", "(", "[", "],", "},")
_LONG, _SHARE, _LEAST_SHARE = 300, 0.08, 0.03
"""Code points of a line, and of the pieces of it that are looked at, that show by their symbols what they
are; the share of these in the line, and in each piece."""
_FEWEST_BRACES, _MOST_SPACES = 5, 0.05
"""Of a line that only a machine was to read, and the share of its code points that are spaces."""
_REST, _MOST_REST = 60, 2
"""Code points of a line that may be part of a row though nothing in it is code, and how many there may be."""
_PACKED = ('{"', "[{", '["')
"""How data begins that a machine wrote for another."""
_ASSIGNED, _END = 80, "; )"
"""Code points in front of data that may name it, and what may stand behind."""


def strip_scripts(doc: Document) -> Iterator[Edit]:
    """Take out rows of code that are of a page, and data and scripts written on one long line."""
    if "{" not in doc.source:
        return
    story = doc.story
    for row in _rows(doc):
        texts = [doc.blocks[index].text for index in row]
        is_within = bool(story) and story[0] < row[0] < story[-1]
        names = (_OF_PAGE,) if is_within else (_OF_PAGE, _OF_METADATA)
        is_of_page = any(name.search(text) for name in names for text in texts)
        for index, text in zip(row, texts, strict=True):
            if doc.blocks[index].is_open and (is_of_page or is_packed(text)):
                yield Edit(index, "widget/script", RULES["widget/script"], "boilerplate", confidence=0.97)


def _rows(doc: Document) -> Iterator[Sequence[int]]:
    """Blocks that are code, and the little that stands between them."""
    row: list[int] = []
    rest: list[int] = []
    for index, block in enumerate(doc.blocks):
        if block.text and is_code(block.text):
            row += [*rest, index] if row else [index]
            rest = []
        elif row and len(rest) < _MOST_REST and _may_belong(block.text):
            rest.append(index)
        else:
            if row:
                yield row
            row, rest = [], []
    if row:
        yield row


def _may_belong(text: str) -> bool:
    """Whether a line may be part of code though nothing in it is: a value, or the end of one."""
    return len(text) <= _REST and (" " not in text or share_of_symbols(text) >= _SHARE)


def is_code(text: str) -> bool:
    """Whether a line looks like one of a program, a style sheet or data."""
    if len(text) < _LONG:
        return text.endswith(_CLOSES) or _CODE.match(text) is not None or _STYLE.fullmatch(text) is not None
    # A page that is one line begins with a script, and goes on with the story: every piece must show it.
    pieces = (text[at : at + _LONG] for at in range(0, len(text), _LONG))
    is_script = share_of_symbols(text) >= _SHARE and all(share_of_symbols(p) >= _LEAST_SHARE for p in pieces)
    return is_script or _data(text) != ""


def is_packed(text: str) -> bool:
    """Whether a line is data, or a script or style sheet without what only people need."""
    if len(text) < _LONG:
        return False
    if text.count(" ") <= _MOST_SPACES * len(text) and text.count("}") >= _FEWEST_BRACES and is_code(text):
        return True
    return _data(text).startswith(_PACKED)


def _data(text: str) -> str:
    """The data that a line is, by itself or given to a name; empty for other lines."""
    starts = [at for at in (text.find("{", 0, _ASSIGNED), text.find("[", 0, _ASSIGNED)) if at >= 0]
    data = text[min(starts) :].rstrip(_END) if starts else ""
    if data[-1:] not in ("}", "]"):
        return ""
    try:
        msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError):
        return ""
    return data
