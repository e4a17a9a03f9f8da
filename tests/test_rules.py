"""Every rule proves itself; a rule that cannot be used says where and why."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from unittest.mock import patch

import pytest

from cleaners import clean
from cleaners.folding import fold
from cleaners.lookup import Index, Pattern, Phrases
from cleaners.matching import strip_boilerplate
from cleaners.model import Block, apply
from cleaners.patterns import regex_fault
from cleaners.rule import ADMITS, LONGEST, LONGEST_NOTE, Place, Rule
from cleaners.rulebook import RuleError, check, document_of, faults, load_rules, parse
from tests.samples import PROSE, SEEDS

RULES = load_rules()
ALL = strip_boilerplate(RULES)
IDS = [rule.id for rule in RULES]


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_a_rule_holds_its_example_alone(rule: Rule) -> None:
    assert check(rule) == []


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_a_rule_holds_its_example_among_all_rules(rule: Rule) -> None:
    assert check(rule, ALL) == []


def test_ids_are_unique_and_name_their_pack() -> None:
    assert len(set(IDS)) == len(IDS)
    assert all(re.fullmatch(r"[a-z.-]+/[a-z0-9-]+", name) for name in IDS)


def test_no_phrase_shadows_another() -> None:
    owners: dict[tuple[str, str, str], str] = {}
    for rule in RULES:
        for phrase in (phrase for phrases in rule.block.values() for phrase in phrases):
            for zone in (zone for zone, places in ADMITS.items() if rule.at in places):
                key = (f"{rule.site} {rule.company}", zone, fold(phrase).whole)
                assert owners.setdefault(key, rule.id) == rule.id, f"{phrase!r} in {rule.id}"


def _lists(rule: Rule) -> Iterator[list[str]]:
    yield from rule.block.values()
    yield from rule.starts.values()


@pytest.mark.parametrize("rule", RULES, ids=IDS)
def test_phrases_are_sorted_and_stand_once(rule: Rule) -> None:
    for phrases in _lists(rule):
        assert phrases == sorted(phrases, key=str.casefold)
        assert len({fold(phrase) for phrase in phrases}) == len(phrases)


def test_a_look_ahead_that_is_put_off_never_changes_what_a_pattern_matches() -> None:
    sources = {source for rule in RULES for source in rule.pattern}
    lines = {line[2:] for rule in RULES for line in rule.example.splitlines() if line[2:]}
    lines |= {f"“{line}” she said." for line in lines} | {f"{line}, said the mayor" for line in lines}
    put_off = [pattern for pattern in map(Pattern, sources) if not pattern.is_exact]
    assert len(put_off) > 40
    for pattern in put_off:
        assert [x for x in lines if pattern.exact.fullmatch(x) and not pattern.bare.fullmatch(x)] == []
        found = [x for x in lines if pattern.bare.fullmatch(x)]
        assert [x for x in found if pattern.fullmatch(x)] == [x for x in found if pattern.exact.fullmatch(x)]


@pytest.mark.parametrize(
    ("source", "bare"),
    [
        ("(?!x)a", "a"),
        ("(?i)(?:(?!.{0,9}(?:[)|]|x))a|b|(?!y)c)", "(?i)(?:a|b|c)"),
        ("(?i:(?!x)a)", "(?i:a)"),
        ("(?:a)(?!x)b", "(?:a)(?!x)b"),
        (r"a\|(?!x)b[|(]|c", r"a\|(?!x)b[|(]|c"),
        ("(?:(?!x)a|b)c", "(?:(?!x)a|b)c"),
        (r"(?:(?!(x))a\1|b)", r"(?:(?!(x))a\1|b)"),
    ],
)
def test_only_looks_ahead_in_front_of_whole_alternatives_are_put_off(source: str, bare: str) -> None:
    assert Pattern(source).bare.pattern == bare


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_has_no_fault_that_a_user_s_rule_is_refused_for(rule: Rule) -> None:
    assert list(faults(rule)) == []


def test_few_patterns_are_tried_on_every_line() -> None:
    ungated = [rule.id for rule in RULES if rule.pattern and not rule.word]
    assert len(ungated) <= 25, "give a pattern a word, or make it a phrase"


# --- hostile input ----------------------------------------------------------------------------

HOSTILE = [" ", "a", "A ", "1", "1.", "- ", ">", "“", "(", "a: ", "A, ", ". ", "/", "é"]


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.pattern], ids=lambda rule: rule.id)
def test_a_pattern_is_linear_on_hostile_input(rule: Rule) -> None:
    """Blocks that patterns look at are of bounded length, so a document costs at most its length times
    the worst block."""
    for source in rule.pattern:
        assert regex_fault(source) is None
        pattern = Pattern(source)
        # Compiled before the clock starts.
        assert pattern.bare
        assert pattern.exact
        heads = ["", *[line[2:] for line in rule.example.splitlines() if line[2:]]]
        for head in heads:
            for filler in HOSTILE:
                text = (head + filler * LONGEST_NOTE)[: LONGEST_NOTE - 1] + "\x00"
                started = time.process_time()
                pattern.fullmatch(text)
                pattern.exact.fullmatch(text)
                assert time.process_time() - started < 0.05, f"{source!r} on {text!r}"


@pytest.mark.parametrize(
    "pattern",
    [
        *("(a+)+b", "(?:[a-z]+ )*x", "(?:x{1,9}y?){2,9}", ".*a.*b.*c.*d.*e", "(unclosed"),
        *("(?:a|a)*b", "(?:a|aa){1,99}b", "(?:a?){1,60}b", "(?:Home|(?i:home) ?)*x"),
        *("(?:News|Sport|News(?: desk)?) {0,9}(?:ab|a|b){1,50}$", "(?:\\w|\\d\\d)*-", "(?:.|\\s\\s){1,200}x"),
    ],
)
def test_a_pattern_that_may_explode_is_refused(pattern: str) -> None:
    assert regex_fault(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?:a|b)?c+",
        r"\d{1,3}(?:[.,]\d)? ?°?[CF]",
        "(?:x.{1,80}|y.{1,80})",
        "(?:Home|Homes|News)(?: (?:Home|Homes|News)){1,20}",
        "(?:a|ab){1,4}c",
    ],
)
def test_an_ordinary_pattern_is_accepted(pattern: str) -> None:
    assert regex_fault(pattern) is None


# --- what the keys of a rule mean ---------------------------------------------------------------

STORY = (
    "The harbour board met on Tuesday evening to hear the engineers explain why the old stone quay had "
    "settled by a hand's breadth since the spring, and what it would cost to hold it."
)


def _rule(body: str, file: str = "test.toml", site: str = "") -> Rule:
    return parse("[rule]\nwhy = 'a test'\n" + body, file, site)[0]


def _out(rule: Rule, lines: list[str], site: str = "") -> list[str]:
    """The lines that the rule takes out or cuts."""
    doc = document_of(lines, site)
    done = apply(doc, strip_boilerplate([rule])(doc), 0.9)
    return [line for line, block in zip(lines, done.blocks, strict=True) if block != Block(
        block.start, block.end, line)]  # fmt: skip


EXAMPLE = "\nexample = '''\n- {}\n  It stays.\n'''\n"


def test_block_phrases_ignore_case_width_spaces_numbers_and_outer_punctuation() -> None:
    rule = _rule("block.en = ['3 Comments']" + EXAMPLE.format("3 comments"))
    for line in ("3 comments", "[ 12  COMMENTS ]", "1,204 comments:", "３ Ｃomments"):
        assert _out(rule, [line]) == [line]
    for line in ("Comments", "3 comments were read out."):
        assert _out(rule, [line]) == []


def test_a_start_ends_with_a_word_and_takes_short_blocks_only() -> None:
    rule = _rule("starts.en = ['Read more:', 'Related']" + EXAMPLE.format("Related: x"))
    for line in ("READ MORE : Ferry strike ends", "Related stories", "» Read more: x"):
        assert _out(rule, [line]) == [line]
    for line in ("Read more closely, it says no.", "Relatedness", "Read more: " + "x" * LONGEST):
        assert _out(rule, [line]) == []


def test_what_somebody_says_or_asks_is_no_phrase() -> None:
    rule = _rule("block.en = ['Follow us']\nstarts.en = ['Read more:']" + EXAMPLE.format("Follow us"))
    spoken = ["“Follow us!”", "«Follow us»", "— Follow us", "„Follow us“.", "Follow us?", "“Read more: go on"]
    assert _out(rule, spoken) == ["“Read more: go on"]
    assert _out(rule, ["Follow us!", "» Follow us", "Follow us »"]) == [
        "Follow us!",
        "» Follow us",
        "Follow us »",
    ]


def test_a_phrase_that_asks_wants_its_question_mark() -> None:
    rule = _rule("block.en = ['Already a member?']" + EXAMPLE.format("Already a member?"))
    assert _out(rule, ["Already a member? »", "Already a member"]) == ["Already a member? »"]


def test_turkish_capitals_fold_like_their_small_letters() -> None:
    rule = _rule("block.tr = ['Aboneliği paylaşın, kapalı']" + EXAMPLE.format("Aboneliği paylaşın, kapalı"))
    assert _out(rule, ["ABONELİĞİ PAYLAŞIN, KAPALI"]) == ["ABONELİĞİ PAYLAŞIN, KAPALI"]


def test_a_start_needs_no_word_end_where_words_are_not_spaced() -> None:
    rule = _rule("starts.ja = ['関連記事']" + EXAMPLE.format("関連記事駅"))
    assert _out(rule, ["関連記事駅舎の写真"]) == ["関連記事駅舎の写真"]


def test_several_patterns_match_consecutive_blocks() -> None:
    rule = _rule("pattern = ['[0-9.]{1,5} C', '[A-Z][a-z ]{1,20}']" + EXAMPLE.format("1 C\n- Oslo"))
    assert _out(rule, ["15.5 C", "Oslo", "Bergen"]) == ["15.5 C", "Oslo"]
    assert _out(rule, ["15.5 C", STORY, "Oslo"]) == []
    assert _out(rule, ["15.5 C"]) == []


def test_a_rule_that_wants_to_be_alone_leaves_lists_of_such_lines() -> None:
    rule = _rule("alone = true\npattern = ['[0-9]{1,2} C [A-Z][a-z]{1,9}']" + EXAMPLE.format("9 C Oslo"))
    assert _out(rule, ["9 C Oslo", "A line"]) == ["9 C Oslo"]
    assert _out(rule, ["9 C Oslo", "11 C Bergen", "A line"]) == []
    assert _out(rule, ["9 C Oslo"]) == ["9 C Oslo"]


def test_a_gated_pattern_is_tried_only_where_its_word_stands() -> None:
    rule = _rule("word = ['min']\npattern = ['.{1,9} read']" + EXAMPLE.format("3 min read"))
    assert _out(rule, ["3 min read"]) == ["3 min read"]
    assert _out(rule, ["3 mi read"]) == []


def test_head_is_above_the_first_story_shaped_block() -> None:
    rule = _rule("at = 'head'\nblock.en = ['English']" + EXAMPLE.format("English"))
    assert _out(rule, ["English", "A headline", STORY, "English."]) == ["English"]


def test_without_a_story_the_head_is_what_stands_above_everything_that_stays() -> None:
    rule = _rule("at = 'head'\nblock.en = ['English']" + EXAMPLE.format("English"))
    assert _out(rule, ["English", "Which language?", "English."]) == ["English"]


def test_the_tail_begins_behind_two_story_shaped_blocks() -> None:
    rule = _rule("at = 'tail'\nblock.en = ['Loading']" + EXAMPLE.format("Loading"))
    assert _out(rule, [STORY, "Loading", STORY, "Loading"]) == ["Loading"]
    assert _out(rule, ["Loading"]) == []


def test_the_edge_is_head_or_tail() -> None:
    rule = _rule("at = 'edge'\nblock.en = ['Menu']" + EXAMPLE.format("Menu"))
    assert _out(rule, ["Menu", "A headline", STORY, "Menu", STORY, "Menu"]) == ["Menu", "Menu"]


def test_the_end_has_two_story_shaped_blocks_below_it_at_most() -> None:
    rule = _rule("at = 'end'\nblock.en = ['About us']" + EXAMPLE.format("About us"))
    assert _out(rule, ["About us", STORY, STORY, "About us", STORY, STORY, "About us"]) == ["About us"] * 2
    assert _out(rule, ["About us", STORY, STORY, "About us", STORY, STORY, STORY]) == []


def test_patterns_look_at_long_notices_in_the_head_and_at_the_end_only() -> None:
    note = "Copyright " + "x" * (LONGEST_NOTE - 20)
    body = "word = ['copyright']\npattern = ['Copyright .{1,600}']" + EXAMPLE.format("Copyright x")
    assert _out(_rule("at = 'end'\n" + body), [STORY, STORY, note]) == [note]
    assert _out(_rule("at = 'head'\n" + body), [note, STORY, STORY]) == [note]
    assert _out(_rule(body), [note, STORY, STORY, note]) == []
    assert _out(_rule("at = 'end'\n" + body), [STORY, STORY, note + "x" * LONGEST]) == []


def test_a_rule_that_needs_company_fires_beside_boilerplate_or_beside_its_like() -> None:
    rule = _rule("company = true\nblock.en = ['Opinion', 'Sport', 'World']" + EXAMPLE.format("World"))
    assert _out(rule, ["Opinion", STORY, "Sport"]) == []
    assert _out(rule, ["Opinion", "Sport", STORY, "Sport"]) == ["Opinion", "Sport"]
    assert _out(rule, ["Opinion", "Sport.", STORY]) == []
    assert _out(rule, ["Opinion", "Sport", "Which?"]) == []
    assert _out(rule, ["Opinion", "Sport", "World", "Which?"]) == ["Opinion", "Sport", "World"]
    sure = _rule("block.en = ['Trending now']" + EXAMPLE.format("Trending now"))
    lines = ["Sport", "World", "Trending now", "Opinion", STORY, "Sport"]
    doc = document_of(lines)
    done = apply(doc, strip_boilerplate([rule, sure])(doc), 0.9)
    assert [block.text for block in done.blocks if block.role == "body"] == [STORY, "Sport"]


def test_rest_takes_everything_behind_it_in_the_tail_only() -> None:
    rule = _rule("takes = 'rest'\nblock.en = ['Leave a Comment']" + EXAMPLE.format("Leave a comment"))
    assert _out(rule, [STORY, STORY, "Leave a Comment", "Name", "E-mail"]) == [
        "Leave a Comment",
        "Name",
        "E-mail",
    ]
    assert _out(rule, [STORY, "Leave a Comment", "It goes on."]) == ["Leave a Comment"]


def test_a_trim_cuts_at_a_sentence_boundary_only() -> None:
    rule = _rule(
        "trim = 'end'\nstarts.en = ['Read more:']\n"
        "example = '''\n- He left. Read more: x\n+ He left.\n  Read more: of it, he said.\n'''\n"
    )
    assert _out(rule, [STORY + " Read more: Ferry strike ends"])
    assert _out(rule, ["“It is over.” Read more: Ferry strike ends"])
    assert _out(rule, ["The sign said Read more: Ferry strike ends"]) == []
    assert _out(rule, ["He paused. Read more: a plea, she wrote. It was ignored"]) == []
    assert _out(rule, ["He paused. Read more: a plea that was ignored."]) == []


def test_a_site_rule_is_for_its_site_alone_and_does_not_displace_another() -> None:
    ours = _rule("block.en = ['Trending']" + EXAMPLE.format("Trending"), "sites/a.example.toml", "a.example")
    assert ours.id == "a.example/rule"
    assert _out(ours, ["Trending"], site="a.example") == ["Trending"]
    assert _out(ours, ["Trending"], site="b.example") == []


def test_a_weighted_rule_never_decides_alone() -> None:
    rule = _rule("weight = 0.6\nblock.en = ['Opinion']" + EXAMPLE.format("Opinion"))
    assert _out(rule, ["Opinion"]) == []


def test_named_groups_become_facts() -> None:
    article = clean(f"{STORY}\n\n{STORY[:-1]} there.\n\nOne thought on “The old quay is sinking”")
    assert article.headline == "The old quay is sinking"


# --- rules that cannot be used ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("", ".example: missing; hint: every rule has a why and an example"),
        ("block.en = ['x']", ".example: missing; hint: every rule has a why and an example"),
        (
            "blocks.en = ['x']" + EXAMPLE.format("x"),
            ".blocks: not a key of a rule; hint: did you mean 'block'?",
        ),
        (
            "zzz.en = ['x']" + EXAMPLE.format("x"),
            ".zzz: not a key of a rule; hint: the keys are why, example, block",
        ),
        (
            "at = 'tial'\nblock.en = ['x']" + EXAMPLE.format("x"),
            ".at: 'tial' is not known; hint: did you mean 'tail'?",
        ),
        (
            "at = 'foot'\nblock.en = ['x']" + EXAMPLE.format("x"),
            ".at: 'foot' is not known; hint: one of any, head, tail, edge, end",
        ),
        (
            "role = 'headlin'\nblock.en = ['x']" + EXAMPLE.format("x"),
            ".role: 'headlin' is not known; hint: did you mean 'headline'?",
        ),
        (
            "trim = 3\nblock.en = ['x']" + EXAMPLE.format("x"),
            ".trim: 3 is not known; hint: one of start, end",
        ),
        ("block = ['x']" + EXAMPLE.format("x"), ".block: ['x']: expected `object`, got `array`; hint: "),
        (
            "word = 'x'\nblock.en = ['x']" + EXAMPLE.format("x"),
            ".word: 'x': expected `array`, got `str`; hint",
        ),
        ("block.en = ['…']" + EXAMPLE.format("x"), ".block.en: an empty phrase"),
        ("pattern = ['(a+)+']" + EXAMPLE.format("x"), "a repeat inside a repeat"),
        ("pattern = ['(']" + EXAMPLE.format("x"), "not a regular expression"),
        (EXAMPLE.format("x"), "nothing to recognize; hint: give it block, starts or pattern"),
        ("block.en = ['x']\nexample = '''\n- x\n'''", "a near miss that stays"),
        ("block.en = ['x']\nexample = '''\n- x\ny\n'''", "each line begins with"),
        ("weight = 1.5\nblock.en = ['x']" + EXAMPLE.format("x"), ".weight: 1.5 is not between"),
        ("id = 'mine'\nblock.en = ['x']" + EXAMPLE.format("x"), ".id: not a key of a rule"),
        ("trim = 'end'\nblock.en = ['x']" + EXAMPLE.format("x"), ".block: a phrase to be cut off has 5"),
        ("starts.en = ['x:']" + EXAMPLE.format("x: y"), ".starts: a beginning has 3 letters at least"),
        ("alone = true\nblock.en = ['x']" + EXAMPLE.format("x"), ".alone: looks at neighbours through"),
        ("company = true\nalone = true\npattern = ['x']" + EXAMPLE.format("x"), ".company: the line needs"),
        ("company = true\npattern = ['x', 'y']" + EXAMPLE.format("x"), ".company: looks at one line"),
        ("trim = 'end'\ntakes = 'rest'\nblock.en = ['x']" + EXAMPLE.format("x"), "cuts one block only"),
    ],
)
def test_a_rule_that_cannot_be_used_stops_with_file_key_and_hint(body: str, message: str) -> None:
    with pytest.raises(RuleError, match=re.escape(message)) as caught:
        _rule(body, "odd.toml")
    assert str(caught.value).startswith("odd.toml: [rule]")


@pytest.mark.parametrize("text", ["[x]\nwhy = 'a'\n[x]\nwhy = 'b'", "not toml", "rule = 3"])
def test_a_file_that_cannot_be_read_stops_with_its_name(text: str) -> None:
    with pytest.raises(RuleError, match=r"^odd\.toml: "):
        parse(text, "odd.toml")


def test_an_example_that_does_not_hold_is_said_line_by_line() -> None:
    rule = _rule("block.en = ['Trending now']" + EXAMPLE.format("Trending today"))
    problems = check(rule)
    assert "'Trending today': stays, but the example says: goes" in problems[0]


def test_the_look_that_spares_the_folding_never_changes_what_is_found() -> None:
    index = Index(rule for rule in RULES if rule.is_sure and not rule.trim)
    phrases = [
        p for rule in RULES for lists in (rule.block, rule.starts) for ps in lists.values() for p in ps
    ]
    lines = [line[2:] for rule in RULES for line in rule.example.splitlines() if line[2:]]
    lines += [line for path in [*SEEDS, *PROSE] for line in path.read_text("utf-8", "replace").splitlines()]
    forms = (str.upper, lambda p: f"» {p.replace(' ', '  ')} …")
    lines += [form(p) for p in phrases[::7] for form in forms]
    lines = [line.strip() for line in lines if line.strip()]
    places = [Place("head", ""), Place("end", "")]

    def found() -> list[object]:
        return [index.find((Block(0, len(x), x),), 0, place) for place in places for x in lines]

    quick = found()
    with patch.object(Phrases, "_is_strange", return_value=False):
        assert found() == quick
