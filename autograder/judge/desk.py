"""A student's desk: calls answered in the test's own process, so that a breakpoint works."""

import importlib
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from autograder.box import wire
from autograder.judge.asked import Asked, asked, asked_in_turn, counted
from autograder.judge.kernels import KernelCalls
from autograder.judge.subject import CallFailed, Student
from autograder.judge.theirs import DeskFiles, forget, is_theirs
from autograder.judge.trial import current_trial
from autograder.model import CallError, Frame, Observation, Outcome, Value


class DeskCalls:
    """Calls into the lab folder `root`, which holds probes.py and the student's files.

    Arguments and answers go through the wire's encoding, so that what a test sees here is what it
    sees in the judge: copies, lists for tuples, plain data only.
    """

    def __init__(self, root: Path) -> None:
        """Import the student's files afresh at the first call."""
        # Python knows a compiled file by its source's size and second: whoever saves and checks
        # twice in one second would be judged on the older text.
        sys.dont_write_bytecode = True
        self.raised: Exception | None = None  # by the newest call
        self._root = root
        self._probes: Any = None

    def call(self, probe: str, args: Sequence[Value], kwargs: Mapping[str, Value]) -> Observation:
        """Run the probe here."""
        __tracebackhide__ = True
        began, cpu = time.perf_counter(), time.process_time()
        value, error, outcome = None, None, Outcome.PASS
        self.raised = None
        try:
            value = self._answer(self._function(probe), args, kwargs)
        except Exception as failure:
            self.raised = failure
            outcome, error = _outcome(failure), _told(failure, self._root)
        return Observation(
            outcome,
            value,
            error,
            cpu_seconds=time.process_time() - cpu,
            wall_seconds=time.perf_counter() - began,
        )

    def map(self, probe: str, cases: Sequence[Sequence[Value]]) -> list[Observation]:
        """One call after the other; of those that failed, the first is what was asked."""
        seen, failed = [], None
        for case in cases:
            seen.append(self.call(probe, case, {}))
            if failed is None and seen[-1].outcome is not Outcome.PASS:
                failed = current_trial().call
        current_trial().call = failed
        return seen

    @contextmanager
    def session(self) -> Iterator["DeskCalls"]:
        """Everything here is one process anyway."""
        yield self

    def _answer(
        self, probe: Callable[..., Value], args: Sequence[Value], kwargs: Mapping[str, Value]
    ) -> Value:
        __tracebackhide__ = True
        sent: list[Value] = _copy(list(args))
        current_trial().call = call = self._asked(probe, args, kwargs)
        cases = counted(probe, sent)
        try:
            return _copy(probe(*sent, **_copy(dict(kwargs))))
        except Exception:
            if cases.taken:
                current_trial().call = asked_in_turn(call, cases.taken, self._probes)
            raise

    def _asked(
        self, probe: Callable[..., Value], args: Sequence[Value], kwargs: Mapping[str, Value]
    ) -> Asked:
        return asked(probe, args, kwargs)

    def _function(self, name: str) -> Callable[..., Value]:
        if self._probes is None:
            forget(self._root)
            self._probes = importlib.import_module("probes")
        found: Callable[..., Value] = getattr(self._probes, name)
        return found


class DeskMachine(DeskCalls):
    """The machine that launches kernels, at a student's desk: here, so that a breakpoint works."""

    def _function(self, name: str) -> Callable[..., Value]:
        from labkit.gpu import probe  # not at the start of every check

        found: Callable[..., Value] = getattr(probe, name)
        return found

    def _asked(
        self, probe: Callable[..., Value], args: Sequence[Value], kwargs: Mapping[str, Value]
    ) -> Asked:
        """Name the file and the kernel, not the whole text of the file."""
        inputs = dict(asked(probe, args, kwargs).inputs)
        _, file, name = (inputs.pop(key) for key in list(inputs)[:3])
        values = inputs.pop("values", {})
        assert isinstance(values, dict)
        some = {key: value for key, value in (values | inputs).items() if value is not None}
        return Asked(f"{probe.__name__} {name} of {file}", some)


class DeskStudent(Student):
    """The student at their desk: a failed call shows the traceback of the code that failed."""

    def __init__(self, root: Path) -> None:
        """Answer from the lab folder `root`."""
        self._desk = DeskCalls(root)
        super().__init__(KernelCalls(self._desk, DeskFiles(root), DeskMachine(root)))

    def run(self, probe: str, *args: Value, **kwargs: Value) -> Value:
        """As `Student.run`; the traceback ends where the student's own exception was raised."""
        __tracebackhide__ = True
        try:
            return super().run(probe, *args, **kwargs)
        except CallFailed as failure:
            if (raised := self._desk.raised) is None:
                raise
            raise failure.with_traceback(raised.__traceback__) from None

    @contextmanager
    def session(self) -> Iterator["DeskStudent"]:
        """Everything here is one process anyway."""
        yield self


def _copy(value: Value) -> Any:
    return wire.decode(wire.encode(value))


def _outcome(failure: Exception) -> Outcome:
    if isinstance(failure, NotImplementedError):
        return Outcome.MISSING
    return Outcome.MEMORY if isinstance(failure, MemoryError) else Outcome.CRASHED


def _told(failure: Exception, root: Path) -> CallError:
    frames = []
    trace = failure.__traceback__
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if is_theirs(file, root) and not file.match("probes*.py"):
            name = file.relative_to(root).as_posix()
            frames.append(Frame(name, trace.tb_lineno, trace.tb_frame.f_code.co_name))
        trace = trace.tb_next
    kind = type(failure)
    return CallError(kind.__name__, kind.__module__, str(failure), tuple(frames))
