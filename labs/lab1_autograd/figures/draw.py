"""Draws the figures of the handout: `python draw.py` writes them, `--check` compares.

Each topic has a module of its own; the numbers in a figure are computed there.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

import graphs
import matrices
import memory
import model
import plots
import system

HERE = Path(__file__).parent

FIGURES: dict[str, Callable[[], str]] = {
    "broadcasting.svg": matrices.broadcasting,
    "checkpointing.svg": plots.checkpointing,
    "fusion.svg": memory.fusion,
    "gpt.svg": model.gpt,
    "kept.svg": memory.kept,
    "layers.svg": system.layers,
    "masks.svg": matrices.masks,
    "order.svg": graphs.order,
    "rates.svg": plots.rates,
    "step.svg": plots.step,
    "tape.svg": graphs.tape,
}


def stale() -> list[str]:
    """Return the names of the figures that are not what this script draws."""
    old = {p.name: p.read_text(encoding="utf-8") for p in HERE.glob("*.svg")}
    names = sorted(old.keys() | FIGURES.keys())
    return [n for n in names if n not in FIGURES or old.get(n) != FIGURES[n]()]


def main() -> int:
    """Write the figures, or check them; 1 if a check found a difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; name what differs")
    if parser.parse_args().check:
        differing = stale()
        print("\n".join(differing) or "every figure is what this script draws")
        return 1 if differing else 0
    for name, draw in FIGURES.items():
        (HERE / name).write_text(draw(), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
