"""What infra/jupyterhub's configuration makes of its variables, and what it refuses."""

import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

HERE = Path(__file__).parents[2] / "infra/jupyterhub"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course folder, named as a course would name it."""
    folder = tmp_path / "grading"
    folder.mkdir(mode=0o750)
    text = "c.CourseDirectory.course_id = 'tiny'\nc.Exchange.root = '/srv/exchange'\n"
    (folder / "nbgrader_config.py").write_text(text)
    (tmp_path / "class.csv").write_text("id,first_name\nada,Ada\nbob,Bob\n")
    for name in ("FOLDER", "INSTRUCTORS", "ROSTER", "SPAWNER", "PROXY"):
        monkeypatch.delenv(f"COURSE_{name}", raising=False)
    monkeypatch.setenv("COURSE_FOLDER", str(folder))
    monkeypatch.setenv("COURSE_INSTRUCTORS", "ines ivan")
    return folder


def configured() -> Config:
    return PyFileConfigLoader("jupyterhub_config.py", path=str(HERE)).load_config()


def environment(name: str) -> dict[str, str]:
    """Return what the server of `name` gets."""
    c = configured()
    spawner = SimpleNamespace(user=SimpleNamespace(name=name), environment=c.Spawner.environment)
    c.Spawner.pre_spawn_hook(spawner)
    return spawner.environment


def test_real_accounts_on_loopback_are_the_default():
    c = configured()
    assert c.JupyterHub.spawner_class == "localprocess"
    assert c.JupyterHub.bind_url.startswith("http://127.0.0.1:")


def test_programs_that_nbgrader_calls_by_name_are_found_first():
    assert environment("ada")["PATH"].startswith(str(Path(sys.executable).parent))


def test_with_a_roster_nobody_else_may_log_in(tmp_path, monkeypatch):
    assert configured().Authenticator.allow_all is True
    monkeypatch.setenv("COURSE_ROSTER", str(tmp_path / "class.csv"))
    c = configured()
    assert c.Authenticator.allowed_users == {"ada", "bob", "ines", "ivan"}
    assert "allow_all" not in c.Authenticator


def test_only_instructors_learn_where_the_store_and_the_course_are(folder, monkeypatch):
    monkeypatch.setenv("AUTOGRADER_STORE", "postgresql://secret")
    instructor, student = environment("ivan"), environment("ada")
    assert instructor["AUTOGRADER_STORE"] == "postgresql://secret"
    assert str(folder) in instructor["JUPYTER_CONFIG_PATH"]
    assert "secret" not in str(student)
    assert str(folder) not in str(student)
    assert (student["COURSE_ID"], student["COURSE_EXCHANGE"]) == ("tiny", "/srv/exchange")


def open_to_all(folder, monkeypatch):
    folder.chmod(0o755)


def without_exchange(folder, monkeypatch):
    (folder / "nbgrader_config.py").write_text("c.CourseDirectory.course_id = 'tiny'")


def without_instructors(folder, monkeypatch):
    monkeypatch.delenv("COURSE_INSTRUCTORS")


def with_a_strange_spawner(folder, monkeypatch):
    monkeypatch.setenv("COURSE_SPAWNER", "magic")


def without_dockerspawner(folder, monkeypatch):
    monkeypatch.setenv("COURSE_SPAWNER", "docker")


@pytest.mark.parametrize(
    ("spoil", "hint"),
    [
        (open_to_all, "chmod 770"),
        (without_exchange, "--exchange DIR"),
        (without_instructors, "needs COURSE_INSTRUCTORS"),
        (with_a_strange_spawner, "there are local, simple, docker"),
        (without_dockerspawner, "pip install dockerspawner"),
    ],
)
def test_what_would_go_wrong_is_refused_with_what_to_do(folder, monkeypatch, spoil, hint):
    spoil(folder, monkeypatch)
    with pytest.raises(SystemExit, match=hint):
        configured()
