"""Times as people write them."""

from datetime import datetime
from zoneinfo import ZoneInfo

from autograder.errors import UsageError


def time_of(text: str, zone: ZoneInfo) -> datetime:
    """Return the time that `text` (ISO 8601) says, in `zone` if it names none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is no time; write it as 2025-10-16T21:03") from error
    return found if found.tzinfo else found.replace(tzinfo=zone)
