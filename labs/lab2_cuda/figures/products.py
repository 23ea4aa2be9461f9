"""Figures of 2.6 and 2.7: tiles of matrices, and what one thread does with them."""

from drawing import BACKWARD, FORWARD, INK, LINE, PAPER, SOFT, TINTS, Drawing

SIDE = 46.0  # of a tile


def tiles() -> str:
    """One block, at one step of its way along k."""
    d = Drawing(
        "A matrix product in tiles",
        "c has 4 by 5 tiles, the block at row 2, column 3 computes one. It goes along row 2 of "
        "the tiles of a and down column 3 of the tiles of b, one tile of each at a time.",
        960,
        540,
    )
    rows, cols, steps, row, col, now = 4, 5, 4, 2, 3, 1
    left_c, top_c = 290.0, 290.0
    left_a, top_b = left_c - 30 - SIDE * steps, top_c - 40 - SIDE * steps
    _matrix(d, left_a, top_c, rows, steps, {(row, k): k for k in range(steps)}, now)
    _matrix(d, left_c, top_b, steps, cols, {(k, col): k for k in range(steps)}, now)
    _matrix(d, left_c, top_c, rows, cols, {(row, col): -1}, -1)
    d.text((left_a + SIDE * 2, top_c - 12), "a", INK, 18, bold=True)
    d.text((left_c - 20, top_b + SIDE * 2), "b", INK, 18, bold=True)
    d.text((left_c + SIDE * cols + 20, top_c + SIDE * rows - 8), "c", INK, 18, bold=True)
    said = (
        ("For each step along k:", INK, True),
        ("1. each thread loads one element of the", SOFT, False),
        ("tile of a and one of the tile of b", SOFT, False),
        ("2. barrier: both tiles are complete", BACKWARD, False),
        ("3. each thread adds up 16 products", SOFT, False),
        ("from shared memory", SOFT, False),
        ("4. barrier: nobody reads them any more", BACKWARD, False),
        ("", SOFT, False),
        ("An element that was loaded once", FORWARD, True),
        ("is used by 16 threads.", FORWARD, True),
    )
    for k, (words, color, bold) in enumerate(said):
        indent = 20 if words[:4] in ("tile", "from") else 0
        d.text((600 + indent, 110 + 26 * k), words, color, 16, "start", bold)
    d.text(
        (24, 520),
        "Dark: the tiles of this step. Pale: those of the steps before and after. "
        "Every block of a row of c loads the same tiles of a.",
        SOFT,
        14,
        "start",
    )
    return d.svg()


def _matrix(
    d: Drawing,
    left: float,
    top: float,
    rows: int,
    cols: int,
    marked: dict[tuple[int, int], int],
    now: int,
) -> None:
    for i in range(rows):
        for j in range(cols):
            x, y = left + SIDE * j, top + SIDE * i
            step = marked.get((i, j))
            fill = PAPER if step is None else FORWARD if step == now else TINTS[0]
            d.box(x, y, SIDE, SIDE, fill, LINE, round=2)
            if step is not None and step >= 0:
                color = PAPER if step == now else SOFT
                d.text((x + SIDE / 2, y + 28), f"k {16 * step}", color, 14)


def registers() -> str:
    """The 16 elements of one thread, and the 8 it reads for them."""
    d = Drawing(
        "What one thread computes of a 64 x 64 tile",
        "Thread (5, 3) of 16 x 16 computes 4 by 4 elements of c, 16 rows and 16 columns apart. "
        "For each k it reads 4 elements of the left tile and 4 of the right one, for 16 products.",
        960,
        560,
    )
    size, left, top, tx, ty, now = 6.0, 170.0, 140.0, 5, 3, 6
    mine_x, mine_y = [tx + 16 * j for j in range(4)], [ty + 16 * i for i in range(4)]
    d.box(left, top, 64 * size, 64 * size, PAPER, round=0)
    d.box(left - 16 * size - 20, top, 16 * size, 64 * size, PAPER, round=0)
    d.box(left, top - 16 * size - 20, 64 * size, 16 * size, PAPER, round=0)
    for k in range(1, 4):
        at = 16 * size * k
        d.line([(left + at, top), (left + at, top + 64 * size)], "#e5e7eb")
        d.line([(left, top + at), (left + 64 * size, top + at)], "#e5e7eb")
    across, down = left - 16 * size - 20 + now * size, top - 16 * size - 20 + now * size
    d.box(across, top, size, 64 * size, TINTS[0], TINTS[0], round=0)
    d.box(left, down, 64 * size, size, TINTS[0], TINTS[0], round=0)
    for y in mine_y:
        d.box(across, top + y * size, size, size, BACKWARD, BACKWARD, round=1)
        d.line(
            [(across + size, top + (y + 0.5) * size), (left + 64 * size, top + (y + 0.5) * size)],
            BACKWARD,
            0.8,
            True,
        )
    for x in mine_x:
        d.box(left + x * size, down, size, size, FORWARD, FORWARD, round=1)
        d.line(
            [(left + (x + 0.5) * size, down + size), (left + (x + 0.5) * size, top + 64 * size)],
            FORWARD,
            0.8,
            True,
        )
        for y in mine_y:
            d.box(left + x * size - 1, top + y * size - 1, size + 2, size + 2, INK, INK, round=1)
    d.text((left - 20 - 8 * size, top + 64 * size + 22), "left (64, 16)", SOFT, 14)
    d.text((left + 64 * size + 12, top - 16 * size), "right (16, 64)", SOFT, 14, "start")
    d.text((left + 32 * size, top + 64 * size + 22), "c: 64 x 64 elements of the block", SOFT, 14)
    said = (
        ("Thread (tx, ty) = (5, 3)", INK, True),
        ("for each of the 16 k of a tile:", SOFT, False),
        ("reads 4 of left (red)", BACKWARD, False),
        ("reads 4 of right (blue)", FORWARD, False),
        ("adds 16 products (black)", INK, False),
        ("", SOFT, False),
        ("8 reads for 16 products: 0.5", FORWARD, True),
        ("matmul_tiled: 2 for 1", SOFT, False),
        ("", SOFT, False),
        ("Columns tx, tx + 16, …: lanes read", SOFT, False),
        ("neighbouring words of right.", SOFT, False),
        ("Columns 4 tx, 4 tx + 1, …: two words", SOFT, False),
        ("in each of 8 banks, so 2 passes.", SOFT, False),
    )
    for k, (words, color, bold) in enumerate(said):
        d.text((600, 190 + 26 * k), words, color, 16, "start", bold)
    return d.svg()
