"""The pipeline: the ordered list of cleaners, and `clean`, which runs it. Start reading here."""

from __future__ import annotations

import hashlib
import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import msgspec

from cleaners import (
    company,
    corrections,
    evidence,
    fields,
    given,
    headline,
    known,
    language,
    ledger,
    lookup,
    markdown,
    matching,
    preface,
    read,
    repair,
    repeats,
    rulebook,
    scripts,
    threads,
)
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
)
from cleaners.read import Source
from cleaners.rule import Rule
from cleaners.rulebook import RuleError
from cleaners.settings import ConfigError, RuleFile, Settings, Site, nearest

DEFAULT = Settings()
Done = Mapping[int, Sequence[Edit]]
"""Edits that were carried out, by block."""


class Pipeline(NamedTuple):
    """Settings made ready to run, for one site or for all without switches of their own."""

    cleaners: tuple[Cleaner, ...]
    settings: Settings
    """Those in force on the site."""
    rules_sha256: str
    settings_sha256: str


class Fingerprint(msgspec.Struct, frozen=True):
    """What cleans alike: with the same input, equal fingerprints give the same article."""

    version: str
    rules: str
    settings: str


def fingerprint(settings: Settings) -> Fingerprint:
    """The version, and the hashes of rules and settings, that articles are made with."""
    pipeline = _pipeline(settings)
    return Fingerprint(VERSION, pipeline.rules_sha256, pipeline.settings_sha256)


def build(settings: Settings) -> tuple[Cleaner, ...]:
    """The cleaners in the order they run. Raises ConfigError for rules that cannot be used."""
    for site in settings.sites:
        _pipeline(settings, site)
    return _pipeline(settings).cleaners


@lru_cache(maxsize=256)
def _pipeline(settings: Settings, site: Site | None = None) -> Pipeline:
    """Made once for equal settings; sites differ in switches only, and share what is compiled."""
    if settings.headlines:
        return _knowing(_pipeline(msgspec.structs.replace(settings, headlines=()), site), settings)
    rules = rulebook.load_rules(settings.rules)
    _check_own(rules)
    _check_without(settings, site)
    here = settings.at(site)
    return Pipeline(
        _cleaners(here),
        here,
        hashlib.sha256(f"{rulebook.rules_sha256(rules)} {evidence.model_sha256()}".encode()).hexdigest(),
        settings.sha256,
    )


def _cleaners(here: Settings) -> tuple[Cleaner, ...]:
    """The cleaners in the order they run."""
    cleaners: tuple[Cleaner, ...] = (
        preface.strip_preface,  # no part of the text
        # Repair first: all later cleaners read repaired text.
        repair.fix_encoding,
        repair.join_lines,
        repair.strip_markup,
        markdown.strip_markdown,
        repair.tidy_spaces,
        # Before the headline: "English" or "15.5 C" must not become one ...
        compiled(here.rules),
        corrections.mark_corrections,  # before whatever goes by look, place or company
        scripts.strip_scripts,
        threads.strip_threads,  # before their names and times are taken for the story's
        # ... nor must an author, a date or a caption.
        given.mark_authors,
        fields.mark_facts,
        headline.mark_headline,
        headline.mark_beside_headline,
        repeats.mark_repeats,  # after the headline, with which repeats are compared
        known.strip_known(here.headlines),
        fields.mark_dateline,
        markdown.strip_link_lines,  # an author's name may be one
        company.strip_company,  # by what all others took out
        company.strip_outside,  # by that and by what company took
    )
    if any(_is_asked(rule, here.without) for rule in evidence.RULES):
        cleaners += (evidence.judge(here.max_risk, here.bar),)  # last, on what nobody was sure about
    return tuple(_leaving_out(here.without, cleaner) for cleaner in cleaners)


def _knowing(pipeline: Pipeline, settings: Settings) -> Pipeline:
    """A pipeline that knows headlines, too: articles differ in these, and share all that is checked."""
    here = msgspec.structs.replace(pipeline.settings, headlines=settings.headlines)
    return pipeline._replace(cleaners=_cleaners(here), settings=here, settings_sha256=settings.sha256)


REPAIRS = 6
"""Cleaners that run before any rule looks at the text."""


@lru_cache(maxsize=8)
def compiled(files: tuple[RuleFile, ...]) -> Cleaner:
    """All rules as one cleaner. Compiling them costs more than cleaning a hundred articles."""
    return matching.strip_boilerplate(rulebook.load_rules(files))


def _check_own(rules: Iterable[Rule]) -> None:
    for rule in rules:
        if rule.id in IN_CODE:
            name = rule.id.partition("/")[2]
            raise RuleError(f"{rule.file}: [{name}]: {rule.id} is a rule in code; hint: rename it")


IN_CODE: dict[str, str] = (
    repair.RULES
    | markdown.RULES
    | preface.RULES
    | corrections.RULES
    | scripts.RULES
    | threads.RULES
    | headline.RULES
    | repeats.RULES
    | given.RULES
    | fields.RULES
    | known.RULES
    | company.RULES
    | evidence.RULES
)
"""Rules that are no data, with their reasons."""


def known_rules(files: tuple[RuleFile, ...] = ()) -> dict[str, str]:
    """Every rule that may appear in an article, with its reason: those in files, those in code."""
    return {rule.id: rule.why for rule in rulebook.load_rules(files)} | IN_CODE


def _check_without(settings: Settings, site: Site | None) -> None:
    """Stop at what is to be left out and does not exist."""
    known = known_rules(settings.rules)
    known_packs = {rule.partition("/")[0] for rule in known}
    key = f"settings.sites.{site.host}" if site else "settings"
    for name in sorted((site or settings).without - known.keys() - known_packs):
        near = nearest(name, known if "/" in name else known_packs | known.keys())
        hint = f"did you mean {near!r}?" if near else "`copydesk rules list` shows them all"
        raise ConfigError(f"{key}.without: there is no rule {name!r}; hint: {hint}")


def _leaving_out(without: frozenset[str], cleaner: Cleaner) -> Cleaner:
    if not without:
        return cleaner

    def rest(doc: Document) -> Iterator[Edit]:
        return (edit for edit in cleaner(doc) if _is_asked(edit.rule, without))

    return rest


def _is_asked(rule: str, without: frozenset[str]) -> bool:
    """Whether neither the rule nor its pack is left out."""
    return rule not in without and rule.partition("/")[0] not in without


def clean(data: str | bytes, *, url: str | None = None, settings: Settings = DEFAULT) -> Article:
    """Clean one text. Any input gives an article; only unusable settings raise (ConfigError)."""
    return clean_source(Source(data, url=url), settings)


def clean_many(sources: Iterable[Source], settings: Settings = DEFAULT) -> Iterator[Article]:
    """Clean sources one by one, in order, holding one at a time."""
    for source in sources:
        yield clean_source(source, settings)


def clean_source(source: Source, settings: Settings = DEFAULT) -> Article:
    """Clean one source."""
    return _told(_guarded(_cleaned(source, settings)))


def clean_and_look(source: Source, settings: Settings = DEFAULT) -> tuple[Article, Article]:
    """Clean one source. Gives its article, and what shows of it before its lines are judged by their look
    alone: these are just those that other articles may explain. The language of that is not asked."""
    run = _cleaned(source, settings)
    article = _told(_guarded(run))
    judged = run.doc.edits[len(run.before.edits) :]
    if not any(edit.is_carried_out(run.pipeline.settings.bar) for edit in judged):
        return article, article
    here = msgspec.structs.replace(run.pipeline.settings, language=False)
    return article, _told(
        _guarded(run._replace(doc=run.before, pipeline=run.pipeline._replace(settings=here)))
    )


class Trace(NamedTuple):
    """One cleaning, with all that was proposed, before it is told as an article."""

    pipeline: Pipeline
    source: Source
    """With what its preface tells."""
    decoded: read.Decoded
    original: Document
    before: Document
    """As the last cleaner found it, which judges what nobody was sure about."""
    doc: Document
    done: Done
    is_guarded: bool


def trace(source: Source, settings: Settings = DEFAULT) -> Trace:
    """Run all cleaners, and the guard over what they did."""
    return _guarded(_cleaned(source, settings))


def _cleaned(source: Source, settings: Settings) -> Trace:
    decoded = read.decode(source.data, source.encoding)
    source = preface.absorb(source, decoded.text)
    host = _site(source.url)
    pipeline = _pipeline(settings, settings.site(host))
    settings = pipeline.settings
    original = read.document(decoded, source, host)
    before = doc = original
    for cleaner in pipeline.cleaners:
        before, doc = doc, apply(doc, cleaner(doc), settings.bar)
    return Trace(pipeline, source, decoded, original, before, doc, {}, is_guarded=False)


def _guarded(run: Trace) -> Trace:
    settings = run.pipeline.settings
    done = effective(run.doc.edits, settings.bar)
    guarded = _guard(run.original, run.doc, done, settings)
    if guarded is None:
        return run._replace(done=done)
    return run._replace(doc=guarded, done=effective(guarded.edits, settings.bar), is_guarded=True)


def _told(run: Trace) -> Article:
    return _article(
        run.doc, run.done, run.source, run.decoded, run.pipeline, run.pipeline.settings, run.is_guarded
    )


# --- the guard --------------------------------------------------------------------------------


FEW_PARAGRAPHS = 5
"""Story-shaped blocks up to which the short sentences of a text are watched too: interviews, live blogs."""
FEWEST_BROKEN, FEWEST_OF_PART = 4, 3
"""Words of a line that breaks off in its sentence, and of one that goes on with it."""
VERSE_WIDTH = 40
"""Code points: longer lines are no verse, and end where they end."""
MOST_OF_TAG = 2
"""Words of a tag below a story."""
COMMAS = (",", "،", "、", "，")


def _guard(original: Document, doc: Document, done: Done, settings: Settings) -> Document | None:
    """The document with removals taken back, where too much of the story would go or a sentence would be
    torn. None where neither would.

    What is taken back is put up for review.
    """
    removed = {index: edits[-1] for index, edits in done.items() if doc.blocks[index].role == "boilerplate"}
    if not removed:
        return None
    torn = _torn(doc, removed)
    taken_back = _too_much(doc, removed, settings) | torn | _torn_off(doc, removed, torn)
    if not taken_back:
        return None
    edits = [
        msgspec.structs.replace(edit, confidence=0.0)
        if edit.block in taken_back and edit == removed[edit.block]
        else edit
        for edit in doc.edits
    ]
    return apply(original, edits, settings.bar)


def _too_much(doc: Document, removed: Mapping[int, Edit], settings: Settings) -> set[int]:
    """The least certain removals, where more than the set share of the story's words would go.

    Phrases and repeats are certain and stay. In a text of few paragraphs whatever ends like a sentence
    is watched as well: there the answers, the entries, the lines of a poem are the story.
    """
    taken_back: set[int] = set()
    if not any(ends_like_sentence(doc.blocks[index].text) for index in removed):
        return taken_back
    beside = {edit.block for edit in doc.edits if _is_beside_the_story(edit)}
    extent = company.extent_of(doc)
    told = [i for i in extent if doc.blocks[i].role != "repeat" and i not in beside]
    paragraphs = sorted(set(told).intersection(doc.story))
    watches = [paragraphs]
    # Where nothing stays at all, all of it was residue.
    if len(paragraphs) <= FEW_PARAGRAPHS and any(map(ledger.stays, doc.blocks)):
        watches.append([index for index in told if ends_like_sentence(doc.blocks[index].text)])
    for watched in watches:
        words = {index: doc.blocks[index].text.count(" ") + 1 for index in watched}
        lost = [(removed[index], words[index]) for index in watched if index in removed]
        lost_words = sum(count for _, count in lost)
        for confidence in sorted({edit.confidence for edit, _ in lost} - {lookup.SURE_PHRASE}):
            if lost_words <= settings.max_story_loss * sum(words.values()):
                break
            # One as good as the other: of equally certain removals none can be told from the rest, nor
            # what a rule took besides.
            rules = {edit.rule for edit, _ in lost if edit.confidence == confidence}
            taken_back |= {i for i, e in removed.items() if e.confidence == confidence and e.rule in rules}
            lost_words -= sum(count for edit, count in lost if edit.confidence == confidence)
    return taken_back


def _is_beside_the_story(edit: Edit) -> bool:
    """Whether a removal tells what is no story, however much there is of it: a thread of comments, a legal
    note by its own words."""
    is_note = edit.rule.startswith("legal/") and edit.confidence >= lookup.SURE_PATTERN
    return edit.rule in threads.RULES or is_note


def _torn(doc: Document, removed: Mapping[int, Edit]) -> set[int]:
    """Removed lines that begin a sentence which goes on right below in a small letter, or end in a comma,
    as in verse: nothing is removed from inside a sentence, not even a phrase."""
    torn: set[int] = set()
    for index in sorted(removed, reverse=True):
        block, below = doc.blocks[index], doc.blocks[index + 1 : index + 2]
        if not below:
            continue
        # What was judged by its look may have been the rest of the sentence.
        is_judged = index + 1 in removed and removed[index + 1].rule in evidence.RULES
        if not (ledger.stays(below[0]) or index + 1 in torn or is_judged):
            continue
        is_cloud = is_judged and _are_tags(block.text, below[0].text)
        runs_on = _goes_on_in(below[0].text) and not (is_cloud or ends_like_sentence(block.text))
        is_verse = max(len(block.text), len(below[0].text)) <= VERSE_WIDTH
        if is_verse and (runs_on or block.text.endswith(COMMAS)) and _is_right_below(doc, index):
            # Where the line above breaks off, its sentence goes on below: what stands between is in its way.
            above = index - 1
            breaks_off = index > 0 and above not in removed and not ends_like_sentence(doc.blocks[above].text)
            if not (breaks_off and _is_right_below(doc, above)):
                torn.update((index, index + 1) if is_judged else (index,))
    return torn


def _torn_off(doc: Document, removed: Mapping[int, Edit], torn: Set[int]) -> set[int]:
    """Lines that were judged by their look, where they go on with the sentence of a line that stays."""
    found: set[int] = set()
    for index in sorted(removed):
        if index == 0 or removed[index].rule not in evidence.RULES or not _is_right_below(doc, index - 1):
            continue
        above, text = doc.blocks[index - 1], doc.blocks[index].text
        is_above = ledger.stays(above) or index - 1 in torn or index - 1 in found
        last = above.text.rsplit(" ", 1)[-1]
        breaks_off = above.text.count(" ") + 1 >= FEWEST_BROKEN and last.islower() and last.isalpha()
        is_part = _goes_on_in(text) and text.count(" ") + 1 >= FEWEST_OF_PART
        if is_above and breaks_off and is_part:
            found.add(index)
    return found


def _are_tags(*lines: str) -> bool:
    """Whether lines are of a word or two, whatever letter they begin with: tags, no verse."""
    return all(len(line.split()) <= MOST_OF_TAG for line in lines)


def _goes_on_in(text: str) -> bool:
    """Whether a line may be the rest of a sentence: it begins in a small letter, and is no address."""
    return text[0].islower() and (" " in text or not _ADDRESS.search(text))


_ADDRESS = re.compile(r"[@/#]|\w[.:]\w")


def _is_right_below(doc: Document, index: int) -> bool:
    """Whether the block after this one stands on the very next line."""
    gap = doc.source[doc.blocks[index].end : doc.blocks[index + 1].start]
    return len(gap.replace("\r\n", "\n").strip(" \t")) == 1


# --- the article ------------------------------------------------------------------------------

_IN_ARTICLE = frozenset(role for role, meaning in ROLES.items() if meaning.in_article)
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
    facts = _facts(done) | given.facts(source.given)
    printed = _headline(doc)
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
            record_sha256=source.record_sha256,
        ),
        headline=printed,
        alternative_headline=given.other_title(source.given, printed),
        description=_joined(doc, "dek") or source.given.get("description"),
        byline=_joined(doc, "byline") or source.given.get("byline"),
        authors=_authors(done, source.given),
        dateline=facts.get("dateline"),
        date_published=facts.get("datePublished"),
        date_published_raw=facts.get("datePublishedRaw"),
        date_modified=facts.get("dateModified"),
        date_modified_raw=facts.get("dateModifiedRaw"),
        in_language=found.tag,
        language_confidence=found.confidence,
        text=text,
        blocks=_blocks(doc, done),
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


def _facts(done: Done) -> dict[str, str]:
    """What lines say about the article; the first to say a thing is believed."""
    facts: dict[str, str] = {}
    for edits in done.values():
        for edit in edits:
            for name, value in edit.facts.items():
                facts.setdefault(name, value)
    return facts


def _authors(done: Done, told: Mapping[str, str]) -> list[Author]:
    """Everyone the byline, the credits and the record name, once. A surname alone is an earlier author."""
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
    for name in given.authors(told):
        _add_author(authors, Author(name=name))
    return authors


def _add_author(authors: list[Author], new: Author) -> None:
    for index, there in enumerate(authors):
        if there.name == new.name or there.name.split()[-1] == new.name:
            location = there.location or new.location
            authors[index] = Author(name=there.name, role=there.role or new.role, location=location)
            return
    authors.append(new)


def _blocks(doc: Document, done: Done) -> list[ArticleBlock]:
    # In a source without tabs, bars and wide gaps, what begins with a letter is a paragraph.
    is_plain = not (doc.has_wide_gaps or "\t" in doc.source or "|" in doc.source)
    blocks = []
    for index, block in enumerate(doc.blocks):
        text, role = block.text, block.role
        if text and role in _IN_ARTICLE:
            is_paragraph = is_plain and index not in done and text[0].isalpha()
            kind = _TYPE_OF_ROLE.get(role) or ("paragraph" if is_paragraph else block_type(text))
            blocks.append(ArticleBlock(type=kind, text=text, span=Span(start=block.start, end=block.end)))
    return blocks


def _review(doc: Document, bar: float) -> list[Review]:
    """Blocks still in the text although an edit below the bar would have taken them out, and nothing says
    that they stay."""
    settled = {edit.block for edit in doc.edits if edit.role == "body"}
    return [
        Review(
            span=Span(start=doc.blocks[edit.block].start, end=doc.blocks[edit.block].end),
            rule=edit.rule,
            confidence=edit.confidence,
            question=f"Is this {edit.why}?",
        )
        for edit in doc.edits
        if not edit.is_carried_out(bar) and ledger.stays(doc.blocks[edit.block]) and edit.block not in settled
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


def site_of(source: Source) -> str:
    """The site a source is from, as its article will name it; empty where it names none."""
    decoded = read.decode(source.data, source.encoding)
    return _site(preface.absorb(source, decoded.text).url)


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
