"""Pytest plugin for a student's folder: public tests against the code beside them, in one process.

The starter's pytest.ini loads it with ``-p autograder.judge.local``. The judge runs the same test
functions again, in boxes, with secret seeds: what passes here earns nothing by itself.
"""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import pytest

from autograder.course.inventory import read_tests
from autograder.course.tree import files_under
from autograder.errors import UsageError
from autograder.judge.desk import DeskStudent
from autograder.judge.plugin import JudgePlugin
from autograder.judge.scoring import report
from autograder.judge.subject import Reference
from autograder.model import TestSpec

_NO_SECRET = b"the numbers of a student's own test run are no secret"
_DESK = pytest.StashKey["DeskPlugin"]()


class DeskPlugin(JudgePlugin):
    """The judge's fixtures and verdicts, on a student's desk."""

    def __init__(self, root: Path) -> None:
        """Test the lab folder `root`."""
        self.specs = {test.name: test for test in read_tests(root / "tests", hidden=False)}
        super().__init__(
            lab_id=root.name,
            tests=self.specs,
            files={
                str(n): p.read_bytes() for n, p in files_under(root).items() if n.suffix == ".py"
            },
            secret=_NO_SECRET,
            student=lambda: DeskStudent(root),
            reference=_no_reference,
        )

    def reports(self) -> list[dict[str, object]]:
        """Return what came of each test that ran, as plain data for `autograder check`."""
        ran = [(self.specs[name], cases) for name, cases in self.cases.items()]
        return [_plain(test) | asdict(report(test, cases)) for test, cases in ran]


def _plain(test: TestSpec) -> dict[str, object]:
    return {"exercise": test.exercise, "points": test.points}


def _no_reference() -> Reference:
    raise UsageError("the reference is with the grader: a public test must do without it")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option by which `autograder check` reads the verdicts."""
    parser.addoption("--autograder-json", metavar="FILE", help="write verdicts to FILE")


def pytest_configure(config: pytest.Config) -> None:
    """Take the folder of pytest.ini as the lab, and put it on the path."""
    root = config.rootpath
    sys.path.insert(0, str(root))
    config.stash[_DESK] = desk = DeskPlugin(root)
    config.pluginmanager.register(desk, "autograder-desk")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the verdicts, if asked to."""
    if target := session.config.getoption("--autograder-json"):
        Path(target).write_text(json.dumps(session.config.stash[_DESK].reports()))
