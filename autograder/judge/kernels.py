"""Kernels of a submission, launched by a machine of ours: `labkit.gpu`, in a box without the files.

A launch is a call like any other, so that it is cached, recorded and replayed like any other; only
it goes to another box, with the text of the file. That box holds no submission, and its child
imports none: what it counts, the author of the kernel cannot touch.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from importlib import resources
from typing import Any

from autograder.judge.calls import Calls, OneCall
from autograder.model import CallError, Frame, Limits, Needs, Observation, Outcome, Value

LAUNCH, PERFORM, INTERPRET = (f"labkit.gpu.{verb}" for verb in ("launch", "perform", "interpret"))
_RATIOS = "_efficiency"  # how the names end of what must not be added up
_TYPES = {
    Outcome.FORBIDDEN: ("SubsetError", "labkit.gpu"),
    Outcome.MISSING: ("NotImplementedError", "builtins"),
}


class Kernel:
    """A kernel in a handed-in file."""

    def __init__(self, run: Callable[..., Value], file: str, name: str) -> None:
        """Launch through `run`, as `Caller.run`."""
        self._run, self._file, self._name = run, file, name

    def launch(
        self,
        grid: int | Sequence[int],
        block: int | Sequence[int],
        *arguments: Value,
        shared_bytes: int = 0,
        order: int | None = None,
    ) -> Any:
        """Launch it on the virtual GPU; see `labkit.gpu.launch`.

        Returns:
            A map with ``arrays`` (copies of the arguments that are arrays, as the kernel left
            them), ``counters``, ``traffic`` by argument, ``lines``, ``hazards`` and ``ok``; see
            `labkit.gpu.probe`.

        Raises:
            CallFailed: it cannot run, or ran out of time or memory.
        """
        sizes = [[size] if isinstance(size, int) else list(size) for size in (grid, block)]
        return self._run(
            LAUNCH, self._file, self._name, *sizes, list(arguments), shared_bytes, order
        )

    def perform(self, values: Mapping[str, Value], *, order: int | None = None) -> Any:
        """Make the launches that the file's ``<name>_launch`` asks for; see `labkit.gpu.perform`.

        Args:
            values: arrays and numbers by name.
            order: of the blocks, in every launch.

        Returns:
            A map with ``arrays`` (by name, as the kernels left them), ``traffic`` of each of them,
            ``counters`` of all launches together, ``hazards`` and ``ok``, and ``launches``, a map
            for each.

        Raises:
            CallFailed: something of it cannot run, or ran out of time or memory.
        """
        return self._run(PERFORM, self._file, self._name, dict(values), order)


class KernelCalls:
    """Sends launches to the machine, with the text of the file they name, and all else on."""

    def __init__(self, calls: Calls, files: Mapping[str, bytes], machine: OneCall) -> None:
        """Launch kernels of `files` on `machine`; other calls go to `calls`."""
        self._calls, self._files, self._machine = calls, files, machine

    def call(self, probe: str, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Observation:
        """As `Calls.call`."""
        if probe not in (LAUNCH, PERFORM, INTERPRET):
            return self._calls.call(probe, args, kwargs)
        file, *rest = args
        verb = probe.rpartition(".")[2]
        text = self._files.get(str(file))
        if text is None:
            error = CallError("FileNotFoundError", "builtins", f"{file} was not handed in")
            return Observation(Outcome.MISSING, error=error)
        source = text.decode("utf-8", errors="replace")
        return _told(str(file), self._machine.call(verb, [source, file, *rest], kwargs))

    def map(self, probe: str, cases: Sequence[Sequence[Value]]) -> list[Observation]:
        """As `Calls.map`; launches are made one by one."""
        if probe not in (LAUNCH, PERFORM, INTERPRET):
            return self._calls.map(probe, cases)
        return [self.call(probe, case, {}) for case in cases]

    def session(self) -> AbstractContextManager[Any]:
        """As `Calls.session`: of the submission's own box."""
        return self._calls.session()


def _told(file: str, seen: Observation) -> Observation:
    """Return what the machine's answer means for the kernel."""
    value = seen.value
    if seen.outcome is not Outcome.PASS or not isinstance(value, dict):
        return seen
    for outcome in _TYPES:
        if outcome.value in value:
            frames = (Frame(file, int(value["line"]), "kernel"),)
            error = CallError(*_TYPES[outcome], str(value["message"]), frames)
            return replace(seen, outcome=outcome, value=None, error=error)
    if "returned" in value:
        return replace(seen, value=value["returned"])
    counts = {k: v for k, v in value["counters"].items() if not k.endswith(_RATIOS)}
    return replace(seen, counters=counts)


def machine_needs(limits: Limits, image: str = "") -> Needs:
    """Return what the machine's box holds; `image` as in `Job`."""
    return Needs(
        ("numpy",),
        resources.files("labkit.gpu").joinpath("probe.py").read_bytes(),
        limits,
        preload=("labkit.gpu",),
        image=image,
    )
