"""Right kernels give what Numba's simulator gives, in any order of blocks, and no alarm."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labkit import gpu
from tests.unit.labkit.gpu.cases import CASES, arguments_of

KERNELS = Path(__file__).parent / "kernels"
ROOT = Path(__file__).parents[4]


@pytest.fixture(scope="module")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Any:
    target = tmp_path_factory.mktemp("simulated") / "arrays.npz"
    subprocess.run(
        [sys.executable, "-m", "tests.unit.labkit.gpu.simulate", str(target)],
        cwd=ROOT,
        env=os.environ | {"NUMBA_ENABLE_CUDASIM": "1"},
        check=True,
        capture_output=True,
    )
    return np.load(target)


def launch(name: str, order: int | None = None) -> tuple[gpu.Report, list[Any]]:
    case = CASES[name]
    kernel = gpu.load(KERNELS / f"{case.module}.py")[name]
    arguments = arguments_of(name)
    how: dict[str, Any] = {"order": order, "shared_bytes": case.shared_bytes}
    return gpu.launch(kernel, case.grid, case.block, *arguments, **how), arguments


@pytest.mark.parametrize("name", CASES)
def test_a_right_kernel_gives_what_the_simulator_gives_and_no_alarm(name: str, simulated) -> None:
    report, arguments = launch(name)
    assert report.hazards == ()
    for position, value in enumerate(arguments):
        if isinstance(value, np.ndarray):
            np.testing.assert_allclose(
                value, simulated[f"{name}/{position}"], rtol=2e-5, atol=1e-6, equal_nan=True
            )


@pytest.mark.parametrize("name", [n for n, c in CASES.items() if c.grid != 1 and n != "tickets"])
def test_the_order_of_blocks_does_not_matter_to_a_right_kernel(name: str) -> None:
    _, usual = launch(name)
    report, other = launch(name, order=1)
    assert report.hazards == ()
    for one, two in zip(usual, other, strict=True):
        np.testing.assert_allclose(one, two, rtol=1e-5, atol=1e-6)


def test_there_are_at_least_forty() -> None:
    assert len(CASES) >= 40


REQUESTS = [
    f"{space}_{way}_requests" for space in ("global", "shared") for way in ("load", "store")
]
REQUESTS += ["atomic_requests", "shared_atomic_requests", "shuffles"]


@pytest.mark.parametrize("name", CASES)
def test_instructions_and_accesses_are_counted_apart_and_agree(name: str) -> None:
    """The compiler counts instructions, memory its accesses: on every line they are as many."""
    report, _ = launch(name)
    for number, line in report.lines.items():
        if not line["local_load_elements"] + line["local_store_elements"]:
            assert line["instructions_memory"] == sum(line[r] for r in REQUESTS), (number, line)
