"""What a test talks to: the student, and the reference, each behind a box."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from autograder.errors import InfraError
from autograder.judge.calls import Calls
from autograder.judge.kernels import INTERPRET, Kernel
from autograder.judge.marked import mark, refuse_marked
from autograder.judge.trial import current_trial
from autograder.model import Observation, Outcome, Value


class CallFailed(Exception):
    """A student's call gave no value; decides the outcome of the test that made it."""

    def __init__(self, probe: str, observation: Observation) -> None:
        """Keep the observation; the message is for staff."""
        self.observation = observation
        super().__init__(f"{probe}: {describe(observation)}")


def describe(observation: Observation) -> str:
    """Say in one line (plus the tail of output) why a call gave no value. For staff."""
    text = str(observation.outcome)
    if error := observation.error:
        text += f": {error.type}: {error.message}"
        text += "".join(f"\n  {f.file}:{f.line} in {f.function}" for f in error.frames)
    if observation.output:
        text += f"\n--- output ---\n{observation.output}"
    return text


class Caller:
    """The verbs a test may use on the student; `Reference` has the same ones."""

    def __init__(self, calls: Calls) -> None:
        """Answer through `calls`."""
        self._calls = calls

    def run(self, probe: str, *args: Value, **kwargs: Value) -> Value:
        """Return what ``probe(*args, **kwargs)`` returns.

        Raises:
            CallFailed: it returned nothing (raised, died, ran out of time or memory).
        """
        seen = self.observe(probe, *args, **kwargs)
        if seen.outcome is not Outcome.PASS:
            raise CallFailed(probe, seen)
        return seen.value

    def observe(self, probe: str, *args: Value, **kwargs: Value) -> Observation:
        """Return the whole observation of one call, whatever came of it."""
        raise NotImplementedError

    def map(self, probe: str, cases: Sequence[Sequence[Value]]) -> list[Observation]:
        """Return one observation per case (a list of positional arguments), from one process."""
        raise NotImplementedError

    def kernel(self, file: str, name: str) -> Kernel:
        """Return the GPU kernel `name` of the handed-in `file`, which is never imported."""
        return Kernel(self.run, file, name)

    def interpret(self, file: str, function: str, *arguments: Value) -> Value:
        """Return what the host `function` of `file` returns; it is read as text, never imported.

        Raises:
            CallFailed: it is outside the subset of `labkit.gpu`, or ran out of time or memory.
        """
        return self.run(INTERPRET, file, function, list(arguments))


class Student(Caller):
    """The submission under test."""

    def observe(self, probe: str, *args: Value, **kwargs: Value) -> Observation:
        """As `Caller.observe`; what it used is booked on the running test."""
        refuse_marked(probe, [args, kwargs])
        return current_trial().read(self._calls.call(probe, args, kwargs))

    def map(self, probe: str, cases: Sequence[Sequence[Value]]) -> list[Observation]:
        """As `Caller.map`."""
        refuse_marked(probe, cases)
        return [current_trial().read(seen) for seen in self._calls.map(probe, cases)]

    @contextmanager
    def session(self) -> Iterator["Student"]:
        """Keep one process for several calls: what one stores, the next finds."""
        with self._calls.session() as calls:
            yield Student(calls)


class Reference(Caller):
    """The solution: same verbs, and whatever it says is marked."""

    def __init__(self, calls: Calls, uncached: Calls | None = None) -> None:
        """Answer through `calls`; `uncached` answers when a run must be a real one."""
        super().__init__(calls)
        self._uncached = uncached or calls

    def fresh(self) -> "Reference":
        """Return the reference without its cache: every call really runs."""
        return Reference(self._uncached)

    def run(self, probe: str, *args: Value, **kwargs: Value) -> Value:
        """As `Caller.run`, but a reference that fails is our fault.

        Raises:
            InfraError: the solution gave no value.
        """
        try:
            return super().run(probe, *args, **kwargs)
        except CallFailed as failure:
            raise InfraError(f"the reference failed: {failure}") from None

    def observe(self, probe: str, *args: Value, **kwargs: Value) -> Observation:
        """As `Caller.observe`."""
        return _marked(self._calls.call(probe, args, kwargs))

    def map(self, probe: str, cases: Sequence[Sequence[Value]]) -> list[Observation]:
        """As `Caller.map`."""
        return [_marked(seen) for seen in self._calls.map(probe, cases)]

    @contextmanager
    def session(self) -> Iterator["Reference"]:
        """As `Student.session`."""
        with self._calls.session() as calls:
            yield Reference(calls)


def _marked(seen: Observation) -> Observation:
    return replace(seen, value=mark(seen.value))
