"""The flow with `together`: proposed rules, headlines of other articles and duplicates of a whole output."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import msgspec
import pytest
from prefect.artifacts import Artifact
from prefect.client.schemas.objects import Artifact as StoredArtifact

from cleaners import Settings, shards, together
from cleaners.archive import Archive
from cleaners.duplicates import Sketches
from cleaners.files import find
from cleaners.known import RULE
from cleaners.pipeline import fingerprint
from cleaners.settings import ConfigError
from cleaners.shards import SEEN, Manifest
from flows import telling
from flows.clean_articles import DUPLICATES, clean_articles, load
from flows.parameters import Parameters
from tests.test_corpus_duplicates import prose
from tests.test_corpus_known import FERRY, PIES
from tests.test_corpus_runs import record

QUICK = Settings(language=False, without=frozenset({"evidence", "promo/bare-headline"}))
SIGN = "Sign up for the Callan Examiner tide letter"
BESIDE = {SEEN: together.write}


def scraped(folder: Path, records: list[dict[str, Any]], size: int = 5) -> Path:
    """Records in files of so many."""
    folder.mkdir(exist_ok=True)
    for at in range(0, len(records), size):
        lines = [json.dumps(one) for one in records[at : at + size]]
        (folder / f"{records[at]['id'].replace('/', '-')}.jsonl").write_text(
            "\n".join(lines), encoding="utf-8"
        )
    return folder


def records() -> list[dict[str, Any]]:
    """Articles of a site with a line of its template, two that print each other's headline, and a copy."""
    paper = [
        {
            "id": f"id/{n}",
            "url": f"https://examiner.example/{n}",
            "title": f"Weir number {n} holds after a night of rain",
            "text": "\n\n".join([*prose(n, 4), SIGN]),
        }
        for n in range(100, 112)
    ]
    return [record(1, PIES, FERRY), *paper, record(2, FERRY, PIES), record(3), record(3) | {"id": "copy"}]


def run(folder: Path, output: Path, size: int = 2000) -> Manifest:
    """What the flow does, without Prefect: a round, and another where something new is known."""
    told = known(output)
    for _ in range(2):
        plan = shards.plan(output, find([str(folder)]), fingerprint(QUICK), size, beside=BESIDE, told=told)
        made = [shards.make(batch, output, QUICK, BESIDE) for batch in plan.batches]
        manifest = shards.publish(output, plan, made).manifest
        if (now := known(output)) == told:
            break
        told = now
    return manifest


def known(output: Path) -> dict[str, Any]:
    manifest = shards.read_manifest(output)
    return together.told(part.path(output, SEEN) for part in manifest.parts) if manifest else {}


def articles(output: Path) -> dict[str, Any]:
    manifest = shards.read_manifest(output)
    assert manifest
    return {one["id"]: one for one in map(json.loads, shards.read_articles(output, manifest))}


def decided(output: Path, manifest: Manifest) -> together.Together:
    return together.decide((part.path(output, SEEN), False) for part in manifest.parts)


def test_batches_of_any_size_in_any_order_show_the_same(tmp_path: Path) -> None:
    found, written = [], []
    for size, seed in ((1, 1), (2, 2), (2000, 3)):
        mixed = random.Random(seed).sample(records(), len(records()))
        output = tmp_path / f"clean-{seed}"
        folder = scraped(tmp_path / f"in-{seed}", mixed, size=1)
        found.append(decided(output, run(folder, output, size)))
        written.append(articles(output))
    assert found[0] == found[1] == found[2]
    assert written[0] == written[1] == written[2]
    assert [proposal.rule.id for proposal in found[0].proposals] == [
        "examiner.example/sign-up-for-the-callan-examiner-tide-letter"
    ]
    assert [name for name, _ in found[0].duplicates] == ["copy", "id/3"]
    assert FERRY not in written[0]["id/1"]["text"]
    assert PIES not in written[0]["id/2"]["text"]


def test_which_run_came_first_decides_nothing_and_the_next_has_nothing_to_do(tmp_path: Path) -> None:
    one, *rest = records()
    orders = {"ab": ([one], rest), "ba": (rest, [one])}
    for name, parts in orders.items():
        for part in parts:
            manifest = run(scraped(tmp_path / f"in-{name}", part, size=1), tmp_path / name)
        folder = tmp_path / f"in-{name}"
        plan = shards.plan(
            tmp_path / name,
            find([str(folder)]),
            fingerprint(QUICK),
            beside=BESIDE,
            told=known(tmp_path / name),
        )
        assert not plan.batches
        assert manifest.articles == len(records())
    assert articles(tmp_path / "ab") == articles(tmp_path / "ba")
    gone = [change for change in articles(tmp_path / "ab")["id/1"]["changes"] if RULE in change["rules"]]
    assert [change["reason"] for change in gone] == [f"the headline of another article: “{FERRY}” (id/2)"]


def test_only_what_prints_a_headline_is_cleaned_again(tmp_path: Path) -> None:
    one, *rest = records()
    folder, output = tmp_path / "in", tmp_path / "out"
    run(scraped(folder, [*rest[:-3], one], size=1), output, size=1)
    before = articles(output)
    run(scraped(folder, rest[-3:], size=1), output, size=1)
    after = articles(output)
    assert [name for name, article in before.items() if after[name] != article] == ["id/1"]


def test_a_rule_of_a_site_that_no_longer_fires_is_told(tmp_path: Path) -> None:
    def part(name: str, hits: int) -> Path:
        seen = together.Seen(
            {}, [], Sketches().to_bytes(), {"paper.example": 30}, {"paper.example/sign": hits}
        )
        (tmp_path / name).write_bytes(msgspec.msgpack.encode(seen))
        return tmp_path / name

    usual, rare, often = part("usual", 27), part("rare", 1), part("often", 20)
    (stale,) = together.decide([(usual, False), (rare, True)]).stale
    assert stale.sentence() == "paper.example/sign: fired on 3.3 % of 30 articles, usually 90.0 %"
    assert not together.decide([(usual, False), (often, True)]).stale


def parameters(folder: Path, **others: object) -> Parameters:
    return Parameters.model_validate(
        {"input": folder, "output": folder.with_name("clean"), "together": True, "without": QUICK.without}
        | others
    )


def test_together_wants_shards_in_a_folder(tmp_path: Path) -> None:
    folder = scraped(tmp_path / "in", records())
    with pytest.raises(ConfigError, match="together knows shards in a folder only"):
        load(parameters(folder, layout="mirror"))


@pytest.mark.server
@pytest.mark.xdist_group("prefect")
@pytest.mark.usefixtures("prefect_server")
def test_the_flow_tells_what_its_articles_show_and_shares_headlines(tmp_path: Path) -> None:
    one, *rest = records()
    archive = tmp_path / "headlines.sqlite"
    folder = scraped(tmp_path / "in", rest)
    for runner in ("sequential", "processes"):
        output = tmp_path / runner
        params = parameters(folder, output=output, archive=archive, runner={"kind": runner, "workers": 2})
        clean_articles(params)
    assert articles(tmp_path / "sequential") == articles(tmp_path / "processes")
    listed = (tmp_path / "sequential" / DUPLICATES).read_bytes()
    assert listed == (tmp_path / "processes" / DUPLICATES).read_bytes()
    assert [json.loads(line)["id"] for line in listed.splitlines()] == ["copy", "id/3"]
    page = Artifact.get(key=telling.TOGETHER)
    assert isinstance(page, StoredArtifact)
    assert "sign-up-for-the-callan-examiner-tide-letter | 12 of 12 | yes" in str(page.data)
    assert "2 exact" in str(page.data)

    other = scraped(tmp_path / "other", [one])
    clean_articles(parameters(other, output=tmp_path / "elsewhere", archive=archive))
    assert FERRY not in articles(tmp_path / "elsewhere")["id/1"]["text"]
    with Archive(archive) as kept:
        assert kept.size() == len(records())
