"""What `Report.show` shows: hazards, counts beside the source, and pictures."""

from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import TYPE_CHECKING, Any

from labkit.gpu import pictures
from labkit.gpu.devices import DEVICES
from labkit.gpu.problems import ERROR
from labkit.gpu.samples import Heat, Sample
from labkit.notebook.picture import number
from labkit.notebook.verdict import Shown

if TYPE_CHECKING:
    from labkit.gpu.report import Report

_MOST = 6  # pictures of a kind
Counts = Mapping[str, float]
# Heading, value of a line's counts, and whether it is a loss.
_COLUMNS: tuple[tuple[str, Callable[[Counts], float], bool], ...] = (
    ("instructions", lambda line: line["instructions"], False),
    ("global requests", lambda line: _of(line, "global", "requests"), False),
    ("sectors", lambda line: _of(line, "global", "sectors"), False),
    ("shared requests", lambda line: _of(line, "shared", "requests"), False),
    ("bank conflicts", lambda line: line["shared_bank_conflicts"], True),
    ("atomics", lambda line: line["atomic_requests"] + line["shared_atomic_requests"], False),
    ("barriers", lambda line: line["barriers"], False),
    ("divergent", lambda line: line["divergent_branches"], True),
)


def show(report: "Report", device: str) -> Shown:
    """Return what a notebook, or a terminal, shows of `report`; the model is that of `device`."""
    html = [f"<p><b>{escape(_head(report))}</b></p>", *_hazards(report), _summary(report, device)]
    html += [_table(report), *_pictures(report, device)]
    return Shown("".join(html), _in_words(report, device))


def _of(line: Counts, space: str, what: str) -> float:
    return line[f"{space}_load_{what}"] + line[f"{space}_store_{what}"]


def _head(report: "Report") -> str:
    count = len(report.hazards)
    said = "no hazard" if not count else "1 hazard" if count == 1 else f"{count} hazards"
    return f"{report.kernel}[{_dims(report.grid)}, {_dims(report.block)}]: {said}"


def _dims(sizes: tuple[int, ...]) -> str:
    shown = sizes[: max(1, *(n + 1 for n, size in enumerate(sizes) if size > 1), 0)]
    return str(shown[0]) if len(shown) == 1 else str(shown)


def _hazards(report: "Report") -> Iterator[str]:
    for hazard in report.hazards:
        style = "lost" if hazard.severity == ERROR else "missing"
        yield f"<pre class='{style}'>{escape(str(hazard))}</pre>"


def _facts(report: "Report", device: str) -> dict[str, str]:
    counts, processors = report.counters, DEVICES[device].processors
    cycles = report.cycles_on(device)
    busiest = max(cycles, key=cycles.__getitem__)
    return {
        "bytes of the sectors asked for that were used": _share(counts["coalescing_efficiency"]),
        "lanes at work in an instruction": _share(counts["lane_efficiency"]),
        "passes over shared memory more than needed": f"{counts['shared_bank_conflicts']:,.0f}",
        f"warps resident on {device}": _share(report.occupancy(device)),
        "multiprocessors that have a block": f"{min(report.blocks, processors)} of {processors}",
        f"model cycles on {device} (no time)": f"{number(cycles[busiest])}, of {busiest}",
    }


def _share(part: float) -> str:
    return f"{100 * part:.0f} %"


def _summary(report: "Report", device: str) -> str:
    rows = (
        f"<tr><td>{escape(name)}</td><td class='n'>{escape(value)}</td></tr>"
        for name, value in _facts(report, device).items()
    )
    return f"<table>{''.join(rows)}</table>"


def _shown_columns(report: "Report") -> list[tuple[str, Callable[[Counts], float], bool]]:
    return [column for column in _COLUMNS if any(column[1](line) for line in report.lines.values())]


def _table(report: "Report") -> str:
    columns = _shown_columns(report)
    heads = "".join(f"<th class='n'>{name}</th>" for name, _, _ in columns)
    rows = "".join(_row(number, text, report, columns) for number, text in report.listing)
    # The source comes last: where there is little room, it is cut, and no count.
    return f"<table><tr><th class='n'>line</th>{heads}<th></th></tr>{rows}</table>"


def _row(nth: int, text: str, report: "Report", columns: list[Any]) -> str:
    counts = report.lines.get(nth)
    cells = f"<td class='n missing'>{nth}</td>"
    for _, value, is_loss in columns:
        found = value(counts) if counts else 0
        style = "n lost" if is_loss and found else "n"
        cells += f"<td class='{style}'>{f'{found:,.0f}' if found else ''}</td>"
    return f"<tr>{cells}<td><code>{_code(text)}</code></td></tr>"


def _code(text: str) -> str:
    """Keep spaces, which HTML would swallow, and the line in one piece."""
    return escape(text).replace(" ", "&nbsp;")


def _pictures(report: "Report", device: str) -> Iterator[str]:
    samples = report.samples
    for space, title, draw in (
        ("global", "What a warp asks of global memory", pictures.sectors),
        ("shared", "What a warp asks of shared memory", pictures.banks),
    ):
        some = [sample for sample in samples if sample.space == space]
        if some:
            yield f"<p>{title}, at the costliest moment of each line:</p>"
            yield "".join(f"<p>{draw(sample)}</p>" for sample in _worst(some))
            yield _left_out(len(some))
    if report.heat:
        yield "<p>How often threads came to each place:</p>"
        yield "".join(_heat(*item) for item in list(report.heat.items())[:_MOST])
        yield _left_out(len(report.heat))
    yield f"<p>{pictures.roofline(report.kernel, report.roofline(device), device)}</p>"


def _heat(name: str, found: Heat) -> str:
    """Return a picture, or a sentence where it would be of one colour."""
    if found.is_even:
        visits = float(found.visits.max(initial=0))
        times = "once" if visits == 1 else f"{number(visits)} times"
        said = f"{name} {list(found.shape)}: every element is visited {times}"
        return f"<p>{escape(said)}</p>"
    return f"<p>{pictures.heat(name, found)}</p>"


def _worst(samples: list[Sample]) -> list[Sample]:
    """Return the costliest, by line."""
    kept = sorted(samples, key=lambda sample: -sample.passes)[:_MOST]
    return [sample for sample in samples if sample in kept]


def _left_out(count: int) -> str:
    return f"<p class='missing'>and {count - _MOST} more</p>" if count > _MOST else ""


def _in_words(report: "Report", device: str) -> str:
    lines = [_head(report), *map(str, report.hazards)]
    lines += [f"{name}: {value}" for name, value in _facts(report, device).items()]
    columns = _shown_columns(report)
    for nth, text in report.listing:
        counts = report.lines.get(nth)
        said = [
            f"{name} {value(counts):,.0f}" for name, value, _ in columns if counts and value(counts)
        ]
        lines.append(f"{nth:5} {text:60} {', '.join(said)}".rstrip())
    return "\n".join(lines)
