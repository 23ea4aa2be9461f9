"""Reductions over one axis, several, or all.

Every function takes ``axis``: an int, a tuple of ints in any order (the empty tuple reduces
nothing: each element is a group of its own), or None for all axes; negative axes count from the
end. With ``keepdims=True`` a reduced axis stays, with length 1.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.lib.array_utils import normalize_axis_tuple

from autograd.broadcasting import broadcast_to
from autograd.elementwise import exp, portion, where
from autograd.function import Function
from autograd.shaping import reshape
from autograd.tensor import Array, Axis, Tensor


class Reduction(Function):
    """What the reductions share: the axes, and the way back from a result's shape to an input's."""

    def __init__(self, axis: Axis, keepdims: bool) -> None:
        super().__init__()
        self.axis = tuple(axis) if isinstance(axis, Sequence) else axis
        self.keepdims = keepdims

    def axes(self, ndim: int) -> tuple[int, ...]:
        """Return the axes that are reduced, none negative. Raises ValueError for impossible ones."""
        return tuple(range(ndim)) if self.axis is None else normalize_axis_tuple(self.axis, ndim)

    def kept_shape(self) -> tuple[int, ...]:
        """Return the input's shape with every reduced axis at length 1."""
        shape = self.inputs[0].shape
        axes = self.axes(len(shape))
        return tuple(1 if i in axes else n for i, n in enumerate(shape))

    def spread(self, g: Tensor) -> Tensor:
        """Return `g`, of the shape of the result, repeated to the shape of the input."""
        return broadcast_to(reshape(g, self.kept_shape()), self.inputs[0].shape)


class Sum(Reduction):
    """The sum of each group."""

    reads_inputs = False

    def forward(self, x: Array) -> Array:
        """Return the sums."""
        return np.sum(x, axis=self.axes(x.ndim), keepdims=self.keepdims)

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Each element of a group receives the group's gradient."""
        return (self.spread(g),)


class Mean(Reduction):
    """The mean of each group."""

    reads_inputs = False

    def forward(self, x: Array) -> Array:
        """Return the means."""
        return np.mean(x, axis=self.axes(x.ndim), keepdims=self.keepdims)

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Each element of a group receives the group's gradient, divided by the group's size."""
        shape = self.inputs[0].shape
        return (self.spread(g / math.prod(shape[i] for i in self.axes(len(shape)))),)


class Max(Reduction):
    """The largest of each group; a tie is split equally among the largest."""

    reads_inputs = False  # but the share that forward kept

    def forward(self, x: Array) -> Array:
        """Return the maxima, and keep in `self.share` what part of the gradient each x gets."""
        axes = self.axes(x.ndim)
        largest = np.max(x, axis=axes, keepdims=True)
        winners = x == largest
        ties = np.sum(winners, axis=axes, keepdims=True)
        self.share = (winners / np.maximum(ties, 1)).astype(x.dtype)
        return largest if self.keepdims else np.squeeze(largest, axes)

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return g in the proportion of the shares."""
        return (portion(self.spread(g), self.share),)


class LogSumExp(Reduction):
    """log(sum(exp(x))) of each group, without overflow."""

    def forward(self, x: Array) -> Array:
        """Return ``m + log(sum(exp(x - m)))`` with m the largest; -inf for a group of -inf."""
        axes = self.axes(x.ndim)
        shift = _finite(np.max(x, axis=axes, keepdims=True))
        with np.errstate(divide="ignore"):  # log(0) is the -inf that is wanted
            out = shift + np.log(np.sum(np.exp(x - shift), axis=axes, keepdims=True))
        return out if self.keepdims else np.squeeze(out, axes)

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return g times the softmax of the group; 0 for a group of -inf."""
        (x,) = self.inputs
        axes = self.axes(x.ndim)
        dead = np.isneginf(np.max(x.data, axis=axes, keepdims=True)).reshape(g.shape)
        return (self.spread(where(dead, 0.0, g)) * softmax(x, axes),)


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


def softmax(x: Tensor, axes: tuple[int, ...]) -> Tensor:
    """Return exp(x) / sum(exp(x)) for each group; 0 for a group that is empty or all -inf.

    The shift is a constant: it does not change the result, so no gradient flows through it.
    """
    powers = exp(x - _finite(np.max(x.data, axis=axes, keepdims=True, initial=-np.inf)))
    total = sum(powers, axes, keepdims=True)
    return powers / where(total.data == 0, 1.0, total)


def _finite(largest: Array) -> Array:
    """Return the largest elements, and 0 for -inf: -inf - (-inf) would be NaN."""
    return np.where(np.isneginf(largest), 0, largest)
