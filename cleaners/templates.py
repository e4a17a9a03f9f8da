"""Site templates: the short lines that recur over documents of one site, proposed as rules.

It alone knows what makes a recurring line furniture. Observations merge in any order and grouping: of each
site the documents with the smallest hashes are looked at, never the first that came.
"""

from __future__ import annotations

import bisect
import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Literal, NamedTuple, TypeAlias

from cleaners.article import Article, block_type
from cleaners.folding import fold
from cleaners.model import ends_like_sentence, is_story_shaped
from cleaners.rule import LONGEST, Rule
from cleaners.rulebook import RuleError, check, parse

LOOK_AT = 120
"""Documents of a site that are kept: a line on every twentieth of them still shows."""
FEWEST = 8
"""Documents of a site below which nothing is proposed."""
SUPPORT, SHARE = 4, 0.05
"""Documents a line must stand in: so many, and such a share of those looked at."""
AUTO_SUPPORT, AUTO_SHARE = 8, 0.2
"""The same, to be accepted without a person's look."""
FILLERS = 3
"""Different names or dates that must have stood in a gap."""
MOST_LINES, CONTEXT, EXAMPLES = 60, 60, 3
STORY = 6_000
"""Characters of a document's paragraphs that are searched for counter-evidence."""
FEWEST_LETTERS = 4
SLOT = ".{1,60}"

Zone = Literal["head", "middle", "tail"]


class Line(NamedTuple):
    """A short line that stayed in the text, where it stood, and the text on either side."""

    text: str
    zone: Zone
    above: str
    below: str


class Seen(NamedTuple):
    """What is kept of a document."""

    lines: tuple[Line, ...]
    story: str


Found: TypeAlias = tuple[str, str, Seen]
"""The site of a document, the hash of its story's opening, and what is kept of it."""
Stats: TypeAlias = Mapping[str, Mapping[str, Seen]]
"""By site, and by the hash of the story's opening: two copies of one story are one document."""


class Proposal(NamedTuple):
    """A rule that documents of a site suggest."""

    rule: Rule
    toml: str
    support: int
    documents: int
    zones: tuple[tuple[Zone, int], ...]
    examples: tuple[Line, ...]
    against: tuple[str, ...]
    """The same words inside stories, with what stands around them."""
    is_sure: bool
    """Frequent enough, at the edges alone, and nothing speaks against it."""


# --- observing --------------------------------------------------------------------------------


def observe(articles: Iterable[Article], site: str = "") -> Stats:
    """What cleaned articles show; `site` is where those without a URL are from."""
    return gather(found for article in articles if (found := look(article, site)))


def look(article: Article, site: str = "") -> Found | None:
    """What one shows; None where it names no site, or where there is no story to tell a line from."""
    host = article.source.domain or site
    found = _document(article) if host else None
    return (host, *found) if found else None


def gather(seen: Iterable[Found]) -> Stats:
    """What many show, by site."""
    sites: dict[str, dict[str, Seen]] = defaultdict(dict)
    for host, key, one in seen:
        _keep(sites[host], key, one)
    return {host: _least(documents) for host, documents in sites.items()}


def merge(one: Stats, other: Stats) -> Stats:
    """Both together. In any order and grouping the same comes out."""
    sites = {host: dict(documents) for host, documents in one.items()}
    for host, documents in other.items():
        mine = sites.setdefault(host, {})
        for key, seen in documents.items():
            _keep(mine, key, seen)
    return {host: _least(documents) for host, documents in sites.items()}


def _keep(documents: dict[str, Seen], key: str, seen: Seen) -> None:
    documents[key] = min(documents.get(key, seen), seen)
    if len(documents) > 2 * LOOK_AT:
        for passed in sorted(documents)[LOOK_AT:]:
            del documents[passed]


def _least(documents: Mapping[str, Seen]) -> Mapping[str, Seen]:
    return {key: documents[key] for key in sorted(documents)[:LOOK_AT]}


def _document(article: Article) -> tuple[str, Seen] | None:
    """An article as it is kept; None where there is no story to tell a line from."""
    texts = [block.text for block in article.blocks if block.type in _IN_TEXT]
    story = [index for index, text in enumerate(texts) if is_story_shaped(text)]
    if not story:
        return None
    lines = []
    for index, text in enumerate(texts):
        if len(text) <= LONGEST and _may_be_furniture(text):
            above = texts[index - 1][-CONTEXT:] if index else ""
            below = texts[index + 1][:CONTEXT] if index + 1 < len(texts) else ""
            lines.append(Line(text, _zone(index, story), above, below))
    opening = hashlib.sha256(texts[story[0]].encode()).hexdigest()[:16]
    kept = lines[: MOST_LINES // 2] + lines[max(MOST_LINES // 2, len(lines) - MOST_LINES // 2) :]
    return opening, Seen(tuple(kept), "\n".join(texts[index] for index in story)[:STORY])


_IN_TEXT = frozenset(["paragraph", "listItem", "quote", "tableRow", "heading", "dek"])


def _zone(index: int, story: Sequence[int]) -> Zone:
    """As rules count: the head ends at the first paragraph, the tail begins behind the second."""
    if index < story[0]:
        return "head"
    return "tail" if bisect.bisect(story, index) >= 2 and index > story[-1] else "middle"


_SPEECH = "\"'“”„«»‹›‘’「」『』"


def _may_be_furniture(text: str) -> bool:
    """What the guard protects is never proposed: paragraphs, lists, tables, speech, lines cut from inside a
    sentence."""
    return (
        sum(map(str.isalpha, text)) >= FEWEST_LETTERS
        and text.isprintable()
        and not text[0].islower()
        and text[0] not in _SPEECH + "—–-"
        and text[-1] not in ",;،、，-–—"
        and block_type(text) == "paragraph"
        and not is_story_shaped(text)
    )


# --- deciding ---------------------------------------------------------------------------------


class _Hit(NamedTuple):
    document: str
    line: Line


def decide(stats: Stats, rejected: Mapping[str, Collection[str]] | None = None) -> list[Proposal]:
    """The rules that the documents of each site suggest, best supported first.

    `rejected` are lines by site that a person called part of the story: they are proposed no more, and the
    rules that are stand the test of them.
    """
    proposals = []
    for site in sorted(stats):
        documents = stats[site]
        near = sorted((rejected or {}).get(site, ()))
        if len(documents) >= FEWEST:
            proposals += _of_site(site, documents, near)
    return proposals


def _of_site(site: str, documents: Mapping[str, Seen], near: Sequence[str]) -> list[Proposal]:
    least = max(SUPPORT, SHARE * len(documents))
    refused = {fold(line).whole for line in near} | {_masked(line) for line in near}
    groups: dict[str, list[_Hit]] = defaultdict(list)
    for key in sorted(documents):
        for line in documents[key].lines:
            groups[fold(line.text).whole].append(_Hit(key, line))
    masked: dict[str, list[_Hit]] = defaultdict(list)
    for hit in (hit for hits in groups.values() for hit in hits):
        if mask := _masked(hit.line.text):
            masked[mask].append(hit)
    with_gaps = {mask: hits for mask, hits in masked.items() if _is_varied(hits) and _support(hits) >= least}
    covered = {hit for hits in with_gaps.values() for hit in hits}
    chosen = [
        (name, hits)
        for name, hits in groups.items()
        if _support(hits) >= least and not covered.issuperset(hits)
    ]
    chosen += [(_fitting(mask, hits), hits) for mask, hits in with_gaps.items()]
    chosen = [(n, hits) for n, hits in chosen if n and n not in refused and _once_a_document(hits)]
    chosen.sort(key=lambda found: (-_support(found[1]), found[0]))
    names: Counter[str] = Counter()
    made = (_proposal(site, name, hits, documents, near, names) for name, hits in chosen)
    return [proposal for proposal in made if proposal]


def _support(hits: Sequence[_Hit]) -> int:
    return len({hit.document for hit in hits})


def _once_a_document(hits: Sequence[_Hit]) -> bool:
    """A refrain, or a speaker's name before each answer, comes again and again in one document."""
    return len(hits) <= 2 * _support(hits)


_SLOT_MARK = "§"
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")


def _gaps(text: str) -> tuple[list[str], list[str]]:
    """A line's words with a mark for each run of names and numbers, and those runs.

    The first word is a capital anyway, and stays.
    """
    words: list[str] = []
    runs: list[str] = []
    for place, word in enumerate(text.split()):
        is_name = place > 0 and (word[0].isupper() or word[0].isdigit())
        if not is_name:
            words.append(word)
        elif words[-1] != _SLOT_MARK:
            words.append(_SLOT_MARK)
            runs.append(word)
        else:
            runs[-1] += f" {word}"
    return words, runs


def _masked(text: str) -> str:
    """A line with its gaps; empty where too little else is left to know it by."""
    words, runs = _gaps(text)
    literal = [word for word in words if word != _SLOT_MARK]
    letters = sum(sum(map(str.isalpha, word)) for word in literal)
    return " ".join(words) if 1 <= len(runs) <= 2 and len(literal) >= 2 and letters >= 8 else ""


def _is_varied(hits: Sequence[_Hit]) -> bool:
    """Whether names differ, and not numbers alone, which folding makes alike."""
    return len({fold(hit.line.text).whole for hit in hits}) >= FILLERS


def _fitting(mask: str, hits: Sequence[_Hit]) -> str:
    """The mask, its gaps that always hold the same filled again."""
    fillers = list(zip(*(_gaps(hit.line.text)[1] for hit in hits), strict=True))
    same = iter([runs[0] if len(set(runs)) == 1 else _SLOT_MARK for runs in fillers])
    return " ".join(next(same) if word == _SLOT_MARK else word for word in mask.split(" "))


def _proposal(
    site: str,
    name: str,
    hits: Sequence[_Hit],
    documents: Mapping[str, Seen],
    near: Sequence[str],
    names: Counter[str],
) -> Proposal | None:
    """The rule for a group of lines; None where it does not hold its own example."""
    zones = Counter(hit.line.zone for hit in hits)
    examples = sorted({hit.line for hit in hits}, key=lambda line: (line.text, line))[:EXAMPLES]
    # The commonest spelling, the smallest of several.
    spelled = Counter(hit.line.text for hit in hits)
    shown = min(spelled, key=lambda text: (-spelled[text], text))
    against = tuple(_inside(name, documents))
    support, total = _support(hits), len(documents)
    is_common = support >= max(AUTO_SUPPORT, AUTO_SHARE * total)
    if _at(zones) == "any" and not is_common:
        return None  # between paragraphs stand a story's own headings: a few sites' authors share some
    why = f"a line that {support} of {total} documents of {site} print"
    toml = _toml(_name(shown, names), why, name, shown, _at(zones), near)
    try:
        (rule,) = parse(toml, f"sites/{site}.toml", site)
    except (RuleError, ValueError):
        return None
    if check(rule):
        return None
    is_edge = _at(zones) != "any" and not ends_like_sentence(shown)
    placed = tuple(sorted(zones.items()))
    is_sure = is_common and is_edge and not against
    return Proposal(rule, toml, support, total, placed, tuple(examples), against, is_sure)


def _inside(name: str, documents: Mapping[str, Seen]) -> Iterator[str]:
    """Where the words stand inside stories."""
    words = max(name.split(_SLOT_MARK), key=len).strip().casefold()
    wanted = re.compile(rf"(?<!\w){re.escape(words).replace('0', r'[0-9.,]{1,12}')}(?!\w)")
    # Numbers aside, the longest word tells quickly that a story has none of it.
    longest = max(_WORD.findall(words.replace("0", " ")), key=len, default="")
    found = 0
    for key in sorted(documents):
        story = documents[key].story.casefold()
        if longest in story and (place := wanted.search(" ".join(story.split()))):
            yield place.string[max(0, place.start() - CONTEXT) : place.end() + CONTEXT]
            if (found := found + 1) == EXAMPLES:
                return


def _at(zones: Mapping[Zone, int]) -> str:
    """The narrowest place of a rule that admits where the line stood, nine times out of ten."""
    if 10 * zones.get("middle", 0) > sum(zones.values()):
        return "any"
    return "edge" if zones.get("head") and zones.get("tail") else "head" if zones.get("head") else "tail"


def _name(shown: str, names: Counter[str]) -> str:
    """A name for the rule that says what it is about; a number where two would be called alike."""
    slug = "-".join(re.findall(r"[a-z0-9]+", shown.lower()))[:50].strip("-")
    slug = slug or f"line-{hashlib.sha256(shown.encode()).hexdigest()[:8]}"
    names[slug] += 1
    return slug if names[slug] == 1 else f"{slug}-{names[slug]}"


def _toml(slug: str, why: str, name: str, shown: str, at: str, near: Sequence[str]) -> str:
    """The rule as a person would write it, with what goes and what must stay."""
    lines = [f"[{slug}]", f"why = {json.dumps(why, ensure_ascii=False)}"]
    if _SLOT_MARK in name:
        word = max(_WORD.findall(name.replace(_SLOT_MARK, " ")), key=len)
        pattern = re.escape(name).replace(r"\ ", " ").replace(_SLOT_MARK, SLOT)
        lines += [f"word = {json.dumps([word], ensure_ascii=False)}"]
        lines += [f"pattern = {json.dumps([f'(?i:{pattern})'], ensure_ascii=False)}"]
    else:
        lines.append(f"block.any = {json.dumps([shown], ensure_ascii=False)}")
    lines += [] if at == "any" else [f'at = "{at}"']
    stays = [f"The porter read out what the card on the door said, {shown}, and nobody answered him.", *near]
    example = "".join([f"- {shown}\n", *(f"  {line}\n" for line in stays)])
    quoted = f"'''\n{example}'''" if "'''" not in example else json.dumps(example, ensure_ascii=False)
    return "\n".join([*lines, f"example = {quoted}", ""])


# --- for people -------------------------------------------------------------------------------


def describe(proposal: Proposal) -> list[str]:
    """A proposal in lines: what it takes, how often and where it stood, and what speaks against it."""
    rule = proposal.rule
    zones = ", ".join(f"{count} in the {zone}" for zone, count in proposal.zones)
    share = f"{proposal.support} of {proposal.documents} documents"
    lines = [f"{rule.id}: {share}, {zones}{'; sure' if proposal.is_sure else ''}"]
    lines += [f"  matches {pattern}" for pattern in rule.pattern]
    for example in proposal.examples:
        lines.append(f"  {example.above[-40:] or '(top)'} | {example.text} | {example.below[:40] or '(end)'}")
    return [*lines, *(f"  but inside a story: {text}" for text in proposal.against)]
