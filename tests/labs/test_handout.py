"""What the handout of Lab 1 says is so: its code runs, its numbers are the grader's."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pytest

from autograder.course import build, load_lab
from autograder.report.words import WORDS

ROOT = Path(__file__).parents[2]
LAB = load_lab(ROOT, "lab1_autograd")
HANDOUT = LAB.path / "README.md"
TEXT = HANDOUT.read_text(encoding="utf-8")
END = "\x1e"  # stands between the outputs of two blocks
FORGET = "[globals().pop(n) for n in list(globals()) if n[0] != '_']"  # each block stands alone

_BLOCK = re.compile(r"^```(?P<language>\w*)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Block:
    """A piece of Python in the handout, and the output shown below it (None: none is shown)."""

    line: int  # of its first line of code, 1-based
    code: str
    output: str | None


def blocks(text: str) -> list[Block]:
    """Return the Python blocks; a `text` block shows what the Python block before it prints."""
    found: list[Block] = []
    for match in _BLOCK.finditer(text):
        line = text.count("\n", 0, match.start("body")) + 1
        if match["language"] == "python":
            found.append(Block(line, match["body"], None))
        elif match["language"] == "text":
            found[-1] = Block(found[-1].line, found[-1].code, match["body"])
    return found


def run(some: list[Block], folder: Path, tmp_path: Path) -> None:
    """Run blocks one after the other, as lines of the handout, on the code in `folder`."""
    program: list[str] = []
    for block in some:
        program += [""] * (block.line - 1 - len(program))
        program += [*block.code.splitlines(), f"print({END!r}); {FORGET}"]
    script = tmp_path / "README.py"
    script.write_text("\n".join(program), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-B", "-W", "error", script],
        env=os.environ | {"PYTHONPATH": str(folder), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    printed = done.stdout.split(f"{END}\n")
    assert [(b.line, b.output or "") for b in some] == [
        (b.line, output) for b, output in zip(some, printed, strict=False)
    ]


def between(first: str, last: str) -> list[Block]:
    """Return the blocks between two headings."""
    begin, end = (TEXT.count("\n", 0, TEXT.index(f"\n## {name}")) for name in (first, last))
    return [block for block in blocks(TEXT) if begin < block.line < end]


def test_every_snippet_runs_on_the_solution(tmp_path):
    assert len(blocks(TEXT)) > 8
    run(blocks(TEXT), LAB.solution, tmp_path)


def test_the_first_snippets_run_before_anything_is_written(tmp_path):
    some = between("What you are given", "1.1")
    assert len(some) == 2
    run(some, LAB.starter, tmp_path)


def test_the_snippets_of_1_1_need_nothing_but_1_1(tmp_path):
    for name, data in build(ROOT, LAB.id).items():
        path = tmp_path / "desk" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    solved = PurePosixPath("autograd/broadcasting.py")
    (tmp_path / "desk" / solved).write_bytes((LAB.solution / solved).read_bytes())
    run(between("1.1", "1.2"), tmp_path / "desk", tmp_path)


@pytest.mark.parametrize("exercise", LAB.exercises, ids=lambda exercise: exercise.id)
def test_points_are_those_of_the_lab(exercise):
    tests = [test for test in LAB.tests if test.exercise == exercise.id]
    public = sum(test.points for test in tests if not test.hidden)
    section = TEXT.partition(f"\n## {exercise.title}\n")[2].partition("\n## ")[0]
    said = f"**Graded:** {exercise.points:g} points, {public:g} of them by public tests."
    assert said in " ".join(section.split())


def test_sums_and_limits_are_those_of_the_lab():
    said = " ".join(TEXT.split())
    bonus = {exercise.id: exercise.points for exercise in LAB.exercises if exercise.bonus}
    public = sum(t.points for t in LAB.tests if not t.hidden and t.exercise not in bonus)
    total, extra = LAB.max_score, sum(bonus.values())
    assert f"({public:g} of the {total:g} points, about {round(100 * public / total)} %)" in said
    assert f"| Points | {total:g} for exercises" in said
    assert f", and {extra:g} bonus points for B1 and B2 |" in said
    assert (
        f"The {extra:g} points of B1 and B2 are reported beside the score, never inside it" in said
    )
    limits = LAB.limits
    clock = (
        f"{limits.cpu_seconds:g} s of processor time (and {limits.wall_seconds:g} s on the clock)"
    )
    memory = f"{limits.memory_mb / 1024:g} GiB of memory"
    assert f"{clock}, {memory}; for all calls together, {limits.total_seconds:g} s" in said


def test_outcomes_are_explained_as_the_report_explains_them():
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", TEXT.partition("| outcome |")[2], re.MULTILINE)
    assert rows == [(outcome.value, word.meaning) for outcome, word in WORDS.items()]


def test_what_the_handout_points_to_is_handed_out():
    links = [PurePosixPath(link) for link in re.findall(r"\]\(([^)#]+)\)", TEXT)]
    assert len(links) >= 5
    assert set(links) <= build(ROOT, LAB.id).keys()
