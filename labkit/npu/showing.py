"""What `Report.show` shows: diagnostics with hints, then figures, then pictures."""

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

from labkit.notebook.picture import number
from labkit.notebook.verdict import Shown
from labkit.npu import pictures
from labkit.npu.diagnostics import ERROR

if TYPE_CHECKING:
    from labkit.npu.report import Diagnostic, Launch, Report


def show(report: "Report") -> Shown:
    """Return what a notebook, or a terminal, shows of `report`."""
    html = [f"<p><b>{escape(_head(report))}</b></p>"]
    html += [_told(found) for found in report.diagnostics]
    for launch in report.launches:
        html += [_table(launch), *_pictures(launch, report.soc)]
    return Shown("".join(html), "\n".join(_in_words(report)))


def _head(report: "Report") -> str:
    kernels = ", ".join(f"{launch.kernel} on {_cores(launch.blocks)}" for launch in report.launches)
    count = len(report.diagnostics)
    said = (
        "no diagnostic" if not count else "1 diagnostic" if count == 1 else f"{count} diagnostics"
    )
    cut = "" if report.complete else "; it did not come to its end"
    return f"{kernels or 'nothing was launched'}: {said}{cut}"


def _cores(count: int) -> str:
    return f"{count} core" if count == 1 else f"{count} cores"


def _told(found: "Diagnostic") -> str:
    style = "lost" if found.severity == ERROR else "missing"
    more = (
        f"<p>{escape(found.hint)} On a device: {escape(found.symptom)}.</p>" if found.hint else ""
    )
    return f"<pre class='{style}'>{escape(str(found))}</pre>{more}"


def _facts(launch: "Launch") -> dict[str, str]:
    slowest = max(launch.cores, key=lambda use: use.cycles)
    limit = "global memory" if launch.bound == "memory" else "the slowest core"
    return {
        "model cycles of the slowest core": f"{slowest.cycles:,.0f}",
        "of it busy": ", ".join(f"{pipe} {u.busy:,.0f}" for pipe, u in slowest.pipes.items()),
        "overlap of the slowest core": f"{100 * slowest.overlap:.0f} %",
        "whole chip, by the model": f"{number(launch.microseconds)} us, bound by {limit}",
        "bytes copied in, out": ", ".join(
            f"{sum(use.bytes[pipe] for use in launch.cores):,}" for pipe in ("MTE2", "MTE3")
        ),
        "repeats used, needed": (
            f"{sum(use.repeats_used for use in launch.cores):,}, "
            f"{sum(use.repeats_needed for use in launch.cores):,}"
        ),
        "Unified Buffer": f"{slowest.ub_bytes:,} bytes",
    }


def _table(launch: "Launch") -> str:
    rows = (
        f"<tr><td>{escape(name)}</td><td class='n'>{escape(value)}</td></tr>"
        for name, value in _facts(launch).items()
    )
    return f"<table>{''.join(rows)}</table>"


def _pictures(launch: "Launch", soc: str) -> Iterator[str]:
    if launch.steps:
        yield str(pictures.timeline(launch, launch.steps[0].core))
    if launch.buffers:
        yield str(pictures.ub_map(launch, soc))


def _in_words(report: "Report") -> Iterator[str]:
    yield _head(report)
    for found in report.diagnostics:
        yield str(found)
        if found.hint:
            yield f"    {found.hint} On a device: {found.symptom}."
    for launch in report.launches:
        yield from (f"  {name}: {value}" for name, value in _facts(launch).items())
