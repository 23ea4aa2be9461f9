"""The launches of a task on a real GPU, a file's beside the reference's: numbers, and times.

Run this in a process that holds no submission; see `hardware`. What is to be measured was launched
on the virtual GPU before, without a hazard.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from labkit.gpu.hardware import Buffer, compiled
from labkit.gpu.launches import Launch, argument_of
from labkit.gpu.machine import Kernels

LAUNCH, OUTSIDE, NUMBERS = "launch", "outside", "numbers"  # kinds of problems


@dataclass(frozen=True)
class Measured:
    """What came of some rounds: seconds of each, and the first problem of the file's own side."""

    seconds: tuple[float, ...]
    reference_seconds: tuple[float, ...]
    problem: str = ""  # one of the kinds above
    detail: str = ""


class Side:
    """The launches of one file, on the same values in every round."""

    def __init__(
        self, kernels: Kernels, launches: Sequence[Launch], values: Mapping[str, Any]
    ) -> None:
        """Compile what `launches` names.

        Raises:
            SubsetError: a kernel is outside the course subset.
        """
        made: dict[int, Any] = {}
        self._launches = launches
        self._arguments = [[argument_of(v, values, made) for v in one.args] for one in launches]
        self._arrays = {name: v for name, v in values.items() if isinstance(v, np.ndarray)}
        self._functions: dict[str, Any] = {}
        for one, arguments in zip(launches, self._arguments, strict=True):
            if one.kernel not in self._functions:
                self._functions[one.kernel] = compiled(kernels[one.kernel], arguments)

    def run(self) -> tuple[dict[str, Any], float, bool]:
        """Make the launches; return the arrays by name, the seconds, and whether canaries live."""
        from numba import cuda

        given = [v for arguments in self._arguments for v in arguments if isinstance(v, np.ndarray)]
        buffers = {id(array): Buffer(np.ascontiguousarray(array)) for array in given}
        event: Callable[[], Any] = cuda.event
        start, end = event(), event()
        start.record()
        for one, arguments in zip(self._launches, self._arguments, strict=True):
            views = [buffers[id(v)].view if id(v) in buffers else v for v in arguments]
            self._functions[one.kernel][one.grid, one.block, 0, one.shared_bytes](*views)
        end.record()
        end.synchronize()
        seconds = float(start.elapsed_time(end)) / 1000
        read = {key: buffer.read() for key, buffer in buffers.items()}
        left = {name: read[id(v)][0] for name, v in self._arrays.items() if id(v) in read}
        return left, seconds, all(whole for _, whole in read.values())


def measure(mine: Side, reference: Side, expected: Mapping[str, Any], rounds: int) -> Measured:
    """Run both in turn; the first round is not timed, unless it is the only one.

    A launch that fails ends it, since it takes the device's state with it.

    Args:
        mine: the side to look at.
        reference: the side beside it.
        expected: what `mine` left in its arrays on the virtual GPU, by name.
        rounds: how often.
    """
    times: list[tuple[float, float]] = []
    problem = detail = ""
    for number in range(rounds):
        try:
            # Who goes first finds other caches and clocks: they take turns in that, too.
            if number % 2:
                (_, theirs, _), (left, own, whole) = reference.run(), mine.run()
            else:
                (left, own, whole), (_, theirs, _) = mine.run(), reference.run()
        except Exception as error:  # of the driver, of whatever type it is there
            return Measured((), (), LAUNCH, f"{type(error).__name__}: {error}")
        times.append((own, theirs))
        if not problem:
            problem, detail = _problem(left, expected, whole=whole)
    timed = times[1:] or times
    return Measured(tuple(t for t, _ in timed), tuple(r for _, r in timed), problem, detail)


def _problem(
    left: Mapping[str, Any], expected: Mapping[str, Any], *, whole: bool
) -> tuple[str, str]:
    if not whole:
        return OUTSIDE, "wrote outside an array"
    for name, found in left.items():
        if not _is_close(found, expected[name]):
            return NUMBERS, f"{name} is not what the virtual GPU left there"
    return "", ""


def _is_close(found: Any, wanted: Any) -> bool:
    """Whether both hold the same, NaN and infinite numbers included."""
    if wanted.dtype.kind != "f":
        return bool((found == wanted).all())
    finite = np.abs(wanted[np.isfinite(wanted)])
    scale = float(finite.max()) if finite.size else 0.0
    return bool(np.allclose(found, wanted, rtol=1e-4, atol=1e-5 * scale, equal_nan=True))
