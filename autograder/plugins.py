"""Named plug-ins: one small table per family, loaded when asked for, with "did you mean"."""

import difflib
import importlib
from collections.abc import Iterable, Mapping
from typing import Any

from autograder.errors import UsageError


def suggest(word: str, choices: Iterable[str]) -> str:
    """Return a sentence that helps with the unknown `word`: the nearest choice, or all of them."""
    known = sorted(choices)
    near = difflib.get_close_matches(word, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known) or 'none'}"


def load(family: str, table: Mapping[str, str], name: str) -> Any:
    """Import and return the plug-in `name` of a `family` (``{"name": "module:Attribute"}``).

    Raises:
        UsageError: no such name; the message suggests one.
    """
    if name not in table:
        raise UsageError(f"there is no {family} {name!r}; {suggest(name, table)}")
    module, _, attribute = table[name].partition(":")
    return getattr(importlib.import_module(module), attribute)
