"""The engine: carries gradients from results back to what they were computed from.

Source: Griewank, Walther, "Evaluating Derivatives", 2nd ed., SIAM 2008, chapter 3 (reverse mode).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from autograd.function import Function
from autograd.tensor import Array, Tensor, recording


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
    seeds = _seeds([root], grad)
    order = _topological_order([root])
    leaves = [x for x in order if x.op is None]
    found = _flow(order, seeds, leaves, create_graph, retain_graph or create_graph)
    with recording(create_graph):
        sums = [(x, _Copy()(g) if x.grad is None else x.grad + g) for x, g in found.items()]
    for x, total in sums:  # nothing can fail any more
        x.grad = total


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
    outputs, inputs = _listed(outputs), _listed(inputs)
    if not all(x.requires_grad for x in inputs):
        raise RuntimeError("an input does not require gradients")
    seeds = _seeds(outputs, grad_outputs)
    order = _topological_order(outputs)
    if not allow_unused and not set(order).issuperset(inputs):
        raise RuntimeError("no output depends on one of the inputs (see allow_unused)")
    found = _flow(order, seeds, inputs, create_graph, create_graph)
    if not allow_unused and not found.keys() >= set(inputs):
        raise RuntimeError("nothing flows to one of the inputs (see allow_unused)")
    with recording(create_graph):
        return tuple(_Copy()(found[x]) if x in found else None for x in inputs)


def _topological_order(roots: Iterable[Tensor]) -> list[Tensor]:
    """Return what the roots depend on, roots included: each tensor once, after all of its inputs.

    Tensors that require no gradients are left out. A graph may be deeper than Python's stack, and
    have more paths than could ever be walked.

    Raises:
        RuntimeError: the graph was freed somewhere: what lies behind is no longer known.
    """
    uses = {root: 0 for root in roots if root.requires_grad}  # how often each tensor is used
    todo = list(uses)
    while todo:
        node = todo.pop()
        _refuse_released(node)
        for x in node.inputs:
            if x.requires_grad:
                if x not in uses:
                    uses[x] = 0
                    todo.append(x)
                uses[x] += 1
    ready, last_first = [x for x, n in uses.items() if n == 0], []
    while ready:  # all that use it have had their turn
        node = ready.pop()
        last_first.append(node)
        for x in node.inputs:
            if x.requires_grad:
                uses[x] -= 1
                if uses[x] == 0:
                    ready.append(x)
    return last_first[::-1]


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
    wanted, leads = set(targets), set[Tensor]()
    for node in order:
        if node in wanted or not leads.isdisjoint(node.inputs):
            leads.add(node)
    arrived, found, passed = dict(seeds), dict[Tensor, Tensor](), list[Function]()
    with recording(create_graph):
        for node in reversed(order):
            g = arrived.pop(node, None)
            if g is None:
                continue
            if node in wanted:
                found[node] = g
            if node.op is None or leads.isdisjoint(node.inputs):
                continue
            _refuse_changed(node.op)
            for x, part in zip(node.inputs, node.op.backward(g), strict=True):
                if part is not None and x in leads:
                    arrived[x] = arrived[x] + part if x in arrived else part
            passed.append(node.op)
    if not keep:
        for op in passed:  # only now: a pass that raises leaves the graph as it was
            op.release()
    return found


def _refuse_released(node: Tensor) -> None:
    """Raise RuntimeError if the graph was freed at `node`."""
    if node.op is not None and node.op.released:
        raise RuntimeError(f"the graph was freed at {type(node.op).__name__} (see retain_graph)")


def _refuse_changed(op: Function) -> None:
    """Raise RuntimeError if an input that ``op.backward`` reads was written to since the call."""
    now = tuple(x.version for x in op.inputs)
    if op.reads_inputs and now != op.versions:
        raise RuntimeError(f"an input of {type(op).__name__} was written to since the call")


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


class _Copy(Function):
    """x in memory of its own, so that no two gradients share any."""

    reads_inputs = False

    def forward(self, x: Array) -> Array:
        """Return `x`; the caller copies it."""
        return x

    def backward(self, g: Tensor) -> tuple[Tensor]:
        """Return g."""
        return (g,)
