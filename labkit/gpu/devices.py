"""GPUs by name, from public documents; none of these figures was measured here.

Sources: NVIDIA A100 Tensor Core GPU Architecture (white paper, 2020) and datasheet; NVIDIA H100
Tensor Core GPU Architecture (white paper, 2022) and datasheet; NVIDIA H200 datasheet; CUDA C++
Programming Guide, tables "Arithmetic Instructions" (results a cycle for each multiprocessor) and
"Technical Specifications per Compute Capability".
"""

from dataclasses import dataclass

from labkit.gpu.lanes import WARP


@dataclass(frozen=True)
class Device:
    """What one GPU can do in a cycle."""

    name: str
    processors: int  # multiprocessors (SM)
    ghz: float  # boost clock
    gigabytes_per_second: float  # of global memory
    fp32: int  # results a cycle of one multiprocessor
    fp64: int
    special: int
    shared_kib: int  # of one multiprocessor
    schedulers: int = 4  # warp instructions a cycle of one multiprocessor
    threads: int = 2048  # resident on one multiprocessor
    blocks: int = 32

    @property
    def bytes_per_cycle(self) -> float:
        """Bytes that global memory moves in a cycle, for all multiprocessors."""
        return self.gigabytes_per_second / self.ghz

    def resident_blocks(self, threads: int, shared_bytes: int) -> int:
        """Return how many blocks are on one multiprocessor at once; registers are not known."""
        warps = -(-threads // WARP)
        fit = min(self.blocks, self.threads // (WARP * warps))
        # The system keeps 1 KiB of shared memory for each block (Programming Guide, 8.x and 9.0).
        return min(fit, (self.shared_kib << 10) // (shared_bytes + 1024))

    def occupancy(self, threads: int, shared_bytes: int) -> float:
        """Return resident warps over those that fit."""
        warps = -(-threads // WARP)
        return self.resident_blocks(threads, shared_bytes) * warps * WARP / self.threads


# As the driver names them; a part of one (MIG), or another board with the same chip, is not here.
DRIVER_NAMES = {
    "NVIDIA A100-SXM4-80GB": "A100",
    "NVIDIA H100 80GB HBM3": "H100",
    "NVIDIA H200": "H200",
}

DEVICES = {
    "A100": Device("A100", 108, 1.41, 2039, fp32=64, fp64=32, special=16, shared_kib=164),
    "H100": Device("H100", 132, 1.98, 3350, fp32=128, fp64=64, special=16, shared_kib=228),
    "H200": Device("H200", 132, 1.98, 4800, fp32=128, fp64=64, special=16, shared_kib=228),
}
