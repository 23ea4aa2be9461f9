import json
import shutil
import subprocess
import sys

import pytest

from autograder.box import compilers, furnish, layout
from autograder.errors import InfraError

UNCHECKED = 0b01  # PEP 552: valid by its hash, which nobody compares


@pytest.fixture(scope="module")
def box(tmp_path_factory):
    """A furnished folder with packages so small that it is quick."""
    folder = tmp_path_factory.mktemp("image") / "box"
    furnish.furnish(folder, ["markdown-it-py", "pluggy"])
    return folder


def test_it_holds_the_driver_labkit_and_mount_points(box):
    modules = {path.stem for path in (box / "driver/autograder/box").glob("*.py")}
    assert modules == {"__init__", *layout.INSIDE}
    assert (box / "labkit/labkit/gpu/machine.py").is_file()
    assert not list((box / "probes").iterdir()) and not list((box / "submission").iterdir())


def test_each_distribution_has_a_folder(box):
    manifest = json.loads((box / "manifest.json").read_text())
    assert sorted(manifest["packages"]) == ["markdown-it-py", "mdurl", "pluggy"]
    assert sorted(path.name for path in (box / "packages").iterdir()) == [*manifest["packages"]]
    assert manifest["packages"]["markdown-it-py"]["closure"] == ["markdown-it-py", "mdurl"]
    assert (box / "packages/mdurl/mdurl/__init__.py").is_file()
    assert manifest["compilers"]["g++"]["versions"] == {"g++": compilers.gxx().version}
    assert set(manifest["compilers"]) == {"g++", "ascendc"}
    assert manifest["schema"] == 1
    assert manifest["platform"]["python"] == ".".join(map(str, sys.version_info[:3]))
    assert manifest["source"] == furnish.source_digest()


def test_all_is_compiled_and_nothing_checks_it_again(box):
    compiled = list(box.glob("driver/autograder/box/__pycache__/*.pyc"))
    assert len(compiled) == len(layout.INSIDE) + 1
    assert compiled[0].read_bytes()[4] == UNCHECKED
    assert b"/box/driver/autograder/box/" in compiled[0].read_bytes()
    assert list(box.glob("packages/pluggy/pluggy/__pycache__/*.pyc"))


def test_the_driver_starts_from_it(box):
    driver = box / "driver/autograder/box/driver.py"
    command = [sys.executable, *layout.ISOLATED, driver, "0,1"]
    done = subprocess.run(command, input=b"", capture_output=True, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_what_is_not_installed_is_named(tmp_path):
    with pytest.raises(InfraError, match="no-such-package"):
        furnish.furnish(tmp_path / "box", ["no-such-package"])
    assert not (tmp_path / "box").exists()


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A copy of our source, which the digest is then taken of."""
    for name in ("autograder", "labkit"):
        shutil.copytree(layout._PACKAGE.parent / name, tmp_path / name)
    monkeypatch.setattr(layout, "_PACKAGE", tmp_path / "autograder")
    return tmp_path


def test_the_digest_is_of_sources_alone(copy, monkeypatch):
    digest = furnish.source_digest()
    for pyc in copy.rglob("*.pyc"):
        pyc.unlink()
    (copy / "labkit/.editor").write_text("left")
    (copy / "autograder/box/none.py").write_text("not in a box")
    assert furnish.source_digest() == digest


@pytest.mark.parametrize("name", ["autograder/box/child.py", "labkit/panel/card.py"])
def test_the_digest_tells_a_change(copy, name):
    digest = furnish.source_digest()
    (copy / name).write_text((copy / name).read_text() + "\n")
    assert furnish.source_digest() != digest


def test_the_digest_tells_a_new_name(copy):
    digest = furnish.source_digest()
    (copy / "labkit/vector.py").rename(copy / "labkit/other.py")
    assert furnish.source_digest() != digest
