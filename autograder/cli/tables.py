"""Tables of submissions and of one submission's tests."""

from collections.abc import Iterable, Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.cli.output import fits, plain, plain_table, show_table
from autograder.model import ExerciseScore, Lab, Outcome, Result, Row, Status
from autograder.report.device import HEADING, device_lines

_COLOURS = {
    Outcome.PASS: "green",
    Outcome.PARTIAL: "yellow",
    Outcome.MISSING: "dim",
    Outcome.BROKEN: "magenta",
}
_STATUS_COLOURS = {Status.GRADED: "", Status.REJECTED: "yellow", Status.BROKEN: "magenta"}


def show_rows(console: Console, lab: Lab, rows: Sequence[Row]) -> None:
    """Show one line for each row, and below why some were not judged."""
    table = rows_table(lab, rows, words=True)
    if not fits(console, table):
        table = rows_table(lab, rows, words=False)
    show_table(console, table)
    for row in rows:
        if row.result.status is not Status.GRADED:
            said = f"{row.attempt.student}: {row.result.status.value}: {_short(row.result.reason)}"
            console.print(
                Text(plain(said), style=_STATUS_COLOURS[row.result.status]), soft_wrap=True
            )


def rows_table(lab: Lab, rows: Sequence[Row], *, words: bool) -> Table:
    """One line for each row: who, how many points for each exercise, the score.

    Args:
        lab: what was asked.
        rows: the lines.
        words: say how the first lost test of an exercise ended; else the colour tells.
    """
    exercises = _exercises(lab, rows)
    table = plain_table()
    table.add_column("student", overflow="fold", min_width=8)
    table.add_column("#", justify="right", no_wrap=True)
    for name in exercises:
        table.add_column(name, justify="right", overflow="fold")
    table.add_column("score", justify="right", style="bold", no_wrap=True)
    for row in rows:
        scores = {e.id: e for e in row.result.exercises}
        table.add_row(
            Text(plain(row.attempt.student)),
            str(row.attempt.number),
            *(_cell(scores.get(name), words=words) for name in exercises),
            _score(lab, row.result),
        )
    return table


def tests_table(result: Result) -> Table:
    """One line for each test of a result, by exercise: outcome, points, what went wrong."""
    table = plain_table()
    for name in ("exercise", "test", "outcome", "points", "staff only"):
        table.add_column(name, overflow="fold", justify="right" if name == "points" else "left")
    for exercise in result.exercises:
        for number, test in enumerate(exercise.tests):
            table.add_row(
                exercise.id if number == 0 else "",
                Text(plain(test.title or test.name)),
                outcome_text(test.outcome),
                points(test.score, test.max_score),
                Text(plain(test.message or test.note)),
                end_section=number == len(exercise.tests) - 1,
            )
    return table


def device_table(result: Result) -> Table:
    """One line for each kernel that was repeated on a real device."""
    table = plain_table(HEADING, "device", "time", "reference", "ratio", "of the limit", "note")
    for line, run in zip(device_lines(result), result.device_runs, strict=True):
        told = (line.kernel, line.device, line.seconds, line.reference_seconds, line.ratio)
        note = "; ".join(filter(None, (run.note, run.detail)))
        table.add_row(*(Text(plain(cell)) for cell in (*told, line.limit, note)))
    return table


def points(score: float, of: float) -> str:
    """Return ``3.5/6``."""
    return f"{score:g}/{of:g}"


def outcome_text(outcome: Outcome) -> Text:
    """Return an outcome in its colour."""
    return Text(outcome.value, style=_COLOURS.get(outcome, "red"))


def first_loss(exercise: ExerciseScore) -> Outcome:
    """Return the outcome of the first test that is no pass, else a pass."""
    lost = (t.outcome for t in exercise.tests if t.outcome is not Outcome.PASS)
    return next(lost, Outcome.PASS)


def _exercises(lab: Lab, rows: Iterable[Row]) -> list[str]:
    """The lab's exercises, and those it had when older results were made."""
    now = [e.id for e in lab.exercises]
    return list(dict.fromkeys(now + [e.id for row in rows for e in row.result.exercises]))


def _cell(exercise: ExerciseScore | None, *, words: bool) -> Text:
    if exercise is None:
        return Text("")
    outcome = first_loss(exercise)
    cell = Text(points(exercise.score, exercise.max_score))
    if words and outcome is not Outcome.PASS:
        cell.append(f" {outcome.value}")
    cell.stylize(_COLOURS.get(outcome, "red" if exercise.score == 0 else "yellow"))
    return cell


def _short(reason: str | None) -> str:
    """First and last line: a traceback says most at its ends, and the report holds all of it."""
    lines = (reason or "").strip().splitlines() or [""]
    return lines[0] if len(lines) == 1 else f"{lines[0]} … {lines[-1]}"


def _score(lab: Lab, result: Result) -> Text:
    if result.status is not Status.GRADED:
        return Text(result.status.value, style=_STATUS_COLOURS[result.status])
    bonus = f" +{result.bonus:g}" if result.bonus else ""
    return Text(points(result.score, result.max_score or lab.max_score) + bonus)
