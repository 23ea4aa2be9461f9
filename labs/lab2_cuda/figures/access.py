"""Figures of memory accesses: the sectors and the banks that a warp asks for."""

from collections.abc import Sequence

from drawing import BACKWARD, FORWARD, INK, LINE, PAPER, RESULT, SOFT, TINTS, Drawing

WARP, SECTOR, BANKS = 32, 8, 32  # lanes; float32 of a sector; words side by side

# Title, and the index that lane t reads.
PATTERNS = (
    ("x[t]: neighbours", [t for t in range(WARP)]),
    ("x[t + 1]: neighbours, not from the start of a sector", [t + 1 for t in range(WARP)]),
    ("x[2 * t]: every second", [2 * t for t in range(WARP)]),
    ("x[32 * t]: a column of a matrix with 32 columns", [32 * t for t in range(WARP)]),
    ("x[7]: all the same", [7] * WARP),
)


def sectors() -> str:
    """What five kinds of loads ask of global memory."""
    d = Drawing(
        "Sectors of 32 bytes that one load of a warp asks for",
        "Neighbours: 4 sectors, all of them used. Shifted by one: 5. Every second: 8, half of "
        "each used. A column of a matrix: 32, an eighth of each used. All the same: 1.",
        960,
        440,
    )
    for k, (title, places) in enumerate(PATTERNS):
        top = 38 + 82 * k
        wanted = sorted({place // SECTOR for place in places})
        used = len(set(places)) / (SECTOR * len(wanted))
        good = used == 1 or len(wanted) == 1
        d.text((24, top), title, INK, 16, "start", bold=True)
        said = f"{len(wanted)} sector{'s' * (len(wanted) > 1)}, {100 * used:.3g} % used"
        d.text((936, top), said, FORWARD if good else BACKWARD, 16, "end", bold=True)
        for nth, sector in enumerate(wanted):
            _sector(d, 24 + 28.5 * nth, top + 14, sector, set(places))
    return d.svg()


def _sector(d: Drawing, left: float, top: float, sector: int, places: set[int]) -> None:
    d.box(left, top, 26, 26, RESULT, round=2)
    for slot in range(SECTOR):
        if sector * SECTOR + slot in places:
            d.box(left + 1 + 3 * slot, top + 2, 2.6, 22, FORWARD, FORWARD, round=0)


CELL = 11.0


def banks() -> str:
    """Where a column of a 32 x 32 tile lies, without and with a column of padding."""
    d = Drawing(
        "The banks of a column, without and with padding",
        "Shared memory drawn as rows of 32 words, one in each bank. Without padding the 32 "
        "elements of column 5 of a 32 x 32 tile lie in bank 5, one above the other: 32 passes. "
        "With a 33rd column each lies in a bank of its own: one pass.",
        960,
        520,
    )
    for left, pitch, name in ((60, 32, "tile (32, 32)"), (540, 33, "tile (32, 33)")):
        places = [pitch * row + 5 for row in range(WARP)]
        hit = [place % BANKS for place in places]
        passes = max(hit.count(bank) for bank in hit)
        d.text((left, 34), f"{name}: lane t reads tile[t, 5]", INK, 16, "start", bold=True)
        _words(d, left, 66, places, pitch)
        for bank in (0, 5, 10, 15, 20, 25, 31):
            d.text((left + CELL * (bank + 0.5), 60), str(bank), SOFT, 12)
        d.text((left - 8, 60), "bank", SOFT, 12, "end")
        count = len(set(hit))
        said = f"{count} bank{'s' * (count > 1)}: {passes} pass{'es' * (passes > 1)}"
        d.text(
            (left, 66 + CELL * 33 + 28),
            said,
            FORWARD if passes == 1 else BACKWARD,
            17,
            "start",
            True,
        )
    d.text(
        (24, 508),
        "Each line: 32 words, one in each bank. Pale: words of the tile that are not read; "
        "white: padding.",
        SOFT,
        14,
        "start",
    )
    return d.svg()


def _words(d: Drawing, left: float, top: float, places: Sequence[int], pitch: int) -> None:
    for word in range(pitch * WARP):
        row, bank = divmod(word, BANKS)
        padding = word % pitch >= BANKS
        fill = PAPER if padding else TINTS[0]
        if word in places:
            fill = BACKWARD if pitch == BANKS else FORWARD
        d.box(left + CELL * bank, top + CELL * row, CELL, CELL, fill, LINE, round=0)
