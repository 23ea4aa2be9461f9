"""A box holds a compiler where its lab asks for one, and nothing of it elsewhere."""

import os
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from opened_box import LIMITS, WALLED_OR_NOT

from autograder.box import compilers, layout, toolchain
from autograder.box.base import sandbox
from autograder.box.layout import Bind
from autograder.errors import InfraError
from autograder.model import Needs
from tests.compiled_programs import HELLO, PROBES


@contextmanager
def open_box(name, *asked):
    chosen = sandbox(name)
    if why := chosen.available():
        pytest.skip(why)
    with chosen.open({}, Needs((), PROBES.encode(), compilers=asked)) as box:
        yield lambda probe, *args: box.call(probe, args, {}, LIMITS)


@pytest.fixture(scope="module")
def walled():
    with open_box("namespace", "g++") as call:
        yield call


@pytest.mark.parametrize("name", WALLED_OR_NOT)
def test_a_program_is_compiled_and_run(name):
    with open_box(name, "g++") as call:
        seen = call("hello")
        assert seen.value == HELLO, seen


@pytest.mark.namespace
def test_a_header_that_was_compiled_ahead_is_used(walled):
    assert walled("precompiled").value is True


@pytest.mark.namespace
def test_of_all_programs_the_compilers_alone_are_shown(walled):
    assert sorted(walled("programs").value) == ["as", "g++", "ld"]
    assert walled("there", "/usr/local/include").value == ["/usr/bin/g++", False]


@pytest.mark.namespace
def test_a_lab_that_asks_for_none_has_none():
    parts = [str(part) for part in compilers.gxx().parts]
    with open_box("namespace") as call:
        assert call("there", *parts).value == [None] + [False] * len(parts)


@pytest.mark.namespace
@pytest.mark.parametrize("path", ["/etc/passwd", __file__, "/proc/1/environ"])
def test_a_compiler_reads_what_the_box_shows_and_no_more(walled, path):
    code, said = walled("compiled", f'#include "{path}"\n').value
    assert code == 1
    assert "No such file" in said or "Permission denied" in said


def test_versions_tell_of_it():
    told = sandbox("none").versions(Needs((), b"", compilers=("g++",)))
    assert told["g++"] == compilers.gxx().version
    assert "g++" not in sandbox("none").versions(Needs((), b""))


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A machine whose programs are those in a folder."""
    monkeypatch.setattr(compilers, "_PLACES", str(tmp_path))
    compilers.gxx.cache_clear()
    yield tmp_path
    compilers.gxx.cache_clear()


@pytest.mark.parametrize("name", WALLED_OR_NOT)
def test_without_a_compiler_the_lab_cannot_be_graded_here(name, elsewhere):
    why = r"g\+\+, which is not installed: apt-get install g\+\+"
    with pytest.raises(InfraError, match=why), open_box(name, "g++"):
        pass
    with open_box(name) as call:
        assert call("programs").outcome != "broken", "others can"


def test_a_scratch_folder_where_nothing_runs_is_our_fault(monkeypatch):
    known = os.statvfs("/")
    monkeypatch.setattr(os, "statvfs", lambda folder: _noexec(known))
    with pytest.raises(InfraError, match="without noexec"), open_box("none", "g++"):
        pass
    compilers.check_scratch([], Path("/"))


def _noexec(known):
    return SimpleNamespace(f_flag=known.f_flag | os.ST_NOEXEC)


def _script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("exit 3", "does not work"),
        ("echo nowhere", "finds no as"),
        ('case "$1" in -E) ;; *) echo /bin/true ;; esac', "no folder of headers"),
    ],
)
def test_half_a_compiler_is_none(elsewhere, text, says):
    _script(elsewhere / "g++", text)
    with pytest.raises(InfraError, match=f"{says}.*apt-get install"):
        compilers.gxx()


def test_where_libraries_and_compilers_lie_together_these_are_covered(tmp_path, monkeypatch):
    (tmp_path / "gcc").mkdir()
    monkeypatch.setattr(compilers, "_GCC", str(tmp_path / "gcc"))
    assert compilers.hidden([]) == []
    monkeypatch.setattr(layout, "system", lambda: ([Bind(tmp_path, str(tmp_path))], []))
    assert compilers.hidden([]) == [str(tmp_path / "gcc")]
    assert compilers.hidden(["g++"]) == []


@pytest.mark.parametrize("name", WALLED_OR_NOT)
def test_what_was_built_ahead_is_shown_where_the_variable_says(name, tmp_path, monkeypatch):
    (tmp_path / "toolchain").mkdir()
    (tmp_path / "toolchain" / "part").write_text("built")
    monkeypatch.setattr(toolchain, "folder", lambda parts: tmp_path / "toolchain")
    with open_box(name, "ascendc") as call:
        place = call("variable", toolchain.VARIABLE).value
        assert call("read", f"{place}/part").value == "built"
        assert place == toolchain.TARGET or name == "none"
        assert call("there").value == ["/usr/bin/g++"]
    with open_box(name, "g++") as call:
        assert call("variable", toolchain.VARIABLE).value is None
        assert call("there", toolchain.TARGET).value[1] is False
