"""labkit.npu's parts are built once for all boxes of a user, from its sources alone."""

import os
from pathlib import Path

import pytest

from autograder.box import toolchain
from autograder.errors import InfraError

MAIN = """
import os, pathlib, sys
asked, folder = sys.argv[1:]
assert asked == "build-toolchain" and "SECRET" not in os.environ
pathlib.Path(folder).mkdir(mode=0o700)
part = pathlib.Path(folder, "part")
part.write_text("built")
part.chmod(0o700)
pathlib.Path({count!r}).open("a").write("x")
"""


@pytest.fixture
def built(tmp_path, monkeypatch):
    """Builds by a stand-in of labkit.npu; ``built()`` gives folder and how often it was asked."""
    package = tmp_path / "source" / "labkit" / "npu"
    package.mkdir(parents=True)
    (package.parent / "__init__.py").touch()
    (package / "__init__.py").touch()
    count = tmp_path / "count"
    count.touch()
    (package / "__main__.py").write_text(MAIN.format(count=str(count)))
    monkeypatch.setattr(toolchain, "_SOURCE", tmp_path / "source")
    monkeypatch.setattr(toolchain, "_cache", lambda: _made(tmp_path / "cache"))
    monkeypatch.setenv("SECRET", "1")

    def built():
        toolchain.folder.cache_clear()
        return toolchain.folder((Path("/bin/sh"),)), len(count.read_text())

    built.package = package
    yield built
    toolchain.folder.cache_clear()


def _made(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    return folder


def test_it_is_built_once_and_everybody_can_read_it(built):
    folder, count = built()
    assert (folder / "part").read_text() == "built"
    assert count == 1
    assert built() == (folder, 1)
    assert [oct(path.stat().st_mode & 0o777) for path in (folder, folder / "part")] == ["0o755"] * 2


def test_other_sources_make_another_one(built):
    first, _ = built()
    (built.package / "machine.h").write_text("// new")
    second, count = built()
    assert second != first and count == 2
    assert first.is_dir(), "a box may still show it"


def test_those_of_long_ago_go(built):
    folders = []
    for number in range(toolchain._KEPT + 2):
        (built.package / "machine.h").write_text(f"// {number}")
        folders.append(built()[0])
        os.utime(folders[-1], (number, number))
    kept = [folder.is_dir() for folder in folders]
    assert kept == [False] + [True] * (toolchain._KEPT + 1)


def test_what_fails_is_told_and_leaves_nothing(built):
    (built.package / "__main__.py").write_text("raise SystemExit('g++ is too old')")
    with pytest.raises(InfraError, match=r"cannot be built: g\+\+ is too old"):
        built()
    (built.package / "__main__.py").unlink()
    with pytest.raises(InfraError, match="cannot be built"):
        built()
    assert list(toolchain._cache().iterdir()) == []


def test_a_cache_that_others_can_write_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() or 12345)
    place = tmp_path / "autograder" / "toolchain"
    place.mkdir(parents=True)
    os.chown(place, os.geteuid(), -1) if os.getuid() == 0 else None
    assert toolchain._cache() == place
    place.chmod(0o777)
    with pytest.raises(InfraError, match="not this user's alone"):
        toolchain._cache()
