"""Bytes or text in, a document of blocks out. Segmentation happens here, once, and nowhere later."""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from collections.abc import Mapping
from typing import Any, NamedTuple

from cleaners import fragments, inlined, seams
from cleaners.article import Newline
from cleaners.fragments import BLANK
from cleaners.model import NO_FACTS, Block, Document, odd_runs
from cleaners.wrapping import Line, paragraphs


class Source(NamedTuple):
    """One text as a scraper left it, with what is known of it."""

    data: str | bytes
    name: str = ""
    path: str | None = None
    id: str | None = None
    url: str | None = None
    encoding: str | None = None
    """The encoding somebody declared for `data`; believed only after strict UTF-8 failed."""
    given: Mapping[str, str] = NO_FACTS
    """What the record says of the article: "title", "description", "date", "modified", "byline", and
    "authors", one name a line."""
    extra: Mapping[str, Any] = NO_FACTS
    """Fields of the record that nothing else holds, passed through."""
    record_sha256: str | None = None
    """Hash of the record as it was read."""


class Decoded(NamedTuple):
    text: str
    encoding: str
    data: bytes
    """`text.encode(encoding)`, which is the input byte for byte."""


def read(source: Source, site: str = "") -> Document:
    """Decode a source and cut it into blocks. Never raises: any bytes are some text."""
    decoded = decode(source.data, source.encoding)
    return document(decoded, source, site)


def document(decoded: Decoded, source: Source, site: str = "") -> Document:
    """The document of an already decoded source."""
    doc = Document(
        decoded.text,
        segment(decoded.text),
        encoding=decoded.encoding,
        site=site,
        name=source.name,
        given=source.given,
    )
    if decoded.encoding == "utf-8":  # the bytes are at hand
        doc.__dict__["odd"] = odd_runs(decoded.data.removeprefix(BOM_UTF8))
    return doc


# --- decoding ---------------------------------------------------------------------------------

# Byte order marks stay in the text as U+FEFF, so that encoding gives them back. UTF-32 first: its
# mark begins with that of UTF-16.
_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
# What news pages are still written in. A closed list keeps the guess from wandering off into
# code pages no newsroom uses.
_LIKELY = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "koi8_r",
    "iso8859_2", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr", "tis_620",
]  # fmt: skip
_SAMPLE = 1 << 16
# Of a text in UTF-16 without a mark every other byte is NUL, or names an alphabet (4 is Cyrillic): bytes
# that no text in another encoding has. Chinese and Korean are not told so.
_NO_HIGH_BYTES = bytes(byte for byte in range(256) if 9 <= byte <= 13 or byte >= 32)
_SHORTEST_UTF16 = 8
_TIE = 0.005
_MULTIBYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]{1,3}")


def decode(data: str | bytes, declared: str | None = None) -> Decoded:
    """Decode without losing a byte: mark, unmarked UTF-16, strict UTF-8, declared, detected, else Latin-1.

    Text with lone surrogates is no text (JSON cannot carry it): it is read as its bytes.
    """
    if isinstance(data, str):
        try:
            return Decoded(data, "utf-8", data.encode("utf-8"))
        except UnicodeEncodeError:
            data = data.encode("utf-8", "surrogatepass")
    for mark, encoding in _MARKS:
        if data.startswith(mark) and (decoded := _strictly(data, encoding)):
            return decoded
    if (order := _unmarked_utf16(data)) and (decoded := _strictly(data, order)):
        return decoded
    if decoded := _strictly(data, "utf-8"):
        return decoded
    if declared and (decoded := _strictly(data, declared)):
        return decoded
    if not _is_damaged_utf8(data) and (guess := _detect(data)) and (decoded := _strictly(data, guess)):
        return decoded
    # Lossless for any bytes, and what it garbles is what the encoding repair mends.
    return Decoded(data.decode("latin-1"), "latin-1", data)


def _strictly(data: bytes, encoding: str) -> Decoded | None:
    """Decode only if encoding the result gives the same bytes back; stateful codecs may not."""
    try:
        text = data.decode(encoding)
        text.encode("utf-8")  # some codecs let lone surrogates through
        return Decoded(text, encoding, data) if text.encode(encoding) == data else None
    except (UnicodeError, LookupError, ValueError):
        return None


def _unmarked_utf16(data: bytes) -> str | None:
    """The byte order of UTF-16 without a mark, where one is sure."""
    if b"\0" not in data or len(data) < _SHORTEST_UTF16:
        return None
    sample = data[:_SAMPLE]
    first, second = sample[::2], sample[1::2]
    shares = [len(half.translate(None, _NO_HIGH_BYTES)) / len(half) for half in (first, second)]
    if shares[0] <= 0.8 and shares[1] >= 0.9:
        return "utf-16-le"
    return "utf-16-be" if shares[1] <= 0.8 and shares[0] >= 0.9 else None


def _is_damaged_utf8(data: bytes) -> bool:
    """Mostly good UTF-8 with a few bad bytes: no other encoding, whatever a detector says."""
    bad = data.decode("utf-8", "replace").count("\ufffd")
    return len(_MULTIBYTE.findall(data)) > 4 * bad


def _detect(data: bytes) -> str | None:
    """The most likely encoding. Western code pages often tie, and then the common one is meant."""
    from charset_normalizer import from_bytes  # heavy, and needed for few inputs

    matches = list(from_bytes(data[:_SAMPLE], cp_isolation=_LIKELY))
    least = min((match.chaos for match in matches), default=0.0)
    ties = {match.encoding: match for match in matches if match.chaos <= least + _TIE}
    if "cp1254" in ties and ties["cp1254"].language == "Turkish":
        return "cp1254"
    if "cp1252" in ties:
        return "cp1252"
    return matches[0].encoding if matches else None


def newline(text: str) -> Newline | None:
    """The kind of line break the text uses; None when it has none."""
    if "\r" not in text:
        return "\n" if "\n" in text else None
    pairs = text.count("\r\n")
    counts: dict[Newline, int] = {
        "\r\n": pairs,
        "\n": text.count("\n") - pairs,
        "\r": text.count("\r") - pairs,
    }
    used = [kind for kind, count in counts.items() if count]
    return used[0] if len(used) == 1 else "mixed"


# --- segmentation -----------------------------------------------------------------------------

# What makes a second look at a line necessary: it may be all blank, or have blanks to strip.
_EDGE = frozenset(
    BLANK
    + "\u00a0\x85\u2028\u2029\u1680\u202f\u205f\x1c\x1d\x1e\x1f"
    + "".join(map(chr, range(0x2000, 0x200B)))
)


def segment(source: str) -> tuple[Block, ...]:
    """Cut a text into blocks: one for each line, but one for all lines of a paragraph that was wrapped or
    torn, and one for each paragraph of markup."""
    if "<" in source and fragments.is_fragment(source):
        return tuple([Block(start, end, source[start:end]) for start, end in fragments.paragraphs_of(source)])
    lines = _lines(source)
    whole = paragraphs(source, lines) or [(start, end) for start, end, _ in lines]
    spans = seams.cut(source, inlined.cut(source, whole))
    if "<" in source:
        spans = [piece for span in spans for piece in fragments.cut(source, *span)]
    return tuple([Block(start, end, source[start:end]) for start, end in spans])


def _lines(source: str) -> list[Line]:
    """The lines that have something on them, without blanks at their edges."""
    if "\r" in source:  # all breaks alike, in the same places
        source = source.replace("\r\n", " \n").replace("\r", "\n")
    lines: list[Line] = []
    start, follows = 0, False
    for line in source.split("\n"):
        after = start + len(line) + 1
        if line and (line[0] in _EDGE or line[-1] in _EDGE):
            inner = line.strip(BLANK)
            start += len(line) - len(line.lstrip(BLANK))
            line = "" if inner.isspace() else inner
        if line:
            lines.append((start, start + len(line), follows))
            follows = True
        else:
            follows = False
        start = after
    return lines
