"""Draws the figures of the handout: `python draw.py` writes them, `--check` compares.

Each topic has a module of its own; the numbers in a figure are computed there.
"""

import sys
from collections.abc import Callable
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))  # labs/, where drawing is

import graphs
import matrices
import memory
import model
import plots
import system
from drawing.script import run

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


if __name__ == "__main__":
    sys.exit(run(FIGURES, Path(__file__).parent))
