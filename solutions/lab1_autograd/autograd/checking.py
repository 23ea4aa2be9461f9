"""The checker: compares the gradients of a function with differences of its values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

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
        differences, or depends on the order of the input in memory (by rows, by columns, or
        backwards); or if second derivatives, by the inputs and by g, differ from the difference.

    Raises:
        TypeError: an input is not float64: differences would be noise.
    """
    # BEGIN SOLUTION: cheap checks first; about 10 lines, and functions of your own
    if any(x.dtype != np.float64 for x in inputs):
        raise TypeError("gradcheck needs float64: in float32 a difference is mostly rounding")
    probe = _Probe(f, [x.numpy() for x in inputs], _Tolerance(eps, rtol, atol))
    checks = (
        probe.values,
        probe.first_derivatives,
        probe.memory_orders,
        probe.second_derivatives,
    )
    for check in checks:
        if problems := tuple(check()):
            return Report(problems)
    return Report(())
    # END SOLUTION


# BEGIN SOLUTION: functions and classes of your own, if you like
@dataclass(frozen=True)
class _Tolerance:
    """How wide the differences are, and how far from them a derivative may be."""

    eps: float
    rtol: float
    atol: float

    def step(self, x: Array) -> Array:
        """Return the step at each element: relative where it is large, or rounding would win."""
        return np.asarray(self.eps * np.maximum(1.0, np.abs(x)))

    def differs(self, got: Array, want: Array, scale: float = 0.0) -> Array:
        """Return where `got` is not `want`. NaN never is."""
        allowed = self.atol + self.rtol * np.maximum(np.abs(want), scale)
        return np.asarray(~(np.abs(got - want) <= allowed))


class _Probe:
    """One function at one place, and an upstream gradient that has no pattern."""

    def __init__(self, f: Operator, xs: Sequence[Array], tolerance: _Tolerance) -> None:
        self.f, self.xs, self.tolerance = f, xs, tolerance
        self.rng = np.random.default_rng(0)
        self.value = self.call(self.copies())
        self.g = self.like(self.value)

    def copies(self) -> list[Array]:
        return [x.copy() for x in self.xs]

    def like(self, array: Array) -> Array:
        """Return numbers of either sign, none near 0, in the shape of `array`."""
        signs = self.rng.choice([-1.0, 1.0], array.shape)
        return np.asarray(signs * self.rng.uniform(0.5, 1.5, array.shape))

    def call(self, xs: Sequence[Array]) -> Array:
        with recording(False):
            return self.f(*map(Tensor, xs)).numpy()

    def pull(
        self, xs: Sequence[Array], g: Array, create_graph: bool = False
    ) -> tuple[list[Tensor], list[Tensor | None]]:
        """Return leaves over `xs` and `g`, and the gradients of ⟨f(xs), g⟩ by `xs`."""
        *leaves, seed = (Tensor(x, requires_grad=True) for x in (*xs, g))
        y = self.f(*leaves)
        if not y.requires_grad:
            return [*leaves, seed], [None] * len(leaves)
        found = grad(y, leaves, seed, create_graph=create_graph, allow_unused=True)
        return [*leaves, seed], list(found)

    def values(self) -> Iterator[str]:
        """The same value in every call; inputs that are as they were."""
        xs = self.copies()
        if not np.array_equal(self.call(xs), self.value):
            yield "the value is not finite, or changes from call to call"
        self.pull(xs, self.g)
        for i, (x, kept) in enumerate(zip(xs, self.xs, strict=True)):
            if not np.array_equal(x, kept):
                yield f"input {i} is changed"

    def first_derivatives(self) -> Iterator[str]:
        """Shape, dtype, and every element."""
        _, grads = self.pull(self.copies(), self.g)
        for i, (x, g) in enumerate(zip(self.xs, grads, strict=True)):
            if g is not None and (g.shape, g.dtype) != (x.shape, x.dtype):
                yield f"input {i}: a gradient of shape {g.shape}, {g.dtype}, not {x.shape}"
                continue
            got, want = _or_zeros(g, x), self.differences(i)
            for at in map(tuple, np.argwhere(self.tolerance.differs(got, want))):
                where = tuple(map(int, at))
                yield f"input {i}{list(where)}: gradient {got[at]}, but difference {want[at]}"

    def differences(self, i: int) -> Array:
        """Return central differences of ⟨f, g⟩ by each element of input `i`."""
        out, steps = np.empty_like(self.xs[i]), self.tolerance.step(self.xs[i])
        for at in np.ndindex(out.shape):
            up, down = self.copies(), self.copies()
            up[i][at] += steps[at]
            down[i][at] -= steps[at]
            width = up[i][at] - down[i][at]  # not 2 * step: x + step is rounded
            out[at] = np.sum((self.call(up) - self.call(down)) * self.g) / width
        return out

    def memory_orders(self) -> Iterator[str]:
        """Elements that lie by columns, or backwards, are the same elements."""
        _, grads = self.pull(self.copies(), self.g)
        for arranged in (_by_columns, _backwards):
            _, again = self.pull([arranged(x) for x in self.xs], arranged(self.g))
            for i, (x, g, h) in enumerate(zip(self.xs, grads, again, strict=True)):
                if self.tolerance.differs(_or_zeros(h, x), _or_zeros(g, x)).any():
                    yield f"input {i}: the gradient depends on the order in memory"

    def second_derivatives(self) -> Iterator[str]:
        """The gradients, weighted, as a function of the inputs and of g: one direction tells."""
        weights = [self.like(x) for x in self.xs]
        ways = [self.like(x) * self.tolerance.step(x) for x in (*self.xs, self.g)]
        leaves, grads = self.pull(self.copies(), self.g, create_graph=True)
        bends = [
            _or_zeros(h, x.data)
            for h, x in zip(_pulled(grads, weights, leaves), leaves, strict=True)
        ]
        got = _inner(bends, ways)
        high, low = (self.weighted(weights, ways, sign) for sign in (1, -1))
        size = _inner(map(np.abs, bends), map(np.abs, ways)) + 1e-9 * (abs(high) + abs(low))
        eps = self.tolerance.eps
        want = np.asarray((high - low) / 2)
        if self.tolerance.differs(np.asarray(got) / eps, want / eps, size / eps):
            yield "the gradient of the gradients is not their difference"

    def weighted(self, weights: Sequence[Array], ways: Sequence[Array], sign: int) -> float:
        """Return ⟨gradients, weights⟩ one step along `ways`."""
        *xs, g = (x + sign * way for x, way in zip((*self.xs, self.g), ways, strict=True))
        _, grads = self.pull(xs, g)
        return _inner([_or_zeros(y, x) for y, x in zip(grads, xs, strict=True)], weights)


def _pulled(
    ends: Sequence[Tensor | None], weights: Sequence[Array], leaves: Sequence[Tensor]
) -> Sequence[Tensor | None]:
    """Return the gradients of ⟨ends, weights⟩; ends that no leaf decides count for nothing."""
    pairs = [(y, Tensor(w)) for y, w in zip(ends, weights, strict=True) if y is not None]
    pairs = [(y, w) for y, w in pairs if y.requires_grad]
    if not pairs:
        return [None] * len(leaves)
    ys, ws = zip(*pairs, strict=True)
    return grad(ys, leaves, ws, allow_unused=True)


def _inner(some: Iterable[Array], others: Iterable[Array]) -> float:
    return sum(float(np.sum(a * b)) for a, b in zip(some, others, strict=True))


def _or_zeros(g: Tensor | None, x: Array) -> Array:
    return np.zeros_like(x) if g is None else g.data


def _by_columns(x: Array) -> Array:
    return np.array(x, order="F")


def _backwards(x: Array) -> Array:
    back = (slice(None, None, -1),) * x.ndim
    return x[back].copy()[back]


# END SOLUTION
