"""nbgrader's own verbs on our course folder: init, generate, release, fetch, submit, collect,
autograde, feedback, export; and what cheats in a notebook earn.
"""

import csv
import json
import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_output

from tests.e2e.conftest import ROOT, Home
from tests.e2e.nbgrader_class import LAB, Class

FULL, BONUS = 100.0, 10.0
PART = ["broadcasting", "arithmetic", "elementwise"]  # what is done of the lab
ROSTER = "id,first_name\nada,Ada\nbob,Bob\neve,Eve\nfay,Fay\n"
pytestmark = pytest.mark.slow


def cheat(notebook: Path) -> None:
    """Do to a notebook what earns points elsewhere."""
    nb = nbformat.read(notebook, as_version=4)
    cells = {c.metadata.nbgrader.grade_id: c for c in nb.cells if "nbgrader" in c.metadata}
    for cell in cells.values():
        if cell.cell_type == "code":  # a number displayed before the judge's
            cell.outputs = [new_output("execute_result", {"text/plain": "12"})]
    cells["engine"].metadata.nbgrader.update(solution=True, locked=False)  # for people to mark
    cells["matmul"].metadata.nbgrader.grade = False
    cells["shaping"].source = "100.0"
    cells["reductions"].metadata.nbgrader.points = 50
    cells["fusion"].metadata.nbgrader.update(solution=False)  # graded by what it shows
    nb.cells.append(nb.cells[nb.cells.index(cells["broadcast"])])  # twice
    nb.cells.remove(cells["gpt"])  # no output, full marks
    nb.cells.insert(0, new_markdown_cell("x", metadata=cells["fused"].metadata))
    notebook.write_text(json.dumps(nb))  # as it is: nbformat would mend it


@pytest.fixture(scope="module")
def graded(tmp_path_factory, walled):
    """A class of four that was graded: honest, partly right, cheating, and without a notebook."""
    home = Home(tmp_path_factory.mktemp("class"))
    group = Class(home)
    group.begin(ROSTER)
    solution = ROOT / "solutions" / LAB / "autograd"
    for student in ("ada", "bob", "eve", "fay"):
        desk = group.desk(student)
        group.nbgrader("fetch_assignment", LAB, at=desk, name=student)
        work = desk / LAB
        for pattern in {"ada": ["*"], "eve": []}.get(student, PART):
            for file in solution.glob(f"{pattern}.py"):
                shutil.copy(file, work / "autograd")
        notebook = work / f"{LAB}.ipynb"
        if student == "eve":
            cheat(notebook)
        if student == "ada":
            nb = nbformat.read(notebook, as_version=4)
            (answer,) = (c for c in nb.cells if c.get("id") == "fusion")
            answer.source = "Because memory is slow."
            nbformat.write(nb, notebook)
        if student == "fay":
            notebook.write_text("no notebook any more")
        if student == "bob":
            assert group.submit(student)["exchange"]["course"] == "systems_for_ai_2025"
        else:
            group.nbgrader("submit", LAB, at=desk, name=student)
    group.nbgrader("collect", LAB, "--ExchangeCollect.check_owner=False")  # all are one account
    work = group.folder / "submitted/gil" / LAB / "autograd"  # by mail, and without a notebook
    shutil.copytree(ROOT / "starter" / LAB / "autograd", work)
    for name in PART:
        shutil.copy(solution / f"{name}.py", work)
    document = json.loads(
        home.run("grade", LAB, "--from-nbgrader", group.folder, "-j", 2, "--json", "-").stdout
    )
    return group, document


def test_the_grade_book_says_what_the_judge_says(graded):
    group, document = graded
    scores = group.scores()
    assert sorted(scores) == ["ada", "bob", "eve", "fay", "gil"]
    for row in document["results"]:
        by_exercise = {e["id"]: e["score"] for e in row["exercises"]}
        book = scores[row["student"]]
        assert {id: book[id] for id in by_exercise} == by_exercise
        assert sum(book.values()) == row["score"] + row["bonus"]


def test_honest_work_has_full_marks_and_cheats_have_what_their_files_earn(graded):
    _, document = graded
    total = {row["student"]: row["score"] + row["bonus"] for row in document["results"]}
    assert total["ada"] == FULL + BONUS
    assert total["eve"] == 0.0
    assert 0 < total["bob"] == total["fay"] == total["gil"] < 20


def test_a_written_answer_waits_for_somebody_and_no_other_cell_does(graded):
    group, _ = graded
    with group.book() as book:
        for student, waiting in {
            "ada": ["fusion"],
            "bob": [],
            "eve": [],
            "fay": [],
            "gil": [],
        }.items():
            grades = book.find_submission_notebook(LAB, LAB, student).grades
            assert [g.name for g in grades if g.needs_manual_grade] == waiting
            assert book.find_submission_notebook(LAB, LAB, student).max_score == FULL + 8


def test_nbgraders_own_verb_finds_the_same_in_the_store(graded):
    group, _ = graded
    before = group.scores()
    said = group.nbgrader("autograde", LAB, "--force", "--student", "bob")
    assert "Autograding" in said
    assert group.scores() == before


def test_the_exchange_lists_what_was_released_and_handed_in(graded):
    group, _ = graded
    assert LAB in group.nbgrader("list", at=group.desk("ada"), name="ada")
    handed_in = group.nbgrader("list", "--inbound")
    for student in ("ada", "bob", "eve", "fay"):
        assert f"{student} {LAB}" in handed_in


def test_handed_in_files_are_not_overwritten(graded):
    group, _ = graded
    ours = (ROOT / "solutions" / LAB / "autograd/engine.py").read_bytes()
    assert (group.folder / "autograded/ada" / LAB / "autograd/engine.py").read_bytes() == ours


def test_feedback_shows_outcomes_and_answers_and_no_hidden_source(graded):
    group, _ = graded
    group.nbgrader("generate_feedback", LAB)
    page = (group.folder / "feedback/ada" / LAB / f"{LAB}.html").read_text()
    assert "Your report" in page
    assert "Because memory is slow." in page
    assert ">Sixty times y = y + y.</h3>" in page
    assert "Not marked yet" in page
    assert "student.run(" not in page
    assert "default-src 'none'" in page  # the browser loads and runs nothing
    page = (group.folder / "feedback/fay" / LAB / f"{LAB}.html").read_text()
    assert "No written answer was taken" in page
    assert "Not marked yet" not in page


def test_a_student_fetches_their_feedback_and_nobody_elses(graded):
    group, _ = graded
    group.nbgrader("generate_feedback", LAB)
    group.nbgrader("release_feedback", LAB)
    for student, answer in {"ada": "Because memory is slow.", "bob": "Your answer here."}.items():
        group.nbgrader("fetch_feedback", LAB, at=group.desk(student), name=student)
        (page,) = (group.desk(student) / LAB / "feedback").rglob("*.html")
        assert answer in page.read_text()
        assert f"<bdi>{student}</bdi>" in page.read_text()


def test_export_has_a_row_for_everybody(graded):
    group, document = graded
    group.nbgrader("export")
    rows = csv.DictReader((group.folder / "grades.csv").read_text().splitlines())
    total = {row["student"]: row["score"] + row["bonus"] for row in document["results"]}
    found = {row["student_id"]: float(row["score"]) for row in rows if row["assignment"] == LAB}
    assert found == total


def test_where_nbgrader_fails_the_report_is_there_and_the_grade_book_as_it_was(graded):
    group, document = graded
    before, release = group.scores(), group.folder / "release"
    release.rename(group.folder / "away")
    try:
        words = ("grade", LAB, "--from-nbgrader", group.folder, "--json", "-")
        done = group.home.run(*words, code=3)
    finally:
        (group.folder / "away").rename(release)
    assert json.loads(done.stdout)["results"] == document["results"]
    assert "nbgrader could not take it over" in done.stderr
    assert "run nbgrader generate_assignment" in " ".join(done.stderr.split())
    assert group.scores() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["grade", LAB], "--from-nbgrader DIR"),
        (["grade", LAB, "somewhere", "--from-nbgrader", "."], "name no PATH beside it"),
        (["grade", LAB, "--from-nbgrader", "."], "run autograder nbgrader init"),
    ],
)
def test_a_command_that_makes_no_sense_says_what_to_do(home, words, said):
    process = home.start(*words)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 64
    assert said in " ".join(err.decode().split())
