"""A run in numbers: parts merge into the whole, and hostile text stays text."""

from __future__ import annotations

from cleaners import clean
from cleaners.report import Summary, markdown, merge, problem, sentence, shorten, summarize, visible
from tests.samples import SEEDS


def _parts() -> list[Summary]:
    return [summarize(clean(path.read_bytes())) for path in SEEDS] + [problem("x.txt", "unreadable")]


def test_parts_merge_into_the_same_whole_in_any_grouping() -> None:
    parts = _parts()
    whole = merge(parts)
    assert merge([merge(parts[:5]), merge(parts[5:9]), merge(parts[9:])]) == whole
    assert merge([]) == Summary()
    assert whole.articles == len(SEEDS)


def test_a_run_is_told_in_one_sentence() -> None:
    assert sentence(merge([])) == "0 articles; 0 removals, 0 moved to fields, 0 repairs, 0 to review"
    assert "1 input failed" in sentence(merge(_parts()))


def test_markdown_lists_rules_by_count_and_failures() -> None:
    page = markdown(merge(_parts()))
    counts = [
        int(line.split("|")[2].replace(",", "")) for line in page.splitlines() if line.startswith("| `")
    ]
    assert counts == sorted(counts, reverse=True)
    assert "| x.txt | unreadable |" in page


def test_text_in_a_table_cell_is_no_markup() -> None:
    page = markdown(merge([problem("a|b\n<img src=x>", "`code` [link](x)")]))
    assert page.splitlines()[-1] == "| a\\|b\\\\u000a\\<img src=x\\> | \\`code\\` \\[link\\](x) |"


def test_long_text_is_cut_in_the_middle_and_controls_are_written_out() -> None:
    assert shorten("word " * 40, 20) == "word word wor … word"
    assert visible("a\x1b[31m\u202eb é 😀\u00a0") == "a\\u001b[31m\\u202eb é 😀\u00a0"


def test_a_folder_of_failures_is_not_listed_whole() -> None:
    page = markdown(merge(problem(f"{number}.txt", "unreadable") for number in range(1_000)))
    assert "| and 950 more | |" in page
    assert page.count("unreadable") == 50
