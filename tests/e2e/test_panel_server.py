"""What the panel's side of a real Jupyter server answers, asked without a browser."""

import json
import shutil
import threading
import time
import urllib.error
import urllib.request
from http.cookiejar import CookieJar
from pathlib import Path

import pytest

from autograder.course import load_course, load_lab
from autograder.course.lab_card import NAME, lab_card
from tests.e2e.conftest import ROOT
from tests.e2e.jupyter import jupyterlab

LAB = "lab1_autograd"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = tmp_path_factory.mktemp("panel")
    shutil.copytree(ROOT / "starter" / LAB, place / "my labs" / LAB)
    shutil.copytree(ROOT / "starter" / LAB, place / "elsewhere" / LAB)
    (place / "my labs/link").symlink_to(place / "elsewhere" / LAB)
    (place / f"my labs/{LAB}/{NAME}").write_bytes(lab_card(load_course(ROOT), load_lab(ROOT, LAB)))
    return place


@pytest.fixture(scope="module")
def server(place):
    with jupyterlab(place / "my labs", place / "home") as server:
        yield server


def ask(server, what, body=None, logged_in=True):
    """Return the code and the lines of JSON of an answer."""
    url = server.url(f"labkit/{what}")
    if not logged_in:
        url = bare(url)
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data)
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, [json.loads(line) for line in answer]
    except urllib.error.HTTPError as error:
        return error.code, [json.loads(error.read())]


def test_labs_are_listed_with_points_and_dates(server):
    status, (answer,) = ask(server, "labs")
    (lab,) = answer["labs"]
    assert status == 200
    assert lab["path"] == LAB
    assert lab["due"] == "2025-10-16T23:59:59+08:00"
    assert [e["points"] for e in lab["exercises"] if e["id"] == "engine"] == [12.0]
    assert lab["handout"] == f"{LAB}/README.md"
    assert lab["report"] is None


def test_a_check_tells_each_test_as_it_ends_and_then_all(server, place):
    status, lines = ask(server, "check", {"path": LAB, "exercise": "broadcast"})
    *events, last = lines
    assert status == 200
    assert events[0] == {"tests": len(events) - 1}
    assert last["document"]["passed"] is False
    found = json.loads((place / "my labs" / LAB / ".labkit/last-check.json").read_text())
    assert list(found) == ["broadcast"]
    assert found["broadcast"]["outcome"] == "missing"


def test_a_check_that_cannot_run_says_why(server):
    _, lines = ask(server, "check", {"path": LAB, "exercise": "broadcats"})
    assert "did you mean" in lines[-1]["error"]


@pytest.mark.parametrize("path", ["../elsewhere/lab1_autograd", "link", "nothing", "", None, 7])
@pytest.mark.parametrize("verb", ["check", "submit"])
def test_what_is_not_listed_is_not_touched(server, verb, path):
    status, (answer,) = ask(server, verb, {"path": path})
    assert status == 404
    assert "refresh the panel" in answer["message"]


@pytest.mark.parametrize("verb", ["check", "submit"])
def test_a_stranger_is_sent_away(server, place, verb):
    assert ask(server, "labs", logged_in=False)[0] == 403
    page = Page(server, logged_in=False)
    assert page.post(verb, page.token) == 403


@pytest.mark.parametrize("verb", ["check", "submit"])
def test_another_site_cannot_ask_in_a_students_name(server, verb):
    page = Page(server)
    assert page.post(verb, "") == 403
    assert page.post(verb, page.token, path="nothing") == 404  # with the token it is heard


class Page:
    """A browser's cookies, of somebody who is logged in or has only seen the login page."""

    def __init__(self, server, logged_in=True):
        self._server = server
        self._cookies = CookieJar()
        self._open = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self._cookies)
        ).open
        self._open(server.url("lab") if logged_in else bare(server.url("login"))).close()

    @property
    def token(self):
        return next(cookie.value for cookie in self._cookies if cookie.name == "_xsrf")

    def post(self, verb, token, path=LAB):
        """Return the code of the answer, to a request whose only proof are the cookies."""
        body = json.dumps({"path": path}).encode()
        headers = {"X-XSRFToken": token}
        url = bare(self._server.url(f"labkit/{verb}"))
        try:
            with self._open(urllib.request.Request(url, body, headers), timeout=60) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            return error.code


def bare(url):
    """Return `url` without the token that logs in."""
    return url.partition("?")[0]


def test_a_lab_is_checked_once_at_a_time_and_the_server_goes_on(server, place):
    engine = place / "my labs" / LAB / "autograd" / "__init__.py"
    before = engine.read_text()
    engine.write_text(f"import time\n\ntime.sleep(1)\n{before}")
    first = threading.Thread(target=ask, args=(server, "check", {"path": LAB}))
    first.start()
    try:
        second, (answer,) = until_it_is_not(400, server)
        assert ask(server, "labs")[0] == 200
    finally:
        engine.write_text(before)
    assert second == 409
    assert "wait for it to end" in answer["message"]
    first.join()


def until_it_is_not(status, server):
    """Ask for a check that makes no sense, until the answer is another."""
    deadline = time.monotonic() + 30
    while (answer := ask(server, "check", {"path": LAB, "exercise": 1}))[0] == status:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return answer


def test_who_leaves_ends_the_check(server, place):
    engine = place / "my labs" / LAB / "autograd" / "__init__.py"
    before = engine.read_text()
    engine.write_text(f"import time\n\ntime.sleep(600)\n{before}")
    try:
        request = urllib.request.Request(
            server.url("labkit/check"), json.dumps({"path": LAB}).encode()
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert json.loads(answer.readline()).keys() == {"tests"}
    finally:
        engine.write_text(before)
    status, _ = until_it_is_not(409, server)
    assert status == 400


def test_a_hand_in_is_packed_in_the_labs_folder(server, place):
    status, (answer,) = ask(server, "submit", {"path": LAB})
    assert status == 200
    assert Path(answer["zip"]).parent == place / "my labs" / LAB
    assert answer["digest"].startswith("sha256:")
