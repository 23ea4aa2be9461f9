"""How a later judging differs from an earlier one."""

from collections.abc import Mapping, Sequence
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
    """Return the tests that ended otherwise, with other points or counters, or are in one only.

    Each with ``test``, ``then`` and ``now``, how it ended (None: not there), and ``counters``, a
    map of those that differ to both counts. Times and what a real device did are not compared.
    """
    before, after = _tests(then), _tests(now)
    names = dict.fromkeys([*before, *after])
    found = [_difference(name, before.get(name), after.get(name)) for name in names]
    return [one for one in found if one["then"] != one["now"] or one["counters"]]


def differences_table(found: Sequence[dict[str, Any]]) -> Table:
    """One line for each test that differs, and for each of its counters that does."""
    table = plain_table("test", "then", "now")
    for difference in found:
        told = (difference[when] or "not there" for when in ("then", "now"))
        table.add_row(plain(difference["test"]), *told)
        for name, (old, new) in difference["counters"].items():
            table.add_row(f"  {plain(name)}", _count(old), _count(new))
    return table


def versions_table(then: Mapping[str, str], now: Mapping[str, str]) -> Table:
    """One line for each version that differs; none if all are the same."""
    table = plain_table("version of", "then", "now")
    for name in dict.fromkeys([*then, *now]):
        if then.get(name) != now.get(name):
            told = (plain(version.get(name, "not recorded")) for version in (then, now))
            table.add_row(plain(name), *told)
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


def _difference(name: str, then: TestReport | None, now: TestReport | None) -> dict[str, Any]:
    return {"test": name, "then": _said(then), "now": _said(now), "counters": _counts(then, now)}


def _counts(then: TestReport | None, now: TestReport | None) -> dict[str, list[float | None]]:
    """Return the counters that are not the same in both; only where both are there."""
    if then is None or now is None:
        return {}
    names = dict.fromkeys([*then.counters, *now.counters])
    pairs = {name: [then.counters.get(name), now.counters.get(name)] for name in names}
    return {name: [old, new] for name, (old, new) in pairs.items() if old != new}


def _count(number: float | None) -> str:
    return "not there" if number is None else f"{number:g}"


def _said(test: TestReport | None) -> str | None:
    return None if test is None else f"{test.outcome.value} {points(test.score, test.max_score)}"
