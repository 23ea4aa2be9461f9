"""What the virtual GPU costs: beside Numba's simulator, and beside plain compiled loops.

Counters and hazards are on, every launch has fresh data, and nothing is kept of earlier ones.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numba import njit

from labkit import gpu
from tests.bench import gpu_kernels
from tests.bench.figure import Figure

_ROUNDS = 5


def figures() -> Iterator[Figure]:
    """Yield speed and memory of the virtual GPU; 2.5 per mille are 400 times as fast."""
    simulated = _simulated()
    shares = {
        name: 1000 * _seconds(launch) / simulated[name]
        for name, launch in gpu_kernels.LAUNCHES.items()
    }
    mean = statistics.geometric_mean(shares.values())
    loops = _once(gpu_kernels.matmul(512)) / _loop_seconds(512)
    tiled, unit = shares["matmul"], "per mille"
    yield Figure("64x64 matmul on the virtual GPU, of the simulator's time", tiled, 2.5, unit)
    yield Figure("six kernels, geometric mean, of the simulator's time", mean, 5, unit)
    yield Figure("256x256 matmul", _seconds(lambda: gpu_kernels.matmul(256)), 1.5, "s")
    yield Figure("512x512 matmul: time over compiled i-j-k loops'", loops, 60, "x")
    yield Figure("its peak memory", _peak_bytes(512) / 2**30, 2, "GiB")


def _once(timed: gpu_kernels.Timed) -> float:
    """Return the seconds of one launch."""
    began = time.perf_counter()
    report = gpu.launch(timed.kernel, timed.grid, timed.block, *timed.arguments)
    seconds = time.perf_counter() - began
    assert report.hazards == ()
    return seconds


def _seconds(launch: Callable[[], gpu_kernels.Timed]) -> float:
    return statistics.median(_once(launch()) for _ in range(_ROUNDS))


def _simulated() -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.gpu_simulated"],
        env=os.environ | {"NUMBA_ENABLE_CUDASIM": "1"},
        capture_output=True,
        check=True,
    )
    seconds: dict[str, float] = json.loads(done.stdout)
    return seconds


def _loop_seconds(n: int) -> float:
    out, a, b = gpu_kernels.matmul(n).arguments
    _loops(out, a, b)  # compiles
    began = time.perf_counter()
    _loops(out, a, b)
    return time.perf_counter() - began


@njit
def _loops(out: Any, a: Any, b: Any) -> None:
    for i in range(out.shape[0]):
        for j in range(out.shape[1]):
            total = np.float32(0)
            for k in range(a.shape[1]):
                total += a[i, k] * b[k, j]
            out[i, j] = total


def _peak_bytes(n: int) -> int:
    """Peak memory of a fresh process that launches once, libraries and all."""
    code = (
        "import resource\n"
        "from tests.bench import gpu_kernels, virtual_gpu\n"
        f"virtual_gpu._once(gpu_kernels.matmul({n}))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    return int(done.stdout) * 1024
