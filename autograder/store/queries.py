"""Questions to the store."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from autograder.model import Attempt, Result, Row, Status
from autograder.store.codec import from_document, sortable
from autograder.store.schema import AttemptRow, ResultRow


def attempts(
    session: Session, lab: str, student: str | None, since: datetime | None
) -> list[Attempt]:
    """Return attempts without files, by student and number; `since`: handed in then or later."""
    query = select(AttemptRow).where(AttemptRow.lab == lab)
    if student is not None:
        query = query.where(AttemptRow.student == student)
    if since is not None:
        query = query.where(AttemptRow.submitted_utc >= sortable(since))
    found = [_attempt(row) for row in session.scalars(query)]
    return sorted(found, key=lambda a: (a.student, a.number))  # databases sort letters differently


def rows(session: Session, lab: str, student: str | None) -> list[Row]:
    """Return each attempt that was rejected or judged, with its result."""
    results = _newest(session, lab)
    found = []
    for attempt in attempts(session, lab, student, None):
        if attempt.rejected is not None:
            found.append(Row(attempt, _rejection(attempt)))
        elif attempt.digest in results:
            id, document = results[attempt.digest]
            found.append(Row(attempt, from_document(document), id))
    return found


def unjudged(session: Session, lab: str) -> list[Attempt]:
    """Return each attempt that is neither rejected nor judged."""
    judged = _newest(session, lab)
    every = attempts(session, lab, None, None)
    return [a for a in every if a.rejected is None and a.digest not in judged]


def same_attempt(attempt: Attempt, earlier: Sequence[Attempt]) -> Attempt | None:
    """Return the one of `earlier` (same lab and student, by number) that is `attempt` seen again.

    With a known time of hand-in that is one from the same source with the same files and time.
    Otherwise it is the last one from that source, if it had the same files: a student who goes
    back to files of two attempts ago has handed in again.
    """
    there = [a for a in earlier if a.source == attempt.source]
    if attempt.assumed:
        there = there[-1:]
    else:
        there = [a for a in there if a.submitted_at == attempt.submitted_at and not a.assumed]
    alike = (a for a in there if (a.digest, a.rejected) == (attempt.digest, attempt.rejected))
    return next(alike, None)


def _newest(session: Session, lab: str) -> dict[str, tuple[int, str]]:
    """Return id and document of the newest judging of each digest."""
    last = (
        select(func.max(ResultRow.id))
        .where(ResultRow.lab == lab, ResultRow.status != Status.REJECTED.value)
        .group_by(ResultRow.digest)
    )
    query = select(ResultRow).where(ResultRow.id.in_(last))
    return {row.digest: (row.id, row.document) for row in session.scalars(query)}


def _attempt(row: AttemptRow) -> Attempt:
    return Attempt(
        student=row.student,
        lab=row.lab,
        source=row.source,
        submitted_at=datetime.fromisoformat(row.submitted_at),
        assumed=row.assumed,
        digest=row.digest,
        rejected=row.rejected,
        number=row.number,
        group=row.group,
    )


def _rejection(attempt: Attempt) -> Result:
    return Result(
        lab=attempt.lab,
        digest=attempt.digest,
        lab_digest="",
        seed_epoch="",
        sandbox="",
        device="",
        versions={},
        status=Status.REJECTED,
        reason=attempt.rejected,
        exercises=(),
    )
