"""A driver finds what an image holds, and places only what belongs to a box."""

import json
import os

import pytest

from autograder.box import furnished
from autograder.box.furnished import find, place, processor

# One that this process may give a file to, and that no file has of itself.
OTHER_GROUP = 600_000 if os.geteuid() == 0 else os.getegid()


@pytest.fixture
def image(tmp_path):
    """A furnished folder with two packages, of which one requires the other."""
    packages = {
        "numpy": {"version": "2.0", "closure": ["numpy"]},
        "torch": {"version": "3.0", "closure": ["numpy", "torch"]},
    }
    for name in packages:
        (tmp_path / "packages" / name).mkdir(parents=True)
    for name in ("probes", "submission"):
        (tmp_path / name).mkdir()
    manifest = {
        "schema": 1,
        "platform": {"python": "3.11"},
        "source": "sha256:1",
        "packages": packages,
        "compilers": {"g++": {"versions": {"g++": "12.2"}, "parts": [str(tmp_path / "g++")]}},
    }
    manifest["compilers"]["ascendc"] = {**manifest["compilers"]["g++"], "processor": processor()}
    (tmp_path / "g++").touch()
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    return tmp_path


def test_what_a_package_requires_comes_along(image):
    found = find(["torch"], box=image)
    assert found.path == [str(image / "packages" / name) for name in ("numpy", "torch")]
    assert found.groups == [image.stat().st_gid]
    assert found.told["versions"] == {"python": "3.11", "torch": "3.0"}


def test_what_no_lab_asked_for_does_not(image):
    assert find(["numpy"], box=image).path == [str(image / "packages/numpy")]
    assert find([], box=image).path == []


def test_a_package_that_is_not_there_is_named(image):
    with pytest.raises(ValueError, match="no package scipy, jax"):
        find(["scipy", "numpy", "jax"], box=image)


def test_a_compiler_opens_what_belongs_to_its_group(image):
    os.chown(image / "g++", -1, OTHER_GROUP)
    found = find([], ["g++"], image)
    assert (found.path, found.groups) == ([], [OTHER_GROUP])
    assert found.told["versions"] == {"python": "3.11", "g++": "12.2"}
    assert find([], (), image).groups == []


def test_a_compiler_that_is_not_there_is_named(image):
    with pytest.raises(ValueError, match="no compiler clang"):
        find([], ["g++", "clang"], image)


def test_what_was_built_for_another_processor_is_not_used(image, monkeypatch):
    monkeypatch.setattr(furnished, "processor", lambda: "vax")
    find([], ["g++"], image)
    with pytest.raises(ValueError, match=r"ascendc is for .*, and this is vax"):
        find([], ["ascendc"], image)


def test_files_are_placed_below_their_folders(image):
    place({"submission/deep/a.py": b"1", "probes/probes.py": b"2"}, image)
    assert (image / "submission/deep/a.py").read_bytes() == b"1"
    assert (image / "probes/probes.py").read_bytes() == b"2"


@pytest.mark.parametrize(
    "name", ["/etc/passwd", "a.py", "packages/numpy/x", "submission/../x", "../x/y", "submission"]
)
def test_nothing_is_placed_elsewhere(image, name):
    with pytest.raises(ValueError, match="nothing may be placed"):
        place({name: b""}, image)
