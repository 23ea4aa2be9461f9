"""What students' panel is told of a lab."""

import json
from dataclasses import replace

from autograder.course import load_course, load_lab
from autograder.course.lab_card import lab_card
from tests.e2e.conftest import ROOT

COURSE, LAB = load_course(ROOT), load_lab(ROOT, "lab1_autograd")


def test_a_card_has_titles_points_and_the_due_date_of_the_assignment():
    card = json.loads(lab_card(COURSE, LAB))
    assert card["course"] == {"title": COURSE.title, "term": "autumn 2025"}
    assert (card["assignment"], card["due"]) == ("Autograd system", "2025-10-16T23:59:59+08:00")
    assert sum(e["points"] for e in card["exercises"] if not e["bonus"]) == LAB.max_score


def test_a_lab_of_no_assignment_has_no_due_date():
    card = json.loads(lab_card(replace(COURSE, assignments=()), LAB))
    assert (card["assignment"], card["due"]) == (None, None)
