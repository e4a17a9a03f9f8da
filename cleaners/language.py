"""What language a text is in. The only module that knows langdetect."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

SAMPLE = 400
"""Code points of the body that are looked at; more cost time and decide nothing."""
FEWEST_LETTERS = 20
TRIALS = 3
_BCP47 = {"zh-cn": "zh-Hans", "zh-tw": "zh-Hant"}


class Language(NamedTuple):
    tag: str
    """BCP 47; "und" when the text is too short or has no letters."""
    confidence: float


UNDETERMINED = Language("und", 0.0)


def detect(text: str) -> Language:
    """The language of a text, the same in every process. Never raises.

    langdetect draws random samples and raises on text without letters; its sampler is seeded here
    for each call, and its profiles are loaded in a fixed order.
    """
    sample = text[:SAMPLE]
    if sum(char.isalpha() for char in sample) < FEWEST_LETTERS:
        return UNDETERMINED
    from langdetect.lang_detect_exception import LangDetectException

    detector = _factory().create()
    detector.n_trial = TRIALS
    detector.append(sample)
    try:
        best = detector.get_probabilities()
    except LangDetectException:
        return UNDETERMINED
    if not best:
        return UNDETERMINED
    return Language(_BCP47.get(best[0].lang, best[0].lang), round(min(best[0].prob, 1.0), 4))


@lru_cache(maxsize=1)
def _factory() -> Any:
    """langdetect's tables, which take half a second to load. Its own loader reads its folder in
    whatever order the disk gives, and floating-point sums would follow."""
    from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory

    factory = DetectorFactory()
    profiles = sorted(path for path in Path(PROFILES_DIRECTORY).iterdir() if path.suffix == "")
    factory.load_json_profile([path.read_text(encoding="utf-8") for path in profiles])
    factory.seed = 0
    return factory
