"""The chips that can be asked for, as `include/npu/chips.inc` lists them."""

import re
from dataclasses import dataclass
from pathlib import Path

INCLUDE = Path(__file__).parent / "include"
_ROW = re.compile(r'^CHIP\("(\w+)", (\d+), (\d+), (\d+), (\d+), (\d+), (\d+)\)$', re.MULTILINE)


@dataclass(frozen=True)
class Chip:
    """One model of the Ascend 910B."""

    name: str
    cube_cores: int
    vector_cores: int
    mhz: int
    ub_bytes: int  # of the Unified Buffer of a vector core
    l2_bytes: int
    hbm_bytes: int


def _listed() -> dict[str, Chip]:
    rows = _ROW.findall((INCLUDE / "npu" / "chips.inc").read_text())
    return {name: Chip(name, *map(int, numbers)) for name, *numbers in rows}


CHIPS = _listed()


def chip(soc: str) -> Chip:
    """Return the chip that `soc` names, with or without ``Ascend`` before it.

    Raises:
        ValueError: there is none of that name.
    """
    found = CHIPS.get(soc.removeprefix("Ascend"))
    if found is None:
        raise ValueError(f"no chip is called {soc!r}: there are {', '.join(CHIPS)}")
    return found
