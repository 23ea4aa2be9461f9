"""What is taken from a handed-in notebook, whatever it is."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.nbgrader import answers
from autograder.nbgrader.answers import filled_in, read_answers


def marked(name, **more):
    return {"nbgrader": {"grade_id": name, "grade": True, "solution": True, **more}}


RELEASED = new_notebook(
    cells=[
        new_markdown_cell("# Tour"),
        new_code_cell("%check add", metadata=marked("add", solution=False, points=3)),
        new_markdown_cell("*Your answer here.*", metadata=marked("why", points=5)),
    ]
)


@pytest.fixture
def hand_in(tmp_path):
    """Return ``(cells)``: the path of a notebook that holds them."""

    def hand_in(*cells):
        path = tmp_path / "lab.ipynb"
        nbformat.write(new_notebook(cells=list(cells)), path)
        return path

    return hand_in


def sources(path):
    return [cell.source for cell in filled_in(RELEASED, read_answers(path)).cells]


def test_the_answer_is_taken_and_the_rest_is_as_released(hand_in):
    path = hand_in(
        new_code_cell("100", metadata=marked("add", points=1000)),
        new_code_cell("import os"),
        new_markdown_cell("Because.", metadata=marked("why")),
    )
    taken = filled_in(RELEASED, read_answers(path))
    assert [cell.source for cell in taken.cells] == ["# Tour", "%check add", "Because."]
    assert [cell.metadata for cell in taken.cells] == [cell.metadata for cell in RELEASED.cells]
    assert RELEASED.cells[2].source == "*Your answer here.*"


def test_of_two_cells_with_one_name_the_first_counts(hand_in):
    answers = [new_markdown_cell(text, metadata=marked("why")) for text in ("first", "second")]
    assert sources(hand_in(*answers))[2] == "first"


def test_an_answer_counts_though_its_cell_is_marked_as_something_else(hand_in):
    path = hand_in(new_code_cell("Because.", metadata=marked("why", solution=False, grade=False)))
    assert sources(path)[2] == "Because."


def test_a_source_may_be_a_list_of_lines(tmp_path):
    path = tmp_path / "lab.ipynb"
    cell = {"cell_type": "markdown", "metadata": marked("why"), "source": ["a\n", "b", 3]}
    path.write_text(json.dumps({"cells": [cell]}))
    assert sources(path)[2] == "a\nb"


def test_a_long_answer_is_cut(hand_in):
    path = hand_in(new_markdown_cell("x" * 200_000, metadata=marked("why")))
    assert len(sources(path)[2]) < 101_000
    assert "The rest was cut" in sources(path)[2]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"not json", "cannot be read as a notebook"),
        (b"\xff\xfe", "cannot be read as a notebook"),
        (b"[" * 100_000, "cannot be read as a notebook"),
        (b"[]", "no cells"),
        (b'{"worksheets": [], "nbformat": 3}', "older than 4"),
        (b'{"cells": []}', "no cell is a place for an answer"),
        (b'{"cells": [3, {"metadata": []}, {"metadata": {"nbgrader": {"grade_id": []}}}]}',
         "no cell is a place for an answer"),
    ],
)  # fmt: skip
def test_what_is_no_notebook_costs_only_its_answers_and_says_why(tmp_path, content, problem):
    path = tmp_path / "lab.ipynb"
    path.write_bytes(content)
    note, *rest = sources(path)
    assert problem in note
    assert rest == [cell.source for cell in RELEASED.cells]


def test_a_link_and_a_huge_file_are_not_read(tmp_path, hand_in, monkeypatch):
    path = hand_in(new_markdown_cell("Because.", metadata=marked("why")))
    link = tmp_path / "link.ipynb"
    link.symlink_to(path)
    assert read_answers(link).problem == "it is a link, or no file"
    assert read_answers(tmp_path / "none.ipynb").problem == "it is a link, or no file"
    monkeypatch.setattr(answers, "MOST_BYTES", 10)
    assert "larger than" in read_answers(path).problem


def test_a_hundred_megabytes_of_output_are_dropped(tmp_path):
    path = tmp_path / "lab.ipynb"
    output = {"output_type": "stream", "name": "stdout", "text": "x" * (100 << 20)}
    cells = [{"cell_type": "code", "metadata": {}, "source": "1", "outputs": [output]}]
    cells += [{"cell_type": "markdown", "metadata": marked("why"), "source": "Because."}]
    path.write_text(json.dumps({"cells": cells}))
    assert sources(path)[2] == "Because."
