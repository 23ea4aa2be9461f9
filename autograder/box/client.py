"""The host's side of a driver: calls become frames, frames become observations."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import PurePosixPath
from socket import socketpair
from typing import Any

from autograder.box import wire
from autograder.box.attachment import AttachedService, ServiceProcess
from autograder.box.base import Session, Stream
from autograder.box.conversation import Conversation
from autograder.box.frames import Kind
from autograder.box.launcher import Launcher
from autograder.box.observed import died, observations
from autograder.box.streams import RelayedStream
from autograder.errors import InfraError
from autograder.model import Limits, Observation, Value

_START_SECONDS = 60.0
_ANSWER_SECONDS = 15.0  # for what takes no time; and beyond a call's own wall clock
_END_SECONDS = 3.0


class DriverClient:
    """A `base.Box` over one connection to a driver. `spawn.spawn` makes one; `close` it.

    Single-threaded: streams and services move while a call, or a stream's own method, waits.
    """

    def __init__(self, launcher: Launcher, talk: Conversation) -> None:
        """Use the driver that `launcher` started; `talk` is connected to it."""
        self.launcher = launcher
        self._talk = talk
        self._session: _ClientSession | None = None
        self._touched = False  # student code has run, or may have

    @property
    def alive(self) -> bool:
        """Whether the driver still answers, as far as has been heard."""
        return self._talk.pump(0)

    def start(self, config: Mapping[str, Any]) -> Mapping[str, Any]:
        """Send the driver its configuration (see `serving.prepare`) and wait until it is ready.

        Returns:
            What it tells of itself.

        Raises:
            InfraError: it cannot start; the message holds what it, or its launcher, said.
        """
        told: Mapping[str, Any] = self._ask(Kind.CONFIG, config, _START_SECONDS)
        return told

    def place(self, wall: Mapping[str, Any], files: Mapping[PurePosixPath, bytes]) -> None:
        """Hand a driver that was started without them its `files` and its `wall`.

        Raises:
            InfraError: it cannot place them, or the wall cannot be completed.
        """
        named = {str(name): content for name, content in files.items()}
        self._ask(Kind.PLACE, {"wall": wall, "files": named}, _START_SECONDS)

    def call(
        self, probe: str, args: Sequence[Value], kwargs: Mapping[str, Value], limits: Limits
    ) -> Observation:
        """As `base.Box.call`."""
        self._expect_no_session()
        return self._run(probe, [[list(args), dict(kwargs)]], limits)[0]

    def map(
        self, probe: str, cases: Sequence[Sequence[Value]], limits: Limits
    ) -> list[Observation]:
        """As `base.Box.map`."""
        self._expect_no_session()
        return self._run(probe, [[list(case), {}] for case in cases], limits) if cases else []

    @contextmanager
    def session(self, limits: Limits) -> Iterator[Session]:
        """As `base.Box.session`."""
        self._expect_no_session()
        self._ask(Kind.OPEN_SESSION, {"limits": _plain(limits)})
        self._touched = True
        self._session = _ClientSession(self, limits)
        try:
            yield self._session
        finally:
            self._session = None
            self._talk.ask(Kind.CLOSE_SESSION, {}, _ANSWER_SECONDS)

    @contextmanager
    def service(self, name: str) -> Iterator[AttachedService]:
        """As `base.Box.service`; the name of a service is also the name of its socket."""
        process = ServiceProcess(name)
        try:
            self._talk.services[name] = process.connect
            answer = self._ask(Kind.SERVE, {"name": name})
            yield AttachedService(name, answer.get("path", ""))
        finally:
            self._talk.ask(Kind.WITHDRAW, {"name": name}, _ANSWER_SECONDS)
            del self._talk.services[name]
            process.close()

    @contextmanager
    def connect(self, path: str) -> Iterator[Stream]:
        """As `base.Box.connect`. Where nobody listens, the stream is at its end at once.

        Its methods wait as long as the session's wall clock allows; then it is at its end, too.
        """
        if self._session is None:
            raise InfraError("connect() needs an open session")
        seconds = self._session.limits.wall_seconds
        mine, relayed = socketpair()
        self._talk.connect(path, relayed, seconds)
        stream = RelayedStream(mine, self._talk.pump, seconds)
        try:
            yield stream
        finally:
            stream.close()

    def close(self) -> None:
        """End the box and everything in it; closing twice is harmless."""
        self._talk.close()
        self.launcher.end(_END_SECONDS)

    def _expect_no_session(self) -> None:
        if self._session is not None:
            raise InfraError("a box with an open session serves nothing else")

    def _run(self, probe: str, cases: list[list[Value]], limits: Limits) -> list[Observation]:
        """Run `cases`, each ``[args, kwargs]``, in a child of their own or the session's."""
        encoded = [wire.encode(case) for case in cases]
        if not self._talk.pump(0):
            if not self._touched:
                raise InfraError(f"the box has ended: {self._why()}")
            return self._ended("the box has ended", cases)
        self._touched = True
        asked = {"probe": probe, "cases": encoded, "limits": _plain(limits)}
        told = self._talk.ask(Kind.CALL, asked, limits.wall_seconds + _ANSWER_SECONDS)
        if told is None:
            return self._ended(f"the box has ended: {self._why()}", cases)
        if self._session is not None:
            self._session.ended = told["ended"]
        return observations(told, len(cases))

    def _ask(
        self, kind: Kind, question: Mapping[str, Any], seconds: float = _ANSWER_SECONDS
    ) -> Any:
        """The driver's answer.

        Raises:
            InfraError: there is none, and no student code can be the cause. If it can, the answer
                is empty: nobody may turn a call of theirs into a fault of ours.
        """
        answer = self._talk.ask(kind, question, seconds)
        if answer is None and not self._touched:
            raise InfraError(f"the box does not answer: {self._why()}")
        return answer or {}

    def _why(self) -> str:
        """What is known of the end of the driver."""
        return self._talk.failure or self.launcher.last_words()

    def _ended(self, reason: str, cases: list[list[Value]]) -> list[Observation]:
        """What each of `cases` gets from a box that ended in or since a call of student code.

        Raises:
            InfraError: it ended by nothing that student code can do.
        """
        return [died(reason, self.launcher.blame(self._talk.timed_out))] * len(cases)


class _ClientSession:
    """A `base.Session`."""

    def __init__(self, client: DriverClient, limits: Limits) -> None:
        self.limits = limits
        self.ended = not client.alive
        self._client = client

    def call(
        self, probe: str, args: Sequence[Value], kwargs: Mapping[str, Value], limits: Limits
    ) -> Observation:
        if self.ended and self._client.alive:
            return died("the session's process has ended")
        return self._client._run(probe, [[list(args), dict(kwargs)]], limits)[0]


def _plain(limits: Limits) -> dict[str, float]:
    return {**asdict(limits), "wall_seconds": limits.wall_seconds}
