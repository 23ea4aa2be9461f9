"""What a box's user can reach of this machine; needs no wall."""

import pytest

from autograder.box import layout, reach
from autograder.box.layout import Bind
from autograder.errors import InfraError
from autograder.model import Needs

NOTHING = Needs(packages=(), probes=b"")


@pytest.fixture
def system(tmp_path, monkeypatch):
    """A machine whose only shared libraries lie in the folder that is returned."""
    lib = tmp_path / "lib"
    (lib / "python" / "site-packages" / "secret").mkdir(parents=True)
    (lib / "python" / "os.py").write_text("")
    (lib / "libc.so").write_text("")
    (lib / "link").symlink_to("/etc")
    for folder in (*reversed(lib.parents), lib):
        if folder.is_relative_to(tmp_path):
            folder.chmod(0o755)
    monkeypatch.setattr(layout, "system", lambda: ([Bind(lib, "/usr/lib")], []))
    monkeypatch.setattr(layout, "python", lambda: layout.Python("", (), (), None))
    monkeypatch.setattr(layout, "labkit", list)
    monkeypatch.setattr(layout, "private_folders", list)
    monkeypatch.setattr(reach.sysconfig, "get_path", lambda name: str(lib / "python"))
    monkeypatch.setattr(reach, "_check_reachable", lambda path: None)
    return lib


def test_what_holds_packages_is_granted_in_parts(system):
    found = reach.granted(NOTHING)
    assert set(found.whole) == {str(system / "libc.so"), str(system / "python" / "os.py")}
    assert set(found.listed) == {str(system), str(system / "python")}


def test_a_private_folder_inside_is_left_out(system, monkeypatch):
    private = system / "course"
    private.mkdir()
    monkeypatch.setattr(layout, "private_folders", lambda: [private])
    assert not [path for path in reach.granted(NOTHING).whole if path.startswith(str(private))]


def test_a_folder_that_holds_nothing_private_is_granted_whole(system):
    (system / "python" / "site-packages" / "secret").rmdir()
    (system / "python" / "site-packages").rmdir()
    assert reach.granted(NOTHING) == reach.Reach((str(system),), ())


def test_an_interpreter_in_a_closed_folder_is_told_with_the_way_out(tmp_path):
    closed = tmp_path / "home"
    (closed / "python").mkdir(parents=True)
    closed.chmod(0o700)
    with pytest.raises(InfraError, match=r"chmod o\+x"):
        reach._check_reachable(closed / "python")


@pytest.fixture
def judge(tmp_path, monkeypatch):
    """The judge's folders: home, course, the working folder in the course; and the secret."""
    monkeypatch.setattr(layout, "_kept_private", set())
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.delenv("AUTOGRADER_COURSE", raising=False)
    (tmp_path / "home").mkdir(mode=0o700)
    (tmp_path / "course" / "labs").mkdir(parents=True)
    (tmp_path / "course" / "labs" / "course.toml").write_text("")
    (tmp_path / "course").chmod(0o700)
    (tmp_path / "secret").write_text("x")
    (tmp_path / "secret").chmod(0o600)
    monkeypatch.setenv("AUTOGRADER_SECRET_FILE", str(tmp_path / "secret"))
    monkeypatch.chdir(tmp_path / "course" / "labs")
    monkeypatch.setattr(reach, "_passable", lambda path: True)
    return tmp_path


def test_the_judges_files_are_private(judge):
    reach.check_private()


@pytest.mark.parametrize("name", ["home", "course", "secret"])
def test_one_that_everybody_can_read_is_told_with_the_way_out(judge, name):
    path = judge / name
    path.chmod(path.stat().st_mode | 0o004)
    with pytest.raises(InfraError, match=f"chmod -R go-rwx .*{name}"):
        reach.check_private()


def test_the_course_of_a_job_counts_among_what_is_private(judge, tmp_path):
    (tmp_path / "other").mkdir(mode=0o755)
    reach.check_private()
    layout.keep_private(tmp_path / "other")
    with pytest.raises(InfraError, match=r"chmod -R go-rwx .*other"):
        reach.check_private()


def test_a_folder_that_is_closed_keeps_what_is_in_it(tmp_path):
    (tmp_path / "closed").mkdir(mode=0o700)
    (tmp_path / "closed" / "file").write_text("x")
    assert not reach._open_to_all(tmp_path / "closed" / "file")


def test_everybodys_folders_are_found(tmp_path, monkeypatch):
    (tmp_path / "a" / "open").mkdir(parents=True)
    (tmp_path / "a" / "open").chmod(0o1777)
    (tmp_path / "b").mkdir()
    (tmp_path / "link").symlink_to("/tmp")
    assert {"/", "/dev/shm"} <= set(reach._tops())
    monkeypatch.setattr(reach, "_tops", lambda: [str(tmp_path), str(tmp_path / "gone")])
    reach.everybodys_folders.cache_clear()
    try:
        assert reach.everybodys_folders() == (str(tmp_path / "a" / "open"),)
    finally:
        reach.everybodys_folders.cache_clear()
