"""Settings files and what the command line adds: found, put together, and refused with place and hint."""

from __future__ import annotations

import pickle
import re
from pathlib import Path

import pytest

from cleaners import ConfigError, Fields, RuleFile, Settings, Site, Source, clean, clean_many, cli
from cleaners.config import assemble, find, load, to_toml
from cleaners.pipeline import build, known_rules

STORY = (
    "The harbour board met on Tuesday evening to hear the engineers explain why the old stone quay had "
    "settled by a hand's breadth since the spring, and what it would cost to hold it."
)
TEXT = f"{STORY}\n\nSee the tide table\n\n{STORY[:-1]} there.\n\nLeave a Reply"
RULE = """
[tide-table]
why = "a link to the tide table"
block.en = ["See the tide table"]
example = '''
- SEE THE TIDE TABLE
  See the tide table, he said.
'''
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


# --- settings as a value ------------------------------------------------------------------------


def test_equal_settings_have_one_hash_in_whatever_order_they_are_given() -> None:
    files = (RuleFile("b.toml", "x"), RuleFile("a.toml", "y"))
    sites = (Site(host="b.example", without=frozenset({"y", "x"})), Site(host="a.example", bar=0.5))
    one = Settings(rules=files, sites=sites, without=frozenset({"p", "q"}))
    other = Settings(rules=files[::-1], sites=sites[::-1], without=frozenset({"q", "p"}))
    assert one == other
    assert one.sha256 == other.sha256
    assert pickle.loads(pickle.dumps(one)) == one


def test_every_part_of_the_settings_is_in_their_hash() -> None:
    different = [
        Settings(),
        Settings(rules=(RuleFile("a.toml", "x"),)),
        Settings(rules=(RuleFile("a.toml", "y"),)),
        Settings(sites=(Site(host="a.example"),)),
        Settings(sites=(Site(host="a.example", bar=0.5),)),
        Settings(fields=Fields(text="body")),
        Settings(fields=Fields(title="body")),
        Settings(bar=0.5),
    ]
    assert len({settings.sha256 for settings in different}) == len(different)


def test_one_name_stands_for_one_thing() -> None:
    with pytest.raises(ConfigError, match=r"settings\.rules: 'a\.toml' is there twice; hint:"):
        Settings(rules=(RuleFile("a.toml", "x"), RuleFile("a.toml", "y")))
    with pytest.raises(ConfigError, match=r"settings\.sites: 'a\.example' is there twice; hint:"):
        Settings(sites=(Site(host="a.example"), Site(host="a.example")))


@pytest.mark.parametrize(
    "host", ["www.news.example", "News.Example", "https://news.example/", "news.example:80"]
)
def test_a_host_is_written_bare(host: str) -> None:
    with pytest.raises(ConfigError, match=r"is no bare host name; hint: write 'news\.example'"):
        Site(host=host)


def test_the_longest_host_that_fits_speaks_for_a_site() -> None:
    sites = Site(host="news.example", bar=0.5), Site(host="sport.news.example", bar=0.6)
    settings = Settings(sites=sites)
    bars = {
        host: settings.at(settings.site(host)).bar
        for host in (
            "news.example",
            "a.news.example",
            "x.sport.news.example",
            "oldnews.example",
            "example",
            "",
        )
    }
    assert list(bars.values()) == [0.5, 0.5, 0.6, 0.9, 0.9, 0.9]


def test_what_is_left_out_everywhere_is_left_out_on_a_site_too() -> None:
    settings = Settings(
        without=frozenset({"promo"}),
        sites=(Site(host="a.example", without=frozenset({"nav"}), language=False),),
    )
    here = settings.at(settings.site("a.example"))
    assert here.without == {"promo", "nav"}
    assert here.language is False
    assert settings.at(settings.site("b.example")) is settings


# --- what settings do ---------------------------------------------------------------------------


def test_a_site_s_switches_change_its_texts_alone() -> None:
    settings = Settings(
        sites=(Site(host="a.example", without=frozenset({"comment"}), language=False),), rules=()
    )
    sources = [
        Source(TEXT, url=f"https://{host}/x") for host in ("www.a.example", "sub.a.example", "b.example")
    ]
    ours, below, other = clean_many([*sources], settings)
    assert ours.text.endswith("Leave a Reply")
    assert below.text.endswith("Leave a Reply")
    assert "Leave a Reply" not in other.text
    assert (ours.in_language, other.in_language) == ("und", "en")
    assert ours.provenance == clean(sources[0].data, url=sources[0].url, settings=settings).provenance
    assert ours.provenance.settings == other.provenance.settings == settings.sha256


def test_a_rule_of_the_user_s_own_takes_lines_and_is_hashed_into_the_provenance() -> None:
    settings = Settings(rules=(RuleFile("mine.toml", RULE),))
    ours, plain = clean(TEXT, settings=settings), clean(TEXT)
    assert "tide table" in plain.text
    assert "tide table" not in ours.text
    assert {rule for change in ours.changes for rule in change.rules} >= {"mine/tide-table"}
    assert ours.provenance.rules != plain.provenance.rules
    assert known_rules(settings.rules)["mine/tide-table"] == "a link to the tide table"
    assert "mine/tide-table" not in known_rules()


KEEPS = """[reply]
why = "the name of a column"
role = "body"
block.en = ["Leave a Reply"]
example = '''
- Leave a Reply
  Leave a Reply to the harbour office
'''
"""


def test_a_rule_of_the_user_s_own_keeps_lines_that_others_take_out() -> None:
    settings = Settings(rules=(RuleFile("mine.toml", KEEPS),))
    assert "Leave a Reply" not in clean(TEXT).text
    assert "Leave a Reply" in clean(TEXT, settings=settings).text


def test_a_rule_that_keeps_must_know_its_example() -> None:
    broken = KEEPS.replace("- Leave a Reply", "- Leave a Letter")
    with pytest.raises(ConfigError, match="Leave a Letter"):
        build(Settings(rules=(RuleFile("mine.toml", broken),)))


def test_a_rule_of_the_user_s_own_can_be_left_out() -> None:
    for name in ("mine", "mine/tide-table"):
        settings = Settings(rules=(RuleFile("mine.toml", RULE),), without=frozenset({name}))
        assert "tide table" in clean(TEXT, settings=settings).text
    with pytest.raises(ConfigError, match="did you mean 'mine/tide-table'"):
        build(Settings(rules=(RuleFile("mine.toml", RULE),), without=frozenset({"mine/tide-tables"})))


def test_a_file_named_like_a_pack_adds_to_its_category() -> None:
    settings = Settings(rules=(RuleFile("promo.toml", RULE),))
    categories = {c.category for c in clean(TEXT, settings=settings).changes if "tide" in c.before}
    assert categories == {"promo"}


def test_a_file_under_sites_is_for_its_site_alone() -> None:
    settings = Settings(rules=(RuleFile("sites/a.example.toml", RULE),))
    assert "tide table" not in clean(TEXT, url="https://www.a.example/", settings=settings).text
    assert "tide table" in clean(TEXT, url="https://b.example/", settings=settings).text
    assert "tide table" in clean(TEXT, settings=settings).text


# --- files --------------------------------------------------------------------------------------


def test_the_nearest_settings_file_upwards_is_read(folder: Path) -> None:
    _write(folder / "copydesk.toml", "bar = 0.5")
    deep = folder / "a" / "b"
    deep.mkdir(parents=True)
    assert find(deep) == folder / "copydesk.toml"
    _write(folder / "a" / "pyproject.toml", "[project]\nname = 'x'")
    assert find(deep) == folder / "copydesk.toml"
    _write(folder / "a" / "pyproject.toml", "[tool.copydesk]\nbar = 0.6")
    assert find(deep) == folder / "a" / "pyproject.toml"
    _write(folder / "a" / "copydesk.toml", "bar = 0.7")
    assert find(deep) == folder / "a" / "copydesk.toml"


def test_somebody_else_s_broken_pyproject_is_passed_over_and_one_s_own_is_not(folder: Path) -> None:
    path = _write(folder / "pyproject.toml", "[project\n")
    assert find(folder) != path
    path.write_text("[tool.copydesk]\nbar = = 1", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"^pyproject\.toml: not valid TOML: "):
        load()


def test_a_current_folder_that_is_gone_has_no_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    assert load().values == {}


def test_a_value_comes_from_the_last_that_says_it(folder: Path) -> None:
    _write(folder / "copydesk.toml", "bar = 0.5\nlanguage = false\nwithout = ['nav']\nmax_story_loss = 0.1")
    config = load(None, ["bar=0.6", "without=['promo']"], {"without": ["comment"]})
    settings = config.settings
    assert (settings.bar, settings.language, settings.max_story_loss) == (0.6, False, 0.1)
    assert settings.without == {"comment"}
    origins = {key: value.origin for key, value in config.values.items()}
    assert origins == {
        ("bar",): "--set",
        ("language",): "copydesk.toml",
        ("max_story_loss",): "copydesk.toml",
        ("without",): "--without",
    }


def test_a_named_file_is_read_in_place_of_the_nearest(folder: Path) -> None:
    _write(folder / "copydesk.toml", "bar = 0.5")
    _write(folder / "other" / "strict.toml", "max_story_loss = 0.1")
    settings = load(str(folder / "other" / "strict.toml")).settings
    assert (settings.bar, settings.max_story_loss) == (0.9, 0.1)


def test_rule_folders_are_relative_to_the_settings_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _write(folder / "copydesk.toml", "rules = ['rules', 'one.toml']")
    _write(folder / "rules" / "mine.toml", RULE)
    _write(folder / "rules" / "notes.md", "no rules")
    _write(folder / "rules" / "sites" / "a.example.toml", RULE)
    _write(folder / "one.toml", RULE)
    (folder / "sub").mkdir()
    monkeypatch.chdir(folder / "sub")
    files = load().settings.rules
    assert [file.name for file in files] == ["mine.toml", "one.toml", "sites/a.example.toml"]
    assert {file.text for file in files} == {RULE}


@pytest.mark.parametrize(
    ("text", "key", "value"),
    [
        ("bar=0.95", ("bar",), 0.95),
        ("bar = 1", ("bar",), 1),
        ("language=false", ("language",), False),
        ("without=promo", ("without",), "promo"),
        ("without=['promo', \"nav\"]", ("without",), ["promo", "nav"]),
        ('sites."news.example".bar=0.95', ("sites", "news.example", "bar"), 0.95),
        ("fields.text=content.rendered", ("fields", "text"), "content.rendered"),
        ("fields = {text = 'body'}", ("fields", "text"), "body"),
    ],
)
def test_set_takes_toml_and_bare_words(text: str, key: tuple[str, ...], value: object) -> None:
    assert assemble("/dev/null", [text]).values[key].value == value


def test_sites_and_fields_are_put_together_from_all_places(folder: Path) -> None:
    _write(
        folder / "copydesk.toml",
        "[sites.'a.example']\nbar = 0.5\nlanguage = false\n[fields]\ntext = 'body'\ntitle = 'head'",
    )
    settings = load(
        None, ["sites.'a.example'.bar=0.6", "sites.'b.example'.without=nav", "fields.text=t"]
    ).settings
    assert settings.sites == (
        Site(host="a.example", bar=0.6, language=False),
        Site(host="b.example", without=frozenset({"nav"})),
    )
    assert settings.fields == Fields(text="t", title="head")


def test_the_printed_settings_are_a_settings_file(folder: Path) -> None:
    _write(folder / "rules" / "mine.toml", RULE)
    _write(
        folder / "copydesk.toml",
        "bar = 0.8\nrules = 'rules'\nwithout = ['nav', 'a\"b']\n[sites.'a.example']\nwithout = 'promo'\n",
    )
    for origins in (False, True):
        again = _write(folder / "again.toml", to_toml(assemble(), origins))
        assert assemble(str(again)).settings == assemble().settings


def test_config_says_where_each_value_comes_from(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    _write(folder / "copydesk.toml", "bar = 0.8\n[sites.'a.example']\nbar = 0.7")
    arguments = ["config", "--set", "language=false", "--without", "nav"]
    assert cli.run(arguments) == cli.DONE
    plain = capfd.readouterr().out
    assert "# default" not in plain
    assert cli.run([*arguments, "--show-origin"]) == cli.DONE
    lines = capfd.readouterr().out.splitlines()
    origins = {line.partition(" = ")[0]: line.rpartition("# ")[2] for line in lines if " = " in line}
    assert origins == {
        "bar": "copydesk.toml",
        "without": "--without",
        "language": "--set",
        "max_risk": "default",
        "max_story_loss": "default",
        "headlines": "default",
        "rules": "default",
    }
    assert '[sites."a.example"]' in lines


# --- settings that cannot be used ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("baar = 1", "baar = 1: there is no such setting; hint: did you mean 'bar'?"),
        ("max-story-loss = 1", "max-story-loss = 1: there is no such setting; hint: did you mean 'max_story_loss'?"),
        ("zzz = 1", "zzz = 1: there is no such setting; hint: the keys are bar, without, "),
        ("bar = 'high'", "bar: 'high': expected a number, got text; hint: for example bar = 0.5"),
        ("bar = true", "bar: True: expected a number, got true or false; hint:"),
        ("bar = 2", "bar: 2.0 is not between 0 and 1; hint: for example bar = 0.5"),
        ("bar = " + "9" * 400, "bar: 999"),
        ("bar = 1979-05-27", "bar: datetime.date(1979, 5, 27): expected a number, got "),
        ("\"\\u001b[31m\" = 1", "\\u001b[31m = 1: there is no such setting; hint: the keys are "),
        ("bar = nan", "bar: nan is not between 0 and 1"),
        ("max_story_loss = -1", "max_story_loss: -1.0 is not between 0 and 1"),
        ("language = 'yes'", "language: 'yes': expected true or false, got text; hint: for example language = true"),
        ("without = 3", "without: 3: expected a list, got a number; hint: for example without = [\"promo\"]"),
        ("without = [3]", "without: [3]: expected text, got a number"),
        ("without = ['promoo']", "without: there is no rule 'promoo'; hint: did you mean 'promo'?"),
        ("fields = 3", "fields: 3 is no table; hint: [fields] text = "),
        ("fields.txt = 'a'", "fields.txt = 'a': there is no such setting; hint: did you mean 'text'?"),
        ("fields.text = 3", "fields.text: 3: expected text, got a number; hint: for example text = \"name\""),
        ("sites = 3", "sites: 3 is no table; hint: [sites.\"news.example\"] bar = 0.95"),
        ("[sites.news.example]\nbar = 1", "sites.news.example: not a switch; hint: quote the host: sites.\"news.example\""),
        ("[sites.'WWW.X.example']", "sites: 'WWW.X.example' is no bare host name; hint: write 'x.example'"),
        ("[sites.'x.example']\nbaar = 1", "sites.x.example.baar = 1: there is no such setting; hint: did you mean 'bar'?"),
        ("[sites.'x.example']\nbar = 7", "sites.x.example.bar: 7.0 is not between 0 and 1"),
        ("[sites.'x.example']\nwithout = 'coment'", "sites.x.example.without: there is no rule 'coment'; hint: did you mean 'comment'?"),
        ("rules = 3", "rules: 3: expected a list of folders; hint: rules = [\"rules\"]"),
        ("rules = 'rulez'", "rules: rulez: no such file or folder; hint: did you mean 'rules'?"),
        ("rules = 'zzz'", "rules: zzz: no such file or folder; hint: paths are relative to "),
        ("rules = 'empty'", "rules: empty: no rules there; hint: rules stand in files NAME.toml"),
        ("rules = 'bare'", "rules: bare: no rules there; hint: rules stand in files NAME.toml"),
        ("rules = ['rules', 'more']", "rules/mine.toml and more/mine.toml have one name; hint: rename one"),
        ("bar = = 1", "not valid TOML: Invalid value (at line 1, column 7)"),
        ("a = " + "[" * 100_000, "not valid TOML: "),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_used_is_said_with_its_place_and_a_hint(
    body: str, message: str, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    _write(folder / "rules" / "mine.toml", RULE)
    _write(folder / "more" / "mine.toml", RULE)
    (folder / "empty").mkdir()
    _write(folder / "bare" / "mine.toml", "# none yet")
    _write(folder / "copydesk.toml", body)
    _write(folder / "a.txt", TEXT)
    assert cli.run(["clean", "a.txt", "-o", "out"]) == cli.USAGE
    out, err = capfd.readouterr()
    assert err.startswith("copydesk: copydesk.toml: ")
    assert message in err.replace(f"{folder}/", "")
    assert err.count("\n") == 1
    assert len(err) < 400
    assert "\x1b" not in err
    assert out == ""
    assert not (folder / "out").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("bar", "--set: 'bar' is not KEY=VALUE; hint: --set bar=0.95"),
        ("bar=1\nlanguage=false", "is not KEY=VALUE"),
        ("bar=\"x", "--set: bar: '\"x' is not valid TOML: "),
        ("bar=0.9 1", "--set: bar: '0.9 1' is not valid TOML: "),
        ("bar=high", "--set: bar: 'high': expected a number, got text; hint: for example bar = 0.5"),
        ("baar=1", "--set: baar = 1: there is no such setting; hint: did you mean 'bar'?"),
        ("sites.news.example.bar=1", "hint: quote the host: sites.\"news.example\""),
    ],
)  # fmt: skip
def test_a_bad_set_says_so(text: str, message: str, folder: Path) -> None:
    with pytest.raises(ConfigError, match=re.escape(message)):
        load(None, [text])


def test_a_settings_file_that_cannot_be_read_says_so(folder: Path) -> None:
    _write(folder / "pyproject.toml", "[project]\nname = 'x'")
    (folder / "latin.toml").write_bytes(b"without = ['\xe9']")
    for file, message in (
        ("nowhere.toml", r"^nowhere\.toml: cannot read it: No such file or directory"),
        ("pyproject.toml", r"^pyproject\.toml: there is no table \[tool\.copydesk\]; hint:"),
        ("latin.toml", r"^latin\.toml: not UTF-8; hint:"),
    ):
        with pytest.raises(ConfigError, match=message):
            load(file)


def test_the_option_is_named_where_it_is_wrong(folder: Path) -> None:
    with pytest.raises(ConfigError, match=r"^--without: there is no rule 'comment/leav'"):
        load(None, [], {"without": ["comment/leav"]})


# --- rules of one's own -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("mine.toml", RULE.replace("block.en", "blok.en"), "[tide-table].blok: not a key of a rule; hint: did you mean 'block'?"),
        ("mine.toml", RULE.replace("why =", "at = 'tial'\nwhy ="), "[tide-table].at: 'tial' is not known; hint: did you mean 'tail'?"),
        ("mine.toml", RULE.replace("  See the", "- See the"), "[tide-table].example: needs a line that goes ('- ') and a near miss that stays"),
        ("mine.toml", RULE.replace(", he said", ""), "[tide-table].example: 'See the tide table.': goes, but the example says: stays"),
        ("mine.toml", RULE.replace("block.en = ['See", "pattern = ['(a+)+b', 'See").replace('block.en = ["See the tide table"]', "pattern = ['(a+)+b']"), "[tide-table].pattern: '(a+)+b': a repeat inside a repeat; hint: use one character class"),
        ("mine.toml", RULE.replace('block.en = ["See the tide table"]', "pattern = ['(?<=a+)b']"), "not a regular expression: look-behind requires fixed-width pattern"),
        ("mine.toml", RULE.replace('block.en = ["See the tide table"]', "pattern = ['a{99999999999}']"), "not a regular expression: "),
        ("comment.toml", RULE.replace("tide-table", "leave-a-comment"), "[leave-a-comment]: cleaners/rules/comment.toml has comment/leave-a-comment, too; hint: rename one"),
        ("sites/mine.toml", RULE, "[tide-table]: mine.toml has mine/tide-table, too; hint: rename one"),
        ("repair.toml", RULE.replace("tide-table", "encoding"), "[encoding]: repair/encoding is a rule in code; hint: rename it"),
        ("My rules.toml", RULE, "'My rules/tide-table' is no id; hint: name file and rule in lower-case letters"),
        ("sites/www.news.example.toml", RULE, "'www.news.example' is no bare host name; hint: call the file news.example.toml"),
        ("mine.toml", "tide = [", "not valid TOML: "),
        ("mine.toml", "a = " + "[" * 100_000, "not valid TOML: "),
    ],
)  # fmt: skip
def test_a_rule_of_one_s_own_that_cannot_be_used_stops_with_its_path_and_a_hint(
    name: str, text: str, message: str, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    _write(folder / "copydesk.toml", "rules = ['house']")
    _write(folder / "house" / "mine.toml", RULE)
    _write(folder / "house" / name, text)
    _write(folder / "a.txt", TEXT)
    assert cli.run(["clean", "a.txt", "-o", "out"]) == cli.USAGE
    err = capfd.readouterr().err
    assert err.startswith(f"copydesk: house/{name}: ")
    assert message in err
    assert not (folder / "out").exists()


def test_rules_of_one_s_own_are_listed_shown_and_tested(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    _write(folder / "copydesk.toml", "rules = ['house']")
    _write(folder / "house" / "mine.toml", RULE)
    assert cli.run(["rules", "list"]) == cli.DONE
    assert re.search(r"^mine/tide-table +a link to the tide table$", capfd.readouterr().out, re.MULTILINE)
    assert cli.run(["rules", "show", "mine/tide-table"]) == cli.DONE
    assert "file: mine.toml" in capfd.readouterr().out
    assert cli.run(["rules", "show", "comment/leave-a-comment"]) == cli.DONE
    assert "file: cleaners/rules/comment.toml" in capfd.readouterr().out
    assert cli.run(["rules", "test", "house"]) == cli.DONE
    assert capfd.readouterr().out == "1 rule, 0 problems\n"
    assert cli.run(["clean", "--set", "rules=house", "-q", str(_write(folder / "a.txt", TEXT))]) == cli.DONE
    assert "mine/tide-table" in capfd.readouterr().out


def test_testing_a_folder_says_which_examples_do_not_hold_and_what_they_break(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    greedy = (
        "[greedy]\nwhy = 'a test'\nblock.en = ['Harbour news']\npattern = ['.*u.*u.*u.*u!']\n"
        "example = '''\n- Harbour news\n  Leave a reply\n'''\n"
    )
    wrong = RULE.replace("- SEE THE", "- HEAR THE")
    _write(folder / "house" / "mine.toml", wrong)
    _write(folder / "house" / "more.toml", greedy)
    assert cli.run(["rules", "test", "house"]) == cli.USAGE
    out, err = capfd.readouterr()
    assert "mine/tide-table: 'HEAR THE TIDE TABLE': stays, but the example says: goes" in err
    assert "more/greedy: '.*u.*u.*u.*u!' takes long on hostile lines; hint: bound its repeats" in err
    assert re.match(r"2 rules, \d problems\n", out)
    assert cli.run(["rules", "test", "nowhere"]) == cli.USAGE
    assert "rules test: nowhere: no such file or folder" in capfd.readouterr().err


def test_a_rule_that_swallows_another_s_near_miss_is_found_by_the_test(
    folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    from cleaners.rulebook import load_rules, read_example

    victim = next(rule for rule in load_rules() if rule.id == "comment/leave-a-comment")
    near = next(text for text, should in zip(*read_example(victim), strict=True) if should)
    body = f"[all]\nwhy = 'a test'\nblock.en = ['{near}']\nexample = '''\n- {near}\n  It stays.\n'''\n"
    _write(folder / "house" / "mine.toml", body)
    assert cli.run(["rules", "test", "house"]) == cli.USAGE
    assert (
        "comment/leave-a-comment: fired on its example: comment/leave-a-comment, mine/all"
        in capfd.readouterr().err
    )
