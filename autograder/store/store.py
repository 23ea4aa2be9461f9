"""The store: attempts, results and handed-in files, kept for good."""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from types import TracebackType
from typing import Self, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from autograder.errors import UsageError
from autograder.model import Attempt, Result, Row, Status, digest_of
from autograder.store import queries
from autograder.store.blobs import load_files, save_files
from autograder.store.codec import from_document, sortable, to_document
from autograder.store.engine import open_engine
from autograder.store.failure import Contended, translated
from autograder.store.location import parsed, place
from autograder.store.migrate import ensure_schema
from autograder.store.schema import AttemptRow, ResultRow

_TRIES = 30  # as many graders may number attempts of one student at the same moment
_T = TypeVar("_T")


class Store:
    """One store. Every method is one transaction: a program killed in it leaves nothing behind.

    Raises (all methods):
        StoreError: locked by another program, read-only, full, unreachable, damaged, or newer
            than this program; what it holds is untouched.
    """

    def __init__(self, url: str, *, read_only: bool = False, busy_seconds: float = 10.0) -> None:
        """Open the store at `url`; create it and bring it up to date unless `read_only`."""
        found = parsed(url)
        self.place = place(found)
        with translated(self.place):
            self._engine = open_engine(found, read_only=read_only, busy_seconds=busy_seconds)
            writing = self._engine.execution_options(write=not read_only)
            try:
                with writing.begin() as connection:
                    ensure_schema(connection, self.place, read_only=read_only)
            except BaseException:
                self._engine.dispose()
                raise

    def close(self) -> None:
        """Close all connections; closing twice is harmless."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        """Return the store itself; it is closed at the end of the block."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()

    def record_attempt(self, attempt: Attempt) -> Attempt:
        """Number `attempt` within its lab and student, keep its files, and return it numbered.

        What was recorded before is found again instead (see `queries.same_attempt`), so that a
        batch may be graded any number of times.
        """
        if digest_of(attempt.files) != attempt.digest:
            raise ValueError(f"the digest of {attempt.source} is not that of its files")
        return self._write(lambda session: _record(session, attempt))

    def record_result(self, result: Result) -> int:
        """Append `result` and return its id; a later result has a higher one."""

        def insert(session: Session) -> int:
            row = _result_row(result)
            session.add(row)
            session.flush()
            return row.id

        return self._write(insert)

    def find_result(
        self, digest: str, lab: str, lab_digest: str, seed_epoch: str, sandbox: str, device: str
    ) -> Result | None:
        """Return the newest graded result of exactly these, if any."""
        query = (
            select(ResultRow.document)
            .filter_by(digest=digest, lab=lab, lab_digest=lab_digest, seed_epoch=seed_epoch)
            .filter_by(sandbox=sandbox, device=device, status=Status.GRADED.value)
            .order_by(ResultRow.id.desc())
            .limit(1)
        )
        with self._reading() as session:
            document = session.scalar(query)
        return None if document is None else from_document(document)

    def result(self, id: int) -> Result:
        """Return the result with this id. Raises UsageError if there is none."""
        with self._reading() as session:
            document = session.scalar(select(ResultRow.document).filter_by(id=id))
            last = session.scalar(select(func.max(ResultRow.id)))
        if document is None:
            known = f"they go up to {last}" if last else "there are none yet"
            raise UsageError(f"the store has no result {id}; {known}")
        return from_document(document)

    def files(self, digest: str) -> dict[str, bytes]:
        """Return the files that were handed in under `digest`, by name."""
        with self._reading() as session:
            return load_files(session, digest)

    def attempts(
        self, lab: str, *, student: str | None = None, since: datetime | None = None
    ) -> list[Attempt]:
        """Return the attempts at `lab`, without files, by student and number."""
        with self._reading() as session:
            return queries.attempts(session, lab, student, since)

    def rows(self, lab: str, *, student: str | None = None) -> list[Row]:
        """Return each attempt with the newest result of its files, by student and number.

        A rejected attempt comes with a result that says so; one that nobody judged yet is in
        `unjudged` instead.
        """
        with self._reading() as session:
            return queries.rows(session, lab, student)

    def unjudged(self, lab: str) -> list[Attempt]:
        """Return the attempts at `lab` that were neither rejected nor judged, without files."""
        with self._reading() as session:
            return queries.unjudged(session, lab)

    @contextmanager
    def _reading(self) -> Iterator[Session]:
        with translated(self.place), Session(self._engine) as session, session.begin():
            yield session

    def _write(self, work: Callable[[Session], _T]) -> _T:
        for tried in range(_TRIES):
            try:
                return self._write_once(work)
            except Contended:
                if tried == _TRIES - 1:
                    raise
                time.sleep(random.random() * 0.02)
        raise AssertionError("unreachable")

    def _write_once(self, work: Callable[[Session], _T]) -> _T:
        engine = self._engine.execution_options(write=True)
        with translated(self.place), Session(engine) as session, session.begin():
            return work(session)


def _record(session: Session, attempt: Attempt) -> Attempt:
    # Number and identity come from one statement: whoever else writes in between takes the
    # number, and the unique constraint sends us round again.
    earlier = queries.attempts(session, attempt.lab, attempt.student, None)
    same = queries.same_attempt(attempt, earlier)
    if same is not None:
        return replace(same, files=attempt.files)
    numbered = replace(attempt, number=1 + max((a.number for a in earlier), default=0))
    session.add(_attempt_row(numbered))
    session.flush()
    save_files(session, attempt.digest, attempt.files)
    return numbered


def _attempt_row(attempt: Attempt) -> AttemptRow:
    return AttemptRow(
        lab=attempt.lab,
        student=attempt.student,
        number=attempt.number,
        group=attempt.group,
        source=attempt.source,
        submitted_at=attempt.submitted_at.isoformat(),
        submitted_utc=sortable(attempt.submitted_at),
        assumed=attempt.assumed,
        digest=attempt.digest,
        rejected=attempt.rejected,
        recorded_at=_now(),
    )


def _result_row(result: Result) -> ResultRow:
    return ResultRow(
        lab=result.lab,
        digest=result.digest,
        lab_digest=result.lab_digest,
        seed_epoch=result.seed_epoch,
        sandbox=result.sandbox,
        device=result.device,
        status=result.status.value,
        score=result.score,
        created_at=_now(),
        document=to_document(result),
    )


def _now() -> str:
    return sortable(datetime.now(UTC))
