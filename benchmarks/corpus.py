"""How well duplicates and site templates are found, and what it costs.

    python benchmarks/corpus.py PATH_TO_BENCH [--documents N ...] [--whole N] [--sites N] [--workers N ...]

Duplicates: texts of pages/ (those that field/ holds are left out) perturbed in stated ways, against texts
that share passages with one of them and are other stories. Templates: sites made of the same texts with lines
planted, some varied, and lines that only recur. Cost: generated documents, of which one in ten is a copy.
`--whole`: a run that learns, cleans again by what it learned, and finds headlines and duplicates, by each
number of workers, the last of which gets the documents in another order; each phase as a ratio to plain
cleaning by as many workers.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate, combinations
from pathlib import Path
from typing import TypeVar

import lines as labelled
from msgspec.structs import replace

from cleaners import (
    RuleFile,
    Settings,
    Source,
    clean,
    evidence,
    files,
    known,
    learning,
    outputs,
    runs,
    templates,
)
from cleaners.archive import Archive
from cleaners.article import Article
from cleaners.duplicates import Sketch, Sketches, decide, gather, sketch
from cleaners.pipeline import clean_source
from cleaners.settings import Known
from cleaners.spool import Spool

T = TypeVar("T")
PLAIN = Settings(language=False)
LOOKING = Settings(language=False, without=frozenset(evidence.RULES))
"""As `copydesk learn` looks: what a line's look alone condemns is not taken out before it is counted."""
SEED = 11


def texts(bench: Path) -> list[str]:
    """Bodies of the pages, in a fixed order; of texts with one beginning only the first."""
    found: dict[str, str] = {}
    for gold in sorted((bench / "pages").glob("*/gold.jsonl")):
        for line in gold.read_text(encoding="utf-8").strip("\n").split("\n"):
            page = json.loads(line)
            text = page.get("text") or ""
            if not page.get("field") and (page.get("gold_missing") or 0) <= 0.03 and len(text.split()) >= 150:
                found.setdefault(text[:200], text)
    return list(found.values())


# --- duplicates -------------------------------------------------------------------------------

Perturbed = Callable[[str, str, random.Random], str]


def _paragraphs(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.strip()]


def truncated(text: str, other: str, rng: random.Random) -> str:
    words = text.split(" ")
    return " ".join(words[: int(len(words) * rng.uniform(0.4, 0.9))])


def brief(text: str, other: str, rng: random.Random) -> str:
    """The first paragraphs, until there are 80 words: the brief inside the long story."""
    kept: list[str] = []
    for paragraph in _paragraphs(text):
        kept.append(paragraph)
        if sum(len(p.split()) for p in kept) >= 80:
            break
    return "\n\n".join(kept)


def new_lede(text: str, other: str, rng: random.Random) -> str:
    """The first fifth written anew."""
    own = _paragraphs(text)
    size = max(1, len(own) // 5)
    return "\n\n".join([_piece(other, sum(len(p.split()) for p in own[:size])), *own[size:]])


def _piece(text: str, size: int) -> str:
    """So many words from the middle of a text, a quarter of it at most: the rest of it is another story."""
    words = text.split()
    middle = len(words) // 2
    return " ".join(words[middle : middle + min(size, len(words) // 4)])


def agency_edits(text: str, other: str, rng: random.Random) -> str:
    """One word in thirty dropped, replaced or followed by another."""
    words, foreign = text.split(" "), other.split()
    for _ in range(len(words) // 30):
        at = rng.randrange(len(words))
        words[at] = rng.choice(["", rng.choice(foreign), f"{words[at]} {rng.choice(foreign)}"])
    return " ".join(words)


def shuffled(text: str, other: str, rng: random.Random) -> str:
    paragraphs = _paragraphs(text)
    rng.shuffle(paragraphs)
    return "\n\n".join(paragraphs)


def wrapped(text: str, other: str, rng: random.Random) -> str:
    """Between two pieces of another page, together a third of the text."""
    half = _piece(other, len(text.split()) // 3).split(" ")
    return "\n\n".join([" ".join(half[: len(half) // 2]), text, " ".join(half[len(half) // 2 :])])


def respaced(text: str, other: str, rng: random.Random) -> str:
    """Other quotation marks, capitals in the first words, other blanks: equal after folding."""
    return text.replace("’", "'").replace("“", '"').replace("”", '"').replace("\n\n", "\n\n\n")


WAYS: tuple[Perturbed, ...] = (truncated, brief, new_lede, agency_edits, shuffled, wrapped, respaced)


def another_report(text: str, other: str, third: str, rng: random.Random) -> str:
    """Another story, a quarter of which, and a fifth of the text, is quoted: background, a statement."""
    size = min(len(source.split()) for source in (text, other, third)) // 4
    pieces = [_piece(source, size) for source in (other, third)]
    room = min(len(text.split()) // 5, sum(len(piece.split()) for piece in pieces) // 3)
    own = _paragraphs(text)
    rng.shuffle(own)
    quoted: list[str] = []
    for paragraph in own:
        if len(paragraph.split()) <= room:
            quoted.append(paragraph)
            room -= len(paragraph.split())
    return "\n\n".join([pieces[0], *quoted, pieces[1]])


def duplicates(bodies: list[str]) -> None:
    rng = random.Random(SEED)
    sketches: list[Sketch] = []
    owner: dict[str, int] = {}
    way_of: dict[str, str] = {}

    def add(text: str, label: int, way: str) -> None:
        key = f"{way}-{label}-{len(owner)}"
        owner[key], way_of[key] = label, way
        sketches.append(sketch(_article(text), key))

    for number, text in enumerate(bodies):
        others = rng.sample(bodies, 3)
        foreign, third = [body for body in others if body is not text][:2]
        add(text, number, "original")
        for way in WAYS:
            add(way(text, foreign, rng), number, way.__name__)
        add(another_report(text, foreign, third, rng), -1 - number, "another report")
    decided = decide(gather(sketches))
    clusters: dict[str, list[str]] = {}
    for key, dedup in decided.items():
        if dedup.relation != "sameHeadline":
            clusters.setdefault(dedup.cluster_id, []).append(key)
    pairs = [pair for members in clusters.values() for pair in combinations(sorted(members), 2)]
    right = sum(owner[one] == owner[other] for one, other in pairs)
    wrong = Counter(
        " + ".join(sorted((way_of[one], way_of[other]))) for one, other in pairs if owner[one] != owner[other]
    )
    cluster_of = {key: dedup.cluster_id for key, dedup in decided.items() if dedup.relation != "sameHeadline"}
    originals = {owner[key]: key for key in owner if way_of[key] == "original"}
    print(f"duplicates: {len(owner):,} texts, {len(bodies):,} stories")
    print(f"  pairs named alike {len(pairs):,}, precision {right / max(1, len(pairs)):.4f}", dict(wrong))
    hits = total = 0
    for way in WAYS:
        keys = [key for key in owner if way_of[key] == way.__name__]
        found = [
            key
            for key in keys
            if key in cluster_of and cluster_of[key] == cluster_of.get(originals[owner[key]])
        ]
        relations = Counter(decided[key].relation for key in found)
        hits, total = hits + len(found), total + len(keys)
        print(f"  {way.__name__:14} recall {len(found) / len(keys):.4f}  {dict(relations)}")
    print(f"  all            recall {hits / total:.4f}")


def _article(text: str, url: str | None = None) -> Article:
    return clean(text, url=url, settings=PLAIN)


# --- headlines --------------------------------------------------------------------------------


def headlines(bench: Path) -> None:
    """Lines that extractors left of each page, against the headlines of all others: pages of many sites
    hardly promote each other, so what is found is wrong. And against the lines of others: a harder test."""
    found: dict[str, tuple[str, set[tuple[str, int]]]] = {}
    for name in labelled.SETS:
        for extractor in ("trafilatura", "newspaper4k", "readability"):
            for gold, page in labelled.rows(bench, name, extractor):
                _, known_lines = found.setdefault(gold["id"], (gold.get("title") or "", set()))
                known_lines.update(zip(page.texts, page.labels, strict=True))
    titles = known.Titles(known.own_titles(Known(title, name) for name, (title, _) in found.items() if title))
    stray = [
        (name, text)
        for name, (_, texts) in found.items()
        for text, label in texts
        if label == labelled.ARTICLE and known.may_be_headline(text)
    ]
    wrong = sum(bool(titles.find(text, known.wordings(found[name][0]))) for name, text in stray)
    others = known.Titles(known.own_titles(Known(text, name) for name, text in stray))
    matches = [(name, others.find(text)) for name, text in stray]
    met = Counter(match[0] for name, match in matches if match and match[1].id != name)
    print(f"headlines: {len(found):,} pages, {len(stray):,} lines of stories that look like a headline")
    print(f"  that another page's headline explains: {wrong}; another page's line: {dict(met)} by confidence")


# --- templates --------------------------------------------------------------------------------

SITES = 12
PEOPLE = ("Marta Ellerquist", "Owen Tarbet", "Lena Fossgard", "Piet Aldous", "Ida Brandt", "Jo Merrin")
MONTHS = ("January", "March", "May", "July", "August", "October")
PLANTED = (
    ("tail", 1.0, "{paper} readers choose the pie of the week"),
    ("tail", 0.5, "{paper} desk {n} is staffed around the clock"),
    ("head", 0.3, "The {paper} of the valley, {n} pages"),
    ("tail", 0.3, "Ring {name} on the late desk with what you know"),
    ("middle", 0.4, "From the {paper} vaults"),
    ("head", 0.3, "The valley as it was on {n} {month}"),
    ("tail", 0.12, "Pies are from the {paper} kitchen"),
)
"""Lines of a site's template: where they stand, on what share of its pages, and how they vary."""
DECOYS = (
    ("middle", 0.5, "“We will not be moved,” they said"),
    ("middle", 0.4, "• Bring a coat and a lamp"),
    ("middle", 0.4, "and then the lamps went out,"),
)
"""Lines that recur and are the story's."""


def site_templates(bodies: list[str]) -> None:
    """Learn from sites whose templates are known, and let the rules look at pages not seen before."""
    rng = random.Random(SEED)
    found = planted = false = decoys = kept = total = sure = 0
    for site in range(SITES):
        host, paper = f"site{site}.example", f"{PEOPLE[site % 6].split()[1]} Post"
        mine = bodies[site::SITES]
        half = 2 * len(mine) // 3
        learned = templates.decide(templates.observe(_page(text, host, paper, rng) for text in mine[:half]))
        lines = {example.text for proposal in learned for example in proposal.examples}
        fixed = [_words_of(template) for _, _, template in PLANTED]
        is_planted = {line: any(all(word in line for word in words) for words in fixed) for line in lines}
        decoys += sum(any(line == decoy for _, _, decoy in DECOYS) for line in lines)
        false += sum(not any(is_planted[e.text] for e in proposal.examples) for proposal in learned)
        sure += sum(proposal.is_sure for proposal in learned)
        rules = "\n".join(proposal.toml for proposal in learned)
        own = replace(LOOKING, rules=(RuleFile(f"sites/{host}.toml", rules),) if rules else ())
        for _, _, template in PLANTED:
            around: list[str] = _paragraphs(mine[half])
            line = _filled(template, paper, rng)
            place = (
                len(around)
                if template.startswith(("Ring", "{", "Pies"))
                else 0
                if "valley" in template
                else 3
            )
            page = "\n\n".join([*around[:place], line, *around[place:]])
            planted += 1
            found += line not in clean(page, url=f"https://{host}/", settings=own).text.split("\n\n")
        for body in mine[half:]:
            total += 1
            same = [clean(body, url=f"https://{host}/", settings=how).text for how in (LOOKING, own)]
            kept += same[0] == same[1]
    print(f"templates: {SITES} sites, {planted} lines planted, recall {found / planted:.4f}")
    print(
        f"  false proposals {false} ({decoys} of lines that are the story's), {sure} sure enough for --auto"
    )
    print(f"  pages without template lines that stay as they are under the rules: {kept} of {total}")


def _words_of(template: str) -> list[str]:
    return [word for word in template.split() if "{" not in word]


def _filled(template: str, paper: str, rng: random.Random) -> str:
    return template.format(
        paper=paper, n=rng.randrange(2, 3000), name=rng.choice(PEOPLE), month=rng.choice(MONTHS)
    )


def _page(text: str, host: str, paper: str, rng: random.Random) -> Article:
    paragraphs = _paragraphs(text)
    for place, share, template in (*PLANTED, *DECOYS):
        if rng.random() < share:
            at = {"head": 0, "tail": len(paragraphs), "middle": min(3, len(paragraphs))}[place]
            paragraphs.insert(at, _filled(template, paper, rng))
    return clean("\n\n".join(paragraphs), url=f"https://{host}/{rng.random()}", settings=LOOKING)


# --- cost -------------------------------------------------------------------------------------


def generated(count: int) -> Iterator[Source]:
    """Documents of words as a language draws them, of 200 sites; one in ten is an earlier one, edited."""
    rng = random.Random(SEED)
    vocabulary = ["".join(rng.choices("abcdefghiklmnoprstuw", k=rng.randint(2, 9))) for _ in range(20_000)]
    weights = [1 / (rank + 3) for rank in range(len(vocabulary))]
    recent: list[list[str]] = []
    for number in range(count):
        if recent and number % 10 == 9:
            words = list(rng.choice(recent))
            for _ in range(20):
                words[rng.randrange(len(words))] = "edited"
        else:
            words = rng.choices(vocabulary, weights, k=800)
            recent = [*recent[-500:], words]
        paragraphs = [" ".join(words[at : at + 50]).capitalize() + "." for at in range(0, 800, 50)]
        site = number % 200
        lines = [
            *paragraphs,
            f"Readers of paper {vocabulary[site]} choose the pies",
            f"Number {number} of the wire",
        ]
        yield Source("\n\n".join(lines), id=f"made-{number}", url=f"https://site{site}.example/{number}")


def cost(count: int) -> None:

    spent = {"clean": 0.0, "learn": 0.0, "sketch": 0.0, "decide": 0.0}
    sketches = Sketches()
    learned: templates.Stats = {}
    batch: list[Article] = []
    before = _megabytes()
    for source in generated(count):
        started = time.process_time()
        batch.append(clean_source(source))
        spent["clean"] += time.process_time() - started
        if len(batch) == 256:
            learned = _observe(batch, learned, sketches, spent)
            batch = []
    learned = _observe(batch, learned, sketches, spent)
    started = time.process_time()
    proposals = templates.decide(learned)
    spent["learn"] += time.process_time() - started
    started = time.process_time()
    decided = decide(sketches)
    spent["decide"] = time.process_time() - started
    ratios = ", ".join(f"{name} {seconds / spent['clean']:.2f}" for name, seconds in spent.items())
    print(
        f"{count:,} documents: {spent['clean'] / count * 1e6:.0f} us to clean one; ratios to that: {ratios}"
    )
    print(
        f"  memory at the peak {_megabytes():.0f} MB ({before:.0f} before), {len(decided):,} in clusters,",
        end=" ",
    )
    print(f"{len(proposals)} templates proposed")


def _observe(
    batch: list[Article], learned: templates.Stats, sketches: Sketches, spent: dict[str, float]
) -> templates.Stats:

    started = time.process_time()
    learned = templates.merge(learned, templates.observe(batch))
    between = time.process_time()
    for article in batch:
        sketches.add(sketch(article))
    spent["learn"] += between - started
    spent["sketch"] += time.process_time() - between
    return learned


# --- a whole run ------------------------------------------------------------------------------


def whole(count: int, sites: int, workers: Sequence[int]) -> None:
    """Learn, clean again and find duplicates; the same articles must come out for any workers and order."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = [json.dumps(record) for record in _records(count, sites)]
        digests = set()
        for source in generated(50):  # what is made once only is made before
            clean_source(source, PLAIN)
        for place, number in enumerate(workers):
            if place and place == len(workers) - 1:
                random.Random(SEED).shuffle(lines)
            (folder / "in.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
            if not place:
                del lines[:]  # what a run takes is to be seen
            digests.add(_whole(folder, count, number))
            lines = (folder / "in.jsonl").read_text(encoding="utf-8").strip().split("\n")
    same = "the same articles" if len(digests) == 1 else "DIFFERENT ARTICLES"
    print(f"  {same} for {', '.join(map(str, workers))} workers, the last in another order")


def _whole(folder: Path, count: int, workers: int) -> str:
    """One run; gives a hash of the articles, their order aside."""
    spent: dict[str, float] = {}

    def timed(phase: str, work: Callable[[], T]) -> T:
        before = sum(os.times()[:4])
        done = work()
        spent[phase] = sum(os.times()[:4]) - before
        return done

    inputs = files.find([str(folder / "in.jsonl")])
    timed("clean", lambda: _written(folder / "plain.jsonl", files.entries(inputs), PLAIN, workers))
    proposals = timed("learn", lambda: _learned(inputs, workers))
    sure: dict[str, list[str]] = {}
    for proposal in proposals:
        if proposal.is_sure:
            sure.setdefault(proposal.rule.file, []).append(proposal.toml)
    rules = tuple(RuleFile(name, "\n".join(texts)) for name, texts in sorted(sure.items()))
    how = Settings(language=False, rules=rules)
    timed("clean again", lambda: _written(folder / "plain.jsonl", files.entries(inputs), how, workers))
    name = "the same with headlines and duplicates"
    found = timed(name, lambda: _together(folder, inputs, how, workers))
    ratios = ", ".join(f"{phase} {seconds / spent['clean']:.2f}" for phase, seconds in spent.items())
    dedup = (spent[name] - spent["clean again"]) / spent["clean"]
    print(
        f"{count:,} documents, {workers} workers: {spent['clean'] / count * 1e6:.0f} us to clean one; "
        f"ratios to that: {ratios}, which is {dedup:.2f} more"
    )
    print(
        f"  {len(rules)} sites with rules, {len(found.settings):,} articles with headlines of others, "
        f"{len(found.dedup):,} in clusters; {_megabytes():.0f} MB at the peak"
    )
    digest = 0
    with (folder / "out.jsonl").open("rb") as file:
        for line in file:
            digest += int.from_bytes(hashlib.sha256(line).digest())
    return f"{digest:x}"


def _learned(inputs: Sequence[files.Input], workers: int) -> Sequence[templates.Proposal]:
    """As `copydesk learn` does it."""
    marks = learning.chosen(files.entries(inputs), PLAIN)
    entries = learning.among(files.entries(inputs), marks)
    return templates.decide(learning.observe(entries, PLAIN, "", workers))


def _together(folder: Path, inputs: Sequence[files.Input], how: Settings, workers: int) -> learning.Survey:
    """As `copydesk clean --archive FILE --dedup annotate` does it."""
    with Archive(folder / f"{workers}.sqlite") as archive, Spool(folder) as spool, runs.Pool(workers) as pool:
        found = learning.survey(files.entries(inputs), how, archive, pool, spool=spool)
        entries = learning.annotated(files.entries(inputs), found, "annotate", spool)
        _written(folder / "out.jsonl", entries, how, pool)
    return found


def _written(path: Path, entries: Iterable[files.Entry], how: Settings, workers: int | runs.Pool) -> None:
    with outputs.OneFile(path, "jsonl", None) as sink:
        for _ in runs.run(entries, how, sink, outputs.Quarantine(None), workers):
            pass


def _records(count: int, sites: int) -> Iterator[dict[str, str]]:
    """Documents of a site's template, some with another's headline between paragraphs, some copies."""
    rng = random.Random(SEED)
    vocabulary = ["".join(rng.choices("abcdefghiklmnoprstuw", k=rng.randint(2, 9))) for _ in range(20_000)]
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(vocabulary))))
    titles = [" ".join(rng.choices(vocabulary, cum_weights=weights, k=8)).capitalize() for _ in range(count)]
    recent: list[list[str]] = []
    for number in range(count):
        if number % 10 == 9:
            paragraphs = [*rng.choice(recent)[:-1], f"Edited in the office of number {number}, it was said."]
        else:
            words = rng.choices(vocabulary, cum_weights=weights, k=300)
            paragraphs = [" ".join(words[at : at + 50]).capitalize() + "." for at in range(0, 300, 50)]
            recent = [*recent[-500:], paragraphs]
        paper = vocabulary[number % sites].capitalize()
        stray = [titles[(number + 7) % count]] if number % 20 == 3 else []
        lines = [*paragraphs[:3], *stray, *paragraphs[3:], f"Readers of the {paper} choose the pies"]
        yield {
            "id": f"made-{number}",
            "url": f"https://site{number % sites}.example/{number}",
            "title": titles[number],
            "text": "\n\n".join(lines),
        }


def _megabytes() -> float:
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("bench", type=Path)
    parser.add_argument("--documents", type=int, nargs="*", default=[])
    parser.add_argument("--whole", type=int, default=0)
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2, 8])
    arguments = parser.parse_args()
    if not (arguments.bench / "pages").is_dir():
        raise SystemExit(
            f"{arguments.bench}: no pages/ there; the benchmark needs texts that lie beside the project"
        )
    if not (arguments.documents or arguments.whole):
        bodies = texts(arguments.bench)
        duplicates(bodies)
        site_templates(bodies)
        headlines(arguments.bench)
    for count in arguments.documents:
        cost(count)
    if arguments.whole:
        whole(arguments.whole, arguments.sites, arguments.workers)


if __name__ == "__main__":
    main()
