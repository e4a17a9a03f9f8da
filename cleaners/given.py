"""What the record around a text says of its article: found again in the text, and merged into its facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from cleaners.dates import read_date
from cleaners.folding import fold
from cleaners.model import Document, Edit

RULES = {"byline/as-recorded": "an author whom the record names"}


def authors(given: Mapping[str, str]) -> list[str]:
    """The authors the record names."""
    return given["authors"].split("\n") if given.get("authors") else []


def mark_authors(doc: Document) -> Iterator[Edit]:
    """Lines above or below the story that are nothing but an author whom the record names.

    Within the story such a line may head what somebody says.
    """
    names = authors(doc.given)
    if not names:
        return
    known = {fold(name).whole: name for name in names}
    story = doc.story
    for index, block in enumerate(doc.blocks):
        is_outside = not story or index < story[0] or index > story[-1]
        if is_outside and block.is_open and (name := known.get(fold(block.text).whole)):
            rule = "byline/as-recorded"
            yield Edit(index, rule, RULES[rule], "byline", facts={"authors": name}, confidence=0.97)


def facts(given: Mapping[str, str]) -> dict[str, str]:
    """The record's dates, raw and ISO. A record knows them better than a line of text."""
    told: dict[str, str] = {}
    for fact, field in (("date", "datePublished"), ("modified", "dateModified")):
        raw = given.get(fact)
        found = read_date(raw) if raw else None
        if raw and found and found.published and found.published.iso:
            told |= {field: found.published.iso, f"{field}Raw": raw}
    return told


def other_title(given: Mapping[str, str], headline: str | None) -> str | None:
    """The record's title where the headline is printed otherwise."""
    title = given.get("title")
    return title if title and headline and fold(title).whole != fold(headline).whole else None
