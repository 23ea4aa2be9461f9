"""A virtual NPU: runs Ascend C kernels on any Linux machine, and says what a 910B would have done.

    from labkit import npu
    lib = npu.build("add_custom.cpp")
    report = lib.launch("add_custom", 8, x, y, z)

One process runs the kernel and records its instructions; another, ours, replays the record on its
own memory, and only that one says what came of it.
"""

from labkit.npu.chips import INCLUDE, Chip, chip
from labkit.npu.errors import (
    BuildError,
    KernelCrashed,
    KernelMemory,
    KernelTimeout,
    LaunchError,
    Mistake,
    NpuError,
    RunError,
    ToolchainError,
    TraceError,
)
from labkit.npu.library import Library, build, run_program
from labkit.npu.report import Diagnostic, Report
from labkit.npu.trace import Trace, replay

__all__ = [
    "INCLUDE",
    "BuildError",
    "Chip",
    "Diagnostic",
    "KernelCrashed",
    "KernelMemory",
    "KernelTimeout",
    "LaunchError",
    "Library",
    "Mistake",
    "NpuError",
    "Report",
    "RunError",
    "ToolchainError",
    "Trace",
    "TraceError",
    "build",
    "chip",
    "replay",
    "run_program",
]
