"""A progress bar on standard error, for people who wait at a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from autograder.cli.output import errors

_LOOK = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())


@contextmanager
def waiting(what: str) -> Iterator[None]:
    """Show that something is going on while the body runs."""
    console = errors()
    if not console.is_terminal:
        yield
        return
    with console.status(Text(what)):
        yield


@contextmanager
def progress(what: str, total: int) -> Iterator[Callable[[], None]]:
    """Show a bar of `total` steps while the body runs; the function given says that one is done."""
    console = errors()
    bar = Progress(
        *(TextColumn(c) if isinstance(c, str) else c for c in _LOOK),
        console=console,
        disable=not console.is_terminal,
        transient=True,
    )
    with bar:
        task = bar.add_task(what, total=total)
        yield lambda: bar.advance(task)
