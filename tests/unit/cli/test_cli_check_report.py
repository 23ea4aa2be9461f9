"""What `check` shows of a failing test: table, case, inputs, difference, line, hint, command."""

import json
import os
import pty
import select
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

import autograder

PROBES = """
import answer


def call(name, x):
    return getattr(answer, name)(x)


def many(probe, cases):
    return [globals()[probe](*case) for case in cases]
"""
TESTS = '''
import numpy as np
from autograder.judge import assert_close, case, exercise


@exercise("triple", points=1, hint="Thrice.")
def test_triple(student):
    """Three times."""
    assert_close(student.run("call", "triple", np.arange(3.0)), np.arange(3.0) * 3)


@exercise("double", points=2.5, hint="Twice.")
def test_double_examples(student):
    """Twice, on two examples."""
    some = [np.arange(3.0), np.full((2, 2), 4.0)]
    answers = student.run("many", "call", [["double", x] for x in some])
    for got, x in zip(answers, some, strict=True):
        with case(f"of shape {x.shape}", x=x):
            assert_close(got, 2 * x)
'''
RIGHT = "def double(x):\n    return 2 * x\n\n\ndef triple(x):\n    return 3 * x\n"
STUB = "def double(x):\n    raise NotImplementedError('2')\n\n\ndef triple(x):\n    return 3 * x\n"
WRONG = RIGHT.replace("2 * x", "2 * x if x.ndim == 1 else 3 * x")
CRASHES = RIGHT.replace("2 * x", "2 * x if x.ndim == 1 else x.no")
INI = "[pytest]\naddopts = -q -p autograder.judge.local -p no:cacheprovider\ntestpaths = tests\n"
PATIENCE = 60  # seconds
PYTEST = [sys.executable, "-m", "pytest"]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A student's folder with a right answer."""
    folder = tmp_path / "my own folder"
    (folder / "tests").mkdir(parents=True)
    (folder / "probes.py").write_text(PROBES)
    (folder / "answer.py").write_text(RIGHT)
    (folder / "tests/test_all.py").write_text(TESTS)
    (folder / "pytest.ini").write_text(
        f"{INI}[lab]\nid = sums\nversion = 1.0.0\nexercises = double triple\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(Path(autograder.__file__).parents[1]))
    monkeypatch.chdir(folder)
    return folder


def lines(text: str) -> list[str]:
    """Return the lines without the space around them, without empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def test_the_table_is_in_the_handouts_order_with_the_points_of_public_tests(command, desk) -> None:
    table = [line.split() for line in lines(command("check").out)]
    assert table[0] == ["exercise", "tests", "passed", "public", "points", "outcome"]
    assert table[2:] == [["double", "1/1", "2.5", "pass"], ["triple", "1/1", "1", "pass"]]


def test_a_wrong_answer_is_shown_with_the_case_and_its_inputs(command, desk) -> None:
    (desk / "answer.py").write_text(WRONG)
    said = command("check")
    assert said.code == 1
    assert lines(said.out)[4:] == [
        "Look first at: Twice, on two examples.",
        "Case: of shape (2, 2)",
        "x = float64 (2, 2) [[4., 4.],",
        "[4., 4.]]",
        "4 of 4 beyond rtol=1e-07, atol=0; worst at [0, 0]: got 12.0, want 8.0 (off by 4)",
        "Hint: Twice.",
        "To step into it: pytest -k test_double_examples --pdb",
    ]


def test_a_crash_among_many_is_shown_with_its_case_and_the_students_line(command, desk) -> None:
    (desk / "answer.py").write_text(CRASHES)
    said = lines(command("check").out)[5:]
    assert said[:4] == [
        "Case: call of many, case 2 of 2",
        "probe = 'call'",
        "name = 'double'",
        "x = float64 (2, 2) [[4., 4.],",
    ]
    assert said[5].startswith("many: crashed: AttributeError: ")
    assert said[6] == "answer.py:2: return 2 * x if x.ndim == 1 else x.no"


def test_without_a_case_the_newest_call_is_shown(command, desk) -> None:
    (desk / "answer.py").write_text(RIGHT.replace("3 * x", "2 * x"))
    said = lines(command("check").out)[5:]
    assert said[:2] == ["Case: call of call", "name = 'triple'"]
    assert said[2] == "x = float64 (3,) [0., 1., 2.]"


def test_what_is_written_and_wrong_comes_before_what_is_missing(command, desk) -> None:
    (desk / "answer.py").write_text(STUB.replace("3 * x", "4 * x"))
    assert "Look first at: Three times." in command("check").out
    (desk / "answer.py").write_text(STUB)
    assert "Look first at: Twice, on two examples." in command("check").out


def test_programs_read_case_and_inputs_too(command, desk) -> None:
    (desk / "answer.py").write_text(WRONG)
    document = command("check", "--json", "-").document
    assert (document["lab"], document["version"], document["passed"]) == ("sums", "1.0.0", False)
    double, triple = document["tests"]
    assert (double["case"], double["points"]) == ("of shape (2, 2)", 2.5)
    assert double["inputs"] == {"x": "float64 (2, 2) [[4., 4.],\n                [4., 4.]]"}
    assert (triple["case"], triple["inputs"]) == ("", {})


def test_a_terminal_is_not_obeyed(command, desk) -> None:
    (desk / "answer.py").write_text(
        RIGHT.replace("return 2 * x", "raise ValueError('\\x1b[2Jgone')")
    )
    said = command("check")
    assert "\x1b" not in said.out
    assert "\\x1b[2Jgone" in said.out


def test_a_breakpoint_left_in_the_code_holds_nobody_up(command, desk) -> None:
    (desk / "answer.py").write_text(RIGHT.replace("    return 2", "    breakpoint()\n    return 2"))
    assert command("check").code == 0


def test_a_lab_misspelt_is_suggested(command, desk, monkeypatch) -> None:
    desk.rename(desk.with_name("lab1"))
    monkeypatch.chdir(desk.parent)
    said = command("check", "labl")
    assert said.code == 64
    assert "did you mean 'lab1'?" in said.err


@pytest.mark.parametrize(
    "answer", [RIGHT, STUB, WRONG, CRASHES], ids=["right", "stub", "wrong", "crash"]
)
def test_plain_pytest_gives_the_same_verdicts(command, desk, tmp_path, answer: str) -> None:
    (desk / "answer.py").write_text(answer)
    checked = command("check", "--json", "-")
    target = tmp_path / "plain.json"
    done = subprocess.run([*PYTEST, f"--autograder-json={target}"], capture_output=True)
    assert done.returncode == checked.code, done.stdout
    outcomes = {test["name"]: test["outcome"] for test in checked.document["tests"]}
    assert outcomes == {t["name"]: t["outcome"] for t in json.loads(target.read_text())}


def at_keyboard(typed: str, *arguments: str) -> str:
    """Return what pytest says to someone who types `typed` at a terminal."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen([*PYTEST, *arguments], stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    os.write(ours, typed.encode())
    said = b""
    with suppress(OSError):  # the other end is closed
        while select.select([ours], [], [], PATIENCE)[0]:
            said += os.read(ours, 4096)
    os.close(ours)
    process.wait(PATIENCE)
    return said.decode()


def test_a_breakpoint_works_under_pytest(desk: Path) -> None:
    (desk / "answer.py").write_text(RIGHT.replace("    return 2", "    breakpoint()\n    return 2"))
    said = at_keyboard("x.sum() * 111\nq\n", "-k", "double")
    assert "333.0" in said


def test_the_debugger_opens_where_the_students_code_failed(desk: Path) -> None:
    (desk / "answer.py").write_text(CRASHES)
    said = at_keyboard("x.sum() * 111\nq\n", "-k", "test_double_examples", "--pdb")
    assert "answer.py(2)double()" in said
    assert "1776.0" in said


@pytest.mark.parametrize(
    ("added", "said", "line"),
    [
        ("import nowhere\n", "ModuleNotFoundError: No module named 'nowhere'", "answer.py:8: "),
        ("def broken(:\n", "SyntaxError: invalid syntax (answer.py, line 8)", None),
    ],
)
def test_files_that_cannot_be_imported_are_not_blamed_on_a_test(
    command, desk, added, said, line
) -> None:
    (desk / "answer.py").write_text(f"{RIGHT}\n{added}")
    out = lines(command("check").out)[4:]
    assert out[0] == "Your files cannot be imported, so no test can begin."
    assert out[1].endswith(f"crashed: {said}")
    assert out[2:-1] == ([f"{line}{added.strip()}"] if line else [])
    assert out[-1] == 'For the whole story: python -c "import probes"'
