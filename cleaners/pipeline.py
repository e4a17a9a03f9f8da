"""The pipeline: the ordered list of cleaners, and `clean`, which runs it. Start reading here."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec

from cleaners import evidence, fields, headline, language, ledger, matching, read, repair, rulebook
from cleaners.article import (
    SCHEMA_VERSION,
    VERSION,
    Article,
    ArticleBlock,
    Author,
    BlockType,
    Flag,
    Origin,
    Provenance,
    Quality,
    Review,
    Span,
    block_type,
)
from cleaners.model import (
    ROLES,
    Cleaner,
    Document,
    Edit,
    apply,
    effective,
    ends_like_sentence,
    is_story_shaped,
)
from cleaners.read import Source
from cleaners.settings import ConfigError, Settings

DEFAULT = Settings()
Done = Mapping[int, Sequence[Edit]]
"""Edits that were carried out, by block."""


class Pipeline(NamedTuple):
    """Settings made ready to run."""

    cleaners: tuple[Cleaner, ...]
    rules_sha256: str
    settings_sha256: str


def build(settings: Settings) -> tuple[Cleaner, ...]:
    """The cleaners in the order they run. Raises ConfigError for rules that do not exist."""
    return _pipeline(settings).cleaners


@lru_cache(maxsize=8)
def _pipeline(settings: Settings) -> Pipeline:
    """Compiling the rules costs more than cleaning a hundred articles; equal settings share it."""
    rules = rulebook.load_rules()
    _check_without(settings, rules)
    cleaners: tuple[Cleaner, ...] = (
        # Repair first: all later cleaners read repaired text.
        repair.fix_encoding,
        repair.strip_markup,
        repair.tidy_spaces,
        # Before the headline: "English" or "15.5 C" must not become one ...
        matching.strip_boilerplate(rules),
        # ... nor must an author, a date or a caption.
        fields.mark_facts,
        headline.mark_headline,
        headline.mark_beside_headline,
        headline.mark_repeats,  # after the headline, with which repeats are compared
        fields.mark_dateline,
        # Last, on what nobody was sure about.
        evidence.judge(settings.max_risk, settings.bar),
    )
    return Pipeline(
        tuple(_leaving_out(settings.without, cleaner) for cleaner in cleaners),
        rulebook.rules_sha256(rules),
        settings.sha256,
    )


def known_rules() -> dict[str, str]:
    """Every rule that may appear in an article, with its reason: those in the files, those in code."""
    listed = {rule.id: rule.why for rule in rulebook.load_rules()}
    return listed | repair.RULES | headline.RULES | fields.RULES | evidence.RULES


def _check_without(settings: Settings, rules: Iterable[matching.Rule]) -> None:
    known = set(known_rules())
    for name in sorted(settings.without - known - {rule.partition("/")[0] for rule in known}):
        from difflib import get_close_matches

        near = get_close_matches(name, sorted(known), n=1)
        hint = f"did you mean {near[0]!r}?" if near else "`copydesk rules list` shows them all"
        raise ConfigError(f"settings.without: there is no rule {name!r}; hint: {hint}")


def _leaving_out(without: frozenset[str], cleaner: Cleaner) -> Cleaner:
    if not without:
        return cleaner

    def rest(doc: Document) -> Iterator[Edit]:
        return (e for e in cleaner(doc) if e.rule not in without and e.category not in without)

    return rest


def clean(data: str | bytes, *, url: str | None = None, settings: Settings = DEFAULT) -> Article:
    """Clean one text. Any input gives an article; only unusable settings raise (ConfigError)."""
    return clean_source(Source(data, url=url), settings)


def clean_many(sources: Iterable[Source], settings: Settings = DEFAULT) -> Iterator[Article]:
    """Clean sources one by one, in order, holding one at a time."""
    for source in sources:
        yield clean_source(source, settings)


def clean_source(source: Source, settings: Settings = DEFAULT) -> Article:
    """Clean one source."""
    pipeline = _pipeline(settings)
    decoded = read.decode(source.data, source.encoding)
    original = read.document(decoded, source, _site(source.url))
    doc = original
    for cleaner in pipeline.cleaners:
        doc = apply(doc, cleaner(doc), settings.bar)
    done = effective(doc.edits, settings.bar)
    guarded = _guard(original, doc, done, settings)
    if guarded is not None:
        doc, done = guarded, effective(guarded.edits, settings.bar)
    return _article(doc, done, source, decoded, pipeline, settings, guarded is not None)


# --- the guard --------------------------------------------------------------------------------


def _guard(original: Document, doc: Document, done: Done, settings: Settings) -> Document | None:
    """The document with its least certain removals taken back, where too much of the story would go.

    None where it would not. Phrases and repeats are certain and stay; what is taken back is put up
    for review.
    """
    lost = [
        edits[-1]
        for index, edits in done.items()
        if doc.blocks[index].role == "boilerplate" and is_story_shaped(doc.blocks[index].text)
    ]
    if not lost:
        return None
    words = sum(_words(b.text) for b in doc.blocks if b.role != "repeat" and is_story_shaped(b.text))
    lost_words = sum(_words(doc.blocks[edit.block].text) for edit in lost)
    taken_back: set[tuple[int, str]] = set()
    for confidence in sorted({edit.confidence for edit in lost} - {matching.SURE_PHRASE}):
        if lost_words <= settings.max_story_loss * words:
            break
        # One as good as the other: of equally certain removals none can be told from the rest.
        group = [edit for edit in lost if edit.confidence == confidence]
        taken_back |= {(edit.block, edit.rule) for edit in group}
        lost_words -= sum(_words(doc.blocks[edit.block].text) for edit in group)
    if not taken_back:
        return None
    edits = [
        msgspec.structs.replace(edit, confidence=0.0) if (edit.block, edit.rule) in taken_back else edit
        for edit in doc.edits
    ]
    return apply(original, edits, settings.bar)


def _words(text: str) -> int:
    return text.count(" ") + 1


# --- the article ------------------------------------------------------------------------------

_TYPE_OF_ROLE: dict[str, BlockType] = {
    "heading": "heading",
    "dek": "dek",
    "headline": "headline",
    "byline": "byline",
    "dateline": "dateline",
    "date": "date",
    "caption": "caption",
    "credit": "credit",
}


def _article(
    doc: Document,
    done: Done,
    source: Source,
    decoded: read.Decoded,
    pipeline: Pipeline,
    settings: Settings,
    guarded: bool,
) -> Article:
    text, changes = ledger.compose(doc, done)
    facts = _facts(done)
    found = language.detect(text) if settings.language else language.UNDETERMINED
    sha256 = hashlib.sha256(decoded.data).hexdigest()
    removed = sum(len(change.before) for change in changes if change.op == "remove")
    return Article(
        schema_version=SCHEMA_VERSION,
        id=source.id or f"sha256:{sha256}",
        url=source.url,
        canonical_url=_canonical(source.url),
        source=Origin(
            name=source.name,
            domain=doc.site or None,
            path=source.path,
            media_type="text/plain",
            encoding=decoded.encoding,
            newline=read.newline(decoded.text),
            sha256=sha256,
            length=len(decoded.data),
        ),
        headline=_headline(doc),
        alternative_headline=None,
        description=_joined(doc, "dek"),
        byline=_joined(doc, "byline"),
        authors=_authors(done),
        dateline=facts.get("dateline"),
        date_published=facts.get("datePublished"),
        date_published_raw=facts.get("datePublishedRaw"),
        date_modified=facts.get("dateModified"),
        date_modified_raw=facts.get("dateModifiedRaw"),
        in_language=found.tag,
        language_confidence=found.confidence,
        text=text,
        blocks=_blocks(doc),
        changes=changes,
        review=_review(doc, settings.bar),
        dedup=None,
        quality=Quality(
            body_retained=round(len(text) / (len(text) + removed), 4) if text or removed else 1.0,
            flags=_flags(doc, text, done, guarded),
        ),
        provenance=Provenance(
            tool="copydesk",
            version=VERSION,
            rules=pipeline.rules_sha256,
            settings=pipeline.settings_sha256,
            text_sha256=hashlib.sha256(text.encode()).hexdigest(),
        ),
        extra=dict(source.extra),
    )


def _headline(doc: Document) -> str | None:
    """As printed, else as a comment heading or the record gives it."""
    for block in doc.blocks:
        if block.role == "headline":
            return block.text
    told = headline.known_titles(doc)
    return told[-1] if told else None


def _joined(doc: Document, role: str) -> str | None:
    texts = [block.text for block in doc.blocks if block.role == role]
    return "\n".join(texts) if texts else None


def _facts(done: Done) -> Mapping[str, str]:
    """What lines say about the article; the first to say a thing is believed."""
    facts: dict[str, str] = {}
    for edits in done.values():
        for edit in edits:
            for name, value in edit.facts.items():
                facts.setdefault(name, value)
    return facts


def _authors(done: Done) -> list[Author]:
    """Everyone the byline and the credits name, once: a later surname alone is an earlier author."""
    authors: list[Author] = []
    for index in sorted(done):
        for edit in done[index]:
            if "authors" not in edit.facts:
                continue
            names = edit.facts["authors"].split("\n")
            places = edit.facts.get("locations", "").split("\n")
            roles = edit.facts.get("roles", "").split("\n")
            for name, place, role in itertools.zip_longest(names, places, roles):
                if name:
                    _add_author(authors, Author(name=name, role=role or None, location=place or None))
    return authors


def _add_author(authors: list[Author], new: Author) -> None:
    for index, known in enumerate(authors):
        if known.name == new.name or known.name.split()[-1] == new.name:
            location = known.location or new.location
            authors[index] = Author(name=known.name, role=known.role or new.role, location=location)
            return
    authors.append(new)


def _blocks(doc: Document) -> list[ArticleBlock]:
    return [
        ArticleBlock(
            type=_TYPE_OF_ROLE.get(block.role) or block_type(block.text),
            text=block.text,
            span=Span(start=block.start, end=block.end),
        )
        for block in doc.blocks
        if ROLES[block.role].in_article and block.text
    ]


def _review(doc: Document, bar: float) -> list[Review]:
    """Blocks still in the text although an edit below the bar would have taken them out."""
    return [
        Review(
            span=Span(start=doc.blocks[edit.block].start, end=doc.blocks[edit.block].end),
            rule=edit.rule,
            confidence=edit.confidence,
            question=f"Is this {edit.why}?",
        )
        for edit in doc.edits
        if not edit.is_carried_out(bar) and ledger.stays(doc.blocks[edit.block])
    ]


def _flags(doc: Document, text: str, done: Done, guarded: bool) -> list[Flag]:
    flags: list[Flag] = []
    rules = {edit.rule for edits in done.values() for edit in edits}
    if not text and doc.blocks:
        flags.append("emptyAfterClean")
    if "\ufffd" in text or ("repair/encoding" in rules and repair.is_garbled(text)):
        flags.append("mojibakeLeft")
    if guarded:
        flags.append("overRemovalGuard")
    if any(rule.startswith("paywall/") for rule in rules):
        flags.append("paywalled")
    if text.endswith(("…", "...")) and not ends_like_sentence(text[:-1].rstrip("….")):
        flags.append("truncated")
    return flags


# --- addresses --------------------------------------------------------------------------------

_TRACKING = ("utm_", "fbclid", "gclid", "mc_cid", "mc_eid", "cmpid", "ocid", "ref_src")


def _site(url: str | None) -> str:
    """The host a URL names, without "www."; empty where there is none."""
    if not url:
        return ""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _canonical(url: str | None) -> str | None:
    """The URL with a lower-case host and without tracking parameters and fragment."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        query = [
            (name, value)
            for name, value in parse_qsl(parts.query, keep_blank_values=True)
            if not name.lower().startswith(_TRACKING)
        ]
        return urlunsplit((parts.scheme.lower(), parts.netloc.lower(), parts.path, urlencode(query), ""))
    except ValueError:
        return url
