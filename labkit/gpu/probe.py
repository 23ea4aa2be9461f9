"""What a box of ours runs to launch kernels: the box holds this text, and no submission."""

from collections.abc import Callable
from typing import Any

from labkit import gpu
from labkit.gpu import counters
from labkit.gpu import report as reports

_MAX_DEPTH = 16  # of what a host function returns


def launch(
    source: str,
    file: str,
    name: str,
    grid: list[int],
    block: list[int],
    arguments: list[Any],
    shared_bytes: int = 0,
    order: int | None = None,
) -> dict[str, Any]:
    """Launch the kernel `name` of the text `source`; return what came of it as plain data.

    Returns:
        ``arrays``, the arguments that are arrays, after the launch; ``counters``, ``traffic`` (by
        argument), ``lines`` (by line number as text), ``hazards`` and ``ok``, as in
        `labkit.gpu.Report`; or ``forbidden`` or ``missing``, with ``message`` and ``line``, for a
        kernel that cannot run.
    """

    def made(kernels: gpu.Kernels) -> dict[str, Any]:
        if name not in kernels:
            return _missing(f"there is no kernel {name} in {file}")
        report = gpu.launch(
            kernels[name], grid, block, *arguments, shared_bytes=shared_bytes, order=order
        )
        return {"arrays": [value for value in arguments if hasattr(value, "shape")]} | _told(report)

    return _tried(source, file, made)


def perform(
    source: str, file: str, name: str, values: dict[str, Any], order: int | None = None
) -> dict[str, Any]:
    """Make the launches of ``<name>_launch``; return what came of them as plain data.

    Returns:
        ``arrays`` and ``traffic`` by name, ``launches``, a map for each, and ``counters``,
        ``hazards`` and ``ok`` of all together; or ``forbidden`` or ``missing``.
    """

    def made(kernels: gpu.Kernels) -> dict[str, Any]:
        if f"{name}_launch" not in kernels.module.functions:
            return _missing(f"there is no function {name}_launch in {file}")
        launches = gpu.perform(kernels, name, values, order=order)
        arrays = {key: value for key, value in values.items() if hasattr(value, "shape")}
        return {
            "arrays": arrays,
            "launches": [_told(report) for report in launches],
            "counters": reports.added(launches),
            "traffic": dict.fromkeys(arrays, counters.of_array({})) | reports.traffic(launches),
            "hazards": [_plain(hazard) for report in launches for hazard in report.hazards],
            "ok": all(report.ok for report in launches),
        }

    return _tried(source, file, made)


def interpret(source: str, file: str, function: str, arguments: list[Any]) -> dict[str, Any]:
    """Interpret a host function; return its value as ``returned``, or why there is none."""

    def made(kernels: gpu.Kernels) -> dict[str, Any]:
        if function not in kernels.module.functions:
            return _missing(f"there is no function {function} in {file}")
        value = gpu.interpret(kernels, function, *arguments)
        if not _is_plain(value):
            line = kernels.module.functions[function].lineno
            raise gpu.SubsetError(
                file, line, f"{function} returns more than plain data: {value!r:.60}"
            )
        return {"returned": value}

    return _tried(source, file, made)


def _tried(source: str, file: str, what: Callable[[gpu.Kernels], dict[str, Any]]) -> dict[str, Any]:
    try:
        return what(gpu.load_text(source, file))
    except gpu.SubsetError as error:
        return {"forbidden": True, "message": str(error), "line": error.line}
    except gpu.Unwritten as stub:
        return _missing(str(stub), stub.line)


def _is_plain(value: Any, depth: int = 0) -> bool:
    if isinstance(value, dict):
        names = all(isinstance(key, str) for key in value)
        return names and _is_plain(list(value.values()), depth)
    if isinstance(value, list | tuple):
        return depth < _MAX_DEPTH and all(_is_plain(item, depth + 1) for item in value)
    return value is None or type(value) in (bool, int, float, str)


def _missing(message: str, line: int = 1) -> dict[str, Any]:
    return {"missing": True, "message": message, "line": line}


def _told(report: gpu.Report) -> dict[str, Any]:
    return {
        "kernel": report.kernel,
        "grid": list(report.grid),
        "block": list(report.block),
        "counters": {key: float(count) for key, count in report.counters.items()},
        "traffic": {name: dict(counts) for name, counts in report.traffic.items()},
        "lines": {str(n): dict(counts) for n, counts in report.lines.items()},
        "hazards": [_plain(hazard) for hazard in report.hazards],
        "ok": report.ok,
    }


def _plain(hazard: gpu.Hazard) -> dict[str, Any]:
    return vars(hazard) | {"threads": [list(pair) for pair in hazard.threads]}
