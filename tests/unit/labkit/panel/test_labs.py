"""Which folders are labs, and what the panel is told of one."""

import json
import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

import pytest

from labkit.panel.labs import described, find_labs

LAST = {"tests": 2, "passed": 1, "outcome": "wrong", "time": "2025-10-01T10:00:00"}
SOUND = {"id": "lab1", "title": "One", "version": "1", "exercises": []}
_NOBODY = 65534


def lab(folder):
    (folder / "tests").mkdir(parents=True)
    (folder / "probes.py").touch()
    return folder


def test_labs_are_found_down_to_two_levels(tmp_path):
    for name in ("one", "shelf/two", "too/deep/three"):
        lab(tmp_path / name)
    (tmp_path / "other").mkdir()
    assert list(find_labs(tmp_path)) == ["one", "shelf/two"]


def test_the_folder_itself_may_be_the_lab(tmp_path):
    assert list(find_labs(lab(tmp_path / "lab"))) == ["."]


@pytest.mark.parametrize("name", [".hidden", "shelf/.hidden", ".trash/lab"])
def test_what_is_hidden_is_left_out(tmp_path, name):
    lab(tmp_path / name)
    assert find_labs(tmp_path) == {}


def test_a_link_out_of_the_servers_folder_is_left_out(tmp_path):
    (tmp_path / "served").mkdir()
    (tmp_path / "served/link").symlink_to(lab(tmp_path / "elsewhere"))
    assert find_labs(tmp_path / "served") == {}


@pytest.fixture
def shared():
    """A folder of an ordinary user (pytest's own are closed to others)."""
    made = Path(tempfile.mkdtemp())
    yield made
    shutil.rmtree(made)


def test_a_folder_closed_to_the_server_hides_no_lab(shared):
    lab(shared / "mine")
    (shared / "theirs").mkdir()
    for path in (shared, *shared.rglob("*")) if os.geteuid() == 0 else ():
        os.chown(path, _NOBODY, _NOBODY)
    (shared / "theirs").chmod(0)
    with as_ordinary_user():
        assert list(find_labs(shared)) == ["mine"]


@contextmanager
def as_ordinary_user():
    """Drop what root may do, for a while: permissions mean nothing to root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_an_exercise_is_told_with_its_last_check(tmp_path):
    folder = lab(tmp_path / "lab1")
    (folder / "pytest.ini").write_text("[lab]\nexercises = add mul\n")
    (folder / ".labkit").mkdir()
    (folder / ".labkit/last-check.json").write_text(json.dumps({"mul": LAST}))
    assert described("lab1", folder)["exercises"] == [
        {"id": "add", "title": "add", "last": None},
        {"id": "mul", "title": "mul", "last": LAST},
    ]


def test_of_a_lab_that_names_no_exercise_those_that_were_checked_are_told(tmp_path):
    folder = lab(tmp_path / "lab1")
    (folder / ".labkit").mkdir()
    (folder / ".labkit/last-check.json").write_text(json.dumps({"add": LAST}))
    told = described("lab1", folder)
    assert told["exercises"] == [{"id": "add", "title": "add", "last": LAST}]


def test_handout_and_notebook_are_told_where_they_are(tmp_path):
    folder = lab(tmp_path / "lab1")
    assert (described("x", folder)["handout"], described("x", folder)["notebook"]) == (None, None)
    for name in ("README.md", "lab1.ipynb"):
        (folder / name).touch()
    assert described("x", folder)["handout"] == "x/README.md"
    assert described(".", folder)["notebook"] == "lab1.ipynb"


@pytest.mark.parametrize("id", ["../lab2/lab2", "/etc/hosts", "x" * 300, "", "a\x00b"])
def test_a_strange_id_leads_out_of_no_lab(tmp_path, id):
    folder = lab(tmp_path / "lab1")
    (lab(tmp_path / "lab2") / "lab2.ipynb").touch()
    (folder / "lab.json").write_text(json.dumps(SOUND | {"id": id}))
    assert described("lab1", folder)["notebook"] is None


def test_the_newest_report_is_told(tmp_path):
    folder = lab(tmp_path / "lab1")
    for age, name in enumerate(("old", "new")):
        page = folder / "feedback" / name / "lab1.html"
        page.parent.mkdir(parents=True)
        page.touch()
        os.utime(page, (age, age))
    assert described("lab1", folder)["report"] == "lab1/feedback/new/lab1.html"
    assert described(".", folder)["report"] == "feedback/new/lab1.html"


def test_a_report_that_is_gone_is_not_told(tmp_path):
    folder = lab(tmp_path / "lab1")
    (folder / "feedback").mkdir()
    (folder / "feedback/lab1.html").symlink_to(tmp_path / "gone.html")
    assert described("lab1", folder)["report"] is None
