"""The accelerators of this machine as their makers' programs tell of them: which, and how well."""

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from typing import NamedTuple, Protocol

from autograder.errors import InfraError

_SECONDS = 10.0  # for a program to answer: without persistence mode it loads the driver first
_IDLE_MIB = 1024  # in use, at most, by the driver itself
_GPU = ("uuid", "memory.used", "ecc.errors.uncorrected.volatile.total")
_SIMULATOR = "NUMBA_ENABLE_CUDASIM"


class Unit(NamedTuple):
    """One accelerator."""

    kind: str  # gpu, npu
    id: str  # by which its driver knows it
    driver: str = ""  # its version, where it tells


class Tool(Protocol):
    """What is known of the accelerators of one kind."""

    def units(self) -> list[Unit]:
        """Return those of this machine. Raises InfraError if that cannot be found out."""

    def trouble(self, unit: Unit) -> str | None:
        """Return None if `unit` is well and idle, else what is the matter and what to do."""


class Nvidia:
    """GPUs, by nvidia-smi. Tried with an emulated one only."""

    def units(self) -> list[Unit]:
        """As `Tool.units`: by UUID, since CUDA numbers devices in another order."""
        asked = "--query-gpu=index,uuid,driver_version"
        rows = _rows(_ask("nvidia-smi", asked, "--format=csv,noheader"))
        given = os.environ.get("CUDA_VISIBLE_DEVICES")  # to us, by a cluster or an operator
        allowed = {name.strip() for name in given.split(",")} if given is not None else None
        mine = (row for row in rows if allowed is None or allowed & set(row[:2]))
        return [Unit("gpu", *row[1:]) for row in mine]

    def trouble(self, unit: Unit) -> str | None:
        """As `Tool.trouble`."""
        try:
            format, which = "--format=csv,noheader,nounits", f"--id={unit.id}"
            state = _rows(_ask("nvidia-smi", f"--query-gpu={','.join(_GPU)}", format, which))
            users = _ask("nvidia-smi", "--query-compute-apps=pid", format, which)
        except InfraError as error:  # so a GPU that has fallen off the bus shows, too (Xid 79)
            return f"{error}; look for Xid in dmesg, and restart the machine"
        _, memory, errors = [*state[0], "", ""][:3] if state else ("", "", "")
        if errors.isdigit() and int(errors):
            return f"{errors} uncorrected memory errors; reset it: nvidia-smi --gpu-reset"
        if pids := [row[0] for row in _rows(users) if row[0]]:
            return f"in use by process {', '.join(pids)}; end it"
        if not re.fullmatch(r"\d+|\[?N/A\]?", memory):  # "[Unknown Error]", or nothing at all
            return f"it says {memory or 'nothing'!r} of its memory; look for Xid in dmesg"
        if memory.isdigit() and int(memory) > _IDLE_MIB:
            return f"{memory} MiB are in use though no process is known; reset it"
        return None


class Ascend:
    """NPUs, by npu-smi. Tried with an emulated one only."""

    def units(self) -> list[Unit]:
        """As `Tool.units`: by NPU ID."""
        return [Unit("npu", id) for id in _values(_ask("npu-smi", "info", "-l"), "NPU ID")]

    def trouble(self, unit: Unit) -> str | None:
        """As `Tool.trouble`: every chip of it must be OK."""
        try:
            said = _ask("npu-smi", "info", "-t", "health", "-i", unit.id)
        except InfraError as error:
            return f"{error}; restart the driver"
        states = _values(said, "Health Status") or _values(said, "Health") or ["unknown"]
        bad = next((state for state in states if state != "OK"), None)
        return (
            None if bad is None else f"its health is {bad}: npu-smi info -t err-count -i {unit.id}"
        )


class Simulator:
    """Numba's simulator in the place of a GPU: always well. Emulated."""

    def units(self) -> list[Unit]:
        """As `Tool.units`: there is one."""
        return [Unit("gpu", "simulator")]

    def trouble(self, unit: Unit) -> str | None:
        """As `Tool.trouble`."""
        return None


def is_simulated() -> bool:
    """Whether Numba's simulator stands for the GPU."""
    return os.environ.get(_SIMULATOR) == "1"


def tool(kind: str) -> Tool:
    """Return what knows the accelerators of `kind`: gpu or npu."""
    if kind == "npu":
        return Ascend()
    return Simulator() if is_simulated() else Nvidia()


def surroundings(unit: str) -> Mapping[str, str]:
    """Return the environment variables by which a process finds the GPU `unit`, and no other."""
    kept = ("CUDA_HOME", "CUDA_PATH", "LD_LIBRARY_PATH", _SIMULATOR)
    chosen = {} if is_simulated() else {"CUDA_VISIBLE_DEVICES": unit}
    return {name: os.environ[name] for name in kept if name in os.environ} | chosen


def _ask(program: str, *arguments: str) -> str:
    """Return what a program says. Raises InfraError if it is not there, fails, or hangs."""
    path = shutil.which(program)
    if path is None:
        raise InfraError(f"{program} is not on this machine: install the device's driver")
    try:
        done = subprocess.run(
            [path, *arguments], capture_output=True, timeout=_SECONDS, stdin=subprocess.DEVNULL
        )
    except subprocess.TimeoutExpired:
        raise InfraError(f"{program} does not answer within {_SECONDS:g} s") from None
    said = done.stdout.decode(errors="replace")
    if done.returncode:
        line = (done.stderr.decode(errors="replace") or said).strip().partition("\n")[0]
        raise InfraError(f"{program} failed with {done.returncode}: {line}")
    return said


def _rows(said: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in line.split(",")] for line in said.splitlines() if line.strip()
    ]


def _values(said: str, key: str) -> list[str]:
    """Return what follows ``key :`` on each line that begins with it."""
    pairs = [line.partition(":") for line in said.splitlines()]
    return [value.strip() for name, _, value in pairs if name.strip() == key]
