"""What a launch counts, per source line and in all.

Names and their counterparts in Nsight Compute (its documentation, "Metrics"):

=========================== =====================================================================
global_load_requests        l1tex__t_requests_pipe_lsu_mem_global_op_ld: warp instructions
global_load_sectors         l1tex__t_sectors_pipe_lsu_mem_global_op_ld: 32-byte sectors they ask for
global_load_lines           lines of 128 bytes of the first-level cache that warps ask for
global_load_elements        accesses of single threads
global_load_bytes           bytes that warps want, each once for a warp however many lanes want it
shared_wavefronts           l1tex__data_pipe_lsu_wavefronts_mem_shared: passes over the 32 banks
shared_bank_conflicts       l1tex__data_bank_conflicts_pipe_lsu_mem_shared: passes beyond the needed
atomic_serialization        steps that the lanes of a warp take one after the other at one address
barriers                    barriers that blocks met, each counted once for a block
branches, divergent_branches smsp__branch_targets_threads_divergent: warps whose lanes part
flops                       smsp__sass_thread_inst_executed_op_fadd, _fmul, twice _ffma (_pred_on)
lane_efficiency             smsp__thread_inst_executed_per_inst_executed.ratio / 32
=========================== =====================================================================

By argument (`Report.traffic`) there are load_sectors, store_elements and so on of that array alone.
``global_bytes_compulsory`` is 32 bytes for each sector that the launch touches at all: what an
ideal cache would move. ``coalescing_efficiency`` is useful bytes over those of the sectors.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from labkit.gpu.lanes import WARP, Mask
from labkit.gpu.samples import Samples

Counts = Counter[str]
TRAFFIC = ("requests", "sectors", "elements")
OPERATIONS = ("fp16", "fp32", "fp64", "int", "special", "control", "memory", "sync")
FACTS = (
    *(f"global_{way}_{what}" for way in ("load", "store") for what in ("requests", "sectors")),
    *(
        f"global_{way}_{what}"
        for way in ("load", "store")
        for what in ("lines", "elements", "bytes")
    ),
    *("shared_load_requests", "shared_store_requests", "shared_load_elements"),
    *("shared_store_elements", "shared_wavefronts", "shared_bank_conflicts"),
    *("local_load_elements", "local_store_elements"),
    *("atomic_requests", "atomic_elements", "atomic_serialization", "shared_atomic_requests"),
    *("barriers", "warp_syncs", "shuffles", "branches", "divergent_branches"),
    *("instructions", "thread_instructions", "fma", "flops"),
    *(f"instructions_{kind}" for kind in OPERATIONS),
)

OF_ARRAY = tuple(f"{way}_{what}" for way in ("load", "store") for what in TRAFFIC)
OF_ARRAY += ("atomic_elements",)


@dataclass
class Site:
    """A stretch of straight-line code: what one pass over it executes, by line and class."""

    number: int
    operations: Counter[tuple[int, str]] = field(default_factory=Counter)


class Ledger:
    """Counts by line, while a launch runs."""

    def __init__(self, sites: int) -> None:
        """Nothing has happened yet at any of `sites` sites."""
        self.warps = [0] * sites
        self.lanes = [0] * sites
        self.lines: defaultdict[int, Counts] = defaultdict(Counter)
        self.traffic: defaultdict[str, Counts] = defaultdict(Counter)  # by argument
        self.samples = Samples()

    def visit(self, site: int, mask: Mask) -> None:
        """The warps of `mask` pass over a site."""
        self.warps[site] += mask.warps
        self.lanes[site] += mask.lanes

    def book(self, sites: list[Site]) -> dict[int, Counts]:
        """Return the counts of every line, with the operations of the sites added."""
        for site in sites:
            warps, lanes = self.warps[site.number], self.lanes[site.number]
            for (line, kind), times in site.operations.items():
                counts = self.lines[line]
                if kind in ("fma", "flop"):  # counted beside the instruction that does it
                    counts["fma"] += times * lanes * (kind == "fma")
                    counts["flops"] += times * lanes
                    continue
                counts["instructions"] += times * warps
                counts["thread_instructions"] += times * lanes
                counts[f"instructions_{kind}"] += times * warps
        return {line: _complete(counts) for line, counts in sorted(self.lines.items())}


def _complete(counts: Mapping[str, int]) -> Counts:
    return Counter({name: counts.get(name, 0) for name in FACTS})


def of_array(counts: Mapping[str, int]) -> dict[str, int]:
    """Return what was counted of one array, every name present."""
    return {name: counts.get(name, 0) for name in OF_ARRAY}


def total(lines: Mapping[int, Counts]) -> Counts:
    """Return the sum over all lines, every name present."""
    summed: Counts = Counter()
    for counts in lines.values():
        summed.update(counts)
    return _complete(summed)


def ratios(counts: Mapping[str, float], sector_bytes: int) -> dict[str, float]:
    """Return the efficiencies that follow from `counts`; 1.0 where there was nothing to do."""
    useful = counts["global_load_bytes"] + counts["global_store_bytes"]
    moved = sector_bytes * (counts["global_load_sectors"] + counts["global_store_sectors"])
    slots = WARP * counts["instructions"]
    return {
        "coalescing_efficiency": useful / moved if moved else 1.0,
        "lane_efficiency": counts["thread_instructions"] / slots if slots else 1.0,
    }
