"""The judge end to end, on a course of one small lab, with a sandbox that has no walls."""

import sys
import textwrap
import time
from pathlib import Path

import pytest

from autograder.box import base
from autograder.errors import CourseError
from autograder.judge.grade import grade
from autograder.model import Job, Status, digest_of
from tests.unit.judge.fake_sandbox import FakeSandbox

COURSE = """
id = "tiny"
title = "Tiny"
term = "2025"
timezone = "UTC"
[[lecture]]
id = "01"
title = "One"
date = 2025-09-18
"""
LAB = """
id = "sums"
title = "Sums"
lectures = ["01"]
files = ["answer.py"]
required = ["answer.py"]
[box]
packages = ["numpy"]
[[exercise]]
id = "double"
title = "Double"
points = 4
[[exercise]]
id = "extra"
title = "Extra"
points = 2
bonus = true
"""
PROBES = "import answer\n\n\ndef double(x):\n    return answer.double(x)\n"
SOLUTION = """
def double(x):
    # BEGIN SOLUTION
    return 2 * x
    # END SOLUTION
"""
TESTS = '''
import pytest
from autograder.judge import assert_equal, award, exercise


@exercise("double", points=3, hint="Add it to itself.")
@pytest.mark.parametrize("sign", [1, -1, 0])
def test_signs(student, reference, rng, sign):
    """Any sign."""
    x = sign * int(rng.integers(1, 100))
    assert_equal(student.run("double", x), reference.run("double", x))


@exercise("double", points=1)
def test_many(student):
    """Many at once."""
    seen = student.map("double", [[1], [2]])
    assert [s.value for s in seen] == [2, 4]


@exercise("extra", points=2)
def test_ladder(student):
    """A ladder."""
    with student.session() as session:
        got = session.run("double", 8)
    award(0.5)
    if got == 16:
        award(1.0)
'''


@pytest.fixture
def course(tmp_path, monkeypatch):
    monkeypatch.setitem(base.SANDBOXES, "fake", f"{FakeSandbox.__module__}:FakeSandbox")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    lab = tmp_path / "labs" / "sums"
    for file, text in {
        tmp_path / "labs/course.toml": COURSE,
        lab / "lab.toml": LAB,
        lab / "probes.py": PROBES,
        lab / "README.md": "# Sums\n",
        lab / "tests/hidden/test_double.py": TESTS,
        tmp_path / "solutions/sums/answer.py": SOLUTION,
    }.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip())
    return tmp_path


def judged(course: Path, answer: str | None, secret: bytes = b"x" * 32):
    files = {} if answer is None else {"answer.py": textwrap.dedent(answer).encode()}
    result = grade(Job(str(course), "sums", digest_of(files), files, secret, sandbox="fake"))
    return result, {t.name: t for e in result.exercises for t in e.tests}


def test_the_solution_has_full_marks(course):
    result, tests = judged(course, SOLUTION)
    assert (result.score, result.max_score, result.bonus) == (4, 4, 2)
    assert {t.outcome for t in tests.values()} == {"pass"}
    assert result.status is Status.GRADED
    assert tests["test_signs"].cpu_seconds == 1.5  # three cases
    assert set(result.versions) == {"autograder", "python", "numpy", "image"}


def test_cases_share_the_points_and_the_first_failure_speaks(course):
    _, tests = judged(course, "def double(x):\n    return 2 * x if x > 0 else 1\n")
    assert tests["test_signs"].score == 1
    assert tests["test_signs"].outcome == "wrong"
    assert tests["test_signs"].hint == "Add it to itself."
    assert "AssertionError" in tests["test_signs"].message


def test_a_ladder_gives_part_of_the_points(course):
    result, tests = judged(course, "def double(x):\n    return 3 * x\n")
    assert (tests["test_ladder"].outcome, tests["test_ladder"].score) == ("partial", 1)
    assert (result.score, result.bonus) == (1, 1)  # one of three cases: twice 0 is thrice 0


def test_an_award_counts_only_if_the_body_ends(course):
    with (course / "labs/sums/tests/hidden/test_double.py").open("a") as file:
        file.write(
            '\n\n@exercise("double", points=1)\ndef test_late(student):\n    """Late."""\n'
            '    student.run("double", 1)\n    award(0.5)\n    raise AssertionError\n'
        )
    lab = course / "labs/sums/lab.toml"
    lab.write_text(lab.read_text().replace("points = 4", "points = 5"))
    _, tests = judged(course, SOLUTION)
    assert (tests["test_late"].outcome, tests["test_late"].score) == ("wrong", 0)


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("def double(x):\n    raise NotImplementedError\n", "missing"),
        ("def double(x):\n    return x / 0\n", "crashed"),
        ("def double(x):\n    return {'a': [x]}\n", "wrong"),
        ("def double(x):\n    raise SystemExit\n", "crashed"),
    ],
)
def test_what_a_student_does_is_an_outcome(course, answer, outcome):
    result, tests = judged(course, answer)
    assert tests["test_signs"].outcome == outcome
    assert result.score == 0
    assert result.status is Status.GRADED


def test_a_value_that_takes_long_to_spell_out_holds_nobody_up(course):
    began = time.process_time()
    bomb = "import numpy as np\ndef double(x):\n    return np.zeros((6,) * 8, np.int8)\n"
    _, tests = judged(course, bomb)
    assert tests["test_signs"].outcome == "wrong"
    assert time.process_time() - began < 2.5  # NumPy alone takes longer, once


def test_a_bare_assert_is_told_by_its_line(course, monkeypatch):
    mine = [f for f in sys.meta_path if type(f).__name__ != "AssertionRewritingHook"]
    monkeypatch.setattr(sys, "meta_path", mine)  # the one of this test run; no judge has it
    with (course / "labs/sums/tests/hidden/test_double.py").open("a") as file:
        file.write(
            '\n\n@exercise("double", points=1)\ndef test_bare(student):\n    """Bare."""\n'
            '    assert student.run("double", 1) == 3\n'
        )
    lab = course / "labs/sums/lab.toml"
    lab.write_text(lab.read_text().replace("points = 4", "points = 5"))
    _, tests = judged(course, SOLUTION)
    assert tests["test_bare"].message == 'AssertionError: assert student.run("double", 1) == 3'


def test_a_box_that_died_is_opened_again(course):
    before = FakeSandbox.opened
    judged(course, "def double(x):\n    raise SystemExit\n")
    assert FakeSandbox.opened - before >= 4


def test_a_required_file_that_is_absent_is_missing(course):
    result, tests = judged(course, None)
    assert {t.outcome for t in tests.values()} == {"missing"}
    assert tests["test_signs"].note == "answer.py was not handed in"
    assert result.score == 0


def test_a_failing_reference_is_broken_and_named(course):
    (course / "solutions/sums/answer.py").write_text("def double(x):\n    return x / 0\n")
    result, _ = judged(course, SOLUTION)
    assert result.status is Status.BROKEN
    assert "the reference failed" in result.reason


def test_the_reference_is_asked_once_for_each_input(course, monkeypatch):
    judged(course, SOLUTION)
    monkeypatch.setattr(FakeSandbox, "opened", 0)
    result, _ = judged(course, SOLUTION)
    assert result.score == 4
    assert FakeSandbox.opened == 2  # the student's box and its session: none for the reference


def test_another_secret_makes_other_inputs(course):
    seen = set()
    answer = "def double(x):\n    raise ValueError(x)\n"
    for secret in (b"a" * 32, b"b" * 32, b"a" * 32):
        _, tests = judged(course, answer, secret)
        seen.add(tests["test_signs"].message)
    assert len(seen) == 2


def test_a_reference_value_cannot_become_an_argument(course):
    file = course / "labs/sums/tests/hidden/test_double.py"
    text = file.read_text().replace(
        'student.run("double", x), ref', 'student.run("double", reference.run("double", x)), ref'
    )
    file.write_text(text)
    result, _ = judged(course, SOLUTION)
    assert result.status is Status.BROKEN
    assert "must never enter a student's box" in result.reason


def test_a_skipped_test_is_no_pass(course):
    file = course / "labs/sums/tests/hidden/test_double.py"
    file.write_text(file.read_text().replace("    award(0.5)\n", '    pytest.skip("x")\n'))
    _, tests = judged(course, SOLUTION)
    assert (tests["test_ladder"].outcome, tests["test_ladder"].score) == ("wrong", 0)


def test_a_test_file_that_cannot_be_imported_is_the_authors_mistake(course):
    file = course / "labs/sums/tests/hidden/test_double.py"
    file.write_text("import nothing_of_that_name\n" + file.read_text())
    with pytest.raises(CourseError, match="nothing_of_that_name"):
        judged(course, SOLUTION)


def test_pytest_settings_of_the_surroundings_do_not_reach_the_judge(course, monkeypatch):
    monkeypatch.setenv("PYTEST_ADDOPTS", "--collect-only")
    (course / "labs/sums/tests/pytest.ini").write_text("[pytest]\naddopts = --collect-only\n")
    result, _ = judged(course, SOLUTION)
    assert result.score == 4
