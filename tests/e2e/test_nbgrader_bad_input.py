"""Notebooks that are none, in one class: each student has a row, and hears what was wrong."""

import json
import shutil

import pytest

from tests.e2e.conftest import ROOT, Home
from tests.e2e.nbgrader_class import LAB, Class

ANSWER = "Because memory is slow."
NO_JSON = "it cannot be read as a notebook (JSONDecodeError)"
OLD = "it has no cells, or is of a format older than 4"
BARE = "no cell is a place for an answer any more"
LOUD = f"{LAB}.ipynb is larger than 20 MiB; clear its outputs"
pytestmark = pytest.mark.slow


def not_json(notebook):
    return "no notebook any more"


def old(notebook):
    cells = [{"cell_type": "code", "language": "python", "input": "1", "outputs": []}]
    return json.dumps({"nbformat": 3, "nbformat_minor": 0, "worksheets": [{"cells": cells}]})


def bare(notebook):
    for cell in notebook["cells"]:
        cell["metadata"] = {}
    return json.dumps(notebook)


def doubled(notebook):
    notebook["cells"] = [cell for cell in notebook["cells"] for _ in range(2)]
    return json.dumps(notebook)


def julia(notebook):
    notebook["metadata"] = {"kernelspec": {"name": "julia-1.9", "display_name": "Julia 1.9"}}
    return json.dumps(notebook)


def loud(notebook):
    output = {"output_type": "stream", "name": "stdout", "text": "x" * (100 << 20)}
    code = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    code["outputs"] = [output]
    return json.dumps(notebook)


def absent(notebook):
    return None


BAD = {made.__name__: made for made in (not_json, old, bare, doubled, julia, loud, absent)}


@pytest.fixture(scope="module")
def graded(tmp_path_factory, walled):
    """A class in which everybody did the same, but for the notebook; and the rows of it."""
    group = Class(Home(tmp_path_factory.mktemp("bad")))
    group.begin("id\n" + "\n".join(["good", *BAD]) + "\n")
    for student, make in {"good": json.dumps, **BAD}.items():
        work = group.folder / "submitted" / student / LAB
        shutil.copytree(group.folder / "release" / LAB, work)
        shutil.copy(ROOT / "solutions" / LAB / "autograd/broadcasting.py", work / "autograd")
        text = make(answered(json.loads((work / f"{LAB}.ipynb").read_text())))
        (work / f"{LAB}.ipynb").unlink()
        if text is not None:
            (work / f"{LAB}.ipynb").write_text(text)
    words = ("grade", LAB, "--from-nbgrader", group.folder, "-j", 2, "--json", "-")
    rows = json.loads(group.home.run(*words).stdout)["results"]
    yield group, {row["student"]: row for row in rows}
    (group.folder / "submitted/loud" / LAB / f"{LAB}.ipynb").unlink()  # pytest keeps the rest


def answered(notebook):
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "fusion":
            cell["source"] = ANSWER
    return notebook


def test_a_bad_notebook_costs_no_points_of_the_files(graded):
    _, rows = graded
    assert sorted(rows) == sorted(["good", *BAD])
    assert rows["good"]["score"] > 0
    points = {s: {e["id"]: e["score"] for e in row["exercises"]} for s, row in rows.items()}
    for student in set(BAD) - {"loud"}:
        assert points[student] == points["good"], student


def test_a_hundred_megabytes_of_output_are_rejected_with_a_row_that_says_what_to_do(graded):
    _, rows = graded
    assert (rows["loud"]["status"], rows["loud"]["score"]) == ("rejected", 0)
    assert rows["loud"]["reason"] == LOUD


def test_the_grade_book_has_them_all_and_nbgraders_own_verb_takes_them_all(graded):
    group, rows = graded
    scores = group.scores()
    assert {name: sum(of.values()) for name, of in scores.items()} == {
        name: row["score"] + row["bonus"] for name, row in rows.items()
    }
    said = group.nbgrader("autograde", LAB, "--force")
    for student, why in {"not_json": NO_JSON, "old": OLD, "bare": BARE}.items():
        assert f"{student}/{LAB}/{LAB}.ipynb: no answers are taken: {why}" in said
    assert f"loud/{LAB} earns nothing: {LOUD}" in said
    assert group.scores() == scores


def test_feedback_says_what_was_wrong_or_has_the_answer(graded):
    group, _ = graded
    group.nbgrader("generate_feedback", LAB)
    said = {"not_json": NO_JSON, "old": OLD, "bare": BARE, "loud": LOUD[1:]}  # a sentence there
    for student in {"good", *BAD} - {"absent"}:  # of whom nbgrader has no notebook
        page = (group.folder / "feedback" / student / LAB / f"{LAB}.html").read_text()
        assert page.count(ANSWER) == (0 if student in ("not_json", "old", "bare") else 1), student
        assert said.get(student, ANSWER) in page, student
