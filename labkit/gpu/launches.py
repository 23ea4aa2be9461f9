"""Host code of a kernel: which launches it takes, and the scratch memory between them.

A student writes ``<name>_launch(shapes)``, which returns a list of `Launch`; arguments are named by
text, `scratch` stands for an array that only the device sees. Being a plain function of shapes, it
is interpreted like a kernel, and runs as it stands on a real GPU.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from labkit.gpu import host
from labkit.gpu.arrays import poison
from labkit.gpu.machine import Kernels, launch
from labkit.gpu.report import Report

_MAX_SCRATCH = 1 << 28  # bytes
_MAX_LAUNCHES = 256


@dataclass(frozen=True, eq=False)
class Scratch:
    """An array of the device; two launches that name the same object share it."""

    shape: tuple[int, ...]
    dtype: Any


def scratch(shape: Any, dtype: Any) -> Scratch:
    """Return an array of `shape` and `dtype` that no one has written yet."""
    sizes = (shape,) if isinstance(shape, int) else tuple(shape)
    try:
        kind = np.dtype(dtype)
    except TypeError:  # one of Numba's types, where this runs as plain Python
        kind = np.dtype(str(dtype))
    return Scratch(tuple(map(int, sizes)), kind)


@dataclass(frozen=True)
class Launch:
    """One launch: `args` are names of the caller's arrays and numbers, `Scratch`, or numbers."""

    kernel: Any  # its name, or the kernel itself
    grid: Any
    block: Any
    args: Any
    shared_bytes: int = 0


def interpret(kernels: Kernels, function: str, *arguments: Any) -> Any:
    """Return what the host function `function` of the kernels' module returns.

    Raises:
        SubsetError: it is outside the course subset of host code.
    """
    known: dict[str, Any] = {"Launch": Launch, "scratch": scratch}
    return host.interpret(kernels.module, function, list(arguments), known)


def perform(
    kernels: Kernels, name: str, values: Mapping[str, Any], *, order: int | None = None
) -> list[Report]:
    """Run the launches that ``<name>_launch`` of the kernels' module asks for; see `launch`.

    Args:
        kernels: of `load`.
        name: of the task, such as ``scan``.
        values: arrays, written in place, and numbers by name. ``<name>_launch`` receives the
            shapes of the arrays, and the numbers.
        order: see `launch`.

    Raises:
        SubsetError: the host code, or a kernel, is outside the course subset.
        ValueError: it returns no list of launches that can be made.

    Returns:
        A report for each launch; `traffic` is by the names in `values`, and ``scratch``.
    """
    made: dict[int, Any] = {}
    return [_perform(kernels, one, values, made, order) for one in asked(kernels, name, values)]


def asked(kernels: Kernels, name: str, values: Mapping[str, Any]) -> list[Launch]:
    """Return the launches that ``<name>_launch`` asks for; see `perform`."""
    shapes = {key: v.shape if isinstance(v, np.ndarray) else v for key, v in values.items()}
    launches = interpret(kernels, f"{name}_launch", shapes)
    if not isinstance(launches, list) or not all(isinstance(one, Launch) for one in launches):
        raise ValueError(f"{name}_launch must return a list of Launch")
    if len(launches) > _MAX_LAUNCHES:
        raise ValueError(f"{name}_launch asks for more than {_MAX_LAUNCHES} launches")
    return launches


def _perform(
    kernels: Kernels,
    one: Launch,
    values: Mapping[str, Any],
    made: dict[int, Any],
    order: int | None,
) -> Report:
    if one.kernel not in kernels:
        raise ValueError(f"there is no kernel {one.kernel}; there are {', '.join(kernels)}")
    arguments = [argument_of(value, values, made) for value in one.args]
    how: dict[str, Any] = {"shared_bytes": one.shared_bytes, "order": order}
    report = launch(kernels[one.kernel], one.grid, one.block, *arguments, **how)
    return replace(report, traffic=_by_caller(report, kernels, one))


def _by_caller(report: Report, kernels: Kernels, one: Launch) -> dict[str, dict[str, int]]:
    """Return the traffic of each array by the caller's name for it, or ``scratch``."""
    parameters = [argument.arg for argument in kernels.module.functions[report.kernel].args.args]
    named: dict[str, dict[str, int]] = {}
    for parameter, value in zip(parameters, one.args, strict=True):
        if parameter in report.traffic:
            name = value if isinstance(value, str) else "scratch"
            earlier = named.get(name, {})
            counts = report.traffic[parameter]
            named[name] = {fact: earlier.get(fact, 0) + n for fact, n in counts.items()}
    return named


def argument_of(value: Any, values: Mapping[str, Any], made: dict[int, Any]) -> Any:
    """Return what a launch's argument `value` stands for; `made` has the scratch made so far.

    Raises:
        ValueError: nothing has that name, or the scratch is too large.
    """
    if isinstance(value, str):
        if value not in values:
            raise ValueError(f"there is no argument {value}; there are {', '.join(values)}")
        return values[value]
    if isinstance(value, Scratch):
        if id(value) not in made:
            size = int(np.prod(value.shape, dtype=object)) * value.dtype.itemsize
            if not 0 <= size <= _MAX_SCRATCH:
                raise ValueError(f"scratch of {size} bytes; at most {_MAX_SCRATCH}")
            made[id(value)] = np.full(value.shape, poison(value.dtype), dtype=value.dtype)
        return made[id(value)]
    return value
