"""Where nbgrader keeps what a student handed in, and since when."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from nbgrader.coursedir import CourseDirectory


def handed_in(config: Any, student: str, assignment: str) -> tuple[Path, datetime | None]:
    """Return the folder of a hand-in, and its time if nbgrader wrote one down.

    Args:
        config: nbgrader's, as traitlets read it.
        student: Their id.
        assignment: Its id, which is the lab's.
    """
    courses = CourseDirectory(config=config)
    folder = Path(courses.format_path(courses.submitted_directory, student, assignment))
    return folder, _with_zone(courses.get_existing_timestamp(str(folder)))


def _with_zone(time: datetime | None) -> datetime | None:
    """The times of nbgrader are in UTC, and do not say so."""
    return time.replace(tzinfo=UTC) if time is not None and time.tzinfo is None else time
