"""Which exchange a student's `submit` finds: the one that nbgrader would use there."""

import subprocess
import sys
from pathlib import Path

import pytest

from autograder.errors import InfraError
from autograder.nbgrader import exchange
from autograder.nbgrader.exchange import Exchange, find_exchange


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for labs, and a home with no configuration."""
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(tmp_path / "role"))
    (tmp_path / "role").mkdir()
    (tmp_path / "labs/sums").mkdir(parents=True)
    return tmp_path / "labs"


def configure(folder: Path, course: str, root: object = "/exchange") -> None:
    text = f"c.CourseDirectory.course_id = {course!r}\nc.Exchange.root = {str(root)!r}\n"
    (folder / "nbgrader_config.py").write_text(text)


def test_without_a_configuration_there_is_none(place):
    assert find_exchange(place / "sums") is None


def test_a_configuration_without_a_course_is_none(place):
    configure(place, "")
    assert find_exchange(place / "sums") is None


def test_without_nbgrader_there_is_none(place, monkeypatch):
    configure(place, "tiny")
    monkeypatch.setattr(exchange, "find_spec", lambda name: None)
    assert find_exchange(place / "sums") is None


def test_jupyters_path_is_looked_at(place):
    configure(place.parent / "role", "tiny", "/srv/exchange")
    assert find_exchange(place / "sums") == Exchange("tiny", Path("/srv/exchange"))


def test_what_lies_beside_the_lab_is_stronger(place):
    configure(place.parent / "role", "other")
    configure(place, "tiny")
    (place / "nbgrader_config.json").write_text('{"CourseDirectory": {"course_id": "third"}}')
    found = find_exchange(place / "sums")
    assert found == Exchange("tiny", Path("/exchange"))


def test_a_configuration_that_fails_is_named(place):
    (place / "nbgrader_config.py").write_text("import nowhere_to_be_found")
    with pytest.raises(InfraError, match=r"nbgrader_config\.py cannot be read"):
        find_exchange(place / "sums")


def test_a_lab_is_taken_once_it_is_released_there(place):
    found = Exchange("tiny", place.parent / "exchange")
    assert not found.takes("sums")
    (found.root / "tiny/outbound/sums").mkdir(parents=True)
    assert found.takes("sums")


def test_looking_does_not_import_nbgrader(place):
    configure(place, "tiny")
    code = f"""
import sys
from pathlib import Path
from autograder.nbgrader.exchange import find_exchange
assert find_exchange(Path({str(place / "sums")!r})).course == "tiny"
assert "nbgrader" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)
