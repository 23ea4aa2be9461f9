"""What a lab's handout says is so: its code runs, its numbers are the grader's."""

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
LABS = [load_lab(ROOT, name) for name in ("lab1_autograd", "lab2_cuda")]
TEXTS = {lab.id: (lab.path / "README.md").read_text(encoding="utf-8") for lab in LABS}
# The part of a handout that runs before anything is written, how many blocks it has; and the first
# exercise, and the file that is all its blocks need.
BEFORE = {
    "lab1_autograd": ("What you are given", "1.1", 2),
    "lab2_cuda": ("How to start", "2.1", 3),
}
FIRST = {
    "lab1_autograd": ("1.1", "1.2", "autograd/broadcasting.py"),
    "lab2_cuda": ("2.1", "2.2", "kernels/maps.py"),
}
every_lab = pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.id)
every_exercise = pytest.mark.parametrize(
    ("lab", "exercise"),
    [(lab, exercise) for lab in LABS for exercise in lab.exercises],
    ids=lambda part: part.id,
)
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
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    printed = done.stdout.split(f"{END}\n")
    assert [(b.line, b.output or "") for b in some] == [
        (b.line, output) for b, output in zip(some, printed, strict=False)
    ]


def between(text: str, first: str, last: str) -> list[Block]:
    """Return the blocks between two headings."""
    begin, end = (text.count("\n", 0, text.index(f"\n## {name}")) for name in (first, last))
    return [block for block in blocks(text) if begin < block.line < end]


@every_lab
def test_every_snippet_runs_on_the_solution(lab, tmp_path):
    assert len(blocks(TEXTS[lab.id])) > 8
    run(blocks(TEXTS[lab.id]), lab.solution, tmp_path)


@every_lab
def test_the_first_snippets_run_before_anything_is_written(lab, tmp_path):
    first, last, count = BEFORE[lab.id]
    some = between(TEXTS[lab.id], first, last)
    assert len(some) == count
    run(some, lab.starter, tmp_path)


@every_lab
def test_the_snippets_of_the_first_exercise_need_nothing_but_its_file(lab, tmp_path):
    first, last, solved = FIRST[lab.id]
    for name, data in build(ROOT, lab.id).items():
        path = tmp_path / "desk" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    (tmp_path / "desk" / solved).write_bytes((lab.solution / solved).read_bytes())
    run(between(TEXTS[lab.id], first, last), tmp_path / "desk", tmp_path)


@every_exercise
def test_points_are_those_of_the_lab(lab, exercise):
    tests = [test for test in lab.tests if test.exercise == exercise.id]
    public = sum(test.points for test in tests if not test.hidden)
    section = TEXTS[lab.id].partition(f"\n## {exercise.title}\n")[2].partition("\n## ")[0]
    said = f"**Graded:** {exercise.points:g} points, {public:g} of them by public tests."
    assert said in " ".join(section.split())


@every_lab
def test_sums_and_limits_are_those_of_the_lab(lab):
    said = " ".join(TEXTS[lab.id].split())
    bonus = {exercise.id: exercise.points for exercise in lab.exercises if exercise.bonus}
    public = sum(t.points for t in lab.tests if not t.hidden and t.exercise not in bonus)
    total, extra = lab.max_score, sum(bonus.values())
    names = f"B1 {'and' if len(bonus) == 2 else 'to'} B{len(bonus)}"
    assert f"({public:g} of the {total:g} points, about {round(100 * public / total)} %)" in said
    assert f"| Points | {total:g} for exercises" in said
    assert f", and {extra:g} bonus points for {names} |" in said
    assert f"The {extra:g} points of {names} are reported beside the score, never inside it" in said
    limits = lab.limits
    clock = (
        f"{limits.cpu_seconds:g} s of processor time (and {limits.wall_seconds:g} s on the clock)"
    )
    memory = f"{limits.memory_mb / 1024:g} GiB of memory"
    assert f"{clock}, {memory}; for all calls together, {limits.total_seconds:g} s" in said


@every_lab
def test_outcomes_are_explained_as_the_report_explains_them(lab):
    table = TEXTS[lab.id].partition("| outcome |")[2]
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", table, re.MULTILINE)
    assert rows == [(outcome.value, word.meaning) for outcome, word in WORDS.items()]


@every_lab
def test_what_the_handout_points_to_is_handed_out(lab):
    prose = re.sub(r"`[^`]*`", "", _BLOCK.sub("", TEXTS[lab.id]))  # a launch looks like a link
    links = [PurePosixPath(link) for link in re.findall(r"\]\(([^)#]+)\)", prose)]
    assert len(links) >= 5
    assert set(links) <= build(ROOT, lab.id).keys()
