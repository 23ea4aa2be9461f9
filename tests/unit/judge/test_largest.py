"""Of each kernel the largest launch without a hazard, in a test that earned something, is kept."""

from typing import Any

import numpy as np

from autograder.judge.kernels import LAUNCH, PERFORM
from autograder.judge.largest import LargestLaunches
from autograder.judge.trial import Trial, trial
from autograder.judge.verdict import Verdict
from autograder.model import Observation, Outcome

PASSED, FAILED = Verdict(Outcome.PASS, 1.0), Verdict(Outcome.WRONG, 0.0)


class Answers:
    """Answers every launch as if it went well, unless told otherwise."""

    ok = True
    outcome = Outcome.PASS

    def call(self, probe: str, args: Any, kwargs: Any) -> Observation:
        if probe == PERFORM:
            one = {"grid": [2, 1, 1], "block": [32, 1, 1], "counters": {"flops": 1.0}}
            arrays = {name: v + 1 for name, v in args[2].items() if np.ndim(v)}
            value = {"ok": self.ok, "launches": [one, one], "arrays": arrays}
        else:
            _, _, grid, block, arguments, *_ = args
            shape = {"grid": grid, "block": block, "counters": {"flops": 2.0}}
            value = {"ok": self.ok, "arrays": [v + 1 for v in arguments if np.ndim(v)]} | shape
        return Observation(self.outcome, value)


def launch(calls: LargestLaunches, blocks: int, kernel: str = "k", file: str = "a.py") -> Any:
    return calls.call(LAUNCH, [file, kernel, [blocks], [32], [np.zeros(3), 5, np.ones(2)], 0], {})


def cases(**trials: tuple[Trial, Verdict]) -> Any:
    return {name: [case] for name, case in trials.items()}


def test_the_largest_of_a_kernel_is_chosen_among_all_tests() -> None:
    calls = LargestLaunches(Answers())  # type: ignore[arg-type]
    with trial() as first:
        launch(calls, 4)
        launch(calls, 9)
        launch(calls, 7)
    with trial() as second:
        launch(calls, 8)
        launch(calls, 1, kernel="other")
    with trial() as lost:
        launch(calls, 100)
    booked = cases(one=(first, PASSED), two=(second, PASSED), three=(lost, FAILED))
    found = {(name, one.kernel): one for name, one in calls.chosen(booked)}
    assert found.keys() == {("one", "k"), ("two", "other")}
    chosen = found["one", "k"]
    assert (chosen.threads, chosen.shape) == (9 * 32, ([9], [32], 0))
    assert list(chosen.values) == ["0", "1", "2"]
    assert list(chosen.left) == ["0", "2"]
    assert chosen.left["2"].tolist() == [2, 2]


def test_all_launches_of_a_task_count_together() -> None:
    calls = LargestLaunches(Answers())  # type: ignore[arg-type]
    x = np.zeros(3)
    with trial() as mine:
        calls.call(PERFORM, ["a.py", "scan", {"x": x, "n": 3}, None], {})
    x[:] = 9  # a test may write into what it gave
    ((_, one),) = calls.chosen(cases(one=(mine, PASSED)))
    assert (one.threads, one.shape, len(one.counters)) == (128, None, 2)
    assert one.values["x"].tolist() == [0, 0, 0]
    assert one.left["x"].tolist() == [1, 1, 1]


def test_a_launch_with_a_hazard_or_that_failed_is_not_kept() -> None:
    answers = Answers()
    calls = LargestLaunches(answers)  # type: ignore[arg-type]
    with trial() as mine:
        answers.ok = False
        launch(calls, 4)
        answers.ok, answers.outcome = True, Outcome.TIMEOUT
        launch(calls, 4)
    assert calls.chosen(cases(one=(mine, PASSED))) == []
