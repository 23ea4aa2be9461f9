"""The figure of 2.12: roofs of a GPU, and where kernels of this lab lie."""

from collections.abc import Callable

from drawing import BACKWARD, FORWARD, INK, SOFT, Drawing
from drawing.axes import Axes, Scale
from machine import FP32, GHZ, GLOBAL_TB, PROCESSORS

SIDE = 1024  # of the square matrices


def product(tile: int) -> float:
    """Return operations per byte of a product of squares in tiles, each loaded for every step."""
    loads, stores = 2 * SIDE**3 / tile, SIDE**2
    return 2 * SIDE**3 / (4 * (loads + stores))


KERNELS: tuple[tuple[str, Callable[[], float]], ...] = (
    ("axpby", lambda: 3 / 12),
    ("product, tiles of 16", lambda: product(16)),
    ("product, tiles of 64", lambda: product(64)),
    ("product, each matrix moved once", lambda: 2 * SIDE**3 / (4 * 3 * SIDE**2)),
)
# Where their names stand, from the point.
LABELS = (
    (14, 20, "start"),
    (14, 20, "start"),
    (0, -36, "middle"),
    (0, 34, "middle"),
)


def roofline() -> str:
    """Operations a second against operations per byte, for an A100 by its datasheet."""
    peak, slope = 2 * PROCESSORS * FP32 * GHZ / 1000, GLOBAL_TB  # 10¹² a second; per byte
    ridge = peak / slope
    d = Drawing(
        "A roofline",
        f"Two roofs: memory, {slope:.1f} · 10¹² bytes a second times the operations per byte, and "
        f"arithmetic, {peak:.1f} · 10¹² operations a second. They meet at {ridge:.1f} operations "
        "per byte. axpby and a product in tiles of 16 lie under the memory roof.",
        960,
        470,
    )
    axes = Axes(Scale(0.0625, 1024, 90, 900, True), Scale(0.0625, 64, 390, 60, True))
    xs = {0.0625: "1/16", 0.25: "1/4", 1: "1", 4: "4", 16: "16", 64: "64", 256: "256", 1024: "1024"}
    ys = {0.0625: "1/16", 0.25: "1/4", 1: "1", 4: "4", 16: "16", 64: "64"}
    axes.frame(d, xs, ys)
    axes.names(
        d,
        "10¹² float32 operations a second, at most (A100, by its datasheet)",
        "operations per byte of global memory",
    )
    axes.curve(d, [(0.0625, 0.0625 * slope), (ridge, peak)], FORWARD, 3)
    axes.curve(d, [(ridge, peak), (1024, peak)], BACKWARD, 3)
    axes.curve(d, [(ridge, 0.0625), (ridge, peak)], SOFT, 1.2, dashed=True)
    x, y = axes.at((ridge, 0.09))
    d.text((x + 8, y), f"ridge: {ridge:.1f}", SOFT, 15, "start")
    x, y = axes.at((0.7, 2.6))
    d.text((x - 70, y - 22), f"memory: {slope:.2f} TB/s", FORWARD, 15, bold=True)
    x, y = axes.at((300, peak))
    d.text((x, y - 12), f"arithmetic: {peak:.1f}", BACKWARD, 15, bold=True)
    for (name, intensity), (dx, dy, anchor) in zip(KERNELS, LABELS, strict=True):
        value = intensity()
        x, y = axes.at((value, min(peak, slope * value)))
        d.box(x - 6, y - 6, 12, 12, INK, INK, round=6)
        d.text((x + dx, y + dy), name, INK, 15, anchor, bold=True)
        d.text((x + dx, y + dy + 19), f"{value:.3g} per byte", SOFT, 14, anchor)
    return d.svg()
