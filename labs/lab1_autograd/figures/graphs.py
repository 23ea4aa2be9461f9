"""Figures of 1.6 and of the idea: graphs, with values going forward and gradients going back.

The numbers in them are computed here, by hand-written derivatives, and not copied from the text.
"""

import math
from collections.abc import Sequence

from drawing import BACKWARD, FORWARD, LEAF, PAPER, RESULT, SOFT, Drawing, Point, number

NODE = (142.0, 84.0)  # width and height of a node
GAP = 6.0  # half the distance between an edge's way forward and its way back


def node(d: Drawing, at: Point, formula: str, value: float, gradient: float, leaf: bool) -> None:
    """Draw a tensor around `at`: what it is, its value, and the gradient that arrived at it."""
    x, y = at[0] - NODE[0] / 2, at[1] - NODE[1] / 2
    d.box(x, y, *NODE, LEAF if leaf else RESULT)
    d.text((at[0], y + 24), formula, bold=True)
    d.text((at[0], y + 48), f"value {number(value)}", FORWARD)
    d.text((at[0], y + 71), f"gradient {number(gradient)}", BACKWARD)


def edge(
    d: Drawing, source: Point, target: Point, sent: str, label: Point, ports: Point = (0, 0)
) -> None:
    """Join two nodes: values go to the right, `sent` goes back; `label` is where to write it.

    `ports` says how far below the middle of its two nodes the edge begins and ends.
    """
    x, y = source[0] + NODE[0] / 2 + 3, source[1] + ports[0]
    u, v = target[0] - NODE[0] / 2 - 3, target[1] + ports[1]
    d.arrow((x, y - GAP), (u, v - GAP))
    d.arrow((u, v + GAP), (x, y + GAP), color=BACKWARD)
    d.text(label, sent, BACKWARD, 15)


def tape() -> str:
    """The worked example: x y + tanh(x) at x = 0.5, y = 3, forward and back."""
    x, y = 0.5, 3.0
    product, curve = x * y, math.tanh(x)
    slope = 1 - curve**2
    d = Drawing(
        "The graph of x y + tanh(x)",
        "Values flow from the leaves x and y to the result; gradients flow back along the same "
        "edges. x is used twice, and its gradient is the sum of two parts.",
        960,
        400,
    )
    at_x, at_y, at_t = (105.0, 120.0), (105.0, 300.0), (480.0, 80.0)
    at_p, at_f = (480.0, 270.0), (850.0, 175.0)
    sent = f"1 · (1 \N{MINUS SIGN} tanh² x) = {number(slope)}"
    edge(d, at_x, at_t, sent, (285, 70), (-22, 0))
    edge(d, at_x, at_p, f"1 · y = {number(y)}", (345, 180), (22, -22))
    edge(d, at_y, at_p, f"1 · x = {number(x)}", (300, 330), (0, 22))
    edge(d, at_t, at_f, "1 · 1 = 1", (690, 92), (0, -22))
    edge(d, at_p, at_f, "1 · 1 = 1", (690, 268), (0, 22))
    node(d, at_x, "x", x, y + slope, leaf=True)
    node(d, at_y, "y", y, x, leaf=True)
    node(d, at_t, "t = tanh(x)", curve, 1, leaf=False)
    node(d, at_p, "p = x · y", product, 1, leaf=False)
    node(d, at_f, "f = p + t", product + curve, 1, leaf=False)
    legend(d, 380, "values, forward", "gradients, back: what arrives, times the local derivative")
    return d.svg()


def legend(d: Drawing, y: float, forward: str, backward: str) -> None:
    """Say which arrow is which."""
    d.arrow((40, y - 5), (90, y - 5))
    d.text((100, y), forward, FORWARD, 15, "start")
    d.arrow((300, y - 5), (250, y - 5), color=BACKWARD)
    d.text((310, y), backward, BACKWARD, 15, "start")


def order() -> str:
    """Two paths of different lengths that part and meet: why the order matters."""
    x = 2.0
    a = 3 * x
    e, b = a + 2, a + 1
    c = 2 * b
    from_b, from_e = 2 * e, c  # what b and e send back to a
    d = Drawing(
        "Where paths meet",
        "A graph in which a is used by b and by e. Going back, a sends its gradient on only when "
        "both parts have arrived: in reverse topological order.",
        1040,
        470,
    )
    at = {
        "x": (86.0, 150.0), "a": (290.0, 150.0), "e": (600.0, 70.0),
        "b": (500.0, 236.0), "c": (705.0, 236.0), "d": (950.0, 150.0),
    }  # fmt: skip
    edge(d, at["x"], at["a"], number(3 * (from_e + from_b)), (188, 180))
    edge(d, at["a"], at["e"], number(from_e), (458, 126), (-22, 0))
    edge(d, at["a"], at["b"], number(from_b), (382, 228), (22, -10))
    edge(d, at["b"], at["c"], number(from_b), (602, 266))
    edge(d, at["e"], at["d"], number(c), (800, 84), (0, -22))
    edge(d, at["c"], at["d"], number(e), (838, 240), (0, 22))
    node(d, at["x"], "x", x, 3 * (from_e + from_b), leaf=True)
    node(d, at["a"], "a = 3x", a, from_e + from_b, leaf=False)
    node(d, at["e"], "e = a + 2", e, c, leaf=False)
    node(d, at["b"], "b = a + 1", b, 2 * e, leaf=False)
    node(d, at["c"], "c = 2b", c, e, leaf=False)
    node(d, at["d"], "d = e · c", e * c, 1, leaf=False)
    sequence(d, 332, "Inputs first:", ["x", "a", "e", "b", "c", "d"], FORWARD)
    sequence(d, 382, "The way back:", ["d", "c", "b", "e", "a", "x"], BACKWARD)
    told = f"a waits for {number(from_e)} from e and {number(from_b)} from b, "
    told += f"and then sends its whole gradient, {number(from_e + from_b)}, on: once."
    d.text((520, 442), told, SOFT)
    return d.svg()


def sequence(d: Drawing, y: float, label: str, names: Sequence[str], color: str) -> None:
    """Write names in a row, joined by arrows."""
    d.text((350, y + 6), label, color, anchor="end", bold=True)
    for k, name in enumerate(names):
        x = 400 + 84 * k
        d.box(x - 20, y - 17, 40, 34, PAPER, color)
        d.text((x, y + 6), name, bold=True)
        if k:
            d.arrow((x - 60, y), (x - 24, y), color=color)
