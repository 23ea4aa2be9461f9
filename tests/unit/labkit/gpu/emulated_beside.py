"""Launches of labkit.gpu.beside, on Numba's simulator in place of a GPU: prints JSON.

A process of its own, since Numba chooses the simulator when it is imported.
"""

import json
import sys
from dataclasses import asdict
from typing import Any

import numpy as np

from labkit import gpu
from labkit.gpu import beside
from labkit.gpu.hardware_probe import measure

HEAD = "from numba import cuda, float32\nfrom labkit.gpu import Launch, scratch\n"
DOUBLE = HEAD + "@cuda.jit\ndef k(out, x):\n    i = cuda.grid(1)\n    if i < x.size:\n        "
RIGHT = DOUBLE + "out[i] = float32(2) * x[i]\n"
TWICE = (
    HEAD
    + "@cuda.jit\ndef add(out, x, y):\n    i = cuda.grid(1)\n    if i < x.size:\n"
    + "        out[i] = x[i] + y[i]\n"
    + "def k_launch(shapes):\n    (n,) = shapes['x']\n    between = scratch(n, float32)\n"
    + "    return [Launch(add, 2, 32, (between, 'x', 'x')),"
    + " Launch(add, 2, 32, ('out', between, 'x'))]\n"
)
IN_PLACE = DOUBLE.replace("out, x", "x, n") + "x[i] = x[i] + float32(n)\n"
N = 40


def inputs() -> dict[str, Any]:
    """Return an output that nobody has written, and numbers."""
    return {"out": np.full(N, np.nan, np.float32), "x": np.arange(N, dtype=np.float32)}


def asked(source: str, reference: str, shape: Any, left: dict[str, Any]) -> dict[str, Any]:
    """Measure on fresh inputs."""
    return measure([source, reference], "a.py", "k", shape, inputs(), left)


def turns() -> dict[str, Any]:
    """Measure sides that only count."""
    order: list[str] = []

    class Counting:
        def __init__(self, name: str) -> None:
            self.name = name

        def run(self) -> Any:
            order.append(self.name)
            return {}, len(order), True

    mine: Any = Counting("mine")
    theirs: Any = Counting("theirs")
    return asdict(beside.measure(mine, theirs, {}, 3)) | {"order": order}


def canaries() -> dict[str, Any]:
    """Measure a side that wrote outside an array, which the simulator itself does not let pass."""

    class Wild:
        def run(self) -> Any:
            return {}, 1.0, False

    wild: Any = Wild()
    return asdict(beside.measure(wild, wild, {}, 1))


def main() -> None:
    """Measure all."""
    x = inputs()["x"]
    doubled, shape = {"out": 2 * x, "x": x}, [[2], [32], 0]
    tripled = inputs()
    gpu.perform(gpu.load_text(TWICE), "k", tripled)
    found = {
        "one launch": asked(RIGHT, RIGHT, shape, doubled),
        "two launches with scratch": asked(TWICE, TWICE, None, tripled),
        "in place": measure(
            [IN_PLACE, IN_PLACE], "a.py", "k", shape, {"x": x, "n": 3}, {"x": x + 3}
        ),
        "other numbers": asked(RIGHT, RIGHT, shape, doubled | {"out": x}),
        "outside the array": asked(DOUBLE + "out[i + 1000] = x[i]\n", RIGHT, shape, doubled),
        "turns": turns(),
        "the canaries": canaries(),
    }
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
