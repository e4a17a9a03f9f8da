"""Known headlines: a line that is another article's headline goes, whatever came first."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cleaners import ConfigError, Settings, Source, clean, clean_many, evidence
from cleaners.archive import Archive
from cleaners.article import Article
from cleaners.duplicates import Sketch, sketch
from cleaners.known import Printed, decide, merge, observe, printed
from cleaners.settings import Known
from tests.samples import SHARED
from tests.test_corpus_templates import story

FERRY = "Ferry crews walk out as Port Callan talks collapse"
PIES = "Town council judges the county's best pies"
PLAIN = Settings(language=False, without=frozenset(evidence.RULES))
KNOWN = Settings(
    language=False,
    without=frozenset(evidence.RULES),
    headlines=(Known(FERRY, "wire/1"), Known(PIES, "wire/2")),
)


def cleaned(number: int, stray: Sequence[str] = (), title: str = "", how: Settings = KNOWN) -> Article:
    first, second, third = story(number)
    text = "\n\n".join([first, second, *stray, third])
    source = Source(text, id=f"id/{number}", given={"title": title} if title else {})
    return next(iter(clean_many([source], how)))


def reasons(article: Article) -> list[str]:
    return [change.reason for change in article.changes if "promo/known-headline" in change.rules]


def test_another_article_s_headline_goes_and_the_reason_names_that_article() -> None:
    article = cleaned(1, [FERRY])
    assert article.text == "\n\n".join(story(1))
    assert reasons(article) == [f"the headline of another article: “{FERRY}” (wire/1)"]


@pytest.mark.parametrize(
    "line",
    [
        FERRY.upper(),
        f"{FERRY} | Callan Examiner",
        f"Harbour strike: {FERRY}",
        "Ferry crews walk out after Port Callan talks collapse",
        "Ferry crews walk out as talks collapse in Port Call…",
        "Ferry crews walk out as Port Cal…",
        "Now ferry crews walk out as Port Callan talks collapse",
    ],
)
def test_nearly_the_headline_is_the_headline(line: str) -> None:
    is_other = "in Port Call" in line
    assert bool(reasons(cleaned(1, [line]))) is not is_other


@pytest.mark.parametrize(
    "line",
    [
        f"{FERRY}.",
        f"“{FERRY},” the paper wrote on its front page that night.",
        "Ferry crews walk out",
        "Ferry crews walk home after long Port Callan talks",
        f"• {FERRY}",
    ],
)
def test_what_only_has_its_words_stays(line: str) -> None:
    article = cleaned(1, [line])
    assert line in article.text
    assert not reasons(article)


def test_a_question_goes_only_where_it_is_the_headline_word_for_word() -> None:
    how = Settings(headlines=(Known("Will the ferries of Callan Sound run again?"),))
    assert reasons(cleaned(1, ["Will the ferries of Callan Sound run again?"], how=how))
    assert not reasons(cleaned(1, ["Will the ferries of Callan Sound run today?"], how=how))


def test_an_article_s_own_headline_is_its_headline() -> None:
    article = cleaned(1, [FERRY], title=FERRY)
    assert not reasons(article)
    assert article.headline == FERRY


def test_above_a_story_without_a_headline_a_line_may_be_its_own() -> None:
    text = "\n\n".join([FERRY, *story(1)])
    assert not reasons(clean(text, settings=KNOWN))


def test_a_review_of_many_articles_keeps_their_headlines() -> None:
    titles = [
        f"The {word} of Port Callan opens again after years"
        for word in ("quay", "mill", "weir", "fair", "pool", "lido", "zoo")
    ]
    lines = [line for n, title in enumerate(titles) for line in (title, story(n)[0])]
    text = "\n\n".join([story(70)[0], *lines])
    how = Settings(headlines=tuple(Known(title, title[4:8]) for title in titles))
    article = clean(text, settings=how)
    assert article.text == text
    assert len(article.review) >= len(titles)


def test_an_article_is_cleaned_alike_whatever_else_is_known() -> None:
    assert cleaned(1, [PIES]).text == cleaned(1, [PIES], how=Settings(headlines=(Known(PIES),))).text
    assert cleaned(1, how=PLAIN).provenance.settings != cleaned(1).provenance.settings


# --- many documents ------------------------------------------------------------------------------


ARTICLES = [
    cleaned(1, [FERRY, "Key points of the plan for it all"], PIES, PLAIN),
    cleaned(2, [PIES], FERRY, PLAIN),
    cleaned(3, ["Town council judges the best pies"], "Lamps go out in the old lighthouse", PLAIN),
    *(
        cleaned(n, ["Five things to know this morning"], "Five things to know this morning", PLAIN)
        for n in range(4, 20)
    ),
    cleaned(21, ["Five things to know this morning"], "Weir holds after a night of rain", PLAIN),
]
WHOLE = (Known(FERRY, "id/2"), Known(PIES, "id/1"))


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10_000), size=st.integers(1, 9))
def test_any_order_and_grouping_gives_the_same_known_headlines(seed: int, size: int) -> None:
    mixed = random.Random(seed).sample(ARTICLES, len(ARTICLES))
    parts = [observe(mixed[at : at + size]) for at in range(0, len(mixed), size)]
    while len(parts) > 1:
        parts.append(merge(parts.pop(0), parts.pop(0)))
    assert decide(parts[0]) == WHOLE


@pytest.mark.parametrize("seed", range(3))
def test_the_archive_knows_the_same_in_any_order(seed: int, tmp_path: Path) -> None:
    mixed = random.Random(seed).sample(ARTICLES, len(ARTICLES))
    with Archive(tmp_path / "a.sqlite") as archive:
        for at in range(0, len(mixed), 5):
            archive.add([(printed(article), sketch(article)) for article in mixed[at : at + 5]])
        assert archive.known() == WHOLE
        assert archive.explained() == {"id/1": (WHOLE[0],), "id/2": (WHOLE[1],)}
        assert len(list(archive.sketches(["id/1"]))) == len(ARTICLES) - 1


def test_a_later_headline_finds_the_earlier_article(tmp_path: Path) -> None:
    with Archive(tmp_path / "a.sqlite") as archive:
        archive.add([(printed(ARTICLES[0]), sketch(ARTICLES[0]))])
        assert archive.explained() == {}
        archive.add([(printed(ARTICLES[1]), sketch(ARTICLES[1]))])
        assert archive.explained()["id/1"] == (Known(FERRY, "id/2"),)


@pytest.mark.parametrize("seed", range(3))
def test_the_archive_keeps_the_latest_by_date_whenever_they_came(seed: int, tmp_path: Path) -> None:
    dated = [Printed(f"id/{n}", (), ()) for n in range(20)]
    order = random.Random(seed).sample(range(20), 20)
    with Archive(tmp_path / "a.sqlite", most=5) as archive:
        for n in order:
            day = 738_000 + n // 3
            archive.add([(dated[n], Sketch(dated[n].id, dated[n].id, bytes([n] * 12), 9, b"", b"", day))])
        assert [one.id for one in archive.sketches()] == ["id/15", "id/16", "id/17", "id/18", "id/19"]


def test_a_file_that_is_no_archive_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.sqlite").write_bytes(b"no database at all, by any means" * 100)
    with pytest.raises(ConfigError, match=r"a\.sqlite: not an archive"):
        Archive(tmp_path / "a.sqlite")


_WRITER = """
import sys
from pathlib import Path
from cleaners import Source, clean_many
from cleaners.archive import Archive
from cleaners.duplicates import Sketch, sketch
from cleaners.known import printed
name, batches = sys.argv[2], int(sys.argv[3])
with Archive(Path(sys.argv[1])) as archive:
    for batch in range(batches):
        sources = [Source(f"Pie number {n} of {batch} is sold.", id=f"{name}/{batch}/{n}") for n in range(10)]
        archive.add([(printed(article), sketch(article)) for article in clean_many(sources)])
        print(batch, flush=True)
"""


def _start(path: Path, name: str, batches: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", _WRITER, str(path), name, str(batches)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_runs_at_the_same_time_share_an_archive_and_a_killed_one_leaves_whole_batches(tmp_path: Path) -> None:
    path = tmp_path / "a.sqlite"
    killed, *others = [_start(path, "killed", 10_000), _start(path, "one", 15), _start(path, "two", 15)]
    assert killed.stdout
    for _ in range(3):
        killed.stdout.readline()
    killed.kill()
    assert [process.wait() for process in others] == [0, 0]
    killed.wait()
    for process in (killed, *others):
        process.communicate()
    with Archive(path) as archive:
        assert archive.size() >= 330
        assert archive.size() % 10 == 0


def test_runs_that_make_an_archive_at_the_same_time_wait_for_each_other(tmp_path: Path) -> None:
    at_once = threading.Barrier(6, timeout=30)

    def make(_: int) -> list[int]:
        sizes = []
        for number in range(60):
            at_once.wait()
            with Archive(tmp_path / f"{number}.sqlite") as archive:
                sizes.append(archive.size())
        return sizes

    with ThreadPoolExecutor(6) as threads:
        assert [*threads.map(make, range(6))] == [[0] * 60] * 6


GOLD = SHARED / "seeds" / "002_dbf3b069f5108f88.txt"


@pytest.mark.skipif(
    not GOLD.exists(), reason="the real seeds lie beside the project, and are not at hand here"
)
def test_the_three_promo_headlines_of_a_real_article_are_named(tmp_path: Path) -> None:
    lines = GOLD.read_text(encoding="utf-8").split("\n")
    titles = [lines[number - 1].strip() for number in (64, 70, 80)]
    seed = next(iter(clean_many([Source(GOLD.read_bytes(), id="seed")], PLAIN)))
    others = [cleaned(50 + n, title=title, how=PLAIN) for n, title in enumerate(titles)]
    with Archive(tmp_path / "a.sqlite") as archive:
        archive.add([(printed(article), sketch(article)) for article in (seed, *others)])
        how = Settings(headlines=archive.known())
    article = clean(GOLD.read_bytes(), settings=how)
    assert not set(titles) & set(article.text.split("\n"))
    for n, title in enumerate(titles):
        assert any(title in reason and f"(id/{50 + n})" in reason for reason in reasons(article))
    plain = clean(GOLD.read_bytes())
    assert [line for line in plain.text.split("\n") if line.strip() not in titles and line] == [
        line for line in article.text.split("\n") if line
    ]
