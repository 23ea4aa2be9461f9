"""A name that only some lanes have bound is no value for the others."""

import numpy as np
import pytest

from labkit import gpu

HEAD = "from numba import cuda, float32\n@cuda.jit\ndef k(out, x):\n    i = cuda.grid(1)\n"


def hazards(*body: str) -> list[tuple[str, int, int]]:
    source = HEAD + "".join(f"    {line}\n" for line in body)
    found = gpu.launch(gpu.load(source)["k"], 1, 32, np.zeros(32), np.arange(32.0)).hazards
    return [(hazard.kind, hazard.line - 4, hazard.count) for hazard in found]


READ = "uninitialized_read"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (["if i < 10:", "    v = x[i]", "out[i] = v"], [(READ, 3, 22)]),
        (["if i < 10:", "    pass", "else:", "    v = x[i]", "out[i] = v"], [(READ, 5, 10)]),
        (["for n in range(i):", "    v = x[n]", "out[i] = v"], [(READ, 3, 1)]),
        (["n = i", "while n > 20:", "    v = x[n]", "    n -= 1", "out[i] = v"], [(READ, 5, 21)]),
        (
            ["for n in range(3):", "    if i == n:", "        v = x[n]", "out[i] = v"],
            [(READ, 4, 29)],
        ),
        (
            ["for n in range(9):", "    if i == n:", "        break", "    v = x[n]", "out[i] = v"],
            [(READ, 5, 1)],
        ),
    ],
)
def test_lanes_that_have_not_bound_it_are_told(
    body: list[str], expected: list[tuple[str, int, int]]
) -> None:
    assert hazards(*body) == expected


@pytest.mark.parametrize(
    "body",
    [
        ["if i < 10:", "    v = x[i]", "else:", "    v = x[0]", "out[i] = v"],
        ["if i < 10:", "    v = x[i]", "if i < 5:", "    out[i] = v"],
        ["if i < 10:", "    v = x[i]", "if i >= 10:", "    v = x[0]", "out[i] = v"],
        ["if i >= 10:", "    return", "v = x[i]", "out[i] = v"],
        ["if i < 10:", "    v = x[i]", "v = x[0]", "out[i] = v"],
        ["for n in range(i + 1):", "    v = x[n]", "out[i] = v"],
        ["for n in range(3):", "    if n == 0:", "        v = x[i]", "    v += 1", "out[i] = v"],
        ["for n in range(4):", "    if i % 4 == n:", "        v = x[n]", "out[i] = v"],
        ["while True:", "    if i < 40:", "        v = x[i]", "        break", "out[i] = v"],
        ["for n in range(9):", "    v = x[n]", "    if i == n:", "        break", "out[i] = v"],
        [
            *("for n in range(9):", "    if i % 2:", "        continue", "    v = x[n]"),
            *("if i % 2 == 0:", "    out[i] = v"),
        ],
        ["if i < 10:", "    a, b = x[i], i", "    out[i] = a + b"],
    ],
)
def test_lanes_that_have_bound_it_may_read_it(body: list[str]) -> None:
    assert hazards(*body) == []


def test_the_value_of_those_who_have_it_is_theirs() -> None:
    source = HEAD + "    if i < 10:\n        v = i\n    if i < 20:\n        w = 1.5\n"
    source += "    if i < 10:\n        out[i] = v + w\n"
    out = np.zeros(32)
    assert gpu.launch(gpu.load(source)["k"], 1, 32, out, out.copy()).ok
    assert out.tolist() == [n + 1.5 for n in range(10)] + [0] * 22
