"""Launches go to the machine with the text of the file; all other calls go where they went."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograder.judge.desk import DeskStudent
from autograder.judge.kernels import INTERPRET, LAUNCH, PERFORM, KernelCalls
from autograder.judge.subject import CallFailed
from autograder.judge.trial import trial
from autograder.model import Observation, Outcome

SOURCE = """from numba import cuda
from labkit.gpu import Launch
@cuda.jit
def k(out):
    out[cuda.grid(1)] = 7
def k_launch(shapes):
    n = shapes["out"][0]
    return [Launch(k, 1, n - 1, ("out",)), Launch(k, 1, n, ("out",))]
def predict(n):
    return {"barriers": 2 * n}
def roofline(flops):
    raise NotImplementedError("about 1 line")
"""


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


def test_every_verb_goes_with_the_text_of_its_file() -> None:
    routed, own, machine = calls({"returned": 5})
    assert routed.call(INTERPRET, ["a.py", "predict", [2]], {}).value == 5
    routed.map(PERFORM, [["a.py", "k", {}, None]])
    verbs = [("interpret", "predict", [2]), ("perform", "k", {}, None)]
    assert machine.calls == [(verb, ["text", "a.py", *rest]) for verb, *rest in verbs]
    assert own.calls == []


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


def test_at_the_desk_launches_are_performed_and_added_up(tmp_path: Path) -> None:
    (tmp_path / "kernels.py").write_text(SOURCE)
    out = np.zeros(4)
    with trial() as seen:
        got = DeskStudent(tmp_path).kernel("kernels.py", "k").perform({"out": out})
        assert [launch["block"] for launch in got["launches"]] == [[3, 1, 1], [4, 1, 1]]
        assert (list(got["arrays"]["out"]), got["ok"]) == ([7] * 4, True)
        assert got["counters"]["global_store_elements"] == 7
        assert seen.counters["global_store_elements"] == 7
        assert list(out) == [0] * 4


def test_at_the_desk_host_functions_are_interpreted(tmp_path: Path) -> None:
    (tmp_path / "kernels.py").write_text(SOURCE)
    student = DeskStudent(tmp_path)
    with trial():
        assert student.interpret("kernels.py", "predict", 3) == {"barriers": 6}
        for name, outcome in {"roofline": Outcome.MISSING, "other": Outcome.MISSING}.items():
            with pytest.raises(CallFailed) as failed:
                student.interpret("kernels.py", name, 3)
            assert failed.value.observation.outcome is outcome
        with pytest.raises(CallFailed, match="there is no function other_launch"):
            student.kernel("kernels.py", "other").perform({})


def test_at_the_desk_a_failed_launch_is_told_by_what_was_asked(tmp_path: Path) -> None:
    (tmp_path / "kernels.py").write_text(SOURCE.replace("n - 1", "n / 2"))
    with trial() as seen, pytest.raises(CallFailed) as failed:
        DeskStudent(tmp_path).kernel("kernels.py", "k").perform({"out": np.zeros(4)})
    observed = failed.value.observation
    assert (observed.outcome, observed.error.type) == (Outcome.CRASHED, "TypeError")
    assert seen.call is not None
    assert seen.call.label == "perform k of kernels.py"
    assert list(seen.call.inputs) == ["out"]
    with trial() as seen, pytest.raises(CallFailed):
        DeskStudent(tmp_path).interpret("kernels.py", "roofline", 3)
    assert seen.call is not None
    assert (seen.call.label, seen.call.inputs) == (
        "interpret roofline of kernels.py",
        {"arguments": [3]},
    )
