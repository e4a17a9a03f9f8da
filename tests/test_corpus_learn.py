"""`copydesk learn`: proposals listed, accepted, rejected."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from cleaners import Settings, Source, clean, learning, pipeline
from cleaners.article import Article
from cleaners.cli import run
from cleaners.config import load
from tests.test_corpus_templates import HOST, NOTE, story


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with records of twenty pages, of which each has a note below and a heading inside."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "pages.jsonl"
    with path.open("w", encoding="utf-8") as file:
        for n in range(20):
            first, second, third = story(n)
            text = "\n\n".join([first, "Why the pies matter", second, third, NOTE])
            file.write(json.dumps({"url": f"https://{HOST}/{n}", "text": text}) + "\n")
    return path


ID = f"{HOST}/callan-examiner-readers-choose-the-county-s-best-p"
HEADING = f"{HOST}/why-the-pies-matter"


def test_it_lists_proposals_and_writes_nothing(pages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["learn", str(pages)]) == 0
    out = capsys.readouterr().out
    assert f"{ID}: 20 of 20 documents, 20 in the tail; sure" in out
    assert f"{HEADING}: 20 of 20 documents, 20 in the middle\n" in out
    assert list(pages.parent.iterdir()) == [pages]


def test_accepted_rules_are_the_user_s_and_are_proposed_no_more(
    pages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["learn", str(pages), "--accept", HEADING, "--into", "rules"]) == 0
    assert run(["learn", str(pages), "--auto", "--into", "rules"]) == 0
    Path("copydesk.toml").write_text('rules = ["rules"]\n', encoding="utf-8")
    settings = load().settings
    text = "\n\n".join([*story(50)[:2], "Why the pies matter", story(50)[2], NOTE])
    assert clean(text, url=f"https://{HOST}/x", settings=settings).text == "\n\n".join(story(50))
    assert run(["rules", "test", "rules"]) == 0
    capsys.readouterr()
    assert run(["learn", str(pages)]) == 0
    assert capsys.readouterr().out == ""


def test_accepting_twice_changes_nothing(pages: Path) -> None:
    run(["learn", str(pages), "--auto", "--into", "rules"])
    written = Path("rules", "sites", f"{HOST}.toml").read_bytes()
    assert run(["learn", str(pages), "--auto", "--into", "rules"]) == 0
    assert Path("rules", "sites", f"{HOST}.toml").read_bytes() == written


def test_rejected_lines_are_remembered_as_near_misses(
    pages: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["learn", str(pages), "--reject", HEADING, "--into", "rules"]) == 0
    capsys.readouterr()
    assert run(["learn", str(pages), "--into", "rules"]) == 0
    assert HEADING not in capsys.readouterr().out
    run(["learn", str(pages), "--auto", "--into", "rules"])
    assert "  Why the pies matter\n" in Path("rules", "sites", f"{HOST}.toml").read_text(encoding="utf-8")


def test_what_cannot_be_done_is_said_at_once(pages: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["learn", str(pages), "--auto"]) == 2
    assert "no rule folder" in capsys.readouterr().err
    assert run(["learn", str(pages), "--accept", f"{HOST}/why-the-pies-mater", "--into", "rules"]) == 2
    assert f"did you mean '{HEADING}'" in capsys.readouterr().err
    assert not Path("rules").exists()


def test_texts_without_a_url_are_from_the_site_that_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for n in range(10):
        Path(f"{n}.txt").write_text("\n\n".join([*story(n), NOTE]), encoding="utf-8")
    assert run(["learn", ".", "--site", HOST]) == 0
    assert ID in capsys.readouterr().out
    assert run(["learn", "."]) == 0
    assert capsys.readouterr().out == ""


def test_of_a_large_site_no_more_is_cleaned_than_is_looked_at_in_any_order(
    pages: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(learning, "CHOSEN", 8)
    cleaned: list[str | None] = []

    def clean_source(source: Source, settings: Settings) -> Article:
        cleaned.append(source.url)
        return pipeline.clean_source(source, settings)

    monkeypatch.setattr(learning, "clean_source", clean_source)
    lines = pages.read_text(encoding="utf-8").splitlines()
    other = json.dumps({"url": "https://other.example/1", "text": story(1)[0]})
    seen = []
    for order in (lines, lines[::-1]):
        cleaned.clear()
        pages.write_text("\n".join([*order, other, '{"text": "Of no site."}', "{broken"]), encoding="utf-8")
        assert run(["learn", str(pages), "--site", HOST]) == 0
        seen.append((sorted(map(str, cleaned)), capsys.readouterr()))
    assert seen[0] == seen[1]
    assert f"{ID}: 8 of 8 documents" in seen[0][1].out
    assert 8 <= len(seen[0][0]) <= 9
    assert not any("other" in url for url in seen[0][0])


def test_standard_input_is_learned_from_whole(
    pages: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(pages.read_bytes())))
    assert run(["learn", "-"]) == 0
    assert f"{ID}: 20 of 20 documents" in capsys.readouterr().out
