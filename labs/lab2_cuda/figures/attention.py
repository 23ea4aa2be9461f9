"""Figures of 2.9 and 2.11: a sum whose maximum grows, and the loop of FlashAttention."""

import math

from drawing import BACKWARD, FORWARD, INK, LINE, PAPER, RESULT, SOFT, TINTS, Drawing

MINUS = "\N{MINUS SIGN}"
LOGITS = (1.0, 3.0, 2.0, 5.0)


def online() -> str:
    """The state of an online softmax after each element of 1, 3, 2, 5."""
    d = Drawing(
        "Online softmax: what is summed so far is scaled when the maximum grows",
        "Elements 1, 3, 2, 5. After each, the maximum so far and the sum of the exponentials "
        "relative to it. At 3 and at 5 the maximum grows, and the old sum is multiplied by "
        "exp(old maximum - new maximum).",
        960,
        436,
    )
    top, total, base, high = -math.inf, 0.0, 236.0, 130.0
    for k, value in enumerate(LOGITS):
        left = 24 + 234 * k
        higher = max(top, value)
        keep = 0.0 if top == -math.inf else math.exp(top - higher)
        new = math.exp(value - higher)
        grows = k > 0 and higher > top
        total, top = total * keep + new, higher
        d.box(left, 24, 210, 372, RESULT)
        d.text((left + 105, 54), f"read {value:g}", INK, 18, bold=True)
        for j, earlier in enumerate(LOGITS[: k + 1]):
            tall = max(1.0, high * math.exp(earlier - top))
            fill = FORWARD if j == k else TINTS[0]
            d.box(left + 20 + 44 * j, base - tall, 36, tall, fill, LINE, round=2)
            d.text((left + 38 + 44 * j, base + 18), f"{earlier:g}", SOFT, 14)
        d.line([(left + 14, base), (left + 196, base)], LINE)
        d.text((left + 105, 282), f"top = {top:g}", FORWARD, 16, bold=True)
        old = f"old sum · {keep:.4g}" if k else "old sum: 0"
        d.text((left + 105, 312), old, BACKWARD if grows else SOFT, 15, bold=grows)
        d.text((left + 105, 336), f"+ exp({value:g} {MINUS} {top:g}) = {new:.4g}", SOFT, 15)
        d.text((left + 105, 372), f"total = {total:.4f}", FORWARD, 16, bold=True)
    direct = sum(math.exp(x - max(LOGITS)) for x in LOGITS)
    assert abs(direct - total) < 1e-12
    d.text(
        (24, 420),
        f"Bars: exp(x {MINUS} top) of all that was read. The same total as in two passes.",
        SOFT,
        14,
        "start",
    )
    return d.svg()


SIDE = 62.0


def flash() -> str:
    """The block of one tile of queries, on its way along the tiles of keys."""
    d = Drawing(
        "FlashAttention: one block, one tile of queries, tile after tile of keys",
        "The scores of 128 queries and 192 keys as 4 by 6 tiles. The block of queries 64 to 95 "
        "has dealt with two tiles of keys, is at the third, and will never load the last one, "
        "which none of its queries sees.",
        960,
        480,
    )
    left, top, rows, cols, row, now = 110.0, 92.0, 4, 6, 2, 2
    shift = cols - rows  # aligned at the bottom right
    d.text((left + SIDE * cols / 2, 36), "keys, and values, in tiles of 32", INK, 16, bold=True)
    for j in range(cols):
        d.text((left + SIDE * (j + 0.5), 80), f"K{j} V{j}", SOFT, 14)
    for i in range(rows):
        mark = FORWARD if i == row else SOFT
        d.text((left - 12, top + SIDE * (i + 0.5) + 5), f"Q{i}", mark, 15, "end", bold=i == row)
        for j in range(cols):
            hidden, edge = j > i + shift, j == i + shift
            fill = PAPER if hidden else TINTS[2] if edge else TINTS[0]
            if (i, j) == (row, now):
                fill = FORWARD
            x, y = left + SIDE * j, top + SIDE * i
            d.box(x, y, SIDE, SIDE, fill, LINE, round=2)
            if hidden:
                d.text((x + SIDE / 2, y + 36), "skip", SOFT, 14)
            elif i == row:
                words = "done" if j < now else "now" if j == now else "later"
                d.text((x + SIDE / 2, y + 36), words, PAPER if j == now else INK, 15)
    d.box(left - 2, top + SIDE * row - 2, SIDE * cols + 4, SIDE + 4, "none", FORWARD, round=4)
    for k, (fill, words) in enumerate(
        (
            (TINTS[0], "every query of the tile sees every key"),
            (TINTS[2], f"the diagonal: some scores become {MINUS}∞"),
            (PAPER, "nobody sees these keys: never loaded"),
        )
    ):
        d.box(left, 362 + 32 * k, 24, 22, fill, LINE, round=2)
        d.text((left + 36, 379 + 32 * k), words, SOFT, 15, "start")
    _loop(d, 540)
    return d.svg()


def _loop(d: Drawing, left: float) -> None:
    rows = (
        ("once", "load the tile of q", TINTS[1]),
        ("each tile", "load tiles of k and v; barrier", TINTS[0]),
        ("", "scores s = scale · q kᵀ; mask", RESULT),
        ("", "higher = max(top, max of s)", RESULT),
        ("", f"keep = exp(top {MINUS} higher)", RESULT),
        ("", f"p = exp(s {MINUS} higher)", RESULT),
        ("", "total = total · keep + sum of p", TINTS[2]),
        ("", "sums = sums · keep + p v; barrier", TINTS[2]),
        ("once", "o = sums / total", TINTS[1]),
        ("", "lse = top + log(total)", TINTS[1]),
    )
    for k, (when, what, fill) in enumerate(rows):
        y = 28 + 42 * k
        d.box(left + 86, y, 308, 34, fill)
        d.text((left + 100, y + 23), what, INK, 15, "start")
        d.text((left + 76, y + 23), when, SOFT, 14, "end")
    d.line(
        [
            (left + 394, 28 + 42 * 7 + 17),
            (left + 408, 28 + 42 * 7 + 17),
            (left + 408, 28 + 42 + 17),
        ],
        BACKWARD,
        2,
    )
    d.arrow((left + 408, 28 + 42 + 17), (left + 396, 28 + 42 + 17), color=BACKWARD)
    d.text(
        (left + 86, 468),
        "Scores never leave the chip.",
        FORWARD,
        15,
        "start",
        bold=True,
    )
