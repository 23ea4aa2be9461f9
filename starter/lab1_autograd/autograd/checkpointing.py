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
    raise NotImplementedError("what fn finds by itself; one Function; 8 lines, and a class of your own")


# Write here: functions and classes of your own, if you like
