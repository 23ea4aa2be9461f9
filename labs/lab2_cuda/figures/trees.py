"""Figures of 2.3 and 2.4: sums up a tree, and prefix sums down again."""

from collections.abc import Sequence

from drawing import BACKWARD, FORWARD, INK, PAPER, SOFT, TINTS, Drawing

CELL = (64.0, 36.0)


def cells(
    d: Drawing, left: float, top: float, values: Sequence[int], bold: Sequence[int] = ()
) -> None:
    """Draw an array; the elements at the places in `bold` were written just now."""
    for k, value in enumerate(values):
        new = k in bold
        d.box(left + CELL[0] * k, top, *CELL, TINTS[1] if new else PAPER, round=3)
        at = (left + CELL[0] * (k + 0.5), top + 24)
        d.text(at, str(value), FORWARD if new else SOFT, 17, bold=new)


def middle(left: float, k: int) -> float:
    """Return the middle of element k."""
    return left + CELL[0] * (k + 0.5)


def tree() -> str:
    """A sum of eight in shared memory."""
    values, left = [3, 1, 4, 1, 5, 9, 2, 6], 190.0
    levels = len(values).bit_length() - 1
    d = Drawing(
        "A sum in shared memory, by halves",
        "Eight values. In the first level threads 0 to 3 each add the value four places further, "
        "then threads 0 and 1 the one two places further, then thread 0 its neighbour. There is a "
        "barrier before each level.",
        960,
        122 * levels + 130,
    )
    d.text((24, 62), "values", INK, 16, "start", bold=True)
    cells(d, left, 38, values)
    half, top = len(values) // 2, 38.0
    for _ in range(levels):
        for t in range(half):
            values[t] += values[t + half]
            d.arrow((middle(left, t + half), top + 38), (middle(left, t) + 14, top + 118))
            d.line([(middle(left, t), top + 38), (middle(left, t), top + 118)])
        d.line([(24, top + 58), (936, top + 58)], BACKWARD, 1.5, dashed=True)
        d.text((936, top + 52), "cuda.syncthreads()", BACKWARD, 14, "end")
        top += 122
        d.text((24, top + 16), f"half = {half}", INK, 16, "start", bold=True)
        d.text((24, top + 36), f"t < {half} at work", SOFT, 14, "start")
        cells(d, left, top, values, range(half))
        half //= 2
    d.text(
        (24, top + 72),
        f"{len(values)} values, {levels} levels. Threads at work are neighbours, and so are the "
        "words they read: no bank conflicts.",
        SOFT,
        15,
        "start",
    )
    return d.svg()


def scan() -> str:
    """Exclusive prefix sums of eight: up, clear, down."""
    values, left = [3, 1, 7, 0, 4, 1, 6, 3], 240.0
    n, total = len(values), sum([3, 1, 7, 0, 4, 1, 6, 3])
    d = Drawing(
        "Exclusive prefix sums by a tree, up and down",
        "On the way up each right child gets the sum of both. Then the last element is set to 0. "
        "On the way down the left child gets what the right one held, and the right one the sum.",
        960,
        680,
    )
    d.text((24, 58), "x", INK, 16, "start", bold=True)
    cells(d, left, 34, values)
    top, stride = 34.0, 1
    while stride < n:
        pairs = [(k - stride, k) for k in range(2 * stride - 1, n, 2 * stride)]
        for a, b in pairs:
            values[b] += values[a]
            d.arrow((middle(left, a), top + 38), (middle(left, b) - 8, top + 76))
            d.line([(middle(left, b), top + 38), (middle(left, b), top + 76)])
        top += 80
        _label(d, top, f"up, stride {stride}", "right += left")
        cells(d, left, top, values, [b for _, b in pairs])
        stride *= 2
    assert values[-1] == total
    values[-1] = 0
    top += 80
    d.arrow((middle(left, n - 1), top - 42), (middle(left, n - 1), top - 4), color=BACKWARD)
    _label(d, top, "the root", f"keep {total}; then 0")
    cells(d, left, top, values, [n - 1])
    while stride > 1:
        stride //= 2
        pairs = [(k - stride, k) for k in range(2 * stride - 1, n, 2 * stride)]
        for a, b in pairs:
            values[a], values[b] = values[b], values[a] + values[b]
            d.arrow((middle(left, b), top + 38), (middle(left, a) + 8, top + 76), color=BACKWARD)
            d.arrow((middle(left, a), top + 38), (middle(left, b) - 8, top + 76))
            d.line([(middle(left, b), top + 38), (middle(left, b), top + 76)])
        top += 80
        _label(d, top, f"down, stride {stride}", "left, right = right, left + right")
        cells(d, left, top, values, [k for pair in pairs for k in pair])
    d.text(
        (24, top + 66),
        f"{n - 1} additions up, {n - 1} down: about 2 n, in place of n log₂ n. "
        f"The sum of all, {total}, goes to the next launch.",
        SOFT,
        15,
        "start",
    )
    return d.svg()


def _label(d: Drawing, top: float, name: str, what: str) -> None:
    d.text((24, top + 16), name, INK, 16, "start", bold=True)
    d.text((24, top + 36), what, SOFT, 14, "start")
