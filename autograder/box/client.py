"""The host's side of a driver: calls become frames, frames become observations."""

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from socket import socketpair
from typing import IO, Any

from autograder.box import wire
from autograder.box.attachment import AttachedService, ServiceProcess
from autograder.box.base import Session, Stream
from autograder.box.conversation import Conversation
from autograder.box.frames import Kind
from autograder.box.observed import died, observations
from autograder.box.streams import RelayedStream
from autograder.errors import InfraError
from autograder.model import Limits, Observation, Outcome, Value

_START_SECONDS = 60.0
_ANSWER_SECONDS = 15.0  # for what takes no time; and beyond a call's own wall clock
_END_SECONDS = 3.0
_REAP_SECONDS = 0.5  # from the last word of a process to its end
_MOST_LOGGED = 4000  # bytes of what a launcher says


class DriverClient:
    """A `base.Box` over one connection to a driver. `spawn.spawn` makes one; `close` it.

    Single-threaded: streams and services move while a call, or a stream's own method, waits.
    """

    def __init__(
        self, process: subprocess.Popen[bytes], talk: Conversation, log: IO[bytes]
    ) -> None:
        """Use the driver that `process` (itself or its launcher) started.

        Args:
            process: ending it ends the box.
            talk: connected to the driver.
            log: what the process writes to its standard error, open for reading.
        """
        self._process, self._talk, self._log = process, talk, log
        self._session: _ClientSession | None = None
        self._touched = False  # student code has run, or may have

    @property
    def pid(self) -> int:
        """Of the process that was started: the driver, or its launcher."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the driver still answers."""
        return self._talk.alive

    def start(self, config: Mapping[str, Any]) -> None:
        """Send the driver its configuration (see `driver.prepare`) and wait until it is ready.

        Raises:
            InfraError: it cannot start; the message holds what it, or its launcher, said.
        """
        self._ask(Kind.CONFIG, config, _START_SECONDS)

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
        try:
            self._process.wait(_END_SECONDS)  # the driver ends what it started
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def _expect_no_session(self) -> None:
        if self._session is not None:
            raise InfraError("a box with an open session serves nothing else")

    def _run(self, probe: str, cases: list[list[Value]], limits: Limits) -> list[Observation]:
        """Run `cases`, each ``[args, kwargs]``, in a child of their own or the session's."""
        encoded = [wire.encode(case) for case in cases]
        if not self._talk.pump(0):
            if not self._touched:
                raise InfraError(f"the box has ended: {self._why()}")
            return [died("the box has ended")] * len(cases)
        self._touched = True
        asked = {"probe": probe, "cases": encoded, "limits": _plain(limits)}
        told = self._talk.ask(Kind.CALL, asked, limits.wall_seconds + _ANSWER_SECONDS)
        if told is None:
            outcome = Outcome.TIMEOUT if self._talk.timed_out else Outcome.CRASHED
            return [died(f"the box has ended: {self._why()}", outcome)] * len(cases)
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
        if self._talk.failure:
            return self._talk.failure
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_REAP_SECONDS)
        self._log.seek(0)
        said = self._log.read()[-_MOST_LOGGED:].decode(errors="replace").strip()
        return said or f"its process ended with status {self._process.poll()}"


class _ClientSession:
    """A `base.Session`."""

    def __init__(self, client: DriverClient, limits: Limits) -> None:
        self.limits = limits
        self.ended = not client.alive
        self._client = client

    def call(
        self, probe: str, args: Sequence[Value], kwargs: Mapping[str, Value], limits: Limits
    ) -> Observation:
        if self.ended:
            return died("the session's process has ended")
        return self._client._run(probe, [[list(args), dict(kwargs)]], limits)[0]


def _plain(limits: Limits) -> dict[str, float]:
    return {**asdict(limits), "wall_seconds": limits.wall_seconds}
