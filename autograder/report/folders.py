"""Where each row's files lie below the report's folder."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from pathlib import PurePosixPath

from autograder.model import Row
from autograder.report.text import is_letter_or_digit

_PLAIN = frozenset("-_.+@ ")
_MARK = re.compile(r"-[0-9a-f]{8}$")
_MAX_BYTES = 120  # of a name; file systems allow 255
_DEVICES = frozenset(  # names that Windows keeps for itself, with any ending
    ["con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))]
)


def safe_name(student: str) -> str:
    """Return a file name for `student`: letters of any script stay, all that is odd becomes ``_``.

    A name that had to change, or that looks as if it had, gets a short digest of the original, so
    that two never meet.
    """
    kept = "".join(
        c if c in _PLAIN or is_letter_or_digit(c) else "_"
        for c in unicodedata.normalize("NFC", student)
    )
    kept = kept.encode()[:_MAX_BYTES].decode(errors="ignore").strip(" .")
    if kept.partition(".")[0].lower() in _DEVICES or kept.startswith("-"):
        kept = f"_{kept}"
    if kept == student and kept and not _MARK.search(kept):
        return kept
    return _marked(kept, student)


def row_folders(rows: Sequence[Row]) -> list[PurePosixPath]:
    """Return each row's folder, relative to the report's: ``students/<student>/<attempt>``.

    No two are the same, even where upper and lower case are.
    """
    alike = Counter(name.casefold() for name in {r.attempt.student for r in rows})
    taken: Counter[PurePosixPath] = Counter()
    folders = []
    for attempt, _, _ in rows:
        name = safe_name(attempt.student)
        if alike[attempt.student.casefold()] > 1:
            name = _marked(name, attempt.student)
        folder = PurePosixPath("students", name, str(attempt.number))
        taken[folder] += 1
        again = taken[folder]
        folders.append(folder.with_name(f"{folder.name}-{again}") if again > 1 else folder)
    return folders


def _marked(name: str, student: str) -> str:
    digest = hashlib.sha256(student.encode(errors="surrogatepass")).hexdigest()[:8]
    return f"{name or '_'}-{digest}"
