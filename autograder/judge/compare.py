"""Comparisons that say in one line how far off an answer is, and where.

NaN compares false with everything, so type, dtype, shape and finiteness come before any value.
"""

from reprlib import Repr
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from autograder.model import Value

_MAX_SHOWN = 200  # characters of a value in a message


def assert_close(
    got: Value,
    want: ArrayLike,
    *,
    rtol: float = 1e-7,
    atol: float = 0.0,
    dtype: DTypeLike | None = None,
) -> None:
    """Assert that `got` is `want` within ``atol + rtol * |want|``, elementwise.

    Args:
        got: what a student's call returned: an array, or a number where `want` is a number.
        want: array of the same shape, or a number. Infinities and NaN must be matched in place.
        rtol: relative tolerance.
        atol: absolute tolerance, in the unit of `want`.
        dtype: what `got` must have; default: the dtype of `want` if that is an array.

    Raises:
        AssertionError: with one line: what differs, by how much, and where.
    """
    wanted = np.asarray(want)
    array = _checked(got, wanted, dtype if dtype is not None else getattr(want, "dtype", None))
    wide = np.result_type(wanted, array, np.float64)
    exact, mine = wanted.astype(wide, copy=False), array.astype(wide, copy=False)
    finite = np.isfinite(exact)
    if not (finite & np.isfinite(mine)).all():
        _same_nonfinite(array, wanted)
        exact, mine = np.where(finite, exact, 0), np.where(finite, mine, 0)
    error = np.abs(mine - exact)
    _none_beyond(error, atol + rtol * np.abs(exact), array, wanted, f"rtol={rtol:g}, atol={atol:g}")


def assert_equal(got: Value, want: Value) -> None:
    """Assert that `got` is exactly `want`: same types all the way down, same dtypes, shapes, bits.

    Raises:
        AssertionError: with one line: what differs and where.
    """
    _equal(got, want, "the answer")


def _checked(got: Value, want: NDArray[Any], dtype: DTypeLike | None) -> NDArray[Any]:
    """Return `got` as an array once its type, dtype and shape are right."""
    if want.shape == () and type(got) in (int, float):
        got = np.asarray(got)
        dtype = None
    if not isinstance(got, np.ndarray):
        raise AssertionError(f"expected an array of shape {want.shape}, got {_kind(got)}")
    if dtype is not None and got.dtype != np.dtype(dtype):
        raise AssertionError(f"dtype is {got.dtype}, expected {np.dtype(dtype)}")
    if got.dtype.kind not in "iufcb":
        raise AssertionError(f"dtype is {got.dtype}, expected numbers")
    if got.shape != want.shape:
        raise AssertionError(f"shape is {got.shape}, expected {want.shape}")
    return got


def _same_nonfinite(got: NDArray[Any], want: NDArray[Any]) -> None:
    for name, test in (("NaN", np.isnan), ("infinite", np.isinf)):
        differs = test(got) != test(want)
        if differs.any():
            where = _first(differs)
            raise AssertionError(
                f"{int(differs.sum())} of {want.size} differ in being {name}; "
                f"first at {_at(where)}: got {got[where]}, want {want[where]}"
            )
    differs = np.isinf(want) & (got != want)
    if differs.any():
        where = _first(differs)
        raise AssertionError(f"wrong sign of infinity at {_at(where)}: got {got[where]}")


def _none_beyond(
    error: NDArray[Any], allowed: NDArray[Any], got: NDArray[Any], want: NDArray[Any], rule: str
) -> None:
    beyond = error > allowed
    if not beyond.any():
        return
    excess = np.where(beyond, error - allowed, -1.0)
    where = tuple(int(i) for i in np.unravel_index(int(np.argmax(excess)), want.shape))
    raise AssertionError(
        f"{int(beyond.sum())} of {want.size} beyond {rule}; worst at {_at(where)}: "
        f"got {got[where]}, want {want[where]} (off by {error[where]:.3g})"
    )


def _equal(got: Value, want: Value, place: str) -> None:
    if isinstance(want, np.ndarray | np.generic):
        _equal_arrays(got, np.asarray(want), place)
    elif isinstance(want, list | tuple):
        _equal_lists(got, want, place)
    elif isinstance(want, dict):
        _equal_maps(got, want, place)
    elif _kind(got) != _kind(want) or (got != want and not (got != got and want != want)):
        raise AssertionError(f"{place}: got {_short(got)}, want {_short(want)}")


def _equal_lists(got: Value, want: "list[Value] | tuple[Value, ...]", place: str) -> None:
    if not isinstance(got, list):
        raise AssertionError(f"{place}: expected a list, got {_kind(got)}")
    if len(got) != len(want):
        raise AssertionError(f"{place}: {len(got)} items, expected {len(want)}")
    for index, (one, other) in enumerate(zip(got, want, strict=True)):
        _equal(one, other, f"{place}[{index}]")


def _equal_maps(got: Value, want: "dict[str, Value]", place: str) -> None:
    if not isinstance(got, dict):
        raise AssertionError(f"{place}: expected a dict, got {_kind(got)}")
    if got.keys() != want.keys():
        raise AssertionError(
            f"{place}: keys {_short(sorted(map(str, got)))}, expected {_short(sorted(want))}"
        )
    for key in want:
        _equal(got[key], want[key], f"{place}[{key!r}]")


def _equal_arrays(got: Value, want: NDArray[Any], place: str) -> None:
    try:
        array = _checked(got, want, want.dtype)
    except AssertionError as failure:
        raise AssertionError(f"{place}: {failure}") from None
    same = (array == want) | ((array != array) & (want != want))
    if not same.all():
        where = _first(~same)
        raise AssertionError(
            f"{place}: {int((~same).sum())} of {want.size} differ; first at {_at(where)}: "
            f"got {array[where]}, want {want[where]}"
        )


def _first(mask: NDArray[Any]) -> tuple[int, ...]:
    return tuple(int(i) for i in np.argwhere(mask)[0])


def _at(where: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, where))}]" if where else "the only element"


def _kind(value: Value) -> str:
    """Name the plain type of a value (marks of the reference are subclasses)."""
    for plain in (bool, int, float, str, bytes, list, dict):
        if isinstance(value, plain):
            return plain.__name__
    return "None" if value is None else type(value).__name__


class _Brief(Repr):
    """Spells out little of a large value: all of a hostile one takes minutes and gigabytes."""

    def repr_ndarray(self, array: NDArray[Any], level: int) -> str:
        """Say what an array is; its numbers are compared elsewhere."""
        return f"an array of shape {array.shape} and dtype {array.dtype}"

    repr_MarkedArray = repr_ndarray

    def repr_bytes(self, data: bytes, level: int) -> str:
        """Show the first bytes only."""
        return repr(data[:_MAX_SHOWN])


_brief = _Brief()
_brief.maxlevel = 3  # 20 items at each of six levels are minutes of work
_brief.maxlist = _brief.maxdict = 20
_brief.maxstring = _brief.maxother = _MAX_SHOWN


def _short(value: Value) -> str:
    text = _brief.repr(value)
    return text if len(text) <= _MAX_SHOWN else text[:_MAX_SHOWN] + "…"
