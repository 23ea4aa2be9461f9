"""A cost model: the cycles that the busiest part of a named GPU needs at least, and a roofline.

After Williams, Waterman and Patterson, "Roofline: an insightful visual performance model" (CACM
2009), with more than two roofs. It is a bound from below and never a time: latencies, caches beyond
one perfect one, registers, clock changes and what the compiler makes of the code are left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from labkit.gpu.devices import Device
from labkit.gpu.lanes import WARP

_ISSUED = (
    *(f"{space}_{way}_requests" for space in ("global", "shared") for way in ("load", "store")),
    *("atomic_requests", "shared_atomic_requests", "shuffles", "instructions_sync"),
)


@dataclass(frozen=True)
class Roofline:
    """Where a kernel lies: operations per byte, operations per cycle, and the roof over it."""

    intensity: float  # floating-point operations per byte that must be moved
    reached: float  # operations per cycle, if the model's cycles were all
    compute_roof: float  # operations per cycle of all multiprocessors
    memory_roof: float  # intensity times bytes per cycle

    @property
    def is_memory_bound(self) -> bool:
        """Whether memory is the lower roof."""
        return self.memory_roof < self.compute_roof


def parts(
    counters: Mapping[str, float], blocks: int, device: Device, *, is_full: bool = False
) -> dict[str, float]:
    """Return the cycles that each part of the device needs by itself.

    Integer and control instructions are left out: a compiler unrolls loops and folds indices, and
    from the source nobody can tell how many of them remain. So are local arrays, kept in registers.

    Args:
        counters: of a launch.
        blocks: that it has.
        device: to model.
        is_full: as if there were blocks enough for all multiprocessors, time and again.
    """
    used = min(device.processors, blocks)
    # The last wave of blocks keeps only some multiprocessors busy.
    share = 1 / device.processors if is_full else -(-blocks // used) / blocks
    pipes = {
        "fp32": counters["instructions_fp32"] + counters["instructions_fp16"],
        "fp64": counters["instructions_fp64"],
        "special": counters["instructions_special"],
    }
    cycles = {name: n * WARP / getattr(device, name) * share for name, n in pipes.items()}
    issued = sum(pipes.values()) + sum(counters[name] for name in _ISSUED)
    lines = counters["global_load_lines"] + counters["global_store_lines"]
    return cycles | {
        "issue": issued / device.schedulers * share,
        # The first-level cache and shared memory are one: a pass, or a line, each cycle.
        "l1": (counters["shared_wavefronts"] + lines) * share,
        "atomics": counters["atomic_serialization"] * share,
        "memory": counters["global_bytes_compulsory"] / device.bytes_per_cycle,
    }


def least_seconds(counters: Mapping[str, float], device: Device) -> float:
    """Return what a launch takes at least, if every multiprocessor of `device` had its share."""
    return max(parts(counters, 1, device, is_full=True).values()) / (device.ghz * 1e9)


def roofline(counters: Mapping[str, float], device: Device) -> Roofline:
    """Return the kernel's place under the roofs of a `device` that is full of such blocks."""
    moved = max(1.0, counters["global_bytes_compulsory"])
    cycles = max(1.0, max(parts(counters, 1, device, is_full=True).values()))
    wide = counters["instructions_fp64"] > counters["instructions_fp32"]
    peak = 2.0 * device.processors * (device.fp64 if wide else device.fp32)
    intensity = counters["flops"] / moved
    reached = counters["flops"] / cycles
    return Roofline(intensity, reached, peak, intensity * device.bytes_per_cycle)
