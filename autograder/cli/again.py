"""The work behind `regrade`: stored files judged again, and what came out differently."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.console import Console

from autograder import report
from autograder.cli.changes import (
    Change,
    changes_table,
    differences,
    differences_table,
    versions_table,
)
from autograder.cli.output import people, show_table, write_json
from autograder.cli.progress import progress
from autograder.cli.terms import Terms, agree, refuse_unwalled
from autograder.cli.times import time_of
from autograder.course import find_course, load_course
from autograder.errors import InfraError, UsageError
from autograder.executor import Executor
from autograder.model import Attempt, Result, Row, Status
from autograder.plugins import suggest
from autograder.store import Store, default_url


def judge_again(
    terms: Terms,
    place: Executor,
    url: str | None,
    json_target: str | None,
    *,
    student: str | None,
    since: str | None,
) -> int:
    """Judge stored attempts again, show old and new scores, and return the exit code."""
    after = time_of(since, ZoneInfo(terms.course.timezone)) if since else None
    with Store(url or default_url(terms.course.id)) as store:
        attempts = store.attempts(terms.lab.id, student=student, since=after)
        if not attempts and student is not None:
            known = {attempt.student for attempt in store.attempts(terms.lab.id)}
            raise UsageError(f"no such attempt of {student!r}; {suggest(student, known)}")
        before = {row.attempt.digest: row.result for row in store.rows(terms.lab.id)}
        chosen = [a for a in attempts if not a.rejected]
        now = _judge(store, terms, place, chosen)
    changes = [Change(a, before.get(a.digest), now[a.digest]) for a in chosen]
    show_table(people(json_target), changes_table(changes))
    rows = [Row(change.attempt, change.after) for change in changes]
    document = report.staff_view(terms.lab, rows, **terms.told())
    write_json(json_target, document | {"changes": [c.document() for c in changes]})
    return _exit_code(now)


def repeat(
    course: Path | None,
    lab: str,
    id: int,
    place: Executor,
    url: str | None,
    json_target: str | None,
    *,
    trusted: bool,
) -> int:
    """Judge the files of result `id` as they were judged then, and say whether both agree."""
    root = find_course(course)
    with Store(url or default_url(load_course(root).id)) as store:
        then = store.result(id)
        if then.lab != lab:
            raise UsageError(
                f"result {id} is one of {then.lab}: autograder regrade {then.lab} --as {id}"
            )
        image = then.versions.get("image", "")
        terms = agree(root, lab, then.sandbox, then.device, create_secret=False, image=image)
        refuse_unwalled(terms.sandbox, "a stored submission", trusted=trusted)
        now = next(place.run([terms.job(then.digest, store.files(then.digest))]))
        number = store.record_result(now)
    console = people(json_target)
    found = _show(console, terms, then, now)
    verdict = f"differs in {len(found)} tests from" if found else "agrees with"
    console.print(f"Result {number} {verdict} result {id}.")
    document = {"schema": 1, "lab": lab, **terms.told(), "then": id, "now": number}
    write_json(json_target, document | _compared(terms, then, now))
    return _exit_code({now.digest: now})


def _show(console: Console, terms: Terms, then: Result, now: Result) -> list[dict[str, Any]]:
    """Show what is not as it was; return the tests that differ."""
    for warning in _not_the_same(terms, then):
        console.print(warning, style="yellow", soft_wrap=True)
    if then.versions != now.versions:
        show_table(console, versions_table(then.versions, now.versions))
    found = differences(then, now)
    if found:
        show_table(console, differences_table(found))
    return found


def _compared(terms: Terms, then: Result, now: Result) -> dict[str, Any]:
    found = differences(then, now)
    return {
        "agrees": not found,
        "same_lab": then.lab_digest == terms.lab.digest,
        "same_secret": then.seed_epoch == terms.seed_epoch,
        "same_versions": then.versions == now.versions,
        "versions": {"then": dict(then.versions), "now": dict(now.versions)},
        "differences": found,
    }


def _judge(
    store: Store, terms: Terms, place: Executor, attempts: Sequence[Attempt]
) -> dict[str, Result]:
    results: dict[str, Result] = {}
    digests = dict.fromkeys(attempt.digest for attempt in attempts)
    with progress(f"Judging {terms.lab.id} again", len(digests)) as step:
        for result in place.run(terms.job(digest, store.files(digest)) for digest in digests):
            store.record_result(result)
            results[result.digest] = result
            step()
    return results


def _not_the_same(terms: Terms, then: Result) -> list[str]:
    said = []
    if then.lab_digest != terms.lab.digest:
        said.append("The lab has changed since then: scores may differ for that reason.")
    if then.seed_epoch != terms.seed_epoch:
        said.append("The course secret is another one: the hidden tests draw other numbers.")
    return said


def _exit_code(results: Mapping[str, Any]) -> int:
    broken = any(result.status is Status.BROKEN for result in results.values())
    return InfraError.exit_code if broken else 0
