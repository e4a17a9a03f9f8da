"""Scripts and data of a page go; code that a story is about stays."""

from __future__ import annotations

import pytest

from cleaners import Settings, clean, restore
from cleaners.read import segment
from cleaners.scripts import is_code

PLAIN = Settings(language=False)
ONE = (
    "The council of Aldermoor met on Monday evening to hear what the new bridge will cost, and sent the plan back"
    " to its engineers with a list of forty questions."
)
TWO = (
    "Traders on the far bank, who were not asked, said on Tuesday that nobody will cross before the winter, whatever"
    " the council may be told by those who want to build."
)
THREE = (
    "The engineers answered in March, when the river was high, that the old piers will stand for another hundred"
    " years, and that rivets are cheap at present."
)
SCRIPT = """var responsePending = 0;
for (var partner in tidings) {
    if (tidings.hasOwnProperty(partner)) {
        responsePending = 1;
        break;
    }
}
// consent
window.dataLayer.push({
    'event': 'consent',
    "section": "bridges",
    pending,
});"""
STYLE = """@media (max-width: 600px) {
.wp-content-bridge > .lead {
font-size: 12px;
}
}"""
DATA = (
    '{"@context":"https://schema.org","@type":"NewsArticle","headline":"Council sends the new bridge back","author":'
    '{"@type":"Person","name":"Annis Tidewell"},"publisher":{"@type":"Organization","name":"Aldermoor Gazette",'
    '"logo":{"@type":"ImageObject","url":"https://news.example/logo.png"}},"datePublished":"2031-03-12",'
    '"mainEntityOfPage":"https://news.example/bridge"}'
)
PACKED = (
    "!function(a,b){a.x=b.y;" + "if(a){b=function(c){return c[0]?{d:c[1]}:e(c)};f.push(b)}" * 8 + "}(this,g);"
)


def _clean(*parts: str) -> str:
    article = clean("\n\n".join(parts), settings=PLAIN)
    assert restore(article) == "\n\n".join(parts).encode()
    return article.text


@pytest.mark.parametrize(
    "code", [SCRIPT, STYLE, DATA, f"pageData = {DATA};", PACKED], ids=lambda code: code[:12]
)
def test_what_is_of_the_page_goes(code: str) -> None:
    assert _clean(ONE, TWO, THREE, code) == f"{ONE}\n\n{TWO}\n\n{THREE}"
    assert _clean(ONE, code, TWO, THREE) == f"{ONE}\n\n{TWO}\n\n{THREE}"


TUTORIAL = """function load(name) {
    const table = document.getElementById(name);
    for (let row of table.rows) {
        row.hidden = true;
    }
}"""
METADATA = """{
"@context": "https://schema.org",
"@type": "NewsArticle",
"headline": "Council sends the new bridge back"
}"""


@pytest.mark.parametrize("code", [TUTORIAL, METADATA], ids=lambda code: code[:12])
def test_code_that_a_story_tells_of_stays(code: str) -> None:
    text = _clean(ONE, code, TWO, THREE)
    assert [line.strip() for line in text.split("\n") if line] == [
        ONE,
        *(line.strip() for line in code.split("\n")),
        TWO,
        THREE,
    ]


def test_a_story_on_the_line_of_a_script_stays() -> None:
    text = _clean(f"{PACKED} {ONE} {TWO} {THREE}")
    assert ONE in text
    assert THREE in text


@pytest.mark.parametrize("code", [DATA, f"window.page = {DATA};", PACKED], ids=lambda code: code[:12])
def test_a_script_on_the_line_of_a_story_goes(code: str) -> None:
    """As whoever strips the tags of a page leaves it."""
    assert _clean(f"{ONE}{code}{TWO} {THREE}") == f"{ONE}\n\n{TWO} {THREE}"
    assert _clean(f"{code} {ONE} {TWO}{code}{THREE}{code}") == f"{ONE} {TWO}\n\n{THREE}"


def test_a_script_that_runs_into_what_was_run_together_goes_whole() -> None:
    code = (
        "(function(w,d){w.dataLayer=w.dataLayer||[];w.dataLayer.push({'event':'page','id':[1,2,3]});"
        "d.getElementById('x').src='https://a.example/b.js';})(window,document);"
    )
    story = "".join([ONE, TWO, THREE, ONE.replace("Monday", "Friday"), TWO.replace("Tuesday", "Sunday")])
    article = clean(f"HomeNewsSport{story}Imprint{code}", settings=PLAIN)
    assert article.text.startswith(f"{ONE}\n\n{TWO}\n\n{THREE}")
    assert "data" not in article.text
    assert len([change for change in article.changes if change.rules == ["widget/script"]]) == 1


def test_a_line_of_code_is_not_cut_and_prose_with_brackets_neither() -> None:
    prose = f"{ONE} (The plan {{as it is called}} has [four] piers; {{two}} {{three}} are old.) {TWO}"
    assert [prose[block.start : block.end] for block in segment(prose)] == [prose]
    broken = DATA[:-1] + ', "and": {"no": end ' + "{" * 400
    assert len(segment(broken * 40)) < 400


def test_what_stands_beside_a_script_stays() -> None:
    text = _clean(
        "Council sends the new bridge back", SCRIPT, "A list of forty questions", ONE, TWO, SCRIPT, THREE
    )
    assert "A list of forty questions" in text
    assert "dataLayer" not in text


@pytest.mark.parametrize(
    "line",
    [
        "Return to the harbour, he said.",
        "Let us: that was the whole of his answer;",
        "Window dressing (as the opposition calls it)",
        "#bridges #Aldermoor #forty",
        "The council (of 2031) = the engineers + the traders.",
        "If (and only if) it rains",
        "12 March 2031: the plan is back.",
        ONE,
    ],
)
def test_prose_is_no_code(line: str) -> None:
    assert not is_code(line)
