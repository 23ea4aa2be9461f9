"""What `%check` and `%submit` show: progress, then a table, then what to look at first."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from labkit.notebook.picture import ROLES

Report = Mapping[str, Any]

# The class twice: stronger than JupyterLab's own rules for tables and code.
_STYLE = f"""<style>
.labkit {{ font-size: var(--jp-content-font-size1, 14px); max-width: 62em; }}
.labkit {{ color: {ROLES["ink"]}; }}
.labkit.labkit table {{ border-collapse: collapse; margin: 0.3em 0; }}
.labkit.labkit th, .labkit.labkit td {{ text-align: left; padding: 0.15em 1em 0.15em 0; }}
.labkit.labkit th, .labkit.labkit td, .labkit.labkit tr {{ border: 0; background: none; }}
.labkit.labkit .n {{ text-align: right; font-variant-numeric: tabular-nums; }}
.labkit.labkit .pass {{ color: {ROLES["good"]}; }}
.labkit.labkit .lost {{ color: {ROLES["backward"]}; }}
.labkit.labkit .missing {{ color: {ROLES["soft"]}; }}
.labkit.labkit pre {{ background: {ROLES["box"]}; padding: 0.4em 0.8em; white-space: pre-wrap; }}
.labkit.labkit pre {{ font-family: var(--jp-code-font-family, monospace); }}
.labkit progress {{ width: 20em; accent-color: {ROLES["forward"]}; }}
</style>"""
_MARKS = {"pass": "✓", "missing": "○"}  # else a cross: colour alone tells nobody enough


class Shown:
    """HTML for a notebook, and text for a terminal."""

    def __init__(self, html: str, text: str) -> None:
        """Show `html`, or `text` where there is no HTML."""
        self._html, self._text = html, text

    def __repr__(self) -> str:
        """What a terminal shows."""
        return self._text

    def _repr_html_(self) -> str:
        return f'{_STYLE}<div class="labkit">{self._html}</div>'


def progress(done: int, total: int | None) -> Shown:
    """Show how many tests have ended."""
    if total is None:
        return Shown("<progress aria-label='starting'></progress> starting", "starting")
    said = f"{done} of {total} tests"
    return Shown(f"<progress value={done} max={total or 1}></progress> {said}", said)


def result(document: Mapping[str, Any]) -> Shown:
    """Show what `autograder check` found."""
    reports = document["tests"]
    failing = document["first"]
    rows = [_row(id, reports) for id in dict.fromkeys(r["exercise"] for r in reports)]
    points = sum(report["points"] for report in reports)
    lost = sum(report["points"] for report in reports if report["outcome"] != "pass")
    stake = f"{lost:g} of {points:g} public points are at stake; hidden tests decide the others."
    html = f"<table><tr>{_head()}</tr>{''.join(row for row, _ in rows)}</table>"
    text = "\n".join(line for _, line in rows)
    if failing is None:
        said = "All public tests pass. Hidden tests decide the other points."
        return Shown(f"{html}<p class='pass'>{said}</p>", f"{text}\n{said}")
    html += f"<p>{stake}</p>{''.join(_explained(failing))}"
    return Shown(html, f"{text}\n{stake}\n{_in_words(failing)}")


def refused(message: str) -> Shown:
    """Show why a verb could not do its work."""
    return Shown(f"<pre class='lost'>{escape(message)}</pre>", message)


def receipt(document: Mapping[str, Any]) -> Shown:
    """Show what `autograder submit` packed, and whether it is handed in."""
    name = str(document["zip"]).rpartition("/")[2]
    text = f"{document['zip']}\n{document['digest']}\n{document['receipt']}"
    html = f"<p>Packed {len(document['files'])} files as <b>{escape(name)}</b>.</p>"
    keep = "Hand the zip in, and keep it"
    if exchange := document.get("exchange"):
        said = f"Handed in to course {exchange['course']} at {exchange['time']}."
        html += f"<p class='pass'>✓ {escape(said)}</p>"
        text, keep = f"{text}\n{said}", "Keep the zip"
    html += (
        f"<pre>{escape(document['digest'])}</pre>"
        f"<p>{keep} with its receipt, {escape(str(document['receipt']))}: "
        "your report names the same digest.</p>"
    )
    return Shown(html, text)


def _head() -> str:
    return "<th>exercise</th><th class='n'>tests</th><th class='n'>public points</th><th></th>"


def _row(exercise: str, reports: Sequence[Report]) -> tuple[str, str]:
    mine = [report for report in reports if report["exercise"] == exercise]
    passed = sum(report["outcome"] == "pass" for report in mine)
    outcome = next((r["outcome"] for r in mine if r["outcome"] != "pass"), "pass")
    earned = sum(report["points"] for report in mine if report["outcome"] == "pass")
    points = sum(report["points"] for report in mine)
    mark = _MARKS.get(outcome, "✗")
    cells = f"<td>{escape(exercise)}</td><td class='n'>{passed}/{len(mine)}</td>"
    cells += f"<td class='n'>{earned:g}/{points:g}</td>"
    style = outcome if outcome in _MARKS else "lost"
    text = f"{mark} {exercise}: {passed} of {len(mine)} tests, {outcome}"
    return f"<tr>{cells}<td class='{style}'>{mark} {outcome}</td></tr>", text


def _explained(report: Report) -> Iterator[str]:
    if not report["began"]:
        yield "<p><b>Your files cannot be imported, so no test can begin.</b></p>"
        yield f"<pre>{escape(_what(report))}</pre>"
        return
    yield f"<p>Look first at: <b>{escape(report['title'])}</b></p><pre>"
    if report["case"]:
        yield escape(f"case: {report['case']}\n")
    for name, value in report["inputs"].items():
        yield escape(_hanging(f"{name} = ", value)) + "\n"
    yield f"{escape(_what(report))}</pre>"
    if report["hint"]:
        yield f"<p>Hint: {escape(report['hint'])}</p>"


def _hanging(head: str, text: str) -> str:
    """Put `text` after `head`, its further lines below its first."""
    return head + text.replace("\n", "\n" + " " * len(head))


def _in_words(report: Report) -> str:
    hint = f"\nHint: {report['hint']}" if report["hint"] and report["began"] else ""
    return f"Look first at: {report['title']}\n{_what(report)}{hint}"


def _what(report: Report) -> str:
    """Return the difference in one line, and the student's own line that raised."""
    return f"{report['difference']}\n{report['line']}".strip()
