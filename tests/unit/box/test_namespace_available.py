"""What is said where no wall can be had; needs none."""

import stat
from pathlib import PurePosixPath

import pytest

from autograder.box import bubblewrap, diagnosis, namespace
from autograder.box.namespace import NamespaceSandbox, Wall
from autograder.errors import InfraError
from autograder.model import Needs

NOTHING = Needs(packages=(), probes=b"")


@pytest.fixture(autouse=True)
def ask_again():
    namespace._probe.cache_clear()
    yield
    namespace._probe.cache_clear()


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Return ``(script)``: the bubblewrap of this test."""

    def program(script):
        path = tmp_path / "bwrap"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setattr(bubblewrap, "_program", lambda: str(path))

    return program


def test_bubblewrap_is_missing(monkeypatch):
    monkeypatch.setattr(bubblewrap.shutil, "which", lambda *args, **kwargs: None)
    assert NamespaceSandbox().available() == (
        "bubblewrap is not installed: apt-get install bubblewrap"
    )
    with pytest.raises(InfraError, match="not installed"), NamespaceSandbox().open({}, NOTHING):
        pass


def test_bubblewrap_is_refused(program):
    program("echo 'bwrap: No permissions to create new namespace' >&2; exit 1")
    reason = NamespaceSandbox().available()
    assert "No permissions to create new namespace" in reason


def test_another_system(monkeypatch):
    monkeypatch.setattr(namespace.sys, "platform", "darwin")
    assert "Linux" in NamespaceSandbox().available()


@pytest.mark.parametrize(("file", "value", "way_out"), diagnosis._SWITCHES)
def test_each_switch_has_a_way_out(monkeypatch, file, value, way_out):
    monkeypatch.setattr(diagnosis.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(diagnosis, "_content", lambda path: value if path == file else "")
    told = diagnosis.why_not("bwrap: setting up uid map: Permission denied")
    assert way_out in told
    assert "sysctl" in told
    assert "uid map" in told


def test_the_command_line_is_the_wall(program):
    program("exit 0")
    line = " ".join(bubblewrap.command(Wall(), []))
    for option in (
        *("--unshare-pid", "--as-pid-1", "--unshare-net", "--unshare-ipc", "--unshare-uts"),
        *("--die-with-parent", "--new-session", "--clearenv", "--cap-drop ALL"),
        *("--remount-ro /dev", "--remount-ro / "),
    ):
        assert option in line


@pytest.mark.parametrize(
    ("switch", "option"),
    [
        ("pid_namespace", "--unshare-pid"),
        ("as_pid_1", "--as-pid-1"),
        ("network", "--unshare-net"),
        ("ipc", "--unshare-ipc"),
        ("clean_env", "--clearenv"),
        ("mount", "--remount-ro / "),
    ],
)
def test_each_switch_leaves_out_one_protection(program, switch, option):
    program("exit 0")
    assert option not in " ".join(bubblewrap.command(Wall(**{switch: False}), []))


def test_a_name_that_leads_out_of_the_submission(program):
    program("exit 0")
    bad = {PurePosixPath("../x.py"): b""}
    with pytest.raises(InfraError, match=r"\.\./x\.py"), NamespaceSandbox().open(bad, NOTHING):
        pass
