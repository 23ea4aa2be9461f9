"""Seconds that Numba's simulator needs for each kernel: ``python -m …`` prints them as JSON."""

import json
import time

from tests.bench import gpu_kernels

if __name__ == "__main__":
    seconds = {}
    for name, launch in gpu_kernels.LAUNCHES.items():
        timed = launch()
        began = time.perf_counter()
        timed.kernel[timed.grid, timed.block](*timed.arguments)
        seconds[name] = time.perf_counter() - began
    print(json.dumps(seconds))
