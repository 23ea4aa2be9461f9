"""A small made-up course to break."""

from collections.abc import Callable
from pathlib import Path

import pytest

FILES = {
    "labs/course.toml": """\
id = "tiny"
title = "A tiny course"
term = "autumn"
timezone = "Asia/Shanghai"

[[lecture]]
id = "00"
date = 2025-09-18
title = "Opening"

[[lecture]]
id = "01"
date = 2025-09-25
title = "Sums"

[[assignment]]
id = "hw1"
title = "First"
weight = 0.4
released = 2025-09-25
due = 2025-10-16
labs = { lab_a = 1.0 }

[[assignment]]
id = "hw2"
title = "Second"
weight = 0.6
released = 2025-10-16T08:00:00
due = 2025-11-13T12:00:00+00:00
labs = { lab_b = 0.6, lab_c = 0.4 }
planned = true

[assessment]
bonus = 0.1

[[assessment.component]]
id = "assignments"
title = "Homework"
weight = 1.0

[[assessment.component.part]]
id = "early"
title = "Early"
weight = 0.4

[[assessment.component.part]]
id = "late"
title = "Late"
weight = 0.6
""",
    "labs/lab_a/lab.toml": """\
id = "lab_a"
title = "Sums"
lectures = ["01"]
files = ["pkg/*.py"]
required = ["pkg/*.py"]

[box]
packages = ["numpy"]

[limits]
cpu_seconds = 2.5
memory_mb = 512

[[exercise]]
id = "add"
title = "Addition"
points = 3

[[exercise]]
id = "scale"
title = "Scaling"
points = 1.5
bonus = true
""",
    "labs/lab_a/README.md": "# Sums\n\n![a curve](figures/curve.svg)\n",
    "labs/lab_a/figures/curve.svg": "<svg/>\n",
    "labs/lab_a/figures/unused.svg": "<svg></svg>\n",
    "labs/lab_a/probes.py": "def add(a, b):\n    from pkg import add\n\n    return add(a, b)\n",
    "labs/lab_a/tests/public/test_add.py": '''\
from autograder.judge import exercise


@exercise("add", points=1)
def test_two_numbers(student):
    """Two small numbers.

    More words.
    """
    assert student.run("add", 1, 2) == 3
''',
    "labs/lab_a/tests/hidden/test_add_more.py": '''\
import pytest

from autograder import judge


@pytest.mark.parametrize("n", [1, 2])
@judge.exercise("add", points=2, hint="Carry " "over.")
def test_many(student, reference, n):
    """Many numbers."""


@judge.exercise("scale", points=1.5)
def test_scale(student):
    """Scaling."""
''',
    "solutions/lab_a/pkg/__init__.py": "from pkg.sums import add\n",
    "solutions/lab_a/pkg/sums.py": '''\
"""Sums."""


def add(a, b):
    """Return a + b."""
    # BEGIN SOLUTION: about 5 lines; carry "over"
    total = a
    while b:
        total += 1

        b -= 1
    # the end
    return total
    # END SOLUTION


# BEGIN SOLUTION
def helper():
    return 1
# END SOLUTION


def scale(a):
    # BEGIN SOLUTION
    return 2 * a
    # END SOLUTION
''',
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder of a valid small course."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


@pytest.fixture
def edit(root: Path) -> Callable[[str, str, str], Path]:
    """Replace, in the course's file `name`, the one place that reads `old`."""

    def replace(name: str, old: str, new: str) -> Path:
        path = root / name
        text = path.read_text()
        assert text.count(old) == 1, (name, old)
        path.write_text(text.replace(old, new))
        return path

    return replace
