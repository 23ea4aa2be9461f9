"""Constants cost nothing, keep their types, and are no reason for a warning."""

import math
from typing import Any

import numpy as np
import pytest
from numba import cuda, float32

from labkit import gpu
from labkit.gpu.kernel import Kernel
from labkit.gpu.typed import ArrayType

HEAD = "import math\nfrom numba import cuda, float32, int32\n"
ARRAY = ArrayType(np.dtype("f4"), 1, "global")


def report(*body: str, before: str = "") -> gpu.Report:
    source = f"{HEAD}{before}@cuda.jit\ndef k(out, x, n):\n    i = cuda.grid(1)\n"
    kernel = gpu.load(source + "".join(f"    {line}\n" for line in body))["k"]
    return gpu.launch(kernel, 1, 32, np.zeros(32, "f4"), np.arange(32, dtype="f4") - 9, 7)


@pytest.mark.parametrize(
    "value",
    [
        "x[i] * float32(1 / math.sqrt(2))",
        "float32(2) * float32(3) * x[i]",
        "float32(1) if x[i] > 0 else x[i]",
        "float32(1) if -0.5 <= x[i] < 1e3 else x[i]",
        "max(x[i], float32(0))",
        "float32(math.pi / 2 - 1) + x[i]",
        "math.exp(x[i]) * float32(math.exp(1))",
    ],
)
def test_what_is_float32_for_a_compiler_is_no_float64(value: str) -> None:
    found = report(f"out[i] = {value}")
    assert found.hazards == ()
    assert found.counters["instructions_fp64"] == 0


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ("max(x[i], 0)", "float32 with the literal 0"),
        ("x[i] * 0.5", "float32 with the literal 0.5"),
        ("1 if x[i] > 0.1 else 0", "float32 with the literal 0.1"),
        ("1 if x[i] < n else 0", "float32 with int64"),
        ("math.pow(x[i], 2.0)", "float32 with the literal 2.0"),
        ("math.sqrt(n)", "math of int64"),
        ("n / 3", "int64 with the literal 3"),
    ],
)
def test_what_is_float64_by_accident_is_told(value: str, why: str) -> None:
    assert why in report(f"out[i] = {value}").hazards[0].message


def test_a_cast_of_a_constant_is_no_instruction() -> None:
    for value, instructions in {"0": 0, "x[i]": 0, "n": 1}.items():
        counts = report(f"out[i] = float32({value})").counters
        assert (counts["instructions_fp32"], counts["flops"]) == (instructions, 0)


@pytest.mark.parametrize(
    ("expression", "kind", "value"),
    [
        ("float32(2) * float32(3)", "f4", 6),
        ("int32(5) + int32(6)", "i8", 11),
        ("int32(3000000000)", "i4", 3000000000 - 2**32),
        ("1 / 4", "f8", 0.25),
        ("7 // 2 - 0.5", "f8", 2.5),
        ("math.sqrt(2) * 2", "f8", 2 * math.sqrt(2)),
        ("float32(0.1)", "f4", np.float32(0.1)),
        ("int32(-math.inf)", "i4", -(2**31)),
        ("math.log(0.0)", "f8", -math.inf),
        ("NARROW + NARROW", "f4", -3),
        ("FIRST + SECOND", "i8", 3),
    ],
)
def test_folded_constants_have_their_type_and_value(expression: str, kind: str, value: Any) -> None:
    before = "NARROW = float32(-1.5)\nFIRST, SECOND = 1, 2\n"
    source = f"{HEAD}{before}@cuda.jit\ndef k(out):\n    v = {expression}\n    out[0] = v\n"
    loaded = gpu.load(source)
    compiled = Kernel(loaded.module, "k", [ArrayType(np.dtype("f8"), 1, "global")])
    assert compiled.types["v"] == np.dtype(kind)
    out = np.zeros(1)
    gpu.launch(loaded["k"], 1, 1, out)
    assert out[0] == value


@pytest.mark.parametrize("constant", ["float32('a')", "open('x')", "float32(1)(2)", "len((1,))"])
def test_a_constant_is_no_other_call(constant: str) -> None:
    with pytest.raises(gpu.SubsetError, match="kernel:3: "):
        report("pass", before=f"X = {constant}\n")


def test_a_tuple_of_constants_needs_as_many_names() -> None:
    with pytest.raises(gpu.SubsetError, match="2 constants are needed here"):
        report("pass", before="A, B = 1, 2, 3\n")


HALF = float32(0.5)


@cuda.jit
def halved(out):
    v = out[0] * HALF
    out[0] = v * v


def test_a_typed_constant_around_a_jitted_function_keeps_its_type() -> None:
    found = gpu.launch(halved, 1, 1, np.ones(1, np.float32))
    assert (found.hazards, found.counters["instructions_fp64"]) == ((), 0)


def test_naming_float64_in_one_kernel_excuses_no_other() -> None:
    other = "@cuda.jit\ndef wide(out):\n    out[0] = float(1)\n"
    assert report("out[i] = x[i] * 0.5", before=other).hazards
    helper = "@cuda.jit(device=True)\ndef f(v):\n    return float(v * 0.5)\n"
    assert not report("out[i] = f(x[i])", before=helper).hazards
