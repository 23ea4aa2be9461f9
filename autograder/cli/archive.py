"""The work behind `results` and `show`: reading the store."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from autograder import report
from autograder.cli.outcome import exit_code, versions
from autograder.cli.output import people, plain, show_table, write_json
from autograder.cli.tables import show_rows, tests_table
from autograder.course import find_course, load_course, load_lab
from autograder.errors import UsageError
from autograder.model import Lab, Row
from autograder.plugins import suggest
from autograder.store import Store, default_url


def open_lab(course: Path | None, lab: str, url: str | None) -> tuple[Lab, Store]:
    """Return a lab and the (unopened) store of its course."""
    root = find_course(course)
    return load_lab(root, lab), Store(url or default_url(load_course(root).id))


def show_results(course: Path | None, lab: str, url: str | None, json_target: str | None) -> int:
    """Show all attempts at `lab`; return the exit code."""
    loaded, kept = open_lab(course, lab, url)
    with kept as store:
        rows, waiting = store.rows(lab), len(store.unjudged(lab))
    console = people(json_target)
    if rows:
        show_rows(console, loaded, rows)
    else:
        console.print(f"No results for {lab} yet: autograder grade {lab} PATH...")
    if waiting:
        console.print(f"Handed in, not judged yet: {waiting}. Grade the same paths again.")
    write_json(json_target, report.staff_view(loaded, rows, versions=versions(rows)))
    return exit_code(rows)


def show_student(
    course: Path | None, student: str, lab: str, url: str | None, json_target: str | None
) -> int:
    """Show one student's attempts and the tests of the newest; return the exit code."""
    loaded, kept = open_lab(course, lab, url)
    with kept as store:
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
    when = f"{newest.attempt.submitted_at:%Y-%m-%d %H:%M}"
    assumed = " (time of arrival)" if newest.attempt.assumed else ""
    console.print(
        plain(f"Attempt {newest.attempt.number}, {when}{assumed}, from {newest.attempt.source}"),
        markup=False,
        soft_wrap=True,
    )
    show_table(console, tests_table(newest.result))
