"""Tables: rows are records, whatever separates them; what is broken is a problem of its row."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaners import cli, files, tables
from cleaners.article import Article
from cleaners.ledger import restore
from cleaners.records import RecordError

STORY = 'The board said "no" on Tuesday.\n\nLeave a Reply\n\nThe quay, it added, stays open; for now.'
CLEANED = 'The board said "no" on Tuesday.\n\nThe quay, it added, stays open; for now.'
HEADER = ["id", "title", "text"]


def table(rows: list[list[str]], separator: str = ",", end: str = "\r\n") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, lineterminator=end).writerows(rows)
    return out.getvalue().encode()


def rows(data: bytes) -> list[dict[str, str] | RecordError]:
    return list(tables.rows(io.BytesIO(data)))


@pytest.mark.parametrize("separator", tables.SEPARATORS)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_rows_are_records_whatever_separates_them(separator: str, end: str) -> None:
    data = table([HEADER, ["1", "Quay; or pier, or both", STORY], [], ["2", "", "T"]], separator, end)
    expected = [
        {"id": "1", "title": "Quay; or pier, or both", "text": STORY},
        {"id": "2", "title": "", "text": "T"},
    ]
    assert rows(data) == expected
    assert rows(b"\xef\xbb\xbf" + data) == expected


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8")), min_size=3, max_size=3)))
def test_any_text_comes_through(written: list[list[str]]) -> None:
    kept = [dict(zip(HEADER, row, strict=True)) for row in written if any(map(str.strip, row))]
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([HEADER, *written])
    assert rows(out.getvalue().encode()) == kept


def test_columns_without_a_name_are_called_by_their_number() -> None:
    assert rows(b",text,,\n0,T,a,b\n") == [{"column 1": "0", "text": "T", "column 3": "a", "column 4": "b"}]


def test_a_field_that_is_no_utf_8_is_read_as_its_encoding() -> None:
    found = rows(table([HEADER, ["1", "Café", "T"], ["2", "Cafe", "é"]]).replace("Café".encode(), b"Caf\xe9"))
    assert found == [{"id": "1", "title": "Café", "text": "T"}, {"id": "2", "title": "Cafe", "text": "é"}]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"2,T", "fields in the row: 2, in the header: 3"),
        (b"2,T,a,b", "fields in the row: 4, in the header: 3"),
        (b'2,"he said "no" to it",T', "not CSV: ',' expected after '\"'"),
    ],
)
def test_a_broken_row_is_a_problem_and_the_rest_is_read(row: bytes, reason: str) -> None:
    first, problem, last = rows(b"id,title,text\n1,A,B\n" + row + b"\n3,C,D\n")
    assert (first, last) == ({"id": "1", "title": "A", "text": "B"}, {"id": "3", "title": "C", "text": "D"})
    assert isinstance(problem, RecordError)
    assert str(problem) == reason
    assert problem.hint


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b'id,text\n1,"open\n2,T\n', "not CSV: unexpected end of data"),
        (b"text,id,text\na,b,c\n", "two columns are called 'text'"),
        ("id,text\n1,T\n".encode("utf-16"), "a table in UTF-16"),
        (b"id,text\r1,T\r", "not CSV: new-line character seen in unquoted field"),
    ],
)
def test_a_table_that_cannot_be_read_is_one_problem(data: bytes, reason: str) -> None:
    (problem,) = rows(data)
    assert isinstance(problem, RecordError)
    assert str(problem).startswith(reason)


def test_a_field_without_end_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "LARGEST_FIELD", 100)
    problem, *_ = rows(b'id,text\n1,"' + b"word " * 50 + b'"\n')
    assert isinstance(problem, RecordError)
    assert "field larger than field limit" in str(problem)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"id,text\n", b"\xef\xbb\xbf"])
def test_a_table_may_be_empty(data: bytes) -> None:
    assert rows(data) == []


# --- on the command line --------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["wire.csv", "wire.tsv", "WIRE.CSV", "wire.csv.gz", "wire.data"])
def test_a_table_is_cleaned_row_by_row(tmp_path: Path, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    data = table([
        ["Id", "Publish Date", "Author", "Article", "Desk"],
        ["7", "2024-05-01", "['Ann Mole', 'Bo Dahl']", STORY, "local"],
        ["8", "", "", "The ferry is late.", "x"],
    ], "\t" if name.endswith("tsv") else ",")  # fmt: skip
    path = tmp_path / name
    path.write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    form = () if name.lower().startswith("wire.csv") or name.endswith("tsv") else ("--input-format", "csv")
    assert cli.run(["clean", str(path), *form]) == cli.DONE
    out, err = capfd.readouterr()
    assert "text from “Article”, date from “Publish Date”, authors from “Author”, id from “Id”" in err
    first, second = map(Article.from_json, out.encode().splitlines())
    assert (first.id, first.text, first.date_published) == ("7", CLEANED, "2024-05-01")
    assert ([author.name for author in first.authors], first.byline) == (
        ["Ann Mole", "Bo Dahl"],
        "Ann Mole, Bo Dahl",
    )
    assert first.extra == {"Desk": "local"}
    assert restore(first) == STORY.encode()
    assert (second.id, second.text, len(second.authors)) == ("8", "The ferry is late.", 0)


def test_a_row_that_gives_no_article_is_quarantined_by_its_number(tmp_path: Path) -> None:
    (tmp_path / "wire.csv").write_bytes(table([HEADER, ["1", "A", "B"], ["2", "A"], ["3", "A", "B"]]))
    assert (
        cli.run(["clean", str(tmp_path / "wire.csv"), "-o", str(tmp_path / "out"), "-q"]) == cli.SOME_FAILED
    )
    assert len((tmp_path / "out" / "wire.jsonl").read_bytes().splitlines()) == 2
    (listed,) = (tmp_path / "out").glob("*quarantine*")
    (failed,) = map(json.loads, listed.read_bytes().splitlines())
    assert (failed["line"], failed["reason"]) == (2, "fields in the row: 2, in the header: 3")


def test_folders_give_no_tables_and_the_run_says_so(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "in"
    (folder / ".hidden").mkdir(parents=True)
    for name in ("a.csv", "b.csv", "c.md", "notes", ".d.csv", ".hidden/e.csv", "f.txt", "g.jl"):
        (folder / name).write_text('{"text": "A story of the pier."}')
    found = [item.place for item in files.find([str(folder)])]
    assert found == ["f.txt", "g.jl"]
    assert cli.run(["clean", str(folder), "-o", str(folder / "out")]) == cli.DONE
    assert cli.run(["clean", str(folder), "-o", str(folder / "out")]) == cli.DONE
    said = "copydesk: passed over by their ending: 2 .csv, 1 without one, 1 .md; hint:"
    assert capfd.readouterr().err.count(said) == 2
    assert cli.run(["clean", str(folder), "-o", str(folder / "out"), "-q"]) == cli.DONE
    assert cli.run(["clean", str(folder / "*.txt"), "-o", str(folder / "out")]) == cli.DONE
    assert "passed over" not in capfd.readouterr().err


def test_names_of_fields_cannot_steer_a_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.csv").write_text("id,\x1b[31mred\x07\n1,T\n")
    for command in ("clean", "preview"):
        assert cli.run([command, str(tmp_path / "a.csv")]) == cli.SOME_FAILED
        said = capfd.readouterr().err
        assert "\\u001b[31mred\\u0007" in said
        assert not {"\x1b", "\x07"} & set(said)


@pytest.mark.parametrize("ending", [".jl", ".jsonlines"])
def test_json_lines_by_other_names_are_records(tmp_path: Path, ending: str) -> None:
    (tmp_path / f"items{ending}").write_text('{"text": "A."}\n{"text": "B."}\n')
    found = list(files.entries(files.find([str(tmp_path)])))
    assert [(entry.number, entry.is_record) for entry in found] == [(1, True), (2, True)]
