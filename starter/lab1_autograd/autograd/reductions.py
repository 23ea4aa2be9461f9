"""Reductions over one axis, several, or all.

Every function takes ``axis``: an int, a tuple of ints in any order (the empty tuple reduces
nothing: each element is a group of its own), or None for all axes; negative axes count from the
end. With ``keepdims=True`` a reduced axis stays, with length 1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from autograd.broadcasting import broadcast_to
from autograd.elementwise import exp, where
from autograd.function import Function
from autograd.shaping import reshape
from autograd.tensor import Array, Axis, Tensor


class Reduction(Function):
    """What the reductions share: the axes, and the way back from a result's shape to an input's."""

    def __init__(self, axis: Axis, keepdims: bool) -> None:
        super().__init__()
        self.axis = tuple(axis) if isinstance(axis, Sequence) else axis
        self.keepdims = keepdims

    def kept_shape(self) -> tuple[int, ...]:
        """Return the input's shape with every reduced axis at length 1."""
        raise NotImplementedError("make the axes non-negative first; about 5 lines")

    def spread(self, g: Tensor) -> Tensor:
        """Return `g`, of the shape of the result, repeated to the shape of the input."""
        raise NotImplementedError("give the reduced axes back, then broadcast; about 1 line")


class Sum(Reduction):
    """The sum of each group."""

    reads_inputs = False

    def forward(self, x: Array) -> Array:
        """Return the sums."""
        raise NotImplementedError("about 1 line")

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Each element of a group receives the group's gradient."""
        raise NotImplementedError("about 1 line")


class Mean(Reduction):
    """The mean of each group."""

    reads_inputs = False

    def forward(self, x: Array) -> Array:
        """Return the means."""
        raise NotImplementedError("about 1 line")

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Each element of a group receives the group's gradient, divided by the group's size."""
        raise NotImplementedError("the size is a ratio of two products of lengths; about 2 lines")


class Max(Reduction):
    """The largest of each group; a tie is split equally among the largest."""

    reads_inputs = False  # but the share that forward kept

    def forward(self, x: Array) -> Array:
        """Return the maxima, and keep in `self.share` what part of the gradient each x gets."""
        raise NotImplementedError("who is largest, divided by how many are, in the dtype of x; about 4 lines")

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return g in the proportion of the shares."""
        raise NotImplementedError("about 1 line")


class LogSumExp(Reduction):
    """log(sum(exp(x))) of each group, without overflow."""

    def forward(self, x: Array) -> Array:
        """Return ``m + log(sum(exp(x - m)))`` with m the largest; -inf for a group of -inf."""
        raise NotImplementedError("shift by the largest, but never by -inf; about 5 lines")

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return g times the softmax of the group; 0 for a group of -inf."""
        raise NotImplementedError("exp(x - result), where a result of -inf counts as 0; about 3 lines")


def sum(x: Tensor, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Return the sum of each group; 0 for an empty one."""
    return Sum(axis, keepdims)(x)


def mean(x: Tensor, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Return the mean of each group. No group may be empty."""
    return Mean(axis, keepdims)(x)


def max(x: Tensor, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Return the largest of each group; k equal largest receive 1/k of the gradient each.

    Raises:
        ValueError: a group is empty.
    """
    return Max(axis, keepdims)(x)


def logsumexp(x: Tensor, axis: Axis = None, keepdims: bool = False) -> Tensor:
    """Return log(sum(exp(x))) of each group.

    Source: Blanchard, Higham, Higham, "Accurately computing the log-sum-exp and softmax functions",
    IMA Journal of Numerical Analysis 41(4), 2021.

    Args:
        x: Finite, of any magnitude, or -inf.
        axis: See above.
        keepdims: See above.

    Returns:
        -inf, with gradient 0, for a group of nothing but -inf.

    Raises:
        ValueError: a group is empty.
    """
    return LogSumExp(axis, keepdims)(x)
