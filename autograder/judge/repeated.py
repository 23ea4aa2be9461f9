"""The largest launches of a submission again, on a real GPU beside the reference's.

They earn nothing and can break nothing: whatever goes wrong is a line in the report.
"""

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from importlib import resources
from typing import Any

from autograder.box.base import sandbox
from autograder.box.health import is_simulated
from autograder.box.lease import lease
from autograder.box.wire import WireError
from autograder.course.tree import files_under
from autograder.errors import InfraError
from autograder.judge.keeper import BoxKeeper
from autograder.judge.largest import Launched
from autograder.model import DeviceRun, Job, Lab, Limits, Needs, Observation, Outcome, Result
from labkit.gpu import beside
from labkit.gpu.devices import DEVICES, DRIVER_NAMES
from labkit.gpu.model import least_seconds

# CUDA reserves more address space than a machine has memory: here that is no measure.
_LIMITS = Limits(cpu_seconds=30.0, memory_mb=1 << 24, total_seconds=300.0)

UNUSABLE = "the device could not be used"
DOUBTFUL = "the device failed later on: do not rely on these figures"
_NOTES = {
    beside.LAUNCH: "the launch failed there, yours or the reference's",
    beside.OUTSIDE: "it wrote outside an array there",
    beside.NUMBERS: "it left other numbers there than on the virtual GPU",
    Outcome.TIMEOUT: "it ran out of time there",
    Outcome.MEMORY: "its arrays are too large to be repeated there",
}
_FAILED = "it could not be run there"
_LONGEST_NAME, _LONGEST_DETAIL = 100, 4000  # characters
_EMULATED = "emulated: a simulator tells no times"
_UNKNOWN = "the limit of this device is not known here"

Chosen = Sequence[tuple[str, Launched]]  # with the test's name


def repeated(job: Job, lab: Lab, result: Result, chosen: Chosen) -> Result:
    """Return `result` with what came of the `chosen` launches on the job's device."""
    if not chosen:
        return result
    runs = [DeviceRun(test, one.file, one.kernel) for test, one in chosen]
    versions: dict[str, str] = {}
    try:
        _run_all(job, lab, chosen, runs, versions)
    except Exception as failure:  # of whatever kind: the points are earned already
        runs = [_doubted(run, f"{type(failure).__name__}: {failure}") for run in runs]
    other = {name: v for name, v in versions.items() if v != result.versions.get(name)}
    told = {f"{job.device} {name}": version for name, version in other.items()}
    return replace(result, device_runs=tuple(runs), versions={**result.versions, **told})


def _doubted(run: DeviceRun, why: str) -> DeviceRun:
    """Return `run` of a judging in which the device, or its box, failed."""
    if run.note:
        return run
    return replace(run, note=UNUSABLE if run.seconds is None else DOUBTFUL, detail=why)


def device_needs(unit: str) -> Needs:
    """Return what a box with the GPU `unit` holds."""
    probe = resources.files("labkit.gpu").joinpath("hardware_probe.py").read_bytes()
    packages = ("numpy", "numba") if is_simulated() else ("numpy", "numba", "numba-cuda")
    return Needs(packages, probe, _LIMITS, preload=("labkit.gpu",), device="gpu", unit=unit)


def _run_all(
    job: Job, lab: Lab, chosen: Chosen, runs: list[DeviceRun], versions: dict[str, str]
) -> None:
    """Fill in `runs`, one after the other, and `versions`, as far as it gets."""
    wall = sandbox(job.sandbox)
    with lease(job.device) as unit:
        needs = device_needs(unit.id)
        versions |= wall.versions(needs) | ({"driver": unit.driver} if unit.driver else {})
        with BoxKeeper(wall, {}, needs) as box:
            for place, (_, one) in enumerate(chosen):
                runs[place] = _told(runs[place], one, _asked(box, _question(job, lab, one)))
                versions |= {"device": runs[place].device} if runs[place].device else {}


def _asked(box: BoxKeeper, question: list[Any]) -> Observation:
    try:
        return box.call("measure", question, {})
    except WireError as error:  # arrays before and after it: more than fits into one frame
        return Observation(Outcome.MEMORY, output=str(error))


def _question(job: Job, lab: Lab, one: Launched) -> list[Any]:
    theirs = job.files[one.file].decode(errors="replace")
    ours = {str(name): path for name, path in files_under(lab.solution).items()}[one.file]
    sources = [theirs, ours.read_text(encoding="utf-8")]
    shape = None if one.shape is None else list(one.shape)
    return [sources, one.file, one.kernel, shape, dict(one.values), dict(one.left)]


def _told(run: DeviceRun, one: Launched, seen: Observation) -> DeviceRun:
    """Return `run` with what the box said: a claim, of which only well-formed figures are taken."""
    said = seen.value
    if seen.outcome is not Outcome.PASS or not isinstance(said, dict):
        error = f": {seen.error.message}" if seen.error else ""
        note = _NOTES.get(seen.outcome, _FAILED)
        return replace(run, note=note, detail=f"{seen.outcome}{error}\n{seen.output}".strip())
    if said.get("absent"):
        raise InfraError("Numba finds no GPU in the box")
    run = replace(run, device=str(said["device"])[:_LONGEST_NAME])
    if said["problem"]:
        detail = str(said["detail"])[:_LONGEST_DETAIL]
        return replace(run, note=_NOTES.get(str(said["problem"]), _FAILED), detail=detail)
    if said["emulated"]:
        return replace(run, note=_EMULATED)
    seconds, reference = (_median(said[name]) for name in ("seconds", "reference_seconds"))
    if seconds is None or reference is None:
        return replace(run, note=_FAILED, detail="the times are no times")
    run = replace(run, seconds=seconds, reference_seconds=reference)
    least = _least_seconds(one.counters, run.device)
    if least is None:
        return replace(run, note=_UNKNOWN)
    return replace(run, limit_fraction=least / seconds)


def _median(times: Any) -> float | None:
    """Return the median of seconds; None if they are not finite and positive."""
    if type(times) is not list or not times:
        return None
    if not all(type(each) is float and 0 < each < math.inf for each in times):
        return None
    return float(statistics.median(times))


def _least_seconds(counters: Iterable[Mapping[str, float]], device: str) -> float | None:
    """Return what the launches take at least on `device`, or None if its figures are not known."""
    known = DRIVER_NAMES.get(device)
    return sum(least_seconds(one, DEVICES[known]) for one in counters) if known else None
