"""What the virtual NPU costs, and how near its model comes to a 910B's published times.

The times are those of the vendor's sample `add_high_performance` (8192 x 8192 halfs on an A2), as
told in its public documentation; nothing of this ran on a device.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from labkit import npu
from labkit.npu.toolchain import compiler, toolchain
from tests.bench.figure import Figure

_ADD = Path(__file__).with_name("npu_add.cpp")
_PLAIN = Path(__file__).with_name("plain_add.cpp")
_COUNT = 8192 * 8192
# Cores, elements of a tile, buffers, and microseconds: of the kernel, MTE2, MTE3 and V. With two
# buffers of 16384 elements three queues would be all of the UB, of which 256 bytes are reserved.
_PUBLISHED: dict[str, tuple[int, int, int, dict[str, float]]] = {
    "1 core, tiles of 4096": (
        *(1, 4096, 1),
        {"kernel": 6909.6, "MTE2": 6208.8, "MTE3": 2613.2, "V": 761.7},
    ),
    "48 cores, 4096": (48, 4096, 1, {"kernel": 297.1}),
    "48 cores, 16384": (48, 16384, 1, {"kernel": 261.5}),
    "48 cores, double buffer": (48, 8192, 2, {"kernel": 257.6}),
}
_WITHIN = 15  # per cent


def figures() -> Iterator[Figure]:
    """Yield seconds of building and running, then how far the model is from published times."""
    toolchain()
    yield Figure("compile a kernel, cold", _cold_seconds(), 3, "s")
    yield Figure("the same, cached", _cached_seconds(), 0.2, "s")
    lib = npu.build(_ADD)
    arrays = _arrays()
    for name, (cores, tile, buffers, published) in _PUBLISHED.items():
        began = time.perf_counter()
        report = lib.launch("add", cores, *arrays, tile, _COUNT // tile, buffers)
        seconds = time.perf_counter() - began
        _judge(report, arrays)
        if name == "48 cores, 4096":
            plain = _plain_seconds()
            what = f"8192x8192 fp16 Add on 48 virtual cores (a plain loop: {plain:.2f} s)"
            yield Figure(what, seconds, 4, "s")
        for part, microseconds in published.items():
            off = 100 * abs(_microseconds(report, part) / microseconds - 1)
            yield Figure(f"910B Add, {name}: {part} off by", off, _WITHIN, "%")


def _arrays() -> list[np.ndarray[Any, np.dtype[np.float16]]]:
    pattern = np.arange(4099).astype(np.float16)
    x, y = np.resize(pattern, _COUNT), np.resize(pattern[::-1] / np.float16(8), _COUNT)
    return [x, y, np.zeros_like(x)]


def _judge(report: npu.Report, arrays: list[np.ndarray[Any, np.dtype[np.float16]]]) -> None:
    x, y, z = arrays
    assert not report.diagnostics, report.diagnostics[0]
    assert np.array_equal(z, x + y)
    z[:] = 0


def _microseconds(report: npu.Report, part: str) -> float:
    launch = report.launches[0]
    if part == "kernel":
        return launch.microseconds
    return max(core.pipes[part].busy for core in launch.cores) / npu.chip("910B1").mhz


def _cold_seconds() -> float:
    began = time.perf_counter()
    npu.build(f"{_ADD.read_text()}// {time.time_ns()}\n")
    return time.perf_counter() - began


def _cached_seconds() -> float:
    """Seconds of a build in a new process, which only the user's cache can help."""
    npu.build(_ADD)
    code = (
        "import sys, time\n"
        "from labkit import npu\n"
        "began = time.perf_counter()\n"
        "npu.build(sys.argv[1])\n"
        "print(time.perf_counter() - began)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, _ADD], capture_output=True, check=True)
    return float(done.stdout)


def _plain_seconds() -> float:
    gxx = compiler()
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "plain"
        subprocess.run([gxx.path, "-O2", *gxx.flags, _PLAIN, "-o", program], check=True)
        return float(subprocess.run([program], capture_output=True, check=True).stdout)
