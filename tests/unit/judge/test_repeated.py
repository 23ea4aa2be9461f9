"""What a real device says of a kernel becomes a line of the report, and never an outcome."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from autograder.box import base
from autograder.box.health import Unit
from autograder.box.wire import WireError
from autograder.errors import InfraError
from autograder.judge import repeated as module
from autograder.judge.largest import Launched
from autograder.judge.repeated import DOUBTFUL, UNUSABLE, repeated
from autograder.judge.trial import Trial
from autograder.model import CallError, DeviceRun, Job, Observation, Outcome, Result, Status
from labkit.gpu import counters
from labkit.gpu.devices import DEVICES

FIGURES = {"seconds": [2e-5, 4e-5, 9e-5], "reference_seconds": [1e-5, 2e-5, 3e-5]}
SAID = {"device": "NVIDIA H200", "emulated": False, "problem": "", "detail": "", **FIGURES}
COUNTS = dict.fromkeys(counters.FACTS, 0.0) | {"global_bytes_compulsory": 4800.0}


class Box:
    """Answers each question with the next of `answers`."""

    alive = True
    answers: list[Any]
    asked: list[Any]

    def call(self, probe: str, args: Any, kwargs: Any, limits: Any) -> Observation:
        Box.asked.append(args)
        answer = Box.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, Observation) else Observation(Outcome.PASS, answer)


class Devices:
    """A sandbox whose boxes have a GPU."""

    needs: Any = None

    def versions(self, needs: Any) -> dict[str, str]:
        return {"python": "3", "numba": "0"}

    @contextmanager
    def open(self, files: Any, needs: Any) -> Iterator[Box]:
        assert files == {}  # no submission where kernels are compiled
        Devices.needs = needs
        yield Box()


@pytest.fixture
def ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return what becomes of a result when a box answers like this."""
    monkeypatch.setitem(base.SANDBOXES, "devices", f"{__name__}:Devices")
    monkeypatch.delenv("NUMBA_ENABLE_CUDASIM", raising=False)
    (tmp_path / "a.py").write_text("ours")
    lab: Any = SimpleNamespace(solution=tmp_path, id="lab")

    def asked(*answers: Any, after: Exception | None = None) -> Result:
        @contextmanager
        def lent(kind: str) -> Iterator[Unit]:
            yield Unit(kind, "GPU-a", "570.1")
            if after is not None:
                raise after

        monkeypatch.setattr(module, "lease", lent)
        Box.answers, Box.asked = list(answers), []
        job = Job("", "lab", "", {"a.py": b"theirs"}, b"", "devices", "gpu")
        return repeated(job, lab, result(), [("test_k", launched(n)) for n in range(len(answers))])

    return asked


def launched(number: int) -> Launched:
    values = {"0": np.zeros(2), "1": 3}
    shape = [1], [32], 0
    return Launched(
        Trial(), "a.py", f"k{number}", 32, shape, values, {"0": np.ones(2)}, [COUNTS, COUNTS]
    )


def result() -> Result:
    return Result("lab", "", "", "", "devices", "gpu", {"python": "3"}, Status.GRADED, None, ())


def test_medians_their_ratio_and_the_share_of_the_limit(ask: Any) -> None:
    judged = ask(SAID)
    (run,) = judged.device_runs
    assert (run.test, run.kernel, run.device, run.note) == ("test_k", "k0", "NVIDIA H200", "")
    assert (run.seconds, run.reference_seconds, run.ratio) == (4e-5, 2e-5, 2.0)
    least = 2 * 4800 / (DEVICES["H200"].gigabytes_per_second * 1e9)  # two launches
    assert run.limit_fraction == pytest.approx(least / 4e-5)
    assert judged.versions == {
        "python": "3",
        "gpu numba": "0",
        "gpu driver": "570.1",
        "gpu device": "NVIDIA H200",
    }
    ((sources, file, name, shape, values, left),) = Box.asked
    assert (sources, file, name, shape) == (["theirs", "ours"], "a.py", "k0", [[1], [32], 0])
    assert (list(values), list(left)) == (["0", "1"], ["0"])
    assert (Devices.needs.device, Devices.needs.unit) == ("gpu", "GPU-a")
    assert Devices.needs.packages == ("numpy", "numba", "numba-cuda")


def test_of_an_unknown_device_the_limit_is_left_out(ask: Any) -> None:
    (run,) = ask(SAID | {"device": "NVIDIA H100 80GB HBM3 MIG 1g.10gb"}).device_runs
    assert (run.seconds, run.limit_fraction) == (4e-5, None)
    assert "not known" in run.note


@pytest.mark.parametrize(
    ("answer", "note"),
    [
        (SAID | {"problem": "numbers", "detail": "x"}, "other numbers"),
        (SAID | {"problem": "outside", "detail": "x"}, "outside an array"),
        (SAID | {"problem": "launch", "detail": "x"}, "the launch failed"),
        (SAID | {"emulated": True}, "emulated"),
        (Observation(Outcome.TIMEOUT), "ran out of time"),
        (WireError("a frame of 70 MiB"), "too large"),
        (Observation(Outcome.CRASHED, error=CallError("E", "m", "bad")), "could not be run"),
    ],
)
def test_what_goes_wrong_is_a_note_without_figures(ask: Any, answer: Any, note: str) -> None:
    judged = ask(answer, SAID)
    first, second = judged.device_runs
    assert note in first.note
    assert (first.seconds, first.limit_fraction) == (None, None)
    assert second.seconds == 4e-5
    assert judged.status is Status.GRADED


@pytest.mark.parametrize("answer", [InfraError("no box"), ValueError("odd"), {"device": "x"}])
def test_what_fails_on_our_side_is_a_note_as_well(ask: Any, answer: Any) -> None:
    judged = ask(SAID, answer, SAID)
    assert [run.note for run in judged.device_runs] == [DOUBTFUL, UNUSABLE, UNUSABLE]
    assert judged.device_runs[0].seconds == 4e-5
    assert judged.status is Status.GRADED


def test_figures_of_a_device_that_is_unwell_afterwards_are_doubted(ask: Any) -> None:
    (run,) = ask(SAID, after=InfraError("it is not well")).device_runs
    assert (run.seconds, run.note) == (4e-5, DOUBTFUL)
    assert "it is not well" in run.detail


def test_without_a_launch_no_device_is_asked(ask: Any) -> None:
    assert ask().device_runs == ()


def test_a_ratio_needs_two_times() -> None:
    assert DeviceRun("t", "a.py", "k", seconds=1.0).ratio is None
