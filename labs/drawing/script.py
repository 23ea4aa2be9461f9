"""What every lab's ``draw.py`` does: write the figures, or say which differ."""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

Figures = Mapping[str, Callable[[], str]]


def stale(figures: Figures, folder: Path) -> list[str]:
    """Return the names of the figures in `folder` that are not what is drawn."""
    old = {p.name: p.read_text(encoding="utf-8") for p in folder.glob("*.svg")}
    names = sorted(old.keys() | figures.keys())
    return [n for n in names if n not in figures or old.get(n) != figures[n]()]


def run(figures: Figures, folder: Path) -> int:
    """Write the figures, or check them; 1 if a check found a difference."""
    parser = argparse.ArgumentParser(description="Draws the figures of a handout.")
    parser.add_argument("--check", action="store_true", help="write nothing; name what differs")
    if parser.parse_args().check:
        differing = stale(figures, folder)
        print("\n".join(differing) or "every figure is what this script draws")
        return 1 if differing else 0
    for name, draw in figures.items():
        (folder / name).write_text(draw(), encoding="utf-8", newline="\n")
    return 0
