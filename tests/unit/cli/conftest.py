"""A small course, and a command line that judges at once instead of in boxes."""

import json
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import fake_places
import pytest

from autograder.box import base
from autograder.cli.entry import run
from autograder.executor.base import EXECUTORS

COURSE = """
id = "tiny"
title = "Tiny"
term = "2025"
timezone = "Asia/Shanghai"
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
id = "triple"
title = "Triple"
points = 6
"""
TEST = '''
from autograder.judge import exercise


@exercise("{id}", points={points})
def test_{id}(student):
    """All sorts of {id}."""
    assert student.run("{id}", 1) == {answer}
'''
SOLUTION = "# BEGIN SOLUTION\n1\n# END SOLUTION\n"


class Said(NamedTuple):
    """What one command line said."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The JSON on standard output."""
        return json.loads(self.out)


Command = Callable[..., Said]


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """The root of a course with the lab `sums`."""
    root = tmp_path / "course"
    lab = root / "labs" / "sums"
    for file, text in {
        root / "labs/course.toml": COURSE,
        lab / "lab.toml": LAB,
        lab / "probes.py": "def double(x):\n    return 2 * x\n",
        lab / "README.md": "# Sums\n",
        lab / "tests/public/test_double.py": TEST.format(id="double", points=4, answer=2),
        lab / "tests/hidden/test_triple.py": TEST.format(id="triple", points=6, answer=3),
        root / "solutions/sums/answer.py": SOLUTION,
    }.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text).lstrip())
    return root


@pytest.fixture
def command(
    course: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Command:
    """Run one command line in the course's folder."""
    for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name))
    for name in ("AUTOGRADER_STORE", "AUTOGRADER_SECRET_FILE", "AUTOGRADER_COURSE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.delenv("AUTOGRADER_DEBUG", raising=False)
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.chdir(course)
    monkeypatch.setitem(base.SANDBOXES, "namespace", "fake_places:OpenField")
    monkeypatch.setitem(base.SANDBOXES, "none", "fake_places:OpenField")
    monkeypatch.setitem(EXECUTORS, "local", "fake_places:Instant")
    fake_places.JUDGED.clear()

    def say(*arguments: str | Path) -> Said:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Said(code, out, err)

    return say


@pytest.fixture
def handed_in(tmp_path: Path) -> Callable[..., Path]:
    """Write a batch of submissions: student -> what answer.py says (None: an empty folder)."""

    def write(**answers: str | None) -> Path:
        batch = tmp_path / "batch"
        for student, answer in answers.items():
            folder = batch / student
            folder.mkdir(parents=True, exist_ok=True)
            if answer is not None:
                (folder / "answer.py").write_text(answer)
        return batch

    return write
