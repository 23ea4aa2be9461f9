"""Comparisons of labkit.gpu.hardware, on Numba's simulator in place of a GPU: prints JSON.

A process of its own, since Numba chooses the simulator when it is imported.
"""

import builtins
import json
import sys
from typing import Any

import numpy as np

from labkit import gpu
from labkit.gpu import hardware

HEAD = "import math\nimport numpy as np\nfrom numba import cuda, float32\nTWO = 2\n"
HEAD += "@cuda.jit(device=True)\ndef times(a, b):\n    return a * b\n"
KERNEL = "@cuda.jit\ndef k(out, x, n):\n    i = cuda.grid(1)\n    if i < n:\n        "
REFERENCE = HEAD + KERNEL + "out[i] = times(x[i], float32(TWO))\n"
KERNELS = {
    "right": HEAD + KERNEL + "out[i] = np.float32(math.sqrt(4.0)) * x[i]\n",
    "wrong": HEAD + KERNEL + "out[i] = x[i]\n",
    "unwritten": HEAD + KERNEL + "if i > 0: out[i] = x[i] + x[i]\n",
    "writes its input": HEAD + KERNEL + "out[i] = x[i] + x[i]\n        x[i] = out[i]\n",
    "outside the array": HEAD + KERNEL + "out[i + 1] = x[i]\n",
    "executes a decorator": REFERENCE.replace(
        "@cuda.jit\ndef k(out", "@cuda.jit(1 / 0)\ndef k(out: 1 / 0"
    ),
}
N = 40


def arguments(rng: np.random.Generator) -> list[Any]:
    """Return fresh ones; a kernel may not rely on what it finds in the output."""
    return [np.zeros(N, np.float32), rng.normal(size=N).astype(np.float32), N]


def problems(source: str, reference: str = REFERENCE, **how: Any) -> list[str]:
    """Compare a kernel with the reference."""
    kernels = [gpu.load_text(text)["k"] for text in (source, reference)]
    trial = hardware.Trial(2, 32, **{"arguments": arguments, "outputs": (0,)} | how)
    return list(hardware.compare(kernels[0], kernels[1], trial, rounds=2).problems)


def element(value: str) -> str:
    """Return a kernel that writes or adds `value`."""
    return HEAD + KERNEL + value


def small(scale: float, kind: Any = np.float32) -> Any:
    """Return what makes arguments: an output of `kind`, and inputs around `scale`."""
    return lambda rng: [np.zeros(N, kind), (scale * rng.normal(size=N)).astype(np.float32), N]


ADDED = element("cuda.atomic.add(out, 0, x[i])\n")
UPDATED: dict[str, Any] = {"outputs": (), "updates": (0,)}


def pairs() -> dict[str, list[str]]:
    """Compare kernels that differ in a way that is easily overlooked."""
    whole = small(1, np.int64)
    return {
        "an accumulator as output": problems(ADDED, ADDED),
        "an accumulator as update": problems(ADDED, ADDED, **UPDATED),
        "nothing added": problems(element("pass\n"), ADDED, **UPDATED),
        "small values as zeros": problems(
            element("out[i] = float32(0)\n"), element("out[i] = x[i]\n"), arguments=small(1e-7)
        ),
        "integers off by one": problems(
            element("out[i] = 20001\n"), element("out[i] = 20000\n"), arguments=whole
        ),
        "equal integers": problems(*[element("out[i] = 20000\n")] * 2, arguments=whole),
    }


def main() -> None:
    """Compare all, and see that fresh inputs come in every round."""
    found: dict[str, Any] = {name: problems(text) for name, text in KERNELS.items()}
    seen: list[float] = []

    def noted(rng: np.random.Generator) -> list[Any]:
        made = arguments(rng)
        seen.append(float(made[1][0]))
        return made

    kernel = gpu.load_text(REFERENCE)["k"]
    hardware.compare(kernel, kernel, hardware.Trial(2, 32, noted, (0,)), rounds=3)
    found |= pairs()
    found["uncalled"] = uncalled()
    found["different inputs"] = len(set(seen))
    found["canaries"] = [_canary(position) for position in (-1, 0, N - 1, N)]
    found["is available"] = hardware.is_available()
    sys.stdout.write(json.dumps(found))


def uncalled() -> list[str]:
    """Compile kernels that name functions which they do not call; return what ran on the host."""
    ran: list[str] = []
    vars(builtins)["ran"] = ran.append
    evil = "def evil(a=ran('a default')):\n    return a\n"
    named = element("k2 = 1\n        out[i] = x[i] + k2\n") + evil
    hardware.compiled(gpu.load_text(named)["k"], arguments(np.random.default_rng(0)))
    return ran


def _canary(position: int) -> bool:
    """Write at `position` of an array of N elements; return whether its canaries live."""
    buffer = hardware.Buffer(np.ones(N, np.float32))
    buffer.whole[64 + position] = 5
    held, whole = buffer.read()
    assert (5 in held) is whole
    return whole


if __name__ == "__main__":
    main()
