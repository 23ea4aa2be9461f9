"""The probes of a lab: ``probes.py``, and the modules ``probes_*.py`` that it imports from."""

from autograder.course.tree import read_bytes
from autograder.model import Lab

MAIN = "probes.py"


def read_probes(lab: Lab) -> dict[str, bytes]:
    """Return the sources of the lab's probes by file name, `MAIN` among them.

    Raises:
        CourseError: there is no probes.py, or it cannot be read.
    """
    more = sorted(lab.path.glob("probes_*.py"))
    return {path.name: read_bytes(path) for path in (lab.path / MAIN, *more)}
