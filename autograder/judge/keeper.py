"""Keeps one box open for the calls of one submission, within its budget of time."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import PurePosixPath
from types import TracebackType

from autograder.box.base import Box, Sandbox, Session
from autograder.model import Limits, Needs, Observation, Outcome, Value

_SPENT = Observation(Outcome.TIMEOUT, output="the time for all calls of one submission is used up")


class BoxKeeper:
    """Calls into one set of files. Close it, or use it as a context manager."""

    def __init__(self, sandbox: Sandbox, files: Mapping[str, bytes], needs: Needs) -> None:
        """Nothing is opened before the first call."""
        self._sandbox = sandbox
        self._files = {PurePosixPath(name): data for name, data in files.items()}
        self._needs = needs
        self._stack = ExitStack()
        self._box: Box | None = None
        self.renew()

    def __enter__(self) -> "BoxKeeper":
        """Return self."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the box."""
        self.close()

    def close(self) -> None:
        """Close the box; closing twice is harmless, and another call opens a new one."""
        self._box = None
        self._stack.close()

    def renew(self) -> None:
        """Begin another submission's budget of time."""
        self._left = self._needs.limits.total_seconds

    def call(self, probe: str, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Observation:
        """As `Box.call`, in an open box."""
        box = self._open_in_time()
        with self._budget() as limits:
            return box.call(probe, args, kwargs, limits) if box and limits else _SPENT

    def map(self, probe: str, cases: Sequence[Sequence[Value]]) -> list[Observation]:
        """As `Box.map`, in an open box."""
        box = self._open_in_time()
        with self._budget() as limits:
            return box.map(probe, cases, limits) if box and limits else [_SPENT] * len(cases)

    @contextmanager
    def session(self) -> Iterator["SessionCalls"]:
        """Open a box for this session alone: another call's clean-up would end it."""
        limits = self._needs.limits
        with (
            self._sandbox.open(self._files, self._needs) as box,
            box.session(limits) as session,
        ):
            yield SessionCalls(self, session)

    @contextmanager
    def _budget(self) -> Iterator[Limits | None]:
        """Yield the limits of the next call, or None when the submission's time is used up."""
        began = time.monotonic()
        try:
            yield self._needs.limits if self._left > 0 else None
        finally:
            self._left -= time.monotonic() - began

    def _open_in_time(self) -> Box | None:
        """The open box, or None when the time is used up; to open one takes none of it."""
        return self._open() if self._left > 0 else None

    def _open(self) -> Box:
        if self._box is not None and not self._box.alive:
            self.close()
        if self._box is None:
            self._box = self._stack.enter_context(self._sandbox.open(self._files, self._needs))
        return self._box


class SessionCalls:
    """The calls of one open session, within its keeper's budget."""

    def __init__(self, keeper: BoxKeeper, session: Session) -> None:
        """Answer through `session`."""
        self._keeper = keeper
        self._session = session

    def call(self, probe: str, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Observation:
        """As `Session.call`."""
        with self._keeper._budget() as limits:
            return self._session.call(probe, args, kwargs, limits) if limits else _SPENT

    def map(self, probe: str, cases: Sequence[Sequence[Value]]) -> list[Observation]:
        """One call after the other, in this session."""
        return [self.call(probe, case, {}) for case in cases]

    @contextmanager
    def session(self) -> Iterator["SessionCalls"]:
        """A session within a session is the same one."""
        yield self
