"""What becomes of judged rows: table, report, JSON, exit code."""

from collections.abc import Sequence
from pathlib import Path

from autograder import report
from autograder.cli.output import people, write_json
from autograder.cli.tables import show_rows
from autograder.cli.terms import Terms
from autograder.errors import InfraError
from autograder.model import Row, Status


def publish(terms: Terms, rows: Sequence[Row], *, out: Path | None, json_target: str | None) -> int:
    """Show `rows` to people, write what was asked for, and return the exit code."""
    console = people(json_target)
    show_rows(console, terms.lab, rows)
    if out is not None:
        page = report.write(out, terms.lab, rows)
        console.print(f"Report: {page}", soft_wrap=True)
    write_json(
        json_target, report.staff_view(terms.lab, rows, **terms.told(), versions=versions(rows))
    )
    return exit_code(rows)


def exit_code(rows: Sequence[Row]) -> int:
    """Return 3 if our own failure left a row without a judgement, else 0."""
    broken = any(row.result.status is Status.BROKEN for row in rows)
    return InfraError.exit_code if broken else 0


def versions(rows: Sequence[Row]) -> dict[str, str]:
    """Return the versions under which the first row that has any was judged."""
    return next((dict(r.result.versions) for r in rows if r.result.versions), {})
