"""What lanes of a warp do together, which Numba's simulator has not: against NumPy."""

from typing import Any

import numpy as np
import pytest

from labkit import gpu


def lanes(*body: str, kind: Any = np.int64, block: int = 64, setup: str = "") -> Any:
    """Run `body`, which binds v, and return v of each thread; x is 0, 1, 4 and so on."""
    text = "".join(f"    {line}\n" for line in body)
    source = (
        f"from numba import cuda, float32, int32\nimport math\n{setup}@cuda.jit\ndef k(out, x):\n"
    )
    source += f"    i = cuda.grid(1)\n{text}    out[i] = v\n"
    out, x = np.zeros(block, kind), np.arange(block) ** 2
    report = gpu.launch(gpu.load(source)["k"], 1, block, out, x)
    assert report.hazards == (), report.hazards
    return out


ROW = np.arange(64) % 32
SQUARES = np.arange(64) ** 2


@pytest.mark.parametrize(
    ("call", "source"),
    [
        ("shfl_sync(0xffffffff, x[i], 5)", np.arange(64) // 32 * 32 + 5),
        ("shfl_sync(0xffffffff, x[i], 31 - i % 32)", np.arange(64) // 32 * 32 + 31 - ROW),
        ("shfl_up_sync(0xffffffff, x[i], 3)", np.where(ROW < 3, np.arange(64), np.arange(64) - 3)),
        (
            "shfl_down_sync(0xffffffff, x[i], 8)",
            np.where(ROW > 23, np.arange(64), np.arange(64) + 8),
        ),
        ("shfl_xor_sync(0xffffffff, x[i], 1)", np.arange(64) ^ 1),
    ],
)
def test_shuffles(call: str, source: Any) -> None:
    np.testing.assert_array_equal(lanes(f"v = cuda.{call}"), SQUARES[source])


def test_a_warp_adds_up_by_shuffles() -> None:
    body = ["v = x[i]"]
    body += [f"v += cuda.shfl_xor_sync(0xffffffff, v, {far})" for far in (16, 8, 4, 2, 1)]
    np.testing.assert_array_equal(
        lanes(*body), np.repeat([sum(SQUARES[:32]), sum(SQUARES[32:])], 32)
    )


def test_votes() -> None:
    assert set(lanes("v = 1 if cuda.any_sync(0xffffffff, i == 3) else 0")[:32]) == {1}
    assert set(lanes("v = 1 if cuda.any_sync(0xffffffff, i == 3) else 0")[32:]) == {0}
    assert set(lanes("v = 1 if cuda.all_sync(0xffffffff, i < 32) else 0")[:32]) == {1}
    assert set(lanes("v = cuda.ballot_sync(0xffffffff, i % 32 < 4)")) == {0b1111}
    assert set(lanes("v = cuda.activemask()")) == {0xFFFFFFFF}


def test_places_in_the_warp() -> None:
    np.testing.assert_array_equal(lanes("v = cuda.laneid + cuda.warpsize * 100"), ROW + 3200)


@pytest.mark.parametrize(
    ("call", "wanted"),
    [
        ("popc(i)", [bin(i).count("1") for i in range(64)]),
        ("clz(int32(i))", [32 - i.bit_length() for i in range(64)]),
        ("clz(i)", [64 - i.bit_length() for i in range(64)]),
        ("ffs(int32(i))", [(i & -i).bit_length() for i in range(64)]),
    ],
)
def test_bits(call: str, wanted: list[int]) -> None:
    np.testing.assert_array_equal(lanes(f"v = cuda.{call}"), wanted)


def test_fma_rounds_once() -> None:
    body = ["a = float32(1) + float32(2) ** -12", "v = cuda.fma(a, a, float32(-1))"]
    exact = (1 + 2.0**-12) ** 2 - 1
    assert set(lanes(*body, kind=np.float32)) == {np.float32(exact)}
    twice = ["a = float32(1) + float32(2) ** -12", "v = a * a + float32(-1)"]
    assert set(lanes(*twice, kind=np.float32)) != {np.float32(exact)}


def test_compare_and_swap_and_exchange_find_what_was_there() -> None:
    body = ["v = cuda.atomic.cas(x, 0, 0, i + 100)", "cuda.syncthreads()"]
    np.testing.assert_array_equal(lanes(*body), [0] + [100] * 63)
    np.testing.assert_array_equal(lanes("v = cuda.atomic.exch(x, 0, i)"), [0, *range(63)])


def test_two_shared_arrays_on_one_line_are_two() -> None:
    # Numba's simulator gives both the same memory.
    body = [
        "a, b = cuda.shared.array(64, int32), cuda.shared.array(64, int32)",
        "a[i] = i",
        "b[i] = -i",
        "cuda.syncthreads()",
        "v = a[63 - i] + 1000 * b[i]",
    ]
    np.testing.assert_array_equal(lanes(*body), 63 - np.arange(64) - 1000 * np.arange(64))


def test_atomics_are_served_by_block_then_thread() -> None:
    source = "from numba import cuda\n@cuda.jit\ndef k(out, counter):\n"
    source += "    out[cuda.grid(1)] = cuda.atomic.add(counter, 0, 1)\n"
    out = np.zeros(128, np.int64)
    gpu.launch(gpu.load(source)["k"], 4, 32, out, np.zeros(1, np.int64))
    np.testing.assert_array_equal(out, np.arange(128))


def test_an_index_is_computed_once_in_an_augmented_assignment() -> None:
    source = "from numba import cuda\n@cuda.jit\ndef k(out, counter):\n"
    source += "    out[cuda.atomic.add(counter, 0, 1)] += 5\n"
    out, counter = np.zeros(32, np.int64), np.zeros(1, np.int64)
    assert gpu.launch(gpu.load(source)["k"], 1, 32, out, counter).ok
    assert (set(out), counter[0]) == ({5}, 32)
