"""What the panel believes of a lab's ``lab.json``, which lies in a student's reach."""

import json

import pytest

from autograder.course import load_course, load_lab
from autograder.course.lab_card import lab_card
from labkit.panel.card import CARD, read_card
from tests.e2e.conftest import ROOT

ADD = {"id": "add", "title": "Adding", "points": 2.5, "bonus": False}
SOUND = {
    "course": {"title": "Systems", "term": "autumn"},
    "assignment": "First",
    "due": "2025-10-16T23:59:59+08:00",
    "id": "lab1",
    "title": "One",
    "version": "1.0.0",
    "exercises": [ADD],
}


@pytest.fixture
def folder(tmp_path):
    """A lab that has a pytest.ini, as every starter."""
    folder = tmp_path / "a lab"
    folder.mkdir()
    (folder / "pytest.ini").write_text("[lab]\nid = lab1\nversion = 2.0.0\nexercises = add mul\n")
    return folder


def test_a_released_card_is_told_as_it_was_made(folder):
    course, lab = load_course(ROOT), load_lab(ROOT, "lab1_autograd")
    made = lab_card(course, lab)
    (folder / CARD).write_bytes(made)
    told, wanted = read_card(folder), json.loads(made)
    assert told.pop("exercises") == [
        {name: one[name] for name in ADD} for one in wanted.pop("exercises")
    ]
    assert told == {name: wanted[name] for name in told}


def test_without_a_card_the_exercises_are_those_of_pytest_ini(folder):
    told = read_card(folder)
    assert told["exercises"] == [{"id": "add", "title": "add"}, {"id": "mul", "title": "mul"}]
    assert (told["id"], told["version"], told["title"]) == ("lab1", "2.0.0", "a lab")
    assert (told["course"], told["due"]) == (None, None)


@pytest.mark.parametrize("ini", ["", "[lab", "[lab]\nexercises\n", "\xff"])
def test_without_either_a_lab_is_called_as_its_folder(folder, ini):
    (folder / "pytest.ini").write_bytes(ini.encode("latin-1"))
    told = read_card(folder)
    assert (told["id"], told["title"], told["exercises"]) == ("a lab", "a lab", [])


DAMAGED = [
    {"title": {"toString": 1}},
    {"id": None},
    {"version": 1},
    {"assignment": ["First"]},
    {"course": "Systems"},
    {"course": {"title": "Systems"}},
    {"due": "soon"},
    {"due": 1760630399},
    {"exercises": None},
    {"exercises": {"add": ADD}},
    {"exercises": [1]},
    {"exercises": [{}]},
    {"exercises": [ADD | {"title": None}]},
    {"exercises": [ADD | {"points": "2"}]},
    {"exercises": [ADD | {"points": float("nan")}]},
    {"exercises": [ADD | {"points": float("inf")}]},
    {"exercises": [ADD | {"bonus": "no"}]},
]


@pytest.mark.parametrize("damage", DAMAGED, ids=str)
def test_a_card_that_cannot_be_shown_is_as_good_as_none(folder, damage):
    (folder / CARD).write_text(json.dumps(SOUND))
    assert read_card(folder)["title"] == "One"
    (folder / CARD).write_text(json.dumps(SOUND | damage))
    assert read_card(folder)["title"] == "a lab"


@pytest.mark.parametrize("text", ["", "[]", "{", "null", "\x00", "[" * 100_000])
def test_a_card_that_is_no_object_is_as_good_as_none(folder, text):
    (folder / CARD).write_text(text)
    assert read_card(folder)["title"] == "a lab"


def test_what_the_panel_does_not_know_is_left_out(folder):
    (folder / CARD).write_text(json.dumps(SOUND | {"path": "/", "report": "x"}))
    assert read_card(folder) == SOUND
