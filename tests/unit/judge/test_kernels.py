"""Launches go to the machine with the text of the file; all other calls go where they went."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.judge.desk import DeskStudent
from autograder.judge.kernels import LAUNCH, KernelCalls
from autograder.judge.subject import CallFailed
from autograder.judge.trial import trial
from autograder.model import Observation, Outcome

SOURCE = "from numba import cuda\n@cuda.jit\ndef k(out):\n    out[cuda.grid(1)] = 7\n"


class Log:
    """Remembers its calls, and answers with `value`."""

    def __init__(self, value: Any = None) -> None:
        self.calls: list[Any] = []
        self.value = value

    def call(self, probe: str, args: Any, kwargs: Any) -> Observation:
        self.calls.append((probe, list(args)))
        return Observation(Outcome.PASS, self.value)

    def map(self, probe: str, cases: Any) -> list[Observation]:
        return [self.call(probe, case, {}) for case in cases]

    def session(self) -> Any:
        raise AssertionError("no test here opens a session")


def calls(answer: Any) -> tuple[KernelCalls, Log, Log]:
    own, machine = Log(), Log(answer)
    return KernelCalls(own, {"a.py": b"text"}, machine), own, machine


def test_only_launches_go_to_the_machine() -> None:
    routed, own, machine = calls({"counters": {"flops": 1.0, "lane_efficiency": 0.5}})
    seen = routed.call(LAUNCH, ["a.py", "k", [1], [2], []], {})
    routed.call("probe", [1], {})
    routed.map("probe", [[2]])
    assert machine.calls == [("launch", ["text", "a.py", "k", [1], [2], []])]
    assert own.calls == [("probe", [1]), ("probe", [2])]
    assert seen.counters == {"flops": 1.0}  # ratios cannot be added up


@pytest.mark.parametrize("outcome", [Outcome.FORBIDDEN, Outcome.MISSING])
def test_what_cannot_run_has_an_outcome_and_a_place(outcome: Outcome) -> None:
    routed, _, _ = calls({outcome.value: True, "message": "why", "line": 3})
    (seen,) = routed.map(LAUNCH, [["a.py", "k", [1], [2], []]])
    assert (seen.outcome, seen.value) == (outcome, None)
    assert seen.error is not None
    assert [(f.file, f.line) for f in seen.error.frames] == [("a.py", 3)]


def test_a_file_that_was_not_handed_in_is_missing() -> None:
    routed, _, machine = calls(None)
    assert routed.call(LAUNCH, ["b.py", "k"], {}).outcome is Outcome.MISSING
    assert machine.calls == []


def test_at_the_desk_the_machine_runs_in_the_tests_own_process(tmp_path: Path) -> None:
    (tmp_path / "kernels.py").write_text(SOURCE)
    out = np.zeros(4)
    with trial() as seen:
        got = DeskStudent(tmp_path).kernel("kernels.py", "k").launch(1, 4, out)
        assert list(got["arrays"][0]) == [7] * 4
        assert list(out) == [0] * 4  # a copy went out, as in the judge
        assert seen.counters["global_store_requests"] == 1
        with pytest.raises(CallFailed, match="there is no kernel other"):
            DeskStudent(tmp_path).kernel("kernels.py", "other").launch(1, 4, out)
