"""Which folders are labs, and what the panel is told of one."""

import json
import os

import pytest

from labkit.panel.labs import described, find_labs


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


@pytest.mark.parametrize("card", ["", "[]", "{", '{"exercises": [1]}', '{"exercises": [{}]}'])
def test_without_a_sound_card_a_lab_shows_what_was_checked(tmp_path, card):
    folder = lab(tmp_path / "lab1")
    (folder / "lab.json").write_text(card)
    (folder / ".labkit").mkdir()
    last = {"add": {"tests": 2, "passed": 1, "outcome": "wrong", "time": "2025-10-01T10:00:00"}}
    (folder / ".labkit/last-check.json").write_text(json.dumps(last))
    told = described("lab1", folder)
    assert (told["title"], told["due"]) == ("lab1", None)
    assert told["exercises"] == [{"id": "add", "title": "add", "last": last["add"]}]


def test_the_newest_report_is_told(tmp_path):
    folder = lab(tmp_path / "lab1")
    for age, name in enumerate(("old", "new")):
        page = folder / "feedback" / name / "lab1.html"
        page.parent.mkdir(parents=True)
        page.touch()
        os.utime(page, (age, age))
    assert described("lab1", folder)["report"] == "lab1/feedback/new/lab1.html"
    assert described(".", folder)["report"] == "feedback/new/lab1.html"
