"""Compares the virtual GPU with a real one: ``python -m tests.hardware`` where there is a GPU.

Prints what docs/hardware.md keeps. With NUMBA_ENABLE_CUDASIM=1 Numba's simulator stands for the
GPU: that tries this program, and says so; it is no run on hardware.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numba import config, cuda

from labkit import gpu
from labkit.gpu import hardware
from tests.unit.labkit.gpu.cases import CASES, arguments_of
from tests.unit.labkit.gpu.programs import INPUTS, STATEMENTS, Programs, kernel_of

KERNELS = Path(__file__).parents[1] / "unit/labkit/gpu/kernels"
ORDERED_BY_CHANCE = ("tickets",)  # outputs that depend on which thread comes first, by design
PROGRAMS = 20
EMULATED = bool(config.ENABLE_CUDASIM)
SIZE = 16 if EMULATED else 2048  # of the product that is timed


def main() -> int:
    """Print a row for each kernel; return how many disagree."""
    if not hardware.is_available():
        sys.stderr.write("There is no GPU here. docs/hardware.md says what was run where.\n")
        return 2
    name = "Numba's simulator, emulated" if EMULATED else cuda.get_current_device().name.decode()
    sys.stdout.write(f"{datetime.now(UTC):%Y-%m-%d}, {name}\n\n| kernel | outputs |\n|---|---|\n")
    wrong = 0
    for case in CASES:
        agrees = agree(case)
        wrong += not agrees
        sys.stdout.write(f"| {case} | {'agree' if agrees else 'DIFFER'} |\n")
    sys.stdout.write(f"\n{len(CASES) - wrong} of {len(CASES)} kernels agree.\n")
    programs = sum(map(agree_on_program, range(PROGRAMS)))
    told = "" if not EMULATED else " (the simulator has Python's types, not Numba's)"
    sys.stdout.write(f"{programs} of {PROGRAMS} programs have the same values{told}.\n")
    found = timed()
    sys.stdout.write(f"{told_of(found)}\n")
    return int(wrong > 0 or bool(found.problems) or (programs < PROGRAMS and not EMULATED))


def agree(name: str) -> bool:
    """Whether a test kernel leaves the same in its arrays on both."""
    case = CASES[name]
    kernel = gpu.load(KERNELS / f"{case.module}.py")[name]
    virtual = [np.ascontiguousarray(v) if np.ndim(v) else v for v in arguments_of(name)]
    real = [np.copy(v) if np.ndim(v) else v for v in virtual]
    gpu.launch(kernel, case.grid, case.block, *virtual, shared_bytes=case.shared_bytes)
    trial = hardware.Trial(case.grid, case.block, lambda rng: real, (), case.shared_bytes)
    try:
        left, _, whole = hardware.launch(hardware.compiled(kernel, real), trial, real)
    except Exception as error:
        sys.stderr.write(f"{name}: {error}\n")
        return False
    there = [v for v in virtual if np.ndim(v)]
    if name in ORDERED_BY_CHANCE:
        there, left = [np.sort(v) for v in there], [np.sort(v) for v in left]
    return whole and all(map(_close, left, there))


def agree_on_program(seed: int) -> bool:
    """Whether a generated program of scalars computes the same values on both."""
    kernel = gpu.load_text(kernel_of(Programs(seed).lines()))["program"]
    virtual, real = (np.zeros((STATEMENTS, 1)) for _ in range(2))
    gpu.launch(kernel, 1, 1, *INPUTS.values(), *virtual)
    given = [*INPUTS.values(), *real]
    trial = hardware.Trial(1, 1, lambda rng: given, ())
    try:
        left, _, _ = hardware.launch(hardware.compiled(kernel, given), trial, given)
    except Exception:  # one that does not run at all agrees with nothing
        return False
    return _close(left, virtual)


def _close(found: Any, wanted: Any) -> bool:
    return bool(np.allclose(found, wanted, rtol=1e-4, atol=1e-5, equal_nan=True))


def timed() -> hardware.Comparison:
    """Compare a product without tiles with one with tiles."""
    n = SIZE
    tiles = -(-n // 16)

    def arguments(rng: np.random.Generator) -> list[Any]:
        matrices = [rng.normal(size=(n, n)).astype(np.float32) for _ in range(2)]
        return [np.zeros((n, n), np.float32), *matrices]

    trial = hardware.Trial((tiles, tiles), (16, 16), arguments, outputs=(0,))
    naive = gpu.load(KERNELS / "mapping.py")["naive_matmul"]
    tiled = gpu.load(KERNELS / "products.py")["tiled_matmul"]
    return hardware.compare(naive, tiled, trial, rounds=2 if EMULATED else 21)


def told_of(found: hardware.Comparison) -> str:
    """Return the ratio of the median times, in a line."""
    ratio = "no time where all is emulated" if EMULATED else f"{found.ratio:.2f} x"
    told = f"{SIZE}x{SIZE} product without tiles over one with tiles: {ratio}"
    return "; ".join([told, *found.problems])


if __name__ == "__main__":
    sys.exit(main())
