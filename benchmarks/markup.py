"""What a page's markup says of the lines that extractors made of it; it alone knows the elements of a page.

Serves training only: what is sure by the markup corrects the labels, which come from references with gaps.
"""

from __future__ import annotations

import bisect
import gzip
import json
import re
from collections import Counter
from collections.abc import Sequence, Set
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

ARTICLE, RESIDUE = 1, 0


def _names(names: str) -> frozenset[str]:
    return frozenset(names.split())


VOID = _names("area base br col embed hr img input link meta source track wbr param")
SILENT = _names("script style noscript template svg iframe object select head canvas math")
INLINE = _names(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark q ruby rb rt rp s samp"
    " small span strike strong sub sup time tt u var wbr amp-img img picture source svg path use g"
)
CLOSES = {
    "p": "p", "li": "li", "dt": "dt dd", "dd": "dt dd", "tr": "tr td th", "td": "td th", "th": "td th",
    "option": "option",
}  # fmt: skip
"""Tags that end an element still open: authors leave the end tags out."""
FOREIGN_TAGS = _names("aside nav footer button form dialog")
FOREIGN_WORDS = _names(
    "ad ads advert advertisement advertising sponsor sponsored promo promos promotion related recommended"
    " recommendations recirc recirculation trending popular mostread mostpopular newsletter newsletters"
    " subscribe subscription signup share sharing social socials sharebar comment comments disqus cookie"
    " cookies consent gdpr breadcrumb breadcrumbs menu navigation nav navbar footer sidebar widget outbrain"
    " taboola paywall piano tags taglist toolbar login modal popup banner teaser teasers readmore"
    " readnext upnext morefrom signin donate donation kicker authorbio biography"
    " pagination pager skip masthead copyright colophon affiliate shop"
)
PARAGRAPHS = _names("p li td th h2 h3 h4 h5 h6 blockquote dt dd pre")
_WORD = re.compile(r"[a-z]+")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


class Element(NamedTuple):
    tag: str
    number: int
    words: frozenset[str]
    """Of its class, id and role."""


class Text(NamedTuple):
    """The text of one element that stands on lines of its own."""

    key: str
    """Letters and digits alone, small."""
    path: tuple[Element, ...]
    """The elements around it, outermost first."""
    linked: float
    """Share of its characters that are links."""


def key_of(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


class Elements(HTMLParser):
    """The texts of a page in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.texts: list[Text] = []
        self._open: list[Element] = []
        self._count = 0
        self._silent = 0
        self._links = 0
        self._parts: list[str] = []
        self._linked = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in VOID:
            if tag == "br":
                self._flush()
            return
        if self._silent:
            self._silent += tag in SILENT
            return
        if tag in SILENT and tag != "head":
            self._silent = 1
            return
        if tag not in INLINE:
            self._flush()
            self._end_open(tag)
        self._count += 1
        said = " ".join(
            _CAMEL.sub(" ", value or "")
            for name, value in attrs
            if name in ("class", "id", "role", "itemprop", "data-component")
        )
        self._open.append(Element(tag, self._count, frozenset(_WORD.findall(said.lower()))))
        self._links += tag == "a"

    def _end_open(self, tag: str) -> None:
        closes = CLOSES.get(tag, "").split()
        for at in range(len(self._open) - 1, max(-1, len(self._open) - 6), -1):
            there = self._open[at].tag
            if there in closes:
                self._close(at)
                return
            if there not in INLINE and there != "p":
                return

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            self._silent -= tag in SILENT
            return
        for at in range(len(self._open) - 1, -1, -1):
            if self._open[at].tag == tag:
                if tag not in INLINE:
                    self._flush()
                self._close(at)
                return

    def _close(self, at: int) -> None:
        for element in self._open[at:]:
            self._links -= element.tag == "a"
        del self._open[at:]

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        key = key_of(data)
        if key:
            self._parts.append(key)
            self._linked += len(key) if self._links else 0

    def _flush(self) -> None:
        if self._parts:
            key = "".join(self._parts)
            self.texts.append(Text(key, tuple(self._open), self._linked / len(key)))
        self._parts, self._linked = [], 0


def texts_of(html: str) -> list[Text]:
    """All texts of a page that stand on lines of their own, in order."""
    parser = Elements()
    parser.feed(html)
    parser.close()
    parser._flush()
    return parser.texts


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8", "cp1252"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


# --- what the markup says of labelled lines ---------------------------------------------------

CAPTION, UNSURE, LEFT_OUT = 4, 5, -1
"""Labels beside those of lines/: a caption or credit; foreign by the reference alone; not to learn from."""
CAPTION_TAGS = _names("figcaption figure")
CAPTION_WORDS = _names("caption captions figcaption credit imagecaption")
TABLE_TAGS = _names("table td th tr pre code")
NEVER_OWN = _names("nav footer button form title h1")
MOST_OF_BODY, FEW_OF_ELEMENT = 0.8, 0.1
"""Share of the article that makes an element its body, and of an element that leaves it foreign."""
MOSTLY_LINKED = 0.8
REACH = 4
"""Texts above and below among which some of the article stand beside a gap of the reference."""
LONG_KEY = 15
"""Letters of a line that may be looked for inside of longer texts."""


class Markup:
    """A page's texts, and where the article stands among them."""

    def __init__(self, texts: Sequence[Text]) -> None:
        self.texts = texts
        self.exact: dict[str, list[int]] = {}
        self.starts: list[int] = []
        at = 0
        for index, text in enumerate(texts):
            self.exact.setdefault(text.key, []).append(index)
            self.starts.append(at)
            at += len(text.key)
        self.whole = "".join(text.key for text in texts)

    def corrected(self, lines: Sequence[str], labels: Sequence[int], common: Set[str]) -> list[int]:
        """The labels, by what the markup says of each line. `common` are texts of other pages of the site."""
        places = self._places(lines)
        own = {place for place, label in zip(places, labels, strict=True) if label == ARTICLE and place >= 0}
        body, foreign = self._bounds(own)
        right = []
        for line, place, label in zip(lines, places, labels, strict=True):
            if place >= 0 and body >= 0:
                label = self._corrected(place, label, body, foreign, own)
            elif label == RESIDUE:
                label = UNSURE
            right.append(RESIDUE if label in (LEFT_OUT, UNSURE) and key_of(line) in common else label)
        return right

    def _places(self, lines: Sequence[str]) -> list[int]:
        """The text that each line comes from, or -1; lines stand in the order of the page."""
        places = []
        last = 0
        for line in lines:
            found = self._find(key_of(line), last)
            places.append(found)
            last = found if found >= 0 else last
        return places

    def _find(self, key: str, last: int) -> int:
        same = self.exact.get(key)
        if same:
            return min(same, key=lambda index: (index < last, abs(index - last)))
        if len(key) < LONG_KEY or not self.texts:
            return -1
        start = self.whole.find(key, self.starts[last])
        start = start if start >= 0 else self.whole.find(key)
        if start < 0:
            return -1
        end = start + len(key)
        first, last = bisect.bisect_right(self.starts, start) - 1, bisect.bisect_left(self.starts, end)
        return max(
            range(first, last),
            key=lambda at: min(end, self.starts[at] + len(self.texts[at].key)) - max(start, self.starts[at]),
        )

    def _bounds(self, own: Set[int]) -> tuple[int, set[int]]:
        """The innermost element that holds nearly all of the article, and those that hold hardly any."""
        article: Counter[int] = Counter()
        every: Counter[int] = Counter()
        for index, text in enumerate(self.texts):
            for element in text.path:
                every[element.number] += len(text.key)
                article[element.number] += len(text.key) if index in own else 0
        total = sum(len(self.texts[index].key) for index in own)
        body = max(
            (number for number, size in article.items() if total and size >= MOST_OF_BODY * total), default=-1
        )
        return body, {number for number, size in every.items() if article[number] <= FEW_OF_ELEMENT * size}

    def _corrected(self, place: int, label: int, body: int, foreign: Set[int], own: Set[int]) -> int:
        text = self.texts[place]
        numbers = [element.number for element in text.path]
        is_inside = body in numbers
        below = text.path[numbers.index(body) + 1 :] if is_inside else text.path
        tags = {element.tag for element in below}
        if label == ARTICLE:
            return LEFT_OUT if tags & NEVER_OWN else ARTICLE
        strange = [element for element in below if element.number in foreign]
        is_cell = bool(tags & TABLE_TAGS)
        if not is_cell and any(e.tag in CAPTION_TAGS or e.words & CAPTION_WORDS for e in strange):
            return CAPTION
        if not is_inside or any(e.tag in FOREIGN_TAGS or e.words & FOREIGN_WORDS for e in strange):
            return label
        if text.linked >= MOSTLY_LINKED:
            return label
        return self._in_body(place, label, tags, own)

    def _in_body(self, place: int, label: int, tags: Set[str], own: Set[int]) -> int:
        """Labelled foreign, within the article and without a mark: often a gap of the reference."""
        near = range(1, REACH)
        is_between = any(place - step in own for step in near) and any(place + step in own for step in near)
        tag = next((e.tag for e in reversed(self.texts[place].path) if e.tag not in INLINE), "")
        is_listed = bool(tags & TABLE_TAGS) or tag == "li" or "blockquote" in tags
        if is_listed or (is_between and tag in PARAGRAPHS):
            return LEFT_OUT
        return UNSURE if label == RESIDUE else label


def read_pages(bench: Path, name: str) -> tuple[dict[str, Markup], dict[str, frozenset[str]]]:
    """The pages of a set by id, and for each the texts that other pages of its host have as well."""
    pages: dict[str, Markup] = {}
    hosts: dict[str, list[str]] = {}
    with (bench / "pages" / name / "gold.jsonl").open(encoding="utf-8") as lines:
        for gold in map(json.loads, lines):
            if not gold.get("field"):
                data = gzip.decompress((bench / "pages" / name / gold["page"]).read_bytes())
                pages[gold["id"]] = Markup(texts_of(_decoded(data)))
                hosts.setdefault(urlsplit(gold.get("url") or "").hostname or gold["id"], []).append(
                    gold["id"]
                )
    common: dict[str, frozenset[str]] = {}
    for ids in hosts.values():
        counts = Counter(key for page in ids for key in pages[page].exact)
        twice = frozenset(key for key, count in counts.items() if count > 1)
        common |= dict.fromkeys(ids, twice)
    return pages, common
