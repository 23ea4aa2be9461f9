"""Derivatives of whole functions: the Jacobian, and the Hessian's product with a vector."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograd.engine import grad
from autograd.shaping import concat, reshape
from autograd.tensor import Tensor, recording


def jacobian(f: Callable[[Tensor], Tensor], x: Tensor) -> Tensor:
    """Return all derivatives of ``f(x)`` by `x`.

    Calls `f` once, and goes back once for each element of the result. The Jacobian is recorded,
    even where recording is off outside, so that it can be differentiated again: the Hessian of g
    is the Jacobian of the gradient of g.

    Args:
        f: From a tensor to a tensor, of any shapes.
        x: Where. A leaf over the same memory takes its place if it does not require gradients.

    Returns:
        Shape ``(*f(x).shape, *x.shape)``, dtype of `x`; 0 where the result does not depend on x.
    """
    # BEGIN SOLUTION: one pass for each element of the result, with a 1 there; about 8 lines
    x = _leaf(x)
    with recording(True):
        y = f(x)
        rows = [_row(y, x, element) for element in np.ndindex(y.shape)]
        if not rows:
            return Tensor(np.zeros((*y.shape, *x.shape), x.dtype))
        return reshape(concat(rows), (*y.shape, *x.shape))
    # END SOLUTION


def hvp(f: Callable[[Tensor], Tensor], x: Tensor, v: Tensor) -> Tensor:
    """Return the Hessian of `f` at `x`, times `v`, without ever building the Hessian.

    Source: B. Pearlmutter, "Fast exact multiplication by the Hessian", Neural Computation 6(1),
    1994; here by going back twice: H v is the gradient of ⟨gradient of f, v⟩.

    Args:
        f: From a tensor to a tensor of one element.
        x: Where; as for `jacobian`.
        v: Shape and dtype of `x`.

    Returns:
        Shape and dtype of `x`; need not be recorded. A small multiple of the time and memory of
        one gradient, whatever the size of `x`.

    Raises:
        ValueError: ``f(x)`` has not exactly one element, or `v` has another shape than `x`.
    """
    # BEGIN SOLUTION: the gradient of a gradient; the first may be constant; about 10 lines
    x = _leaf(x)
    if v.shape != x.shape:
        raise ValueError(f"v has shape {v.shape}, x has {x.shape}")
    with recording(True):
        y = f(x)
        if y.size != 1:
            raise ValueError(f"f(x) has shape {y.shape}: a Hessian needs one element")
        slope = _pulled(y, x, Tensor(np.ones_like(y.data)))
    return _pulled(slope, x, v, create_graph=False)
    # END SOLUTION


def _leaf(x: Tensor) -> Tensor:
    """Return `x`, or a leaf over its memory that requires gradients."""
    return x if x.requires_grad else Tensor(x.data, requires_grad=True)


# BEGIN SOLUTION: functions of your own, if you like
def _row(y: Tensor, x: Tensor, element: tuple[int, ...]) -> Tensor:
    """Return the gradient of one element of `y`, as a row."""
    only = np.zeros_like(y.data)
    only[element] = 1.0
    return reshape(_pulled(y, x, Tensor(only)), (1, -1))


def _pulled(y: Tensor, x: Tensor, g: Tensor, create_graph: bool = True) -> Tensor:
    """Return the gradient of ⟨y, g⟩ by `x`: zeros if `y` does not depend on it."""
    found = None
    if y.requires_grad:
        (found,) = grad(y, x, g, create_graph=create_graph, allow_unused=True)
    return Tensor(np.zeros_like(x.data)) if found is None else found


# END SOLUTION
