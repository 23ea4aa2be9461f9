"""Kernels on a real GPU: checked as text, compiled by Numba, compared with a reference in turn.

Run this in a process that holds no submission. Of a student's file only the kernel and the device
functions that it calls are compiled, from their checked text; decorators, annotations and
everything else that Python would execute is left out, so that no code of theirs runs on the host.
"""

import ast
import copy
import importlib
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from labkit.gpu.arrays import poison
from labkit.gpu.machine import KernelSource, as_argument, compile_kernel
from labkit.gpu.problems import SubsetError
from labkit.gpu.source import Dotted, Module

_CANARY_BYTES = 256  # before and after each array; keeps the alignment that a new array has
_CANARY = 0xA5
_RUNTIME = "numba.cuda"  # as a name: no source can take it, since it is none to a parser


@dataclass(frozen=True)
class Trial:
    """How a kernel is launched: `arguments` makes fresh ones.

    `outputs` are written in full, with numbers that are not NaN, whatever was there; `updates` are
    changed, from what `arguments` gives; all other arrays must stay as they are.
    """

    grid: Any
    block: Any
    arguments: Callable[[np.random.Generator], list[Any]]
    outputs: Sequence[int]  # positions in the arguments
    shared_bytes: int = 0
    updates: Sequence[int] = ()


@dataclass(frozen=True)
class Comparison:
    """A kernel beside a reference on the same inputs."""

    seconds: tuple[float, ...]  # of the device, by round
    reference_seconds: tuple[float, ...]
    problems: tuple[str, ...]  # what was wrong with the outputs, by round

    @property
    def ratio(self) -> float:
        """Median time over the reference's median time; NaN if no round was timed."""
        if not self.seconds:
            return float("nan")
        return statistics.median(self.seconds) / statistics.median(self.reference_seconds)


def is_available() -> bool:
    """Whether Numba finds a GPU (or its simulator stands for one)."""
    from numba import cuda

    found: Callable[[], bool] = cuda.is_available
    return found()


def compiled(kernel: KernelSource, arguments: Sequence[Any]) -> Any:
    """Return `kernel` as a function of ``numba.cuda``, checked for `arguments` first.

    Raises:
        SubsetError: it is outside the course subset.
        TypeError: an argument is neither a number nor a plain array.
    """
    checked = compile_kernel(kernel, [as_argument(value) for value in arguments])
    # Only what was expanded was checked: nothing else of the file may be compiled.
    functions = [
        _bare(kernel.module, name, device=name != kernel.name)
        for name in [*checked.expanded, kernel.name]
    ]
    tree = ast.fix_missing_locations(ast.Module([*functions], []))
    space = {_RUNTIME: importlib.import_module("numba.cuda")}
    for name in {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}:
        if name in kernel.module.names:
            space[name] = _value(kernel.module, name)
    exec(compile(tree, kernel.module.file, "exec"), space)
    return space[kernel.name]


def _bare(module: Module, name: str, *, device: bool) -> ast.FunctionDef:
    """Return the function without anything that is executed when it is defined."""
    node = copy.deepcopy(module.functions[name])
    options = [ast.keyword("device", ast.Constant(True))] if device else []
    jit = ast.Attribute(ast.Name(_RUNTIME, ast.Load()), "jit", ast.Load())
    node.decorator_list = [ast.Call(jit, [], options)]
    node.returns = None
    for argument in node.args.args:  # the check has refused defaults and all other kinds
        argument.annotation = None
    return node


def _value(module: Module, name: str) -> Any:
    found = module.names[name]
    if not isinstance(found, Dotted):
        return found
    first, *rest = found.name.split(".")
    value: Any = importlib.import_module("numba.cuda" if rest[:1] == ["cuda"] else first)
    try:
        for part in rest[1:] if rest[:1] == ["cuda"] else rest:
            value = getattr(value, part)
    except AttributeError:
        raise SubsetError(module.file, 1, f"there is no {found.name}") from None
    return value


class Buffer:
    """An array on the device between two canaries: `view`, in the middle of `whole`."""

    def __init__(self, array: Any) -> None:
        """Copy `array` to the device."""
        from numba import cuda

        self._shape = array.shape
        self._pad = _CANARY_BYTES // array.itemsize
        self._canary = np.frombuffer(bytes([_CANARY]) * _CANARY_BYTES, array.dtype)
        flat = np.concatenate([self._canary, array.ravel(), self._canary])
        self.whole: Any = cuda.to_device(flat)
        self.view = self.whole[self._pad : len(flat) - self._pad].reshape(array.shape)

    def read(self) -> tuple[Any, bool]:
        """Return what the array holds, and whether the canaries are as they were.

        Then wipe it: what the memory is used for next must not find a right answer there.
        """
        flat = self.whole.copy_to_host()
        self.whole.copy_to_device(np.full_like(flat, self._canary[0]))
        held = flat[self._pad : len(flat) - self._pad].reshape(self._shape)
        ends = flat[: self._pad], flat[len(flat) - self._pad :]
        return held, all(end.tobytes() == self._canary.tobytes() for end in ends)


def launch(function: Any, trial: Trial, arguments: Sequence[Any]) -> tuple[list[Any], float, bool]:
    """Launch a `compiled` kernel; return its arrays, its seconds, and whether canaries live.

    Arrays that are `trial.outputs` are poisoned first, whatever `arguments` hold there.
    """
    from numba import cuda

    buffers: dict[int, Buffer] = {}  # by the array: one that is passed twice is one
    for position, value in enumerate(arguments):
        if isinstance(value, np.ndarray) and id(value) not in buffers:
            is_output = position in trial.outputs
            if is_output and value.dtype.kind == "b":
                raise ValueError("an output of booleans cannot be poisoned; make it an update")
            given = np.full(value.shape, poison(value.dtype)) if is_output else value
            buffers[id(value)] = Buffer(np.ascontiguousarray(given.astype(value.dtype)))
    values = [buffers[id(v)].view if id(v) in buffers else v for v in arguments]
    event: Callable[[], Any] = cuda.event
    start, end = event(), event()
    start.record()
    function[trial.grid, trial.block, 0, trial.shared_bytes](*values)
    end.record()
    end.synchronize()
    seconds = float(start.elapsed_time(end)) / 1000
    read = {key: buffer.read() for key, buffer in buffers.items()}
    arrays = [read[id(value)][0] for value in arguments if id(value) in read]
    return arrays, seconds, all(whole for _, whole in read.values())


def compare(
    theirs: KernelSource, reference: KernelSource, trial: Trial, *, rounds: int = 11, seed: int = 0
) -> Comparison:
    """Launch both in turn on the same inputs, fresh in every round; the first one is not timed.

    A launch that fails ends the comparison, since it takes the device's state with it.

    Args:
        theirs: the kernel to look at.
        reference: the one whose outputs are right.
        trial: how both are launched.
        rounds: that are timed.
        seed: of the inputs.

    Raises:
        SubsetError: a kernel is outside the course subset.
    """
    rng = np.random.default_rng(seed)
    sample = trial.arguments(rng)
    functions = [compiled(kernel, sample) for kernel in (theirs, reference)]
    times: list[tuple[float, float]] = []
    problems: list[str] = []
    for number in range(rounds + 1):
        arguments = trial.arguments(rng)
        turn = (0, 1) if number % 2 else (1, 0)
        try:
            done = {which: launch(functions[which], trial, arguments) for which in turn}
        except Exception as error:  # of the driver: after it the device answers nothing more
            problems.append(f"round {number}: the launch failed: {error}")
            break
        times.append((done[0][1], done[1][1]))
        if (problem := _problem(trial, arguments, done[0], done[1])) is not None:
            problems.append(f"round {number}: {problem}")
    timed = times[1:]
    return Comparison(tuple(t for t, _ in timed), tuple(r for _, r in timed), tuple(problems))


def _problem(trial: Trial, arguments: Sequence[Any], theirs: Any, reference: Any) -> str | None:
    arrays = [n for n, value in enumerate(arguments) if isinstance(value, np.ndarray)]
    if not reference[2]:
        return "the reference writes outside an array"
    if not theirs[2]:
        return "wrote outside an array"
    for position, found, wanted in zip(arrays, theirs[0], reference[0], strict=True):
        if position in trial.outputs and _is_poisoned(wanted):
            return f"the reference leaves argument {position} unwritten, or NaN: is it an output?"
        if position in (*trial.outputs, *trial.updates):
            if not _is_close(found, wanted):
                return f"argument {position} is not what the reference wrote"
        elif found.tobytes() != np.ascontiguousarray(arguments[position]).tobytes():
            return f"argument {position} was written, though it is an input"
    return None


def _is_poisoned(array: Any) -> bool:
    """Whether something of `array` is as before the launch; NaN, if it was added to, too."""
    held = np.isnan(array) if array.dtype.kind == "f" else array == poison(array.dtype)
    return bool(held.any())


def _is_close(found: Any, wanted: Any) -> bool:
    if wanted.dtype.kind != "f":
        return bool((found == wanted).all())
    finite = np.abs(wanted[np.isfinite(wanted)])
    scale = float(finite.max()) if finite.size else 0.0
    return bool(np.allclose(found, wanted, rtol=1e-4, atol=1e-5 * scale))
