"""From what the driver tells of a call to observations. Records are hostile: a child wrote them."""

import signal
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from autograder.box import wire
from autograder.box.child import LENGTH
from autograder.box.failure import MAX_FRAMES
from autograder.model import CallError, Frame, Observation, Outcome

_OVER = {
    "time": Outcome.TIMEOUT,
    "memory": Outcome.MEMORY,
    "disk": Outcome.CRASHED,
    "flood": Outcome.CRASHED,
    "": None,
}
_CLAIMS = {
    str(outcome): outcome
    for outcome in (Outcome.CRASHED, Outcome.MEMORY, Outcome.MISSING, Outcome.FORBIDDEN)
}
_NO_RECORD = CallError("WireError", "autograder.box", "the answer is not an encoded value")


def died(reason: str, outcome: Outcome = Outcome.CRASHED) -> Observation:
    """A call that has no answer and never will; `reason` is for staff."""
    return Observation(outcome, output=f"[{reason}]")


def observations(told: Mapping[str, Any], cases: int) -> list[Observation]:
    """Return one observation per case, in order.

    What the whole call used is booked on the last one; the peak on each.

    Args:
        told: the map of an OBSERVATION frame.
        cases: how many were asked for, at least 1.
    """
    budget = wire.Budget()  # of all records together: each could hold as much as a frame may
    found = [_answer(record, budget) for record in _split(told["records"], cases)]
    over = _OVER[told["over"]]
    if over is not None and len(found) == cases:
        found.pop()  # it had all answers, and still used too much
    missing = Observation(over or Outcome.CRASHED, output=_output(told))
    found += [missing] * (cases - len(found))
    found = [replace(each, peak_bytes=told["peak_bytes"]) for each in found]
    found[-1] = replace(
        found[-1],
        output=_output(told),
        cpu_seconds=told["cpu_seconds"],
        wall_seconds=told["wall_seconds"],
    )
    return found


def _split(records: bytes, cases: int) -> Iterator[memoryview]:
    """The whole records, `cases` at most; the last is empty, as good as none, if more follows."""
    data = memoryview(records)
    at = 0
    for case in range(1, cases + 1):
        if at + LENGTH.size > len(data):
            return
        start = at + LENGTH.size
        at = start + LENGTH.unpack_from(data, at)[0]
        if at > len(data):
            return
        yield data[:0] if case == cases and at != len(data) else data[start:at]


def _answer(record: memoryview, budget: wire.Budget) -> Observation:
    """One record as an observation; whatever is not exactly a record is a crash."""
    try:
        told = wire.decode(record, budget)
        if type(told) is dict and told.keys() == {"ok"}:
            return Observation(Outcome.PASS, told["ok"])
        if type(told) is dict and told.keys() == {"error"}:
            return _failure(told["error"])
    except (wire.WireError, TypeError, KeyError, ValueError):
        pass
    return Observation(Outcome.CRASHED, error=_NO_RECORD)


def _failure(error: Any) -> Observation:
    """Raises KeyError, TypeError or ValueError if `error` is not what `failure.describe` makes."""
    if type(error) is not dict or type(error["frames"]) is not list:
        raise TypeError("not a map with frames")  # an array would raise what nobody expects
    if len(error["frames"]) > MAX_FRAMES:
        raise ValueError("too many frames")  # each is looked up in the files
    return Observation(
        _CLAIMS[error["outcome"]],
        error=CallError(
            _text(error["type"]),
            _text(error["module"]),
            _text(error["message"]),
            tuple(
                Frame(_text(file), _line(line), _text(function))
                for file, line, function in error["frames"]
            ),
        ),
    )


def _text(value: Any) -> str:
    if type(value) is not str or len(value) > 4096:
        raise TypeError("not a short str")
    return value


def _line(value: Any) -> int:
    if type(value) is not int or not 0 <= value < 1 << 31:
        raise TypeError("not a line number")
    return value


def _output(told: Mapping[str, Any]) -> str:
    """The tail of output, and how the process ended if not of itself."""
    text: str = told["output"].decode(errors="replace")
    why = _end(told["over"], told["status"])
    return "\n".join(part for part in (text, why) if part)


def _end(over: str, status: int) -> str:
    if over:
        return f"[ended: too much {over}]"
    if status < 0:
        return f"[ended by signal {-status}: {signal.strsignal(-status)}]"
    return f"[ended with status {status}]" if status else ""
