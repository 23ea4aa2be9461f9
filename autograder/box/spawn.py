"""Starts a driver, behind whatever wall its command line builds, and connects to it."""

import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from socket import socketpair
from typing import Any

from autograder.box.client import DriverClient
from autograder.box.conversation import Conversation
from autograder.box.launcher import ProcessLauncher
from autograder.errors import InfraError


def spawn(
    argv: Sequence[str],
    config: Mapping[str, Any],
    *,
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> DriverClient:
    """Run `argv` with the driver's LINK argument added; return a client that is ready for calls.

    The process inherits one descriptor and nothing else: its standard input is empty, what it
    writes is kept for the message of an error, its environment is `environment`. With
    ``bwrap --die-with-parent`` the box ends with the thread that calls this.

    Args:
        argv: the command line, up to and including the path of driver.py.
        config: see `serving.prepare`.
        environment: of the process; empty by default.
        folder: where it starts.

    Raises:
        InfraError: the box does not start; nothing of it is left.
    """
    ours, its = socketpair()
    log = tempfile.TemporaryFile()  # noqa: SIM115  (closed by the client)
    try:
        with its:
            process = subprocess.Popen(
                [*argv, str(its.fileno())],
                env=dict(environment or {}),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                pass_fds=[its.fileno()],
                start_new_session=True,
            )
    except OSError as error:
        ours.close()
        log.close()
        raise InfraError(f"{argv[0]} cannot be started: {error}") from error
    end = ours.detach()
    client = DriverClient(ProcessLauncher(process, log), Conversation(end, end))
    try:
        client.start(config)
    except BaseException:
        client.close()
        raise
    return client
