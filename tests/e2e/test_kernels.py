"""Kernels are judged on the virtual GPU, in real boxes, within bounds of time and memory."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.course import load_lab
from autograder.judge.grade import grade, opened
from autograder.judge.kernels import LAUNCH, PERFORM
from autograder.model import ExerciseScore, Job, Outcome, Result, Status, digest_of
from tests.unit.verify.toy import FILES

COURSE = FILES["labs/course.toml"]
LAB = """
id = "kernels"
title = "Kernels"
lectures = ["01"]
files = ["kernels.py"]
required = ["kernels.py"]
[box]
packages = ["numpy"]
[limits]
cpu_seconds = 3
memory_mb = 512
[[exercise]]
id = "reverse"
title = "Reverse a block"
points = 4
device = "gpu"
"""
HEAD = "from numba import cuda, float32\n@cuda.jit\ndef reverse(out, x):\n"
SOLUTION = (
    HEAD
    + """    # BEGIN SOLUTION
    tile = cuda.shared.array(64, float32)
    t, i = cuda.threadIdx.x, cuda.grid(1)
    tile[t] = x[i]
    cuda.syncthreads()
    out[i] = tile[63 - t]
    # END SOLUTION
"""
)
TESTS = '''
import numpy as np
from autograder.judge import assert_equal, exercise


@exercise("reverse", points=3)
def test_values(student, reference, rng):
    """Values, and no alarm."""
    x, out = rng.normal(size=128).astype("f4"), np.zeros(128, "f4")
    got = student.kernel("kernels.py", "reverse").launch(2, 64, out, x)
    want = reference.kernel("kernels.py", "reverse").launch(2, 64, out, x)
    assert got["hazards"] == []
    assert_equal(got["arrays"][0], want["arrays"][0])


@exercise("reverse", points=1)
def test_sectors(student, rng):
    """Loads are coalesced."""
    x, out = rng.normal(size=128).astype("f4"), np.zeros(128, "f4")
    got = student.kernel("kernels.py", "reverse").launch([2, 1], (64,), out, x, order=1)
    assert got["counters"]["global_load_sectors"] == 16
'''


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("course")
    lab = root / "labs" / "kernels"
    written = {
        root / "labs/course.toml": COURSE,
        lab / "lab.toml": LAB,
        lab / "README.md": "# Kernels\n",
        lab / "probes.py": "",
        lab / "tests/hidden/test_reverse.py": TESTS,
        root / "solutions/kernels/kernels.py": SOLUTION,
    }
    for path, text in written.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return root


def judged(course: Path, text: str) -> ExerciseScore:
    files = {"kernels.py": text.encode()}
    result: Result = grade(Job(str(course), "kernels", digest_of(files), files, b"secret" * 6))
    assert result.status is Status.GRADED, result.reason
    return result.exercises[0]


def outcomes(score: ExerciseScore) -> list[str]:
    return [str(test.outcome) for test in score.tests]


def test_a_right_kernel_earns_all_and_its_counters_are_booked(course: Path) -> None:
    score = judged(course, SOLUTION)
    assert (outcomes(score), score.score) == (["pass", "pass"], 4)
    counters = score.tests[1].counters
    assert counters["global_load_sectors"] == 16
    assert not any(name.endswith("_efficiency") for name in counters)


def test_a_race_costs_points_though_the_values_are_right(course: Path) -> None:
    score = judged(course, SOLUTION.replace("    cuda.syncthreads()\n", ""))
    assert outcomes(score) == ["wrong", "pass"]
    assert "race" in score.tests[0].message


HOSTILE: dict[str, tuple[str, list[str]]] = {
    "calls open": ("forbidden", ["open('/etc/passwd')"]),
    "syntax error": ("forbidden", ["x = ("]),
    "nested": ("forbidden", ["x = " + "(" * 10**5 + ")" * 10**5]),
    "never ends": ("timeout", ["while True:", "    pass"]),
    "10 GB of local arrays": ("wrong", ["a = cuda.local.array(2684354560, float32)", "a[0] = 1"]),
    "a stub": ("missing", ["raise NotImplementedError"]),
    "imports": ("forbidden", ["import os"]),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_cannot_run_ends_in_bounds_and_spoils_nothing(course: Path, name: str) -> None:
    outcome, body = HOSTILE[name]
    score = judged(course, HEAD + "".join(f"    {line}\n" for line in body))
    assert (outcomes(score), score.score) == ([outcome, outcome], 0)
    if name == "calls open":
        assert judged(course, SOLUTION).score == 4


def test_a_submission_is_never_imported(course: Path, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    text = SOLUTION.replace(
        "def reverse(out, x)", f"def reverse(out: open({str(trace)!r}, 'w'), x)"
    )
    assert judged(course, text).score == 4
    assert not trace.exists()


def test_a_kernel_that_is_not_there_is_missing(course: Path) -> None:
    score: Any = judged(course, SOLUTION.replace("def reverse", "def other"))
    assert outcomes(score) == ["missing", "missing"]


HOST_CODE: dict[str, tuple[Outcome, str]] = {
    "right": (Outcome.PASS, "return [Launch(reverse, 2, 64, ('out', 'x'))]"),
    "never ends": (Outcome.FORBIDDEN, "while True: pass"),
    "a stub": (Outcome.MISSING, "raise NotImplementedError"),
    "half a block": (Outcome.CRASHED, "return [Launch(reverse, 1 / 2, 64, ('out', 'x'))]"),
    "2^31 blocks, almost": (Outcome.TIMEOUT, "return [Launch(reverse, 2**31 - 1, 64, (o, o))]"),
    "1 GB of scratch": (
        Outcome.MEMORY,
        "a = []\n    for _ in range(4): a.append(scratch(1 << 26, 'f4'))\n"
        "    return [Launch(reverse, 2, 64, (a[0], a[1])), Launch(reverse, 2, 64, (a[2], a[3]))]",
    ),
}


@pytest.mark.parametrize("name", HOST_CODE)
def test_host_code_ends_in_bounds_and_spoils_nothing(course: Path, name: str) -> None:
    outcome, body = HOST_CODE[name]
    head = "from labkit.gpu import Launch, scratch\n"
    host = f"\ndef reverse_launch(shapes):\n    o = scratch(128, 'f4')\n    {body}\n"
    files = {"kernels.py": (head + SOLUTION + host).encode()}
    job = Job(str(course), "kernels", digest_of(files), files, b"secret" * 6)
    x = np.arange(128, dtype="f4")
    values: Any = {"out": np.zeros(128, "f4"), "x": x}
    with opened(job, load_lab(course, "kernels")) as boxes:
        seen = boxes.student.call(PERFORM, ["kernels.py", "reverse", values, None], {})
        assert seen.outcome is outcome, seen
        call = ["kernels.py", "reverse", [2], [64], [values["out"], x], 0, None]
        assert boxes.student.call(LAUNCH, call, {}).outcome is Outcome.PASS


def test_a_student_cannot_use_up_the_references_time(course: Path) -> None:
    """A reference without time would be `broken`, which is never a student's to buy."""
    toml = course / "labs/kernels/lab.toml"
    toml.write_text(LAB.replace("cpu_seconds = 3", "cpu_seconds = 1\ntotal_seconds = 1"))
    text = HEAD + "    while True:\n        pass\n"
    files = {"kernels.py": text.encode()}
    job = Job(str(course), "kernels", digest_of(files), files, b"secret" * 6)
    call = ["kernels.py", "reverse", [1], [64], [np.zeros(64, "f4"), np.ones(64, "f4")]]
    try:
        with opened(job, load_lab(course, "kernels")) as boxes:
            for _ in range(2):
                spent = boxes.student.call(LAUNCH, call, {})
            assert (spent.outcome, "used up" in spent.output) == (Outcome.TIMEOUT, True)
            assert boxes.uncached.call(LAUNCH, call, {}).outcome is Outcome.PASS
    finally:
        toml.write_text(LAB)
