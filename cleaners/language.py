"""What language a text is in. The only module that knows langdetect."""

from __future__ import annotations

import re
from functools import lru_cache
from math import exp, log1p
from operator import add
from pathlib import Path
from typing import NamedTuple

import msgspec

SAMPLE = 300
"""Code points of the body that are looked at; on news, more cost time and decide nothing."""
FEWEST_LETTERS = 20
LEAST_CONFIDENCE = 0.1
"""Below this no language is named, as in langdetect: the script is one it does not know."""
_SMOOTHING = 0.5 / 10_000
"""langdetect's own: the share of a language's n-grams that one it never showed is taken to have."""
_NAT = 1000
"""Scores are log-likelihoods in whole thousandths of a nat: sums of whole numbers are the same in any
order and on any Python."""
_BITS = 32
"""Of one language's score in a packed number. An n-gram scores 10 nats at most: there is room for 400,000."""
_OVERLAP = 6
"""N-grams each letter is counted in: once alone, in two pairs, in three triples."""
_BCP47 = {"zh-cn": "zh-Hans", "zh-tw": "zh-Hant"}
_ADDRESS = re.compile(r"https?://[!-~]+|[!-~]{1,64}@[!-~]+")
_LATIN = re.compile("[A-Za-z]")
_OTHER_LETTER = re.compile(r"[^\W\d_\u0000-\u02ff\u1e00-\u1eff]")
"""Of another alphabet than the Latin."""


class Language(NamedTuple):
    tag: str
    """BCP 47; "und" when the text is too short or has no letters of a known script."""
    confidence: float
    """0 to 1: the share of the likelihood that falls on this language, of the 55 that langdetect knows. Of
    news in these, at least such a share is right; news in others goes to a neighbour, at times with much
    confidence (measured by benchmarks/language.py)."""


UNDETERMINED = Language("und", 0.0)


class _Characters(dict[int, str]):
    """For `str.translate`: characters as the profiles have them; digits and punctuation are spaces."""

    def __missing__(self, code: int) -> str:
        from langdetect.utils.ngram import NGram

        character: str = NGram.normalize(chr(code))
        self[code] = character
        return character


class _Profiles(NamedTuple):
    languages: tuple[str, ...]
    scores: dict[str, int]
    """By n-gram: how much likelier each language makes it than one that never showed it. The scores of all
    languages are packed into one whole number, so that one addition adds them all."""
    characters: _Characters


def detect(text: str) -> Language:
    """The language of a text, the same in every process. Never raises.

    The classifier and the profiles are langdetect's (N. Shuyo, "Language Detection Library for Java",
    2010: naive Bayes over one to three letters). langdetect draws n-grams at random until one language
    is sure, several times over; here all n-grams of the sample count, once, and nothing is drawn.
    """
    sample = text[:SAMPLE]
    if sum(map(str.isalpha, sample)) < FEWEST_LETTERS:
        return UNDETERMINED
    profiles = _profiles()
    packed = sum(profiles.scores.get(ngram, 0) for ngram in _ngrams(sample, profiles.characters))
    mask = (1 << _BITS) - 1
    scores = [packed >> at * _BITS & mask for at in range(len(profiles.languages))]
    best = max(scores)
    # Overlapping n-grams tell the same thing several times: without the divisor all would be certain.
    confidence = 1 / sum(exp((score - best) / (_NAT * _OVERLAP)) for score in scores)
    if confidence < LEAST_CONFIDENCE:
        return UNDETERMINED
    name = profiles.languages[scores.index(best)]
    return Language(_BCP47.get(name, name), round(confidence, 4))


def _ngrams(sample: str, characters: _Characters) -> list[str]:
    """All runs of one to three letters. Those with a space within occur in no profile."""
    from langdetect.utils.ngram import NGram

    text = NGram.normalize_vi(_ADDRESS.sub(" ", sample))
    if not text.isascii():
        # Names and brands in Latin letters say nothing of a text in another script.
        without = _LATIN.sub("", text)
        if 2 * (len(text) - len(without)) < len(_OTHER_LETTER.findall(text)):
            text = without
    # The profiles have learnt no words in capitals; langdetect leaves them out, and with them some headlines.
    words = [word.lower() if word.isupper() else word for word in text.translate(characters).split()]
    text = f" {' '.join(words)} "
    pairs = list(map(add, text, text[1:]))
    return [*text, *pairs, *map(add, pairs, text[2:])]


@lru_cache(maxsize=1)
def _profiles() -> _Profiles:
    """langdetect's tables, which take a third of a second to load. They are read in a fixed order; its
    own loader takes its folder as the disk gives it."""
    from langdetect.detector_factory import PROFILES_DIRECTORY

    files = sorted(path for path in Path(PROFILES_DIRECTORY).iterdir() if path.suffix == "")
    scores: dict[str, int] = {}
    for number, path in enumerate(files):
        profile = msgspec.json.decode(path.read_bytes())
        for ngram, count in profile["freq"].items():
            share = count / profile["n_words"][len(ngram) - 1]
            score = round(_NAT * log1p(share / _SMOOTHING))
            scores[ngram] = scores.get(ngram, 0) + (score << number * _BITS)
    return _Profiles(tuple(path.name for path in files), scores, _Characters())
