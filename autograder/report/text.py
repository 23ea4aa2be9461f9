"""How text and numbers that others chose become fit to print."""

import math
import re
import unicodedata
from datetime import datetime

# Controls (but tab and newline), lone surrogates, non-characters, marks that reorder what is read.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_MARKDOWN = re.compile(r"([!-,./:-@\[-`{-~])")
_UNITS = ("B", "KiB", "MiB", "GiB")


def printable(text: str) -> str:
    """Return `text` with all that could break or disguise a page shown as U+FFFD."""
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    """Return `text` on one line, printable, without space at either end."""
    return " ".join(printable(text).split())


def markdown(text: str) -> str:
    """Return `text` on one line, with everything escaped that Markdown or HTML could act upon."""
    return _MARKDOWN.sub(r"\\\1", one_line(text))


def finite(number: float) -> float | None:
    """Return `number`, or None if it is NaN or infinite: JSON has neither."""
    return number if math.isfinite(number) else None


def share(part: float, whole: float) -> float:
    """Return ``part / whole`` within 0..1; 0 of nothing, and of what is no number."""
    if not (math.isfinite(part) and whole > 0):
        return 0.0
    return min(max(part / whole, 0.0), 1.0)


def points(number: float) -> str:
    """Return a number of points with at most two decimals: ``3``, ``2.5``, ``0.67``."""
    if not math.isfinite(number):
        return "?"
    return f"{number:.2f}".rstrip("0").rstrip(".")


def percent(fraction: float) -> str:
    """Return a share as a whole per cent; only 1.0 itself is ``100 %``, only 0.0 is ``0 %``."""
    whole = round(100 * fraction)
    if 0 < fraction < 1:
        whole = min(max(whole, 1), 99)
    return f"{whole} %"


def seconds(number: float) -> str:
    """Return a time: ``0.42 s``, ``12 s``."""
    if not math.isfinite(number):
        return "?"
    if 0 < number < 0.01:
        return "< 0.01 s"
    return f"{number:.2f} s" if number < 10 else f"{number:.0f} s"


def duration(number: float) -> str:
    """Return a time of any length, in three digits: ``12.3 µs``, ``1.5 ms``, ``2 s``."""
    if not math.isfinite(number):
        return "?"
    for factor, unit in ((1e6, "µs"), (1e3, "ms")):
        if number * factor < 999.5:
            return f"{number * factor:.3g} {unit}"
    return f"{number:.3g} s"


def size(number: float) -> str:
    """Return a number of bytes in binary units: ``118 MiB``, ``2 GiB``."""
    if not math.isfinite(number):
        return "?"
    for unit in _UNITS:
        if number < 1024 or unit == _UNITS[-1]:
            break
        number /= 1024
    return f"{points(round(number, 1)) if number < 10 else round(number)} {unit}"


def moment(time: datetime) -> str:
    """Return a time as its own clock showed it: ``Thu 16 Oct 2025, 21:03 (UTC+08:00)``."""
    return f"{time:%a} {time.day} {time:%b %Y, %H:%M} ({time.tzname() or 'no time zone'})"


def short(digest: str) -> str:
    """Return the first 12 hex digits of ``sha256:…``."""
    return digest.partition(":")[2][:12] or digest[:12]


def is_letter_or_digit(character: str) -> bool:
    """Whether `character` is a letter, a mark on one, or a digit, in any script."""
    return unicodedata.category(character)[0] in "LMN"
