"""The checker: compares the gradients of a function with differences of its values."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import numpy as np

from autograd.engine import grad
from autograd.tensor import Array, Tensor, recording

Operator = Callable[..., Tensor]


@dataclass(frozen=True)
class Report:
    """What a check found: one line for each problem, none if all is well."""

    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether no problem was found."""
        return not self.problems


def gradcheck(
    f: Operator,
    inputs: Sequence[Tensor],
    *,
    eps: float = 1e-6,
    rtol: float = 1e-6,
    atol: float = 1e-8,
) -> Report:
    """Check the gradients of ``f(*inputs)`` by each input, first and second.

    For an upstream gradient g without any pattern, the gradient of ⟨f(x), g⟩ is compared with
    central differences at every element of every input; its own gradient with a difference in one
    direction. It calls `f` at most 2 n + 16 times for inputs of n elements.

    Source: Griewank, Walther, "Evaluating Derivatives", 2nd ed., SIAM 2008, chapter 3; on the
    balance of truncation and rounding, N. Higham, "Accuracy and Stability of Numerical Algorithms".

    Args:
        f: From tensors to a tensor, of any shape.
        inputs: float64 tensors. They are not changed, and no gradient is left in them.
        eps: Half the width of a difference at an element x is ``eps * max(1, |x|)``.
        rtol: Allowed error, relative to the difference.
        atol: Allowed error on top of that.

    Returns:
        A report with problems if a value changes from call to call; if an input is changed; if a
        gradient has not the shape and dtype of its input, is not finite, differs from the
        differences, or depends on the order of the input in memory; or if second derivatives, by
        the inputs and by g, differ from the difference.

    Raises:
        TypeError: an input is not float64: differences would be noise.
    """
    if any(x.dtype != np.float64 for x in inputs):
        raise TypeError("differences need float64 inputs")
    check = _Check(f, [x.data for x in inputs], eps, rtol, atol)
    try:
        with recording(True):
            for look in (check.repeats, check.layouts, check.differences, check.second, check.again):
                look()
    except _Found as problem:
        return Report((str(problem),))
    return Report(())


def _plain(a: Array) -> Array:
    """Return a copy in C order."""
    return np.array(a, order="C")


def _fortran(a: Array) -> Array:
    return np.array(a, order="F")


def _backwards(a: Array) -> Array:
    flips = (slice(None, None, -1),) * a.ndim
    return a[flips].copy()[flips]


def _spaced(a: Array) -> Array:
    """Return `a` as every other element of a larger array, whose other elements are noise."""
    wide = np.full((*a.shape, 2), 0.123)
    wide[..., 0] = a
    return wide[..., 0]


class _Found(Exception):  # noqa: N818
    """A problem: the check ends here, for what comes after would only be confused."""


class _Check:
    """One check of f at one place; its methods raise `_Found`."""

    def __init__(
        self, f: Operator, arrays: Sequence[Array], eps: float, rtol: float, atol: float
    ) -> None:
        self.f, self.eps, self.rtol, self.atol = f, eps, rtol, atol
        self.arrays = [np.array(a, order="C") for a in arrays]
        self.rng = np.random.default_rng(20240229)

    def repeats(self) -> None:
        """Call f three times; the first call's gradients are those that are checked."""
        y, leaves = self.called(self.arrays)
        self.value = y.data.copy()
        self.g = self.pattern(self.value.shape).astype(self.value.dtype)
        for _ in range(2):
            self.again()
        self.grads = self.pulled(y, leaves, self.arrays, self.g.copy())

    def again(self) -> None:
        """Call f once more: it must give the same value."""
        y, _ = self.called(self.arrays)
        if y.shape != self.value.shape or not np.array_equal(y.data, self.value, equal_nan=True):
            raise _Found("the value changes from call to call")

    def layouts(self) -> None:
        """Call f with the same numbers in other orders in memory."""
        for orders, order_g in (
            ((_fortran,), _plain),
            ((_fortran,), _fortran),
            ((_backwards,), _fortran),
            ((_spaced, _fortran), _plain),
        ):
            y, leaves = self.called(self.arrays, orders)
            self.same("the value", y.data, self.value)
            for i, mine in enumerate(self.pulled(y, leaves, self.arrays, order_g(self.g))):
                self.same(f"the gradient by input {i}", mine, self.grads[i])

    def same(self, what: str, mine: Array, first: Array) -> None:
        """Compare what another order in memory gave; sums may be rounded differently."""
        slack = 1e-12 * np.max(np.abs(first), initial=0.0)
        if mine.shape != first.shape or not _within(mine, first, self.tolerance(first) + slack):
            raise _Found(f"{what} depends on the order of the inputs in memory")

    def differences(self) -> None:
        """Compare every element of every gradient with a central difference."""
        for k, array in enumerate(self.arrays):
            for i in np.ndindex(array.shape):
                up, down = ([a.copy() for a in self.arrays] for _ in range(2))
                h = self.eps * max(1.0, abs(array[i]))
                up[k][i] += h
                down[k][i] -= h
                step = up[k][i] - down[k][i]
                high, low = self.called(up)[0].data, self.called(down)[0].data
                want = np.sum((high - low) * self.g) / step
                sizes = np.where(high != low, (np.abs(high) + np.abs(low)) * self.g, 0.0)
                slack = _rounding(sizes) / step
                if not _within(self.grads[k][i], want, self.tolerance(want) + slack):
                    raise _Found(
                        f"the gradient by input {k} at {i} is {self.grads[k][i]},"
                        f" its difference {want}"
                    )

    def second(self) -> None:
        """Compare the slope of ⟨gradients, w⟩ along the inputs, and along g, with differences."""
        w = [self.pattern(a.shape) for a in self.arrays]
        along = [self.pattern(a.shape) * np.maximum(1.0, np.abs(a)) for a in self.arrays]
        along_g = self.pattern(self.g.shape)
        parts = self.curved(w)
        terms = [p * d for p, d in zip(parts, [*along, along_g], strict=True)]
        if not all(np.isfinite(t).all() for t in terms):
            raise _Found("a second derivative is not finite")
        still = [np.zeros_like(a) for a in self.arrays]
        self.slope("the inputs", w, along, np.zeros_like(self.g), terms[:-1])
        self.slope("the upstream gradient", w, still, along_g, terms[-1:])

    def slope(
        self, what: str, w: list[Array], along: list[Array], along_g: Array, terms: list[Array]
    ) -> None:
        """Compare the sum of `terms` with a central difference of ⟨gradients, w⟩ in a direction."""
        ends = []
        for t in (self.eps, -self.eps):
            arrays = [a + t * d for a, d in zip(self.arrays, along, strict=True)]
            g = self.g + t * along_g
            y, leaves = self.called(arrays)
            ends.append(
                [x * v for x, v in zip(self.pulled(y, leaves, arrays, g), w, strict=True)]
            )
        got = sum(float(np.sum(t)) for t in terms)
        want = sum(float(np.sum(a - b)) for a, b in zip(*ends, strict=True)) / (2 * self.eps)
        size = sum(float(np.sum(np.abs(t))) for t in terms)
        noise = [_rounding(np.abs(a) + np.abs(b)) for a, b in zip(*ends, strict=True)]
        slack = self.rtol * size + 4 * sum(noise) / (2 * self.eps)
        if not _within(got, want, self.tolerance(want) + slack):
            raise _Found(f"second derivatives along {what}: {got}, their difference {want}")

    def curved(self, w: list[Array]) -> list[Array]:
        """Return the gradients of ⟨gradients, w⟩ by each input, and by g."""
        y, leaves = self.called(self.arrays)
        g = Tensor(self.g.copy(), requires_grad=True)
        found: list[Tensor | None] = [None] * (len(leaves) + 1)
        with _told("going back twice"):
            if y.requires_grad:
                first = grad(y, leaves, g, create_graph=True, allow_unused=True)
                pairs = [(s, Tensor(v)) for s, v in zip(first, w, strict=True) if s is not None]
                pairs = [(s, v) for s, v in pairs if s.requires_grad]
                if pairs:
                    ends, weights = zip(*pairs, strict=True)
                    found = list(grad(ends, [*leaves, g], weights, allow_unused=True))
        likes = [*leaves, g]
        return [self.filled(x, y, "second gradient") for x, y in zip(found, likes, strict=True)]

    def called(
        self, arrays: Sequence[Array], orders: Sequence[Callable[[Array], Array]] = (_plain,)
    ) -> tuple[Tensor, list[Tensor]]:
        """Call f on leaves over copies, in these orders in memory in turn; none may change."""
        copies = [order(a) for order, a in zip(cycle(orders), arrays, strict=False)]
        leaves = [Tensor(a, requires_grad=True) for a in copies]
        y = self.f(*leaves)
        if not isinstance(y, Tensor):
            raise _Found(f"f returns no Tensor, but {type(y).__name__}")
        self.unchanged(leaves, arrays)
        return y, leaves

    def unchanged(self, leaves: Sequence[Tensor], arrays: Sequence[Array]) -> None:
        for i, (x, a) in enumerate(zip(leaves, arrays, strict=True)):
            if x.shape != a.shape or not np.array_equal(x.data, a, equal_nan=True):
                raise _Found(f"input {i} is changed")

    def pulled(
        self, y: Tensor, leaves: list[Tensor], arrays: Sequence[Array], g: Array
    ) -> list[Array]:
        """Return the gradients, of the right shape and dtype, and finite."""
        found: tuple[Tensor | None, ...] = (None,) * len(leaves)
        kept, upstream = g.copy(), Tensor(g)
        with _told("going back"):
            if y.requires_grad:
                found = grad(y, leaves, upstream, allow_unused=True)
        self.unchanged(leaves, arrays)
        if not np.array_equal(upstream.data, kept):
            raise _Found("the upstream gradient is changed")
        grads = [self.filled(x, like, "gradient") for x, like in zip(found, leaves, strict=True)]
        if not all(np.isfinite(x).all() for x in grads):
            raise _Found("a gradient is not finite")
        return grads

    def filled(self, x: Tensor | None, like: Tensor, what: str) -> Array:
        """Return the array of a gradient: zeros for None."""
        if x is None:
            return np.zeros(like.shape, like.dtype)
        if x.shape != like.shape or x.dtype != like.dtype:
            raise _Found(f"a {what} of {x.shape}, {x.dtype}, by {like.shape}, {like.dtype}")
        return x.data

    def pattern(self, shape: tuple[int, ...]) -> Array:
        """Return numbers without a pattern, of both signs, none near 0."""
        return self.rng.uniform(0.5, 1.5, shape) * self.rng.choice([-1.0, 1.0], shape)

    def tolerance(self, want: Any) -> Any:
        return self.atol + self.rtol * np.abs(want)


def _within(got: Any, want: Any, tolerance: Any) -> bool:
    """Whether all errors are within the tolerance; NaN is not."""
    return bool(np.all(np.abs(got - want) <= tolerance))


def _rounding(sizes: Array) -> float:
    """Return how wrong a sum of terms is that are known to a few units in the last place."""
    return 4.0 * 2.0**-53 * math.sqrt(float(np.sum(np.square(sizes))))


@contextmanager
def _told(when: str) -> Iterator[None]:
    """Make a problem of what a backward rule raises."""
    try:
        yield
    except (_Found, NotImplementedError):
        raise
    except Exception as error:
        raise _Found(f"{when} raises {type(error).__name__}: {error}") from error
