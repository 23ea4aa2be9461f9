"""The staff view: everything, as the document that ``--json`` writes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from autograder.model import ExerciseScore, Lab, Result, Row, Status, TestReport
from autograder.report.device import device_counters
from autograder.report.student import scored_exercises
from autograder.report.text import finite

_META = ("lab_digest", "seed_epoch", "sandbox", "device", "versions")


def staff_view(lab: Lab, rows: Sequence[Row], **meta: Any) -> dict[str, Any]:
    """Return the document of ``--json``: plain data, fit for JSON without NaN.

    Args:
        lab: the lab that was graded.
        rows: one per submission; none is dropped.
        **meta: `lab_digest`, `seed_epoch`, `sandbox`, `device`, `versions` where no row tells them.
    """
    first = rows[0].result if rows else None
    known = {"lab_digest": lab.digest, "versions": {}, **meta}
    shared = {name: getattr(first, name, None) or known.get(name) for name in _META}
    shared["versions"] = dict(shared["versions"] or {})
    return {"schema": 1, "lab": lab.id, **shared, "results": [_result(lab, row) for row in rows]}


def to_json(document: Mapping[str, Any]) -> str:
    """Return `document` as JSON text that any parser reads and UTF-8 can hold."""
    text = json.dumps(document, allow_nan=False, ensure_ascii=False, indent=2)
    return _encodable(text) + "\n"


def _encodable(text: str) -> str:
    """File names may hold bytes that are no text (lone surrogates); no encoding takes those."""
    return text.encode(errors="replace").decode()


def _result(lab: Lab, row: Row) -> dict[str, Any]:
    attempt, result = row.attempt, row.result
    return {
        "student": _encodable(attempt.student),
        "attempt": attempt.number,
        "submitted_at": attempt.submitted_at.isoformat(),
        "digest": attempt.digest,
        "score": 0.0 if result.status is Status.REJECTED else finite(result.score),
        "max_score": result.max_score if result.exercises else lab.max_score,
        "bonus": finite(result.bonus),
        "status": str(result.status),
        "reason": _reason(row),
        "exercises": [_exercise(exercise, result) for exercise in scored_exercises(lab, row)],
        **_device_runs(result),
    }


def _device_runs(result: Result) -> dict[str, Any]:
    """What a real device did; nothing where none was asked for."""
    runs = [
        {name: _encodable(v) if isinstance(v, str) else v for name, v in asdict(run).items()}
        for run in result.device_runs
    ]
    return {"device_runs": runs} if runs else {}


def _reason(row: Row) -> str | None:
    reason = row.result.reason or row.attempt.rejected
    return None if reason is None else _encodable(reason)


def _exercise(exercise: ExerciseScore, result: Result) -> dict[str, Any]:
    return {
        "id": exercise.id,
        "score": finite(exercise.score),
        "max_score": exercise.max_score,
        "bonus": exercise.bonus,
        "tests": [_test(test, result) for test in exercise.tests],
    }


def _test(test: TestReport, result: Result) -> dict[str, Any]:
    counters = {**test.counters, **device_counters(result, test.name)}
    return {
        "name": test.name,
        "title": test.title,
        "outcome": str(test.outcome),
        "score": finite(test.score),
        "max_score": test.max_score,
        "hidden": test.hidden,
        "message": _encodable(test.message),
        "cpu_seconds": finite(test.cpu_seconds),
        "wall_seconds": finite(test.wall_seconds),
        "peak_bytes": test.peak_bytes,
        "counters": {name: finite(count) for name, count in counters.items()},
    }
