"""Launches of two files in turn, on Numba's simulator: emulated, no run on hardware."""

import json
import subprocess
import sys
from typing import Any

import pytest

from labkit.gpu.devices import DEVICES, DRIVER_NAMES
from labkit.gpu.model import least_seconds
from tests.unit.labkit.gpu.test_hardware import ROOT, SIMULATED


@pytest.fixture(scope="module")
def emulated() -> Any:
    command = [sys.executable, "-W", "ignore", "-m", "tests.unit.labkit.gpu.emulated_beside"]
    done = subprocess.run(command, cwd=ROOT, env=SIMULATED, check=True, capture_output=True)
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", ["one launch", "two launches with scratch", "in place"])
def test_the_same_numbers_as_on_the_virtual_gpu_are_no_problem(name: str, emulated: Any) -> None:
    said = emulated[name]
    assert (said["problem"], said["detail"]) == ("", "")
    assert (said["emulated"], said["device"]) == (True, "Numba's simulator, emulated")
    assert len(said["seconds"]) == len(said["reference_seconds"]) == 1


@pytest.mark.parametrize(
    ("name", "problem", "detail"),
    [
        ("other numbers", "numbers", "out is not what the virtual GPU left there"),
        ("outside the array", "launch", "IndexError"),
        ("the canaries", "outside", "wrote outside an array"),
    ],
)
def test_what_is_otherwise_there_is_told(
    name: str, problem: str, detail: str, emulated: Any
) -> None:
    said = emulated[name]
    assert said["problem"] == problem
    assert detail in said["detail"]


def test_sides_take_turns_and_the_first_round_is_not_timed(emulated: Any) -> None:
    assert emulated["turns"]["order"] == ["mine", "theirs", "theirs", "mine", "mine", "theirs"]
    assert emulated["turns"]["seconds"] == [4, 5]
    assert emulated["turns"]["reference_seconds"] == [3, 6]


def test_what_a_device_needs_at_least_follows_from_its_busiest_part() -> None:
    from labkit.gpu import counters

    nothing = dict.fromkeys((*counters.FACTS, "global_bytes_compulsory"), 0.0)
    device = DEVICES["A100"]
    moved = least_seconds(nothing | {"global_bytes_compulsory": 2039e9}, device)
    assert moved == pytest.approx(1.0)
    # 32 lanes of each of 2 x 108 warp instructions, on 108 multiprocessors of 64 lanes: a cycle.
    added = least_seconds(nothing | {"instructions_fp32": 216.0}, device)
    assert added == pytest.approx(1 / 1.41e9)


def test_every_name_of_a_driver_is_that_of_a_known_device() -> None:
    assert set(DRIVER_NAMES.values()) <= set(DEVICES)
