# ruff: noqa: E501 (tables of mistakes: one row, one mistake)
import pytest

from autograder.course import load_lab
from autograder.errors import CourseError
from autograder.model import Limits

LAB = "labs/lab_a/lab.toml"


def test_a_lab_is_loaded(root):
    lab = load_lab(root, "lab_a")
    assert (lab.id, lab.lectures, lab.files, lab.packages) == (
        "lab_a", ("01",), ("pkg/*.py",), ("numpy",),
    )  # fmt: skip
    assert lab.limits == Limits(cpu_seconds=2.5, memory_mb=512)
    assert lab.max_score == 3
    assert lab.exercise("scale").bonus
    assert lab.path == root / "labs/lab_a"
    assert lab.solution == root / "solutions/lab_a"
    assert lab.starter == root / "starter/lab_a"
    assert lab.digest.startswith("sha256:")


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('id = "lab_a"', 'id = "lab_b"', 1, "'id' must be the folder's name, 'lab_a'"),
        ("points = 3", "poinst = 3", 17, "unknown key 'poinst' in [[exercise]]; did you mean 'points'?"),
        ("points = 3", "", 14, "[[exercise]] lacks 'points'; write it without quotes, such as points = 1"),
        ("points = 3", 'points = "3"', 17, "'points' must be a number, not a string"),
        ("points = 3", "points = 0", 17, "'points' must be above 0, not 0"),
        ("points = 3", "points = inf", 17, "'points' must be above 0"),
        ("points = 3", "points = 4", 17, "exercise 'add' has 4 points, but its tests (test_two_numbers 1 (test_add.py:5), test_many 2 (test_add_more.py:8)) add up to 3; make them agree"),
        ('id = "scale"', 'id = "add"', 20, "exercise 'add' is there twice (the first is on line 15)"),
        ('id = "scale"', 'id = "sc-ale"', 20, "'id' cannot be 'sc-ale'"),
        ("bonus = true", 'device = "gup"', 23, "there is no device 'gup'; did you mean 'gpu'?"),
        ("bonus = true", 'bonus = "yes"', 23, "'bonus' must be true or false, not a string"),
        ('lectures = ["01"]', 'lectures = ["1"]', 3, "the course has no lecture '1'; did you mean"),
        ('lectures = ["01"]', 'lectures = "01"', 3, "'lectures' must be a list, not a string"),
        ('lectures = ["01"]', "lectures = [1]", 3, "'lectures' holds 1; put each entry in quotes"),
        ('lectures = ["01"]', 'lectures = ["01", "01"]', 3, "'lectures' names '01' twice"),
        ('files = ["pkg/*.py"]', "files = []", 4, "'files' names no file"),
        ('files = ["pkg/*.py"]', 'files = [""]', 4, "the pattern '' in 'files' is empty"),
        ('files = ["pkg/*.py"]', 'files = ["/etc/*"]', 4, "is absolute"),
        ('files = ["pkg/*.py"]', 'files = ["C:/x"]', 4, "is absolute"),
        ('files = ["pkg/*.py"]', 'files = ["a/../b"]', 4, "leaves the submission's folder"),
        ('files = ["pkg/*.py"]', 'files = ["pkg//a"]', 4, "has an empty segment"),
        ('files = ["pkg/*.py"]', 'files = ["pkg\\\\a"]', 4, "holds a backslash"),
        ('required = ["pkg/*.py"]', 'required = ["other/*.py"]', 5, "no file of the solution matches 'other/*.py'"),
        ('packages = ["numpy"]', 'packages = ["numpy>=2"]', 8, "'numpy>=2' is no package's name"),
        ('packages = ["numpy"]', 'package = ["numpy"]', 8, "unknown key 'package' in [box]; did you mean 'packages'?"),
        ('packages = ["numpy"]', 'compilers = ["g+"]', 8, "a box holds no compiler 'g+'; did you mean 'g++'?"),
        ("cpu_seconds = 2.5", "cpu_second = 2.5", 11, "unknown key 'cpu_second' in [limits]; did you mean"),
        ("cpu_seconds = 2.5", "cpu_seconds = -1", 11, "'cpu_seconds' must be above 0, not -1"),
        ("memory_mb = 512", "memory_mb = 0.5", 12, "'memory_mb' must be a whole number"),
        ('title = "Scaling"', "title = 2025-01-01", 21, "'title' must be a string, not a date"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line(root, edit, old, new, line, says):
    path = edit(LAB, old, new)
    with pytest.raises(CourseError) as caught:
        load_lab(root, "lab_a")
    assert str(caught.value).startswith(f"{path}:{line}: ")
    assert says in str(caught.value)


def test_a_lab_that_compiles(root, edit):
    assert load_lab(root, "lab_a").compilers == ()
    edit(LAB, 'packages = ["numpy"]', 'packages = ["numpy"]\ncompilers = ["g++"]')
    assert load_lab(root, "lab_a").compilers == ("g++",)


def test_an_exercise_without_tests(root, edit):
    path = edit(
        LAB, "bonus = true", 'bonus = true\n[[exercise]]\nid = "x"\ntitle = "X"\npoints = 1'
    )
    with pytest.raises(CourseError, match=r"exercise 'x' has 1 points, .* \(there are none\)") as e:
        load_lab(root, "lab_a")
    assert str(e.value).startswith(f"{path}:27: ")


def test_a_lab_without_exercises(root):
    path = root / LAB
    path.write_text(path.read_text().split("[[exercise]]")[0])
    with pytest.raises(CourseError, match=r"lab\.toml:1: the lab has no exercise"):
        load_lab(root, "lab_a")


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("lab_aa", r"course\.toml:1: there is no lab 'lab_aa'; did you mean 'lab_a'\?"),
        ("../lab_a", "there is no lab '../lab_a'"),
        ("", "there is no lab ''; known: lab_a"),
        ("lab_b", "the lab 'lab_b' is planned, but labs/lab_b/lab.toml is not written yet"),
    ],
)
def test_an_unknown_lab(root, name, says):
    with pytest.raises(CourseError, match=says):
        load_lab(root, name)


def test_a_lab_file_that_is_a_folder(root):
    (root / LAB).unlink()
    (root / LAB).mkdir()
    with pytest.raises(CourseError, match=r"lab\.toml:1: this is a folder"):
        load_lab(root, "lab_a")


def test_a_solution_holds_only_what_may_be_handed_in(root):
    (root / "solutions/lab_a/notes.txt").write_text("x")
    with pytest.raises(CourseError, match=r"notes\.txt:1: this file is not handed in; add a"):
        load_lab(root, "lab_a")


def test_no_solution(root):
    for path in (root / "solutions/lab_a/pkg").iterdir():
        path.unlink()
    with pytest.raises(CourseError, match="lab_a:1: there is no solution"):
        load_lab(root, "lab_a")


def test_what_tools_leave_is_no_part_of_a_solution(root):
    for name in (".mypy_cache/x.db", "pkg/__pycache__/a.txt", "pkg/.notes"):
        path = root / "solutions/lab_a" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    assert load_lab(root, "lab_a").id == "lab_a"
