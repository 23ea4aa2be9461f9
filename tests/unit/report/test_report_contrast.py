"""Text is readable in both colour schemes: WCAG AA, 4.5 to 1."""

import re
from importlib.resources import files

import pytest

TEMPLATES = files("autograder.report") / "templates"
CSS = (TEMPLATES / "base.css").read_text()
STAFF_CSS = (TEMPLATES / "staff.css").read_text()
OUTCOMES = (
    "pass", "partial", "wrong", "crashed", "timeout", "memory", "missing", "forbidden", "broken",
)  # fmt: skip

Colour = tuple[float, float, float]


def scheme(index: int) -> dict[str, Colour]:
    """The colours of the index-th :root block: light, dark, print."""
    block = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)[index]
    return {name: colour(value) for name, value in re.findall(r"--(\w+): #(\w+);", block)}


def colour(digits: str) -> Colour:
    full = digits if len(digits) == 6 else "".join(2 * d for d in digits)
    red, green, blue = (int(full[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return red, green, blue


def luminance(one: Colour) -> float:
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in one)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mix(tone: Colour, part: float, ground: Colour) -> Colour:
    red, green, blue = (part * t + (1 - part) * g for t, g in zip(tone, ground, strict=True))
    return red, green, blue


def tint(css: str, tone: str) -> float:
    """How much of `tone` a ground in `css` holds at most, 0..1."""
    found = re.findall(rf"color-mix\(in srgb, var\(--{tone}\) (?:calc\(\D*)?(\d+)%", css)
    return max(int(part) for part in found) / 100


@pytest.mark.parametrize("index", [0, 1, 2], ids=["light", "dark", "print"])
def test_text_stands_out_from_its_ground(index: int) -> None:
    colours = scheme(index)
    card = colours["card"]
    for name in ("ink", "soft", "accent"):
        for ground in ("card", "bg"):
            assert contrast(colours[name], colours[ground]) >= 4.5, (name, ground)
    assert contrast(colours["ink"], colours["code"]) >= 4.5
    for name in OUTCOMES:
        assert contrast(colours[name], card) >= 4.5, name
        chip = mix(colours[name], tint(CSS, "tone"), card)
        assert contrast(colours[name], chip) >= 4.5, f"chip {name}"
    for tone in ("pass", "wrong"):
        heat = mix(colours[tone], tint(STAFF_CSS, tone), card)
        assert contrast(colours["ink"], heat) >= 4.5, f"heat cell {tone}"
