"""The types and values of scalar code are Numba's: generated programs under both."""

from typing import Any

import numpy as np
import pytest
from numba import njit

from labkit import gpu
from labkit.gpu.kernel import Kernel
from labkit.gpu.typed import ArrayType

INPUTS = {
    "a": np.int32(-7),
    "b": np.int64(13),
    "c": np.uint32(5),
    "d": np.float32(1.375),
    "e": np.float64(-2.71828),
    "f": np.uint8(3),
    "g": np.uint64(11),
}
ARITHMETIC = ("+", "-", "*")
DIVISIONS = ("/", "//", "%")
BITS = ("&", "|", "^")
LITERALS = ("1", "2", "-3", "0.5", "7")
STATEMENTS = 14


class Programs:
    """Makes programs of assignments, branches and loops over the inputs."""

    def __init__(self, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.names = list(INPUTS)
        self.whole = ["a", "b", "c", "f", "g"]

    def pick(self, choices: Any) -> str:
        return str(choices[self.rng.integers(len(choices))])

    def expression(self) -> str:
        kind = self.rng.integers(7)
        left = self.pick(self.names)
        if kind <= 1:
            return f"{left} {self.pick(ARITHMETIC)} {self.pick([*self.names, *LITERALS])}"
        if kind == 2:
            # Never zero: dividing by that is undefined on a GPU.
            return f"{left} {self.pick(DIVISIONS)} {self.pick([*INPUTS, *LITERALS])}"
        if kind == 3:
            return f"{self.pick(self.whole)} {self.pick(BITS)} {self.pick(self.whole)}"
        if kind == 4:
            return f"{left} if {self.pick(self.names)} < {self.pick(self.names)} else d"
        if kind == 5:
            shift = self.pick(("<<", ">>"))
            return f"{self.pick(self.whole)} {shift} {self.rng.integers(6)}"
        return self.pick((f"-{left}", f"abs({left})", f"{left} ** 2", f"max({left}, d)"))

    def lines(self) -> list[str]:
        made = []
        for number in range(STATEMENTS):
            name = f"v{number}"
            shape = self.rng.integers(4)
            if shape == 0:
                made += [f"{name} = 0", "for _ in range(3):", f"    {name} += {self.expression()}"]
            elif shape == 1:
                test = f"if {self.pick(self.names)} > {self.pick(self.names)}:"
                made += [test, f"    {name} = {self.expression()}"]
                made += ["else:", f"    {name} = {self.expression()}"]
            else:
                made.append(f"{name} = {self.expression()}")
            self.names.append(name)
        return made


@pytest.mark.parametrize("seed", range(8))
def test_generated_programs_have_numbas_types_and_values(seed: int) -> None:
    lines = Programs(seed).lines()
    names = [f"v{number}" for number in range(STATEMENTS)]
    plain = _function(f"program({', '.join(INPUTS)})", [*lines, f"return ({', '.join(names)},)"])
    space: dict[str, Any] = {}
    exec(plain, space)
    compiled = njit(space["program"], error_model="numpy")
    wanted = compiled(*INPUTS.values())
    kinds = [np.dtype(str(kind)) for kind in compiled.nopython_signatures[0].return_type.types]

    outputs = [np.zeros(1, kind) for kind in kinds]
    parameters = ", ".join([*INPUTS, *(f"o{name}" for name in names)])
    body = [*lines, *(f"o{name}[0] = {name}" for name in names)]
    source = "from numba import cuda\n@cuda.jit\n" + _function(f"program({parameters})", body)
    kernel = gpu.load(source)["program"]
    given = [value.dtype for value in INPUTS.values()]
    arrays = [ArrayType(kind, 1, "global") for kind in kinds]
    types = Kernel(kernel.module, "program", [*given, *arrays]).types
    assert {name: types[name] for name in names} == dict(zip(names, kinds, strict=True)), source

    assert gpu.launch(kernel, 1, 1, *INPUTS.values(), *outputs).ok
    for name, kind, output, value in zip(names, kinds, outputs, wanted, strict=True):
        rtol = 2e-6 if kind == np.float32 else 1e-12
        np.testing.assert_allclose(output[0], value, rtol=rtol, err_msg=f"{name} in\n{source}")


def _function(head: str, body: list[str]) -> str:
    return f"def {head}:\n" + "".join(f"    {line}\n" for line in body)


def test_a_float32_and_a_literal_integer_meet_in_float64() -> None:
    assert _type_of("x + 1") == np.float64
    assert _type_of("x * x") == np.float32
    assert _type_of("x ** 2") == np.float32


def _type_of(expression: str) -> Any:
    source = f"from numba import cuda\n@cuda.jit\ndef k(x):\n    v = {expression}\n"
    module = gpu.load(source).module
    return Kernel(module, "k", [np.dtype("f4")]).types["v"]
