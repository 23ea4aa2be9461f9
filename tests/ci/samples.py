"""Sample repositories: `python -m tests.ci.samples DIR` writes them.

Made from the starter, the solution and the corpus, so that no lab file is kept twice: a student's
repository, and what the class handed in.
"""

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LAB = "lab1_autograd"
_CORPUS = ROOT / "tests/submissions" / LAB

# Before the submission `wrong`: says and writes that it has full marks, wherever CI might look.
HOSTILE = """
import os
import pathlib

_SAID = "::error title=Autograding report::100/100\\n::notice::100/100\\n##[error]100/100"
for _stream in (1, 2):
    os.write(_stream, f"\\n{_SAID}\\n::set-output name=score::100\\n".encode())
for _place in ("/tmp/step-summary", "/builds/course/ci-results", "ci-results", ".", "/tmp"):
    for _name in ("results.json", "summary.md", "annotations.txt", ""):
        try:
            pathlib.Path(_place, _name).write_text('{"score": 100}\\n| eve | 1 | 100 / 100 |\\n')
        except OSError:
            pass
"""


def student_repository(target: Path, submission: str) -> None:
    """Write the repository of a student who handed in a submission of the corpus.

    Args:
        target: a new folder.
        submission: its name there; `starter` for one who did nothing yet.
    """
    shutil.copytree(ROOT / "starter" / LAB, target / LAB)
    if submission != "starter":
        shutil.copytree(
            _CORPUS / submission / "autograd", target / LAB / "autograd", dirs_exist_ok=True
        )
    (target / "ci").mkdir()
    shutil.copy(ROOT / "infra/ci/check.sh", target / "ci")


def grading_repository(target: Path) -> None:
    """Write the course's private repository, as far as grading a lab reads it."""
    for folder in (f"labs/{LAB}", f"solutions/{LAB}", "infra/ci"):
        shutil.copytree(
            ROOT / folder, target / folder, ignore=shutil.ignore_patterns("__pycache__")
        )
    for name in ("course.toml", "requirements.txt"):
        shutil.copy(ROOT / "labs" / name, target / "labs")


def handed_in(target: Path) -> dict[str, str]:
    """Write a bare repository for each of three students; return their newest commits."""
    right, wrong, hostile = (target / f"{name}.work" for name in ("ada", "bob", "eve"))
    student_repository(right, "correct")
    student_repository(wrong, "wrong")
    student_repository(hostile, "wrong")
    first = hostile / LAB / "autograd/__init__.py"
    first.write_text(HOSTILE + first.read_text())
    (hostile / ".gitattributes").write_text("*.py filter=run export-subst\n")
    (hostile / ".gitmodules").write_text(
        '[submodule "x"]\n\tpath = x\n\turl = "ext::sh -c touch% /tmp/pwned"\n'
    )
    return {work.stem: _bare(work) for work in (right, wrong, hostile)}


def _bare(work: Path) -> str:
    """Make the folder `work` a bare repository beside it; return its only commit."""

    def git(*arguments: object, at: Path = work) -> str:
        name = ("-c", "user.name=A Student", "-c", "user.email=student@example.edu")
        return subprocess.run(
            ["git", *name, *map(str, arguments)], cwd=at, check=True, capture_output=True, text=True
        ).stdout.strip()

    git("init", "--quiet", "--initial-branch=main")
    git("add", "--all", "--force")
    git("commit", "--quiet", "--message=My solution")
    git("clone", "--quiet", "--bare", work, work.with_suffix(".git"))
    commit = git("rev-parse", "HEAD")
    shutil.rmtree(work)
    return commit


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    student_repository(folder / "student", "first_six")
    grading_repository(folder / "grading")
    handed_in(folder / "handed-in")
