"""What GitHub Actions shows beside a job: a line for each row, as its workflow commands."""

from collections.abc import Sequence

from autograder.model import Lab, Row, Status
from autograder.report.student import student_report
from autograder.report.text import one_line, points

_COMMANDS = {Status.GRADED: "notice", Status.REJECTED: "warning", Status.BROKEN: "error"}


def annotations(lab: Lab, rows: Sequence[Row]) -> str:
    """Return a workflow command for each row: its score, or why it has none."""
    return "".join(_annotation(lab, row) for row in rows)


def _annotation(lab: Lab, row: Row) -> str:
    report = student_report(lab, row)
    said = {
        Status.GRADED: f"{points(report.score)} / {points(report.max_score)}",
        Status.REJECTED: f"rejected: {report.reason}",
        Status.BROKEN: "our grader failed; it costs no points",
    }[report.status]
    if report.bonus and report.status is Status.GRADED:
        said += f" + {points(report.bonus)}"
    return command(_COMMANDS[report.status], lab.title, f"{report.student}: {said}")


def command(name: str, title: str, message: str) -> str:
    """Return one workflow command: text of others stays inside it, whatever it holds."""
    title = _data(title).replace(":", "%3A").replace(",", "%2C")
    return f"::{name} title={title}::{_data(message)}\n"


def _data(text: str) -> str:
    return one_line(text).replace("%", "%25")
