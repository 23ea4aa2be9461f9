"""Attempts and results to store."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from autograder.model import (
    Attempt,
    ExerciseScore,
    Outcome,
    Result,
    Status,
    TestReport,
    digest_of,
)

NOON = datetime(2025, 10, 16, 12, tzinfo=UTC)
FILES = {"autograd/ops.py": b"print(1)\n", "autograd/empty.py": b""}


def attempt(files: Mapping[str, bytes] = FILES, **changes: Any) -> Attempt:
    fields: dict[str, Any] = {
        "student": "ada",
        "lab": "lab1",
        "source": "/inbox/ada",
        "submitted_at": NOON,
        "assumed": True,
        "digest": digest_of(files),
        "files": files,
    }
    return Attempt(**fields | changes)


def result(files: Mapping[str, bytes] = FILES, **changes: Any) -> Result:
    report = TestReport(
        name="test_sum",
        title="Sums — of everything",
        outcome=Outcome.PARTIAL,
        score=1 / 3,
        max_score=1.0,
        hidden=True,
        hint="Keep the axis.",
        message="half a character \ud800, and \x00",
        cpu_seconds=0.1,
        peak_bytes=2**40,
        counters={"calls": 3, "seconds": 0.25},
    )
    fields: dict[str, Any] = {
        "lab": "lab1",
        "digest": digest_of(files),
        "lab_digest": "sha256:lab",
        "seed_epoch": "1f0c",
        "sandbox": "namespace",
        "device": "virtual",
        "versions": {"python": "3.11"},
        "status": Status.GRADED,
        "reason": None,
        "exercises": (ExerciseScore("sum", "Sums", 1.0, False, (report,)),),
    }
    return Result(**fields | changes)
