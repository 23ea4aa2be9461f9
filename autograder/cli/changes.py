"""How a later judging differs from an earlier one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from rich.table import Table
from rich.text import Text

from autograder.cli.output import plain, plain_table
from autograder.cli.tables import points
from autograder.model import Attempt, Result, TestReport


@dataclass(frozen=True)
class Change:
    """One attempt, judged anew."""

    attempt: Attempt
    before: Result | None  # None: it had no result yet
    after: Result

    def document(self) -> dict[str, Any]:
        """Return the change as plain data."""
        return {
            "student": plain(self.attempt.student),
            "attempt": self.attempt.number,
            "digest": self.attempt.digest,
            "before": None if self.before is None else self.before.score,
            "after": self.after.score,
            "max_score": self.after.max_score,
            "status": self.after.status.value,
            "reason": self.after.reason,
        }


def changes_table(changes: Sequence[Change]) -> Table:
    """One line for each attempt: old score, new score, the exercises that differ."""
    table = plain_table()
    table.add_column("student", overflow="fold")
    for name in ("attempt", "before", "after", "change"):
        table.add_column(name, justify="right")
    table.add_column("exercises", overflow="fold")
    for change in changes:
        table.add_row(
            plain(change.attempt.student),
            str(change.attempt.number),
            "" if change.before is None else points(change.before.score, change.before.max_score),
            points(change.after.score, change.after.max_score),
            _gain(change),
            _moved(change),
        )
    return table


def differences(then: Result, now: Result) -> list[dict[str, Any]]:
    """Return the tests that ended otherwise, or with other points, or are in one result only."""
    before, after = _tests(then), _tests(now)
    names = dict.fromkeys([*before, *after])
    pairs = [(name, _said(before.get(name)), _said(after.get(name))) for name in names]
    return [{"test": name, "then": old, "now": new} for name, old, new in pairs if old != new]


def differences_table(found: Sequence[dict[str, Any]]) -> Table:
    """One line for each test that differs."""
    table = plain_table("test", "then", "now")
    for difference in found:
        told = (difference[when] or "not there" for when in ("then", "now"))
        table.add_row(plain(difference["test"]), *told)
    return table


def _gain(change: Change) -> Text:
    gain = change.after.score - (change.before.score if change.before else 0.0)
    return Text(f"{gain:+g}" if gain else "", style="green" if gain > 0 else "red")


def _moved(change: Change) -> str:
    if change.before is None:
        return ""
    old = {e.id: e.score for e in change.before.exercises}
    moved = [e for e in change.after.exercises if e.id in old and e.score != old[e.id]]
    return ", ".join(f"{e.id} {old[e.id]:g} → {e.score:g}" for e in moved)


def _tests(result: Result) -> dict[str, TestReport]:
    return {test.name: test for exercise in result.exercises for test in exercise.tests}


def _said(test: TestReport | None) -> str | None:
    return None if test is None else f"{test.outcome.value} {points(test.score, test.max_score)}"
