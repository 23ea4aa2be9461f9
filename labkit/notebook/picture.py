"""SVG whose colours are those of JupyterLab's theme, light or dark, and of an exported page."""

from collections.abc import Sequence
from html import escape

# What a colour is for: JupyterLab's variable, and what stands for it elsewhere.
ROLES = {
    "ink": "var(--jp-content-font-color1, currentColor)",
    "soft": "var(--jp-content-font-color2, gray)",
    "line": "var(--jp-border-color1, #9ca3af)",
    "paper": "var(--jp-layout-color1, transparent)",
    "box": "var(--jp-layout-color2, rgba(128, 128, 128, 0.12))",
    "forward": "var(--jp-brand-color1, #2563eb)",
    "backward": "var(--jp-error-color1, #dc2626)",
    "good": "var(--jp-success-color1, #15803d)",
    "warm": "var(--jp-warn-color0, #c2410c)",
}
SERIES = ("forward", "warm", "good", "backward")  # of several in one picture, in this order
_FONT = "var(--jp-ui-font-family, system-ui, sans-serif)"

Point = tuple[float, float]


def number(value: float) -> str:
    """Return `value` with three digits, and a true minus sign."""
    return f"{value:.3g}".replace("-", "\N{MINUS SIGN}")


class Picture:
    """An SVG picture, shown by a notebook where it is the last expression of a cell.

    Coordinates are in pixels, y grows downwards; a colour is one of `ROLES`.
    """

    def __init__(self, title: str, width: float, height: float) -> None:
        """Begin an empty picture; a screen reader says its `title`."""
        self.title, self.width, self.height = title, width, height
        self._parts: list[str] = []

    def box(
        self,
        at: Point,
        size: Point,
        *,
        fill: str = "box",
        stroke: str = "line",
        dashed: bool = False,
        round: float = 6,
        strength: float = 1,
    ) -> None:
        """Draw a rectangle with `round` corners; `at` is its upper left, `strength` of the fill."""
        dashes = ' stroke-dasharray="4 3"' if dashed else ""
        self._parts.append(
            f'<rect x="{at[0]:g}" y="{at[1]:g}" width="{size[0]:g}" height="{size[1]:g}" '
            f'rx="{round:g}" style="fill: {ROLES[fill]}; fill-opacity: {strength:.2g}; '
            f'stroke: {ROLES[stroke]}"{dashes}/>'
        )

    def text(
        self, at: Point, words: str, *, color: str = "ink", size: float = 12, anchor: str = "middle"
    ) -> None:
        """Write one line; `at` is its anchor (start, middle or end), on the base line."""
        self._parts.append(
            f'<text x="{at[0]:g}" y="{at[1]:g}" font-size="{size:g}" text-anchor="{anchor}" '
            f'style="fill: {ROLES[color]}">{escape(words)}</text>'
        )

    def line(
        self,
        points: Sequence[Point],
        *,
        color: str = "line",
        width: float = 1.5,
        head: bool = False,
    ) -> None:
        """Draw a line through `points`, with an arrow's head at the last if asked."""
        path = " ".join(f"{x:g},{y:g}" for x, y in points)
        self._parts.append(
            f'<polyline points="{path}" style="fill: none; stroke: {ROLES[color]}; '
            f'stroke-width: {width:g}; stroke-linejoin: round"/>'
        )
        if head:
            self._head(points[-2], points[-1], color)

    def arc(
        self, start: Point, top: float, end: Point, *, color: str = "line", width: float = 1.5
    ) -> None:
        """Draw an arrow that leaves `start` upwards, rises to y = `top`, and falls to `end`."""
        peak = (start[1] + 3 * (top - start[1]) / 2, end[1] + 3 * (top - end[1]) / 2)
        self._parts.append(
            f'<path d="M{start[0]:g} {start[1]:g} C{start[0]:g} {peak[0]:g} {end[0]:g} {peak[1]:g} '
            f'{end[0]:g} {end[1]:g}" style="fill: none; stroke: {ROLES[color]}; '
            f'stroke-width: {width:g}"/>'
        )
        self._head((end[0], top), end, color)

    def _head(self, before: Point, tip: Point, color: str) -> None:
        (x0, y0), (x, y) = before, tip
        length = max(((x - x0) ** 2 + (y - y0) ** 2) ** 0.5, 1e-9)
        dx, dy = 7 * (x - x0) / length, 7 * (y - y0) / length
        left, right = (x - dx - dy / 2, y - dy + dx / 2), (x - dx + dy / 2, y - dy - dx / 2)
        path = " ".join(f"{a:g},{b:g}" for a, b in (tip, left, right))
        self._parts.append(f'<polygon points="{path}" style="fill: {ROLES[color]}"/>')

    def __str__(self) -> str:
        """Return the SVG."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(self.title)}" '
            f'width="{self.width:g}" height="{self.height:g}" '
            f'viewBox="0 0 {self.width:g} {self.height:g}" style="max-width: 100%; height: auto; '
            f'font-family: {_FONT}">'
        )
        return f"{head}<title>{escape(self.title)}</title>{''.join(self._parts)}</svg>"

    def __repr__(self) -> str:
        """What a terminal shows."""
        return f"<picture: {self.title}>"

    # As HTML: a notebook would show `_repr_svg_` as an image, which no theme reaches.
    def _repr_html_(self) -> str:
        return str(self)
