"""No layer of an image that is given away holds what the course keeps back, deleted or not."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.images.engine import ROOT, docker, missing, name
from tests.images.layers import Saved, Search

pytestmark = [pytest.mark.slow]

GIVEN_AWAY = [image for image in ("lab", "runner-cpu", "runner-cuda", "runner-ascend")]
_CERTIFICATES = ("PIP_CERT", "SSL_CERT_FILE")


def bundle() -> Path | None:
    named = [Path(value) for value in map(os.environ.get, _CERTIFICATES) if value]
    return next((path for path in named if path.is_file()), None)


@pytest.fixture(scope="module")
def search() -> Search:
    certifi = pytest.importorskip("certifi")
    packaged = Path("/usr/share/ca-certificates").rglob("*.crt")  # Debian's, which all have
    return Search(bundle(), [Path(certifi.where()), *packaged])


@pytest.fixture(scope="module")
def saved() -> Iterator[Saved]:
    there = [name(image) for image in GIVEN_AWAY if not missing(image)]
    with TemporaryDirectory() as folder:  # gigabytes: nothing to keep
        yield Saved(Path(folder), there)


@pytest.fixture(scope="module")
def found_in(saved, search):
    """Return a function that searches a layer, each once."""
    known = {}

    def find(layer):
        if layer not in known:
            known[layer] = saved.find(search, layer)
        return known[layer]

    return find


@pytest.mark.parametrize("image", GIVEN_AWAY)
def test_no_layer_holds_what_is_kept_back(image, built, request):
    built(image)
    saved, find = request.getfixturevalue("saved"), request.getfixturevalue("found_in")
    layers = saved.layers(name(image))
    assert len(layers) > 2
    assert [found for layer in layers for found in find(layer)] == []


@pytest.mark.parametrize("image", GIVEN_AWAY)
def test_no_setting_tells_where_it_was_built(image, built, request):
    built(image)
    settings = request.getfixturevalue("saved").settings(name(image))
    assert "org.opencontainers.image.revision" in settings
    assert list(request.getfixturevalue("search").in_settings(settings)) == []


PLANTED = """
FROM {base}
USER 0:0
COPY . /planted
RUN ["python3", "-c", "import shutil; shutil.rmtree('/planted')"]
ENV PIP_INDEX_URL=https://packages.invalid/simple
"""


@pytest.fixture
def leaky(built, tmp_path):
    """An image in which what is kept back was put, and then deleted."""
    built("runner-cpu")
    (tmp_path / "Dockerfile").write_text(PLANTED.format(base=name("runner-cpu")))
    hidden = ROOT / "labs/lab1_autograd/tests/hidden/test_engine.py"
    solved = (ROOT / "solutions/lab1_autograd/autograd/engine.py").read_text()
    (tmp_path / "leftover.pyc").write_bytes(b"\0" + hidden.read_bytes())
    (tmp_path / "edited.py").write_text("# mine\n" + solved)
    (tmp_path / "mutant.txt").write_bytes(next(ROOT.glob("labs/*/mutants/*.toml")).read_bytes())
    (tmp_path / "pip.conf").write_text("[global]\n")
    (tmp_path / "some-1.0-py3-none-any.whl").write_bytes(b"")
    (tmp_path / "env.txt").write_text("a token of this test alone")
    image = f"{name('runner-cpu').partition(':')[0]}-leaky:{uuid.uuid4().hex[:8]}"
    docker("build", "--quiet", "--network", "none", "--tag", image, tmp_path)
    yield image
    docker("rmi", "--no-prune", image)


@pytest.fixture
def images(leaky) -> Iterator[Saved]:
    with TemporaryDirectory() as folder:
        yield Saved(Path(folder), [leaky])


def test_the_search_finds_what_was_planted_in_a_deleted_layer(leaky, images, monkeypatch):
    monkeypatch.setenv("SOME_TOKEN", "a token of this test alone")
    search = Search()
    planted, emptied = images.layers(leaky)[-2:]
    assert images.find(search, emptied) == []
    found = {
        (Path(place).name.partition(":")[0], what)
        for _, place, what in images.find(search, planted)
    }
    told = {place: what for place, what in found}
    assert told["leftover.pyc"].startswith("a hidden test: ")
    assert told["edited.py"].startswith("lines of solutions/lab1_autograd/autograd/engine.py")
    assert told["mutant.txt"] == "a file of the course"
    assert told["pip.conf"] == "somebody's configuration"
    assert told["some-1.0-py3-none-any.whl"] == "a wheel"
    assert told["env.txt"] == "a secret of this machine"
    assert list(search.in_settings(images.settings(leaky))) == [
        "where packages came from: PIP_INDEX_URL"
    ]


def test_the_search_finds_a_certificate_of_this_machine(tmp_path):
    lines = "\n".join(f"{number:064d}" for number in range(9))
    mine = tmp_path / "mine.pem"
    mine.write_text(f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n")
    data = b"x" + mine.read_bytes()
    assert list(Search(mine).in_bytes(data)) == ["a certificate of this machine"]
    assert list(Search(mine, [mine]).in_bytes(data)) == []
