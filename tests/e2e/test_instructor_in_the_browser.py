"""An instructor in formgrader, in a real browser: Autograde, a mark by hand, feedback."""

import shutil

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.conftest import ROOT, Home
from tests.e2e.jupyter import CHROMIUM, SECOND, browser, jupyterlab, picture
from tests.e2e.nbgrader_class import LAB, Class

STUB = "*Your answer here.*"
# What a student might write to set their own score, by the browser of whoever looks at it.
SCRIPT = "<script>window.ran = 1</script><img src='x' onerror='window.ran = 1'>"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium"),
]


@pytest.fixture
def group(tmp_path, walled) -> Class:
    """Ada has handed in a part of the lab, and answered a question."""
    group = Class(Home(tmp_path))
    group.begin("id,first_name,last_name\nada,Ada,Lovelace\n")
    work = group.folder / "submitted/ada" / LAB
    shutil.copytree(group.folder / "release" / LAB, work)
    for name in ("arithmetic", "broadcasting", "elementwise"):
        shutil.copy(ROOT / "solutions" / LAB / "autograd" / f"{name}.py", work / "autograd")
    notebook = work / f"{LAB}.ipynb"
    before, _, after = notebook.read_text().partition('"grade_id": "fusion"')
    notebook.write_text(
        f'{before}"grade_id": "fusion"{after.replace(STUB, f"Less traffic. {SCRIPT}", 1)}'
    )
    return group


@pytest.fixture
def page(group, tmp_path):
    """Formgrader's list of hand-ins; `page.look` shows another of its pages."""
    settings = tmp_path / "home" / "config_dir"
    settings.mkdir(parents=True)
    shutil.copy(group.folder / "nbgrader_config.py", settings)
    serving = jupyterlab(group.folder.parent, tmp_path / "home", group.env)
    with serving as server, browser() as page:
        page.set_default_timeout(60 * SECOND)
        page.look = lambda path: server.open(page, f"formgrader/{path}")
        page.look(f"manage_submissions/{LAB}")
        yield page


def press(page: Page, button: Locator) -> None:
    """Press a button of formgrader, and close what it says when it is done."""
    button.click()
    done = page.locator("#success-modal button").first
    done.click()
    expect(page.locator("#success-modal")).to_be_hidden()


def test_an_instructor_grades_marks_and_gives_feedback(group, page):
    row = page.locator("tr", has_text="Lovelace")
    press(page, row.locator(".autograde a"))
    expect(row).to_contain_text("needs manual grading")
    expect(row).to_contain_text("14 / 108")
    picture(page, "formgrader-submissions")

    page.look(f"gradebook/{LAB}/{LAB}")
    page.locator("tbody a[href*=submissions]").first.click()
    mark = page.locator("input.score#fusion")
    expect(page.locator("input.score#elementwise")).to_have_attribute("placeholder", "9")
    assert "Less traffic." in page.locator("body").inner_text()
    assert page.evaluate("window.ran") is None
    mark.fill("2.5")
    mark.press("Tab")
    mark.scroll_into_view_if_needed()
    expect(page.locator(".glyphicon-ok.save-icon:visible").first).to_be_visible()
    picture(page, "formgrader-mark")

    page.look(f"manage_submissions/{LAB}")
    row = page.locator("tr", has_text="Lovelace")
    expect(row).to_contain_text("16.5 / 108")
    press(page, row.locator(".generate-feedback a"))
    page.goto((group.folder / "feedback/ada" / LAB / f"{LAB}.html").as_uri())
    expect(page.locator("h1")).to_have_text("An automatic differentiation engine")
    answers = page.locator("#answers")
    expect(answers).to_contain_text("16.5 / 108")
    expect(answers.locator("li", has_text="fusion")).to_contain_text("2.5 / 3")
    expect(answers).to_contain_text("Less traffic.")
    assert page.evaluate("window.ran") is None
    answers.scroll_into_view_if_needed()
    picture(page, "feedback")
    with group.book() as book:
        assert book.find_submission(LAB, "ada").score == 16.5
