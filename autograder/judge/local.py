"""Pytest plugin for a student's folder: public tests against the code beside them, in one process.

The starter's pytest.ini loads it with ``-p autograder.judge.local``. The judge runs the same test
functions again, in boxes, with secret seeds: what passes here earns nothing by itself.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

import pytest

from autograder.course.desk_file import read_desk_file
from autograder.course.inventory import read_tests
from autograder.errors import UsageError
from autograder.judge.desk import DeskStudent
from autograder.judge.inputs import in_words
from autograder.judge.plugin import JudgePlugin, name_of
from autograder.judge.scoring import Case, report, speaker
from autograder.judge.subject import Reference
from autograder.judge.theirs import DeskFiles
from autograder.model import Outcome, TestSpec

_NO_SECRET = b"the numbers of a student's own test run are no secret"
_DESK = pytest.StashKey["DeskPlugin"]()


class DeskPlugin(JudgePlugin):
    """The judge's fixtures and verdicts, on a student's desk."""

    def __init__(self, root: Path) -> None:
        """Test the lab folder `root`."""
        self.specs = {test.name: test for test in read_tests(root / "tests", hidden=False)}
        super().__init__(
            lab_id=read_desk_file(root).id,
            tests=self.specs,
            files=DeskFiles(root),
            secret=_NO_SECRET,
            student=lambda: DeskStudent(root),
            reference=_no_reference,
        )

    def reports(self) -> list[dict[str, object]]:
        """Return what came of each test that ran, as plain data for `autograder check`."""
        return [_plain(self.specs[name], cases) for name, cases in self.cases.items()]


class DeskEvents:
    """Says how far the tests have come, in a line of JSON for each step."""

    def __init__(self, desk: DeskPlugin, target: Path) -> None:
        """Append to `target` what `desk` finds."""
        self._desk = desk
        self._target = target

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Say how many tests there are, before the first."""
        self._say({"tests": len(session.items)})

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        """Say what came of each."""
        done = yield
        cases = self._desk.cases.get(name_of(item), [])
        if cases:
            self._say({"name": name_of(item), "outcome": cases[-1][1].outcome.value})
        return done

    def _say(self, event: dict[str, object]) -> None:
        with self._target.open("a", encoding="utf-8") as file:
            file.write(json.dumps(event) + "\n")


def _plain(test: TestSpec, cases: Sequence[Case]) -> dict[str, object]:
    trial, verdict = speaker(cases)
    asked = None if verdict.outcome is Outcome.PASS else trial.case or trial.call
    return asdict(report(test, cases)) | {
        "exercise": test.exercise,
        "points": test.points,
        "case": asked.label if asked else "",
        "inputs": in_words(asked.inputs) if asked else {},
        "began": trial.call is not None or not trial.observed,
    }


def _no_reference() -> Reference:
    raise UsageError("the reference is with the grader: a public test must do without it")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option by which `autograder check` reads the verdicts."""
    parser.addoption("--autograder-json", metavar="FILE", help="write verdicts to FILE")
    parser.addoption("--autograder-events", metavar="FILE", help="say there how far it has come")


def pytest_configure(config: pytest.Config) -> None:
    """Take the folder of pytest.ini as the lab, and put it on the path."""
    root = config.rootpath
    sys.path.insert(0, str(root))
    config.stash[_DESK] = desk = DeskPlugin(root)
    config.pluginmanager.register(desk, "autograder-desk")
    if target := config.getoption("--autograder-events"):
        config.pluginmanager.register(DeskEvents(desk, Path(target)), "autograder-events")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the verdicts, if asked to."""
    if target := session.config.getoption("--autograder-json"):
        Path(target).write_text(json.dumps(session.config.stash[_DESK].reports()))
