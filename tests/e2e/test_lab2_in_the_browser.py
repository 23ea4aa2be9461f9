"""Lab 2's notebook in JupyterLab, with the solution's kernels: it runs, and shows counts."""

import shutil
from pathlib import Path

import pytest

from tests.e2e.conftest import ROOT
from tests.e2e.jupyter import CHROMIUM, SECOND, browser, jupyterlab, picture

LAB = "lab2_cuda"
BUSY = '.jp-Notebook-ExecutionIndicator[data-status="busy"]'

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium"),
]


@pytest.fixture
def desk(tmp_path):
    """The lab as a student has it who has solved everything."""
    folder = Path(shutil.copytree(ROOT / "starter" / LAB, tmp_path / "my labs" / LAB))
    shutil.copytree(ROOT / "solutions" / LAB / "kernels", folder / "kernels", dirs_exist_ok=True)
    return folder


def test_it_runs_through_and_shows_what_was_counted(desk, tmp_path):
    home = tmp_path / "home"
    chosen = home / "SETTINGS" / "@jupyterlab/apputils-extension/themes.jupyterlab-settings"
    chosen.parent.mkdir(parents=True)
    chosen.write_text('{"theme": "JupyterLab Dark"}')  # other tests look at the light one
    with jupyterlab(desk.parent, home) as server, browser() as page:
        page.set_default_timeout(60 * SECOND)
        page.goto(server.url(f"lab/tree/{LAB}/{LAB}.ipynb"))
        idle = page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')
        idle.wait_for()
        page.locator(".lm-MenuBar-itemLabel", has_text="Run").first.click()
        page.get_by_text("Run All Cells", exact=True).click()
        page.locator(BUSY).wait_for()
        idle.wait_for(timeout=180 * SECOND)

        seen = errors = 0
        notebook = page.locator(".jp-WindowedPanel-outer").first
        notebook.evaluate("element => element.scrollTo(0, 0)")
        for number in range(60):  # cells that are not on the screen are not in the page
            errors += page.locator('[data-mime-type="application/vnd.jupyter.stderr"]').count()
            shown = page.locator(".labkit").count()
            if shown > 0:
                picture(page, f"lab2-{number:02}")
            seen = max(seen, shown)
            at_end = notebook.evaluate(
                "e => { const was = e.scrollTop; e.scrollBy(0, 700); return e.scrollTop === was }"
            )
            page.wait_for_timeout(250)
            if at_end:
                break
        assert errors == 0
        assert seen > 0
