"""Hostile values in place of a student's: what a careless test lets pass, or trips over.

Each kind keeps to what the wire lets through: whatever is made here, a box could have sent.
"""

import math
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.box.plain import MAX_DEPTH
from autograder.model import Value

_HUGE_BYTES = 1 << 25  # of all arrays of one value
_HUGE_ITEMS = 1 << 18  # of a list or map: the wire takes four times as many
_HUGE_TEXT = 1 << 22
_HUGE_INT = 1 << 62
_HUGE_FLOAT = 1.7e308

Leaf = Callable[[Value, int], Value]  # a value that holds no others, and how deep it lies


def _walk(value: Value, leaf: Leaf, depth: int = 0) -> Value:
    """Return `value` with each leaf replaced."""
    if isinstance(value, list):
        return [_walk(item, leaf, depth + 1) for item in value]
    if isinstance(value, dict):
        return {key: _walk(item, leaf, depth + 1) for key, item in value.items()}
    return leaf(value, depth)


def _inside(leaf: Leaf) -> Callable[[Value], Value]:
    """Change what a list or map holds; leave a bare value to the other kinds."""
    return lambda value: _walk(value, leaf) if isinstance(value, list | dict) else value


def _none(value: Value, depth: int = 0) -> Value:
    return None


def _wrong_type(value: Value, depth: int = 0) -> Value:
    return 7 if isinstance(value, str | bytes) else "hostile"


def _missing_key(value: Value) -> Value:
    """Rename every key of every map."""
    if isinstance(value, list):
        return [_missing_key(item) for item in value]
    if isinstance(value, dict):
        return {f"{key}?": _missing_key(item) for key, item in value.items()}
    return value


def _numbers(number: float) -> Callable[[Value], Value]:
    """Put `number` in place of every number."""

    def leaf(value: Value, depth: int) -> Value:
        if isinstance(value, np.ndarray) and value.size:
            kept = value.dtype if value.dtype.kind in "fc" else np.dtype(np.float64)
            return np.full(value.shape, number, kept)
        return number if isinstance(value, bool | int | float) else value

    return lambda value: number if value is None else _walk(value, leaf)


def _empty(value: Value, depth: int = 0) -> Value:
    if isinstance(value, np.ndarray):
        return np.zeros(0, value.dtype)
    return type(value)() if isinstance(value, list | dict | str | bytes) else []


def _empty_within(value: Value) -> Value:
    """Empty each item, and keep how many there are."""
    if isinstance(value, dict):
        return {key: _empty(item) for key, item in value.items()}
    return [_empty(item) for item in value] if isinstance(value, list) else value


def _deep(value: Value, depth: int = 0) -> Value:
    """Nest lists as deep as the wire allows."""
    nest: Value = []
    for _ in range(MAX_DEPTH - depth - 1):
        nest = [nest]
    return nest


def _huge(value: Value) -> Value:
    """A value of the same type, with as much in it as a box may send."""
    if isinstance(value, dict):
        return {str(key): 0 for key in range(_HUGE_ITEMS)}
    return [0] * _HUGE_ITEMS if value is None or isinstance(value, list) else _huge_leaf(value, 1)


def _huge_within(value: Value) -> Value:
    """Enlarge each leaf, and keep the lists and maps around them."""
    count = _leaves(value)
    return _inside(lambda leaf, depth: _huge_leaf(leaf, count))(value)


def _leaves(value: Value) -> int:
    if isinstance(value, list | dict):
        return sum(map(_leaves, value if isinstance(value, list) else value.values()))
    return 1


def _huge_leaf(value: Value, count: int) -> Value:
    """Enlarge one of `count` leaves, which share the room that a value has."""
    if isinstance(value, np.ndarray):
        return _huge_array(value.dtype, count)
    if isinstance(value, str | bytes):
        letter = "x" if isinstance(value, str) else b"x"
        return letter * max(1, _HUGE_TEXT // count)
    if isinstance(value, float):
        return _HUGE_FLOAT
    return value if value is None else _HUGE_INT


def _huge_array(dtype: np.dtype[Any], count: int) -> NDArray[Any]:
    largest = {"f": lambda: np.finfo(dtype).max, "c": lambda: np.finfo(dtype).max}
    number = largest.get(dtype.kind, lambda: True if dtype.kind == "b" else np.iinfo(dtype).max)()
    return np.full(max(1, _HUGE_BYTES // dtype.itemsize // count), number, dtype)


KINDS: dict[str, Callable[[Value], Value]] = {
    "None": _none,
    "None inside": _inside(_none),
    "wrong type": _wrong_type,
    "wrong type inside": _inside(_wrong_type),
    "missing key": _missing_key,
    "NaN": _numbers(math.nan),
    "infinite": _numbers(math.inf),
    "empty": _empty,
    "empty inside": _empty_within,
    "deep": _deep,
    "deep inside": _inside(_deep),
    "huge": _huge,
    "huge inside": _huge_within,
}
