"""Kernels built for a real NPU, each run in a process of its own. Not run on hardware."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import weakref
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from labkit.npu.errors import LaunchError
from labkit.npu.hardware import toolkit
from labkit.npu.hardware.functions import ARRAY, STREAM, Callable, launchers, run_kernel
from labkit.npu.hardware.problems import DeviceError
from labkit.npu.source import Program, gather

_STREAM_SECONDS = 3.0  # as the vendor's online judge
_START_SECONDS = 60.0  # of the device's library, at most


class Timing(NamedTuple):
    """Milliseconds from the device's own events: launch to end."""

    milliseconds: float


@dataclass(frozen=True)
class HardwareLibrary:
    """A program's kernels as a shared library for the device."""

    path: Path
    kernels: Mapping[str, Callable]
    own: Callable | None  # run_kernel
    device: int = 0

    def run(self, *arguments: Any, timeout: float = _STREAM_SECONDS) -> Timing:
        """Call ``run_kernel``; arrays are copied to the device, and back in place.

        Raises:
            LaunchError: there is no such function, or it takes other arguments.
            DeviceError: the device failed, or did not end in `timeout` seconds.
        """
        if self.own is None:
            raise LaunchError("the program has no run_kernel: launch a kernel by name")
        return self._call(self.own, arguments, timeout)

    def launch(
        self,
        name: str,
        block_dim: int,
        *arguments: Any,
        tiling: np.ndarray | bytes | None = None,
        timeout: float = _STREAM_SECONDS,
    ) -> Timing:
        """Launch a kernel; as `labkit.npu.Library.launch`, and as `run`."""
        if name not in self.kernels:
            raise LaunchError(f"there is no kernel {name!r}; there are: {', '.join(self.kernels)}")
        more = [] if tiling is None else [np.frombuffer(bytes(tiling), np.uint8).copy()]
        return self._call(self.kernels[name], (block_dim, *arguments, *more), timeout)

    def healthy(self) -> bool:
        """Try the device in a fresh process: memory goes there and comes back."""
        with tempfile.TemporaryDirectory() as folder:
            try:
                return "error" not in self._process(Path(folder), {"probe": True}, _STREAM_SECONDS)
            except DeviceError:
                return False

    def _call(self, function: Callable, given: Sequence[Any], seconds: float) -> Timing:
        passed, arrays = _passed(function, given)
        with tempfile.TemporaryDirectory() as folder:
            for number, array in enumerate(arrays):
                np.save(Path(folder, f"{number}.npy"), array, allow_pickle=False)
            task = {
                "library": str(self.path),
                "symbol": function.symbol,
                "arguments": passed,
                "arrays": len(arrays),
            }
            try:
                told = self._process(Path(folder), task, seconds)
            except DeviceError as error:
                raise DeviceError(error.call, error.code, self.healthy()) from error
            if not self.healthy():  # a bad kernel may leave a device that fails the next one
                raise DeviceError("the check after the kernel", None, healthy=False)
            for number, array in enumerate(arrays):
                np.copyto(array, np.load(Path(folder, f"{number}.npy"), allow_pickle=False))
        return Timing(told["milliseconds"])

    def _process(self, folder: Path, task: dict[str, Any], seconds: float) -> dict[str, Any]:
        Path(folder, "task.json").write_text(json.dumps(task | {"seconds": seconds}))
        command = [sys.executable, "-m", "labkit.npu.hardware.process", str(folder)]
        environment = os.environ | {"ASCEND_RT_VISIBLE_DEVICES": str(self.device)}
        try:
            ended = subprocess.run(
                command, env=environment, timeout=seconds + _START_SECONDS, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise DeviceError("the kernel's process", None) from error
        answer = Path(folder, "told.json")
        if not answer.exists():
            raise DeviceError("the kernel's process", ended.returncode)
        told: dict[str, Any] = json.loads(answer.read_text())
        if "error" in told:
            raise DeviceError(*told["error"])
        return told


def _passed(function: Callable, given: Sequence[Any]) -> tuple[list[list[Any]], list[np.ndarray]]:
    """Return what each parameter gets, as the process takes it, and the arrays in order."""
    wanted = [kind for kind in function.parameters if kind != STREAM]
    if len(wanted) != len(given):
        raise LaunchError(f"{function.symbol} takes {len(wanted)} arguments, not {len(given)}")
    rest = iter(given)
    arrays: list[np.ndarray] = []
    passed: list[list[Any]] = []
    for kind in function.parameters:
        if kind == STREAM:
            passed.append([STREAM])
            continue
        value = next(rest)
        if (kind == ARRAY) != isinstance(value, np.ndarray):
            raise LaunchError(f"{function.symbol}: {value!r} is no {kind}")
        if kind == ARRAY:
            arrays.append(value)
        passed.append([kind, len(arrays) - 1 if kind == ARRAY else value])
    return passed, arrays


def build(source: str | Path, soc: str = "910B1", device: int = 0) -> HardwareLibrary:
    """Build a program of one file for the device.

    Args:
        source: as of `labkit.npu.build`.
        soc: the chip.
        device: which one of this machine, counted as npu-smi does.

    Raises:
        NoToolkit: this machine has no compiler for it.
        BuildError: it does not build.
    """
    program = gather(source)
    folder = Path(tempfile.mkdtemp(prefix="labkit-npu-"))
    unit, kernels = _written(program, folder)
    target = folder / "kernels.so"
    library = HardwareLibrary(target, kernels, run_kernel(program), device)
    weakref.finalize(library, shutil.rmtree, folder, ignore_errors=True)
    command = toolkit.command(unit, target, soc)
    ended = subprocess.run(
        command, capture_output=True, text=True, timeout=toolkit.SECONDS, check=False
    )
    if ended.returncode:
        raise toolkit.refused(ended.stderr, list(program.files))
    return library


def _written(program: Program, folder: Path) -> tuple[Path, dict[str, Callable]]:
    """Write the program's files with launchers; return its unit, and the kernels by name."""
    first = program.units[0]
    text, kernels = launchers(program, first)
    for name, source in program.files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(f"{source}\n{text}" if name == first else source)
    return folder / first, kernels
