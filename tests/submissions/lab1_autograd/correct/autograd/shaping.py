"""Functions that move elements and change none. Each backward rule moves the gradient home."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from autograd.function import Function
from autograd.tensor import Array, Tensor


class Reshape(Function):
    """The same elements, in C order, in another shape."""

    reads_inputs = False

    def __init__(self, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.shape = shape

    def forward(self, x: Array) -> Array:
        """Return `x` in the new shape."""
        return x.reshape(self.shape)

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return g in the old shape."""
        return (reshape(g, self.inputs[0].shape),)


class Permute(Function):
    """The axes in another order."""

    reads_inputs = False

    def __init__(self, axes: tuple[int, ...]) -> None:
        super().__init__()
        self.axes = axes

    def forward(self, x: Array) -> Array:
        """Return `x` with axis ``axes[i]`` at place i."""
        return np.transpose(x, self.axes)

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return g with its axes back in their old places."""
        home = [0] * len(self.axes)  # where each old axis is now
        for place, axis in enumerate(self.axes):
            home[axis] = place
        return (permute(g, home),)


class GetItem(Function):
    """x[index], for any index NumPy takes."""

    reads_inputs = False

    def __init__(self, index: Any) -> None:
        super().__init__()
        self.index = index

    def forward(self, x: Array) -> Array:
        """Return the chosen elements."""
        return x[self.index]

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return zeros in the shape of the input, with g added where its elements came from."""
        return (ScatterAdd(self.index, self.inputs[0].shape)(g),)


class ScatterAdd(Function):
    """Zeros, plus x at an index: the adjoint of `GetItem`."""

    reads_inputs = False

    def __init__(self, index: Any, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.index = index
        self.shape = shape

    def forward(self, x: Array) -> Array:
        """Return an array of shape `shape` in which an element chosen k times received k sums."""
        out = np.zeros(self.shape, x.dtype)
        if _may_repeat(self.index):
            np.add.at(out, self.index, x)
        else:
            out[self.index] = x
        return out

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return g at the index."""
        return (getitem(g, self.index),)


class Concat(Function):
    """Several arrays, one after the other along an axis."""

    reads_inputs = False

    def __init__(self, axis: int) -> None:
        super().__init__()
        self.axis = axis

    def forward(self, *xs: Array) -> Array:
        """Return the arrays joined."""
        return np.concatenate(xs, self.axis)

    def backward(self, g: Tensor) -> tuple[Tensor, ...]:
        """Return for each input the part of g that lies where it went."""
        return split(g, [x.shape[self.axis] for x in self.inputs], self.axis)


class Pad(Function):
    """Zeros around an array."""

    reads_inputs = False

    def __init__(self, widths: Sequence[tuple[int, int]]) -> None:
        super().__init__()
        self.widths = widths

    def forward(self, x: Array) -> Array:
        """Return `x` with ``widths[i]`` = (before, after) zeros along axis i."""
        if any(width < 0 for pair in self.widths for width in pair):
            raise ValueError(f"a negative width: {self.widths}")
        out = np.zeros([a + n + b for n, (a, b) in zip(x.shape, self.widths, strict=True)], x.dtype)
        out[self.middle(x.shape)] = x
        return out

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return the middle of g."""
        return (getitem(g, self.middle(self.inputs[0].shape)),)

    def middle(self, shape: tuple[int, ...]) -> tuple[slice, ...]:
        """Return the index at which the elements of an input of this shape lie in the result."""
        return tuple(slice(a, a + n) for n, (a, _) in zip(shape, self.widths, strict=True))


def reshape(x: Tensor, shape: Sequence[int]) -> Tensor:
    """Return the elements of `x`, in C order, in another shape.

    Args:
        x: Any shape.
        shape: As many elements; one length may be -1, and is then worked out.

    Raises:
        ValueError: the number of elements differs.
    """
    return Reshape(tuple(shape))(x)


def permute(x: Tensor, axes: Sequence[int]) -> Tensor:
    """Return `x` with axis ``axes[i]`` at place i.

    Args:
        x: Any shape.
        axes: Each axis of `x` once; negative ones count from the end.

    Raises:
        ValueError: `axes` is no permutation of the axes.
    """
    return Permute(tuple(axes))(x)


def getitem(x: Tensor, index: Any) -> Tensor:
    """Return ``x[index]``.

    Source: NumPy manual, "Indexing on ndarrays".

    Args:
        x: Any shape.
        index: Integers, slices, ``...``, None, arrays of integers or bools, or a tuple of such. An
            element chosen more than once receives the sum of its gradients.

    Returns:
        The shape NumPy gives; memory of its own. The gradient takes O(x.size + index size) memory.

    Raises:
        IndexError: out of range, or too many indices.
    """
    return GetItem(index)(x)


def concat(xs: Sequence[Tensor], axis: int = 0) -> Tensor:
    """Return the tensors joined along `axis`.

    Args:
        xs: One or more tensors whose shapes differ at most along `axis`.
        axis: May be negative.

    Raises:
        ValueError: no tensors, or shapes that do not fit.
    """
    return Concat(axis)(*xs)


def split(x: Tensor, sizes: Sequence[int], axis: int = 0) -> tuple[Tensor, ...]:
    """Return consecutive parts of `x` along `axis`: the inverse of `concat`.

    Args:
        x: At least 1-d.
        sizes: Length of each part along `axis`; may be 0.
        axis: May be negative.

    Raises:
        ValueError: `sizes` do not add up to ``x.shape[axis]``.
    """
    axis = normalize_axis_index(axis, x.ndim)
    ends = list(accumulate(sizes, initial=0))
    if any(size < 0 for size in sizes) or ends[-1] != x.shape[axis]:
        raise ValueError(f"{list(sizes)} do not cut up an axis of length {x.shape[axis]}")
    before = (slice(None),) * axis
    return tuple(getitem(x, (*before, slice(a, b))) for a, b in pairwise(ends))


def pad(x: Tensor, widths: Sequence[tuple[int, int]]) -> Tensor:
    """Return `x` with zeros around it.

    Args:
        x: Any shape.
        widths: (before, after) for each axis, none negative.

    Raises:
        ValueError: not one pair for each axis, or a negative width.
    """
    if len(widths) != x.ndim:
        raise ValueError(f"{len(widths)} pairs of widths for {x.ndim} axes")
    return Pad([(a, b) for a, b in widths])(x)


def _may_repeat(index: Any) -> bool:
    """Whether an index may choose an element twice: only arrays of integers do."""
    basic = (int, np.integer, slice, type(None), type(...))
    parts = index if isinstance(index, tuple) else (index,)
    return any(not isinstance(p, basic) and np.asarray(p).dtype != bool for p in parts)
