"""Lines of data below a story: results, tables, prices, chronicles, what goes into a dish, works cited.

They are as short as the lines of a menu, and stand where menus stand. What tells them is figures and labels,
line upon line; a date and an address have some, too, but belong to a teaser or to a firm.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from cleaners.model import runs

APART = 2
"""Blocks from one line of data to the next: a label or a unit may stand between."""
LONGEST, MOST_WORDS, MOST_BARE, MOST_OF_TITLE = 90, 10, 7, 5
"""Code points and words of a line of data, words of one without a figure, for headlines have colons, too; and
of the title right above a table."""
FEWEST_TELLING = 5
"""Words of a line that tells something without a figure, as half of the lines of a table do: what players and
settings are labelled with is shorter."""
LONGEST_CELL, LEAST_CELLS, MOST_RISING = 20, 0.3, 0.8
"""Code points of a line that is a cell of a table and nothing but a figure, and the share of such lines; how
often one may be more than the one before, for pages and parts are counted up."""
LONGEST_CITED = 400
"""Code points of an entry in a list of works."""
FEWEST_COMMAS = 2
"""Of names behind a label: no headline has as many."""
_STOP = re.compile(r"(?<![ap]\.m)[.!?…]$")
_BULLET = re.compile(r"[•·▪■●◦‣*✓–—-] ?")
_PAIR = re.compile(
    r"(?!https?:|www\.)(?:[^\s:：]{1,20} ){0,4}[^\s:：]{1,25}(?:[ \u00a0\u202f]?: |：)(?!https?:|www\.)\S"
)
_AMOUNT = re.compile(
    r"(?:\d{1,4}(?:[.,/–-]\d{1,3})?|[½¼¾⅓⅔]) ?[½¼¾⅓⅔]? ?"
    r"(?:g|kg|mg|ml|cl|dl|l|oz|lbs?|cups?|tbsp|tsp|teaspoons?|tablespoons?|cloves?|slices?|EL|TL|msk|tsk|spsk|cdas?|cm|mm"
    r"|Esslöffel|Teelöffel|cuillères?|cucharad(?:it)?as?|cucchia(?:io|ini?|ino)|eetlepels?|theelepels?|łyż\w{1,5})\b"
)
_COUNT = re.compile(r"\d{1,3} [^\W\d]")
"""Two eggs among pounds and spoons; elsewhere two comments."""
_CLOCK = re.compile(r"\d{1,2}[:.h]\d\d(?: ?[ap]\.?m\.?)?(?: |[-–—:|] ?)[^\W\d]")
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_LINK = re.compile(r"https?://\S|\bwww\.\S|\bdoi(?:\.org/|: ?)10\.")
_AUTHOR_AND_YEAR = re.compile(
    r"(?:\[?\d{1,3}[.)\]] ?)?[^\W\d_][^\d,;:]{1,40}, [^\W\d_][^\d;:?!]{0,150}"
    r"[ (](?:1[5-9]|20)\d\d[a-z]?[).,] ?\D{10}"
)
_FIGURE = re.compile(r"\d{1,9}(?:[.,:]\d{1,9}){0,4}")
_CELL = re.compile(r"[$€£¥#+−–-]? ?\d{1,3}(?:[ .,\u202f]?\d{1,3}){0,4} ?(?:[%€$£°]|/ ?\d{1,3})?")
_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.\d{2,4}")
_NUMBER = re.compile(r"\d{1,3}(?:[.,]\d{1,3})?")
_COUNT_BEHIND = re.compile(r"[^\W\d]\)? [\d.,]{3,12} ?%?$")
_FOREIGN = re.compile(
    r"[$€£¥₹@]|//|\d[/.-]\d{1,2}[/.-]\d|\b(?:1[5-9]|20)\d\d\b|\b\d{3}[- ]\d{3,4}\b|\+\d{2}|\b[A-Z]{2} \d{5}\b"
    r"|\d:\d\d(?: ?(?i:[ap]\.?m\.?|uhr|h))?$"
)
"""Prices, dates, addresses, numbers of telephones, and when something was published."""


def is_data(text: str) -> bool:
    """Whether a line has a label and its value, an amount, a time, or figures and hardly anything else."""
    if len(text) > LONGEST or "@" in text or _STOP.search(text):
        return False
    text = text.removeprefix(bullet[0]) if (bullet := _BULLET.match(text)) else text
    words, figures = text.count(" ") + 1, _FIGURE.findall(text)
    if words > MOST_WORDS:
        return False
    if _PAIR.match(text) and (figures or words <= MOST_BARE or text.count(",") >= FEWEST_COMMAS):
        return True
    if _AMOUNT.match(text) or _YEAR.fullmatch(text):
        return True
    if not figures or _FOREIGN.search(text):
        return False
    return len(figures) >= 2 or _CLOCK.match(text) is not None or _COUNT_BEHIND.search(text) is not None


def tables(row: Sequence[int], texts: Sequence[str], fewest: int) -> set[int]:
    """Which blocks of a row are tables of so many lines of data and more, with their titles.

    Years that stand alone each have what happened below them; right below one another they are a menu.
    """
    inside, found = set(row), set[int]()
    of_dish = any(_AMOUNT.match(texts[at]) for at in row)
    data = (at for at in row if is_data(texts[at]) or (of_dish and _COUNT.match(texts[at])))
    for run in runs(data, APART):
        if len(run) < fewest or sum(_tells(texts[at]) for at in run) < len(run) / 2:
            continue
        first, last = run[0], run[-1]
        if all(_YEAR.fullmatch(texts[at]) for at in run):
            if len(run) == last - first + 1:
                continue
            last += 1
        is_titled = first - 1 in inside and texts[first - 1].count(" ") < MOST_OF_TITLE
        found.update(range(first - is_titled, last + 1))
    return found & inside


def is_cited(text: str) -> bool:
    """Whether a line may be an entry of a list of works: an address, or something of some year."""
    return len(text) <= LONGEST_CITED and (_LINK.search(text) or _YEAR.search(text)) is not None


def is_author_and_year(text: str) -> bool:
    """Whether it begins as such entries do: "Doe, J. (1999). ...", "Doe, Jane. 1999. ..."."""
    return _AUTHOR_AND_YEAR.match(text) is not None


def has_cells(texts: Sequence[str], fewest: int) -> bool:
    """Whether lines are the cells of a table, one below the other: so many figures, with what they are of."""
    cells = [
        text
        for text in texts
        if len(text) <= LONGEST_CELL and _CELL.fullmatch(text) and not _DATE.match(text)
    ]
    if len(cells) < fewest or len(cells) < LEAST_CELLS * len(texts):
        return False
    values = [float(_NUMBER.findall(cell)[0].replace(",", ".")) for cell in cells]
    rises = sum(below > above for above, below in itertools.pairwise(values))
    return rises <= MOST_RISING * (len(values) - 1)


def _tells(text: str) -> bool:
    return _FIGURE.search(text) is not None or text.count(" ") + 1 >= FEWEST_TELLING
