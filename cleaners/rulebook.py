"""The rulebook: rules as data, read from TOML and checked. What each key means is in CONTRIBUTING.md."""

from __future__ import annotations

import hashlib
import itertools
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any, Literal, get_args, get_origin, get_type_hints

import msgspec

from cleaners.folding import fold
from cleaners.lookup import OPENING
from cleaners.matching import SUFFIX, strip_boilerplate
from cleaners.model import OPEN, ROLES, Block, Cleaner, Document, apply
from cleaners.patterns import regex_fault, slow_pattern
from cleaners.rule import Rule
from cleaners.settings import ConfigError, RuleFile, bare_host, nearest


class RuleError(ConfigError):
    """A rule that cannot be used. The message names file, rule and key, and says what to do."""


# --- loading ----------------------------------------------------------------------------------


def load_rules(files: tuple[RuleFile, ...] = ()) -> tuple[Rule, ...]:
    """The user's rules, then those that come with copydesk, in the order in which they are tried.

    Raises RuleError at the first that cannot be used, does not hold its example, or has another's id.
    """
    return _with_own(files) if files else _packaged()


@lru_cache(maxsize=1)
def _packaged() -> tuple[Rule, ...]:
    return tuple(_load(resources.files("cleaners") / "rules"))


@lru_cache(maxsize=8)
def _with_own(files: tuple[RuleFile, ...]) -> tuple[Rule, ...]:
    rules = gather(files)
    for rule in rules[: len(rules) - len(_packaged())]:
        for problem in check(rule):
            raise RuleError(f"{_entry_of(rule)}.example: {problem.partition(': ')[2]}")
    return rules


def gather(files: Iterable[RuleFile]) -> tuple[Rule, ...]:
    """As `load_rules`, without asking whether the user's examples hold."""
    packaged = _packaged()
    own = [rule for file in files for rule in read_file(file)]
    owners = {rule.id: f"cleaners/rules/{rule.file}" for rule in packaged}
    for rule in own:
        if rule.id in owners:
            raise RuleError(f"{_entry_of(rule)}: {owners[rule.id]} has {rule.id}, too; hint: rename one")
        owners[rule.id] = rule.file
    return (*own, *packaged)


def _entry_of(rule: Rule) -> str:
    return f"{rule.file}: [{rule.id.partition('/')[2]}]"


def read_file(file: RuleFile) -> list[Rule]:
    """The rules of a user's file. A name under sites/ says for which host they are."""
    folder, _, name = file.name.rpartition("/")
    host = name.removesuffix(".toml") if folder.endswith("sites") else ""
    if host and (bare := bare_host(host)) != host:
        raise RuleError(f"{file.name}: {host!r} is no bare host name; hint: call the file {bare}.toml")
    return parse(file.text, file.name, host)


def _load(folder: Traversable) -> Iterator[Rule]:
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".toml"):
            yield from parse(entry.read_text(encoding="utf-8"), entry.name, is_proven=True)
    sites = folder / "sites"
    if sites.is_dir():
        for entry in sorted(sites.iterdir(), key=lambda entry: entry.name):
            if entry.name.endswith(".toml"):
                host = entry.name.removesuffix(".toml")
                text = entry.read_text(encoding="utf-8")
                yield from parse(text, f"sites/{entry.name}", host, is_proven=True)


def parse(text: str, file: str, site: str = "", is_proven: bool = False) -> list[Rule]:
    """The rules of one TOML file. Raises RuleError at the first that cannot be used.

    What is proven is not looked at again: the tests hold the packaged rules to all of it, and looking takes
    longer than cleaning a hundred articles.
    """
    try:
        entries = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{file}: not valid TOML: {error}") from error
    except RecursionError as error:
        raise RuleError(f"{file}: not valid TOML: nested too deep") from error
    pack = site or file.rpartition("/")[2].removesuffix(".toml")
    rules = [_rule(name, entry, pack, file, site) for name, entry in entries.items()]
    if not is_proven:
        for name, rule in zip(entries, rules, strict=True):
            for fault in faults(rule):
                raise RuleError(f"{file}: [{name}]{fault}")
    return rules


def _rule(name: str, entry: object, pack: str, file: str, site: str) -> Rule:
    place = f"{file}: [{name}]"
    if not isinstance(entry, dict):
        raise RuleError(f"{place}: expected a table of keys; hint: write [{name}] above its keys")
    for key in ("id", "site", "file"):
        if key in entry:
            raise RuleError(f"{place}.{key}: not a key of a rule; hint: it follows from the file")
    try:
        rule = msgspec.convert({**entry, "id": f"{pack}/{name}", "site": site, "file": file}, Rule)
    except msgspec.ValidationError as error:
        raise RuleError(f"{place}{_misfit(entry, str(error))}") from error
    if not _ID.fullmatch(rule.id):
        raise RuleError(
            f"{place}: {rule.id!r} is no id; hint: name file and rule in lower-case letters, digits and -"
        )
    return rule


_ID = re.compile(r"[a-z0-9.-]{1,80}/[a-z0-9-]{1,80}")
KEYS = tuple(name for name in Rule.__struct_fields__ if name not in ("id", "site", "file"))
"""What may be written in a rule."""


def _misfit(entry: Mapping[str, object], error: str) -> str:
    """What makes an entry no rule: `.key: what is wrong; hint: what to do`."""
    for key in entry:
        if key not in KEYS:
            near = nearest(key, KEYS)
            hint = f"did you mean {near!r}?" if near else f"the keys are {', '.join(KEYS)}"
            return f".{key}: not a key of a rule; hint: {hint}"
    what, _, path = error.partition(" - at `$.")
    key = path.rstrip("`").partition(".")[0].partition("[")[0]
    if key not in entry:
        missing = error.partition("field `")[2].rstrip("`")
        return f".{missing}: missing; hint: every rule has a why and an example"
    known = [value for value in _choices(get_type_hints(Rule)[key]) if value]
    if not known:
        return (
            f".{key}: {entry[key]!r}: {what[:1].lower()}{what[1:]}; hint: CONTRIBUTING.md explains the keys"
        )
    near = nearest(str(entry[key]), known)
    return f".{key}: {entry[key]!r} is not known; hint: " + (
        f"did you mean {near!r}?" if near else f"one of {', '.join(known)}"
    )


def _choices(hint: Any) -> list[str]:
    """The words a type admits, where it admits certain words only."""
    if get_origin(hint) is Literal:
        return list(get_args(hint))
    return [word for part in get_args(hint) for word in _choices(part)]


def faults(rule: Rule) -> Iterator[str]:
    """What makes a well-typed rule unusable: `.key: what is wrong; hint: what to do`."""
    yield from _key_faults(rule)
    yield from _phrase_faults(rule)
    yield from _example_faults(rule)


def _key_faults(rule: Rule) -> Iterator[str]:
    if not (rule.block or rule.starts or rule.pattern):
        yield ": nothing to recognize; hint: give it block, starts or pattern"
    if not rule.why.strip():
        yield ".why: empty; hint: say in one clause what the line is"
    if rule.weight is not None and not 0 < rule.weight < 0.9:
        yield f".weight: {rule.weight} is not between 0 and 0.9; hint: leave it out for a sure rule"
    if rule.alone and not rule.pattern:
        yield ".alone: looks at neighbours through patterns; hint: write the phrases as a pattern"
    if rule.company and (rule.alone or rule.trim or rule.takes == "rest" or rule.weight is not None):
        yield ".company: the line needs others like it; hint: drop alone, trim, takes and weight"
    if rule.company and len(rule.pattern) > 1:
        yield ".company: looks at one line at a time; hint: drop all but one pattern"
    if rule.trim and (rule.takes == "rest" or len(rule.pattern) > 1):
        yield ".trim: cuts one block only; hint: drop takes, or all but one pattern"
    if rule.trim and rule.pattern and not rule.word:
        yield ".trim: a pattern is tried at sentence ends only behind a word; hint: give it word"


def _phrase_faults(rule: Rule) -> Iterator[str]:
    whole = [fold(phrase).whole for listed in rule.block.values() for phrase in listed]
    if rule.trim and any(len(phrase) < SUFFIX for phrase in whole):
        yield f".block: a phrase to be cut off has {SUFFIX} letters at least; hint: use starts"
    starts = [fold(phrase).left for listed in rule.starts.values() for phrase in listed]
    if any(len(phrase) < OPENING for phrase in starts):
        yield f".starts: a beginning has {OPENING} letters at least; hint: use block or pattern"
    for key, phrases in (("block", rule.block), ("starts", rule.starts)):
        for language, listed in phrases.items():
            if not listed or any(not fold(phrase).whole for phrase in listed):
                yield f".{key}.{language}: an empty phrase; hint: delete it"
    for pattern in rule.pattern:
        if fault := regex_fault(pattern):
            yield f".pattern: {pattern!r}: {fault}"


def _example_faults(rule: Rule) -> Iterator[str]:
    marks = {line[:2] for line in rule.example.splitlines() if line.strip()}
    if not marks <= {"- ", "+ ", "  "}:
        yield ".example: each line begins with '- ' (goes), '+ ' (becomes) or two spaces (stays)"
    elif "- " not in marks or "  " not in marks:
        yield ".example: needs a line that goes ('- ') and a near miss that stays (two spaces)"


def rules_sha256(rules: Iterable[Rule]) -> str:
    """Hash of everything the rules say."""
    plain = [msgspec.to_builtins(rule) for rule in rules]
    return hashlib.sha256(msgspec.json.encode(plain, order="deterministic")).hexdigest()


# --- what people see of a rule ----------------------------------------------------------------


PLACES = {
    "any": "anywhere",
    "head": "above the story",
    "tail": "below two paragraphs",
    "edge": "above the story or below two paragraphs",
    "end": "at the end of the story or below it",
}


def _where(rule: Rule) -> str:
    return PLACES[rule.at] + (", in company" if rule.company else "")


def describe(rule: Rule) -> str:
    """A rule in words: what it is for, what it recognizes, what becomes of it, its example."""
    home = f"cleaners/rules/{rule.file}" if rule in load_rules() else rule.file
    lines = [f"{rule.id}: {rule.why}", f"file: {home}"]
    lines.append(f"where: {_where(rule)}{f', on {rule.site} only' if rule.site else ''}")
    outcome = f"cut off the block's {rule.trim}" if rule.trim else f"becomes {rule.role}"
    outcome += ", and all after it" if rule.takes == "rest" else ""
    lines.append(f"what: {outcome if rule.weight is None else f'put up for review, {rule.weight}'}")
    for title, phrases in (("is", rule.block), ("begins with", rule.starts)):
        lines += [f"{title} ({language}): {' · '.join(p)}" for language, p in phrases.items()]
    lines += [f"matches: {pattern}" for pattern in rule.pattern]
    example = "\n".join(f"  {line}" for line in rule.example.splitlines() if line.strip())
    return "\n".join([*lines, "example:", example, ""])


def catalogue(rules: Sequence[Rule], known: Mapping[str, str]) -> str:
    """Every rule in Markdown, by pack: its reason, languages, place, an example and a near miss.

    `known` are all rules that may appear in an article with their reasons; those of them that are in no
    file are listed last.
    """
    parts = [_CATALOGUE_HEAD]
    for pack, members in itertools.groupby(rules, key=lambda rule: rule.file):
        parts.append(f"## {pack.removesuffix('.toml')}\n")
        parts += [_entry(rule) for rule in members]
    in_code = sorted(known.items() - {(rule.id, rule.why) for rule in rules})
    parts.append("## Rules in code\n")
    parts.append("\n".join(f"- `{name}`: {why}" for name, why in in_code) + "\n")
    return "\n".join(parts)


_CATALOGUE_HEAD = """\
# The rules

Written by `make docs` from `cleaners/rules/`; a test holds the two together. Of each rule: why it takes a
line out, the languages of its phrases, where it looks, a line that goes (`-`) and a near miss that stays.
"""


def _entry(rule: Rule) -> str:
    lines = rule.example.splitlines()
    goes = next(line for line in lines if line.startswith("- "))
    becomes = [line for line in lines if line.startswith("+ ")][:1]
    stays = next(line for line in lines if line.startswith("  ") and line.strip())
    languages = ", ".join(rule.languages) or "by pattern"
    facts = f"{rule.why}. Languages: {languages}. Where: {_where(rule)}."
    return "\n".join([f"### {rule.id}\n", f"{facts}\n", "```diff", goes, *becomes, stays, "```\n"])


# --- a rule proves itself ---------------------------------------------------------------------

# Story-shaped filler that no rule may touch, so that an example for the head or the tail stands there.
_FILLER = (
    "The harbour board met on Tuesday evening to hear the engineers explain why the old stone quay "
    "had settled by a hand's breadth since the spring, and what it would cost to hold it there."
)

_FILLERS = 12
"""So many that an example of long notes is the lesser part of the story."""


def check(rule: Rule, strip: Cleaner | None = None) -> list[str]:
    """What is wrong with a rule's example when `strip` applies the rules in force, or the rule alone."""
    strip = strip or strip_boilerplate([rule])
    texts, expected = read_example(rule)
    doc, start = in_place(rule, texts)
    done = apply(doc, strip(doc), bar=0.0 if rule.weight is not None else 0.9)
    # What is decided to stay is in the text; the example tells it from what the rule does not know.
    kept = {edit.block for edit in done.edits if edit.role in OPEN}
    got = [b.text if ROLES[b.role].in_text and at not in kept else None for at, b in enumerate(done.blocks)]
    middle = got[start : start + len(texts)]
    problems = [
        f"{rule.id}: {text!r}: {_outcome(is_, text)}, but the example says: {_outcome(should, text)}"
        for text, is_, should in zip(texts, middle, expected, strict=True)
        if is_ != should
    ]
    fired = {edit.rule for edit in done.edits}
    if fired != {rule.id}:
        problems.append(f"{rule.id}: fired on its example: {', '.join(sorted(fired)) or 'nothing'}")
    return problems


def prove(every: Sequence[Rule], own: Iterable[Rule], clock: Callable[[], float]) -> list[str]:
    """What is wrong with the examples of all rules, alone and together, and with the user's patterns."""
    strip = strip_boilerplate(every)
    problems = [problem for rule in every for way in (None, strip) for problem in check(rule, way)]
    for rule in own:
        if slow := slow_pattern(rule, clock):
            problems.append(f"{rule.id}: {slow!r} takes long on hostile lines; hint: bound its repeats")
    return list(dict.fromkeys(problems))


def in_place(rule: Rule, texts: Sequence[str]) -> tuple[Document, int]:
    """A document in which the texts stand where the rule looks, and the index of their first block."""
    before = [] if rule.at == "head" else [_FILLER] * _FILLERS
    after = [] if rule.takes == "rest" or rule.at == "end" else [_FILLER] * _FILLERS
    return document_of([*before, *texts, *after], rule.site), len(before)


def _outcome(text: str | None, before: str) -> str:
    return "goes" if text is None else "stays" if text == before else f"becomes {text!r}"


def read_example(rule: Rule) -> tuple[list[str], list[str | None]]:
    """The example's lines, and what each must become: None for gone."""
    texts: list[str] = []
    expected: list[str | None] = []
    for line in rule.example.splitlines():
        if line.startswith("- "):
            texts.append(line[2:])
            expected.append(None)
        elif line.startswith("+ "):
            expected[-1] = line[2:]
        elif line.strip():
            texts.append(line[2:])
            expected.append(line[2:])
    return texts, expected


def document_of(texts: Sequence[str], site: str = "") -> Document:
    """A document with each text as a block of its own."""
    blocks, position = [], 0
    for text in texts:
        blocks.append(Block(position, position + len(text), text))
        position += len(text) + 2
    return Document("\n\n".join(texts), tuple(blocks), site=site)
