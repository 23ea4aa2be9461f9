"""Wall time's only admissible form: a ratio against the reference, both run in turn."""

import statistics
from collections.abc import Callable

from autograder.errors import InfraError
from autograder.judge.compare import assert_close, assert_equal
from autograder.judge.subject import CallFailed, Reference, Student
from autograder.model import Observation, Outcome, Value

_RTOL, _ATOL = 1e-5, 1e-8


def assert_alike(got: Value, want: Value) -> None:
    """Assert that `got` is `want`, floats within a small tolerance, all the way down."""
    if isinstance(want, list) and isinstance(got, list) and len(got) == len(want):
        for one, other in zip(got, want, strict=True):
            assert_alike(one, other)
    elif isinstance(want, dict) and isinstance(got, dict) and got.keys() == want.keys():
        for key in want:
            assert_alike(got[key], want[key])
    elif isinstance(want, float) or getattr(getattr(want, "dtype", None), "kind", "-") in "fc":
        assert_close(got, want, rtol=_RTOL, atol=_ATOL)
    else:
        assert_equal(got, want)


def paired_ratio(
    student: Student,
    reference: Reference,
    probe: str,
    *args: Value,
    rounds: int = 7,
    check: Callable[[Value, Value], None] = assert_alike,
) -> float:
    """Return the median over `rounds` of (student CPU seconds / reference CPU seconds).

    Student and reference take turns on the same machine, so that load, clock and cache drift hit
    both; the operating system's accounting of each box counts, not a clock. Every timed answer is
    compared: a box can count its calls (by process number), and be quick and wrong later on.
    `check` raises where the student's value (first) is not the reference's (second).

    Raises:
        AssertionError: a timed answer is wrong.
        CallFailed: a student's call gave no value.
        InfraError: the reference failed, or used too little CPU to divide by.
    """
    ratios = []
    for _ in range(rounds):
        mine = student.observe(probe, *args)
        if mine.outcome is not Outcome.PASS:
            raise CallFailed(probe, mine)
        theirs = _reference_run(reference, probe, args)
        check(mine.value, theirs.value)
        ratios.append(mine.cpu_seconds / theirs.cpu_seconds)
    return statistics.median(ratios)


def _reference_run(reference: Reference, probe: str, args: tuple[Value, ...]) -> Observation:
    """A fresh run: a cached answer would carry an old time."""
    seen = reference.fresh().observe(probe, *args)
    if seen.outcome is not Outcome.PASS:
        raise InfraError(f"the reference failed in paired_ratio({probe!r}): {seen.outcome}")
    if seen.cpu_seconds <= 0:
        raise InfraError(f"paired_ratio({probe!r}): the reference used no measurable CPU time")
    return seen
