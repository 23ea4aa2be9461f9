"""A class under JupyterHub: students fetch and submit, the instructor collects in formgrader."""

import os
import subprocess
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accounts import of
from tests.e2e.hub import COURSE, LAB, Hub, Site, jupyterhub
from tests.e2e.jupyter import CHROMIUM, SECOND, browser, picture

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium"),
]
ROOT_ONLY = "starts servers in other accounts, which only root may"
SPAWNERS = [
    pytest.param(
        "local", marks=[pytest.mark.root, pytest.mark.skipif(os.getuid() != 0, reason=ROOT_ONLY)]
    ),
    "simple",
]


@pytest.fixture(scope="module", params=SPAWNERS)
def site(request, tmp_path_factory, walled) -> Site:
    site = Site(tmp_path_factory.mktemp("hub"), request.param)
    site.release()
    return site


@pytest.fixture(scope="module")
def hub(site) -> Iterator[Hub]:
    with jupyterhub(site) as hub:
        yield hub


@pytest.fixture(scope="module")
def pages(hub) -> Iterator[dict[str, Page]]:
    """Everybody's browser, logged in."""
    with browser() as first:
        pages = {}
        for name in ("ada", "bob", "ines"):
            pages[name] = first.context.browser.new_context(
                viewport={"width": 1280, "height": 900}
            ).new_page()
            hub.enter(pages[name], name)
        yield pages


@pytest.fixture(scope="module")
def handed_in(hub, pages, site) -> None:
    """Two students fetched the lab; one submitted it by the list, the other by the panel."""
    course = {"course_id": COURSE, "assignment_id": LAB}
    for name in ("ada", "bob"):
        hub.post(pages[name], name, "assignments/fetch", form=course)
        assert (site.homes / name / LAB / f"{LAB}.ipynb").exists()
    hub.post(pages["ada"], "ada", "assignments/submit", form=course)
    told = hub.post(pages["bob"], "bob", "labkit/submit", data={"path": LAB})
    assert told["exchange"]["course"] == COURSE
    if site.spawner == "local":
        with (site.homes / "ada" / LAB / "autograd/engine.py").open("a") as file:
            file.write("# ada's\n")
        site.student("ada", "nbgrader", "submit", LAB, "--student=bob")


def test_what_is_in_the_exchange_bears_the_students_name_and_is_theirs(handed_in, site):
    inbound = (site.exchange / COURSE / "inbound").iterdir()
    owners = [(path.name.partition("+")[0], path.stat().st_uid) for path in inbound]
    assert {(name, site.uid(name)) for name in ("ada", "bob")} <= set(owners)
    if site.spawner == "local":  # ada's second one bears another's name, but not another's owner
        assert ("bob", site.uid("ada")) in owners


def test_a_student_cannot_take_the_course_out_of_the_exchange(handed_in, site):
    if site.spawner == "simple":
        pytest.skip("one account owns everything")
    course = site.exchange / COURSE
    command = [*site.everybody(), *of(site.uid("ada")), "mv", str(course), f"{course}-gone"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert "not permitted" in done.stderr
    assert course.is_dir()


def test_formgrader_is_there_for_the_instructor_only(hub, pages):
    assert hub.get(pages["ines"], "ines", "formgrader/").status == 200
    assert hub.get(pages["ada"], "ada", "formgrader/").status == 404
    assert hub.get(pages["ada"], "ines", "formgrader/").status == 403
    menu = "@jupyter/nbgrader:formgrader"
    assert menu in hub.switched_off(pages["ada"], "ada")
    assert menu not in hub.switched_off(pages["ines"], "ines")


def test_the_instructor_collects_in_jupyterlab_and_nothing_under_a_false_name(
    site, pages, handed_in
):
    page = pages["ines"]
    page.goto(page.url.replace("api/status", "lab?reset"))
    page.get_by_role("menuitem", name="Nbgrader").click()
    page.get_by_text("Formgrader", exact=True).click()
    frame = page.frame_locator("iframe[src*=formgrader]")
    row = frame.locator("tr", has_text=LAB)
    row.locator(".collect a").click()
    frame.locator("#success-modal button").first.click()
    expect(row.locator(".num-submissions")).to_have_text("2", timeout=60 * SECOND)
    row.locator(".num-submissions a").click()
    for student in ("Lovelace", "Kahn"):
        expect(frame.locator("tr", has_text=student)).to_contain_text("needs autograding")
    picture(page, "formgrader-hub")
    collected = site.grading / "submitted/bob" / LAB / "autograd/engine.py"
    assert "# ada's" not in collected.read_text()
