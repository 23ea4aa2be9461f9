"""The process that touches the device: ``python -m labkit.npu.hardware.process FOLDER``.

It reads FOLDER/task.json and the arrays beside it, and writes FOLDER/told.json: milliseconds, or
``error`` as [call, code]. Each task has a process of its own, so that a kernel that ruins its
context ruins nobody else's. Not run on hardware.
"""

import ctypes
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

from labkit.npu.hardware.functions import ARRAY, STREAM
from labkit.npu.hardware.problems import DeviceError
from labkit.npu.hardware.runtime import Address, Runtime


def main(folder: Path) -> None:
    """Do the task of `folder`."""
    task = json.loads((folder / "task.json").read_text())
    runtime, milliseconds = Runtime(), int(task["seconds"] * 1000)
    try:
        with runtime.device() as stream:
            told = (
                _probe(runtime, stream, milliseconds)
                if task.get("probe")
                else _perform(runtime, stream, milliseconds, task, folder)
            )
    except DeviceError as error:
        told = {"error": [error.call, error.code]}
    (folder / "told.json").write_text(json.dumps(told))


def _probe(runtime: Runtime, stream: Address, milliseconds: int) -> dict[str, Any]:
    """Send bytes there and back."""
    sent = np.arange(1024, dtype=np.uint8)
    received = np.zeros_like(sent)
    runtime.download(received, runtime.upload(sent))
    runtime.wait(stream, milliseconds)
    if not np.array_equal(sent, received):
        raise DeviceError("the check of its memory", None)
    return {"milliseconds": 0.0}


def _perform(
    runtime: Runtime, stream: Address, milliseconds: int, task: dict[str, Any], folder: Path
) -> dict[str, Any]:
    files = [folder / f"{number}.npy" for number in range(task["arrays"])]
    arrays = [np.load(file, allow_pickle=False) for file in files]
    places = [runtime.upload(array) for array in arrays]
    function = getattr(ctypes.CDLL(task["library"]), task["symbol"])
    function.restype = None
    arguments = [_argument(kind, value, stream, places) for kind, *value in task["arguments"]]
    with runtime.timed(stream) as elapsed:
        function(*arguments)
    runtime.wait(stream, milliseconds)
    for file, array, place in zip(files, arrays, places, strict=True):
        runtime.download(array, place)
        np.save(file, array, allow_pickle=False)
    return {"milliseconds": elapsed()}


def _argument(kind: str, value: list[Any], stream: Address, places: list[Address]) -> Any:
    if kind == STREAM:
        return stream
    return places[value[0]] if kind == ARRAY else getattr(ctypes, kind)(value[0])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
