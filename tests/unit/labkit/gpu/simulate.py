"""Runs every case under Numba's own simulator: ``python -m … FILE`` writes what came out to FILE.

A process of its own, since Numba chooses the simulator when it is imported.
"""

import importlib
import sys

import numpy as np

from tests.unit.labkit.gpu.cases import CASES, arguments_of


def main(target: str) -> None:
    """Write the arrays of each case after its launch, as ``name/position``."""
    found = {}
    for name, case in CASES.items():
        module = importlib.import_module(f"tests.unit.labkit.gpu.kernels.{case.module}")
        # Numba copies whole arrays to a device, so strided ones go as copies.
        arguments = [
            np.ascontiguousarray(value) if isinstance(value, np.ndarray) else value
            for value in arguments_of(name)
        ]
        getattr(module, name)[case.grid, case.block, 0, case.shared_bytes](*arguments)
        for position, value in enumerate(arguments):
            if isinstance(value, np.ndarray):
                found[f"{name}/{position}"] = value
    np.savez(target, **found)


if __name__ == "__main__":
    main(sys.argv[1])
