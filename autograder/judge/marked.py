"""Marks on what the reference said, so that it can never become an argument of a student's call.

The mark is a subclass that survives arithmetic on arrays, and that the wire refuses. It guards
against an author's slip, not against an author.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.errors import CourseError
from autograder.model import Value


class MarkedArray(np.ndarray[Any, Any]):
    """An array that came from the reference; so are its views, and what ufuncs make of it."""

    def __array_wrap__(
        self, array: NDArray[Any], context: Any = None, return_scalar: bool = False
    ) -> "MarkedArray":
        """Keep the mark on 0-d results too, which NumPy would turn into plain scalars."""
        return array.view(MarkedArray)

    def __array_function__(
        self, function: Any, types: Any, args: Iterable[Any], kwargs: Mapping[str, Any]
    ) -> Any:
        """Keep the mark through functions that build a new array, such as `np.concatenate`."""
        return mark(super().__array_function__(function, types, args, kwargs))


class MarkedFloat(float):
    """A float that came from the reference."""


class MarkedInt(int):
    """An int that came from the reference."""


class MarkedStr(str):
    """A str that came from the reference."""


class MarkedBytes(bytes):
    """A bytes object that came from the reference."""


_SCALARS: dict[type, type] = {
    float: MarkedFloat,
    int: MarkedInt,
    str: MarkedStr,
    bytes: MarkedBytes,
}
_MARKS = (MarkedArray, *_SCALARS.values())


def mark(value: Value) -> Value:
    """Return `value` with every leaf marked (None and bool cannot carry a mark)."""
    if isinstance(value, list | tuple):
        return [mark(item) for item in value]
    if isinstance(value, dict):
        return {key: mark(item) for key, item in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return np.asanyarray(value).view(MarkedArray)
    return _SCALARS.get(type(value), lambda plain: plain)(value)


def refuse_marked(probe: str, arguments: Value) -> None:
    """Raise CourseError if anything in `arguments` came from the reference."""
    if isinstance(arguments, dict):
        arguments = list(arguments.values())
    if isinstance(arguments, list | tuple):
        for item in arguments:
            refuse_marked(probe, item)
    elif isinstance(arguments, _MARKS):
        raise CourseError(
            f"student call {probe!r}: an argument was made from the reference's answer, which must "
            "never enter a student's box; make it from `rng` or from plain numbers"
        )
