"""Figures of 1.1 and 1.10: matrices, cell by cell."""

from collections.abc import Sequence

from drawing import BACKWARD, FORWARD, INK, PAPER, SOFT, TINTS, Drawing, number

CELL = (52.0, 40.0)


def grid(d: Drawing, left: float, top: float, rows: Sequence[Sequence[float]]) -> None:
    """Draw a matrix; each row has a tint of its own."""
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            x, y = left + j * CELL[0], top + i * CELL[1]
            d.box(x, y, *CELL, TINTS[i])
            d.text((x + CELL[0] / 2, y + 26), number(value), size=17)


def broadcasting() -> str:
    """(3, 1) repeated to (3, 4), and the sum back."""
    x, g = [10, 20, 30], [[1, 2, 3, 4], [0, 1, 0, 1], [5, 0, 2, 0]]
    d = Drawing(
        "Broadcasting and its adjoint",
        "broadcast_to repeats a column of shape (3, 1) four times, to shape (3, 4). unbroadcast "
        "adds each row of an upstream gradient of shape (3, 4) up to shape (3, 1).",
        960,
        470,
    )
    grid(d, 150, 62, [[v] for v in x])
    grid(d, 650, 62, [[v] * 4 for v in x])
    d.text((176, 46), "x", FORWARD, bold=True)
    d.text((754, 46), "broadcast_to(x, (3, 4))", FORWARD, bold=True)
    d.text((176, 206), "shape (3, 1)", SOFT)
    d.text((754, 206), "shape (3, 4)", SOFT)
    d.arrow((235, 122), (620, 122))
    d.text((427, 108), "forward: each element is used 4 times", FORWARD)
    grid(d, 150, 282, [[sum(row)] for row in g])
    grid(d, 650, 282, g)
    d.text((176, 266), "unbroadcast(g, (3, 1))", BACKWARD, bold=True)
    d.text((754, 266), "g, the upstream gradient", BACKWARD, bold=True)
    d.text((176, 426), "shape (3, 1)", SOFT)
    d.text((754, 426), "shape (3, 4)", SOFT)
    d.arrow((620, 342), (235, 342), color=BACKWARD)
    d.text((427, 328), "back: its 4 gradients are added", BACKWARD)
    first = " + ".join(map(number, g[0]))
    d.text((427, 372), f"first row: {first} = {number(sum(g[0]))}", SOFT)
    return d.svg()


SEEN, HIDDEN = TINTS[0], PAPER
SIDE = 34.0  # of a cell of a mask

MASKS = (
    (4, 4, "queries = keys", "training: a triangle"),
    (2, 5, "queries < keys", "3 keys were there before"),
    (5, 3, "queries > keys", "the first two see nothing: 0"),
)


def masks() -> str:
    """Which query sees which key, for three pairs of lengths; and who shares keys with whom."""
    d = Drawing(
        "Causal masks, and heads that share keys",
        "The masks of 4 queries and 4 keys, of 2 and 5, and of 5 and 3, all aligned at the bottom "
        "right: the last query sees every key, and each one before sees one key less. Below: "
        "heads 0 and 1 of q use head 0 of k and v, heads 2 and 3 use head 1.",
        960,
        520,
    )
    for left, (queries, keys, name, meaning) in zip((70, 390, 720), MASKS, strict=True):
        middle = left + SIDE * keys / 2
        d.text((middle, 38), name, FORWARD, bold=True)
        mask(d, left, 84, queries, keys)
        d.text((middle, 84 + SIDE * queries + 30), meaning, SOFT, 15)
    d.text((24, 340), "Four heads of q share two of k and v:", INK, 16, "start", bold=True)
    shared_heads(d, 364, heads=4, kv_heads=2)
    return d.svg()


def mask(d: Drawing, left: float, top: float, queries: int, keys: int) -> None:
    """Draw a mask: query i, counted downwards, sees key j if j - i <= keys - queries."""
    for j in range(keys):
        d.text((left + SIDE * (j + 0.5), top - 10), f"k{j}", SOFT, 14)
    for i in range(queries):
        d.text((left - 10, top + SIDE * (i + 0.5) + 5), f"q{i}", SOFT, 14, "end")
        for j in range(keys):
            seen = j - i <= keys - queries
            d.box(left + SIDE * j, top + SIDE * i, SIDE, SIDE, SEEN if seen else HIDDEN)
            if not seen:
                at = (left + SIDE * (j + 0.5), top + SIDE * (i + 0.5) + 5)
                d.text(at, "\N{MINUS SIGN}∞", BACKWARD, 14)


def shared_heads(d: Drawing, top: float, heads: int, kv_heads: int) -> None:
    """Draw the heads of q, and under each the head of k and v that it uses."""
    group = heads // kv_heads
    for h in range(heads):
        x = 70 + 200 * h
        d.box(x, top, 160, 40, TINTS[h // group])
        d.text((x + 80, top + 26), f"head {h} of q")
        to = 70 + 200 * (h // group * group + (group - 1) / 2) + 80
        d.arrow((x + 80, top + 44), (to + 30 * (h % group - (group - 1) / 2), top + 86))
    for h in range(kv_heads):
        x = 70 + 200 * (h * group + (group - 1) / 2)
        d.box(x, top + 90, 160, 40, TINTS[h])
        d.text((x + 80, top + 116), f"head {h} of k, v")
