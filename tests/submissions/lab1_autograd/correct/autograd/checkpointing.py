"""Checkpointing: memory for time. What lies between two tensors is computed again on the way back.

Source: T. Chen et al., "Training deep nets with sublinear memory cost", 2016.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.engine import _topological_order, grad
from autograd.function import Function
from autograd.shaping import concat, reshape, split
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
    if not is_recording():
        return fn(*xs)
    state = None if rng is None else deepcopy(rng.bit_generator.state)
    args = _leaves(xs)
    y = fn(*args)
    order = _topological_order([y])
    if not order:  # nothing that requires gradients
        return y
    found = [x for x in order if x.op is None and x not in set(args)]
    value = y.data
    del y, order, args  # the graph of this call
    return _Checkpoint(_Segment(fn, rng, state, tuple(found)), value)(*xs, *found)


@dataclass(frozen=True)
class _Segment:
    """What is needed to compute a segment again, and its gradients."""

    fn: Callable[..., Tensor]
    rng: Rng | None
    state: Any  # of rng, before the first call
    found: tuple[Tensor, ...]  # leaves that fn finds by itself

    def pulled(self, g: Tensor, xs: tuple[Tensor, ...]) -> tuple[Tensor | None, ...]:
        """Call fn on `xs`, which are leaves, and go back; recorded if things are being recorded.

        Returns:
            The gradients by `xs` and by the leaves found; None where nothing flows.
        """
        create_graph = is_recording()
        with recording(True), _replayed(self.rng, self.state):
            y = self.fn(*xs)
        ends = [x for x in (*xs, *self.found) if x.requires_grad]
        grads = grad(y, ends, g, create_graph=create_graph, allow_unused=True)
        by_end = dict(zip(ends, grads, strict=True))
        return tuple(by_end.get(x) for x in (*xs, *self.found))


class _Checkpoint(Function):
    """The value of a segment that was computed before; going back computes it again."""

    def __init__(self, segment: _Segment, value: Array) -> None:
        super().__init__()
        self.segment, self.value = segment, [value]

    def forward(self, *_: Array) -> Array:
        """Return the value, and keep it no longer."""
        return self.value.pop()

    def backward(self, g: Tensor) -> tuple[Tensor | None, ...]:
        """Return the gradients by the arguments, and by the leaves found.

        If they are recorded, they are themselves a checkpoint: a function of g and the arguments.
        """
        segment, count = self.segment, len(self.inputs) - len(self.segment.found)
        xs = self.inputs[:count]
        if not is_recording():
            return segment.pulled(g, _leaves(xs))
        kept: list[int] = []  # numbers of the gradients that are there

        def packed(g: Tensor, *xs: Tensor) -> Tensor:
            grads = segment.pulled(g, xs)
            kept[:] = [i for i, x in enumerate(grads) if x is not None]
            return concat([reshape(x, (x.size,)) for x in grads if x is not None] or [_empty(g)])

        parts = split(checkpoint(packed, g, *xs), [self.inputs[i].size for i in kept])
        grads: list[Tensor | None] = [None] * len(self.inputs)
        for i, part in zip(kept, parts, strict=True):
            grads[i] = reshape(part, self.inputs[i].shape)
        return tuple(grads)


def _empty(like: Tensor) -> Tensor:
    return Tensor(np.zeros(0, like.dtype))


def _leaves(xs: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
    """Return leaves over the memory of `xs`, at which a way back ends."""
    return tuple(Tensor(x.data, requires_grad=x.requires_grad) for x in xs)


@contextmanager
def _replayed(rng: Rng | None, state: Any) -> Iterator[None]:
    """Let `rng` draw from an earlier state, and leave it as it was before."""
    if rng is None:
        yield
        return
    now = deepcopy(rng.bit_generator.state)
    rng.bit_generator.state = deepcopy(state)
    try:
        yield
    finally:
        rng.bit_generator.state = now
