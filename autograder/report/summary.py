"""A table of a batch in Markdown, for the job summaries of CI. It holds no test's message."""

from collections.abc import Iterable, Sequence

from autograder.model import Lab, Result, Row, Status
from autograder.report.student import StudentReport, student_report
from autograder.report.text import markdown, one_line, points, short

_WALLS = {
    "none": " (no wall at all)",
    "user": " (no namespaces could be had: the weakest wall)",
}


def summary_markdown(lab: Lab, rows: Sequence[Row]) -> str:
    """Return a GitHub-flavoured Markdown table: one line per row, one column per exercise."""
    columns = ["Student", "Attempt", "Score", "Status", *(e.title for e in lab.exercises)]
    alignment = [":--", "--:", "--:", ":--", *("--:" for _ in lab.exercises)]
    lines = [
        f"### {markdown(lab.title)}",
        "",
        _line(markdown(column) for column in columns),
        _line(alignment),
        *(_line(_cells(lab, student_report(lab, row))) for row in rows),
    ]
    lines += ["", _terms(rows[0].result) if rows else "No submission was graded."]
    return "\n".join(lines) + "\n"


def _terms(result: Result) -> str:
    wall = markdown(result.sandbox) + _WALLS.get(result.sandbox, "")
    return (
        f"Sandbox: {wall}. Device: {markdown(result.device)}. "
        f"Lab: `{short(result.lab_digest)}`. Seed epoch: `{one_line(result.seed_epoch)}`."
    )


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cells(lab: Lab, report: StudentReport) -> list[str]:
    scored = {} if report.status is Status.BROKEN else {e.id: e for e in report.exercises}
    return [
        markdown(report.student),
        str(report.attempt),
        _score(report),
        markdown(f"{report.status}: {report.reason}" if report.reason else str(report.status)),
        *(_points(scored[e.id].score, e.points) if e.id in scored else "—" for e in lab.exercises),
    ]


def _score(report: StudentReport) -> str:
    if report.status is Status.BROKEN:
        return "—"
    bonus = f" + {points(report.bonus)}" if report.bonus else ""
    return _points(report.score, report.max_score) + bonus


def _points(score: float, max_score: float) -> str:
    return f"{points(score)} / {points(max_score)}"
