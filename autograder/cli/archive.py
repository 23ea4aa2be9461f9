"""The work behind `results` and `show`: reading the store."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from autograder import report
from autograder.cli.outcome import exit_code, versions
from autograder.cli.output import people, plain, show_table, write_json
from autograder.cli.tables import device_table, show_rows, tests_table
from autograder.course import find_course, load_course, load_lab
from autograder.errors import NothingStored, UsageError
from autograder.model import Lab, Row
from autograder.plugins import suggest
from autograder.store import Store, default_url


def find_lab(course: Path | None, lab: str, url: str | None) -> tuple[Lab, str]:
    """Return a lab and the address of the store of its course."""
    root = find_course(course)
    return load_lab(root, lab), url or default_url(load_course(root).id)


def show_results(course: Path | None, lab: str, url: str | None, json_target: str | None) -> int:
    """Show all attempts at `lab`; return the exit code."""
    loaded, url = find_lab(course, lab, url)
    rows, waiting = _stored(url, lab)
    console = people(json_target)
    if rows:
        show_rows(console, loaded, rows)
    else:
        console.print(f"No results for {lab} yet: autograder grade {lab} PATH...")
    if waiting:
        console.print(f"Handed in, not judged yet: {waiting}. Grade the same paths again.")
    write_json(json_target, report.staff_view(loaded, rows, versions=versions(rows)))
    return exit_code(rows)


def _stored(url: str, lab: str) -> tuple[Sequence[Row], int]:
    """Return the rows of `lab`, and how many attempts nobody judged yet."""
    try:
        with Store(url, read_only=True) as store:
            return store.rows(lab), len(store.unjudged(lab))
    except NothingStored:
        return [], 0


def show_student(
    course: Path | None, student: str, lab: str, url: str | None, json_target: str | None
) -> int:
    """Show one student's attempts and the tests of the newest; return the exit code."""
    loaded, url = find_lab(course, lab, url)
    with Store(url, read_only=True) as store:
        rows = store.rows(lab, student=student)
        if not rows:
            known = {attempt.student for attempt in store.attempts(lab)}
            raise UsageError(f"{student!r} has no result for {lab}; {suggest(student, known)}")
    _details(people(json_target), loaded, rows)
    write_json(json_target, report.staff_view(loaded, rows, versions=versions(rows)))
    return exit_code(rows)


def _details(console: Console, loaded: Lab, rows: Sequence[Row]) -> None:
    show_rows(console, loaded, rows)
    newest = max(rows, key=lambda row: row.attempt.number)
    judged = f", result {newest.result_id}" if newest.result_id else ""
    when = f"{newest.attempt.submitted_at:%Y-%m-%d %H:%M}"
    assumed = " (time of arrival)" if newest.attempt.assumed else ""
    told = f"Attempt {newest.attempt.number}{judged}, {when}{assumed}, from {newest.attempt.source}"
    console.print(plain(told), markup=False, soft_wrap=True)
    show_table(console, tests_table(newest.result))
    if newest.result.device_runs:
        show_table(console, device_table(newest.result))
