"""The image `lab` in a browser: a student opens Lab 1 and checks it, untouched as it is."""

import time
import urllib.error
import urllib.request
import uuid

import pytest
from playwright.sync_api import expect

from tests.e2e.jupyter import CHROMIUM, SECOND, TOKEN, Server, browser, free_port
from tests.e2e.test_student_in_the_browser import run
from tests.images.engine import ROOT, docker, name

LAB = "lab1_autograd"
_PATIENCE = 90  # seconds

pytestmark = [pytest.mark.slow]


@pytest.fixture
def container(built):
    """The name of a running container, its server on a free port of this machine."""
    built("lab")
    label = f"lab-{uuid.uuid4().hex[:8]}"
    port = free_port()
    walls = ("--cap-drop", "ALL", "--security-opt", "no-new-privileges")
    options = (
        "--name",
        label,
        "--publish",
        f"127.0.0.1:{port}:8888",
        "--env",
        f"JUPYTER_TOKEN={TOKEN}",
    )
    docker("run", "--detach", *walls, *options, name("lab"))
    try:
        server = Server(port)
        deadline = time.monotonic() + _PATIENCE
        while not server.answers():
            assert time.monotonic() < deadline, docker("logs", label)
            time.sleep(0.3)
        yield label, server
    finally:
        docker("rm", "--force", "--volumes", label)


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium")
def test_a_student_checks_the_starter(container):
    _, server = container
    with browser() as page:
        page.set_default_timeout(60 * SECOND)
        page.goto(server.url(f"lab/tree/{LAB}/{LAB}.ipynb"))
        page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for()
        run(page, "load_ext labkit")
        run(page, "from labkit.notebook import")
        shown = run(page, "%check broadcast").locator(".labkit")
        expect(shown.locator("td.missing", has_text="missing").first).to_be_visible()
        assert "2 of 2 public points are at stake" in shown.inner_text()


def test_every_lab_is_there_as_students_receive_it(container):
    label, _ = container
    for starter in sorted((ROOT / "starter").iterdir()):
        given = docker("exec", label, "cat", f"{starter.name}/README.md")
        assert given == (starter / "README.md").read_text()
    assert docker("exec", label, "id", "--user") == "1000\n"


def test_what_a_student_wrote_is_kept(container):
    label, _ = container
    docker("exec", label, "sh", "-c", f"echo mine >{LAB}/README.md && rm -r lab2_cuda")
    docker("restart", "--time", "1", label)
    deadline = time.monotonic() + _PATIENCE
    there = (
        "exec",
        label,
        "sh",
        "-c",
        "test -e lab2_cuda/README.md && cat lab1_autograd/README.md",
    )
    while (kept := docker(*there, code=None)) != "mine\n":
        assert time.monotonic() < deadline, kept
        time.sleep(0.3)


def test_a_student_has_no_instructors_pages(container):
    _, server = container
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(server.url("formgrader"), timeout=30)
