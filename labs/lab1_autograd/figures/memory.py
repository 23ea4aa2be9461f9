"""Figures of 1.10 and B2: what is kept until the way back, and what passes over memory."""

from drawing import FORWARD, INK, LEAF, RESULT, SOFT, TINTS, Drawing, Point

MATRIX, COLUMN = (
    (46.0, 46.0),
    (12.0, 46.0),
)  # an array of the size of x, and one number for each row

# The functions of a composed layer normalization: what each computes, and what it was called with
# and therefore keeps. Capital letters are of the size of x, small ones of one column.
COMPOSED = (
    ("mean", ("X",)),
    ("sub", ("X", "m")),
    ("mul", ("C", "C")),
    ("mean", ("S",)),
    ("+ eps", ("v",)),
    ("pow", ("e",)),
    ("mul", ("C", "r")),
    ("· weight", ("N",)),
    ("+ bias", ("W",)),
)
MEANING = {
    "X": "x", "m": "mean", "C": "centred", "S": "squares", "v": "variance",
    "e": "… + eps", "r": "1/deviation", "N": "normal", "W": "scaled",
}  # fmt: skip


def array(d: Drawing, at: Point, name: str, fill: str = LEAF) -> None:
    """Draw an array, `at` the middle of its upper side: a square if it is as large as x."""
    width, height = MATRIX if name.isupper() else COLUMN
    d.box(at[0] - width / 2, at[1], width, height, fill, FORWARD)


def kept() -> str:
    """Layer normalization, composed of nine functions and as one."""
    arrays = list(dict.fromkeys(name for _, inputs in COMPOSED for name in inputs))
    large = sum(name.isupper() for name in arrays)
    d = Drawing(
        "What a graph keeps between forward and backward",
        f"Layer normalization composed of nine functions keeps {large} arrays of the size of x and "
        f"{len(arrays) - large} columns until the way back. The fused function keeps x only, and "
        "computes the rest again.",
        1000,
        420,
    )
    d.text((24, 40), "Composed: nine nodes", INK, 17, "start", bold=True)
    for k, (name, _) in enumerate(COMPOSED):
        x = 70 + 107 * k
        d.box(x - 41, 58, 82, 38, RESULT)
        d.text((x, 83), name, size=15)
        if k:
            d.arrow((x - 64, 77), (x - 43, 77))
    d.text((24, 132), "kept until the way back:", SOFT, 15, "start")
    for k, name in enumerate(arrays):
        x = 70 + 107 * k
        array(d, (x, 148), name)
        d.text((x, 216), MEANING[name], SOFT, 14)
    d.line([(24, 238), (976, 238)])
    d.text((24, 272), "Fused: one node", INK, 17, "start", bold=True)
    d.box(24, 290, 306, 38, RESULT)
    d.text((177, 315), "layer_norm", size=15)
    d.text((24, 364), "kept:", SOFT, 15, "start")
    array(d, (100, 346), "X")
    d.text((140, 375), "x", SOFT, 14)
    d.text(
        (400, 300),
        f"{large} arrays like x and {len(arrays) - large} columns",
        FORWARD,
        16,
        "start",
        True,
    )
    d.text((400, 324), "against 1 array like x.", FORWARD, 16, "start", True)
    d.text((400, 356), "The weight and the bias are kept by both. The backward", SOFT, 15, "start")
    d.text((400, 378), "rule of the fused one computes the rest again from x.", SOFT, 15, "start")
    return d.svg()


# Softmax on the vector machine: what each kernel does, loads and stores. N: a matrix, n: a column.
ONE_BY_ONE = (
    ("row_max", "N", "n"),
    ("sub", "Nn", "N"),
    ("exp", "N", "N"),
    ("row_sum", "N", "n"),
    ("div", "Nn", "N"),
)
FUSED = (("row_max", "N", "n"), ("sub, exp, row_sum", "Nn", "Nn"), ("div", "Nn", "N"))


def fusion() -> str:
    """Passes over memory of a softmax, before and after."""
    d = Drawing(
        "Passes over memory of a softmax, one by one and fused",
        "One kernel for each operation: five passes, which move a matrix eight times. Fused up to "
        "what reductions allow: three passes, which move a matrix five times.",
        960,
        470,
    )
    for left, name, kernels in (
        (30, "One kernel for each operation", ONE_BY_ONE),
        (510, "Fused", FUSED),
    ):
        d.text((left, 40), name, INK, 17, "start", bold=True)
        d.text((left + 30, 70), "loads", SOFT, 15)
        d.text((left + 370, 70), "stores", SOFT, 15)
        for k, (what, loads, stores) in enumerate(kernels):
            _kernel(d, left, 84 + 66 * k, what, loads, stores)
        moved = "".join(loads + stores for _, loads, stores in kernels)
        said = f"{moved.count('N')} matrices and {moved.count('n')} columns moved"
        d.text((left, 440), f"{len(kernels)} passes, {said}", FORWARD, 16, "start", bold=True)
    d.line([(480, 30), (480, 445)])
    d.text((510, 320), "A sum over a row is complete only when the pass is,", SOFT, 15, "start")
    d.text((510, 342), "so whatever needs it must wait for the next pass.", SOFT, 15, "start")
    return d.svg()


def _kernel(d: Drawing, left: float, top: float, what: str, loads: str, stores: str) -> None:
    """Draw one pass: arrays, arrow, what is done, arrow, arrays."""
    d.box(left + 110, top + 4, 180, 38, TINTS[1])
    d.text((left + 200, top + 29), what, size=15)
    _arrays(d, left + 8, top, loads)
    _arrays(d, left + 344, top, stores)
    d.arrow((left + 78, top + 23), (left + 106, top + 23))
    d.arrow((left + 294, top + 23), (left + 338, top + 23), color=FORWARD)


def _arrays(d: Drawing, left: float, top: float, names: str) -> None:
    for name in names:
        array(d, (left + (MATRIX if name.isupper() else COLUMN)[0] / 2, top), name)
        left += 52
