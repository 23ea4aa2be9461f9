"""``%check`` and ``%submit``."""

from typing import Any

from IPython.core.error import UsageError
from IPython.display import display

from labkit.notebook import running, verdict


def add_to(shell: Any) -> None:
    """Add the magics to an IPython `shell`."""
    shell.register_magic_function(check, "line", "check")
    shell.register_magic_function(submit, "line", "submit")


def check(line: str) -> None:
    """Run the public tests on your files as saved: ``%check`` for all, ``%check matmul`` for one.

    They run in a process of their own, which imports your files anew.
    """
    exercise = _one_word(line, "check")
    shown = display(verdict.progress(0, None), display_id=True)
    bar = _Bar(shown.update)
    try:
        shown.update(verdict.result(running.check(exercise, bar.on_event)))
    except running.NotRun as error:
        shown.update(verdict.refused(str(error)))
    except KeyboardInterrupt:
        shown.update(verdict.refused("interrupted"))


def submit(line: str) -> None:
    """Pack what you hand in as a zip, with a receipt."""
    if line.strip():
        raise UsageError("%submit takes nothing: it packs the lab of this folder")
    try:
        display(verdict.receipt(running.submit()))
    except running.NotRun as error:
        display(verdict.refused(str(error)))


class _Bar:
    """Counts the tests that have ended."""

    def __init__(self, show: Any) -> None:
        self._show = show
        self._done, self._total = 0, 0

    def on_event(self, event: running.Document) -> None:
        if "tests" in event:
            self._total = event["tests"]
        else:
            self._done += 1
        self._show(verdict.progress(self._done, self._total))


def _one_word(line: str, magic: str) -> str | None:
    words = line.split()
    if len(words) > 1:
        raise UsageError(f"%{magic} takes one exercise, or nothing for all")
    return words[0] if words else None
