import pytest

from autograder.course import find_course
from autograder.errors import CourseError


@pytest.fixture(autouse=True)
def _no_variable(monkeypatch):
    monkeypatch.delenv("AUTOGRADER_COURSE", raising=False)


def test_named(root, tmp_path_factory, monkeypatch):
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    assert find_course(root) == root
    assert find_course(root / "labs/course.toml") == root
    monkeypatch.setenv("AUTOGRADER_COURSE", str(root))
    assert find_course() == root


def test_a_relative_name(root, monkeypatch):
    monkeypatch.chdir(root.parent)
    assert find_course(root.relative_to(root.parent)) == root


def test_nearest_parent(root, monkeypatch):
    monkeypatch.chdir(root / "solutions/lab_a/pkg")
    assert find_course() == root


def test_the_option_wins_over_the_variable(root, monkeypatch):
    monkeypatch.setenv("AUTOGRADER_COURSE", "/nowhere")
    assert find_course(root) == root


def test_none(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CourseError, match=r"course\.toml:1: there is no course here, nor in any"):
        find_course()
    with pytest.raises(CourseError, match="--course names a folder without a course"):
        find_course(tmp_path)
    monkeypatch.setenv("AUTOGRADER_COURSE", str(tmp_path))
    with pytest.raises(CourseError, match="AUTOGRADER_COURSE names a folder without a course"):
        find_course()
