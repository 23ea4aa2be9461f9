"""Device functions: their arrays, their results, and names that could be two things."""

from typing import Any

import numpy as np
import pytest

from labkit import gpu

HEAD = "import math\nfrom numba import cuda, float32\n"
KERNEL = "@cuda.jit\ndef k(out, x, y):\n    i = cuda.threadIdx.x\n"
DEVICE = "@cuda.jit(device=True)\n"


def launch(body: str, device: str = "", block: int = 4) -> tuple[gpu.Report, Any]:
    out, x = np.full(block, -1, np.float32), np.arange(block, dtype=np.float32)
    kernel = gpu.load(HEAD + (DEVICE + device if device else "") + KERNEL + body)["k"]
    return gpu.launch(kernel, 1, block, out, x, x + 10), out


TOTAL = """def total(v):
    s = cuda.shared.array(32, float32)
    s[cuda.threadIdx.x] = v
    cuda.syncthreads()
    sum = float32(0)
    for n in range(32):
        sum += s[n]
    return sum
"""


def test_a_device_function_has_its_shared_arrays_once_however_often_it_is_called() -> None:
    called = "    a = total(x[i])\n    cuda.syncthreads()\n    out[i] = a + total(y[i])\n"
    report, out = launch(called, TOTAL, block=32)
    assert (report.ok, report.counters["shared_bytes_per_block"]) == (True, 128)
    assert (out == 2 * 496 + 320).all()


def test_a_second_call_races_with_the_readers_of_the_first() -> None:
    report, _ = launch("    out[i] = total(x[i]) + total(y[i])\n", TOTAL, block=64)
    assert "race" in {hazard.kind for hazard in report.hazards}


def test_what_one_call_has_written_the_next_one_reads() -> None:
    device = "def g(v, w):\n    s = cuda.shared.array(4, float32)\n    i = cuda.threadIdx.x\n"
    device += "    if w:\n        s[i] = v\n    return s[i]\n"
    report, out = launch("    a = g(x[i], True)\n    out[i] = a + g(y[i], False)\n", device)
    assert (report.ok, out.tolist()) == (True, [0, 2, 4, 6])


@pytest.mark.parametrize(
    ("device", "body"),
    [
        ("", "    if i % 2 == 0:\n        a = x\n    else:\n        a = y\n    out[i] = a[i]\n"),
        ("", "    a, b = x, y\n    for j in range(i):\n        a, b = b, a\n    out[i] = a[i]\n"),
        ("", "    a = x\n    if i > 1:\n        a = y\n    out[i] = a[i]\n"),
        (
            "def f(i, a, b):\n    if i > 1:\n        return a\n    return b\n",
            "    out[i] = f(i, x, y)[i]\n",
        ),
    ],
)
def test_a_name_is_one_array_for_all_threads(device: str, body: str) -> None:
    with pytest.raises(gpu.SubsetError, match="one array in some threads, another in others"):
        launch(body, device)


def test_arrays_may_change_places_where_all_threads_agree() -> None:
    body = "    a = x\n    b = y\n    for j in range(3):\n        a, b = b, a\n    out[i] = a[i]\n"
    report, out = launch(body)
    assert (report.ok, out.tolist()) == (True, [10, 11, 12, 13])


@pytest.mark.parametrize(
    ("body", "is_right"),
    [
        ("    if v > 1:\n        return v\n", False),
        ("    while v > 1:\n        return v\n", False),
        ("    if v > 1:\n        return v\n    else:\n        return -v\n", True),
        (
            "    while True:\n        if v > 5:\n            return v\n        v += float32(1)\n",
            True,
        ),
    ],
)
def test_a_result_comes_from_every_path_or_from_none(body: str, is_right: bool) -> None:
    device = f"def f(v):\n{body}"
    if is_right:
        assert launch("    out[i] = f(x[i])\n", device)[0].ok
        return
    with pytest.raises(gpu.SubsetError, match="returns a value on some paths only"):
        launch("    out[i] = f(x[i])\n", device)


@pytest.mark.parametrize(
    ("device", "body"),
    [
        ("def f(v):\n    return v\n", "    f = 1\n    out[i] = f\n"),
        ("def f(k):\n    return k\n", "    out[i] = f(x[i])\n"),
        ("", "    math = 1\n    out[i] = math\n"),
        ("", "    for cuda in range(3):\n        out[i] = 1\n"),
        ("", "    max = 1\n    out[i] = max(x[i], y[i])\n"),
        ("def sqrt(v):\n    return v\nfrom math import sqrt\n", "    out[i] = sqrt(x[i])\n"),
        ("def f(v):\n    return v\nf = 3\n", "    out[i] = f\n"),
    ],
)
def test_a_name_has_one_meaning(device: str, body: str) -> None:
    with pytest.raises(gpu.SubsetError, match=r"name|value here"):
        launch(body, device)


def test_the_same_import_twice_is_no_second_meaning() -> None:
    assert launch("    out[i] = math.sqrt(x[i])\n", "def f(v):\n    return v\nimport math\n")[0].ok


@pytest.mark.parametrize(
    "body",
    [
        "    a: int = out\n    a[i] = 1\n",
        "    a = out if x[0] < 1 else out\n    a[i] = 1\n",
        "    atomic.add(out, 0, 1)\n",
        "    out[i] = cuda.shfl_up_sync(0xffffffff, x[i], -40)\n",
        "    out[i] = cuda.shfl_down_sync(0xffffffff, x[i], -40)\n",
        "    if i > 3:\n        out[i] = 1\n" + "    elif i > 2:\n        out[i] = 1\n" * 500,
        "    out[i] = x" + ".a" * 900 + "\n",
        "    i, j = cuda.grid(2.0)\n",
        "    cuda.atomic.and_(out, 0, 1)\n",
        "    s = cuda.shared.array(4, float32, 7)\n",
        "    s = cuda.shared.array((0, 4), float32)\n",
        "    s = cuda.local.array(0, float32)\n",
    ],
)
def test_a_kernel_ends_in_a_report_or_in_an_error_with_a_line(body: str) -> None:
    kernel = gpu.load("from numba.cuda import atomic\n" + HEAD + KERNEL + body)["k"]
    arrays = [np.zeros(32, np.float32) for _ in range(3)]
    try:
        gpu.launch(kernel, 1, 32, *arrays)
    except gpu.SubsetError as error:
        assert str(error).startswith("kernel:")


@pytest.mark.parametrize(
    "value", ["X = " + "1 + " * 600 + "1", "X = -(1, 2)", "from numba import *"]
)
def test_a_file_ends_in_an_error_with_a_line(value: str) -> None:
    with pytest.raises(gpu.SubsetError, match="kernel:1: "):
        gpu.load(value + "\n")


def test_values_are_computed_before_the_index_as_in_python() -> None:
    device = "def g(c):\n    return cuda.atomic.add(c, 0, 1)\n"
    kernel = gpu.load(f"{HEAD}{DEVICE}{device}@cuda.jit\ndef k(out, c):\n    out[g(c)] = g(c)\n")[
        "k"
    ]
    out = np.full(2, -1)
    gpu.launch(kernel, 1, 1, out, np.zeros(1, np.int64))
    assert out.tolist() == [-1, 0]


def test_an_array_of_no_dimensions_has_no_length() -> None:
    kernel = gpu.load(f"{HEAD}@cuda.jit\ndef k(x):\n    n = len(x)\n")["k"]
    with pytest.raises(gpu.SubsetError, match="has no length"):
        gpu.launch(kernel, 1, 1, np.zeros(()))
