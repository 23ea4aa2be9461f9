"""The page that a student gets back: the report, then the written answers."""

import re

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.nbgrader.answers import NO_ANSWERS
from autograder.nbgrader.feedback import with_answers
from autograder.report import student_page
from tests.unit.report.report_samples import LAB, row

REPORT = student_page(LAB, row("ada"))
MARKS = {"score": 57.5, "max_score": 60.0, "late_penalty": 0}


def answer(source, **more):
    marks = {"grade_id": "why", "grade": True, "solution": True, "score": 2.5, "points": 3.0}
    return new_markdown_cell(source, metadata={"nbgrader": marks | more})


def added(*cells, unmarked=(), **marks):
    """Return what the page has more than the report; all of the report is there, in its place."""
    page = with_answers(REPORT, cells, MARKS | marks, unmarked)
    before, after = REPORT.split("</main>")
    assert page.startswith(before)
    assert page.endswith(f"</main>{after}")
    return page.removeprefix(before).removesuffix(f"</main>{after}")


def words(html):
    return " ".join(re.sub("<[^>]*>", " ", html).split())


def test_answers_come_with_mark_and_comment_and_the_total_counts_them():
    said = words(added(answer("Less *traffic*.", comment="Say why.")))
    assert "57.5 / 60" in said
    assert "2.5 / 3 why Less traffic . Comment. Say why." in said
    assert "Not marked yet" not in said


def test_an_answer_that_waits_has_no_mark_yet():
    said = words(added(answer("Because.", score=0.0), unmarked=["why"]))
    assert "&ndash; / 3 why Because. Not marked yet; the total is without it." in said
    assert "0 / 3" not in said


def test_what_is_taken_off_for_lateness_is_said():
    assert "1.5 points are taken off for lateness" in added(late_penalty=1.5)
    assert "lateness" not in added()


def test_a_notebook_without_answers_says_why():
    assert "It was a link." in added(new_markdown_cell("It was a link.", id=NO_ANSWERS))


@pytest.mark.parametrize(
    "cell",
    [
        new_markdown_cell("Shown to nobody."),
        answer("Shown to nobody.", grade=False),
        answer("Shown to nobody.", solution=False),
        new_code_cell("Shown to nobody.", metadata=answer("").metadata),
    ],
)
def test_nothing_else_of_the_notebook_is_on_the_page(cell):
    assert "nobody" not in added(cell)


@pytest.mark.parametrize("where", ["source", "comment", "name"])
def test_no_tag_of_an_answer_or_a_comment_gets_into_the_page(where):
    evil = "<script>run()</script><img src=x onerror=run()>"
    cells = {
        "source": answer(evil),
        "comment": answer("", comment=evil),
        "name": answer("", grade_id=evil),
    }
    html = added(cells[where])
    assert "run()" in words(html.replace("&lt;", "").replace("&gt;", ""))
    assert "<script" not in html
    assert "<img" not in html
