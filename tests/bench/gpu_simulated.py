"""Seconds that Numba's simulator needs for each kernel: ``python -m …`` prints them as JSON."""

import json
import time

from tests.bench import gpu_kernels

if __name__ == "__main__":
    seconds = {}
    for name, launch in gpu_kernels.LAUNCHES.items():
        grid, block, arguments = launch()
        began = time.perf_counter()
        getattr(gpu_kernels, name)[grid, block](*arguments)
        seconds[name] = time.perf_counter() - began
    print(json.dumps(seconds))
