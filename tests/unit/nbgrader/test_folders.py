"""nbgrader's course folder: set up from our labs, set up again, and read."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from traitlets.config.loader import PyFileConfigLoader

from autograder.errors import CourseError, UsageError
from autograder.nbgrader.class_folder import hand_ins
from autograder.nbgrader.course_folder import CONFIG, set_up
from autograder.nbgrader.scripts import path_with_scripts

ROOT = Path(__file__).parents[3]
LAB = "lab1_autograd"


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a course folder with a roster and an exchange."""
    home = tmp_path_factory.mktemp("nbgrader")
    (home / "class.csv").write_text("id,first_name,email\nada,Ada,a@x.org\nbob,,\n")
    folder = home / "my course"
    set_up(ROOT, folder, roster=home / "class.csv", exchange=home / "exchange")
    return folder


@pytest.fixture(autouse=True)
def scripts(monkeypatch):
    monkeypatch.setenv("PATH", path_with_scripts())


def book(folder):
    return Gradebook(f"sqlite:///{folder}/gradebook.db", "systems_for_ai_2025")


def test_the_configuration_is_read_by_nbgrader_and_runs_no_notebook(made):
    config = PyFileConfigLoader(CONFIG, path=str(made)).load_config()
    assert config.CourseDirectory.root == str(made)
    assert config.TakeScores.course == str(ROOT)
    assert not any("Execute" in name for name in config.Autograde.autograde_preprocessors)
    assert config.Autograde.exporter_class == "autograder.nbgrader.exporter.AnswersExporter"
    kept = config.Autograde.exclude_overwriting[LAB]
    assert "autograd/engine.py" in kept
    assert not any(name.endswith(".ipynb") or name.startswith("tests") for name in kept)


def test_the_source_is_what_students_receive(made):
    source = made / "source" / LAB
    for path in (ROOT / "starter" / LAB).rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            assert (source / path.relative_to(ROOT / "starter" / LAB)).exists(), path
    assert not list(source.rglob("hidden"))
    assert "NotImplementedError" in (source / "autograd/engine.py").read_text()


def test_the_exchange_is_open_to_students_accounts(made):
    assert (made.parent / "exchange").stat().st_mode & 0o7777 == 0o1777


def test_the_grade_book_has_roster_and_due_dates_in_utc(made):
    with book(made) as grades:
        assert sorted(s.id for s in grades.students) == ["ada", "bob"]
        assert grades.find_student("ada").email == "a@x.org"
        assert grades.find_assignment(LAB).duedate == datetime(2025, 10, 16, 15, 59, 59)


def test_a_second_time_nothing_recorded_is_lost(made, tmp_path):
    folder = shutil.copytree(made, tmp_path / "again")
    (folder / "submitted/ada").mkdir(parents=True)
    with book(folder) as grades:
        grades.add_student("eve")
    set_up(ROOT, folder)
    assert (folder / "submitted/ada").exists()
    with book(folder) as grades:
        assert sorted(s.id for s in grades.students) == ["ada", "bob", "eve"]


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "a roster has the columns"), ("name\nx\n", "id must be one"), ("id\na\n \n", ":3: ")],
)
def test_a_roster_that_is_none(tmp_path, text, said):
    roster = tmp_path / "class.csv"
    roster.write_text(text)
    with pytest.raises(UsageError, match=said):
        set_up(ROOT, tmp_path / "course", roster=roster)
    assert not (tmp_path / "course").exists()


def test_a_course_that_is_none(tmp_path):
    with pytest.raises(CourseError):
        set_up(tmp_path, tmp_path / "course")


def test_hand_ins_have_the_time_that_nbgrader_wrote_down(made, tmp_path):
    folder = shutil.copytree(made, tmp_path / "course")
    times = {"ada": "2025-10-20 10:00:00.123456 UTC", "bob": "soon", "eve": None}
    for student, text in times.items():
        place = folder / "submitted" / student / LAB
        place.mkdir(parents=True)
        if text:
            (place / "timestamp.txt").write_text(text)
    found = {path.parent.name: time for path, time in hand_ins(folder, LAB).items()}
    assert found == {
        "ada": datetime(2025, 10, 20, 10, 0, 0, 123456, tzinfo=UTC),
        "bob": None,
        "eve": None,
    }


def test_a_folder_without_hand_ins_says_what_to_do(made, tmp_path):
    with pytest.raises(UsageError, match=f"nbgrader collect {LAB}"):
        hand_ins(made, LAB)
    with pytest.raises(UsageError, match="autograder nbgrader init"):
        hand_ins(tmp_path, LAB)
