"""What a real device did with a submission's kernels: a small table for whoever reads a report."""

from dataclasses import dataclass
from itertools import groupby

from autograder.model import DeviceRun, Result
from autograder.report.text import duration, one_line, percent, points

HEADING = "On the GPU"
EXPLANATION = (
    "The largest launch of each kernel in a test that earned points, once more on a real device, "
    "in turn with the reference's. It earns nothing."
)


@dataclass(frozen=True)
class DeviceLine:
    """One kernel as a student may see it; its test and its size stay out."""

    kernel: str
    device: str
    seconds: str  # told in words, as all that follows; empty where there is no figure
    reference_seconds: str
    ratio: str
    limit: str
    note: str


def device_lines(result: Result) -> tuple[DeviceLine, ...]:
    """Return a line for each kernel of `result` that ran, or could not run, on a real device."""
    return tuple(_line(run) for run in result.device_runs)


def device_text(lines: tuple[DeviceLine, ...]) -> str:
    """Return the table as plain text; empty if there is no line."""
    told = [
        "\n".join([_head(device), *(f"  {line.kernel}: {_told(line)}" for line in of_one)])
        for device, of_one in groupby(lines, key=lambda line: line.device)
    ]
    return "\n".join([*told, EXPLANATION]) if told else ""


def device_counters(result: Result, test: str) -> dict[str, float]:
    """Return the figures of the launches of `test` as ``gpu_<kernel>_seconds`` and the like."""
    named: dict[str, float | None] = {}
    for run in result.device_runs:
        if run.test == test:
            name = f"{result.device}_{run.kernel}"
            named |= {
                f"{name}_seconds": run.seconds,
                f"{name}_reference_seconds": run.reference_seconds,
                f"{name}_ratio": run.ratio,
                f"{name}_limit_fraction": run.limit_fraction,
            }
    return {name: figure for name, figure in named.items() if figure is not None}


def _line(run: DeviceRun) -> DeviceLine:
    return DeviceLine(
        kernel=one_line(run.kernel),
        device=one_line(run.device),
        seconds=_time(run.seconds),
        reference_seconds=_time(run.reference_seconds),
        ratio="" if run.ratio is None else points(run.ratio),
        limit="" if run.limit_fraction is None else percent(run.limit_fraction),
        note=one_line(run.note),
    )


def _time(seconds: float | None) -> str:
    return "" if seconds is None else duration(seconds)


def _head(device: str) -> str:
    return f"{HEADING} ({device}):" if device else f"{HEADING}:"


def _told(line: DeviceLine) -> str:
    parts = [line.note] if line.note else []
    if line.seconds:
        parts = [
            f"{line.seconds}, the reference {line.reference_seconds}",
            *([f"{line.ratio} times as long"] if line.ratio else []),
            *([f"{line.limit} of the device's limit"] if line.limit else []),
            *parts,
        ]
    return "; ".join(parts)
