"""Plain ``kernel[grid, block](…)`` of ``numba.cuda``, on the virtual GPU."""

import contextlib
import warnings
from collections.abc import Callable
from typing import Any

from labkit.gpu import device_array
from labkit.gpu.machine import launch
from labkit.gpu.problems import HazardWarning, KernelError
from labkit.gpu.report import Report

_FORALL_BLOCK = 128  # threads, where a program leaves the choice to the driver
_found: list[Report] = []  # the latest launch's
_replaced: list[tuple[Any, str, Any]] = []  # owner, name and value of what stood there before


def enable(*, strict: bool = False, beside_a_gpu: bool = False) -> None:
    """From now on, launches of ``numba.cuda`` kernels run on the virtual GPU.

    Where there is a real GPU nothing is changed, unless `beside_a_gpu`. Hazards are told as
    `HazardWarning`; `last_report` returns all that was counted.

    Args:
        strict: raise KernelError on a hazard of severity ``error``.
        beside_a_gpu: use the virtual GPU though there is a real one.

    Raises:
        RuntimeError: Numba's own simulator is switched on.
    """
    from numba import config, cuda

    if getattr(config, "ENABLE_CUDASIM", False):
        raise RuntimeError("NUMBA_ENABLE_CUDASIM is set: unset it to use the virtual GPU")
    disable()
    is_there: Callable[[], bool] = cuda.is_available
    if is_there() and not beside_a_gpu:
        return
    from numba.cuda.dispatcher import CUDADispatcher

    # A cell that is run again must warn again.
    warnings.simplefilter("always", HazardWarning)
    _replace(CUDADispatcher, "configure", _configure(strict))
    _replace(CUDADispatcher, "forall", _forall)
    _replace(cuda, "jit", _without_signatures(cuda.jit))
    for name, value in _MEMORY.items():
        if hasattr(cuda, name):  # it depends on the version
            _replace(cuda, name, value)


def disable() -> None:
    """Put back what `enable` has replaced."""
    while _replaced:
        owner, name, value = _replaced.pop()
        setattr(owner, name, value)


def last_report() -> Report:
    """Return the report of the latest launch after `enable`. Raises LookupError: there is none."""
    if not _found:
        raise LookupError("no kernel was launched on the virtual GPU since gpu.enable()")
    return _found[0]


def _replace(owner: Any, name: str, value: Any) -> None:
    _replaced.append((owner, name, getattr(owner, name)))
    setattr(owner, name, value)


def _configure(strict: bool) -> Callable[..., Any]:
    def configure(
        kernel: Any, griddim: Any, blockdim: Any, stream: Any = 0, sharedmem: int = 0
    ) -> Callable[..., None]:
        def run(*arguments: Any) -> None:
            values = [device_array.held(argument) for argument in arguments]
            report = launch(kernel, griddim, blockdim, *values, shared_bytes=sharedmem)
            _found[:] = [report]
            if strict and not report.ok:
                raise KernelError(report.hazards)
            for hazard in report.hazards:
                warnings.warn(str(hazard), HazardWarning, stacklevel=2)

        return run

    return configure


def _forall(
    kernel: Any, ntasks: int, tpb: int = 0, stream: Any = 0, sharedmem: int = 0
) -> Callable[..., None]:
    block = tpb or _FORALL_BLOCK
    run: Callable[..., None] = kernel[max(1, -(-ntasks // block)), block, stream, sharedmem]
    return run if ntasks else lambda *arguments: None


def _without_signatures(jit: Callable[..., Any]) -> Callable[..., Any]:
    """Leave out the types that a decorator names: Numba would compile for a GPU at once."""

    def decorate(func_or_sig: Any = None, *rest: Any, **options: Any) -> Any:
        return jit(func_or_sig if callable(func_or_sig) else None, **options)

    return decorate


class _InOrder:
    """A stream, or an event: on the virtual GPU one thing comes after the other anyway."""

    def synchronize(self) -> None:
        """All has happened already."""

    record = wait = lambda self, stream=0: None
    auto_synchronize = contextlib.nullcontext

    def elapsed_time(self, end: Any) -> float:
        """There is no time to tell. Raises RuntimeError."""
        raise RuntimeError("the virtual GPU has no time; see gpu.last_report().model_cycles")


_MEMORY: dict[str, Callable[..., Any]] = {
    "to_device": device_array.to_device,
    "device_array": device_array.device_array,
    "device_array_like": device_array.device_array_like,
    "pinned_array": device_array.host_array,
    "mapped_array": device_array.host_array,
    "managed_array": device_array.host_array,
    "synchronize": lambda: None,
    "stream": _InOrder,
    "default_stream": _InOrder,
    "event": lambda timing=True: _InOrder(),
    "event_elapsed_time": lambda start, end: start.elapsed_time(end),
    "pinned": contextlib.nullcontext,
}
