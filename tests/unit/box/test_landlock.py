"""Landlock, on children of the test itself."""

import os
import socket

import pytest

from autograder.box import landlock
from autograder.box.lockdown import call

NO_NEW_PRIVS = 38
FENCED = pytest.mark.skipif(not landlock.version(), reason="this kernel has no Landlock")


def how(step):
    """How `step` ends: the name of the error, or None."""
    try:
        step()
    except OSError as error:
        return type(error).__name__
    return None


def fenced(grants, *steps):
    """How `steps` end in a child that is kept to `grants`."""
    reader, writer = os.pipe()
    if os.fork() == 0:
        try:
            call("prctl", NO_NEW_PRIVS, 1, 0, 0, 0)
            landlock.restrict(grants)
            os.write(writer, repr([how(step) for step in steps]).encode())
        finally:
            os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as file:
        told = file.read()
    os.wait()
    return [None if word == "None" else word.strip("'") for word in told.strip("[]").split(", ")]


@pytest.fixture
def tree(tmp_path):
    for folder in ("own", "seen", "listed", "other"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "file").write_text("x")
    return tmp_path


def grants(tree):
    return [
        (str(tree / "own"), landlock.OWN),
        (str(tree / "seen"), landlock.READ),
        (str(tree / "listed"), landlock.LIST),
    ]


@FENCED
def test_what_is_granted_and_nothing_else(tree):
    kinds = ("own", "seen", "listed", "other")
    reads = [(tree / name / "file").read_text for name in kinds]
    lists = [lambda name=name: os.listdir(tree / name) for name in kinds]  # noqa: PTH208
    writes = [lambda name=name: (tree / name / "new").write_text("x") for name in kinds]
    no = "PermissionError"
    assert fenced(grants(tree), *reads) == [None, None, no, no]
    assert fenced(grants(tree), *lists) == [None, None, None, no]
    assert fenced(grants(tree), *writes) == [None, no, no, no]


@FENCED
def test_a_second_fence_can_only_take_away(tree):
    def again():
        landlock.restrict([(str(tree), landlock.OWN)])
        (tree / "other" / "file").read_text()

    assert fenced(grants(tree), again, (tree / "own" / "file").read_text) == [
        "PermissionError",
        None,
    ]


@FENCED
def test_a_path_that_is_not_there_is_left_out(tree):
    gone = (str(tree / "gone"), landlock.READ)
    assert fenced([gone, *grants(tree)], (tree / "own" / "file").read_text) == [None]


@pytest.mark.skipif(landlock.version() < 4, reason="Landlock 4 refuses TCP")
def test_no_tcp(tree):
    def bind():
        with socket.socket() as server:
            server.bind(("127.0.0.1", 0))

    assert fenced(grants(tree), bind) == ["PermissionError"]


@pytest.mark.skipif(landlock.version() < 6, reason="Landlock 6 refuses signals")
def test_no_signal_to_whoever_is_outside(tree):
    parent = os.getpid()
    assert fenced(grants(tree), lambda: os.kill(parent, 0)) == ["PermissionError"]


@pytest.mark.parametrize(
    ("version", "bits", "size"),
    [
        (1, 13, 8),
        (2, 14, 8),
        (3, 15, 8),
        (4, 15, 16),
        (5, 16, 16),
        (6, 16, 24),
        (7, 16, 24),
        (9, 16, 24),
    ],
)
def test_an_older_kernel_is_asked_for_what_it_knows(monkeypatch, version, bits, size):
    asked = []

    def answer(number, *arguments):
        asked.append((number, arguments))
        return os.open(os.devnull, os.O_RDONLY) if number == landlock._CREATE else 0

    monkeypatch.setattr(landlock, "_call", answer)
    monkeypatch.setattr(landlock, "version", lambda: version)
    landlock.restrict([("/", landlock.OWN), ("/dev/null", landlock.WRITE)])
    (_, (ruleset, told, _)), *rules, _ = asked
    assert ruleset._obj.fs == (1 << bits) - 1
    assert told.value == size
    rights = [rule[1][2]._obj.rights for rule in rules]
    assert rights[0] == landlock.OWN & ((1 << bits) - 1)
    assert rights[1] & ~landlock._OF_FILES == 0
