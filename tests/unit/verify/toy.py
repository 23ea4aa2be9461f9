"""A small lab that proves, to be broken one claim at a time; judged in this process."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from autograder.course import load_lab, write_starter
from autograder.model import Job, Result
from autograder.verify import Finding, Proof, conclude, plan
from autograder.verify.work import judge

FILES = {
    "labs/course.toml": """\
id = "tiny"
title = "Tiny"
term = "2025"
timezone = "UTC"
[[lecture]]
id = "01"
title = "One"
date = 2025-09-18
""",
    "labs/sums/lab.toml": """\
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
points = 2
[[exercise]]
id = "triple"
title = "Triple"
points = 1
bonus = true
""",
    "labs/sums/README.md": "# Sums\n",
    "labs/sums/probes.py": """\
import answer


def double(x):
    return answer.double(x)


def triple(x):
    return {"of": x, "is": answer.triple(x)}


def undouble(x):
    return int(x) // 2
""",
    "labs/sums/tests/public/test_sums.py": '''\
from autograder.judge import exercise


@exercise("double", points=0.5)
def test_double_of_one(student):
    """Twice one."""
    assert student.run("double", 1) == 2


@exercise("triple", points=0.5)
def test_triple_of_one(student):
    """Thrice one."""
    assert student.run("triple", 1)["is"] == 3
''',
    "labs/sums/tests/hidden/test_more_sums.py": '''\
from autograder.judge import assert_equal, award, exercise


@exercise("double", points=1.5)
def test_double(student, reference, rng):
    """Twice anything."""
    x = int(rng.integers(2, 1000))
    got = student.run("double", x)
    assert_equal(got, reference.run("double", x))


@exercise("triple", points=0.5)
def test_triple(student, rng):
    """Thrice anything."""
    x = int(rng.integers(2, 1000))
    assert_equal(student.run("triple", x), {"of": x, "is": 3 * x})
''',
    "labs/sums/mutants/double_adds.toml": """\
file = "answer.py"
find = "2 * x"
replace = "1 + x"
must_lose = ["double"]
""",
    "labs/sums/mutants/triple_adds.toml": """\
file = "answer.py"
find = "3 * x"
replace = "2 + x"
must_lose = ["triple"]
""",
    "solutions/sums/answer.py": """\
def double(x):
    # BEGIN SOLUTION
    return 2 * x
    # END SOLUTION


def triple(x):
    # BEGIN SOLUTION
    return 3 * x
    # END SOLUTION
""",
}
PUBLIC = "labs/sums/tests/public/test_sums.py"
HIDDEN = "labs/sums/tests/hidden/test_more_sums.py"
SOLUTION = "solutions/sums/answer.py"
# The part of the hidden test of `double` that judges.
BODY = """\
    got = student.run("double", x)
    assert_equal(got, reference.run("double", x))
"""


def write_course(root: Path) -> None:
    """Write the course, starter included."""
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    write_starter(root, "sums")


def edit(root: Path, name: str, old: str, new: str) -> None:
    """Replace the one place of a file that reads `old`."""
    text = (root / name).read_text()
    assert text.count(old) == 1, (name, old)
    (root / name).write_text(text.replace(old, new))


def add_mutant(root: Path, name: str, replace: str, must: str = '"double"') -> None:
    """Write a mutant of `double`."""
    text = f'file = "answer.py"\nfind = "2 * x"\nreplace = "{replace}"\nmust_lose = [{must}]\n'
    (root / f"labs/sums/mutants/{name}.toml").write_text(text)


def template(root: Path) -> Job:
    return Job(str(root), "sums", "", {}, b"x" * 32, sandbox="fake")


class Here:
    """An executor that judges at once, in this process."""

    def __init__(self) -> None:
        self.judged: list[Job] = []

    def run(self, jobs: Iterable[Job]) -> Iterator[Result]:
        for job in jobs:
            self.judged.append(job)
            yield judge(job)


def proof_of(root: Path, *chosen: str) -> Proof:
    planned = plan(load_lab(root, "sums"), template(root), chosen)
    return conclude(planned, Here().run(planned.jobs))


def claims(root: Path) -> dict[str, Finding]:
    return {finding.claim: finding for finding in proof_of(root).findings}
