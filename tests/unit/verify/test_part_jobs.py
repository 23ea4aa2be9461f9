"""A job may ask for some exercises, in its own order, and stop at the first lost point."""

from dataclasses import replace

from autograder.course import load_lab
from autograder.judge.grade import grade
from autograder.model import Status, digest_of
from tests.unit.verify.toy import PUBLIC, template


def judged(root, answer, **asked):
    files = {"answer.py": answer.encode()}
    return grade(replace(template(root), digest=digest_of(files), files=files, **asked))


RIGHT = "def double(x):\n    return 2 * x\n\n\ndef triple(x):\n    return 3 * x\n"
WRONG = RIGHT.replace("2 * x", "0")


def names(result):
    return [test.name for exercise in result.exercises for test in exercise.tests]


def test_only_the_exercises_asked_for_are_judged(root):
    result = judged(root, WRONG, exercises=("triple",))
    assert names(result) == ["test_triple_of_one", "test_triple"]
    assert (result.status, result.bonus, result.max_score) == (Status.GRADED, 1, 0)


def test_exercises_are_judged_in_the_order_asked_for(root):
    (root / PUBLIC).write_text(
        (root / PUBLIC).read_text().replace('student.run("double", 1)', 'student.run("no", 1)')
    )
    whole = judged(root, WRONG, exercises=("triple", "double"))
    assert [e.id for e in whole.exercises] == ["triple", "double"]
    stopped = judged(root, WRONG, exercises=("triple", "double"), stop_early=True)
    assert names(stopped) == ["test_triple_of_one", "test_triple", "test_double_of_one"]


def test_a_run_stops_at_the_first_test_that_takes_points(root):
    result = judged(root, WRONG, stop_early=True)
    assert names(result) == ["test_double_of_one"]
    assert result.status is Status.GRADED


def test_a_run_that_loses_nothing_does_not_stop(root):
    assert len(names(judged(root, RIGHT, stop_early=True))) == 4


def test_a_submission_without_files_is_missing_in_the_part_asked_for(root):
    result = grade(replace(template(root), exercises=("triple",)))
    assert {t.outcome for e in result.exercises for t in e.tests} == {"missing"}
    assert names(result) == ["test_triple_of_one", "test_triple"]


def test_the_result_of_a_part_is_not_taken_for_a_whole_one(root):
    digest = load_lab(root, "sums").digest
    assert judged(root, RIGHT).lab_digest == digest
    assert judged(root, RIGHT, exercises=("triple",)).lab_digest != digest
    assert judged(root, RIGHT, stop_early=True).lab_digest != digest
