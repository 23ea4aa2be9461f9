"""Host code is interpreted: several launches, scratch memory between them, and nothing else."""

from typing import Any

import numba
import numpy as np
import pytest

from labkit import gpu
from labkit.gpu.report import added, traffic

SCAN = """
import math
import numpy as np
from numba import cuda, int64
from labkit.gpu import Launch, scratch

T = 8

@cuda.jit
def block_scan(out, sums, x, n):
    data = cuda.shared.array((2, T), int64)
    t, i = cuda.threadIdx.x, cuda.grid(1)
    data[0, t] = x[i] if i < n else 0
    here, step = 0, 1
    cuda.syncthreads()
    while step < T:
        there = 1 - here
        data[there, t] = data[here, t] + (data[here, t - step] if t >= step else 0)
        here = there
        step *= 2
        cuda.syncthreads()
    if i < n:
        out[i] = data[here, t]
    if t == T - 1:
        sums[cuda.blockIdx.x] = data[here, t]

@cuda.jit
def scan_sums(sums, count):
    if cuda.grid(1) == 0:
        total = 0
        for k in range(count):
            keep = sums[k]
            sums[k] = total
            total += keep

@cuda.jit
def add_sums(out, sums, n):
    i = cuda.grid(1)
    if i < n:
        out[i] += sums[cuda.blockIdx.x]

def blocks_of(n):
    return max(1, math.ceil(n / T))

def scan_launch(shapes):
    n = shapes["x"][0]
    blocks = blocks_of(n)
    sums = scratch(blocks, np.int64)
    return [
        Launch(block_scan, blocks, T, ("out", sums, "x", n)),
        Launch("scan_sums", 1, 1, (sums, blocks)),
        Launch(add_sums, blocks, T, ("out", sums, n)),
    ]
"""


@pytest.mark.parametrize("n", [1, 7, 8, 9, 100])
@pytest.mark.parametrize("order", [None, 3])
def test_a_scan_in_three_launches(n: int, order: int | None) -> None:
    x, out = np.arange(n) % 5, np.zeros(n, np.int64)
    reports = gpu.perform(gpu.load(SCAN), "scan", {"x": x, "out": out}, order=order)
    assert [report.kernel for report in reports] == ["block_scan", "scan_sums", "add_sums"]
    assert all(report.hazards == () for report in reports)
    np.testing.assert_array_equal(out, np.cumsum(x))


def launches(body: str, **values: Any) -> Any:
    head = "from numba import cuda\nfrom labkit.gpu import Launch, scratch\n"
    kernel = "@cuda.jit\ndef k(out):\n    out[cuda.grid(1)] = 1\n"
    source = f"{head}{kernel}def k_launch(shapes):\n{body}"
    return gpu.perform(gpu.load(source), "k", {"out": np.zeros(4), **values})


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("    return open('x')\n", "not in the course subset of host code: open"),
        ("    return ().__class__\n", "not in the course subset"),
        ("    while True:\n        pass\n", "takes more than"),
        ("    return 10 ** 10 ** 10\n", "too large"),
        ("    return [0] * 10 ** 9\n", "not in the course subset"),
        ("    return k_launch(shapes)\n", "cannot be called like this"),
        ("    return 1 // 0\n", "ZeroDivisionError"),
        ("    return shapes['y']\n", "KeyError"),
        ("    import os\n", "import os"),
        ("    return list(range(10 ** 9))\n", "too long"),
        ("    return (lambda: 0)()\n", "not in the course subset"),
        ("    return [*shapes]\n", "not in the course subset"),
        ("    return 1 if shapes is not None else 0\n", "not in the course subset"),
        ("    return sum([1, 2], start=10)\n", "not in the course subset"),
        ("    return k_launch(shapes=1)\n", "not in the course subset"),
        ("    return Launch(**shapes)\n", "not in the course subset"),
        ("    return 1 << -1\n", "ValueError"),
        ("    return 1 << 10 ** 9\n", "too far"),
        ("    x = 1\n    x //= 0\n", "ZeroDivisionError"),
        ("    x = 1\n    x += 'a'\n", "TypeError"),
        ("    a, b = 5\n", "TypeError"),
        ("    a, b = 1, 2, 3\n", "ValueError"),
        ("    for i in 5:\n        pass\n", "TypeError"),
        ("    return [n * n + n for n in range(90000)]\n", "takes more than"),
        ("    return [m for m in range(3) for n in range(3)]\n", "not in the course subset"),
    ],
)
def test_host_code_does_arithmetic_and_nothing_else(body: str, told: str) -> None:
    with pytest.raises(gpu.SubsetError, match=r"kernel:[0-9]+: ") as caught:
        launches(body)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("    return 1\n", "must return a list of Launch"),
        ("    return [Launch('q', 1, 4, ('out',))]\n", "there is no kernel q"),
        ("    return [Launch('k', 1, 4, ('in',))]\n", "there is no argument in"),
        ("    return [Launch('k', 1, 4, (scratch((1 << 40,), 'f4'),))]\n", "scratch of"),
        ("    return [Launch('k', 0, 4, ('out',))]\n", "at least 1"),
    ],
)
def test_launches_that_cannot_be_made(body: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        launches(body)


def test_a_number_that_no_kernel_holds_is_told() -> None:
    with pytest.raises(TypeError, match="does not fit"):
        launches("    return [Launch('k', 1, 4, (2 ** 70,))]\n")


def test_numbers_reach_the_host_code() -> None:
    (report,) = launches("    return [Launch(k, shapes['blocks'], 2, ('out',))]\n", blocks=2)
    assert report.grid == (2, 1, 1)
    assert report.ok


def test_a_grid_of_fractions_is_told() -> None:
    with pytest.raises(TypeError, match="divide with //"):
        launches("    return [Launch(k, 10 / 4, 2, ('out',))]\n")


def test_a_stub_of_host_code_says_its_line() -> None:
    with pytest.raises(gpu.Unwritten, match="about 3 lines") as stub:
        launches("    raise NotImplementedError('about 3 lines')\n")
    assert stub.value.line == 7


def test_a_prediction_is_interpreted() -> None:
    kernels = gpu.load("def predict(n):\n    return {'barriers': 2 * n}\n")
    assert gpu.interpret(kernels, "predict", 3) == {"barriers": 6}
    with pytest.raises(gpu.SubsetError, match="no function roofline"):
        gpu.interpret(kernels, "roofline")


def test_counters_of_several_launches_add_up() -> None:
    values = {"x": np.arange(20), "out": np.zeros(20, np.int64)}
    reports = gpu.perform(gpu.load(SCAN), "scan", values)
    both = added(reports)
    for name in ("global_load_sectors", "barriers", "global_bytes_compulsory"):
        assert both[name] == sum(report.counters[name] for report in reports) > 0
    assert both["shared_bytes_per_block"] == 2 * 8 * 8
    slots = 32 * both["instructions"]
    assert both["lane_efficiency"] == pytest.approx(both["thread_instructions"] / slots)
    nothing = added([])
    assert set(nothing) == set(both)
    assert (nothing["flops"], nothing["lane_efficiency"]) == (0, 1)


def test_lists_may_be_built_as_python_builds_them() -> None:
    source = (
        "def f(n):\n    odd = [2 * k + 1 for k in range(n) if k != 1]\n    return [0, *odd, n]\n"
    )
    assert gpu.interpret(gpu.load(source), "f", 3) == [0, 1, 5, 3]
    with pytest.raises(gpu.SubsetError, match="constant"):  # k is gone
        gpu.interpret(gpu.load(source.replace("n]", "k]")), "f", 3)


def test_scratch_takes_numbas_types_where_host_code_runs_as_python() -> None:
    assert gpu.scratch(3, numba.int64).dtype == np.int64


def test_traffic_is_told_by_the_callers_names() -> None:
    values = {"x": np.arange(20), "out": np.zeros(20, np.int64)}
    reports = gpu.perform(gpu.load(SCAN), "scan", values)
    assert list(reports[0].traffic) == ["out", "scratch", "x"]
    told = traffic(reports)
    assert told["x"] == {
        **{"load_requests": 3, "load_sectors": 2 + 2 + 1, "load_elements": 20},
        **{"store_requests": 0, "store_sectors": 0, "store_elements": 0, "atomic_elements": 0},
    }
    assert (told["out"]["store_elements"], told["out"]["load_elements"]) == (40, 20)
    assert told["scratch"]["store_elements"] == 3 + 3


def test_an_array_that_is_two_arguments_has_the_traffic_of_both() -> None:
    source = "from numba import cuda\nfrom labkit.gpu import Launch\n@cuda.jit\ndef k(a, b):\n"
    source += "    i = cuda.grid(1)\n    a[i] = b[i]\n    cuda.atomic.add(a, i, 1)\n"
    source += "def k_launch(shapes):\n    return [Launch(k, 1, 8, ('x', 'x'))]\n"
    (report,) = gpu.perform(gpu.load(source), "k", {"x": np.zeros(8)})
    assert report.traffic["x"]["load_elements"] == report.traffic["x"]["store_elements"] == 8
    assert report.traffic["x"]["atomic_elements"] == 8
