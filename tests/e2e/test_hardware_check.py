"""`make gpu`, tried where there is no GPU: Numba's simulator stands for one, and it says so."""

import os
import subprocess
import sys

from tests.e2e.conftest import ROOT
from tests.unit.labkit.gpu.cases import CASES


def test_the_check_runs_all_kernels_and_says_that_all_was_emulated() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "tests.hardware"],
        cwd=ROOT,
        env=os.environ | {"NUMBA_ENABLE_CUDASIM": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    assert "emulated" in done.stdout.splitlines()[0]
    assert f"{len(CASES)} of {len(CASES)} kernels agree" in done.stdout
    (told,) = [line for line in done.stdout.splitlines() if "programs have" in line]
    assert "the simulator has Python's types" in told
    assert int(told.split()[0]) >= 10
    assert done.stdout.endswith("no time where all is emulated\n")
