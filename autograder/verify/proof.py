"""The proof of a lab: which claims hold, each checked by judging files the author controls."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from autograder.judge.grade import files_to_hand_in
from autograder.model import Job, Lab, Result, Status, digest_of
from autograder.verify.mutants import Mutant, load_mutants, mutate

Judge = Callable[[Iterable[Job]], Iterator[Result]]  # an executor's `run`


@dataclass(frozen=True)
class Finding:
    """One claim about a lab, and whether it holds."""

    claim: str  # "solution", "starter", or a mutant's name
    holds: bool
    detail: str  # what was lost where, or what went wrong
    killers: tuple[str, ...] = ()  # for a mutant: the tests it failed


def verify(lab: Lab, template: Job, judge: Judge) -> Iterator[Finding]:
    """Yield a finding for the solution, the starter and each mutant of `lab`.

    Args:
        lab: the lab to prove.
        template: course, secret, sandbox and device of the jobs; its files do not matter.
        judge: runs jobs and yields their results in any order.

    Raises:
        CourseError: a mutant cannot be read, or no longer fits the solution.
    """
    solution = files_to_hand_in(lab, lab.solution)
    mutants = load_mutants(lab)
    checks: dict[str, Callable[[Result], Finding]] = {}
    jobs = []
    for files, check in (
        (solution, _full_marks),
        (files_to_hand_in(lab, lab.starter), _no_marks),
        *((mutate(solution, m), _killed_by(m)) for m in mutants),
    ):
        jobs.append(replace(template, lab=lab.id, digest=digest_of(files), files=files))
        checks[jobs[-1].digest] = check
    for result in judge(jobs):
        yield checks[result.digest](result)


def _full_marks(result: Result) -> Finding:
    lost = _lost(result)
    return Finding("solution", not lost and _judged(result), _say(result, lost))


def _no_marks(result: Result) -> Finding:
    earned = {e.id for e in result.exercises if e.score > 0}
    detail = f"earns points in {', '.join(sorted(earned))}" if earned else "earns nothing"
    return Finding("starter", not earned and _judged(result), detail)


def _killed_by(mutant: Mutant) -> Callable[[Result], Finding]:
    def check(result: Result) -> Finding:
        lost = _lost(result).keys()
        survives, spills = mutant.must_lose - lost, lost - mutant.must_lose - mutant.may_lose
        problems = [
            *(f"survives {id}" for id in sorted(survives)),
            *(f"loses in {id}, which it may not" for id in sorted(spills)),
        ]
        killers = tuple(test for tests in _lost(result).values() for test in tests)
        detail = "; ".join(problems) or f"killed in {', '.join(sorted(lost))}"
        return Finding(mutant.name, not problems and _judged(result), detail, killers)

    return check


def _lost(result: Result) -> Mapping[str, tuple[str, ...]]:
    """Return the tests that took points, by exercise."""
    return {
        e.id: tuple(t.name for t in e.tests if t.score < t.max_score)
        for e in result.exercises
        if e.score < e.max_score
    }


def _judged(result: Result) -> bool:
    return result.status is Status.GRADED


def _say(result: Result, lost: Mapping[str, tuple[str, ...]]) -> str:
    if not _judged(result):
        return result.reason or str(result.status)
    parts = [f"{id} ({', '.join(tests)})" for id, tests in lost.items()]
    return f"loses points in {'; '.join(parts)}" if lost else "full marks"
