"""Looks into every layer of an image, also at what a later layer removed."""

import hashlib
import json
import os
import re
import tarfile
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from autograder.course import load_course
from autograder.course.leaks import find_leaks
from autograder.course.regions import Region, find_regions
from autograder.course.secret import secret_path
from autograder.course.tree import files_under
from tests.images.engine import ROOT, docker

_LONGEST_TEXT = 4 << 20  # bytes; no source of ours is longer
_BASES_WHEELS = re.compile(r"(ensurepip/_bundled|share/python-wheels)/[^/]+\.whl$")
_CONFIGURATION = ("pip.conf", ".netrc", ".pypirc", ".npmrc")
_INDEX = re.compile(r"PIP_[A-Z_]*INDEX\w*|PIP_FIND_LINKS|index-url|find-links")
_PACKED = (".zip", ".tar", ".tar.gz", ".tgz")
_PRIVATE = re.compile(r"TOKEN|SECRET|PASSW|API_?KEY")
_SHORTEST_SECRET = 12  # characters: shorter ones occur by chance
_SHORTEST_NAME = 24  # of a hidden test, for the same reason
_TEST = re.compile(rb"def (test_\w+)")
_CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----\s+(\S+)\s+(\S+)\s+(\S+)")


class Find(NamedTuple):
    """Something that must not be in an image."""

    layer: str
    place: str
    what: str


class Search:
    """Knows what this checkout and this machine keep back."""

    def __init__(self, bundle: Path | None = None, public: Sequence[Path] = ()) -> None:
        """Search also for certificates that are in `bundle` and in none of the `public` ones."""
        known = b"".join(path.read_bytes() for path in public)
        found = _CERTIFICATE.findall(bundle.read_bytes()) if bundle else []
        # The third line is past what certificates of one authority have in common.
        self._certificates = [lines[2] for lines in found if lines[2] not in known]

    def in_files(self, files: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, str]]:
        """Yield each place among `files` that must not be there, and what is wrong with it."""
        sources = {}
        for place, data in files:
            for what in (*_in_name(place), *self.in_bytes(data)):
                yield place, what
            if hashlib.sha256(data).digest() in self._kept_back:
                yield place, "a file of the course"
            if _may_be_source(place, data):
                sources[PurePosixPath(place)] = data
        for leak in find_leaks(sources, self._regions):
            yield leak.place, f"lines of {leak.solution.relative_to(ROOT)}:{leak.line}"

    def in_settings(self, text: str) -> Iterator[str]:
        """Yield what is found in an image's configuration and history."""
        yield from self.in_bytes(text.encode())
        if found := _INDEX.search(text):
            yield f"where packages came from: {found[0]}"

    def in_bytes(self, data: bytes) -> Iterator[str]:
        """Yield what is found in data of any kind; compiled modules keep the names of tests."""
        if found := self._names.search(data):
            yield f"a hidden test: {found[0].decode()}"
        if any(secret in data for secret in self._secrets):
            yield "a secret of this machine"
        if any(line in data for line in self._certificates):
            yield "a certificate of this machine"

    @cached_property
    def _regions(self) -> list[tuple[Path, Region]]:
        paths = [path for path in files_under(ROOT / "solutions").values() if path.suffix == ".py"]
        return [(path, region) for path in paths for region in find_regions(path.read_text(), path)]

    @cached_property
    def _kept_back(self) -> set[bytes]:
        """The digests of files that students do not receive."""
        folders = [
            ROOT / "solutions",
            *ROOT.glob("labs/*/tests/hidden"),
            *ROOT.glob("labs/*/mutants"),
        ]
        return {d for folder in folders for d in _digests(folder)} - _digests(ROOT / "starter")

    @cached_property
    def _names(self) -> re.Pattern[bytes]:
        """The names of hidden tests that no public one has too."""
        hidden = {name for path in ROOT.glob("labs/*/tests/hidden/*.py") for name in _tests(path)}
        public = {name for path in (ROOT / "starter").rglob("*.py") for name in _tests(path)}
        long = (name for name in hidden - public if len(name) >= _SHORTEST_NAME)
        rest = sorted(name.removeprefix(b"test_") for name in long)
        return re.compile(rb"test_(?:%s)\b" % b"|".join(rest))  # a literal first is what is fast

    @cached_property
    def _secrets(self) -> list[bytes]:
        """The course's secret, and what in the environment is called one."""
        path = secret_path(load_course(ROOT).id)
        values = [path.read_text().strip()] if path.is_file() else []
        values += [value for name, value in os.environ.items() if _PRIVATE.search(name)]
        return [value.encode() for value in values if len(value) >= _SHORTEST_SECRET]


def _in_name(place: str) -> Iterator[str]:
    name = PurePosixPath(place).name
    if name in _CONFIGURATION:
        yield "somebody's configuration"
    if name.endswith(".whl") and not _BASES_WHEELS.search(place):
        yield "a wheel"


def _may_be_source(place: str, data: bytes) -> bool:
    return place.endswith(_PACKED) or (len(data) <= _LONGEST_TEXT and b"\0" not in data)


def _digests(folder: Path) -> set[bytes]:
    contents = [path.read_bytes() for path in files_under(folder).values()]
    return {hashlib.sha256(data).digest() for data in contents if data.strip()}


def _tests(path: Path) -> list[bytes]:
    return _TEST.findall(path.read_bytes())


class Saved:
    """Images as `docker save` writes them: each layer once, however many images have it."""

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        """Save the images `names` into `folder`."""
        archive = folder / "images.tar"
        docker("save", "--output", archive, *names)
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")
        archive.unlink()
        self._folder = folder
        self._images = json.loads((folder / "manifest.json").read_text())

    def layers(self, name: str) -> list[str]:
        """Return the layers of the image `name`, the base's first."""
        (layers,) = [each["Layers"] for each in self._images if name in each["RepoTags"]]
        return layers

    def settings(self, name: str) -> str:
        """Return configuration and history of the image `name`."""
        (path,) = [each["Config"] for each in self._images if name in each["RepoTags"]]
        return (self._folder / path).read_text()

    def files(self, layer: str) -> Iterator[tuple[str, bytes]]:
        """Yield name and content of each file in `layer`."""
        with tarfile.open(self._folder / layer) as tar:
            for member in tar:
                if member.isfile() and (file := tar.extractfile(member)) is not None:
                    yield member.name, file.read()

    def find(self, search: Search, layer: str) -> list[Find]:
        """Return all that `search` finds in `layer`."""
        return [Find(layer, *found) for found in search.in_files(self.files(layer))]
