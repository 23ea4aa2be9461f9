"""The engine: carries gradients from results back to what they were computed from.

Source: Griewank, Walther, "Evaluating Derivatives", 2nd ed., SIAM 2008, chapter 3 (reverse mode).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from autograd.function import Function
from autograd.tensor import Tensor, recording


def backward(
    root: Tensor,
    grad: Tensor | None = None,
    *,
    retain_graph: bool = False,
    create_graph: bool = False,
) -> None:
    """Add the gradient of `root` to the `grad` of every leaf it depends on that requires gradients.

    If it raises, no leaf's `grad` has changed. No two of them share memory, nor does one with the
    argument `grad`.

    Args:
        root: What to differentiate.
        grad: Upstream gradient, of the shape and dtype of `root`. May be left out if `root` has one
            element; it is 1 then.
        retain_graph: Keep the graph, so that gradients can pass through it again.
        create_graph: Record the computation of the gradients, so that they can be differentiated;
            keeps the graph too.

    Raises:
        RuntimeError: `root` does not require gradients; its graph was freed; or the data that a
            function's backward reads was written to after the call.
        ValueError: `grad` is needed and missing, or has another shape.
        TypeError: `grad` has another dtype.
    """
    raise NotImplementedError("order, flow to the leaves, then accumulate out of place; about 7 lines")


def grad(
    outputs: Tensor | Sequence[Tensor],
    inputs: Tensor | Sequence[Tensor],
    grad_outputs: Tensor | Sequence[Tensor | None] | None = None,
    create_graph: bool = False,
    allow_unused: bool = False,
) -> tuple[Tensor | None, ...]:
    """Return the gradients of the outputs, added up, with respect to each input.

    Changes no `grad`. Visits only functions between the inputs and the outputs. The graph is freed
    where it was visited, unless `create_graph` is set.

    Args:
        outputs: What to differentiate.
        inputs: Leaves or results of functions; all must require gradients.
        grad_outputs: Upstream gradients, one for each output; None as for `backward`.
        create_graph: As for `backward`.
        allow_unused: Answer None for an input on which no output depends, instead of raising.

    Returns:
        One gradient for each input, of its shape and dtype.

    Raises:
        RuntimeError: an input does not require gradients, or is unused; and as for `backward`.
        ValueError: not one upstream gradient for each output; and as for `backward`.
        TypeError: as for `backward`.
    """
    raise NotImplementedError("as backward, but towards the inputs, and handed back; about 8 lines")


def _topological_order(roots: Iterable[Tensor]) -> list[Tensor]:
    """Return what the roots depend on, roots included: each tensor once, after all of its inputs.

    Tensors that require no gradients are left out. A graph may be deeper than Python's stack, and
    have more paths than could ever be walked.

    Raises:
        RuntimeError: the graph was freed somewhere: what lies behind is no longer known.
    """
    raise NotImplementedError("depth-first, on a stack of your own; about 12 lines")


def _flow(
    order: Sequence[Tensor],
    seeds: Mapping[Tensor, Tensor],
    targets: Iterable[Tensor],
    create_graph: bool,
    keep: bool,
) -> dict[Tensor, Tensor]:
    """Carry gradients from the seeds to the targets, through nothing but what lies between.

    Args:
        order: The graph, inputs first.
        seeds: Upstream gradients by tensor.
        targets: Where gradients are wanted.
        create_graph: Whether to record what the backward rules compute.
        keep: Whether to leave the graph as it is; else the functions passed are released.

    Returns:
        The gradients of the targets that were reached.

    Raises:
        RuntimeError: data that a backward rule would read has changed.
    """
    raise NotImplementedError("mark what leads to a target; go through once, backwards; about 20 lines")


def _refuse_released(node: Tensor) -> None:
    """Raise RuntimeError if the graph was freed at `node`."""
    raise NotImplementedError("about 2 lines")


def _refuse_changed(op: Function) -> None:
    """Raise RuntimeError if an input that ``op.backward`` reads was written to since the call."""
    raise NotImplementedError("compare versions, where values are read; about 3 lines")


def _seeds(
    outputs: Sequence[Tensor], grads: Tensor | Sequence[Tensor | None] | None
) -> dict[Tensor, Tensor]:
    """Return the upstream gradient of each output, checked; given. Errors as for `grad`."""
    grads = [None] * len(outputs) if grads is None else grads
    grads = [grads] if isinstance(grads, Tensor) else list(grads)
    if len(grads) != len(outputs):
        raise ValueError(f"{len(grads)} upstream gradients for {len(outputs)} outputs")
    seeds: dict[Tensor, Tensor] = {}
    for output, given in zip(outputs, grads, strict=True):
        g = _seed(output, given)
        seeds[output] = seeds[output] + g if output in seeds else g
    return seeds


def _seed(output: Tensor, given: Tensor | None) -> Tensor:
    """Return the upstream gradient of one output: the one given, checked, or 1."""
    if not output.requires_grad:
        raise RuntimeError("an output does not require gradients: nothing was recorded for it")
    if given is None and output.size != 1:
        raise ValueError(f"an output of shape {output.shape} needs an upstream gradient")
    if given is None:
        return _filled_like(output, 1.0)
    if given.shape != output.shape:
        raise ValueError(f"upstream gradient of shape {given.shape}, output of {output.shape}")
    if given.dtype != output.dtype:
        raise TypeError(f"upstream gradient of {given.dtype}, output of {output.dtype}")
    return given


def _listed(value: Tensor | Sequence[Tensor]) -> list[Tensor]:
    return [value] if isinstance(value, Tensor) else list(value)


def _filled_like(x: Tensor, value: float) -> Tensor:
    return Tensor(np.full_like(x.data, value))
