# ruff: noqa: E501 (tables of mistakes: one row, one mistake)
import pytest

from autograder.course import load_lab
from autograder.errors import CourseError

PUBLIC = "labs/lab_a/tests/public/test_add.py"
HIDDEN = "labs/lab_a/tests/hidden/test_add_more.py"


def test_tests_are_read_from_their_source(root):
    first, second, third = load_lab(root, "lab_a").tests
    assert (first.name, first.title, first.points) == ("test_two_numbers", "Two small numbers.", 1)
    assert (first.hidden, first.hint, first.line) == (False, "", 5)
    assert first.file == root / PUBLIC
    assert (second.name, second.hint, second.hidden) == ("test_many", "Carry over.", True)
    assert (third.exercise, third.points) == ("scale", 1.5)


def test_nothing_is_run(root):
    path = root / HIDDEN
    path.write_text("raise SystemExit('ran')\n" + path.read_text())
    assert len(load_lab(root, "lab_a").tests) == 3


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "says"),
    [
        (PUBLIC, '@exercise("add", points=1)\n', "", 4, 'test_two_numbers names no exercise; write @exercise("<id>", points=<number>'),
        (PUBLIC, '@exercise("add", points=1)', '@exercise("add", points=1)\n@exercise("add", points=1)', 6, "names more than one exercise"),
        (PUBLIC, '"add", points=1', '"ad", points=1', 4, "there is no exercise 'ad'; did you mean 'add'?"),
        (PUBLIC, '"add", points=1', '"add"', 4, "lacks something"),
        (PUBLIC, '"add", points=1', "points=1", 4, "lacks something"),
        (PUBLIC, '"add", points=1', '"add", points="1"', 4, "of the wrong type"),
        (PUBLIC, '"add", points=1', '"add", points=True', 4, "of the wrong type"),
        (PUBLIC, '"add", points=1', '"add", points=1, hint=3', 4, "of the wrong type"),
        (PUBLIC, '"add", points=1', '"add", points=-1', 4, "test_two_numbers cannot have -1 points"),
        (PUBLIC, '"add", points=1', '"add", points=1e999', 4, "cannot have inf points"),
        (PUBLIC, '"add", points=1', '"add", points=2 / 3', 4, "@exercise takes literals only"),
        (PUBLIC, '"add", points=1', '"add", point=1', 4, "@exercise has no argument 'point'; did you mean 'points'?"),
        (PUBLIC, '"add", points=1', '"add", 1', 4, "@exercise takes one bare argument"),
        (PUBLIC, '"add", points=1', '"add", **x', 4, "@exercise has no argument '**'"),
        (PUBLIC, "(student)", "(student, reference)", 5, "a public test cannot use 'reference'"),
        (PUBLIC, "def test_two", "async def test_two", 5, "a test cannot be async"),
        (PUBLIC, "(student):", "(student:", 5, "this is not valid Python"),
        (PUBLIC, "More words.", "\0", 1, "this is not valid Python"),
        (HIDDEN, '"""Many numbers."""', "pass", 8, "test_many lacks a docstring; its first line is the title"),
        (HIDDEN, "def test_many", "def test_scale", 13, "test_scale is already in test_add_more.py:8; rename one"),
        (HIDDEN, "def test_many", "def test_two_numbers", 8, "test_two_numbers is already in test_add.py:5"),
        (HIDDEN, "import pytest", "class TestAdd: pass", 1, "a test is a function"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(root, edit, file, old, new, line, says):
    path = edit(file, old, new)
    with pytest.raises(CourseError) as caught:
        load_lab(root, "lab_a")
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert says in str(caught.value)


def test_a_test_file_too_deep(root):
    path = root / "labs/lab_a/tests/hidden/deep/test_x.py"
    path.parent.mkdir()
    path.write_text("")
    with pytest.raises(CourseError, match=r"test_x\.py:1: tests lie right under tests/hidden"):
        load_lab(root, "lab_a")


def test_other_modules_beside_the_tests_are_theirs(root):
    (root / "labs/lab_a/tests/hidden/oracles.py").write_text("def test_nothing(): ...\n")
    assert len(load_lab(root, "lab_a").tests) == 3
