"""What an author writes around a test: its exercise, its cases, how much was earned."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from autograder.judge.asked import Asked
from autograder.judge.subject import CallFailed
from autograder.judge.trial import current_trial
from autograder.judge.verdict import said
from autograder.model import Value

_Test = TypeVar("_Test", bound=Callable[..., object])


def exercise(id: str, *, points: float, hint: str = "") -> Callable[[_Test], _Test]:
    """Say that a test earns `points` of exercise `id`; `hint` is shown when it does not pass.

    The arguments must be literals: the loader reads them from the source, so that points are
    known, and checked against lab.toml, without running anything.
    """
    if points <= 0:
        raise ValueError(f"exercise({id!r}): points must be above 0, not {points}")

    def mark(test: _Test) -> _Test:
        return test

    return mark


def award(fraction: float) -> None:
    """Give `fraction` (0..1) of this test's points, if its body then ends without a failure.

    The last call counts, so a ladder reads from the lowest rung up.
    """
    if not 0 <= fraction <= 1:
        raise ValueError(f"award() takes a fraction from 0 to 1, not {fraction!r}")
    current_trial().award = float(fraction)


@contextmanager
def case(label: str, /, **inputs: Value) -> Iterator[None]:
    """Name one case of a test, with its inputs; what fails inside is told with both.

    An AssertionError or CallFailed begins with `label`. The inputs are shown to a student whose
    public test fails at their own desk; in the judge they are for staff.
    """
    __tracebackhide__ = True  # pytest then shows the comparison that failed
    try:
        yield
    except Exception as error:
        trial = current_trial()
        trial.case = trial.case or Asked(label, inputs)  # of nested cases the innermost
        if isinstance(error, AssertionError | CallFailed):
            error.args = (f"{label}: {said(error)}",)
        raise
