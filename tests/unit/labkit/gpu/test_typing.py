"""The types and values of scalar code are Numba's: generated programs under both."""

import math
import operator
from itertools import product
from typing import Any

import numba
import numpy as np
import pytest
from numba import njit
from numba.core.registry import cpu_target

from labkit import gpu
from labkit.gpu import scalars
from labkit.gpu.kernel import Kernel
from labkit.gpu.typed import ArrayType
from tests.unit.labkit.gpu.programs import (
    INPUTS,
    NAMED,
    STATEMENTS,
    Programs,
    function_of,
    kernel_of,
)


@pytest.mark.parametrize("seed", range(10))
def test_generated_programs_have_numbas_types_and_values(seed: int) -> None:
    lines = Programs(seed).lines()
    names = [f"v{number}" for number in range(STATEMENTS)]
    plain = function_of(f"program({', '.join(INPUTS)})", [*lines, f"return ({', '.join(names)},)"])
    space: dict[str, Any] = {"math": math, **{name: getattr(numba, name) for name in NAMED}}
    exec(plain, space)
    compiled = njit(space["program"], error_model="numpy")
    wanted = compiled(*INPUTS.values())
    kinds = [np.dtype(str(kind)) for kind in compiled.nopython_signatures[0].return_type.types]

    outputs = [np.zeros(1, kind) for kind in kinds]
    source = kernel_of(lines)
    kernel = gpu.load(source)["program"]
    given = [value.dtype for value in INPUTS.values()]
    arrays = [ArrayType(kind, 1, "global") for kind in kinds]
    types = Kernel(kernel.module, "program", [*given, *arrays]).types
    assert {name: types[name] for name in names} == dict(zip(names, kinds, strict=True)), source

    assert gpu.launch(kernel, 1, 1, *INPUTS.values(), *outputs).ok
    for name, kind, output, value in zip(names, kinds, outputs, wanted, strict=True):
        rtol = 2e-6 if kind.kind == "f" else 0  # a float64 may be made of float32
        np.testing.assert_allclose(output[0], value, rtol=rtol, err_msg=f"{name} in\n{source}")


KINDS = [np.dtype(f"{kind}{size}") for kind in "iu" for size in (1, 2, 4, 8)]
KINDS += [np.dtype(name) for name in ("b1", "f4", "f8")]
OPERATORS = {
    "Add": operator.add,
    "Div": operator.truediv,
    "FloorDiv": operator.floordiv,
    "Mod": operator.mod,
    "Pow": operator.pow,
    "BitAnd": operator.and_,
    "LShift": operator.lshift,
}


def _numbas(function: Any, *kinds: np.dtype[Any]) -> Any:
    """Return the signature that Numba takes for `kinds`, or None."""
    try:
        given = tuple(map(numba.from_dtype, kinds))
        return cpu_target.typing_context.resolve_function_type(function, given, {})
    except numba.TypingError:
        return None


@pytest.mark.parametrize("name", OPERATORS)
def test_every_pair_of_types_meets_as_in_numba(name: str) -> None:
    cpu_target.typing_context.refresh()
    for left, right in product(KINDS, KINDS):
        if (name, left, right) == ("Pow", np.bool_, np.int32):
            continue  # a float32, which no one writes
        found, ours = _numbas(OPERATORS[name], left, right), scalars.binary(name, left, right)
        wanted = None if found is None else np.dtype(str(found.return_type))
        assert (ours and ours[1]) == wanted, (left, right)


def test_every_pair_of_types_is_compared_and_unified_as_in_numba() -> None:
    context = cpu_target.typing_context
    context.refresh()
    for left, right in product(KINDS, KINDS):
        if (ours := scalars.compared(left, right)) is not None:
            assert ours == np.dtype(str(_numbas(operator.lt, left, right).args[0])), (left, right)
        unified = context.unify_types(numba.from_dtype(left), numba.from_dtype(right))
        assert scalars.unify(left, right) == np.dtype(str(unified)), (left, right)


VALUES = dict(zip(KINDS, (-128, -3, -7, 9, 3, 5, 7, 11, True, 1.5, 2.5), strict=True))
OF_ONE = ("int(x)", "float(x)", "bool(x)", "abs(x)", "-x", "+x", "round(x)")


@pytest.mark.parametrize("expression", OF_ONE)
def test_functions_of_one_number_are_numbas(expression: str) -> None:
    space: dict[str, Any] = {}
    exec(f"def f(x):\n    return {expression}\n", space)
    compiled = njit(space["f"])
    for kind, value in VALUES.items():
        if (expression, kind) == ("float(x)", np.bool_):
            continue  # Numba has none
        given = kind.type(value)
        wanted = compiled(given)
        returned = np.dtype(str(compiled.nopython_signatures[-1].return_type))
        assert _type_of(expression, kind) == returned, kind
        out = np.zeros(1, returned)
        source = f"from numba import cuda\n@cuda.jit\ndef k(out, x):\n    out[0] = {expression}\n"
        gpu.launch(gpu.load(source)["k"], 1, 1, out, given)
        assert out[0] == wanted, kind


def test_a_float32_and_a_literal_integer_meet_in_float64() -> None:
    assert _type_of("x + 1") == np.float64
    assert _type_of("x * x") == np.float32
    assert _type_of("x ** 2") == np.float32


def _type_of(expression: str, kind: Any = np.float32) -> Any:
    source = f"from numba import cuda\n@cuda.jit\ndef k(x):\n    v = {expression}\n"
    module = gpu.load(source).module
    return Kernel(module, "k", [np.dtype(kind)]).types["v"]
