"""Times and results as text, and back without loss."""

import json
from dataclasses import asdict, fields
from datetime import UTC, datetime
from typing import Any

from autograder.model import DeviceRun, ExerciseScore, Outcome, Result, Status, TestReport


def sortable(moment: datetime) -> str:
    """Return the instant in UTC, always of one width. Raises ValueError without a time zone."""
    if moment.utcoffset() is None:
        raise ValueError(f"{moment} has no time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def to_document(result: Result) -> str:
    """Return all of `result` as JSON (ASCII only: tests may have said NUL or half a character)."""
    body = _plain(result) | {
        "versions": dict(result.versions),
        "exercises": [_exercise(e) for e in result.exercises],
        "device_runs": [asdict(run) for run in result.device_runs],
    }
    return json.dumps(body, default=float)


def from_document(document: str) -> Result:
    """Return the result that `to_document` wrote."""
    body = json.loads(document)
    exercises = tuple(_read_exercise(e) for e in body.pop("exercises"))
    runs = tuple(DeviceRun(**run) for run in body.pop("device_runs", ()))  # older ones have none
    body |= {"status": Status(body["status"]), "exercises": exercises, "device_runs": runs}
    return Result(**body)


def _exercise(score: ExerciseScore) -> dict[str, Any]:
    tests = [_plain(t) | {"counters": dict(t.counters)} for t in score.tests]
    return _plain(score) | {"tests": tests}


def _read_exercise(body: dict[str, Any]) -> ExerciseScore:
    tests = tuple(TestReport(**t | {"outcome": Outcome(t["outcome"])}) for t in body.pop("tests"))
    return ExerciseScore(**body, tests=tests)


def _plain(record: Result | ExerciseScore | TestReport) -> dict[str, Any]:
    return {f.name: getattr(record, f.name) for f in fields(record)}
