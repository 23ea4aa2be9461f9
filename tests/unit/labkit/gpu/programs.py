"""Generates programs of scalars, to be run as a kernel and as plain Python under Numba."""

from typing import Any

import numpy as np

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
CASTS = ("int32", "int64", "float32", "float64", "int", "float", "bool")
NARROW_CASTS = ("int8", "uint8", "int16", "uint16", "uint32", "uint64")
FUNCTIONS = ("sqrt", "exp", "log", "sin", "floor", "ceil", "trunc", "fabs", "tanh", "log1p")
LITERALS = ("1", "2", "-3", "0.5", "7")
NAMED = [*(name for name in CASTS if name[-1].isdigit()), *NARROW_CASTS]
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
        kind = self.rng.integers(10)
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
            return f"{self.pick(self.whole)} {shift} {self.pick(('0', '5', 'c', 'f', 'g'))}"
        if kind == 6:
            # Of the inputs only: what does not fit into an integer is undefined on a GPU.
            return f"{self.pick(CASTS)}({self.pick(list(INPUTS))})"
        if kind == 7:
            return f"{self.pick(NARROW_CASTS)}({self.pick(self.whole)})"
        if kind == 8:
            return f"math.{self.pick(FUNCTIONS)}(abs({self.pick(list(INPUTS))}))"
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


def function_of(head: str, body: list[str]) -> str:
    """Return the text of a function."""
    return f"def {head}:\n" + "".join(f"    {line}\n" for line in body)


def kernel_of(lines: list[str]) -> str:
    """Return the text of a kernel that writes each name of a program into an array."""
    names = [f"v{number}" for number in range(STATEMENTS)]
    parameters = ", ".join([*INPUTS, *(f"o{name}" for name in names)])
    body = [*lines, *(f"o{name}[0] = {name}" for name in names)]
    head = f"import math\nfrom numba import cuda, {', '.join(NAMED)}\n@cuda.jit\n"
    return head + function_of(f"program({parameters})", body)
