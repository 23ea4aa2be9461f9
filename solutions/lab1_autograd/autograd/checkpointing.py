"""Checkpointing: memory for time. What lies between two tensors is computed again on the way back.

Source: T. Chen et al., "Training deep nets with sublinear memory cost", 2016.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from autograd.engine import _topological_order, grad
from autograd.function import Function
from autograd.tensor import Array, Tensor, is_recording, recording

Rng = np.random.Generator


def checkpoint(fn: Callable[..., Tensor], *xs: Tensor, rng: Rng | None = None) -> Tensor:
    """Return ``fn(*xs)`` as one node of the graph, which keeps its inputs and nothing in between.

    On the way back, `fn` is called again, and the gradients go through what it then recorded.

    Args:
        fn: From tensors to a tensor. Parameters that it finds by itself (those of a module, say)
            receive their gradients as well. Other results that it needs must be in `xs`.
        xs: Its arguments.
        rng: What `fn` draws from. The second call draws the same numbers as the first, and leaves
            `rng` as if there had been no second call.

    Returns:
        The value of ``fn(*xs)``. Requires gradients only where the result of a plain call would:
        not if nothing is being recorded, or if the value depends on nothing that requires them.
    """
    # BEGIN SOLUTION: what fn finds by itself; one Function; 8 lines, and a class of your own
    state = None if rng is None else rng.bit_generator.state
    arguments = _detached(xs)
    y = fn(*arguments)
    if not y.requires_grad:
        return y
    leaves = [x for x in _topological_order([y]) if x.op is None]
    found = [x for x in leaves if x not in arguments]
    return _Segment(fn, len(xs), y.data, _Replay(rng, state))(*xs, *found)
    # END SOLUTION


# BEGIN SOLUTION: functions and classes of your own, if you like
class _Replay:
    """Lets a generator draw again what it drew since it was in `state`."""

    def __init__(self, rng: Rng | None, state: Any) -> None:
        self.rng, self.state = rng, state

    @contextmanager
    def __call__(self) -> Iterator[None]:
        if self.rng is None:
            yield
            return
        now = self.rng.bit_generator.state
        self.rng.bit_generator.state = self.state
        try:
            yield
        finally:
            self.rng.bit_generator.state = now


class _Segment(Function):
    """The first `count` inputs are arguments of `fn`; it finds the others by itself."""

    def __init__(
        self, fn: Callable[..., Tensor], count: int, value: Array, replay: _Replay
    ) -> None:
        super().__init__()
        self.fn, self.count, self.value, self.replay = fn, count, value, replay

    def forward(self, *xs: Array) -> Array:
        value, self.value = self.value, np.empty(0)  # the result keeps it, not this node
        return value

    def backward(self, g: Tensor) -> tuple[Tensor | None, ...]:
        create_graph = is_recording()
        xs, found = self.inputs[: self.count], self.inputs[self.count :]
        # Detached: one argument may lead to another, or a parameter to an argument, outside of fn.
        arguments = _detached(xs)
        with self.replay(), recording(True):
            y = self.fn(*arguments)
        ends = [x for x in (*arguments, *found) if x.requires_grad]
        grads = iter(grad(y, ends, g, create_graph=create_graph, allow_unused=True))
        if create_graph:
            _attach(arguments, xs)
        return tuple(next(grads) if x.requires_grad else None for x in (*arguments, *found))


def _detached(xs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    """Return leaves over the memory of `xs`."""
    return tuple(Tensor(x.data, requires_grad=x.requires_grad) for x in xs)


class _Same(Function):
    """The identity, as if it had been called with `x`."""

    def __init__(self, x: Tensor) -> None:
        super().__init__()
        self.inputs, self.versions = (x,), (x.version,)

    def backward(self, g: Tensor) -> tuple[Tensor]:
        return (g,)


def _attach(detached: tuple[Tensor, ...], xs: tuple[Tensor, ...]) -> None:
    """Let gradients go on from `detached` to `xs`, in what was computed from them."""
    for leaf, x in zip(detached, xs, strict=True):
        if x.requires_grad:
            leaf.op = _Same(x)


# END SOLUTION
