"""The work behind `check`: the public tests of a student's folder, in a fresh pytest process."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.table import Table
from rich.text import Text

from autograder.cli.explaining import Report, difference, explain, first_to_look_at
from autograder.cli.output import people, plain, plain_table, show_table, write_json
from autograder.cli.progress import waiting
from autograder.course.desk_file import DeskFile, read_desk_file
from autograder.course.inventory import read_tests
from autograder.errors import InfraError, UsageError
from autograder.model import Outcome, TestSpec
from autograder.plugins import suggest

_CHECK_FAILED = 1
_PYTEST = [sys.executable, "-m", "pytest", "-p", "autograder.judge.local"]
# Of pytest's plug-ins only ours: as in the judge, and it starts twice as fast. A breakpoint that
# was left in the code waits for nobody: there is no keyboard here.
_ALONE = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONBREAKPOINT": "0"}
_FINISHED = (0, 1)  # pytest's: all passed, some failed
_TAIL = 3000  # characters of pytest's output, where it could not do its work


def lab_folder(lab: str | None) -> Path:
    """Return the student's folder of `lab`: where they stand, a folder there, or the path given.

    Raises:
        UsageError: it does not look like a lab's folder.
    """
    here = Path.cwd()
    standing_in_it = lab is None or (lab == here.name and not (here / lab).exists())
    folder = here if standing_in_it or lab is None else here / lab
    if _is_lab(folder):
        return folder
    near = [] if lab is None else [path.name for path in here.iterdir() if _is_lab(path)]
    hint = f" ({suggest(lab, near)})" if lab and near else ""
    raise UsageError(
        f"{folder} is no lab folder: it lacks probes.py and tests/{hint}.\n"
        "Go to a lab's folder as you received it, or name it: autograder check LAB"
    )


def _is_lab(folder: Path) -> bool:
    return (folder / "probes.py").is_file() and (folder / "tests").is_dir()


def check_folder(
    folder: Path,
    exercise: str | None,
    json_target: str | None,
    events: Path | None = None,
    out: Path | None = None,
) -> int:
    """Run the public tests of `folder`, show what came of them, and return the exit code.

    While they run, `events` gets a line of JSON for each that ends. `out` is a folder for CI.
    """
    lab = read_desk_file(folder)
    tests = _chosen(_in_order(lab, read_tests(folder / "tests", hidden=False)), exercise)
    with waiting(f"Testing {plain(lab.id)}"):
        reports = _run(folder, tests, events)
    failing = first_to_look_at(reports)
    console = people(json_target)
    show_table(console, _table(reports))
    if failing:
        explain(console, failing)
    document = {"schema": 1, "lab": lab.id, "version": lab.version, "passed": failing is None}
    first = {**failing, "difference": difference(failing)} if failing else None
    document |= {"tests": reports, "first": first}
    write_json(json_target, document)
    if out is not None:
        _write(out, document)
    return _CHECK_FAILED if failing else 0


def _write(out: Path, document: Mapping[str, Any]) -> None:
    from autograder import report

    try:
        for name, data in report.check_files(document).items():
            report.put(out / name, data)
    except OSError as error:
        raise UsageError(f"--out {out}: {error.strerror}") from error


def _in_order(lab: DeskFile, tests: Sequence[TestSpec]) -> list[TestSpec]:
    """Return `tests` by exercise, in the order of the handout where the folder tells it."""
    place = {exercise: number for number, exercise in enumerate(lab.exercises)}
    return sorted(tests, key=lambda test: place.get(test.exercise, len(place)))


def _chosen(tests: Sequence[TestSpec], exercise: str | None) -> list[TestSpec]:
    known = {test.exercise for test in tests}
    if exercise is not None and exercise not in known:
        raise UsageError(f"no public test is about {exercise!r}; {suggest(exercise, known)}")
    return [test for test in tests if exercise in (None, test.exercise)]


def _run(folder: Path, tests: Sequence[TestSpec], events: Path | None) -> list[Report]:
    """Return one report for each of `tests`; a test that did not run is `broken`."""
    with tempfile.TemporaryDirectory(prefix="autograder-") as scratch:
        target = Path(scratch, "reports.json")
        told = [f"--autograder-events={events.absolute()}"] if events else []
        names = [f"{test.file}::{test.name}" for test in tests]
        done = subprocess.run(
            [*_PYTEST, f"--autograder-json={target}", *told, *names],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=os.environ | _ALONE,
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
        "case": "",
        "inputs": {},
        "began": True,
    }


def _table(reports: Sequence[Report]) -> Table:
    table = plain_table("exercise", "tests passed", "public points", "outcome")
    table.columns[1].justify = table.columns[2].justify = "right"
    for exercise in dict.fromkeys(report["exercise"] for report in reports):
        mine = [report for report in reports if report["exercise"] == exercise]
        outcomes = [Outcome(report["outcome"]) for report in mine]
        passed = outcomes.count(Outcome.PASS)
        lost = next((o for o in outcomes if o is not Outcome.PASS), Outcome.PASS)
        style = "green" if lost is Outcome.PASS else "yellow" if passed else "red"
        points = sum(report["points"] for report in mine)
        table.add_row(
            exercise, f"{passed}/{len(mine)}", f"{points:g}", Text(lost.value, style=style)
        )
    return table
