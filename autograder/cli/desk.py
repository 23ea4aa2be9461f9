"""The work behind `check`: the public tests of a student's folder, in a fresh pytest process."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.cli.output import people, plain, plain_table, show_table, write_json
from autograder.cli.progress import waiting
from autograder.course.inventory import read_tests
from autograder.errors import InfraError, UsageError
from autograder.model import Outcome, TestSpec
from autograder.plugins import suggest

_CHECK_FAILED = 1
_PYTEST = [sys.executable, "-m", "pytest", "-p", "autograder.judge.local"]
_FINISHED = (0, 1)  # pytest's: all passed, some failed
_TAIL = 3000  # characters of pytest's output, where it could not do its work

Report = dict[str, Any]


def lab_folder(lab: str | None) -> Path:
    """Return the student's folder of `lab`: where they stand, a folder there, or the path given.

    Raises:
        UsageError: it does not look like a lab's folder.
    """
    here = Path.cwd()
    standing_in_it = lab is None or (lab == here.name and not (here / lab).exists())
    folder = here if standing_in_it or lab is None else here / lab
    if (folder / "probes.py").is_file() and (folder / "tests").is_dir():
        return folder
    raise UsageError(
        f"{folder} is no lab folder: it lacks probes.py and tests/.\n"
        "Go to a lab's folder as you received it, or name it: autograder check LAB"
    )


def check_folder(folder: Path, exercise: str | None, json_target: str | None) -> int:
    """Run the public tests of `folder`, show what came of them, and return the exit code."""
    tests = _chosen(read_tests(folder / "tests", hidden=False), exercise)
    with waiting(f"Testing {plain(folder.name)}"):
        reports = _run(folder, tests)
    passed = all(report["outcome"] == Outcome.PASS for report in reports)
    console = people(json_target)
    show_table(console, _table(reports))
    if not passed:
        _explain(console, next(r for r in reports if r["outcome"] != Outcome.PASS))
    document = {"schema": 1, "lab": folder.name, "passed": passed, "tests": reports}
    write_json(json_target, document)
    return 0 if passed else _CHECK_FAILED


def _chosen(tests: Sequence[TestSpec], exercise: str | None) -> list[TestSpec]:
    known = {test.exercise for test in tests}
    if exercise is not None and exercise not in known:
        raise UsageError(f"no public test is about {exercise!r}; {suggest(exercise, known)}")
    return [test for test in tests if exercise in (None, test.exercise)]


def _run(folder: Path, tests: Sequence[TestSpec]) -> list[Report]:
    """Return one report for each of `tests`; a test that did not run is `broken`."""
    with tempfile.TemporaryDirectory(prefix="autograder-") as scratch:
        target = Path(scratch, "reports.json")
        names = [f"{test.file}::{test.name}" for test in tests]
        done = subprocess.run(
            [*_PYTEST, f"--autograder-json={target}", *names],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            # Of pytest's plug-ins only ours: as in the judge, and it starts twice as fast.
            env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        )
        if done.returncode not in _FINISHED or not target.exists():
            said = done.stdout.decode(errors="replace")[-_TAIL:]
            raise InfraError(f"pytest could not run the public tests of {folder}:\n{said}")
        reports = {report["name"]: report for report in json.loads(target.read_text())}
    return [reports.get(test.name) or _never_ran(test) for test in tests]


def _never_ran(test: TestSpec) -> Report:
    return {
        "exercise": test.exercise,
        "name": test.name,
        "title": test.title,
        "outcome": Outcome.BROKEN.value,
        "points": test.points,
        "hint": "",
        "note": "the test did not run to its end",
        "line": "",
        "message": "",
    }


def _table(reports: Sequence[Report]) -> Table:
    table = plain_table("exercise", "tests passed", "")
    table.columns[1].justify = "right"
    for exercise in dict.fromkeys(report["exercise"] for report in reports):
        outcomes = [Outcome(r["outcome"]) for r in reports if r["exercise"] == exercise]
        passed = outcomes.count(Outcome.PASS)
        lost = next((o for o in outcomes if o is not Outcome.PASS), Outcome.PASS)
        style = "green" if lost is Outcome.PASS else "yellow" if passed else "red"
        table.add_row(exercise, f"{passed}/{len(outcomes)}", Text(lost.value, style=style))
    return table


def _explain(console: Console, report: Report) -> None:
    """Say what to look at first: the first failing test, by how much, where, and the hint."""
    console.print(Text(f"Look first at: {plain(report['title'])}", style="bold"), soft_wrap=True)
    hint = report["hint"] and f"Hint: {report['hint']}"
    for text, style in ((_difference(report), "red"), (report["line"], ""), (hint, "cyan")):
        if text:
            console.print(Text(f"  {plain(text)}", style=style), soft_wrap=True)
    console.print(
        Text(f"  To step into it: pytest -k {report['name']} --pdb", style="dim"), soft_wrap=True
    )


def _difference(report: Report) -> str:
    """What went wrong, in one line; the traceback is for --pdb."""
    first: str = (report["message"] or report["note"] or report["outcome"]).partition("\n")[0]
    return first.removeprefix("AssertionError: ").removeprefix("CallFailed: ")
