"""Learn the weights of cleaners/evidence.json from labelled lines beside the project and from invented texts.

    python benchmarks/train_evidence.py PATH_TO_BENCH [--folds FOLDER] [--output FILE]

Needs the extra `train`. The same bench, versions and seed give the same file. Pages that `field/` holds
are left out, and those whose reference is probably cut short. With `--folds` also one model for each
quarter of the sites, learned from the others: what lift.py judges with.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit
from zlib import crc32

import lightgbm
import msgspec
import numpy as np
import voices
from forms import forms
from lines import ARTICLE, SETS, Page, rows
from markup import read_pages
from perturb import perturbed
from planted import planted
from spoken import spoken

from cleaners import Settings, surroundings
from cleaners.evidence import CLEARLY_STORY, ENOUGH, LEAST_RISK, Model, first_looks, second_looks, voices_of
from cleaners.forest import Curve, Forest
from cleaners.model import Document, Edit, apply
from cleaners.pipeline import DEFAULT, build
from cleaners.read import Source, read
from cleaners.signs import NAMES, Sight
from cleaners.voice import Voice

FOLDS = 4
MISSING = 0.03
"""Share of a page's text that its reference may lack."""
STRICT = ("trafilatura", "readability", "resiliparse", "newspaper4k", "goose3", "justext")
"""Extractors whose output is like what is cleaned; the curve of risks is what they leave of news."""
NEWS = ("news_2023", "fundus")
SHARES = dict.fromkeys(STRICT, 1) | {"boilerpy3": 1, "bs4_p": 2, "html_text": 4, "bs4": 6}
LARGEST = "wcxb_articles"
"""Of this set's pages one in SHARES is used, and the lines of an extractor count so much less."""
FORMS = "forms"
WEIGHT_OF_SET = {"wcxb_articles": 0.8, "news_2023": 1.5, "fundus": 1.5, FORMS: 4.0}
WEIGHT_OF = {"natural": 1.0, "unruled": 0.25, "perturbed": 0.3, "planted": 0.5}
"""Of what was done to a page."""
PLANTINGS = 4
"""How often invented lines are put among those of a page."""
UNKNOWN = 0.5
"""Share of the different lines of a site that no rule knows when its pages come a second time: the rules were
written with these pages in view, and know less of others."""
WEIGHT_OF_HEARD, FEWEST_WORDS_HEARD = {LARGEST: 0.3 * voices.WEIGHT_OF_LINE, FORMS: 1.0}, 4
"""In what the voice is learned from: how much their lines count, and how long lines are."""
FEWEST_LINES = 3
"""Of the article, on a page among whose lines others are put."""
FULL_WEIGHT = 40
"""Lines of a page that count fully; of more each counts less."""
PARAMETERS: dict[str, Any] = {
    "objective": "binary",
    "learning_rate": 0.15,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.5,
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 5,
    "max_bin": 127,
    "num_threads": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbosity": -1,
}
CLEANERS = [c for c in build(Settings(language=False)) if c.__module__ != "cleaners.evidence"]


class Kind(NamedTuple):
    """Of forest."""

    trees: int
    leaves: int
    seeds: Sequence[int]
    """Forests are learned with each, and their mean is taken."""


FIRST, SECOND = Kind(45, 24, range(109, 113)), Kind(40, 8, range(109, 115))


class Sample(NamedTuple):
    """One page as one extractor left it, cleaned as far as the rules go."""

    page: str
    set: str
    extractor: str
    site: str
    how: Literal["natural", "unruled", "perturbed", "planted"]
    doc: Document
    labels: list[int]

    @property
    def is_precise(self) -> bool:
        """Like what is cleaned: in its own shape, by an extractor that leaves little else, or a form."""
        return self.how in ("natural", "unruled") and self.extractor in (*STRICT, FORMS)


class Table(NamedTuple):
    """What the model sees of the open blocks, one a row: of paragraphs too that will never be judged."""

    signs: Any
    sample: Any
    """Number of the sample each row is of."""
    block: Any
    label: Any
    words: Any
    open_words: list[list[int]]
    """Words of each open block of each sample."""
    sights: list[Sight]


def site_of(url: str) -> str:
    """The registered name of a page's host, roughly: outlets have many hosts."""
    parts = (urlsplit(url).hostname or url).removeprefix("www.").split(".")
    is_country = len(parts) > 2 and len(parts[-1]) == 2 and len(parts[-2]) <= 3
    return ".".join(parts[-3:] if is_country else parts[-2:])


def fold_of(site: str) -> int:
    """Of a site, or of an invented line: what is said on a site's pages is learned with it, or not at all."""
    return int(hashlib.sha256(site.encode()).hexdigest(), 16) % FOLDS


def ruled(lines: Sequence[str], unknown_of: str | None = None) -> Document | None:
    """The lines after all cleaners but this judgement; None where a line is not one block. Of a site that is
    named a share of the furniture stays unknown."""
    doc = read(Source("\n\n".join(lines)))
    if len(doc.blocks) != len(lines):
        return None
    for cleaner in CLEANERS:
        edits = tuple(cleaner(doc))
        if unknown_of is not None:
            edits = tuple(edit for edit in edits if not _is_unknown(doc, edit, unknown_of))
        doc = apply(doc, edits, DEFAULT.bar)
    return doc


def _is_unknown(doc: Document, edit: Edit, site: str) -> bool:
    """Whether a line stays that a rule took out; each time that the site prints it."""
    line = f"{site} {doc.blocks[edit.block].text}".encode("utf-8", "ignore")
    return edit.role == "boilerplate" and crc32(line) % 1000 < 1000 * UNKNOWN


def samples(bench: Path) -> Iterator[Sample]:
    """All that is learned from: pages, and some that were put out of shape."""
    markup = {name: read_pages(bench, name) for name in SETS}
    said = said_in()
    for extractor, share in SHARES.items():
        for name in SETS:
            pages = list(rows(bench, name, extractor))
            markups, common = markup[name]
            titles: dict[str, list[str]] = {}
            for gold, _ in pages:
                if gold.get("title"):
                    titles.setdefault(str(gold.get("lang")), []).append(" ".join(gold["title"].split()))
            for gold, page in pages:
                chance = random.Random(f"{gold['id']} {extractor}")
                is_cut_short = (gold.get("gold_missing") or 0) > MISSING
                if page.texts and not is_cut_short and not (name == LARGEST and chance.randrange(share)):
                    others = titles.get(str(gold.get("lang")), [])
                    right = markups[gold["id"]].corrected(page.texts, page.labels, common[gold["id"]])
                    page = Page(page.texts, right)
                    yield from _samples(gold, page, name, extractor, others, chance)
                    if name in NEWS and extractor in STRICT and page.labels.count(ARTICLE) >= FEWEST_LINES:
                        lang, fold = str(gold.get("lang"))[:2], fold_of(_site(gold))
                        yield from _planted(gold, page, name, extractor, said.get((lang, fold), {}))
    for form in forms():
        if doc := ruled(form.texts):
            yield Sample(form.name, FORMS, FORMS, form.name, "natural", doc, form.labels)


def _samples(
    gold: dict[str, Any], page: Page, name: str, extractor: str, titles: list[str], chance: random.Random
) -> Iterator[Sample]:
    about = (gold["id"], name, extractor, _site(gold))
    if doc := ruled(page.texts):
        yield Sample(*about, "natural", doc, page.labels)
        unruled = ruled(page.texts, unknown_of=about[-1])
        if unruled and [block.role for block in unruled.blocks] != [block.role for block in doc.blocks]:
            yield Sample(*about, "unruled", unruled, page.labels)
    if extractor in STRICT:
        for texts, labels in perturbed(page.texts, page.labels, titles, chance):
            if doc := ruled(texts):
                yield Sample(*about, "perturbed", doc, labels)


def _planted(
    gold: dict[str, Any], page: Page, name: str, extractor: str, said: Mapping[str, Sequence[str]]
) -> Iterator[Sample]:
    for number in range(PLANTINGS if said else 0):
        chance = random.Random(f"{gold['id']} {extractor} {number}")
        texts, labels = planted(page.texts, page.labels, said, chance)
        if doc := ruled(texts):
            yield Sample(gold["id"], name, extractor, _site(gold), "planted", doc, labels)


def _site(gold: dict[str, Any]) -> str:
    return site_of(gold.get("url") or gold["id"])


def said_in() -> dict[tuple[str, int], dict[str, list[str]]]:
    """The invented lines by language and fold, and each of these by kind."""
    said: dict[tuple[str, int], dict[str, list[str]]] = {}
    for language, kind, text in spoken():
        said.setdefault((language, fold_of(text)), {}).setdefault(kind, []).append(text)
    return said


def tabulate(every: Sequence[Sample]) -> Table:
    signs, facts = [], []
    open_words = []
    sights = []
    for number, sample in enumerate(every):
        sight = Sight(sample.doc, DEFAULT.bar)
        sights.append(sight)
        open_words.append([sight.words[index] for index in sight.open])
        for index in sight.open:
            label = sample.labels[index]
            if label >= 0:
                signs.append(sight.look(index))
                facts.append((number, index, label, sight.words[index]))
    columns = np.array(facts).T
    sample, block, label, words = columns
    return Table(np.array(signs, dtype=np.float32), sample, block, label, words, open_words, sights)


def weights(every: Sequence[Sample], rows_: Table | Doubts) -> Any:
    """Long pages count little more than short ones; a lost paragraph counts more than a lost line."""
    lines = np.bincount(rows_.sample, minlength=len(every))
    of_sample = np.array(
        [
            WEIGHT_OF_SET[s.set]
            / SHARES.get(s.extractor, 1)
            * WEIGHT_OF[s.how]
            * (FULL_WEIGHT / max(FULL_WEIGHT, n)) ** 0.5
            for s, n in zip(every, lines, strict=True)
        ]
    )
    of_line = np.where(rows_.label == ARTICLE, 0.6 + np.minimum(2.0, np.sqrt(rows_.words / 20)), 1.0)
    return of_sample[rows_.sample] * of_line


def forest(signs: Any, target: Any, weight: Any, names: Sequence[str], kind: Kind) -> Forest:
    """Boosted trees as the judgement reads them: the mean of some that differ in nothing but chance, for one
    forest alone takes out three points more or less than the next. Their trees take turns."""
    dataset = lightgbm.Dataset(signs, target, weight=weight)
    parameters = PARAMETERS | {"num_leaves": kind.leaves}
    drawn = [flat(lightgbm.train(parameters | {"seed": seed}, dataset, kind.trees)) for seed in kind.seeds]
    trees = [_part_of(tree, len(drawn)) for in_turn in zip(*drawn, strict=True) for tree in in_turn]
    return msgspec.convert({"signs": names, "trees": trees, "enough": None}, Forest)


def _part_of(tree: list[list[float]], count: int) -> list[list[float]]:
    """A tree whose leaves count only a part."""
    signs, limits, branches, means = tree
    shared = [
        round(limit / count, 4) if sign < 0 else limit for sign, limit in zip(signs, limits, strict=True)
    ]
    return [signs, shared, branches, [round(mean / count, 4) for mean in means]]


class Learned(NamedTuple):
    """The model, what models of other sites say of the lines that are judged, and these models."""

    model: Model
    doubts: Doubts
    scores: Any
    folds: list[Model]


class Doubts(NamedTuple):
    """What a first look leaves to a second one, a judged block a row."""

    values: Any
    """Of `surroundings.NAMES`; zeros where the first look was enough."""
    is_open: Any
    """Whether it was not."""
    sample: Any
    label: Any
    words: Any


def learn(every: Sequence[Sample], table: Table) -> Learned:
    """First looks of all sites, and for each fold those of the others, which show what its lines look like to
    trees that have not seen them: from that the second look is learned, and the curve."""
    fold = [fold_of(sample.site) for sample in every]
    firsts = [first_of(every, table, number) for number in range(FOLDS)]
    doubts = looked_at_twice(every, table, [firsts[number] for number in fold])
    seconds = [second_of(every, doubts, number) for number in range(FOLDS)]
    scores = np.full(len(doubts.sample), CLEARLY_STORY)
    for row in np.flatnonzero(doubts.is_open):
        scores[row] = seconds[fold[doubts.sample[row]]].score(doubts.values[row])
    risks = curve(judged(every, doubts, scores))
    folds = [Model(*first, second, risks) for first, second in zip(firsts, seconds, strict=True)]
    model = Model(*first_of(every, table), second_of(every, doubts), risks)
    return Learned(model, doubts, scores, folds)


def first_of(every: Sequence[Sample], table: Table, without: int | None = None) -> tuple[Forest, Voice]:
    """What is learned of all sites but those of a fold."""
    rest = np.array([fold_of(sample.site) != without for sample in every])[table.sample]
    target, weight = (table.label == ARTICLE)[rest], weights(every, table)[rest]
    trees = forest(table.signs[rest], target, weight, NAMES, FIRST)
    return msgspec.structs.replace(trees, enough=ENOUGH), learn_voice(every, table, without)


def second_of(every: Sequence[Sample], doubts: Doubts, without: int | None = None) -> Forest:
    """What is learned of the doubts about all sites but those of a fold."""
    rest = np.array([fold_of(sample.site) != without for sample in every])[doubts.sample] & doubts.is_open
    target, weight = (doubts.label == ARTICLE)[rest], weights(every, doubts)[rest]
    return forest(doubts.values[rest], target, weight, surroundings.NAMES, SECOND)


def looked_at_twice(every: Sequence[Sample], table: Table, firsts: Sequence[tuple[Forest, Voice]]) -> Doubts:
    """The judged blocks of each sample, as the trees and the voice that are given for it see them."""
    values, facts = [], []
    nothing = [0.0] * len(surroundings.NAMES)
    for number, (sample, sight, (trees, voice)) in enumerate(zip(every, table.sights, firsts, strict=True)):
        voices_ = voices_of(sight, voice)
        first = first_looks(sight, voices_.site, trees)
        second = second_looks(sight, voices_, first)
        for index in first:
            if sample.labels[index] >= 0:
                values.append(second.get(index, nothing))
                facts.append((index in second, number, sample.labels[index], sight.words[index]))
    is_open, sample_, label, words = np.array(facts).T
    return Doubts(np.array(values, dtype=np.float32), is_open.astype(bool), sample_, label, words)


def learn_voice(every: Sequence[Sample], table: Table, without: int | None = None) -> Voice:
    """Who speaks: from the invented examples, and each line of the sites that are not of a fold once."""
    lines: dict[tuple[str, str, bool], voices.Example] = {}
    for number, block, label, words in zip(table.sample, table.block, table.label, table.words, strict=True):
        sample = every[number]
        if sample.is_precise and words >= FEWEST_WORDS_HEARD and fold_of(sample.site) != without:
            text, is_site = sample.doc.blocks[block].text, bool(label != ARTICLE)
            weight = WEIGHT_OF_HEARD.get(sample.set, voices.WEIGHT_OF_LINE)
            example = voices.Example(text, is_site, sample.site, weight)
            lines.setdefault((sample.site, text, is_site), example)
    invented = [line for line in voices.invented() if fold_of(line.text) != without]
    return voices.learn([*invented, *lines.values()])


# --- the curve of risks -----------------------------------------------------------------------

BINS = 600
BANDS = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7)


class Judged(NamedTuple):
    """Lines that precise extractors leave of news, judged by models that have not seen their site; foreign
    ones first."""

    scores: Any
    is_article: Any
    weight: Any
    """Both sets count the same, however many lines they have, and long pages little more than short ones."""
    fold: Any


def judged(every: Sequence[Sample], doubts: Doubts, scores: Any) -> Judged:
    chosen = np.array([s.is_precise and s.set in NEWS for s in every])[doubts.sample]
    sample = doubts.sample[chosen]
    names = np.array([NEWS.index(s.set) if s.set in NEWS else -1 for s in every])[sample]
    weight = 1 / np.sqrt(np.bincount(sample, minlength=len(every))[sample])
    of_set = np.bincount(names, weights=weight, minlength=len(NEWS))
    weight *= len(sample) / len(NEWS) / of_set[names]
    fold = np.array([fold_of(s.site) for s in every])[sample]
    order = np.argsort(scores[chosen], kind="stable")
    is_article = (doubts.label[chosen] == ARTICLE).astype(float)
    return Judged(scores[chosen][order], is_article[order], weight[order], fold[order])


def curve(lines: Judged) -> Curve:
    """Scores, and the share of article among lines that have them: isotonic regression."""
    pooled: list[list[float]] = []
    for rows_ in np.array_split(np.arange(len(lines.scores)), BINS):
        weight = lines.weight[rows_]
        pooled.append(
            [
                float((lines.scores[rows_] * weight).sum()),
                float((lines.is_article[rows_] * weight).sum()),
                float(weight.sum()),
            ]
        )
        while len(pooled) > 1 and pooled[-2][1] / pooled[-2][2] >= pooled[-1][1] / pooled[-1][2]:
            right, left = pooled.pop(), pooled.pop()
            pooled.append([a + b for a, b in zip(left, right, strict=True)])
    points = [(round(at / size, 3), round(max(LEAST_RISK, hit / size), 4)) for at, hit, size in pooled]
    return Curve([at for at, _ in points], [risk for _, risk in points])


def wilson(hits: float, size: float) -> tuple[float, float]:
    """Bounds of a share, 19 times of 20."""
    z, share = 1.96, hits / size
    middle, width = (
        share + z * z / (2 * size),
        z * (share * (1 - share) / size + z * z / (4 * size * size)) ** 0.5,
    )
    return (middle - width) / (1 + z * z / size), (middle + width) / (1 + z * z / size)


def reliability(lines: Judged) -> None:
    """Whether a stated risk is the share of article lines; the curve of each fold is that of the others."""
    risks = np.zeros(len(lines.scores))
    for fold in range(FOLDS):
        here = lines.fold == fold
        known = curve(Judged(*(column[~here] for column in lines)))
        risks[here] = np.interp(lines.scores[here], known.scores, known.risks)
    for low, high in itertools.pairwise(BANDS):
        band = (risks > low) & (risks <= high)
        weight, hits = lines.weight[band], lines.is_article[band]
        if band.any():
            # As many lines as would be as sure if all counted the same.
            size = weight.sum() ** 2 / (weight**2).sum()
            share = (hits * weight).sum() / weight.sum()
            bounds = wilson(share * size, size)
            stated = (risks[band] * weight).sum() / weight.sum()
            print(
                f"risk {low:4.2f} to {high:4.2f}: {band.sum():6} lines, stated {stated:.3f},"
                f" found {share:.3f} ({bounds[0]:.3f} to {bounds[1]:.3f})"
            )


# --- the file ---------------------------------------------------------------------------------


def flat(booster: lightgbm.Booster) -> list[list[list[float]]]:
    """Trees as arrays, branches side by side."""
    return [_flat(tree["tree_structure"]) for tree in booster.dump_model()["tree_info"]]


def _flat(root: dict[str, Any]) -> list[list[float]]:
    signs: list[float] = []
    limits: list[float] = []
    branches: list[float] = []
    means: list[float] = []
    waiting = [root]
    for node in waiting:  # grows as it goes
        if "split_feature" in node:
            signs.append(node["split_feature"])
            limits.append(float(f"{node['threshold']:.5g}"))
            branches.append(len(waiting))
            means.append(round(node["internal_value"], 3))
            waiting += [node["left_child"], node["right_child"]]
        else:
            signs.append(-1)
            limits.append(round(node["leaf_value"], 4))
            branches.append(0)
            means.append(round(node["leaf_value"], 3))
    return [signs, limits, branches, means]


def write(path: Path, model: Model) -> None:
    text = json.dumps(msgspec.to_builtins(model), separators=(",", ":"), ensure_ascii=False)
    path.write_text(text + "\n", encoding="utf-8")


def show(every: Sequence[Sample], table: Table, learned: Learned) -> None:
    """Residue removed and article kept, of what the rules left, by set and risk; sites unseen."""
    doubts, risks = learned.doubts, learned.model.curve
    risk = np.interp(learned.scores, risks.scores, risks.risks)
    for name in SETS:
        chosen = np.array([s.is_precise and s.how == "natural" and s.set == name for s in every])
        foreign = (chosen[table.sample] & (table.label != ARTICLE)).sum()
        words = sum(sum(w) for w, c in zip(table.open_words, chosen, strict=True) if c)
        lines = sum(len(w) for w, c in zip(table.open_words, chosen, strict=True) if c)
        print(name, f"{foreign} lines of residue among {lines} open ones")
        for bar in (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5):
            gone = (risk <= bar) & chosen[doubts.sample]
            own = gone & (doubts.label == ARTICLE)
            lost = own.sum() / (lines - foreign)
            print(
                f"  risk {bar:4.2f}: {(gone & ~own).sum() / foreign:6.1%} out,"
                f" words lost {doubts.words[own].sum() / words:.3%}, lines lost {lost:.3%}"
            )


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("bench", type=Path, help="folder with lines/ and pages/ in it")
    parser.add_argument("--folds", type=Path, help="folder for one model a fold")
    output = Path(__file__).parent.parent / "cleaners" / "evidence.json"
    parser.add_argument("--output", type=Path, default=output)
    arguments = parser.parse_args()
    if not (arguments.bench / "lines").exists():
        print(f"{arguments.bench}/lines: not there; it is no part of the project", file=sys.stderr)
        return 2
    every = list(samples(arguments.bench))
    table = tabulate(every)
    learned = learn(every, table)
    write(arguments.output, learned.model)
    if arguments.folds:
        arguments.folds.mkdir(parents=True, exist_ok=True)
        for number, model in enumerate(learned.folds):
            write(arguments.folds / f"{number}.json", model)
    reliability(judged(every, learned.doubts, learned.scores))
    show(every, table, learned)
    return 0


if __name__ == "__main__":
    sys.exit(main())
