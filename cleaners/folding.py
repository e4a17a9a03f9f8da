"""Folding: what of a line rules compare, so that capitals, marks, spaces and numbers make no difference."""

from __future__ import annotations

import re
import string
import unicodedata

from cleaners.model import Value

_SPACED_COLON = re.compile(r" (?=[:;!?])")
# Telling whether a letter is a digit costs ten times what telling that it is not from ASCII does.
_ASCII_DIGIT = re.compile("[0-9]")
_MAY_BE_DIGIT = re.compile(r"[0-9\u0660-\U0001fbff]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


# Typographic marks that keep most English from being ASCII, where every step is cheaper.
_MARKS = (("’", "'"), ("“", '"'), ("”", '"'), ("—", "-"), ("–", "-"), ("‘", "'"), ("…", "..."), ("ʼ", "'"))


def lower(text: str) -> str:
    """The text case-folded, its quotation marks and dashes those of ASCII."""
    if text.isascii():
        return text.lower()
    for mark, plain in _MARKS:
        text = text.replace(mark, plain)
    # Turkish: the capital of "ı" is "I", whose small letter elsewhere is "i", and "İ" folds to two.
    return text.casefold().replace("ı", "i").replace("i\u0307", "i")


class Folded(Value, frozen=True):
    """A line as rules compare it: NFKC, case folded, spaces single, numbers all alike."""

    whole: str
    """Without punctuation at its edges: what `block` phrases are compared with."""
    left: str
    """With the punctuation at its end: what `starts` phrases are compared with."""


def fold(text: str) -> Folded:
    """Reduce a line to what rules compare. Each step looks first: most lines need none of them."""
    return fold_lower(lower(text))


def fold_lower(text: str) -> Folded:
    """The same, of a line that is case-folded already."""
    is_ascii = text.isascii()
    if not is_ascii:
        text = lower(unicodedata.normalize("NFKC", text))
    if "  " in text or "\t" in text or not (is_ascii or text.isprintable()):
        text = " ".join(text.split())
    if " :" in text or " ;" in text or " !" in text or " ?" in text:
        text = _SPACED_COLON.sub("", text)
    if (_ASCII_DIGIT if is_ascii else _MAY_BE_DIGIT).search(text):
        text = _NUMBER.sub("0", text)
    left = text.lstrip(EDGES)
    while left and not left[0].isalnum() and _is_edge(left[0]):
        left = left[1:].lstrip(EDGES)
    left = left.removeprefix("0. ")  # an extractor numbers the items of a menu
    whole = left.rstrip(EDGES)
    while whole and not whole[-1].isalnum() and _is_edge(whole[-1]):
        whole = whole[:-1].rstrip(EDGES)
    # A question is another thing than its words: "Comments?" is an answer in an interview.
    asks = "?" in left[len(whole) :] or "؟" in left[len(whole) :]
    return Folded(whole + "?" if asks and whole else whole, left)


EDGES = string.punctuation + string.whitespace + "“”‘’«»„‚‹›…–—•·"


def _is_edge(char: str) -> bool:
    """Punctuation, symbols and spaces; not the vowel signs that end words in Indic scripts."""
    return unicodedata.category(char)[0] not in "LMN"


# Letters and what is not ASCII; any digit is 0, and what stands between words a space.
_TO_WORDS = bytes(b if b > 127 or chr(b).isalpha() else 48 if chr(b).isdigit() else 32 for b in range(256))
# The same outside ASCII, as UTF-8: the signs of Latin-1, general punctuation, arrows.
_BETWEEN_WORDS = re.compile(rb"[\xc2\xe2](?:(?<=\xc2)|(?<=\xe2)[\x80\x81\x86])[\x80-\xbf]")


def words_of(line: str) -> list[bytes]:
    """The words of a case-folded line, as UTF-8, with "0" where there is any number.

    Splitting bytes costs a quarter of a regular expression.
    """
    data = line.encode("utf-8", "replace")
    if not line.isascii():
        data = _BETWEEN_WORDS.sub(b" ", data)
    data = data.translate(_TO_WORDS)
    words = data.split()
    return [*words, b"0"] if b"0" in data else words


UNSPACED_LETTERS = "\u0e00-\u0eff\u3040-\u9fff"
UNSPACED_LETTER = re.compile(f"[{UNSPACED_LETTERS}]")
"""Letters of scripts that do not space words."""
