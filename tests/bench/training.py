"""The solution's training step of a small GPT, against PyTorch's, in turn on one thread."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figure import Figure

ROOT = Path(__file__).parents[2]
SOLUTION = ROOT / "solutions/lab1_autograd"
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def figures() -> Iterator[Figure]:
    """Yield the ratio of CPU seconds of a step, for the model of exercise 1.12 and a larger one."""
    for size in ("1.12", "larger"):
        yield Figure(f"training step of a GPT ({size}), against PyTorch", _ratio(size), 3, "x")


def _ratio(size: str) -> float:
    one_thread = dict.fromkeys(_THREADS, "1")
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.training_pair", size],
        cwd=ROOT,
        env=os.environ | one_thread | {"PYTHONPATH": f"{ROOT}{os.pathsep}{SOLUTION}"},
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stdout)
