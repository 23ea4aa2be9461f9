"""Charts of numbers: a few lines, or a bar for each name."""

import math
from collections.abc import Mapping, Sequence

from labkit.notebook.picture import SERIES, Picture, Point, number

_LEFT, _RIGHT, _TOP, _BOTTOM = 64.0, 16.0, 34.0, 40.0
_ROW, _LABEL, _BAR = 22.0, 190.0, 300.0


def lines(
    series: Mapping[str, Sequence[float]],
    *,
    title: str,
    x: Sequence[float] | None = None,
    x_label: str = "",
    log: bool = False,
    width: float = 520,
    height: float = 260,
) -> Picture:
    """Draw each sequence of `series` as a line over `x` (default: 0, 1, 2, …).

    Args:
        series: Values by the name that the legend shows; at most four, none empty.
        title: What the picture says.
        x: As many values as each sequence has, ascending.
        x_label: What x is.
        log: Draw the logarithms of the values, which must be positive.
        width: In pixels.
        height: In pixels.

    Raises:
        ValueError: there is nothing to draw, or too much, or a value that has no place.
    """
    if not 0 < len(series) <= len(SERIES) or not all(len(values) for values in series.values()):
        raise ValueError(f"lines draws 1 to {len(SERIES)} sequences, none of them empty")
    if any(not math.isfinite(v) or (log and v <= 0) for values in series.values() for v in values):
        raise ValueError("a value is not finite" + (", or not positive" if log else ""))
    picture = Picture(title, width, height)
    xs = list(x) if x is not None else list(range(max(map(len, series.values()))))
    ys = [math.log10(v) if log else v for values in series.values() for v in values]
    place = _Place(picture, (xs[0], xs[-1]), (min(ys), max(ys)))
    place.frame(title, x_label, log)
    for nth, (name, values) in enumerate(series.items()):
        heights = [math.log10(v) if log else v for v in values]
        path = [place.at(a, b) for a, b in zip(xs, heights, strict=False)]
        picture.line(path, color=SERIES[nth], width=2)
        picture.text((width - _RIGHT, 18 + 15 * nth), name, color=SERIES[nth], anchor="end")
    return picture


class _Place:
    """Where numbers lie in a picture."""

    def __init__(self, picture: Picture, x: Point, y: Point) -> None:
        self._picture, self._x, self._y = picture, x, y

    def at(self, x: float, y: float) -> Point:
        across = self._picture.width - _LEFT - _RIGHT
        down = self._picture.height - _TOP - _BOTTOM
        return (
            _LEFT + across * (x - self._x[0]) / ((self._x[1] - self._x[0]) or 1),
            self._picture.height
            - _BOTTOM
            - down * (y - self._y[0]) / ((self._y[1] - self._y[0]) or 1),
        )

    def frame(self, title: str, x_label: str, log: bool) -> None:
        picture = self._picture
        bottom = picture.height - _BOTTOM
        picture.text((_LEFT, 18), title, size=13, anchor="start")
        picture.line([(_LEFT, _TOP), (_LEFT, bottom), (picture.width - _RIGHT, bottom)])
        for value in dict.fromkeys(self._y):
            shown = number(10**value if log else value)
            picture.text(
                (_LEFT - 6, self.at(self._x[0], value)[1] + 4), shown, color="soft", anchor="end"
            )
        for value in dict.fromkeys(self._x):
            picture.text((self.at(value, self._y[0])[0], bottom + 16), number(value), color="soft")
        middle = (_LEFT + picture.width - _RIGHT) / 2
        picture.text((middle, picture.height - 8), x_label, color="soft")


def bars(values: Mapping[str, float], *, title: str, unit: str = "") -> Picture:
    """Draw a bar for each name, in order; the longest is the largest value.

    Raises:
        ValueError: there is nothing to draw, or a value is negative or not finite.
    """
    if not values or any(not math.isfinite(v) or v < 0 for v in values.values()):
        raise ValueError("bars needs values, none negative, all finite")
    most = max(values.values()) or 1.0
    picture = Picture(title, _LABEL + _BAR + 90, 30 + _ROW * len(values))
    picture.text((0, 16), title, size=13, anchor="start")
    for nth, (name, value) in enumerate(values.items()):
        y = 30 + _ROW * nth
        picture.text((_LABEL - 8, y + 13), name, anchor="end")
        picture.box(
            (_LABEL, y + 2), (max(_BAR * value / most, 1), 14), fill="forward", stroke="forward"
        )
        shown = f"{number(value)} {unit}".strip()
        picture.text(
            (_LABEL + _BAR * value / most + 6, y + 13), shown, color="soft", anchor="start"
        )
    return picture
