"""One container with a driver in it: created, started, joined by its standard streams, removed."""

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from autograder.box import serving
from autograder.box.client import DriverClient
from autograder.box.conversation import Conversation
from autograder.box.engine import answers, asked, removed
from autograder.box.multiplexed import Demultiplexer
from autograder.errors import InfraError
from autograder.model import Outcome

if TYPE_CHECKING:
    from docker import APIClient

_STREAMS = {"stdin": 1, "stdout": 1, "stderr": 1, "stream": 1}
_END_SECONDS = 2.0  # for a driver to end after its host has gone
_PAUSE_SECONDS = 0.02
_KILLED = 137  # the exit code of what a SIGKILL ended


def start(client: "APIClient", options: dict[str, Any], walled: dict[str, Any]) -> DriverClient:
    """Start a container; return a client that is to be started with a configuration.

    Args:
        client: of the engine; taken over.
        options: as `hardening.container_options` says.
        walled: as `hardening.host_options` says, and devices.

    Raises:
        InfraError: the engine refuses, or is away; nothing is left of the container.
    """
    launcher = ContainerLauncher(client)
    try:
        host = client.create_host_config(**walled)
        created = asked(
            "a box's container", lambda: client.create_container(host_config=host, **options)
        )
        launcher.id = str(created["Id"])
        line = asked("a box's streams", lambda: _attach(client, launcher.id))
        talk = Conversation(line, line, launcher.split.feed)
        asked("a box's container", lambda: client.start(launcher.id))
    except BaseException:
        launcher.end(0)
        raise
    return DriverClient(launcher, talk)


class ContainerLauncher:
    """See `launcher.Launcher`."""

    pid = 0

    def __init__(self, client: "APIClient") -> None:
        """Take over `client`; there is no container yet."""
        self.id = ""
        self.split = Demultiplexer()
        self._client = client

    def end(self, seconds: float) -> None:
        """Remove the container, whatever it is doing; its process has nothing to put in order.

        Raises:
            InfraError: the engine is away; `janitor` asks it again when it is back.
        """
        try:
            if self.id:
                removed(self._client, self.id)
                self.id = ""
        finally:
            self._client.close()

    def last_words(self) -> str:
        """See `Launcher.last_words`."""
        said = self.split.errors.decode(errors="replace").strip()
        state = self._state() or {}
        return said or f"its container is {state.get('Status', 'gone')} ({state.get('ExitCode')})"

    def blame(self, silent: bool) -> Outcome:
        """See `Launcher.blame`.

        A driver tells its own failures by its exit code, and else ends when its host has gone: so
        one that ended otherwise was ended, or cut off. Student code can only have the kernel end
        it, for want of memory.
        """
        if not answers():
            raise InfraError("the Docker engine went away during a call")
        state = self._settled()
        if state is None:
            raise InfraError("somebody removed a box's container during a call")
        if state["Paused"]:
            raise InfraError("somebody paused a box's container during a call")
        if state["Running"] and silent:
            return Outcome.TIMEOUT
        if state["OOMKilled"]:
            return Outcome.MEMORY
        if state["ExitCode"] == serving.FAILED and not state["Running"]:
            return Outcome.CRASHED
        if state["ExitCode"] == _KILLED:
            raise InfraError("somebody killed a box's container during a call")
        raise InfraError("the connection to a box's container broke during a call")

    def _settled(self) -> dict[str, Any] | None:
        """As `_state`, once the driver has had the time to end: the connection is closed."""
        until = time.monotonic() + _END_SECONDS
        while (state := self._state()) is not None and state["Running"] and not state["Paused"]:
            if time.monotonic() > until:
                break
            time.sleep(_PAUSE_SECONDS)
        return state

    def _state(self) -> dict[str, Any] | None:
        """What the engine says of the container; None if it is gone, or the engine is."""
        import docker

        with suppress(docker.errors.DockerException, OSError):
            state: dict[str, Any] = self._client.inspect_container(self.id)["State"]
            return state
        return None


def _attach(client: "APIClient", id: str) -> int:
    """The descriptor of a connection to the container's standard streams."""
    stream = client.attach_socket(id, params=_STREAMS)
    try:
        return os.dup(stream.fileno())
    finally:
        stream._response.close()  # the SDK keeps it there, and closes it with nothing else
        stream.close()
