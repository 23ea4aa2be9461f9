"""A vector machine: runs programs of fused kernels over matrices, and counts what they cost.

A *graph* says what to compute, node by node; a *program* says how: kernels, each one pass over the
rows of its buffers. Programs are plain data: whoever receives one runs it and counts for himself.
Inputs are float64 matrices of one shape (rows, columns); a reduction makes a value of shape
(rows, 1), which broadcasts. Division by 0 and the like follow IEEE 754, in silence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
BINARY = {"add": np.add, "sub": np.subtract, "mul": np.multiply}
BINARY |= {"div": np.divide, "max": np.maximum}
UNARY = {"neg": np.negative, "exp": np.exp, "log": np.log, "tanh": np.tanh, "sqrt": np.sqrt}
REDUCTIONS = {"row_sum": np.sum, "row_max": np.max}  # (rows, columns) -> (rows, 1)
COMMUTATIVE = frozenset({"add", "mul", "max"})
MAX_PARTS = 10_000  # kernels, loads, steps, stores and outputs of a program that was received
_FUNCTIONS: Mapping[str, Any] = {**BINARY, **UNARY, **REDUCTIONS}


class ProgramError(ValueError):
    """A program, or a graph, that means nothing; says why."""


@dataclass(frozen=True)
class Node:
    """One value of a graph: ``op`` of earlier nodes, by number; or an input of the graph."""

    op: str  # "input", or a key of BINARY, UNARY, REDUCTIONS
    args: tuple[int, ...] = ()


@dataclass(frozen=True)
class Graph:
    """What to compute. The inputs come first, in order."""

    nodes: tuple[Node, ...]
    outputs: tuple[int, ...]  # nodes; inputs and repetitions are allowed


class Step(Node):
    """One operation of a kernel, on registers: those loaded come first, then one for each step."""


@dataclass(frozen=True)
class Kernel:
    """One pass: load buffers into registers, compute, store registers into buffers.

    Rows pass in any order. So a reduction is complete when the pass is: no step of the same kernel
    may use it. A buffer that the kernel loads, or has stored into, may not be stored into.
    """

    loads: tuple[int, ...]  # buffers
    steps: tuple[Step, ...]
    stores: tuple[tuple[int, int], ...]  # (register, buffer)


@dataclass(frozen=True)
class Program:
    """How to compute it. Buffers 0, 1, … hold the inputs and are never stored into."""

    kernels: tuple[Kernel, ...]
    outputs: tuple[int, ...]  # buffers


@dataclass(frozen=True)
class Counters:
    """What a run cost."""

    kernels: int  # passes over memory
    moved: int  # elements loaded and stored
    operations: int  # elements computed
    scratch: int  # elements of the buffers that are not inputs, each at its largest


def to_plain(program: Program) -> dict[str, Any]:
    """Return `program` as dictionaries, sequences, strings and ints."""
    return asdict(program)


def from_plain(plain: Any) -> Program:
    """Return the program in `plain`. Raises ProgramError if it is none, or above `MAX_PARTS`."""
    try:
        program = Program(tuple(map(_kernel, plain["kernels"])), _numbers(plain["outputs"]))
    except (TypeError, LookupError, ValueError) as error:
        raise ProgramError(f"this is no program: {error}") from None
    parts = sum(1 + len(k.loads) + len(k.steps) + len(k.stores) for k in program.kernels)
    if parts + len(program.outputs) > MAX_PARTS:
        raise ProgramError(f"this program has more than {MAX_PARTS} parts")
    return program


def run(program: Program, inputs: Sequence[Matrix]) -> tuple[list[Matrix], Counters]:
    """Return the outputs of `program` on `inputs`, and what they cost.

    Raises ProgramError if it loads what was never stored, uses a reduction too early, or the like;
    ValueError if the inputs are not float64 matrices of one shape, with columns.
    """
    _refuse_unlike(inputs)
    buffers, sizes, moved, operations = dict(enumerate(inputs)), dict[int, int](), 0, 0
    for kernel in program.kernels:
        loaded = [_at(buffers, i, "buffer") for i in kernel.loads]
        computed = _computed(kernel.steps, loaded)
        stored = _stored(kernel, loaded + computed, len(inputs))
        buffers |= stored
        sizes |= {i: max(x.size, sizes.get(i, 0)) for i, x in stored.items()}
        moved += sum(x.size for x in (*loaded, *stored.values()))
        operations += sum(x.size for x in computed)
    outputs = [_at(buffers, i, "buffer") for i in program.outputs]
    return outputs, Counters(len(program.kernels), moved, operations, sum(sizes.values()))


def evaluate(graph: Graph, inputs: Sequence[Matrix]) -> list[Matrix]:
    """Return the outputs of `graph`, computed node by node: what it means. Errors as for `run`."""
    _refuse_unlike(inputs)
    values = dict(enumerate(inputs))
    for number, node in enumerate(graph.nodes):
        args = [_at(values, i, "node") for i in node.args]
        is_input = node.op == "input"
        values[number] = _at(values, number, "input") if is_input else apply(node.op, args)
    return [_at(values, i, "node") for i in graph.outputs]


def apply(op: str, args: Sequence[Matrix]) -> Matrix:
    """Return ``op(*args)``. Raises ProgramError for an unknown `op` or a wrong number of `args`."""
    if op not in _FUNCTIONS or len(args) != 1 + (op in BINARY):
        raise ProgramError(f"there is no operation {op!r:.20} of {len(args)} arguments")
    options = {"axis": 1, "keepdims": True} if op in REDUCTIONS else {}
    with np.errstate(all="ignore"):
        return np.asarray(_FUNCTIONS[op](*args, **options))


def _refuse_unlike(inputs: Sequence[Matrix]) -> None:
    kinds = {(str(x.dtype), x.shape) for x in inputs}
    if len(kinds) > 1 or any(d != "float64" or len(s) != 2 or not s[1] for d, s in kinds):
        raise ValueError(f"inputs must be float64 matrices of one shape, not {sorted(kinds)}")


def _at(values: Mapping[int, Matrix], number: int, kind: str) -> Matrix:
    if number not in values:
        raise ProgramError(f"there is no {kind} {number} yet")
    return values[number]


def _computed(steps: Sequence[Step], loaded: Sequence[Matrix]) -> list[Matrix]:
    """Return what the steps of one pass compute."""
    registers, early = dict(enumerate(loaded)), set[int]()
    for number, step in enumerate(steps, start=len(loaded)):
        if early.intersection(step.args):
            raise ProgramError(f"{step.op} uses a reduction before the end of its pass")
        registers[number] = apply(step.op, [_at(registers, i, "register") for i in step.args])
        early |= {number} if step.op in REDUCTIONS else set()
    return list(registers.values())[len(loaded) :]


def _stored(kernel: Kernel, registers: Sequence[Matrix], inputs: int) -> dict[int, Matrix]:
    """Return what one pass stores, by buffer."""
    held, stored = dict(enumerate(registers)), dict[int, Matrix]()
    for register, buffer in kernel.stores:
        if buffer < inputs or buffer in kernel.loads or buffer in stored:
            raise ProgramError(f"buffer {buffer} is an input, or loaded or stored by this pass")
        stored[buffer] = _at(held, register, "register")
    return stored


def _kernel(plain: Any) -> Kernel:
    steps = tuple(Step(str(step["op"]), _numbers(step["args"])) for step in plain["steps"])
    stores = tuple((i, j) for i, j in map(_numbers, plain["stores"]))
    return Kernel(_numbers(plain["loads"]), steps, stores)


def _numbers(plain: Any) -> tuple[int, ...]:
    if not all(isinstance(n, int) and not isinstance(n, bool) and n >= 0 for n in plain):
        raise ValueError("registers and buffers are numbers from 0 on")
    return tuple(int(n) for n in plain)
