"""A student in JupyterLab, in a real browser: opens Lab 1, fails a check, mends it, hands in."""

import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import ROOT
from tests.e2e.jupyter import CHROMIUM, SECOND, browser, jupyterlab, picture

LAB = "lab1_autograd"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium"),
]


def run(page: Page, source: str) -> Locator:
    """Run the first code cell that holds `source`, and return it once the kernel has begun."""
    cell = page.locator(".jp-CodeCell", has_text=source).first
    prompt = cell.locator(".jp-InputPrompt")
    cell.scroll_into_view_if_needed()
    before = prompt.inner_text()
    for _ in range(5):  # a key pressed while Lab is still busy with itself is lost
        cell.locator(".cm-content").click()
        page.keyboard.press("Control+Enter")
        try:
            expect(prompt).not_to_have_text(before, timeout=5 * SECOND)
        except AssertionError:
            continue
        return cell
    raise AssertionError(f"{source} did not run")


def look(page: Page, shown: Locator, name: str) -> None:
    """Bring `shown` into the middle, and keep a picture."""
    shown.evaluate("element => element.scrollIntoView({block: 'center'})")
    picture(page, name)


@pytest.fixture
def desk(tmp_path):
    return Path(shutil.copytree(ROOT / "starter" / LAB, tmp_path / "my labs" / LAB))


@pytest.fixture
def page(desk, tmp_path):
    """The lab's notebook, open, its kernel idle."""
    with jupyterlab(desk.parent, tmp_path / "home") as server, browser() as page:
        page.set_default_timeout(60 * SECOND)
        page.goto(server.url(f"lab/tree/{LAB}/{LAB}.ipynb"))
        page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for()
        yield page


def test_a_student_checks_mends_and_hands_in(page, desk):
    run(page, "load_ext labkit")
    run(page, "from labkit.notebook import")
    cell = run(page, "%check broadcast")
    shown = cell.locator(".labkit")
    shown.locator("td.missing", has_text="missing").wait_for()
    assert "2 of 2 public points are at stake" in shown.inner_text()
    assert "autograd/broadcasting.py" in shown.inner_text()
    look(page, shown, "check-missing")

    solution = ROOT / "solutions" / LAB / "autograd"
    shutil.copy(solution / "broadcasting.py", desk / "autograd")
    run(page, "%check broadcast")
    shown.locator("p.pass", has_text="All public tests pass").wait_for()

    wrong = (solution / "elementwise.py").read_text().replace("return (g * (1.0", "return ((1.0")
    (desk / "autograd/elementwise.py").write_text(wrong)
    shutil.copy(solution / "arithmetic.py", desk / "autograd")
    shown = run(page, "%check elementwise").locator(".labkit")
    shown.locator("td.lost", has_text="wrong").wait_for()
    assert "case: tanh" in shown.inner_text()
    assert "Hint: The upstream gradient times the derivative." in shown.inner_text()
    look(page, shown, "check-wrong")

    shown = run(page, "%submit").locator(".labkit")
    shown.locator("p", has_text="Packed ").wait_for()
    (archive,) = desk.glob(f"{LAB}-*.zip")
    assert archive.name in shown.inner_text()
