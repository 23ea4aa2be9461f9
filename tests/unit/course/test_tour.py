"""A lab's notebook, from its text."""

import json
from pathlib import PurePosixPath

import nbformat
import pytest

from autograder.course import build, load_lab
from autograder.errors import CourseError

TOUR = "solutions/lab_a/tour.py"
NAME = PurePosixPath("lab_a.ipynb")
TEXT = """\
# %% [markdown]
# # Sums
#
# Add *up*.

# %%
# %load_ext labkit
1 + 1

# %% exercise="add"
# %check add

# %% exercise="scale"
# %check scale

# %% [markdown] written="why" points=3
# *Your answer here.*
"""
ADD = '# %% exercise="add"\n# %check add\n'


@pytest.fixture
def built(root):
    """Return ``(text)``: the notebook built from it."""

    def built(text=TEXT):
        (root / TOUR).write_text(text)
        return build(root, "lab_a")[NAME]

    return built


def test_the_cells_are_those_of_the_text_and_valid(built):
    notebook = nbformat.reads(built(), as_version=4)
    nbformat.validate(notebook)
    assert [(c.cell_type, c.source) for c in notebook.cells] == [
        ("markdown", "# Sums\n\nAdd *up*."),
        ("code", "%load_ext labkit\n1 + 1"),
        ("code", "%check add"),
        ("code", "%check scale"),
        ("markdown", "*Your answer here.*"),
    ]
    assert notebook.metadata.kernelspec.name == "python3"


def test_nbgrader_is_told_what_is_graded_and_how(built):
    cells = json.loads(built())["cells"]
    assert [cell["metadata"] for cell in cells[:2]] == [{}, {}]
    check, _, answer = (cell["metadata"]["nbgrader"] for cell in cells[2:])
    common = {"grade": True, "schema_version": 3, "task": False}
    by_us = {"cell_type": "code", "grade_id": "add", "locked": True, "solution": False}
    assert {**common, **by_us}.items() <= check.items()
    assert check["points"] == 3.0
    by_hand = {"cell_type": "markdown", "grade_id": "why", "locked": False, "solution": True}
    assert answer == {**common, **by_hand, "points": 3.0}


def test_a_bonus_exercise_adds_nothing_to_what_nbgrader_sums(built):
    bonus = json.loads(built())["cells"][3]["metadata"]["nbgrader"]
    assert [bonus["grade_id"], bonus["points"]] == ["scale", 0.0]


def test_two_builds_are_the_same_bytes_and_cells_keep_their_names(built):
    assert built() == built()
    ids = [cell["id"] for cell in json.loads(built())["cells"]]
    assert ids == ["cell-1", "cell-2", "add", "scale", "why"]


def test_the_text_itself_goes_nowhere_and_decides_no_score(root, built):
    before = load_lab(root, "lab_a").digest
    built()
    assert PurePosixPath("tour.py") not in build(root, "lab_a")
    assert load_lab(root, "lab_a").digest == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TEXT.replace(ADD, ""), "no cell checks 'add'"),
        (TEXT + ADD, "two cells are called 'add'"),
        (TEXT.replace('exercise="add"', 'exercise="ad"'), "did you mean 'add'"),
        (TEXT.replace("# %check add", "# %check sub"), "must hold '# %check add'"),
        (TEXT.replace(" points=3", ""), "no place for an answer"),
        (TEXT.replace("points=3", "points=-3"), "no place for an answer"),
        (TEXT.replace("[markdown] written", "written"), "no place for an answer"),
        (TEXT.replace('written="why"', 'wriden="why"'), "cell 5 is marked 'wriden'"),
    ],
)
def test_a_text_that_means_nothing_is_refused(built, text, said):
    with pytest.raises(CourseError, match=said) as error:
        built(text)
    assert "tour.py" in str(error.value)


def test_five_lines_of_the_solution_are_found_in_a_cell(root, built):
    lines = (root / "solutions/lab_a/pkg/sums.py").read_text().splitlines(keepends=True)
    begin, end, *_ = (n for n, line in enumerate(lines) if "SOLUTION" in line)
    with pytest.raises(CourseError, match=r"lab_a.ipynb, cell 6"):
        built(f"{TEXT}\n# %%\ndef add(a, b):\n{''.join(lines[begin + 1 : end])}")
