"""What is outside the course subset is told by file and line; nothing of a module is executed."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from labkit import gpu

HEAD = "from numba import cuda, float32\n@cuda.jit\ndef k(out):\n"


def launch(*body: str, before: str = "") -> None:
    source = before + HEAD + "".join(f"    {line}\n" for line in body)
    gpu.launch(gpu.load(source)["k"], 1, 32, np.zeros(32, np.float32))


@pytest.mark.parametrize(
    ("body", "line", "told"),
    [
        (["open('/etc/passwd')"], 4, "a call of open"),
        (["pass", "out[0] = __import__('os')"], 5, "a call of __import__"),
        (["out[0] = out.__class__"], 4, ".__class__"),
        (["x = [1, 2]"], 4, "list"),
        (["x = lambda: 0"], 4, "lambda"),
        (["try:", "    pass", "except Exception:", "    pass"], 4, "try"),
        (["import os"], 4, "import"),
        (["for i in out:", "    pass"], 4, "for i in range"),
        (["out[0:4] = 1"], 4, "a slice, use an index for each element"),
        (["out[0] = 'a'"], 4, "the constant 'a'"),
        (["out[0, 1] = 1"], 4, "2 indices for an array of 1 dimensions"),
        (["out[0.5] = 1"], 4, "an index must be an integer"),
        (["out[0] = nothing"], 4, "nothing has no value here"),
        (["n = cuda.grid(1)", "s = cuda.shared.array(n, float32)"], 5, "must be constant"),
        (["return 1"], 4, "a kernel returns nothing"),
        (["break"], 4, "break outside a loop"),
        (["n = len()"], 4, "len takes 1 argument"),
        (["print(1)"], 4, "a call of print"),
        (["cuda.nanosleep(1)"], 4, "a call of numba.cuda.nanosleep"),
        (["while True:", "    pass", "else:", "    pass"], 4, "else of a loop"),
        (["x = 1 if out[0] > 0 else out"], 4, "a number is needed here"),
    ],
)
def test_what_is_outside_the_subset(body: list[str], line: int, told: str) -> None:
    with pytest.raises(gpu.SubsetError, match=f"kernel:{line}: .*") as caught:
        launch(*body)
    assert told in str(caught.value)


@pytest.mark.parametrize(
    "top",
    ["import os\n", "from os import path\n", "print(1)\n", "X = open('f')\n", "class A: pass\n"],
)
def test_a_module_holds_functions_and_constants_only(top: str) -> None:
    with pytest.raises(gpu.SubsetError, match="kernel:1: not in the course subset"):
        launch("pass", before=top)


@pytest.mark.parametrize(
    "source",
    [
        "def k(:\n",
        "x = " + "(" * 10**6 + ")" * 10**6,
        "x = " + "-" * 50_000 + "1",
        "\0",
        "a" * 10**6,
    ],
)
def test_what_is_no_python_or_nested_too_deeply(source: str) -> None:
    with pytest.raises(gpu.SubsetError):
        gpu.load(source)


def test_deep_nesting_inside_a_kernel() -> None:
    for depth in (200, 800, 5_000):
        with pytest.raises(gpu.SubsetError):
            launch("out[0] = " + "-" * depth + "out[0]")
        with pytest.raises(gpu.SubsetError):
            launch("out[0] = " + " + ".join(["out[0]"] * depth))


def test_an_untouched_stub_says_so() -> None:
    with pytest.raises(NotImplementedError, match="about 4 lines"):
        launch("raise NotImplementedError('about 4 lines')")
    with pytest.raises(gpu.SubsetError, match="not in the course subset: raise"):
        launch("raise ValueError")


def test_recursion_is_refused() -> None:
    before = "from numba import cuda\n@cuda.jit(device=True)\ndef f(x):\n    return f(x)\n"
    with pytest.raises(gpu.SubsetError, match="recursion"):
        launch("out[0] = f(out[0])", before=before)


def test_constants_that_cannot_be_computed() -> None:
    for constant in ("1 // 0", "2 * 'a'", "10 * 10 * " * 40 + "10"):
        with pytest.raises(gpu.SubsetError, match="kernel:1: "):
            launch("pass", before=f"X = {constant}\n")


def test_nothing_of_the_module_is_executed(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    source = HEAD.replace("def k(out)", f"def k(out: print(file=open({str(trace)!r}, 'w')))")
    gpu.launch(gpu.load(source + "    pass\n")["k"], 1, 32, np.zeros(32))
    assert not trace.exists()


@pytest.mark.parametrize("value", ["text", None, np.zeros(3, complex), np.array(["a"])])
def test_arguments_that_no_kernel_can_take(value: Any) -> None:
    with pytest.raises(TypeError, match="cannot be handed to a kernel"):
        gpu.launch(gpu.load(HEAD + "    pass\n")["k"], 1, 32, value)


def test_a_jitted_function_is_launched_as_it_stands() -> None:
    from tests.unit.labkit.gpu.kernels import blocks, mapping

    out, x = np.zeros(64, np.float32), np.arange(64, dtype=np.float32)
    assert gpu.launch(blocks.reverse, 2, 32, out, x).ok
    np.testing.assert_array_equal(out, x.reshape(2, 32)[:, ::-1].ravel())
    report = gpu.launch(mapping.device_functions, 2, 32, out, x)
    assert report.hazards == ()
    assert out[3] == 1 + 2


def test_arrays_that_share_memory_share_their_races() -> None:
    source = (
        "from numba import cuda\n@cuda.jit\ndef k(a, b):\n    i = cuda.grid(1)\n    a[i] = b[i]\n"
    )
    whole = np.arange(65, dtype=np.float32)
    report = gpu.launch(gpu.load(source)["k"], 1, 64, whole[1:], whole[:-1])
    assert [hazard.kind for hazard in report.hazards] == ["race"]


def test_one_memory_under_two_dtypes_is_refused() -> None:
    source = "from numba import cuda\n@cuda.jit\ndef k(a, b):\n    a[0] = b[0]\n"
    whole = np.zeros(8, np.float32)
    with pytest.raises(TypeError, match="shares its memory"):
        gpu.launch(gpu.load(source)["k"], 1, 1, whole, whole.view(np.int16))
