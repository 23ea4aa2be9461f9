"""What JupyterLab's panel shows of a lab: titles, points and the due date, as ``lab.json``.

Made for a release, not for the starter: dates change each term, and the starter need not.
"""

import json
from dataclasses import asdict

from autograder.model import Course, Lab

NAME = "lab.json"


def lab_card(course: Course, lab: Lab) -> bytes:
    """Return the ``lab.json`` of `lab` as taught in `course`."""
    assignment = next((a for a in course.assignments if lab.id in a.labs), None)
    card = {
        "schema": 1,
        "course": {"title": course.title, "term": course.term},
        "assignment": assignment and assignment.title,
        "due": assignment and assignment.due.isoformat(),
        "id": lab.id,
        "title": lab.title,
        "version": lab.version,
        "exercises": [asdict(exercise) for exercise in lab.exercises],
    }
    return (json.dumps(card, indent=1, ensure_ascii=False) + "\n").encode()
