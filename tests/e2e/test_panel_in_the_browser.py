"""The course's panel and welcome page in JupyterLab, in a real browser."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from autograder.course import load_course, load_lab
from autograder.course.lab_card import NAME, lab_card
from tests.e2e.conftest import ROOT
from tests.e2e.jupyter import CHROMIUM, SECOND, browser, jupyterlab, picture

LAB = "lab1_autograd"
TITLE = load_lab(ROOT, LAB).title

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium"),
]


@pytest.fixture
def desk(tmp_path):
    """Lab 1 as it is released, with a report that was fetched."""
    desk = Path(shutil.copytree(ROOT / "starter" / LAB, tmp_path / "my labs" / LAB))
    (desk / NAME).write_bytes(lab_card(load_course(ROOT), load_lab(ROOT, LAB)))
    report = desk / "feedback" / "2025-10-20" / f"{LAB}.html"
    report.parent.mkdir(parents=True)
    report.write_text("<h1>Your report</h1>")
    return desk


@pytest.fixture
def page(desk, tmp_path):
    with jupyterlab(desk.parent, tmp_path / "home") as server, browser() as page:
        page.set_default_timeout(60 * SECOND)
        page.goto(server.url("lab"))
        page.locator(".sai-welcome h1").wait_for()
        yield page


def panel(page):
    """Show the side panel, and return it."""
    shown = page.locator(".sai-panel")
    if not shown.is_visible():
        page.get_by_role("tab", name="Labs of the course").click()
    return shown


def test_the_welcome_page_says_what_there_is_and_leads_there(page):
    welcome = page.locator(".sai-welcome")
    expect(welcome.locator("h1")).to_have_text("System for Artificial Intelligence")
    card = welcome.get_by_role("region", name=TITLE)
    expect(card).to_contain_text("0 of 14 exercises pass their public tests.")
    expect(card).to_contain_text("due 1")
    picture(page, "welcome")
    card.get_by_role("button", name="Open the handout").click()
    page.locator(".jp-RenderedMarkdown h1").first.wait_for()


def test_a_damaged_card_costs_its_dates_and_nothing_else(page, desk):
    (desk / NAME).write_text('{"due": "never", "exercises": 5}')
    page.reload()
    card = page.locator(".sai-welcome").get_by_role("region", name=LAB)
    expect(card).to_contain_text("0 of 14 exercises pass their public tests.")
    assert "due" not in card.inner_text()


def test_a_student_checks_mends_and_hands_in_with_the_panel(page, desk):
    lab = panel(page).get_by_role("region", name=TITLE)
    row = lab.locator("tr[data-exercise=broadcast]")
    result = lab.get_by_role("status")
    expect(row).to_contain_text("not checked")
    row.get_by_role("button", name="Check broadcast").click()
    expect(row).to_contain_text("○ to do", timeout=60 * SECOND)
    wider = "panel => panel.scrollWidth > panel.clientWidth"
    assert not panel(page).evaluate(wider), "its buttons are out of sight"
    expect(result).to_contain_text("Look first at:")
    expect(result).to_contain_text("Hint:")

    solution = ROOT / "solutions" / LAB / "autograd"
    wrong = (solution / "elementwise.py").read_text().replace("return (g * (1.0", "return ((1.0")
    (desk / "autograd/elementwise.py").write_text(wrong)
    for name in ("arithmetic", "broadcasting"):
        shutil.copy(solution / f"{name}.py", desk / "autograd")
    row.get_by_role("button").click()
    expect(row).to_contain_text("✓ pass", timeout=60 * SECOND)
    expect(result).to_contain_text("Hidden tests decide the other points.")

    other = lab.locator("tr[data-exercise=elementwise]")
    other.get_by_role("button").click()
    expect(other).to_contain_text("✗ wrong", timeout=60 * SECOND)
    expect(result).to_contain_text("case: tanh")
    picture(page, "panel")

    lab.get_by_role("button", name="Submit").click()
    expect(result).to_contain_text("✓ Packed", timeout=60 * SECOND)
    (archive,) = desk.glob(f"{LAB}-*.zip")
    expect(result).to_contain_text(archive.name)


def test_what_a_check_found_is_there_when_the_page_is_opened_again(page):
    lab = panel(page).get_by_role("region", name=TITLE)
    lab.get_by_role("button", name="Check broadcast").click()
    expect(lab.locator("tr[data-exercise=broadcast]")).to_contain_text("○ to do")
    page.reload()  # which opens the panel as it was left
    row = page.locator(".sai-panel tr[data-exercise=broadcast]")
    expect(row).to_contain_text("○ to do", timeout=60 * SECOND)


def test_the_panel_opens_the_fetched_report(page):
    lab = panel(page).get_by_role("region", name=TITLE)
    lab.get_by_role("button", name="Report").click()
    frame = page.frame_locator("iframe[sandbox]")
    expect(frame.locator("h1")).to_have_text("Your report")
