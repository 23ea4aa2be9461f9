"""Functions that move elements and change none. Each backward rule moves the gradient home."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Any

import numpy as np

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
        raise NotImplementedError("about 1 line")

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return g in the old shape."""
        raise NotImplementedError("about 1 line")


class Permute(Function):
    """The axes in another order."""

    reads_inputs = False

    def __init__(self, axes: tuple[int, ...]) -> None:
        super().__init__()
        self.axes = axes

    def forward(self, x: Array) -> Array:
        """Return `x` with axis ``axes[i]`` at place i."""
        raise NotImplementedError("about 1 line")

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return g with its axes back in their old places."""
        raise NotImplementedError("the inverse permutation; mind negative axes; about 2 lines")


class GetItem(Function):
    """x[index], for any index NumPy takes."""

    reads_inputs = False

    def __init__(self, index: Any) -> None:
        super().__init__()
        self.index = index

    def forward(self, x: Array) -> Array:
        """Return the chosen elements."""
        raise NotImplementedError("about 1 line")

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return zeros in the shape of the input, with g added where its elements came from."""
        raise NotImplementedError("the adjoint is ScatterAdd; about 1 line")


class ScatterAdd(Function):
    """Zeros, plus x at an index: the adjoint of `GetItem`."""

    reads_inputs = False

    def __init__(self, index: Any, shape: tuple[int, ...]) -> None:
        super().__init__()
        self.index = index
        self.shape = shape

    def forward(self, x: Array) -> Array:
        """Return an array of shape `shape` in which an element chosen k times received k sums."""
        raise NotImplementedError("np.add.at counts repeats, ``out[index] += x`` does not; about 3 lines")

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return g at the index."""
        raise NotImplementedError("about 1 line")


class Concat(Function):
    """Several arrays, one after the other along an axis."""

    reads_inputs = False

    def __init__(self, axis: int) -> None:
        super().__init__()
        self.axis = axis

    def forward(self, *xs: Array) -> Array:
        """Return the arrays joined."""
        raise NotImplementedError("about 1 line")

    def backward(self, g: Tensor) -> tuple[Tensor, ...]:
        """Return for each input the part of g that lies where it went."""
        raise NotImplementedError("the adjoint is split; about 1 line")


class Pad(Function):
    """Zeros around an array."""

    reads_inputs = False

    def __init__(self, widths: Sequence[tuple[int, int]]) -> None:
        super().__init__()
        self.widths = widths

    def forward(self, x: Array) -> Array:
        """Return `x` with ``widths[i]`` = (before, after) zeros along axis i."""
        raise NotImplementedError("about 1 line")

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return the middle of g."""
        raise NotImplementedError("one slice for each axis; mind a width of 0; about 2 lines")


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
    raise NotImplementedError("running sums of the sizes, then one slice for each part; about 5 lines")


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
