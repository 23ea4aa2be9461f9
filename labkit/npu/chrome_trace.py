"""Time lines as the Trace Event Format that chrome://tracing and Perfetto read.

Source: "Trace Event Format", complete events (ph X) and metadata events (ph M).
"""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from labkit.npu.report import PIPES, Launch, Step


def write(launches: Sequence[Launch], path: Path) -> None:
    """Write the steps of all `launches`, one after another; a model cycle is shown as 1 us."""
    events = list(_events(launches))
    document = {
        "traceEvents": events,
        "otherData": {
            "unit": "model cycles, shown as microseconds",
            "steps_dropped": sum(launch.steps_dropped for launch in launches),
        },
    }
    path.write_text(json.dumps(document))


def _events(launches: Sequence[Launch]) -> Iterator[dict[str, Any]]:
    start = 0.0
    for launch in launches:
        for core in sorted({step.core for step in launch.steps}):
            yield _named("process_name", core, 0, f"core {core}")
            yield from (_named("thread_name", core, n, pipe) for n, pipe in enumerate(PIPES))
        yield from (_event(step, launch.kernel, start) for step in launch.steps)
        start += max((step.end for step in launch.steps), default=0.0)


def _named(what: str, core: int, pipe: int, name: str) -> dict[str, Any]:
    return {"ph": "M", "name": what, "pid": core, "tid": pipe, "args": {"name": name}}


def _event(step: Step, kernel: str, start: float) -> dict[str, Any]:
    return {
        "ph": "X",
        "name": step.op,
        "cat": kernel,
        "ts": start + step.begin,
        "dur": step.end - step.begin,
        "pid": step.core,
        "tid": PIPES.index(step.pipe),
        "args": {"line": step.line, "bytes": step.bytes},
    }
