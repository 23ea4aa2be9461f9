"""What leaves the program: tables for people, JSON for programs, complaints on standard error."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.errors import UsageError

STDOUT = "-"
_WIDEST = 1000  # columns


def plain(text: str) -> str:
    """Return `text` with all escaped that a terminal would obey, not show: names are hostile."""
    return "".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in text)


def complain(message: str) -> None:
    """Write one message to standard error."""
    errors().print(Text(plain(message), style="red"), soft_wrap=True)


def errors() -> Console:
    """Return a console on standard error."""
    return Console(stderr=True, highlight=False)


def people(json_target: str | None) -> Console:
    """Return the console for people: standard error when a program reads standard output."""
    return Console(stderr=json_target == STDOUT, highlight=False)


def plain_table(*headers: str) -> Table:
    """Return an empty table in the one style of the program."""
    return Table(*headers, box=SIMPLE_HEAD, header_style="bold", pad_edge=False)


def show_table(console: Console, table: Table) -> None:
    """Print a table; in a file or pipe it gets all the width it wants."""
    if not console.is_terminal:
        console = Console(stderr=console.stderr, width=max(console.width, _wanted(console, table)))
    console.print(table)


def fits(console: Console, table: Table) -> bool:
    """Whether the table can be shown without folding any cell."""
    return not console.is_terminal or _wanted(console, table) <= console.width


def _wanted(console: Console, table: Table) -> int:
    return console.measure(table, options=console.options.update(width=_WIDEST)).maximum


def check_target(json_target: str | None) -> None:
    """Raise UsageError early if the JSON could not be written there at the end."""
    if json_target not in (None, STDOUT) and not Path(json_target).absolute().parent.is_dir():
        raise UsageError(f"--json {json_target}: there is no folder {Path(json_target).parent}")


def write_json(json_target: str | None, document: Mapping[str, Any]) -> None:
    """Write a document where `--json` asked for it, if it did."""
    if json_target is None:
        return
    text = json.dumps(document, indent=1) + "\n"
    if json_target == STDOUT:
        sys.stdout.write(text)
        return
    try:
        Path(json_target).write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"--json {json_target}: {error.strerror}") from error
