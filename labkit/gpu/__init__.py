"""A virtual GPU: runs `numba.cuda` kernels on any machine, counts what a GPU would do, finds races.

    from labkit import gpu
    report = gpu.launch(kernel, grid, block, *arrays_and_numbers)

A kernel is read as text and moved through in lockstep, all threads of many blocks at once; its
module is never executed. Nothing here is a time: see counters.py for what is counted.
"""

from labkit.gpu.enabling import disable, enable, last_report
from labkit.gpu.launches import Launch, Scratch, interpret, perform, scratch
from labkit.gpu.machine import Kernels, KernelSource, launch, load, load_text
from labkit.gpu.problems import Hazard, HazardWarning, KernelError, SubsetError, Unwritten
from labkit.gpu.report import Report

__all__ = [
    "Hazard",
    "HazardWarning",
    "KernelError",
    "KernelSource",
    "Kernels",
    "Launch",
    "Report",
    "Scratch",
    "SubsetError",
    "Unwritten",
    "disable",
    "enable",
    "interpret",
    "last_report",
    "launch",
    "load",
    "load_text",
    "perform",
    "scratch",
]
