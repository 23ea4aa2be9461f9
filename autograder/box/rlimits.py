"""The kernel's own limits on a child. Runs inside the box: imports nothing of ours."""

import resource
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_OPEN_FILES = 128
_FILE_BYTES = 256 << 20


def limit(limits: Mapping[str, Any], wall: Mapping[str, Any]) -> None:
    """Limit this process and all it starts; for the arguments see `lockdown.confine`.

    Raises:
        OSError, ValueError: the kernel refuses, and there is a wall to complete.
    """
    caps = {"CORE": 0, "MEMLOCK": 0, "NOFILE": _OPEN_FILES, "FSIZE": _FILE_BYTES}
    if wall:  # else it would count every process of whoever runs the grader
        caps["NPROC"] = wall["processes"]
    if limits["memory_mb"] is not None:
        caps["AS"] = _address_space() + (int(limits["memory_mb"]) << 20)
    if limits["cpu_seconds"] is not None:
        caps["CPU"] = int(limits["cpu_seconds"]) + 1  # the driver watches the exact figure
    for name, cap in caps.items():
        _limit(name, cap, required=bool(wall))


def _limit(name: str, cap: int, *, required: bool) -> None:
    number = getattr(resource, f"RLIMIT_{name}", None)
    try:
        if number is None:
            raise OSError(f"no limit {name} on this platform")
        ceiling = resource.getrlimit(number)[1]
        if ceiling != resource.RLIM_INFINITY:
            cap = min(cap, ceiling)
        resource.setrlimit(number, (cap, cap))
    except (OSError, ValueError):
        if required:
            raise


def _address_space() -> int:
    """Bytes of address space this process has now; 0 where that cannot be read."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return 0
    return pages * resource.getpagesize()
