"""From how a test's body ended to an outcome; a student cannot buy a `broken`."""

import time

import pytest

from autograder.errors import CourseError, InfraError
from autograder.judge.subject import CallFailed
from autograder.judge.trial import Trial
from autograder.judge.verdict import own_line, verdict
from autograder.model import CallError, Frame, Observation, Outcome

FILES = {"autograd/ops.py": b"import numpy\n\ndef f(x):\n    return x / 0\n"}


def judged(error, *, observed=True, award=None):
    return verdict(Trial(award=award, observed=observed), error, FILES)


@pytest.mark.parametrize(
    ("award", "outcome", "fraction"),
    [(None, "pass", 1.0), (1.0, "pass", 1.0), (0.25, "partial", 0.25), (0.0, "wrong", 0.0)],
)
def test_a_body_that_ends_earns_what_it_awarded(award, outcome, fraction):
    assert (judged(None, award=award).outcome, judged(None, award=award).fraction) == (
        outcome,
        fraction,
    )


@pytest.mark.parametrize(
    "error", [AssertionError("x"), TypeError("x"), KeyError("x"), RecursionError()]
)
def test_after_an_observation_any_exception_is_wrong(error):
    assert judged(error).outcome is Outcome.WRONG


def test_a_skip_after_an_observation_is_wrong_and_before_it_is_ours():
    with pytest.raises(pytest.skip.Exception) as skipped:
        pytest.skip("no")
    assert judged(skipped.value).outcome is Outcome.WRONG
    assert judged(skipped.value, observed=False).outcome is Outcome.BROKEN


@pytest.mark.parametrize("error", [InfraError("disk"), CourseError("x")])
def test_our_own_errors_are_broken(error):
    assert judged(error).outcome is Outcome.BROKEN


def test_a_failure_before_any_call_is_broken():
    assert judged(NameError("x"), observed=False).outcome is Outcome.BROKEN


def test_a_test_that_never_calls_the_student_earns_nothing():
    assert judged(None, observed=False).outcome is Outcome.BROKEN


@pytest.mark.parametrize("outcome", ["crashed", "timeout", "memory", "missing", "forbidden"])
def test_a_call_without_a_value_decides_the_outcome(outcome):
    failed = judged(CallFailed("p", Observation(Outcome(outcome))))
    assert (failed.outcome, failed.fraction) == (outcome, 0.0)
    assert failed.note


def crash(type_="ZeroDivisionError", module="builtins", *frames):
    error = CallError(type_, module, "secret 0.123", tuple(frames))
    return judged(CallFailed("p", Observation(Outcome.CRASHED, error=error)))


@pytest.mark.parametrize(
    ("type_", "module", "note"),
    [
        ("ZeroDivisionError", "builtins", "raised ZeroDivisionError"),
        ("LinAlgError", "numpy.linalg", "raised LinAlgError"),
        ("Secret_0_123", "builtins", "raised your own exception"),
        ("ZeroDivisionError", "mine", "raised your own exception"),
        ("x_is_0_123", "numpy", "raised your own exception"),
    ],
)
def test_only_well_known_exception_names_are_shown(type_, module, note):
    failed = crash(type_, module)
    assert failed.note == note
    assert "0.123" not in failed.note + failed.line
    assert "0.123" in failed.message


def test_the_innermost_line_is_read_from_the_handed_in_file():
    frames = (Frame("autograd/ops.py", 1, "f"), Frame("autograd/ops.py", 4, "secret"))
    assert crash("X", "y", *frames).line == "autograd/ops.py:4: return x / 0"


def test_a_huge_file_is_not_read_for_each_claimed_line():
    files = {"big.py": b"\n" * 2_000_000}
    frames = (Frame("big.py", 2**31 - 1, "f"),) * 40
    began = time.process_time()
    assert own_line(CallError("X", "y", "", frames), files) == ""
    assert time.process_time() - began < 1


@pytest.mark.parametrize("frame", [Frame("../secret", 1, "f"), Frame("autograd/ops.py", 99, "f")])
def test_a_claimed_line_that_does_not_exist_is_not_shown(frame):
    assert own_line(CallError("X", "y", "", (frame,)), FILES) == ""
