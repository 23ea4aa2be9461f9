"""Wall time's only admissible form: a ratio against the reference, both run in turn."""

import statistics

from autograder.errors import InfraError
from autograder.judge.subject import CallFailed, Reference, Student
from autograder.model import Outcome, Value


def paired_ratio(
    student: Student, reference: Reference, probe: str, *args: Value, rounds: int = 7
) -> float:
    """Return the median over `rounds` of (student CPU seconds / reference CPU seconds).

    Student and reference take turns on the same machine, so that load, clock and cache drift hit
    both; the operating system's accounting of each box counts, not a clock.

    Raises:
        CallFailed: a student's call gave no value.
        InfraError: the reference failed, or used too little CPU to divide by.
    """
    ratios = []
    for _ in range(rounds):
        mine = student.observe(probe, *args)
        if mine.outcome is not Outcome.PASS:
            raise CallFailed(probe, mine)
        ratios.append(mine.cpu_seconds / _reference_seconds(reference, probe, args))
    return statistics.median(ratios)


def _reference_seconds(reference: Reference, probe: str, args: tuple[Value, ...]) -> float:
    """CPU seconds of a fresh run: a cached answer would carry an old time."""
    seen = reference.fresh().observe(probe, *args)
    if seen.outcome is not Outcome.PASS:
        raise InfraError(f"the reference failed in paired_ratio({probe!r}): {seen.outcome}")
    if seen.cpu_seconds <= 0:
        raise InfraError(f"paired_ratio({probe!r}): the reference used no measurable CPU time")
    return seen.cpu_seconds
