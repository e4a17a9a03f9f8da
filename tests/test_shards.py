"""Shards: a run cleans what changed, takes effect at one moment, and may be killed at any other."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from cleaners import drift, files, outputs, parquet, report, shards
from cleaners.drift import Window
from cleaners.files import Aside
from cleaners.pipeline import fingerprint
from cleaners.report import SiteCount
from cleaners.settings import ConfigError, Settings
from cleaners.shards import Manifest, Published, read_articles, read_manifest, read_part
from tests import deadly
from tests.crashes import KILLED, STORY, forked, more, tree, whole
from tests.crashes import first as first_inputs
from tests.samples import ROOT

QUICK = Settings(language=False)


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """Six texts and a file of six records, one of them broken."""
    first_inputs(tmp_path / "inputs")
    return tmp_path / "inputs"


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "clean"


def clean(
    inputs: Path,
    output: Path,
    settings: Settings = QUICK,
    size: int = 4,
    prune: bool = False,
    beside: shards.Beside | None = None,
) -> tuple[shards.Plan, Published]:
    with shards.Lock(output):
        found, made_with = files.find([str(inputs)]), fingerprint(settings)
        plan = shards.plan(output, found, made_with, size, prune=prune, beside=beside or {})
        made = [shards.make(batch, output, settings, beside) for batch in plan.batches]
        return plan, shards.publish(output, plan, made)


def places(output: Path) -> list[str]:
    manifest = read_manifest(output)
    assert manifest
    return sorted(json.loads(line)["source"]["path"] for line in read_articles(output, manifest))


# --- what is cleaned --------------------------------------------------------------------------


def test_a_second_run_finds_nothing_to_do_and_leaves_every_byte(inputs: Path, output: Path) -> None:
    clean(inputs, output)
    before = tree(output)
    plan, published = clean(inputs, output)

    assert (plan.unchanged, plan.new, plan.batches) == (7, 0, ())
    assert (published.summary.articles, published.summary.unchanged) == (0, 11)
    assert tree(output) == before


def test_only_new_and_changed_texts_and_records_are_cleaned(inputs: Path, output: Path) -> None:
    clean(inputs, output)
    more(inputs)
    plan, published = clean(inputs, output)

    assert (plan.new, plan.changed, len(plan.unread)) == (5, 2, 1)
    # Five new texts, one changed, one more record; the broken record is tried once more.
    assert published.summary.articles == 7
    assert published.summary.failed == 2
    assert published.manifest.articles == whole(output) == 17


def test_other_settings_clean_everything_again_and_the_plan_says_why(inputs: Path, output: Path) -> None:
    clean(inputs, output)
    plan, published = clean(inputs, output, Settings(language=False, bar=0.95))

    assert (plan.remade, plan.why) == (7, ("settings",))
    assert plan.sentence().endswith("7 to be cleaned again: other settings")
    assert published.summary.articles == 11


def test_small_runs_fill_parts_up_and_do_not_leave_as_many(inputs: Path, output: Path) -> None:
    for number in range(20):
        (inputs / f"n{number:02}.txt").write_text(STORY.format(number), encoding="utf-8")
        _, published = clean(inputs, output, size=8)

    assert published.manifest.inputs == 27
    assert len(published.manifest.parts) <= 2 * 27 / 8 + 1
    assert published.summary.articles == 1, "what is merged is not cleaned again"


def test_articles_whose_input_is_gone_stay_until_they_are_pruned(inputs: Path, output: Path) -> None:
    clean(inputs, output)
    (inputs / "b1.txt").unlink()

    clean(inputs, output)
    assert "b1.txt" in places(output)
    clean(inputs, output, Settings(language=False, bar=0.95))
    assert "b1.txt" in places(output), "also when the rest is cleaned again"
    clean(inputs, output, prune=True)
    assert "b1.txt" not in places(output)
    assert len(places(output)) == 10


def test_an_input_that_cannot_be_read_for_a_while_loses_no_article(inputs: Path, output: Path) -> None:
    clean(inputs, output)
    text = (inputs / "b1.txt").read_bytes()
    (inputs / "b1.txt").unlink()
    (inputs / "b1.txt").symlink_to("nowhere")

    _, published = clean(inputs, output, prune=True)
    assert "b1.txt" in places(output)
    assert published.summary.problems == ((str(inputs / "b1.txt"), "No such file or directory"),)
    assert "b1.txt" in (output / outputs.QUARANTINE).read_text(encoding="utf-8")

    (inputs / "b1.txt").unlink()
    (inputs / "b1.txt").write_bytes(text)
    plan, _ = clean(inputs, output)
    assert (plan.unchanged, plan.batches) == (7, ())


def test_what_failed_is_listed_as_long_as_it_fails_and_not_tried_for_nothing(
    inputs: Path, output: Path
) -> None:
    clean(inputs, output)
    plan, published = clean(inputs, output)

    assert plan.batches == ()
    assert published.manifest.failed == 1
    (line,) = (output / outputs.QUARANTINE).read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["text"] == "{broken"

    wire = inputs / "wire.jsonl"
    wire.write_text(wire.read_text(encoding="utf-8").partition("\n")[2], encoding="utf-8")
    clean(inputs, output)
    assert not (output / outputs.QUARANTINE).exists()


def test_a_file_that_grows_while_it_is_read_is_cleaned_as_far_as_it_was_read(
    inputs: Path, output: Path
) -> None:
    wire = inputs / "wire.jsonl"
    line = json.dumps({"text": STORY.format(7)}) + "\n"
    plan = shards.plan(output, files.find([str(wire)]), fingerprint(QUICK))
    with wire.open("a", encoding="utf-8") as file:
        file.write(line)
    with shards.Lock(output):
        made = [shards.make(batch, output, QUICK) for batch in plan.batches]
        published = shards.publish(output, plan, made)

    assert published.manifest.articles == 6
    assert made[0].name != plan.batches[0].name, "the part is named after what was read"
    again = shards.plan(output, files.find([str(wire)]), fingerprint(QUICK))
    assert (again.unchanged, again.batches) == (1, ())


def test_packed_inputs_are_read_and_damaged_ones_quarantined(inputs: Path, output: Path) -> None:
    packed = gzip.compress((inputs / "wire.jsonl").read_bytes())
    (inputs / "a.jsonl.gz").write_bytes(packed)
    (inputs / "damaged.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    _, published = clean(inputs, output)

    assert published.summary.articles >= 16
    assert str(inputs / "damaged.jsonl.gz") in [name for name, _ in published.summary.problems][-2:]
    plan, _ = clean(inputs, output)
    assert plan.batches == ()


def test_a_part_that_is_lost_is_made_again(inputs: Path, output: Path) -> None:
    _, published = clean(inputs, output)
    before = tree(output)
    published.manifest.parts[0].path(output).unlink()
    clean(inputs, output)

    assert (
        tree(output).items() >= {name: before[name] for name in before if name.startswith("shards")}.items()
    )
    assert whole(output) == 11


def test_batches_are_bounded_in_inputs_and_bytes(inputs: Path, output: Path) -> None:
    found = files.find([str(inputs)])

    def sizes(size: int, length: int) -> list[int]:
        return [
            len(batch.members)
            for batch in shards.plan(output, found, fingerprint(QUICK), size, length).batches
        ]

    assert sizes(3, 1 << 20) == [3, 3, 1]
    assert sizes(100, 250) == [3, 3, 1]
    assert sizes(100, 1) == [1] * 7


def test_the_index_says_what_each_input_gave_and_where(inputs: Path, output: Path) -> None:
    _, published = clean(inputs, output, size=100)
    (listed,) = published.manifest.parts
    part = read_part(output, listed.name)

    assert [item.place for item in part.inputs][-1] == "wire.jsonl"
    assert [(item.articles, item.failed) for item in part.inputs] == [(1, 0)] * 6 + [(5, 1)]
    data = listed.path(output).read_bytes()
    assert json.loads(data[: part.inputs[0].length])["source"]["path"] == part.inputs[0].place


def test_what_is_observed_lies_beside_each_part_and_is_made_up_for(inputs: Path, output: Path) -> None:
    def observe(articles: Path, target: Path) -> None:
        places = [json.loads(line)["source"]["path"] for line in articles.read_bytes().splitlines()]
        files.write_aside(target, json.dumps(places).encode())

    def seen(manifest: Manifest) -> list[str]:
        return [
            place
            for part in manifest.parts
            for place in json.loads(part.path(output, shards.SEEN).read_bytes())
        ]

    clean(inputs, output)
    before = tree(output)
    plan, published = clean(inputs, output, beside={shards.SEEN: observe})
    assert (plan.unchanged, len(plan.batches)) == (7, 2)
    assert (published.summary.articles, published.summary.unchanged) == (0, 11), (
        "none is cleaned again for it"
    )
    assert sorted(seen(published.manifest)) == places(output)
    assert tree(output).items() >= {name: before[name] for name in before if name.endswith(".jsonl")}.items()

    more(inputs)
    assert sorted(seen(clean(inputs, output, beside={shards.SEEN: observe})[1].manifest)) == places(output)
    assert clean(inputs, output, beside={shards.SEEN: observe})[0].batches == ()


# --- one moment -------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["kill", "full"])
def test_a_run_may_be_killed_or_find_the_disk_full_at_any_operation(tmp_path: Path, mode: str) -> None:
    command = [sys.executable, "-m", "tests.crashes", str(tmp_path), mode]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=500)

    assert done.returncode == 0, done.stderr
    struck = json.loads(done.stdout)
    assert len(struck) >= 30
    assert {"open", "write", "fsync", "rename", "mkdir", "remove"} <= set(struck)


def test_a_text_that_kills_the_process_costs_one_run_and_its_own_article(inputs: Path, output: Path) -> None:
    (inputs / "b3.txt").write_bytes(deadly.MARK)
    assert forked(lambda: deadly.run(inputs, output, QUICK)) == KILLED
    assert forked(lambda: deadly.run(inputs, output, QUICK)) == 0
    assert whole(output) == 10
    (failure,) = [
        json.loads(line)
        for line in (output / outputs.QUARANTINE).read_bytes().splitlines()
        if b"b3.txt" in line
    ]
    assert failure["reason"] == "copydesk failed on it: the process that cleaned it died"

    more(inputs)  # which its part is made anew for
    assert forked(lambda: deadly.run(inputs, output, QUICK)) == 0
    assert whole(output) == 16


def test_after_a_kill_care_is_taken_where_it_struck_or_everywhere_if_that_cannot_be_told(
    inputs: Path, output: Path
) -> None:
    def careful() -> list[bool]:
        plan = shards.plan(output, files.find([str(inputs)]), fingerprint(QUICK), 4)
        return [batch.is_careful for batch in plan.batches]

    assert careful() == [False, False]
    first_batch, _ = shards.plan(output, files.find([str(inputs)]), fingerprint(QUICK), 4).batches
    (output / "shards").mkdir(parents=True)
    (output / "shards" / f".{first_batch.name}.17.jsonl.here-17-1.part").touch()
    assert careful() == [True, False]
    (inputs / "a0.txt").write_text(STORY, encoding="utf-8")
    assert careful() == [True, True]


def test_the_manifest_is_renamed_when_all_it_names_has_reached_the_disk(
    inputs: Path, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log: list[str] = []
    sync, rename = os.fsync, Path.replace

    def syncing(handle: int) -> None:
        log.append(f"sync {Path(f'/proc/self/fd/{handle}').resolve().name}")
        sync(handle)

    def renaming(path: Path, target: Path) -> Path:
        log.append(f"rename {path.name} {target.name}")
        return rename(path, target)

    monkeypatch.setattr(os, "fsync", syncing)
    monkeypatch.setattr(Path, "replace", renaming)
    _, published = clean(inputs, output, size=100)

    name = published.manifest.parts[0].name
    moments = [
        next(at for at, said in enumerate(log) if said.startswith(f"rename .{name}.{os.getpid()}.jsonl.")),
        next(at for at, said in enumerate(log) if said.endswith(f" {name}.jsonl")),
        next(at for at, said in enumerate(log) if said.endswith(f" {name}.json")),
        next(at for at, said in enumerate(log) if said.endswith(" manifest.json")),
    ]
    assert moments == sorted(moments)
    for at in moments:
        aside = log[at].split()[1]
        assert f"sync {aside}" in log[:at] or aside == f"{name}.{os.getpid()}.jsonl", (
            "the data before its name"
        )
        assert log[at + 1] == f"sync {'clean' if at == moments[-1] else 'shards'}", (
            "the folder after the name"
        )


def test_who_reads_while_a_run_ends_keeps_the_parts_of_the_manifest_before(
    inputs: Path, output: Path
) -> None:
    _, old = clean(inputs, output)
    (inputs / "b0.txt").write_text(STORY.format("x"), encoding="utf-8")
    clean(inputs, output)

    assert len(list(read_articles(output, old.manifest))) == 11
    (inputs / "b0.txt").write_text(STORY.format("y"), encoding="utf-8")
    clean(inputs, output)
    with pytest.raises(FileNotFoundError):
        list(read_articles(output, old.manifest))


def test_files_of_others_among_the_parts_are_left_alone(inputs: Path, output: Path) -> None:
    clean(inputs, output)
    (output / "shards" / "README").write_text("mine")
    stale = [f"{'0' * 32}.jsonl", f"{'0' * 32}.17.jsonl", f".{'0' * 32}.17.jsonl.17-1.part"]
    for name in stale:
        (output / "shards" / name).touch()
    clean(inputs, output)

    left = [path.name for path in (output / "shards").iterdir()]
    assert "README" in left
    assert not set(stale) & set(left)


def test_a_lock_ends_with_its_process(output: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from cleaners.shards import Lock\n"
        "Lock(Path(sys.argv[1])).__enter__(); os._exit(9)"
    )
    assert subprocess.run([sys.executable, "-c", code, str(output)], check=False).returncode == 9
    assert (output / shards.LOCK).exists()
    with (
        shards.Lock(output),
        pytest.raises(ConfigError, match=rf"another run writes there \(process {os.getpid()} on .*; hint"),
        shards.Lock(output),
    ):
        pass
    assert not (output / shards.LOCK).exists()


def test_a_manifest_that_is_none_stops_a_run(inputs: Path, output: Path) -> None:
    output.mkdir()
    (output / shards.MANIFEST).write_text('{"name": "an app"}')
    with pytest.raises(ConfigError, match=r"manifest\.json: no manifest: .*hint"):
        clean(inputs, output)


def test_others_are_told_again_until_it_is_remembered(inputs: Path, output: Path) -> None:
    clean(inputs, output)
    assert not shards.is_announced(output)
    shards.announced(output)
    assert shards.is_announced(output)
    (inputs / "new.txt").write_text(STORY, encoding="utf-8")
    clean(inputs, output)
    assert not shards.is_announced(output)


def test_a_disk_that_fills_up_leaves_the_run_to_be_tried_again(
    inputs: Path, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(aside: Aside, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Aside, "write", full)
        with pytest.raises(OSError, match="No space left"):
            clean(inputs, output)
    assert read_manifest(output) is None
    clean(inputs, output)
    assert whole(output) == 11


# --- Parquet ----------------------------------------------------------------------------------


def test_parquet_holds_the_articles_and_their_columns(inputs: Path, output: Path) -> None:
    pyarrow = pytest.importorskip("pyarrow.parquet", reason="the extra `parquet` is not installed")
    _, published = clean(inputs, output, beside={shards.PARQUET: parquet.write})

    for part in published.manifest.parts:
        rows = pyarrow.read_table(part.path(output, shards.PARQUET)).to_pylist()
        lines = part.path(output).read_text(encoding="utf-8").splitlines()
        assert [row["article"] for row in rows] == lines
        assert [row["text"] for row in rows] == [json.loads(line)["text"] for line in lines]


# --- drift ------------------------------------------------------------------------------------


def usual(articles: int = 100, removed: int = 10) -> SiteCount:
    return SiteCount(articles=articles, text_length=900, removed_length=removed * 10, review=articles // 20)


def followed(counts: list[SiteCount]) -> list[list[drift.Drift]]:
    history: drift.History = {}
    found = []
    for count in counts:
        history, drifts = drift.follow(history, {"news.example": count})
        found.append(drifts)
    return found


def test_a_share_far_from_its_own_past_is_drift_and_one_near_it_is_none() -> None:
    found = followed([usual(removed=10 + at % 2) for at in range(8)] + [usual(removed=40)])

    assert found[:-1] == [[]] * 8
    assert [one.measure for one in found[-1]] == ["removed"]
    assert found[-1][0].sentence() == (
        "news.example: share of the text removed 30.8 %, usually 10.4 % (100 articles)"
    )


def test_nothing_is_drift_without_a_past_or_with_few_articles() -> None:
    assert followed([usual(), usual(), usual(removed=80)]) == [[], [], []]
    assert followed([usual()] * 8 + [usual(articles=5, removed=80)])[-1] == []


def test_small_runs_add_up_to_a_window() -> None:
    history, _ = drift.follow({}, {"a": usual(articles=12)})
    history, _ = drift.follow(history, {"a": usual(articles=12)})
    history, _ = drift.follow(history, {"a": usual(articles=12)})

    assert [window.articles for window in history["a"]] == [24, 12]
    assert len(followed([usual()] * 50)) == 50


def test_a_share_of_few_articles_may_differ_by_chance() -> None:
    few = [SiteCount(articles=20, text_length=100, review=1)] * 8
    assert followed([*few, SiteCount(articles=20, text_length=100, review=3)])[-1] == []
    (found,) = followed([*few, SiteCount(articles=20, text_length=100, review=12)])[-1]
    assert (found.measure, found.share, found.usual) == ("review", 0.6, 0.05)


def test_a_history_is_bounded() -> None:
    history: drift.History = {}
    for _ in range(3 * drift.KEPT):
        history, _ = drift.follow(history, {"a": usual()})
    assert history["a"] == (Window(100, 900, 100, 5, 0),) * drift.KEPT


# --- figures ----------------------------------------------------------------------------------


def test_figures_of_parts_merge_into_those_of_the_whole(inputs: Path, output: Path) -> None:
    _, fine = clean(inputs, output, size=1)
    _, coarse = clean(inputs, output.with_name("other"), size=100)

    assert fine.summary == coarse.summary
    assert sum(site.articles for site in fine.summary.sites.values()) == fine.summary.articles == 11
    assert fine.summary.kinds == {"comment": 11}
    assert fine.summary.words > 100
    assert report.merge([]) == report.Summary()


def test_a_manifest_is_read_back_as_it_was_written(inputs: Path, output: Path) -> None:
    _, published = clean(inputs, output)
    assert isinstance(published.manifest, Manifest)
    assert read_manifest(output) == published.manifest
