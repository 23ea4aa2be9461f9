"""Measures, prints a table, and says which figures are over their target."""

import sys

from rich.console import Console
from rich.table import Table

from tests.bench import box, docker_engine, grading, training, virtual_gpu, virtual_npu


def main() -> int:
    """Print all figures; return 1 if one is over its target."""
    table = Table("figure", "measured", "target", "", title="make bench")
    over = 0
    for figure in (
        *box.figures(),
        *grading.figures(),
        *docker_engine.figures(),
        *training.figures(),
        *virtual_gpu.figures(),
        *virtual_npu.figures(),
    ):
        over += not figure.holds
        table.add_row(figure.name, figure.shown, figure.target, "" if figure.holds else "over")
    Console(width=110).print(table)
    return int(over > 0)


if __name__ == "__main__":
    sys.exit(main())
