"""How a container of ours is walled: the options of one box, as the engine's SDK takes them."""

import json
from collections.abc import Sequence
from functools import cache
from typing import Any

from autograder.box import compilers, layout
from autograder.box.profile import profile
from autograder.box.wall import Wall

OWNER = "systems-for-ai.owner"  # a label: the process that removes the container

_CAPABILITIES = ["SETUID", "SETGID", "SETPCAP"]  # to become nobody; the driver gives them up
_DRIVER_BYTES = 1 << 30  # of the driver with its libraries, above what calls may take
_PLACED_BYTES = 64 << 20  # of the handed-in files, and again of the probes
_SPARE_PROCESSES = 16  # of the driver; the rest of the count are the calls'

_Mounts = dict[str, str]


def host_options(wall: Wall, memory_mb: int) -> dict[str, Any]:
    """Return the keywords of `create_host_config` for a box behind `wall`.

    Args:
        wall: sizes of its scratch folders, number of its processes.
        memory_mb: what a call may hold; the driver watches that, this is the outer ring.
    """
    memory = _DRIVER_BYTES + (memory_mb << 20) + 2 * (wall.scratch_bytes + _PLACED_BYTES)
    return {
        "network_mode": "none",
        "ipc_mode": "private",
        "read_only": True,
        "tmpfs": _scratch(wall),
        "cap_drop": ["ALL"],
        "cap_add": _CAPABILITIES,
        "security_opt": ["no-new-privileges", f"seccomp={_profile()}"],
        "pids_limit": wall.processes + _SPARE_PROCESSES,
        "mem_limit": memory,
        "memswap_limit": memory,  # no swap on top
        "oom_score_adj": 500,  # of all on this machine, a box goes first
        "log_config": {"type": "none", "config": {}},  # frames are nobody's log
        "restart_policy": {"Name": "no"},
    }


def container_options(image: str, owner: str, compiles: Sequence[str] = ()) -> dict[str, Any]:
    """Return the keywords of `create_container` besides the host's.

    Args:
        image: a digest, or a name.
        owner: marks it, so that it is found and removed should this process be killed.
        compiles: the compilers that code in it may run.

    The process starts as root, with three capabilities, and becomes the box's own user before it
    reads a byte of a student's (ADR 0019).
    """
    return {
        "image": image,
        "command": ["0,1"],
        "user": "0:0",
        "hostname": "box",
        "stdin_open": True,
        "environment": {
            **layout.environment("/tmp"),
            **compilers.environment(compiles, fixed=True),
            "PATH": "/usr/local/bin:/usr/bin:/bin",
        },
        "labels": {OWNER: owner},
        "working_dir": "/",
    }


def _scratch(wall: Wall) -> _Mounts:
    bounds = f"size={wall.scratch_bytes},nr_inodes={wall.scratch_inodes}"
    placed = (
        f"rw,nosuid,nodev,noexec,mode=0755,size={_PLACED_BYTES},nr_inodes={wall.scratch_inodes}"
    )
    return {
        "/tmp": f"rw,exec,nosuid,nodev,mode=1777,{bounds}",
        "/dev/shm": f"rw,exec,nosuid,nodev,mode=1777,{bounds}",
        "/dev/mqueue": "ro,nosuid,nodev,noexec,size=4096,nr_inodes=2,mode=0555",
        layout.PROBES: placed,
        layout.SUBMISSION: placed,
    }


@cache
def _profile() -> str:
    return json.dumps(profile())
