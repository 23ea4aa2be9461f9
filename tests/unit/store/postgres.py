"""A PostgreSQL server of our own, in a folder of its own, for as long as the tests run."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_QUICK = "-c fsync=off -c full_page_writes=off -c listen_addresses=''"


def programs() -> Path | None:
    """Return the folder of initdb and pg_ctl."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return versions[-1].parent if versions else None


def why_not() -> str | None:
    """Say why there can be no server here."""
    if programs() is None:
        return "no PostgreSQL server programs here: apt-get install postgresql"
    if os.geteuid() == 0 and not _has_user("postgres"):
        return "a PostgreSQL server does not run as root, and there is no user postgres"
    return None


@contextmanager
def server() -> Iterator[str]:
    """Run a server; yield the folder of its Unix socket, which is also its data's parent."""
    folder = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))  # a socket's path must be short
    user = "postgres" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    data = folder / "data"
    _run(user, "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-N", "-E", "UTF8")
    start = ("-w", "-l", folder / "log", "-o", f"-k {folder} {_QUICK}", "start")
    try:
        _run(user, "pg_ctl", "-D", data, *start)
        yield str(folder)
    finally:
        _run(user, "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder)


def _run(user: str | None, program: str, *arguments: object) -> None:
    folder = programs()
    assert folder
    words = [str(folder / program), *map(str, arguments)]
    quiet = subprocess.DEVNULL  # a pipe would be held open by the server
    subprocess.run(words, user=user, check=True, stdout=quiet, cwd="/tmp")


def _has_user(name: str) -> bool:
    return any(entry.pw_name == name for entry in pwd.getpwall())
