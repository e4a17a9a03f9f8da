"""`copydesk clean --archive --dedup`: what a whole run shows, whatever the order, the workers and the runs before."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from cleaners import Settings, Source, files, outputs, runs
from cleaners.again import clean_again, place
from cleaners.archive import Archive
from cleaners.article import Dedup
from cleaners.cli import run
from cleaners.duplicates import sketch
from cleaners.known import printed
from cleaners.learning import survey
from cleaners.pipeline import clean_and_look, clean_source
from cleaners.spool import Spool
from tests.samples import PROSE, SEEDS
from tests.test_corpus_known import FERRY, PIES
from tests.test_corpus_templates import story


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(name: str, *records: dict[str, Any]) -> None:
    Path(name).write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")


def record(number: int, title: str = "", stray: str = "", size: int = 3) -> dict[str, Any]:
    texts = [*story(number), *story(number + 10), *story(number + 20)][: 3 * size]
    return {
        "id": f"id/{number}",
        "title": title,
        "text": "\n\n".join([*texts[:-1], *[stray][: len(stray)], texts[-1]]),
    }


def articles(name: str) -> dict[str, Any]:
    lines = Path(name).read_text(encoding="utf-8").split("\n")
    return {article["id"]: article for article in map(json.loads, filter(None, lines))}


SIGN = "Sign up for the Callan Examiner tide letter"
FIRST, SECOND = record(1, PIES, FERRY), record(2, FERRY, PIES)


def test_within_one_run_order_decides_nothing() -> None:
    write("one.jsonl", FIRST, SECOND)
    write("other.jsonl", SECOND, FIRST)
    for name in ("one", "other"):
        assert (
            run(["clean", f"{name}.jsonl", "-o", f"{name}.out.jsonl", "--archive", f"{name}.sqlite", "-q"])
            == 0
        )
    one, other = articles("one.out.jsonl"), articles("other.out.jsonl")
    for name in ("id/1", "id/2"):
        assert FERRY not in one[name]["text"]
        assert PIES not in one[name]["text"]
        for article in (one[name], other[name]):
            del article["source"]
        assert one[name] == other[name]


RULES_ALONE = ("--without", "evidence", "--without", "promo/bare-headline")


def cleaned(archive: str, name: str, output: str, *options: str) -> None:
    """Clean an input by rules alone: then nothing but the headline explains the line."""
    command = ["clean", f"{name}.jsonl", "-o", output, "--archive", f"{archive}.sqlite"]
    assert run([*command, *RULES_ALONE, *options]) == 0


PLAIN = record(90, "Weir holds after a night of heavy rain")


def test_a_later_headline_has_the_earlier_article_cleaned_again(capsys: pytest.CaptureFixture[str]) -> None:
    write("early.jsonl", PLAIN, FIRST)
    write("late.jsonl", SECOND)
    cleaned("a", "early", "early.out.jsonl")
    before = articles("early.out.jsonl")
    assert FERRY in before["id/1"]["text"]
    assert "again" not in capsys.readouterr().err
    cleaned("a", "late", "late.out.jsonl")
    assert "1 earlier articles print headlines known now, and cleaned again: id/1" in capsys.readouterr().err
    after = articles("early.out.jsonl")
    assert FERRY not in after["id/1"]["text"]
    assert after["id/90"] == before["id/90"]
    cleaned("a", "early", "early.out.jsonl")
    assert "2 unchanged" in capsys.readouterr().err


@pytest.mark.parametrize("output", ["{}", "{}.jsonl", "{}.jsonl.gz"])
def test_which_run_came_first_decides_nothing(output: str) -> None:
    write("one.jsonl", FIRST, PLAIN)
    write("other.jsonl", SECOND, PLAIN | {"id": "id/91"})
    for archive, order in (("ab", ("one", "other")), ("ba", ("other", "one"))):
        for name in order:
            cleaned(archive, name, output.format(f"{archive}-{name}"))
            cleaned(archive, name, f"{archive}-each", "--format", "json")
    written = [p for p in Path().rglob("*") if p.is_file() and str(p).startswith("ab-")]
    assert len(written) == 6
    for path in written:
        assert path.read_bytes() == Path(str(path).replace("ab-", "ba-")).read_bytes(), path
    assert FERRY not in articles_of(Path("ab-each/one/1.json"))["text"]


def articles_of(path: Path) -> Any:
    return json.loads(path.read_bytes())


def test_an_article_without_others_headlines_is_made_with_the_settings_alone() -> None:
    write("in.jsonl", FIRST, SECOND, PLAIN)
    cleaned("a", "in", "known.jsonl")
    run(["clean", "in.jsonl", "-o", "plain.jsonl", *RULES_ALONE])
    known, plain = articles("known.jsonl"), articles("plain.jsonl")
    assert known["id/90"] == plain["id/90"]
    assert known["id/1"]["provenance"]["settings"] != plain["id/1"]["provenance"]["settings"]


def test_what_it_duplicates_is_kept_when_an_article_is_cleaned_again() -> None:
    write("early.jsonl", FIRST, FIRST | {"id": "copy"})
    write("late.jsonl", SECOND)
    cleaned("a", "early", "early.out.jsonl", "--dedup", "annotate")
    before = articles("early.out.jsonl")["id/1"]
    cleaned("a", "late", "late.out.jsonl")
    after = articles("early.out.jsonl")["id/1"]
    assert before["text"] != after["text"]
    assert before["dedup"] == after["dedup"] is not None


@pytest.mark.parametrize("happened", ["settings", "changed", "gone", "text"])
def test_an_article_that_cannot_be_made_again_is_named(
    happened: str, capsys: pytest.CaptureFixture[str]
) -> None:
    write("early.jsonl", FIRST)
    write("late.jsonl", SECOND)
    output = "early.out.txt" if happened == "text" else "early.out.jsonl"
    cleaned("a", "early", output)
    before = Path(output).read_bytes()
    if happened == "changed":
        write("early.jsonl", FIRST | {"text": "Another."})
    elif happened == "gone":
        Path("early.jsonl").unlink()
    cleaned("a", "late", "late.out.jsonl", *(["--set", "bar=0.91"] if happened == "settings" else []))
    assert "could not be cleaned again where they are: do it: id/1" in capsys.readouterr().err
    assert Path(output).read_bytes() == before
    cleaned("a", "late", "late.out.jsonl")  # with the settings of the early run
    assert (Path(output).read_bytes() != before) is (happened == "settings")


@pytest.mark.parametrize("workers", ["1", "2"])
def test_an_article_is_cleaned_once_unless_what_is_known_concerns_it(
    workers: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("in.jsonl", FIRST, SECOND, PLAIN, *COPIES[1:], {"title": "no text"})
    again = []

    def clean_entry(entry: files.Entry, *how: Any) -> runs.Result:
        again.append(entry.number)
        return cleaning(entry, *how)

    cleaning = runs.clean_entry
    monkeypatch.setattr(runs, "clean_entry", clean_entry)
    monkeypatch.setattr(runs.Pool, "submit", here_and_now)
    monkeypatch.setattr(runs.Pool, "results", lambda pool, job: job)
    options = ["--archive", "a.sqlite", "--dedup", "annotate", "-q", "-j", workers]
    assert run(["clean", "in.jsonl", "-o", "out.jsonl", *options]) == 3
    assert again == [1, 2, 7]  # each prints the other's headline; what failed is tried once more
    assert sum(article["dedup"] is not None for article in articles("out.jsonl").values()) == 3


def here_and_now(pool: runs.Pool, task: Any) -> list[runs.Result]:
    """Work that is done without a worker."""
    return runs._do_batch(*task)


@pytest.mark.parametrize("form", ["json", "jsonl", "text"])
def test_an_article_made_before_its_turn_is_written_as_any_other(form: outputs.Format) -> None:
    write("in.jsonl", FIRST | {"extra": {"a": [1.0, None, "é\u2028"], "b": 10**15}}, *COPIES)
    (entry, *_) = files.entries(files.find(["in.jsonl"]))
    dedup = Dedup(cluster_id="c", relation="near", similarity=0.5, canonical_id="other/“1”")
    plain = runs.clean_entry(entry, Settings(), "jsonl").output
    assert plain
    made = outputs.reencode(outputs.with_dedup(plain.removesuffix(b"\n"), dedup), form)
    assert made == runs.clean_entry(entry._replace(dedup=dedup), Settings(), form).output


def test_inputs_that_change_between_two_looks_are_cleaned_as_they_are_then(here: Path) -> None:
    write("in.jsonl", FIRST, PLAIN, SECOND)
    first, plain, second = files.entries(files.find(["in.jsonl"]))
    with Spool(here / "no" / "folder" / "yet") as spool:
        assert [path.name for path in here.iterdir()] == ["in.jsonl"]  # nothing is left, whoever is killed
        spool.put(first, (b"{}", b""))
        spool.put(plain, (b"{}", b"x"))
        spool.put(second, None)
        assert spool.take(first) == (b"{}", b"")
        assert spool.take(plain._replace(data=b"other")) is None
        assert spool.take(second) is None
        assert spool.take(second) is None


@pytest.mark.parametrize("path", [*SEEDS, *PROSE], ids=lambda path: path.stem)
def test_a_look_shows_what_stands_before_lines_are_judged_by_their_look(path: Path) -> None:
    source = Source(path.read_bytes())
    article, seen = clean_and_look(source)
    assert article == clean_source(source)
    alone = clean_source(source, Settings(without=frozenset({"evidence", "promo/bare-headline"})))
    assert printed(seen) == printed(alone)
    assert sketch(seen) == sketch(alone)


HOW = Settings(without=frozenset({"evidence", "promo/bare-headline"}))


def test_what_a_killed_run_left_behind_is_cleaned_by_the_next() -> None:
    write("early.jsonl", FIRST)
    write("late.jsonl", SECOND)
    write("third.jsonl", PLAIN)
    cleaned("a", "early", "early.out.jsonl")
    with Archive(Path("a.sqlite")) as archive:  # a run that looks at its inputs, and no more
        survey(files.entries(files.find(["late.jsonl"])), HOW, archive)
    assert FERRY in articles("early.out.jsonl")["id/1"]["text"]
    cleaned("a", "third", "third.out.jsonl")
    assert FERRY not in articles("early.out.jsonl")["id/1"]["text"]


def test_of_two_runs_at_the_same_time_the_one_that_ends_last_sees_both() -> None:
    """The first looked at its inputs before the second did, and writes after it ended."""
    write("early.jsonl", FIRST)
    write("late.jsonl", SECOND)
    with Archive(Path("a.sqlite")) as archive:
        seen = survey(files.entries(files.find(["early.jsonl"])), HOW, archive)
        cleaned("a", "late", "late.out.jsonl")
        run(["clean", "early.jsonl", "-o", "early.out.jsonl", *RULES_ALONE])
        assert FERRY in articles("early.out.jsonl")["id/1"]["text"]
        archive.wrote([(place("early.jsonl"), "early.jsonl", place("early.out.jsonl"))], seen.ids)
        assert clean_again(archive, HOW) == (["id/1"], [])
    assert FERRY not in articles("early.out.jsonl")["id/1"]["text"]


def test_what_is_unchanged_stays_so_until_something_new_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    write("in.jsonl", FIRST)
    command = ["clean", "in.jsonl", "-o", "out", "--archive", "a.sqlite", "--dedup", "annotate"]
    run(command)
    capsys.readouterr()
    run(command)
    assert "1 unchanged" in capsys.readouterr().err
    write("in.jsonl", FIRST, SECOND)
    run(command)
    assert "unchanged" not in capsys.readouterr().err


COPIES = [record(1), record(40), record(1) | {"id": "copy"}, record(1, size=2) | {"id": "brief"}]


def test_duplicates_are_annotated_with_what_stands_for_them() -> None:
    write("in.jsonl", *COPIES)
    run(["clean", "in.jsonl", "-o", "out.jsonl", "--dedup", "annotate", "-q"])
    dedup = {name: article["dedup"] for name, article in articles("out.jsonl").items()}
    assert dedup["id/40"] is None
    assert {name: (d["relation"], d["canonicalId"]) for name, d in dedup.items() if d} == {
        "id/1": ("exact", "copy"),
        "copy": ("exact", "copy"),
        "brief": ("contained", "copy"),
    }
    assert len({d["clusterId"] for d in dedup.values() if d}) == 1


def test_equal_texts_alone_are_compared_where_headlines_are_the_same_too() -> None:
    write("in.jsonl", record(1, FERRY), record(40, FERRY), record(1, FERRY) | {"id": "copy"})
    assert run(["clean", "in.jsonl", "-o", "out.jsonl", "--dedup", "annotate", "--exact", "-q"]) == 0
    relations = {name: a["dedup"]["relation"] for name, a in articles("out.jsonl").items() if a["dedup"]}
    assert relations == {"id/1": "exact", "copy": "exact", "id/40": "sameHeadline"}


def test_dropped_duplicates_leave_what_stands_for_them_even_with_one_id() -> None:
    write("in.jsonl", *COPIES, record(1))
    run(["clean", "in.jsonl", "-o", "out.jsonl", "--dedup", "drop", "-q"])
    assert set(articles("out.jsonl")) == {"copy", "id/40"}
    write("in.jsonl", record(1), record(1))
    run(["clean", "in.jsonl", "-o", "out.jsonl", "--dedup", "drop", "-q"])
    assert Path("out.jsonl").read_bytes().count(b"\n") == 1


def test_reported_duplicates_are_listed_and_change_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    write("in.jsonl", *COPIES)
    run(["clean", "in.jsonl", "-o", "plain.jsonl", "-q"])
    run(["clean", "in.jsonl", "-o", "out.jsonl", "--dedup", "report", "-q"])
    assert Path("plain.jsonl").read_bytes() == Path("out.jsonl").read_bytes()
    assert capsys.readouterr().err.split("\n")[:2] == [
        "in.jsonl:1: exact 1.00 copy",
        "in.jsonl:4: contained 1.00 copy",
    ]


def test_one_headline_over_two_texts_is_never_dropped() -> None:
    write("in.jsonl", record(1, FERRY), record(40, FERRY))
    run(["clean", "in.jsonl", "-o", "out.jsonl", "--dedup", "drop", "-q"])
    assert sorted(
        a["dedup"] and a["dedup"]["relation"] for a in articles("out.jsonl").values() if a["dedup"]
    ) == ["sameHeadline"]
    assert len(articles("out.jsonl")) == 2


def test_copies_of_earlier_runs_are_found_in_the_archive() -> None:
    write("early.jsonl", record(1))
    write("late.jsonl", record(1, size=2) | {"id": "brief"})
    run(["clean", "early.jsonl", "-o", "early.out.jsonl", "--archive", "a.sqlite", "-q"])
    run(["clean", "late.jsonl", "-o", "late.out.jsonl", "--archive", "a.sqlite", "--dedup", "annotate", "-q"])
    assert articles("late.out.jsonl")["brief"]["dedup"]["canonicalId"] == "id/1"


def test_any_number_of_workers_and_any_order_gives_the_same_articles() -> None:
    """A run that learns, cleans by what it learned, and finds headlines and duplicates."""
    site = [
        record(n) | {"url": f"https://examiner.example/{n}", "text": "\n\n".join([*story(n), SIGN])}
        for n in range(200, 330)
    ]
    every = [*COPIES, FIRST | {"id": "a"}, SECOND | {"id": "b"}, *site]
    written = []
    for workers in ("1", "2", "8"):
        if workers == "8":
            random.Random(1).shuffle(every)
        write("in.jsonl", *every)
        learning = ["-j", "2"] if workers == "2" else []
        assert run(["learn", "in.jsonl", "--auto", "--into", f"rules{workers}", *learning]) == 0
        options = ["--archive", f"{workers}.sqlite", "--dedup", "annotate", "-q", "-j", workers]
        how = ["--set", f'rules=["rules{workers}"]']
        assert run(["clean", "in.jsonl", "-o", f"{workers}.jsonl", *options, *how]) == 0
        written.append(sorted(Path(f"{workers}.jsonl").read_bytes().split(b"\n")))
        assert (Path(f"rules{workers}/sites/examiner.example.toml")).read_bytes() == (
            Path("rules1/sites/examiner.example.toml").read_bytes()
        )
    assert Path("1.jsonl").read_bytes() == Path("2.jsonl").read_bytes()
    assert written[0] == written[2]
    assert SIGN not in articles("1.jsonl")["id/200"]["text"]


def test_standard_input_is_read_once_only(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["clean", "-", "--dedup", "drop"]) == 2
    assert "standard input" in capsys.readouterr().err
