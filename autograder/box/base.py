"""What a sandbox and a box are, whichever wall is used."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import PurePosixPath
from typing import Protocol

from autograder.model import Limits, Needs, Observation, Value
from autograder.plugins import load

SANDBOXES = {
    "namespace": "autograder.box.namespace:NamespaceSandbox",
    "docker": "autograder.box.docker:DockerSandbox",
    "user": "autograder.box.user:UserSandbox",
    "none": "autograder.box.none:NoneSandbox",
}

# Processes of ours that a box may attach: name -> "module:function"; the function runs outside
# every box, and gets one connected socket per connection that the student's code opens.
SERVICES = {"echo": "autograder.box.services.echo:serve"}


class Stream(Protocol):
    """A connected byte stream."""

    def send(self, data: bytes) -> None:
        """Send all of `data`."""

    def recv(self, limit: int = 65536) -> bytes:
        """Return 1..`limit` bytes, or ``b""`` at the end of the stream."""

    def close(self) -> None:
        """Close both directions; closing twice is harmless."""


class Service(Protocol):
    """A process of ours that student code in the box can connect to."""

    name: str
    path: str  # the Unix socket inside the box at which it answers


class Session(Protocol):
    """One child that is kept for several calls: what one call stores, the next finds."""

    def call(
        self, probe: str, args: Sequence[Value], kwargs: Mapping[str, Value], limits: Limits
    ) -> Observation:
        """As `Box.call`, in the child of this session. After a death every call is `crashed`."""


class Box(Protocol):
    """One walled place. A call answers with an Observation; nothing that student code does raises.

    Raises (all methods):
        InfraError: the wall, the driver or the machine failed *before* any call of student code;
            a driver that dies during or since one is that call's `crashed`.
        WireError: an argument is not a `Value` (the caller's mistake).
    """

    @property
    def alive(self) -> bool:
        """Whether the driver still answers; a dead box is of no more use."""

    def call(
        self, probe: str, args: Sequence[Value], kwargs: Mapping[str, Value], limits: Limits
    ) -> Observation:
        """Run ``probe(*args, **kwargs)`` of probes.py in a child forked for this call."""

    def map(
        self, probe: str, cases: Sequence[Sequence[Value]], limits: Limits
    ) -> list[Observation]:
        """Run ``probe(*case)`` for each case in one child; one observation per case, in order.

        `limits` hold for all cases together. When the child dies, the case it was in and all
        later ones get its outcome.
        """

    def session(self, limits: Limits) -> AbstractContextManager[Session]:
        """Keep one child for several calls. A box with an open session serves nothing else."""

    def service(self, name: str) -> AbstractContextManager[Service]:
        """Attach a process of ours, outside the student's uid and namespaces, to a socket."""

    def connect(self, path: str) -> AbstractContextManager[Stream]:
        """Relay a byte stream to the Unix socket `path` inside the box, while a session is open."""


class Sandbox(Protocol):
    """Decides how a box is walled."""

    def available(self) -> str | None:
        """Return None if boxes can be opened on this machine, else why not and what to do."""

    def open(
        self, files: Mapping[PurePosixPath, bytes], needs: Needs
    ) -> AbstractContextManager[Box]:
        """Open a box that holds `files` (read-only) and what `needs` names.

        Raises:
            InfraError: no such wall can be had here; the message says what to install.
        """

    def versions(self, needs: Needs) -> dict[str, str]:
        """Return what decides a result in a box for `needs`: Python, libraries, machine, image.

        A container's image is ``image``, its digest.

        Raises:
            InfraError: a package, or the image that `needs` names, is not on this machine.
        """


def sandbox(name: str) -> Sandbox:
    """Return the sandbox `name`, one of SANDBOXES. Raises UsageError for an unknown name."""
    found: Sandbox = load("sandbox", SANDBOXES, name)()
    return found
