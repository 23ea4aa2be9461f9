"""The work behind `bundle run`: one submission that Gradescope handed over."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from autograder import report
from autograder.cli.outcome import exit_code
from autograder.cli.output import people, show_table
from autograder.cli.tables import show_rows, tests_table
from autograder.cli.terms import Terms, agree, refuse_unwalled
from autograder.errors import InfraError
from autograder.executor import executor
from autograder.inbox import take
from autograder.model import Attempt, Row

_METADATA = "submission_metadata.json"


@dataclass(frozen=True)
class HandIn:
    """What Gradescope says of a submission; what it does not say is None."""

    students: tuple[str, ...] = ()  # e-mail addresses, of a group all
    submitted_at: datetime | None = None
    number: int = 1


def judge_handed_over(course: Path, lab: str, at: Path, wall: str, *, trusted: bool) -> int:
    """Judge ``at/submission``, write ``at/results/results.json``, and return the exit code.

    The first thing written is a file without a score: whatever happens later, and whoever kills
    us, nobody gets a zero for it.

    Raises:
        CourseError: a mistake in the course.
        InfraError: no wall, unreadable metadata, no place to write to.
    """
    target = at / "results" / "results.json"
    _write(target, report.failure_view())
    terms = agree(course, lab, wall, "auto", create_secret=False)
    row = _judge(terms, at, trusted=trusted)
    _write(target, report.student_view(terms.lab, row))
    console = people(None)  # only staff see what is printed
    show_rows(console, terms.lab, [row])
    show_table(console, tests_table(row.result))
    return exit_code([row])


def _judge(terms: Terms, at: Path, *, trusted: bool) -> Row:
    refuse_unwalled(terms.sandbox, str(at / "submission"), trusted=trusted)
    attempt = _attempt(terms, at)
    if attempt.rejected is not None:
        return Row(attempt, terms.rejected(attempt))
    job = terms.job(attempt.digest, attempt.files)
    return Row(attempt, next(executor("local", 1).run([job])))


def _attempt(terms: Terms, at: Path) -> Attempt:
    told = read_hand_in(at / _METADATA)
    attempt = take(
        terms.lab,
        at / "submission",
        student=told.students[0] if told.students else "submission",
        now=datetime.now(ZoneInfo(terms.course.timezone)),
        submitted_at=told.submitted_at,
    )
    group = ", ".join(told.students) if len(told.students) > 1 else None
    return replace(attempt, number=told.number, group=group)


def read_hand_in(path: Path) -> HandIn:
    """Return what Gradescope's submission_metadata.json says; nothing where there is none.

    Raises:
        InfraError: it is there, and is not as documented.
    """
    try:
        return _hand_in(json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return HandIn()  # run by hand, as Gradescope's manual shows
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise InfraError(f"{path} is not as Gradescope documents it: {error!r}") from error


def _hand_in(document: Mapping[str, Any]) -> HandIn:
    created = datetime.fromisoformat(document["created_at"])
    if created.tzinfo is None:
        raise ValueError("created_at has no time zone")
    return HandIn(
        students=tuple(str(user["email"]) for user in document["users"]),
        submitted_at=created,
        number=1 + len(document.get("previous_submissions") or ()),
    )


def _write(target: Path, view: Mapping[str, Any]) -> None:
    try:
        report.put(target, report.to_json(view).encode())
    except OSError as error:
        raise InfraError(f"{target} cannot be written: {error.strerror}") from error
