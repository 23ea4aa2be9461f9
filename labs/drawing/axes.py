"""A pair of axes: turns numbers into places on a drawing."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from drawing import INK, LINE, SOFT, Drawing, Point

GRID = "#e5e7eb"


@dataclass(frozen=True)
class Scale:
    """Where the numbers from `low` to `high` lie, on a line from `begin` to `end`."""

    low: float
    high: float
    begin: float
    end: float
    log: bool = False

    def at(self, value: float) -> float:
        """Return the place of a value."""
        low, high, value = (math.log10(v) if self.log else v for v in (self.low, self.high, value))
        return self.begin + (self.end - self.begin) * (value - low) / (high - low)


@dataclass(frozen=True)
class Axes:
    """A frame with a horizontal and a vertical scale."""

    x: Scale
    y: Scale

    def frame(self, d: Drawing, xs: Mapping[float, str], ys: Mapping[float, str]) -> None:
        """Draw the frame, and a line and a label at each of the values given."""
        for value, label in xs.items():
            at = self.x.at(value)
            d.line([(at, self.y.begin), (at, self.y.end)], GRID)
            d.text((at, self.y.begin + 22), label, SOFT, 14)
        for value, label in ys.items():
            at = self.y.at(value)
            d.line([(self.x.begin, at), (self.x.end, at)], GRID)
            d.text((self.x.begin - 9, at + 5), label, SOFT, 14, "end")
        corners = [(self.x.begin, self.y.end), (self.x.begin, self.y.begin)]
        d.line([*corners, (self.x.end, self.y.begin)], LINE)

    def names(self, d: Drawing, title: str, x: str) -> None:
        """Write what is shown, above, and what the horizontal scale is, below."""
        middle = (self.x.begin + self.x.end) / 2
        d.text((middle, self.y.end - 18), title, INK, bold=True)
        d.text((middle, self.y.begin + 46), x, SOFT, 15)

    def at(self, point: Point) -> Point:
        """Return the place of a pair of values."""
        return self.x.at(point[0]), self.y.at(point[1])

    def curve(
        self,
        d: Drawing,
        points: Sequence[Point],
        color: str,
        width: float = 2.4,
        dashed: bool = False,
    ) -> None:
        """Join the points."""
        d.line([self.at(point) for point in points], color, width, dashed)
