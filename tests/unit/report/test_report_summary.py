"""The Markdown of a batch is one table, whatever students call themselves."""

from dataclasses import replace

import pytest
from markdown_it import MarkdownIt
from report_samples import LAB, batch_rows, row

from autograder.model import Status
from autograder.report import summary_markdown

HOSTILE = [
    "a|b", "<script>alert(1)</script>", "[x](http://evil)", "`code`", "*b*\n\n# heading", "a\\|b",
    "![i](x)", "&lt;", "~~x~~", "www.evil.org", "--- | ---",
]  # fmt: skip


def rows_of(text: str) -> list[list[str]]:
    """The cells of the only table in `text`, as a Markdown reader sees them."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    kinds = [token.type for token in tokens]
    assert kinds.count("table_open") == 1
    assert "html_block" not in kinds
    assert kinds.count("heading_open") == 1
    rows: list[list[str]] = []
    for token, before in zip(tokens[1:], kinds, strict=False):
        if token.type == "tr_open":
            rows.append([])
        if before in {"td_open", "th_open"}:
            assert {child.type for child in token.children or []} <= {"text", "text_special"}
            rows[-1].append("".join(child.content for child in token.children or []))
    return rows


def test_one_line_per_row_and_one_column_per_exercise() -> None:
    head, *rows = rows_of(summary_markdown(LAB, batch_rows()))
    assert head[:4] == ["Student", "Attempt", "Score", "Status"]
    assert len(head) == 4 + len(LAB.exercises)
    assert len(rows) == len(batch_rows())
    assert rows[0][:5] == ["ada", "2", "16.5 / 36", "graded", "3 / 6"]
    assert rows[-1][2:5] == ["—", "broken", "—"]
    assert rows[4][2] == "36 / 36 + 5"


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_in_its_cell(name: str) -> None:
    text = summary_markdown(LAB, [row(name), row("x", status=Status.REJECTED, reason=name)])
    _, first, second = rows_of(text)
    assert first[0] == " ".join(name.split())
    assert second[3] == f"rejected: {' '.join(name.split())}"
    assert len(first) == len(second) == 4 + len(LAB.exercises)


def test_a_title_is_escaped_too_and_no_rows_are_no_error() -> None:
    text = summary_markdown(replace(LAB, title="A <b> lab"), [])
    assert text.startswith("### A \\<b\\> lab\n")
    assert "No submission was graded." in text
