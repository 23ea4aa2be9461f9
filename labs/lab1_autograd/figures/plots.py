"""Figures of 1.8, 1.11 and B1: curves, of numbers that are computed here."""

import math
from collections.abc import Sequence

from drawing import BACKWARD, FORWARD, SOFT, Drawing, Point
from drawing.axes import Axes, Scale

RAISED = str.maketrans("-0123456789", "\N{SUPERSCRIPT MINUS}⁰¹²³⁴⁵⁶⁷⁸⁹")


def power(exponent: int) -> str:
    """Return a power of ten as the figures show it."""
    return "1" if exponent == 0 else f"10{str(exponent).translate(RAISED)}"


def step() -> str:
    """How wrong a difference is, for every width of the step: √x at 0.7.

    A square root is rounded in the same way on every machine, so the noise is the same, too.
    """
    x, slope = 0.7, 0.5 / math.sqrt(0.7)
    widths = [float(f"{m}e-{k}") for k in range(13, 0, -1) for m in (1, 2, 5)][:-2]
    central = [(math.sqrt(x + h) - math.sqrt(x - h)) / (2 * h) for h in widths]
    forward = [(math.sqrt(x + h) - math.sqrt(x)) / h for h in widths]
    d = Drawing(
        "The error of a difference, over its step",
        "With a smaller step, the error of a central difference falls with the square of the "
        "step, down to about 1e-11, and then rises again, because what is left of the values is "
        "their rounding. The forward difference falls more slowly, and is never as good.",
        960,
        450,
    )
    axes = Axes(Scale(1e-13, 0.1, 100, 640, True), Scale(1e-13, 0.1, 370, 60, True))
    every = {float(f"1e-{k}"): power(-k) for k in (1, 3, 5, 7, 9, 11, 13)}
    axes.frame(d, every, every)
    axes.names(d, "|difference \N{MINUS SIGN} derivative| of √x at x = 0.7, in float64", "step h")
    third = 0.375 * x**-2.5
    bends = [(h, third * h**2 / 6) for h in widths if third * h**2 / 6 > 1e-13]
    noise = [(h, 2.0**-53 * math.sqrt(x) / h) for h in widths if 1e-13 < 1e-16 / h < 0.1]
    axes.curve(d, _errors(widths, forward, slope), SOFT, 1.6)
    axes.curve(d, bends, FORWARD, 1.5, dashed=True)
    axes.curve(d, noise, BACKWARD, 1.5, dashed=True)
    axes.curve(d, _errors(widths, central, slope), FORWARD, 2.6)
    rows = (
        (FORWARD, "central difference:", "(f(x + h) \N{MINUS SIGN} f(x \N{MINUS SIGN} h)) / 2h"),
        (SOFT, "forward difference:", "(f(x + h) \N{MINUS SIGN} f(x)) / h"),
        (FORWARD, "dotted: truncation, h² f‴ / 6", "10 times smaller h: 100 times less"),
        (BACKWARD, "dotted: rounding, u |f| / h", "10 times smaller h: 10 times more"),
    )
    for k, (color, first, second) in enumerate(rows):
        d.text((668, 100 + 74 * k), first, color, 16, "start", bold=True)
        d.text((668, 124 + 74 * k), second, color, 15, "start")
    return d.svg()


def _errors(widths: Sequence[float], found: Sequence[float], slope: float) -> list[Point]:
    errors = (max(abs(value - slope), 1e-13) for value in found)
    return list(zip(widths, errors, strict=True))


def rates() -> str:
    """The learning rate over the steps; and how large a step of Adam is, corrected and not."""
    d = Drawing(
        "The learning rate, and Adam's bias correction",
        "Left: the rate rises in a line for 20 steps and falls along half a cosine to step 150. "
        "Right: for a gradient that is always the same, a step without bias correction is up to "
        "six times too large for thousands of steps; with it, each has the size of the rate.",
        960,
        420,
    )
    left = Axes(Scale(0, 150, 80, 455), Scale(0, 1, 330, 70))
    left.frame(
        d,
        {0: "0", 20: "20", 85: "85", 150: "150"},
        {0: "floor", 0.5: "half", 1: "peak"},
    )
    left.names(d, "cosine_lr(step, warmup=20, total=150)", "step")
    left.curve(d, [(t, _rate(t, 20, 150)) for t in range(151)], FORWARD)
    d.text((112, 250), "warm-up: begins at", SOFT, 15, "start")
    d.text((112, 270), "1/20 of the peak", SOFT, 15, "start")
    d.text((385, 150), "half a cosine", SOFT, 15)
    right = Axes(Scale(1, 10000, 560, 920, True), Scale(0, 7, 330, 70))
    right.frame(
        d,
        {10**k: str(10**k) for k in range(5)},
        {k: str(k) for k in (0, 1, 2, 4, 6)},
    )
    right.names(
        d, "size of a step of Adam, in units of lr", "step t; the gradient is always the same"
    )
    times = [round(10 ** (k / 20)) for k in range(81)]
    right.curve(d, [(t, (1 - 0.9**t) / math.sqrt(1 - 0.999**t)) for t in times], BACKWARD)
    right.curve(d, [(1, 1), (10000, 1)], FORWARD)
    d.text((790, 150), "m / √v: not corrected", BACKWARD, 15)
    d.text((640, 284), "corrected: 1", FORWARD, 15)
    return d.svg()


def _rate(t: int, warmup: int, total: int) -> float:
    """Return the rate of a step, of a peak of 1 and a floor of 0."""
    if t < warmup:
        return (t + 1) / warmup
    return (1 + math.cos(math.pi * (t - warmup) / (total - warmup))) / 2


def checkpointing() -> str:
    """What is kept over time, of a chain of 36 functions: all, or six segments of six."""
    chain = 36
    plain, six = kept_over_time(chain, 1), kept_over_time(chain, 6)
    d = Drawing(
        "Memory over time, with and without checkpointing",
        "Without, memory rises by one result for each of 36 functions, and falls on the way back. "
        "With six segments it never holds more than 12 results, and takes one more forward pass.",
        960,
        430,
    )
    axes = Axes(Scale(0, len(six) - 1, 80, 670), Scale(0, chain, 350, 60))
    axes.frame(
        d,
        {0: "0", chain: "36", 2 * chain: "72", 3 * chain: "108"},
        {0: "0", 6: "6", 12: "12", 24: "24", 36: "36"},
    )
    axes.names(d, "results kept in memory, of a chain of 36 functions", "time, in calls")
    axes.curve(d, list(enumerate(plain)), FORWARD)
    axes.curve(d, list(enumerate(six)), BACKWARD)
    rows = (
        (FORWARD, "without", f"at most {max(plain)} results,", f"{len(plain) - 1} calls"),
        (BACKWARD, "6 segments of 6", f"at most {max(six)} results,", f"{len(six) - 1} calls"),
    )
    for k, (color, name, kept, calls) in enumerate(rows):
        d.text((700, 110 + 90 * k), name, color, 16, "start", bold=True)
        d.text((700, 134 + 90 * k), kept, color, 15, "start")
        d.text((700, 156 + 90 * k), calls, color, 15, "start")
    for k, words in enumerate(
        ("Each saw tooth is a segment that", "is computed again, and then", "gone back through.")
    ):
        d.text((700, 290 + 22 * k), words, SOFT, 15, "start")
    return d.svg()


def kept_over_time(chain: int, size: int) -> list[int]:
    """Return how many results are kept after each call of a forward or a backward rule.

    A chain in segments of `size` keeps the input of each; `size` 1 keeps everything.
    """
    kept = [0]
    for call in range(chain):
        kept.append(kept[-1] + (call % size == 0))
    for _ in range(chain // size):
        if size > 1:
            kept += [kept[-1] + k + 1 for k in range(size)]
            kept += [kept[-1] - k - 1 for k in range(size - 1)]
            kept.append(kept[-1] - 2)  # the last of the segment, and its input
        else:
            kept.append(kept[-1] - 1)
    return kept
