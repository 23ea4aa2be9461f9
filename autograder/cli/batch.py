"""The work behind `grade`: record every attempt, judge what is not judged yet, one row for each."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from zoneinfo import ZoneInfo

from autograder.cli.progress import progress
from autograder.cli.terms import Terms
from autograder.cli.times import time_of
from autograder.executor import Executor
from autograder.inbox import collect
from autograder.model import Attempt, Job, Result, Row
from autograder.store import Store, default_url

Told = Callable[[], None]


def grade_paths(
    terms: Terms,
    paths: Sequence[Path],
    place: Executor,
    url: str | None,
    handed_in: str | None,
    times: Mapping[Path, datetime] = MappingProxyType({}),
) -> list[Row]:
    """Read submissions from `paths` and judge them; see `grade`. For `times`, see `collect`.

    Raises:
        InboxError: a path cannot be opened.
        StoreError: the store cannot be used.
        UsageError: `handed_in` is no time.
    """
    zone = ZoneInfo(terms.course.timezone)
    when = time_of(handed_in, zone) if handed_in else None
    attempts = collect(terms.lab, paths, now=datetime.now(zone), submitted_at=when, times=times)
    digests = {a.digest for a in attempts if not a.rejected}
    with (
        Store(url or default_url(terms.course.id)) as store,
        progress(f"Judging {terms.lab.id}", len(digests)) as step,
    ):
        return grade(store, terms, attempts, place, step)


def grade(
    store: Store, terms: Terms, attempts: Sequence[Attempt], place: Executor, told: Told
) -> list[Row]:
    """Record and judge `attempts`; return one row for each, in their order.

    Args:
        store: what is in it already under these terms is not judged again.
        terms: what is judged, and how.
        attempts: with their files.
        place: where to judge.
        told: is called for each digest as soon as its result is recorded or found.
    """
    # All of them first: if we are killed while judging, no hand-in is lost.
    numbered = [store.record_attempt(attempt) for attempt in attempts]
    work = _Work(store, terms, told)
    for result in place.run(work.jobs(attempts)):
        store.record_result(result)
        work.done(result)
    return [Row(n, terms.rejected(n) if n.rejected else work.results[n.digest]) for n in numbered]


class _Work:
    """The results so far, by digest, and the jobs still to do."""

    def __init__(self, store: Store, terms: Terms, told: Told) -> None:
        self.results: dict[str, Result] = {}
        self._store = store
        self._terms = terms
        self._told = told

    def jobs(self, attempts: Sequence[Attempt]) -> Iterator[Job]:
        """Yield a job for each digest that has no result by the time a place is free."""
        files = {a.digest: a.files for a in attempts if not a.rejected}
        for digest in files:
            # Asked as late as this, since another grader may be at work on the same store.
            found = self._terms.find(self._store, digest)
            if found is None:
                yield self._terms.job(digest, files[digest])
            else:
                self.done(found)

    def done(self, result: Result) -> None:
        self.results[result.digest] = result
        self._told()
