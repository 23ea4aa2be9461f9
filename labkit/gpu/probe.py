"""What a box of ours runs to launch kernels: the box holds this text, and no submission."""

from typing import Any

from labkit import gpu


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
        ``arrays``, the arguments that are arrays, after the launch; ``counters``, ``lines`` (by
        line number as text), ``hazards`` and ``ok``, as in `labkit.gpu.Report`; or ``forbidden``
        or ``missing``, with ``message`` and ``line``, for a kernel that cannot run.
    """
    try:
        kernels = gpu.load_text(source, file)
        if name not in kernels:
            return {"missing": True, "message": f"there is no kernel {name} in {file}", "line": 1}
        report = gpu.launch(
            kernels[name], grid, block, *arguments, shared_bytes=shared_bytes, order=order
        )
    except gpu.SubsetError as error:
        return {"forbidden": True, "message": str(error), "line": error.line}
    except NotImplementedError as stub:
        line = kernels.module.functions[name].lineno
        return {"missing": True, "message": str(stub), "line": line}
    return {
        "arrays": [value for value in arguments if hasattr(value, "shape")],
        "counters": {key: float(count) for key, count in report.counters.items()},
        "lines": {str(n): dict(counts) for n, counts in report.lines.items()},
        "hazards": [_plain(hazard) for hazard in report.hazards],
        "ok": report.ok,
    }


def _plain(hazard: gpu.Hazard) -> dict[str, Any]:
    return vars(hazard) | {"threads": [list(pair) for pair in hazard.threads]}
