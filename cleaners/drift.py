"""Drift: whether the articles of a site still come out as they used to. It sees counts, never a text.

A site's articles are counted in windows of at least `ENOUGH`; runs with fewer add up. A share is out of
its usual range when it lies further from the median of the earlier windows than `FAR` times their
scaled median deviation, which is taken to be no less than `LEAST`, nor than what chance alone would do
to a share of so many articles.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from statistics import median
from typing import NamedTuple

import msgspec

from cleaners.report import SiteCount

ENOUGH = 20
"""Articles of a window."""
FIRST = 5
"""Closed windows before anything counts as usual."""
KEPT = 30
"""Windows that a site's history keeps."""
FAR = 4.0
LEAST = 0.01
SCALE = 1.4826
"""What makes the median deviation of normally spread figures their standard deviation."""


class Window(msgspec.Struct, frozen=True, array_like=True):
    """The articles of one site in one run, or in several small ones."""

    articles: int
    text_length: int
    removed_length: int
    review: int
    guard: int


History = Mapping[str, tuple[Window, ...]]
"""Windows by site, oldest first; the last may still be open."""


class Drift(NamedTuple):
    """A share that left its usual range."""

    site: str
    measure: str
    share: float
    usual: float
    """The median of the earlier windows."""
    articles: int

    def sentence(self) -> str:
        return (
            f"{self.site or 'articles without a site'}: {MEASURES[self.measure]} {100 * self.share:.1f} %, "
            f"usually {100 * self.usual:.1f} % ({self.articles:,} articles)"
        )


MEASURES = {
    "removed": "share of the text removed",
    "review": "share of articles with something to review",
    "guard": "share of articles where the guard took removals back",
}


def follow(
    history: History, sites: Mapping[str, SiteCount]
) -> tuple[dict[str, tuple[Window, ...]], list[Drift]]:
    """The history with a run's figures added, and what has left its usual range."""
    after, drifts = dict(history), []
    for site, count in sorted(sites.items()):
        if not count.articles:
            continue
        *closed, last = after.get(site) or (_NONE,)
        if last.articles >= ENOUGH:
            closed, last = [*closed, last], _NONE
        window = _add(last, count)
        if window.articles >= ENOUGH:
            drifts += _leaving(site, closed, window)
        after[site] = (*closed, window)[-KEPT:]
    return after, drifts


_NONE = Window(0, 0, 0, 0, 0)


def _add(window: Window, count: SiteCount) -> Window:
    return Window(
        window.articles + count.articles,
        window.text_length + count.text_length,
        window.removed_length + count.removed_length,
        window.review + count.review,
        window.guard + count.guard,
    )


def _leaving(site: str, closed: Sequence[Window], window: Window) -> list[Drift]:
    if len(closed) < FIRST:
        return []
    found = []
    for measure, share in _shares(window).items():
        earlier = [_shares(one)[measure] for one in closed]
        usual = median(earlier)
        # Texts are long, so chance is in their articles' differences, which the deviation shows.
        chance = 0.0 if measure == "removed" else math.sqrt(usual * (1 - usual) / window.articles)
        spread = max(SCALE * median(abs(one - usual) for one in earlier), chance, LEAST)
        if abs(share - usual) > FAR * spread:
            found.append(Drift(site, measure, share, usual, window.articles))
    return found


def _shares(window: Window) -> dict[str, float]:
    return {
        "removed": window.removed_length / max(1, window.text_length + window.removed_length),
        "review": window.review / window.articles,
        "guard": window.guard / window.articles,
    }
