"""What would run on a GPU, tried on Numba's simulator: emulated, no run on hardware."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labkit import gpu
from labkit.gpu import hardware

ROOT = Path(__file__).parents[4]
SIMULATED = os.environ | {"NUMBA_ENABLE_CUDASIM": "1"}


@pytest.fixture(scope="module")
def emulated() -> Any:
    command = [sys.executable, "-W", "ignore", "-m", "tests.unit.labkit.gpu.emulated"]
    done = subprocess.run(command, cwd=ROOT, env=SIMULATED, check=True, capture_output=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", ["right", "executes a decorator"])
def test_a_right_kernel_has_no_problem_and_only_its_body_runs(name: str, emulated: Any) -> None:
    assert emulated[name] == []


@pytest.mark.parametrize("name", ["wrong", "unwritten"])
def test_wrong_outputs_are_found_in_every_round(name: str, emulated: Any) -> None:
    told = [f"round {n}: argument 0 is not what the reference wrote" for n in range(3)]
    assert emulated[name] == told


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("an accumulator as output", "the reference leaves argument 0 unwritten, or NaN"),
        ("nothing added", "argument 0 is not what the reference wrote"),
        ("small values as zeros", "argument 0 is not what the reference wrote"),
        ("integers off by one", "argument 0 is not what the reference wrote"),
    ],
)
def test_small_differences_are_found(name: str, told: str, emulated: Any) -> None:
    assert all(told in problem for problem in emulated[name])
    assert len(emulated[name]) == 3


@pytest.mark.parametrize("name", ["an accumulator as update", "equal integers"])
def test_what_is_alike_is_found_alike(name: str, emulated: Any) -> None:
    assert emulated[name] == []


def test_only_what_the_kernel_calls_is_compiled(emulated: Any) -> None:
    assert emulated["uncalled"] == []


def test_booleans_cannot_be_poisoned() -> None:
    trial = hardware.Trial(1, 1, lambda rng: [], outputs=(0,))
    with pytest.raises(ValueError, match="make it an update"):
        hardware.launch(None, trial, [np.zeros(3, bool)])


def test_a_name_that_numba_does_not_have_is_told() -> None:
    source = "from numba import cuda\nfrom numpy import nonesuch\n@cuda.jit\ndef k(out):\n"
    kernel = gpu.load(source + "    out[0] = nonesuch(1)\n")["k"]
    with pytest.raises(gpu.SubsetError, match="nonesuch"):
        hardware.compiled(kernel, [np.zeros(3)])


def test_inputs_must_stay_as_they_are(emulated: Any) -> None:
    assert emulated["writes its input"][0].endswith("argument 1 was written, though it is an input")


def test_a_launch_that_fails_ends_the_comparison(emulated: Any) -> None:
    (problem,) = emulated["outside the array"]
    assert problem.startswith("round 0: the launch failed: ")


def test_canaries_stand_right_before_and_after_an_array(emulated: Any) -> None:
    assert emulated["canaries"] == [False, True, True, False]


def test_every_round_has_fresh_inputs(emulated: Any) -> None:
    assert emulated["different inputs"] == 5  # one to learn the types, one to warm up, three


def test_what_is_outside_the_subset_is_never_compiled() -> None:
    kernel = gpu.load("from numba import cuda\n@cuda.jit\ndef k(out):\n    open('x')\n")["k"]
    with pytest.raises(gpu.SubsetError, match="a call of open"):
        hardware.compiled(kernel, [np.zeros(3)])


def test_without_a_gpu_the_check_says_so() -> None:
    if hardware.is_available():
        pytest.skip("there is a GPU")
    done = subprocess.run(
        [sys.executable, "-m", "tests.hardware"], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "There is no GPU here" in done.stderr


def test_without_a_timed_round_there_is_no_ratio() -> None:
    assert np.isnan(hardware.Comparison((), (), ("round 0: the launch failed",)).ratio)
    assert hardware.Comparison((3.0, 1.0, 2.0), (4.0, 8.0, 4.0), ()).ratio == 0.5
