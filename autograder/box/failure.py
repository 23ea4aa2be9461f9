"""What an exception says of itself, as plain data. Runs in the child, where nothing is certain."""

import re
from pathlib import Path
from traceback import walk_tb
from typing import Any

MAX_MESSAGE = 4096  # bytes
_MAX_NAME = 200
_OUTER_FRAMES, _INNER_FRAMES = 10, 30  # of a deep recursion, both ends tell something
MAX_FRAMES = _OUTER_FRAMES + _INNER_FRAMES

# Too little memory, in the words of those who do not raise MemoryError for it.
_OUT_OF_MEMORY = re.compile(r"can't allocate memory|Cannot allocate memory|Unable to allocate")


def nameless(outcome: str) -> dict[str, Any]:
    """Return what is told of an exception of which nothing is known but its outcome."""
    return {"outcome": outcome, "type": "?", "module": "?", "message": "", "frames": []}


def describe(error: BaseException, submission: str) -> dict[str, Any]:
    """Return what is known of `error` as plain data; never fails but for lack of memory.

    Args:
        error: raised by the probe, or while it was imported.
        submission: folder of the handed-in files; only their frames are told.

    Returns:
        ``outcome`` (crashed, memory, missing or forbidden), ``type``, ``module``, ``message``, and
        ``frames``, a list of [file, line, function] with the outermost first.
    """
    try:
        message = _message(error)
        return {
            "outcome": _outcome(error, message, submission),
            "type": _text(_of_type(error, "__name__")),
            "module": _text(_of_type(error, "__module__")),
            "message": message,
            "frames": _frames(error, submission),
        }
    except MemoryError:
        raise
    except BaseException:  # it has a method, or a property, that raises
        return nameless("crashed")


def _of_type(error: BaseException, attribute: str) -> Any:
    """An attribute of the real class: `error.__class__` and a metaclass may say something else."""
    return type.__dict__[attribute].__get__(type(error))


def _text(value: Any, limit: int = _MAX_NAME) -> str:
    if type(value) is not str:
        return "?"
    return value.encode(errors="backslashreplace")[:limit].decode(errors="ignore")


def _message(error: BaseException) -> str:
    try:
        return _text(str(error), MAX_MESSAGE)
    except BaseException:  # __str__ is the student's
        return "?"


def _outcome(error: BaseException, message: str, submission: str) -> str:
    kind = type(error)
    if issubclass(kind, MemoryError) or _OUT_OF_MEMORY.search(message):
        return "memory"
    if issubclass(kind, NotImplementedError):
        return "missing"
    if issubclass(kind, ModuleNotFoundError) and not _handed_in(error, submission):
        return "forbidden"
    return "crashed"


def _handed_in(error: Any, submission: str) -> bool:
    """Whether the module is looked for among the handed-in files: then it lacks, and is allowed."""
    module = error.name
    if type(module) is not str:
        return True
    own = {path.name.partition(".")[0] for path in Path(submission).iterdir()}
    return module.partition(".")[0] in own


def _frames(error: BaseException, submission: str) -> list[list[Any]]:
    found = [
        [frame.f_code.co_filename, line, frame.f_code.co_name]
        for frame, line in walk_tb(error.__traceback__)
    ]
    if issubclass(type(error), SyntaxError):  # the line at fault has no frame
        mistake: Any = error
        found.append([mistake.filename, mistake.lineno, "<module>"])
    own = [frame for each in found if (frame := _own_frame(each, submission))]
    if len(own) > MAX_FRAMES:
        own = own[:_OUTER_FRAMES] + own[-_INNER_FRAMES:]
    return own


def _own_frame(frame: list[Any], submission: str) -> list[Any] | None:
    file, line, function = frame
    inside = submission.rstrip("/") + "/"
    if type(file) is not str or type(line) is not int or not file.startswith(inside):
        return None
    return [_text(file.removeprefix(inside), MAX_MESSAGE), line, _text(function)]
