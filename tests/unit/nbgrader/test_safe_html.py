"""A written answer is shown to people who may set scores: nothing in it may run."""

import pytest
from nbconvert.filters.markdown import markdown2html

from autograder.nbgrader.safe_html import safe_markdown2html

ATTACKS = {
    "script": ("<script>steal()</script>", "<script"),
    "handler": ('<img src="x" onerror="steal()">', "<img src=\"x\" onerror"),
    "frame": ('<iframe src="//x"></iframe>', "<iframe"),
    "link": ("[look](javascript:steal())", 'href="javascript:'),
    "disguised link": ("[look](java&#115;cript:steal())", 'href="java'),
    "picture": ('<svg onload="steal()"></svg>', "<svg onload"),
    "name": ("# fusion", 'id="fusion"'),
    "form": ('<form action="/formgrader/api/x"><input></form>', "<form"),
}  # fmt: skip


@pytest.mark.parametrize(("source", "danger"), ATTACKS.values(), ids=ATTACKS)
def test_what_runs_on_nbgraders_own_page_does_not_run_on_ours(source, danger):
    assert danger in markdown2html(source)
    assert danger not in safe_markdown2html(source)


def test_what_people_write_is_shown():
    html = safe_markdown2html("**Because** `a < b`:\n\n- one\n- $x_1 < 2$\n\n[site](https://x.org)")
    assert "<p><strong>Because</strong>" in html
    assert safe_markdown2html("# Why").startswith("<h1>Why")
    assert "a &lt; b" in html
    assert "<li>one</li>" in html
    assert 'href="https://x.org"' in html
    assert "x_1" in html
