"""Explain agrees with the cleaning it explains, and names the one condition that was missing."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cleaners import Explanation, RuleFile, Settings, Source, clean, cli, explain
from cleaners.explaining import _lone_rules, _Rules
from cleaners.folding import fold
from cleaners.matching import SURE_REST
from cleaners.model import ROLES
from cleaners.pipeline import REPAIRS, build, compiled
from cleaners.read import read
from cleaners.rule import Rule
from cleaners.rulebook import in_place, load_rules, read_example
from tests.samples import PROSE, ROOT, SEEDS
from tests.terminal import on_a_terminal

RULES = load_rules()
STORY = (
    "The harbour board met on Tuesday evening to hear the engineers explain why the old stone quay had "
    "settled by a hand's breadth since the spring, and what it would cost to hold it there."
)
SECOND = STORY.replace("Tuesday", "Wednesday")
THIRD = STORY.replace("Tuesday", "Thursday")
MORE = [STORY.replace("Tuesday", day) for day in ("Friday", "Sunday", "Monday")]


def _join(*blocks: str) -> str:
    return "\n\n".join(blocks)


def _own(body: str, name: str = "mine.toml") -> Settings:
    return Settings(rules=(RuleFile(name, f"[rule]\nwhy = 'a test'\n{body}"),), language=False)


def _outcomes(told: Explanation, text: str) -> dict[str, str]:
    return {d.rule: d.outcome for block in told.blocks if block.text == text for d in block.decisions}


def _misses(told: Explanation, text: str, pack: str = "mine/") -> dict[str, str]:
    return {
        miss.condition: miss.missing
        for block in told.blocks
        if block.text == text
        for miss in block.near_misses
        if miss.rule.startswith(pack)
    }


# --- explain and the matcher --------------------------------------------------------------------


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_explain_names_the_rule_that_decides_on_its_example(rule: Rule) -> None:
    texts, expected = read_example(rule)
    doc, first = in_place(rule, texts)
    # The guard would take back some: most of such a text is no story.
    settings = Settings(max_story_loss=1.0, language=False)
    told = explain(doc.source, url=f"https://{rule.site}/" if rule.site else None, settings=settings)
    wanted = "belowBar" if rule.weight is not None else "changed" if rule.trim else "decided"
    blocks = {block.start: block for block in told.blocks}
    for placed, text, should in zip(doc.blocks[first:], texts, expected, strict=False):
        if placed.start in blocks:  # what is markup and nothing else is no block
            by_rule = {decision.rule: decision.outcome for decision in blocks[placed.start].decisions}
            assert by_rule.get(rule.id) == (None if should == text else wanted), text


def _texts() -> list[str]:
    texts = [path.read_text("utf-8", "replace") for path in [*SEEDS, *PROSE]]
    texts += [_join(*(line[2:] for line in rule.example.splitlines() if line[2:])) for rule in RULES]
    lines = [line[2:] for rule in RULES for line in rule.example.splitlines() if line[2:]]
    for size in (9, 10, 11):
        for at in range(0, len(lines), size * 7):
            piece = lines[at : at + size]
            texts.append(_join(*piece[:3], STORY, *piece[3:5], SECOND, THIRD, *piece[5:7], *MORE, *piece[7:]))
    return texts


def test_a_rule_by_itself_says_what_the_matcher_does() -> None:
    """What fired lacks nothing; what lacks nothing fired, or came to a block that was decided."""
    strip, lone_rules = compiled(()), {lone.rule.id: lone for lone in _lone_rules(())}
    for text in _texts():
        doc = read(Source(text))
        placed = _Rules(doc, (), Settings()).zones
        edits = list(strip(doc))
        keys = [fold(block.text) for block in doc.blocks]
        fired = {(edit.block, edit.rule) for edit in edits}
        decided = {edit.block for edit in edits}
        seconds = {edit.block for edit in edits if (edit.block - 1, edit.rule) in fired}
        for edit in edits:
            if edit.confidence != SURE_REST and edit.block not in seconds:
                zone = placed[edit.block]
                assert (
                    lone_rules[edit.rule].lacks(doc.blocks, edit.block, keys[edit.block], zone, "") == []
                ), edit
        for index, zone in enumerate(placed):
            for lone in lone_rules.values() if index not in decided and doc.blocks[index].text else ():
                lacking = lone.lacks(doc.blocks, index, keys[index], zone, "")
                assert lacking != [] or lone.rule.company, (lone.rule.id, doc.blocks[index].text)


def test_repairs_come_before_the_rules_and_are_as_many_as_explain_thinks() -> None:
    cleaners = build(Settings())
    assert cleaners[REPAIRS] is compiled(())
    for path in SEEDS:
        doc = read(Source(path.read_bytes()))
        assert {edit.category for cleaner in cleaners[:REPAIRS] for edit in cleaner(doc)} <= {"repair"}


@pytest.mark.parametrize("path", [*SEEDS, *PROSE], ids=lambda path: path.stem)
def test_the_explained_roles_are_those_of_the_article(path: Path) -> None:
    article, told = clean(path.read_bytes()), explain(path.read_bytes())
    stays = [block for block in told.blocks if ROLES[block.role].in_article]
    assert [(b.start, b.end) for b in stays if b.text] == [(b.span.start, b.span.end) for b in article.blocks]
    decided = {
        d.rule for block in told.blocks for d in block.decisions if d.outcome in ("decided", "changed")
    }
    assert {rule for change in article.changes for rule in change.rules} - {"repair/gap"} <= decided | {
        "repair/hard-wrap"
    }
    unsure = {d.rule for block in told.blocks for d in block.decisions if d.outcome == "belowBar"}
    assert {entry.rule for entry in article.review} <= unsure


RULES_ALONE = Settings(without=frozenset({"evidence", "promo/bare-headline"}))


# --- the one missing condition ------------------------------------------------------------------

EXAMPLE = "\nexample = '''\n- {}\n  It stays.\n'''\n"


def test_a_line_in_the_wrong_place() -> None:
    settings = _own("at = 'tail'\nblock.en = ['Tide table']" + EXAMPLE.format("Tide table"))
    told = explain(_join("Tide table", STORY, "Tide table ", SECOND), settings=settings)
    assert _misses(told, "Tide table") == {"place": "fires below two paragraphs; this block stands below one"}
    first = told.blocks[0].near_misses[0]
    assert first.missing == "fires below two paragraphs; this block stands above the first"
    told = explain("Tide table\n\nHe left.", settings=settings)
    assert _misses(told, "Tide table") == {
        "place": "fires below two paragraphs; this block stands on top of a text without paragraphs"
    }


def test_a_line_of_another_site() -> None:
    body = "block.en = ['Tide table']" + EXAMPLE.format("Tide table")
    settings = _own(body, "sites/a.example.toml")
    text = _join(STORY, SECOND, "Tide table")
    assert _misses(explain(text, settings=settings), "Tide table", "a.example/") == {
        "site": "is for a.example; this text is from no known site"
    }
    told = explain(text, url="https://b.example/x", settings=settings)
    assert _misses(told, "Tide table", "a.example/") == {
        "site": "is for a.example; this text is from b.example"
    }
    told = explain(text, url="https://www.a.example/x", settings=settings)
    assert _outcomes(told, "Tide table") == {"a.example/rule": "decided"}


def test_a_line_whose_neighbour_matches_too() -> None:
    settings = _own(
        "alone = true\npattern = ['[0-9]{1,2} knots, [A-Z][a-z]{1,9}']" + EXAMPLE.format("9 knots, Oslo")
    )
    told = explain(_join(STORY, "9 knots, Oslo", "8 knots, Bergen", SECOND), settings=settings)
    assert _misses(told, "9 knots, Oslo") == {
        "alone": "a neighbour matches too, and a list of such lines may be the story"
    }


def test_a_line_without_company() -> None:
    body = "company = true\nblock.en = ['Tides', 'Harbours']" + EXAMPLE.format("Tides\n- Harbours")
    told = explain(_join(STORY, SECOND, "Tides", THIRD), settings=_own(body))
    assert _misses(told, "Tides") == {"company": "wants a neighbour that goes, or 2 such lines in a row"}
    told = explain(_join(STORY, SECOND, "Tides", "Harbours.", THIRD), settings=_own(body))
    assert "company" in _misses(told, "Tides")
    assert _misses(told, "Harbours.") == {}, "two conditions short"
    told = explain(_join(STORY, SECOND, "Leave a Reply", "Harbours.", THIRD), settings=_own(body))
    assert _misses(told, "Harbours.") == {"stop": "an item of a menu has no full stop; this line has"}
    told = explain(_join(STORY, SECOND, "Tides", "Harbours", THIRD), settings=_own(body))
    assert _outcomes(told, "Tides") == {"mine/rule": "decided"}
    assert _misses(told, "Tides") == {}


def test_the_second_pattern_does_not_match() -> None:
    settings = _own("pattern = ['[0-9]{1,2} knots', '[A-Z][a-z ]{1,20}']" + EXAMPLE.format("9 knots\n- Oslo"))
    told = explain(_join(STORY, "9 knots", SECOND, "8 knots"), settings=settings)
    said = {"next": "the block below is not what the rule's next pattern wants"}
    assert _misses(told, "9 knots") == said
    assert _misses(told, "8 knots") == said


def test_a_line_that_is_too_long() -> None:
    settings = _own("starts.en = ['Tide table:']" + EXAMPLE.format("Tide table: x"))
    line = "Tide table: " + "x" * 300
    assert _misses(explain(_join(STORY, line), settings=settings), line) == {
        "length": "looks at blocks of up to 200 characters; this one has 312"
    }
    settings = _own("word = ['tides']\npattern = ['Tides .{1,500}']" + EXAMPLE.format("Tides x"))
    line = "Tides " + "x" * 300
    assert set(_misses(explain(_join(STORY, line), settings=settings), line)) == {"length"}


def test_a_line_that_somebody_says_or_asks() -> None:
    settings = _own("block.en = ['Mind the tide']" + EXAMPLE.format("Mind the tide"))
    told = explain(_join(STORY, "“Mind the tide”", "Mind the tide?"), settings=settings)
    assert _misses(told, "“Mind the tide”") == {
        "spoken": "somebody says this line: it is in quotation marks, or behind a dash"
    }
    assert _misses(told, "Mind the tide?") == {"question": "the phrase is no question; this line asks"}


def test_a_pattern_without_its_word() -> None:
    settings = _own("word = ['knots']\npattern = ['[0-9]{1,3} [a-z]{4,9}']" + EXAMPLE.format("9 knots"))
    told = explain(_join(STORY, "9 miles", SECOND), settings=settings)
    assert _misses(told, "9 miles") == {"word": "wants one of these on the line: knots"}


REST = "takes = 'rest'\nblock.en = ['Tide talk']\nexample = '''\n  It stays.\n- Tide talk\n'''\n"


def test_a_rest_that_is_not_in_the_tail() -> None:
    settings = _own(REST)
    told = explain(_join(STORY, "Tide talk", "It goes on."), settings=settings)
    assert _outcomes(told, "Tide talk") == {"mine/rule": "decided"}
    assert _misses(told, "Tide talk") == {
        "rest": "takes what is below it only below two paragraphs; this block stands below one"
    }
    told = explain(_join(STORY, SECOND, "Tide talk", "It goes on."), settings=settings)
    assert _misses(told, "Tide talk") == {}
    assert _outcomes(told, "It goes on.") == {"mine/rule": "decided"}


def test_a_phrase_inside_a_sentence() -> None:
    body = (
        "trim = 'end'\nblock.en = ['See the tide table']\n"
        "example = '''\n- He left. See the tide table\n+ He left.\n  Go and see the tide table\n'''\n"
    )
    line = "They asked him to come and see the tide table"
    told = explain(_join(STORY, line, SECOND), settings=_own(body))
    assert _misses(told, line) == {
        "boundary": "stands inside a sentence; it is cut off behind the end of one only"
    }
    glued = STORY + " See the tide table"
    told = explain(_join(SECOND, glued), settings=_own("at = 'tail'\n" + body))
    assert _misses(told, glued) == {"place": "fires below two paragraphs; this block stands below one"}


def test_two_missing_conditions_are_no_near_miss() -> None:
    settings = _own("at = 'tail'\nblock.en = ['Tide table']" + EXAMPLE.format("Tide table"))
    assert _misses(explain(_join("“Tide table”", STORY, SECOND), settings=settings), "“Tide table”") == {}


def test_readers_say_why_they_let_a_line_be() -> None:
    told = explain(
        _join("A ferry strike in the harbour ends", STORY, SECOND, "By Jane Roe", "March 12, 2024", THIRD),
        settings=RULES_ALONE,
    )
    assert _misses(told, "By Jane Roe", "byline/") == {
        "reader": "author lines are looked for above the story and below it; this block stands in it"
    }
    assert _misses(told, "March 12, 2024", "date/") == {
        "reader": "dates are read above the story and below it; this block stands in it"
    }


# --- what came of what matched ------------------------------------------------------------------


def test_a_rule_that_comes_too_late_says_so() -> None:
    settings = _own("block.en = ['Leave a Reply']" + EXAMPLE.format("Leave a Reply"))
    told = explain(_join(STORY, SECOND, "Leave a Reply"), settings=settings)
    assert _outcomes(told, "Leave a Reply") == {"mine/rule": "decided", "comment/leave-a-comment": "tooLate"}


@pytest.mark.parametrize("name", ["comment", "comment/leave-a-comment"])
def test_a_rule_that_is_left_out_says_so(name: str) -> None:
    settings = Settings(without=frozenset({name}))
    told = explain(_join(STORY, SECOND, "Leave a Reply"), settings=settings)
    assert _outcomes(told, "Leave a Reply") == {"comment/leave-a-comment": "leftOut"}
    assert told.blocks[-1].role == "body"


def test_an_edit_below_the_bar_is_told_with_the_bar() -> None:
    line = "Mainland orchards count the cost of a late frost"
    told = explain(_join(STORY, line, SECOND))
    (decision,) = told.blocks[1].decisions
    assert (decision.rule, decision.outcome, decision.bar) == ("promo/bare-headline", "belowBar", 1.0)
    assert decision.confidence
    assert 0 < decision.confidence < 1
    told = explain(_join(line, STORY, SECOND), settings=RULES_ALONE)
    (decision,) = told.blocks[0].decisions
    assert (decision.rule, decision.outcome, decision.confidence, decision.bar) == (
        "title/alone",
        "belowBar",
        0.6,
        0.9,
    )
    assert told.blocks[1].role == "body"


def test_what_the_guard_takes_back_is_said() -> None:
    settings = _own(REST)
    told = explain(_join(STORY, SECOND, "Tide talk", THIRD, *MORE), settings=settings)
    assert _outcomes(told, THIRD) == {"mine/rule": "takenBack"}


def test_a_site_s_switches_are_explained_as_they_are() -> None:
    from cleaners import Site

    settings = Settings(sites=(Site(host="a.example", bar=0.4, without=frozenset({"comment"})),))
    text = _join("Mainland orchards count the cost of a late frost", STORY, SECOND, "Leave a Reply")
    told = explain(text, url="https://a.example/x", settings=settings)
    assert (told.site, told.bar) == ("a.example", 0.4)
    assert _outcomes(told, "Leave a Reply") == {"comment/leave-a-comment": "leftOut"}
    assert told.blocks[0].role == "headline"
    assert explain(text).blocks[0].role == "body"


@pytest.mark.parametrize("data", ["", " \n", b"\xff\xfe\x00", "\x00", "\ud800", "a\r\nb\rc", "<p></p>"])
def test_any_input_is_explained(data: str | bytes) -> None:
    told = explain(data)
    assert json.loads(told.to_json()) == told.to_dict()


def test_lines_are_counted_as_editors_do() -> None:
    told = explain("One line\r\nanother\rthird\n\n\nsixth")
    assert [(block.first_line, block.text) for block in told.blocks] == [
        (1, "One line"),
        (2, "another"),
        (3, "third"),
        (6, "sixth"),
    ]
    assert [block.text for block in explain("One line\r\nanother\rthird", line=3).blocks] == ["third"]


def test_explaining_takes_linear_time() -> None:
    def took(lines: int) -> float:
        text = "\n".join("abcdefghij"[number % 10] for number in range(lines))
        started = time.process_time()
        explain(text, settings=Settings(language=False))
        return time.process_time() - started

    took(10)
    assert took(4_000) < 8 * took(1_000)


# --- the command ----------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text(_join(STORY, SECOND, "Leave a Reply", "Name"), encoding="utf-8")
    return path


def test_the_command_draws_each_block_with_what_was_said_of_it(
    file: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert cli.run(["explain", str(file)]) == cli.DONE
    out = capfd.readouterr().out
    assert re.search(r"^   1 body        The harbour board", out, re.MULTILINE)
    assert re.search(
        r"^   5 boilerplate Leave a Reply\n     decided +comment/leave-a-comment  1\.00  ", out, re.M
    )
    assert "\x1b" not in out


def test_one_line_is_explained_by_its_number(file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["explain", f"{file}:5"]) == cli.DONE
    assert capfd.readouterr().out.startswith("   5 boilerplate Leave a Reply")
    assert cli.run(["explain", f"{file}:4"]) == cli.USAGE
    assert "nothing on line 4; hint: the nearest text is on line 3 and 5" in capfd.readouterr().err


def test_the_explanation_is_there_as_json(file: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["explain", f"{file}:5", "--json"]) == cli.DONE
    (block,) = json.loads(capfd.readouterr().out)["blocks"]
    assert block["role"] == "boilerplate"
    assert block["firstLine"] == 5
    assert block["decisions"][0]["rule"] == "comment/leave-a-comment"


def test_standard_input_switches_and_sites_are_explained(
    monkeypatch: pytest.MonkeyPatch, file: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(file.read_bytes())))
    switch = "sites.'a.example'.without=comment"
    arguments = ["explain", "--url", "https://a.example/", "--set", switch, "-:5"]
    assert cli.run(arguments) == cli.DONE
    assert "left out" in capfd.readouterr().out


def test_a_record_is_explained_by_its_number(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "wire.jsonl"
    records = [{"text": STORY, "url": "https://a.example/"}, {"body": _join(STORY, SECOND, "Leave a Reply")}]
    path.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    assert cli.run(["explain", f"{path}:2", "--text-field", "body"]) == cli.DONE
    assert "comment/leave-a-comment" in capfd.readouterr().out
    assert cli.run(["explain", f"{path}:1", "--json"]) == cli.DONE
    assert json.loads(capfd.readouterr().out)["site"] == "a.example"
    for target, message in (
        (f"{path}", "it holds records; hint: name one, as in"),
        (f"{path}:3", "there is no record 3; hint: they are counted from 1"),
    ):
        assert cli.run(["explain", target]) == cli.USAGE
        assert message in capfd.readouterr().err


@pytest.mark.parametrize("target", ["nowhere.txt", "nowhere.txt:3", ".", "--jsno"])
def test_a_file_that_cannot_be_read_is_said(target: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert cli.run(["explain", target]) == cli.USAGE
    assert re.search(r"no such file; hint: name a file, or - for standard input", capfd.readouterr().err)


@pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("no_color", "coloured"), [("", True), ("1", False)])
def test_it_is_coloured_on_a_terminal_unless_no_color_is_set(
    file: Path, no_color: str, coloured: bool
) -> None:
    assert (b"\x1b[31m" in on_a_terminal("explain", file, no_color=no_color)) is coloured


def test_text_cannot_steer_the_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "hostile.txt"
    path.write_text(f"{STORY}\n\n\x1b]0;owned\x07\u202eevil", encoding="utf-8")
    assert cli.run(["explain", str(path)]) == cli.DONE
    out = capfd.readouterr().out
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_the_function_is_there_whatever_was_imported_before() -> None:
    script = "import cleaners.explaining, cleaners; print(cleaners.explain('x').blocks[0].text)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout == "x\n"
