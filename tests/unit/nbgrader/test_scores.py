"""How a Result becomes a cell's output, and a line of nbgrader's grade book."""

import re
from types import SimpleNamespace

import pytest
from nbformat.v4 import new_code_cell
from nbgrader.utils import determine_grade

from autograder.nbgrader.grade_book import record
from autograder.nbgrader.judging import Judged
from autograder.nbgrader.preprocessors import _shown

TEST = {"title": "A <title>.", "outcome": "wrong", "score": 1.5, "max_score": 3.0}
JUDGED = Judged(
    {
        "add": {"id": "add", "score": 1.5, "bonus": False, "tests": [TEST]},
        "extra": {"id": "extra", "score": 5.0, "bonus": True, "tests": []},
    },
    None,
)
REJECTED = Judged({}, "wrong files: <none>")


def cell(name, points, **more):
    marks = {"grade": True, "grade_id": name, "points": points, "solution": False, **more}
    return new_code_cell("%check", metadata={"nbgrader": marks})


@pytest.mark.parametrize(
    ("name", "points", "judged", "score"),
    [
        ("add", 3, JUDGED, 1.5),
        ("add", 1, JUDGED, 1),  # nbgrader refuses more than the cell's points
        ("extra", 0, JUDGED, 0),
        ("no exercise", 7, JUDGED, 0),
        ("add", 3, REJECTED, 0),
    ],
)
def test_nbgrader_reads_from_a_cell_what_was_earned(name, points, judged, score):
    graded = cell(name, points)
    graded.outputs = _shown(graded, judged)
    assert determine_grade(graded) == (score, points)


def test_a_cell_that_is_not_graded_shows_nothing():
    assert _shown(new_code_cell("1000"), JUDGED) == []


def test_a_cell_shows_its_tests_or_why_there_are_none():
    page, _ = _shown(cell("add", 3), JUDGED)
    assert _words(page) == ["test", "outcome", "points", "A &lt;title&gt;.", "wrong", "1.5 / 3"]
    page, _ = _shown(cell("add", 3), REJECTED)
    assert "Not judged: wrong files: &lt;none&gt;" in page.data["text/html"]


def _words(page):
    return re.findall(r"<td[^>]*>([^<]*)</td>", page.data["text/html"])


def recorded(name, kind="code", **known):
    line = {"auto_score": None, "manual_score": None, "extra_credit": None, "max_score": 3.0}
    line |= {"needs_manual_grade": True, "name": name, "cell": SimpleNamespace(cell_type=kind)}
    grade = SimpleNamespace(**line | known)
    record([grade], JUDGED)
    return grade.auto_score, grade.extra_credit, grade.needs_manual_grade


def test_the_grade_book_holds_what_the_judge_said_whatever_stood_there():
    assert recorded("add", auto_score=1000.0) == (1.5, None, False)
    assert recorded("lost") == (0.0, None, False)
    assert recorded("extra") == (0.0, 5.0, False)


def test_a_score_that_somebody_gave_by_hand_is_to_be_looked_at_again():
    assert recorded("add", manual_score=2.0) == (1.5, None, True)


def test_a_written_answer_waits_for_people_and_an_empty_one_has_0():
    assert recorded("why", "markdown") == (None, None, True)
    assert recorded("why", "markdown", auto_score=5.0) == (None, None, True)
    assert recorded("why", "markdown", auto_score=0.0) == (0.0, None, False)
    assert recorded("why", "markdown", manual_score=4.0) == (None, None, False)
