"""Accounts for a test: nobody is created on this machine, but a program finds the name it has."""

import os
from pathlib import Path


def called(name: str, folder: Path) -> list[str]:
    """Return what to put before a command, so that the account running it is called `name`.

    nbgrader asks the system, not a variable. Nothing else changes: same rights, same files.

    Args:
        name: Of the account.
        folder: The list of accounts that the command sees is written here.
    """
    passwd = folder / f"passwd-{name}"
    passwd.write_text(f"{name}:x:{os.getuid()}:{os.getgid()}::{folder}:/bin/sh\n")
    return ["bwrap", "--dev-bind", "/", "/", "--ro-bind", str(passwd), "/etc/passwd"]
