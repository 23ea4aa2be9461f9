"""What the virtual GPU costs: beside Numba's simulator, and beside plain compiled loops.

Counters and hazards are on, every launch has fresh data, and nothing is kept of earlier ones.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
from numba import njit

from labkit import gpu
from tests.bench import gpu_kernels
from tests.bench.figure import Figure

_ROUNDS = 5


def figures() -> Iterator[Figure]:
    """Yield speed and memory of the virtual GPU; a share of 1/400 is 400 times as fast."""
    simulated = _simulated()
    shares = {
        name: _seconds(name, launch) / simulated[name]
        for name, launch in gpu_kernels.LAUNCHES.items()
    }
    mean = statistics.geometric_mean(shares.values())
    tiled, large = (lambda: gpu_kernels.matmul_launch(256)), gpu_kernels.matmul_launch(512)
    began = time.perf_counter()
    _launch("matmul", large)
    loops = (time.perf_counter() - began) / _loop_seconds(512)
    yield Figure(
        "64x64 matmul: time over the simulator's, x 1000", 1000 * shares["matmul"], 2.5, ""
    )
    yield Figure("six kernels, geometric mean: the same", 1000 * mean, 5, "")
    yield Figure("256x256 matmul", _seconds("matmul", tiled), 1.5, "s")
    yield Figure("512x512 matmul: time over compiled i-j-k loops'", loops, 60, "x")
    yield Figure("its peak memory", _peak_bytes(512) / 2**30, 2, "GiB")


def _launch(name: str, launch: tuple[Any, Any, list[Any]]) -> None:
    grid, block, arguments = launch
    report = gpu.launch(getattr(gpu_kernels, name), grid, block, *arguments)
    assert report.hazards == ()


def _seconds(name: str, launch: Any) -> float:
    found = []
    for _ in range(_ROUNDS):
        ready = launch()
        began = time.perf_counter()
        _launch(name, ready)
        found.append(time.perf_counter() - began)
    return statistics.median(found)


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
    (_, _, (out, a, b)) = gpu_kernels.matmul_launch(n)
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
        f"virtual_gpu._launch('matmul', gpu_kernels.matmul_launch({n}))\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    return int(done.stdout) * 1024
