"""What a launch tells: counters, in all and by source line, and hazards."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from labkit.gpu import counters, model
from labkit.gpu.devices import DEVICES
from labkit.gpu.model import Roofline
from labkit.gpu.problems import ERROR, Hazard
from labkit.gpu.run import Dims
from labkit.gpu.samples import Access, Heat, Sample
from labkit.gpu.traffic import SECTOR

if TYPE_CHECKING:
    from labkit.notebook.verdict import Shown


def added(reports: Sequence["Report"]) -> dict[str, float]:
    """Return the counters of several launches together; of shared memory, what a block has most."""
    summed: Counter[str] = counters.total({})
    summed["global_bytes_compulsory"] = 0
    for report in reports:
        summed.update(report.counters)
    blocks = [report.counters["shared_bytes_per_block"] for report in reports]
    together: dict[str, float] = dict(summed) | {"shared_bytes_per_block": max(blocks, default=0.0)}
    return together | counters.ratios(together, SECTOR)


def traffic(reports: Sequence["Report"]) -> dict[str, dict[str, int]]:
    """Return what several launches asked of each array, together."""
    summed: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for report in reports:
        for name, counts in report.traffic.items():
            summed[name].update(counts)
    return {name: counters.of_array(counts) for name, counts in summed.items()}


@dataclass(frozen=True)
class Report:
    """What came of one launch; the names in `counters` are explained in labkit.gpu.counters."""

    kernel: str
    grid: Dims
    block: Dims
    counters: Mapping[str, float]
    lines: Mapping[int, Mapping[str, int]]  # source line -> the same counts
    hazards: tuple[Hazard, ...]
    listing: tuple[tuple[int, str], ...] = field(default=(), repr=False)  # numbered source lines
    accesses: tuple[Access, ...] = field(default=(), repr=False, compare=False)
    heat: Mapping[str, Heat] = field(default_factory=dict, repr=False, compare=False)
    traffic: Mapping[str, Mapping[str, int]] = field(default_factory=dict)  # by argument

    @property
    def blocks(self) -> int:
        """How many blocks the grid has."""
        x, y, z = self.grid
        return x * y * z

    @property
    def model_cycles(self) -> float:
        """Cycles of the busiest part of an A100, after the model in model.py: never a time."""
        return max(self.cycles_on("A100").values())

    def cycles_on(self, device: str) -> dict[str, float]:
        """Return the model's cycles for each part of `device`, a name in DEVICES."""
        return model.parts(self.counters, self.blocks, DEVICES[device])

    def roofline(self, device: str = "A100") -> Roofline:
        """Return the kernel's place under the roofs of `device`, if it were full of such blocks."""
        return model.roofline(self.counters, DEVICES[device])

    def occupancy(self, device: str = "A100") -> float:
        """Return the share of a multiprocessor's warps that are resident (registers not known)."""
        x, y, z = self.block
        shared = int(self.counters["shared_bytes_per_block"])
        return DEVICES[device].occupancy(x * y * z, shared)

    @property
    def samples(self) -> tuple[Sample, ...]:
        """What warps ask of memory, at the costliest moment of each line and array."""
        return tuple(access.sample for access in self.accesses)

    def show(self, device: str = "A100") -> "Shown":
        """Return what a notebook shows: hazards, counts beside the source, and pictures."""
        from labkit.gpu.showing import show  # the grader's machines never draw

        return show(self, device)

    @property
    def ok(self) -> bool:
        """Whether there is no hazard of severity ``error``."""
        return all(hazard.severity != ERROR for hazard in self.hazards)
