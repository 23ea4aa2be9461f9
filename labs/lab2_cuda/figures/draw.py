"""Draws the figures of the handout: `python draw.py` writes them, `--check` compares.

Each topic has a module of its own; the numbers in a figure are computed there.
"""

import sys
from collections.abc import Callable
from pathlib import Path

sys.path.append(str(Path(__file__).parents[2]))  # labs/, where drawing is

import access
import attention
import machine
import plots
import products
import trees
from drawing.script import run

FIGURES: dict[str, Callable[[], str]] = {
    "banks.svg": access.banks,
    "flash.svg": attention.flash,
    "memory.svg": machine.memory,
    "online.svg": attention.online,
    "registers.svg": products.registers,
    "roofline.svg": plots.roofline,
    "scan.svg": trees.scan,
    "sectors.svg": access.sectors,
    "tiles.svg": products.tiles,
    "tree.svg": trees.tree,
    "warps.svg": machine.warps,
}

if __name__ == "__main__":
    sys.exit(run(FIGURES, Path(__file__).parent))
