"""Accounts for a test: nobody is created on this machine, but programs find them."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

_ALL = ["bwrap", "--dev-bind", "/", "/"]


def called(name: str, folder: Path) -> list[str]:
    """Return what to put before a command, so that the account running it is called `name`.

    nbgrader asks the system, not a variable. Nothing else changes: same rights, same files.

    Args:
        name: Of the account.
        folder: The list of accounts that the command sees is written here.
    """
    return [*_ALL, *_listed({name: os.getuid()}, folder / f"passwd-{name}")]


def apart(uids: Mapping[str, int], folder: Path, shown: Sequence[Path]) -> list[str]:
    """Return what to put before a command that root runs, so that it can be each of `uids`.

    Args:
        uids: By name of the account.
        folder: The list of accounts is written here.
        shown: Folders that all accounts can reach, though others can be closed to them.
    """
    passwd = _listed({"root": 0, **uids}, folder / "passwd")
    return [*_ALL, "--cap-add", "ALL", *passwd, *_reachable(shown)]


def of(uid: int) -> list[str]:
    """Return what to put before a command, after `apart`, so that `uid` runs it."""
    return ["setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups"]


def _listed(uids: Mapping[str, int], file: Path) -> list[str]:
    lines = [f"{n}:x:{u}:{u}::{file.parent / 'homes' / n}:/bin/sh\n" for n, u in uids.items()]
    file.write_text("".join(lines))
    return ["--ro-bind", str(file), "/etc/passwd"]


def _reachable(shown: Sequence[Path]) -> Iterator[str]:
    """Put an open folder over each closed one, and into it what is shown."""
    ways = [(path, _closed(path)) for path in shown]
    for over in {over for _, over in ways if over}:
        yield from ("--tmpfs", str(over))
    for path, over in ways:
        if over:
            for parent in reversed(path.parents):
                if over in parent.parents:
                    yield from ("--dir", str(parent))
            yield from ("--bind", str(path), str(path))


def _closed(path: Path) -> Path | None:
    """Return the first folder above `path` that others cannot pass."""
    return next((p for p in reversed(path.parents) if not p.stat().st_mode & 0o001), None)
