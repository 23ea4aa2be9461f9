"""What a box with a real GPU runs: it holds this text, and no submission."""

import importlib
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from labkit import gpu
from labkit.gpu import beside, hardware, launches

with suppress(ImportError):
    # The package numba-cuda replaces numba.cuda; a box does not read the .pth that would say so.
    importlib.import_module("_numba_cuda_redirector")

_ROUNDS = 12  # the first one is not timed


def measure(
    sources: list[str],
    file: str,
    name: str,
    shape: list[Any] | None,
    values: dict[str, Any],
    expected: dict[str, Any],
) -> dict[str, Any]:
    """Launch the kernel `name` of two texts in turn; return times as plain data.

    Args:
        sources: the student's text, and the reference's.
        file: what messages call both.
        name: of the kernel, or of the task whose ``<name>_launch`` says what to launch.
        shape: grid, block and bytes of shared memory; None for what ``<name>_launch`` asks for.
        values: arrays and numbers by name; with a `shape`, the kernel's arguments in order.
        expected: the arrays by name, as the virtual GPU left them.

    Returns:
        ``device``, ``emulated``, ``seconds`` and ``reference_seconds`` of each round, ``problem``
        and ``detail``; of a machine without a GPU only ``absent``.
    """
    if not hardware.is_available():
        return {"absent": True}
    sides = [_side(gpu.load_text(text, file), name, shape, values) for text in sources]
    emulated = bool(importlib.import_module("numba").config.ENABLE_CUDASIM)
    found = beside.measure(sides[0], sides[1], expected, 1 if emulated else _ROUNDS)
    return {
        "device": _device(emulated=emulated),
        "emulated": emulated,
        "seconds": list(found.seconds),
        "reference_seconds": list(found.reference_seconds),
        "problem": found.problem,
        "detail": found.detail,
    }


def _side(
    kernels: gpu.Kernels, name: str, shape: list[Any] | None, values: dict[str, Any]
) -> beside.Side:
    if shape is None:
        return beside.Side(kernels, launches.asked(kernels, name, values), values)
    grid, block, shared_bytes = shape
    one = gpu.Launch(name, tuple(grid), tuple(block), tuple(values), shared_bytes)
    return beside.Side(kernels, [one], values)


def _device(*, emulated: bool) -> str:
    if emulated:
        return "Numba's simulator, emulated"
    current: Callable[[], Any] = importlib.import_module("numba.cuda").get_current_device
    name = current().name
    return name.decode() if isinstance(name, bytes) else str(name)
