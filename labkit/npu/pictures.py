"""Pictures of a launch: what each pipe does when, and what lies where in the Unified Buffer."""

from labkit.notebook.picture import Picture, number
from labkit.npu.chips import CHIPS
from labkit.npu.report import PIPES, Buffer, Launch, Step

_LEFT, _WIDE, _TOP, _ROW, _HIGH = 56.0, 640.0, 44.0, 30.0, 20.0  # pixels of a time line
_SHOWN = 400  # steps of one picture: more are too thin to see
_COLORS = {"S": "soft", "V": "forward", "MTE2": "warm", "MTE3": "good"}
_MAP_HIGH = 46.0


def timeline(launch: Launch, core: int = 0) -> Picture:
    """Draw what each pipe of `core` does when, from the launch's begin.

    Raises:
        ValueError: the report holds no step of that core.
    """
    steps = [step for step in launch.steps if step.core == core]
    if not steps:
        held = sorted({step.core for step in launch.steps})
        raise ValueError(f"no step of core {core} was kept; there are steps of cores {held}")
    shown = sorted(steps, key=lambda step: step.begin)[:_SHOWN]
    begin, end = shown[0].begin, max(step.end for step in shown)
    picture = Picture(_title(launch, core), _LEFT + _WIDE + 8, _TOP + len(PIPES) * _ROW + 24)
    picture.text((4, 16), picture.title, size=13, anchor="start")
    for row, pipe in enumerate(PIPES):
        y = _TOP + row * _ROW
        picture.text((_LEFT - 8, y + 14), pipe, anchor="end", color=_COLORS[pipe])
        picture.line([(_LEFT, y + _HIGH + 3), (_LEFT + _WIDE, y + _HIGH + 3)], width=0.5)
        for step in shown:
            if step.pipe == pipe:
                _step(picture, step, y, (begin, end))
    _axis(picture, (begin, end), len(shown) < len(steps) or launch.steps_dropped > 0)
    return picture


def _title(launch: Launch, core: int) -> str:
    use = launch.cores[core]
    return (
        f"{launch.kernel}, core {core}: {use.cycles:,.0f} model cycles, "
        f"{100 * use.overlap:.0f} % of what could overlap does"
    )


def _step(picture: Picture, step: Step, y: float, span: tuple[float, float]) -> None:
    scale = _WIDE / max(span[1] - span[0], 1e-9)
    x, wide = _LEFT + (step.begin - span[0]) * scale, max((step.end - step.begin) * scale, 0.5)
    color = _COLORS[step.pipe]
    picture.box((x, y), (wide, _HIGH), fill=color, stroke=color, round=1, strength=0.35)
    if wide > 7 * len(step.op):
        picture.text((x + wide / 2, y + 14), step.op, size=10)


def _axis(picture: Picture, span: tuple[float, float], cut: bool) -> None:
    y = picture.height - 6
    picture.text((_LEFT, y), number(span[0]), color="soft", size=11, anchor="start")
    end = f"{number(span[1])} cycles" + (", and so on" if cut else "")
    picture.text((_LEFT + _WIDE, y), end, color="soft", size=11, anchor="end")


def ub_map(launch: Launch, soc: str) -> Picture:
    """Draw the buffers of core 0 in its Unified Buffer, and what is free."""
    size = CHIPS[soc].ub_bytes
    buffers = sorted(launch.buffers, key=lambda each: each.begin)
    used = max((each.end for each in buffers), default=0)
    shown = next((size // part for part in (16, 4) if used <= size // part), max(size, used))
    title = f"Unified Buffer of core 0: {used:,} of {size:,} bytes in use"
    title += f"; the first {shown:,} are drawn" if shown < size else ""
    picture = Picture(title, 8 + _WIDE + 8, 26 + _MAP_HIGH + 22 + 15 * len(buffers))
    picture.text((4, 16), title, size=13, anchor="start")
    picture.box((8, 26), (_WIDE, _MAP_HIGH), round=2)
    for row, each in enumerate(buffers):
        _buffer(picture, each, row, shown)
    return picture


def _buffer(picture: Picture, each: Buffer, row: int, size: int) -> None:
    colors = {"VECIN": "warm", "VECOUT": "good"}
    color = colors.get(each.position, "forward")
    x, wide = 8 + _WIDE * each.begin / size, _WIDE * (each.end - each.begin) / size
    picture.box((x, 26), (wide, _MAP_HIGH), fill=color, stroke=color, round=1, strength=0.35)
    if wide > 7 * len(each.position):
        picture.text((x + wide / 2, 26 + _MAP_HIGH / 2 + 4), each.position, size=10)
    said = (
        f"{each.position}: bytes {each.begin:,} to {each.end:,} "
        f"({each.kind} {each.number}, line {each.line})"
    )
    y = 26 + _MAP_HIGH + 18 + 15 * row
    picture.text((8, y), said, color=color, size=11, anchor="start")
