"""Draws what an autograd engine recorded: tensors, the functions that made them, and gradients.

Any engine will do whose tensors have `op` (None for a leaf), `shape` and `requires_grad`, and whose
functions have `inputs`.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from labkit.notebook.picture import Picture, Point, number

MOST = 40  # tensors: more cannot be read
_WIDE, _HIGH, _GAP, _ROW = 104.0, 40.0, 44.0, 68.0  # pixels, of boxes and between them
_TOP, _RISE, _APART = 22.0, 18.0, 10.0  # of arrows over boxes, and between arrows into one


def graph(result: Any, *, names: Mapping[str, Any] | None = None) -> Picture:
    """Draw the functions and leaves that `result` was computed from, left to right.

    Args:
        result: A tensor.
        names: Tensors that shall be called something.

    Raises:
        ValueError: there are more than `MOST` tensors.
    """
    tensors = _found(result)
    return _drawn("The graph that was recorded", tensors, names or {}, {})


def flow(
    result: Any, grad: Callable[..., Any], *, names: Mapping[str, Any] | None = None
) -> Picture:
    """Draw the graph of a scalar with the size of the gradient that reaches each tensor.

    Args:
        result: A tensor of one element.
        grad: ``grad(result, tensors)``, the engine's; it uses the graph up.
        names: As for `graph`.

    Raises:
        ValueError: there are more than `MOST` tensors.
    """
    tensors = _found(result)
    inputs = {id(tensor): _inputs(tensor) for tensor in tensors}
    wanted = [t for t in tensors if t.requires_grad and t is not result]
    norms = {id(result): 1.0}
    for tensor, gradient in zip(wanted, grad(result, wanted), strict=True):
        norms[id(tensor)] = float((gradient.data**2).sum() ** 0.5)
    return _drawn("The gradient that reaches each tensor", tensors, names or {}, norms, inputs)


def _inputs(tensor: Any) -> tuple[Any, ...]:
    return () if tensor.op is None else tuple(tensor.op.inputs)


def _found(result: Any) -> list[Any]:
    """Return all tensors below `result`, inputs before what was made from them."""
    order, seen, todo = [], set(), [(result, False)]
    while todo:
        tensor, done = todo.pop()
        if done:
            order.append(tensor)
        elif id(tensor) not in seen:
            seen.add(id(tensor))
            todo += [(tensor, True), *((i, False) for i in reversed(_inputs(tensor)))]
        if len(seen) > MOST:
            raise ValueError(f"the graph has more than {MOST} tensors; draw a smaller one")
    return order


def _drawn(
    title: str,
    tensors: Sequence[Any],
    names: Mapping[str, Any],
    norms: Mapping[int, float],
    inputs: Mapping[int, Sequence[Any]] | None = None,
) -> Picture:
    below = inputs or {id(tensor): _inputs(tensor) for tensor in tensors}
    places = _places(tensors, below)
    across, down = (max(p[i] for p in places.values()) for i in (0, 1))
    picture = Picture(title, across + _WIDE + 2, down + _HIGH + 20)
    called = {id(tensor): name for name, tensor in names.items()}
    for tensor in tensors:
        for nth, source in enumerate(below[id(tensor)]):
            shift = _APART * (nth - (len(below[id(tensor)]) - 1) / 2)
            edge = places[id(source)], places[id(tensor)]
            _edge(picture, *edge, norms.get(id(source)), shift)
    for tensor in tensors:
        made_by = type(tensor.op).__name__ if tensor.op is not None else ""
        name = called.get(id(tensor), made_by or "tensor")
        _node(picture, places[id(tensor)], name, tensor, norms.get(id(tensor)))
    return picture


def _places(tensors: Sequence[Any], below: Mapping[int, Sequence[Any]]) -> dict[int, Point]:
    """Return the upper left of each tensor's box: a column for each distance from the leaves."""
    column: dict[int, int] = {}
    for tensor in tensors:
        column[id(tensor)] = max((column[id(i)] + 1 for i in below[id(tensor)]), default=0)
    # A leaf stands right before what it goes into, so that no arrow crosses the whole picture.
    for tensor in reversed(tensors):
        users = [column[id(t)] for t in tensors if any(i is tensor for i in below[id(t)])]
        if users:
            column[id(tensor)] = min(users) - 1
    rows: dict[int, int] = {}
    places = {}
    for tensor in tensors:
        at = column[id(tensor)]
        rows[at] = rows.get(at, -1) + 1
        places[id(tensor)] = (1 + at * (_WIDE + _GAP), _TOP + rows[at] * _ROW)
    return places


def _edge(picture: Picture, source: Point, target: Point, norm: float | None, shift: float) -> None:
    """Draw an arrow the way values go, or back, the way a gradient of size `norm` goes."""
    color = "soft" if norm is None else "backward"
    width = 1.5 if norm is None else min(max(1 + norm, 1), 5)
    if target[0] - source[0] > _WIDE + 2 * _GAP:  # over the boxes between
        start, end = (source[0] + _WIDE / 2, source[1]), (target[0] + _WIDE / 2 + shift, target[1])
        start, end = (start, end) if norm is None else (end, start)
        picture.arc(start, min(start[1], end[1]) - _RISE, end, color=color, width=width)
        return
    start = (source[0] + _WIDE, source[1] + _HIGH / 2 + shift)
    end = (target[0], target[1] + _HIGH / 2 + shift)
    points = [start, end] if norm is None else [end, start]
    picture.line(points, color=color, width=width, head=True)


def _node(picture: Picture, at: Point, name: str, tensor: Any, norm: float | None) -> None:
    is_leaf = tensor.op is None
    stroke = "forward" if tensor.requires_grad else "line"
    picture.box(
        at, (_WIDE, _HIGH), fill="paper" if is_leaf else "box", stroke=stroke, dashed=is_leaf
    )
    middle = at[0] + _WIDE / 2
    picture.text((middle, at[1] + 17), name, size=13)
    picture.text((middle, at[1] + 33), str(tuple(tensor.shape)), color="soft", size=11)
    if norm is not None:
        shown = f"‖g‖ = {number(norm)}"
        picture.text((middle, at[1] + _HIGH + 14), shown, color="backward", size=11)
