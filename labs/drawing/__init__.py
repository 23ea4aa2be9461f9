"""What the figures of handouts are made of: boxes, words and arrows on a light background, as SVG.

A lab's ``figures/draw.py`` puts the folder above this one on the path.
"""

from collections.abc import Sequence
from html import escape

INK, SOFT, LINE = "#1f2937", "#4b5563", "#9ca3af"
FORWARD, BACKWARD = "#1d4ed8", "#b91c1c"  # values, gradients
PAPER, LEAF, RESULT = "#ffffff", "#e0f2fe", "#f3f4f6"
TINTS = ("#dbeafe", "#dcfce7", "#fef3c7")  # what belongs together
FONT = "system-ui, 'Segoe UI', Helvetica, Arial, sans-serif"

Point = tuple[float, float]


def number(value: float) -> str:
    """Return a value as the figures show it: at most four decimals, a true minus sign."""
    return f"{round(value, 4):g}".replace("-", "\N{MINUS SIGN}")


class Drawing:
    """An SVG picture on a light background of its own, so that it reads on dark pages too."""

    def __init__(self, title: str, description: str, width: int, height: int) -> None:
        self._parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
            f'font-family="{FONT}" role="img" aria-labelledby="t d">',
            f'<title id="t">{escape(title)}</title>',
            f'<desc id="d">{escape(description)}</desc>',
            *(_arrow_head(name, color) for name, color in _HEADS.items()),
            f'<rect width="{width}" height="{height}" rx="14" fill="{PAPER}"/>',
        ]

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        fill: str,
        stroke: str = LINE,
        round: float = 8,
    ) -> None:
        """Draw a rectangle with round corners, (x, y) its upper left."""
        self._parts.append(
            f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="{round:g}" '
            f'fill="{fill}" stroke="{stroke}" stroke-width="1.5"/>'
        )

    def text(
        self,
        at: Point,
        words: str,
        color: str = INK,
        size: float = 16,
        anchor: str = "middle",
        bold: bool = False,
    ) -> None:
        """Write one line; `at` is its anchor, on the base line."""
        weight = ' font-weight="700"' if bold else ""
        self._parts.append(
            f'<text x="{at[0]:g}" y="{at[1]:g}" fill="{color}" font-size="{size:g}"{weight} '
            f'text-anchor="{anchor}">{escape(words)}</text>'
        )

    def arrow(self, *points: Point, color: str = FORWARD) -> None:
        """Draw a line through the points with a head at the last; the way back is dashed."""
        path = " L".join(f"{x:g} {y:g}" for x, y in points)
        dash = ' stroke-dasharray="7 5"' if color == BACKWARD else ""
        self._parts.append(
            f'<path d="M{path}" fill="none" stroke="{color}" stroke-width="2.2"{dash} '
            f'marker-end="url(#{_NAMES[color]})"/>'
        )

    def line(
        self, points: Sequence[Point], color: str = LINE, width: float = 1.5, dashed: bool = False
    ) -> None:
        """Draw a line through the points, without a head."""
        path = " L".join(f"{x:g} {y:g}" for x, y in points)
        dash = ' stroke-dasharray="3 4"' if dashed else ""
        self._parts.append(
            f'<path d="M{path}" fill="none" stroke="{color}" stroke-width="{width:g}"{dash}/>'
        )

    def svg(self) -> str:
        """Return the whole picture."""
        return "\n".join([*self._parts, "</svg>", ""])


_HEADS = {"forward": FORWARD, "backward": BACKWARD}
_NAMES = {color: name for name, color in _HEADS.items()}


def _arrow_head(name: str, color: str) -> str:
    return (
        f'<marker id="{name}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" '
        f'markerHeight="7" orient="auto"><path d="M0 0 L10 5 L0 10 z" fill="{color}"/></marker>'
    )
