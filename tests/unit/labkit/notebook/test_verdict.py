"""What `%check` and `%submit` show, as HTML and as text."""

from labkit.notebook import verdict

REPORT = {
    "exercise": "double", "name": "test_double", "title": "Twice.", "outcome": "wrong",
    "points": 2.5, "hint": "Add <it>.", "line": "answer.py:2: return x", "case": "of 3",
    "inputs": {"x": "[[1, 2],\n[3, 4]]"}, "difference": "got 1 < 2", "began": True,
}  # fmt: skip
PASSED = REPORT | {"outcome": "pass", "name": "test_again", "points": 1.5}
MISSING = REPORT | {"exercise": "triple", "outcome": "missing", "points": 1}


def shown(*tests, first=None):
    found = verdict.result({"tests": list(tests), "first": first})
    return found._repr_html_(), repr(found)


def test_a_row_for_each_exercise_with_tests_points_and_outcome():
    html, text = shown(REPORT, PASSED, MISSING, first=REPORT)
    assert "<td>double</td><td class='n'>1/2</td><td class='n'>1.5/4</td>" in html
    assert "<td class='lost'>✗ wrong</td>" in html
    assert "<td class='missing'>○ missing</td>" in html
    assert "✗ double: 1 of 2 tests, wrong" in text


def test_points_at_stake_case_inputs_difference_line_and_hint():
    html, text = shown(REPORT, PASSED, first=REPORT)
    assert "2.5 of 4 public points are at stake" in html
    assert "Look first at: <b>Twice.</b>" in html
    assert "case: of 3\nx = [[1, 2],\n    [3, 4]]\ngot 1 &lt; 2\nanswer.py:2: return x" in html
    assert "Hint: Add &lt;it&gt;." in html
    assert text.endswith("Look first at: Twice.\ngot 1 < 2\nanswer.py:2: return x\nHint: Add <it>.")


def test_all_that_passes_is_said_to_be_public():
    html, text = shown(PASSED)
    assert "All public tests pass. Hidden tests decide the other points." in html
    assert "at stake" not in html + text
    assert "Look first" not in html + text


def test_files_that_cannot_be_imported_are_blamed_on_no_test():
    html, _ = shown(REPORT, first=REPORT | {"began": False})
    assert "Your files cannot be imported" in html
    assert "Hint" not in html


def test_progress_knows_how_many():
    assert "<progress value=2 max=5>" in verdict.progress(2, 5)._repr_html_()
    assert repr(verdict.progress(2, 5)) == "2 of 5 tests"
    assert "max" not in verdict.progress(0, None)._html


def test_a_receipt_names_zip_digest_and_receipt():
    told = {"files": ["a", "b"], "zip": "/x/lab.zip", "digest": "sha256:12", "receipt": "/x/l.txt"}
    found = verdict.receipt(told)
    assert "Packed 2 files as <b>lab.zip</b>" in found._repr_html_()
    assert "Hand the zip in" in found._repr_html_()
    assert repr(found) == "/x/lab.zip\nsha256:12\n/x/l.txt"


def test_a_receipt_says_that_it_was_handed_in_to_the_exchange():
    told = {"files": ["a"], "zip": "/x/lab.zip", "digest": "sha256:12", "receipt": "/x/l.txt"}
    found = verdict.receipt(told | {"exchange": {"course": "a<b", "time": "2025-10-16T21:03:00"}})
    html = found._repr_html_()
    assert "Handed in to course a&lt;b at 2025-10-16T21:03:00" in html
    assert "Hand the zip in" not in html
    assert repr(found).endswith("Handed in to course a<b at 2025-10-16T21:03:00.")


def test_a_refusal_is_shown_as_it_is():
    assert "no &lt;lab&gt; here" in verdict.refused("no <lab> here")._repr_html_()
