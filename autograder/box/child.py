"""What a forked child does: it meets the student's code, runs the cases asked for, and answers.

An answer is a record: 4 bytes of length (big-endian), then an encoded map ``{"ok": value}`` or
``{"error": …}`` (see `failure`). From the first import on the student's code may have changed
anything in this process, this module included, so nobody believes more than that it is an answer.
"""

import importlib
import os
import signal
import socket
import struct
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from importlib.machinery import ModuleSpec
from types import CodeType, ModuleType
from typing import Any, NamedTuple, NoReturn, cast

from autograder.box import compiled, failure, lockdown, wire

LENGTH = struct.Struct(">I")
_CHANNEL = 3  # where the child keeps its end
_MOST_FILES = 4096  # descriptors that a driver may have open
_NO_MEMORY = wire.encode({"error": failure.nameless("memory")})
_exit = os._exit


class Setting(NamedTuple):
    """What a child needs to know besides its calls."""

    probes: Mapping[str, CodeType]  # modules by name, compiled: nobody pays for that in a call
    submission: str  # folder of the handed-in files
    wall: Mapping[str, Any] | None
    limits: Mapping[str, Any]  # for the life of the child
    ours: Sequence[str]  # names of our own loaded modules
    compiled: bytes = b""  # of the handed-in files; see `compiled`


def run(setting: Setting, channel: int, output: int, call: bytes | None) -> NoReturn:
    """Be the child: confine this process, answer, end. Never returns.

    Args:
        setting: as above.
        channel: descriptor of a socket; records go out, calls come in.
        output: descriptor that becomes standard output and error.
        call: the only call of this child, or None to take calls from `channel` (a session).
    """

    def work(line: socket.socket) -> None:
        _hide(setting.ours)
        compiled.install(setting.submission, setting.compiled)
        _answer(setting, line, iter([call]) if call is not None else _calls(line))

    _live(setting, channel, output, work, dumpable=call is not None)


def gather(setting: Setting, channel: int, output: int) -> NoReturn:
    """Be the child that compiles the handed-in files, and runs none: its record is `compiled`."""

    def work(line: socket.socket) -> None:
        _send(line, compiled.gather(setting.submission))

    _live(setting, channel, output, work, dumpable=False)


def _live(
    setting: Setting,
    channel: int,
    output: int,
    work: Callable[[socket.socket], None],
    *,
    dumpable: bool,
) -> NoReturn:
    status = 1
    try:
        _settle(channel, output)
        lockdown.confine(setting.limits, setting.wall, dumpable=dumpable)
        work(socket.socket(fileno=_CHANNEL))
        status = 0
    except BaseException:
        traceback.print_exc()  # becomes part of the output
    finally:
        _exit(status)


def _settle(channel: int, output: int) -> None:
    """Keep the two descriptors, close all others; forget the driver's signals and streams."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.dup2(channel, _CHANNEL, inheritable=False)
    os.closerange(_CHANNEL + 1, _MOST_FILES)
    sys.argv = [""]
    os.chdir(os.environ["HOME"])


def _hide(modules: Sequence[str]) -> None:
    """Take `modules` out of sight: what is loaded here of ours is no part of any lab."""
    for name in modules:
        del sys.modules[name]


def _calls(line: socket.socket) -> Iterator[bytes]:
    """The calls of a session, until the driver closes its end."""
    while len(head := _receive(line, LENGTH.size)) == LENGTH.size:
        yield _receive(line, LENGTH.unpack(head)[0])


def _receive(line: socket.socket, size: int) -> bytes:
    parts = []
    while size and (part := line.recv(min(size, 1 << 20))):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _answer(setting: Setting, line: socket.socket, calls: Iterator[bytes]) -> None:
    probes = _Probes(setting.probes)
    for call in calls:
        asked = wire.decode(call)
        for case in asked["cases"]:
            record = _record(probes, asked["probe"], case, setting.submission)
            _flush()
            _send(line, record)


def _send(line: socket.socket, record: bytes) -> None:
    line.sendall(LENGTH.pack(len(record)))
    line.sendall(record)


def _record(probes: "_Probes", probe: str, case: bytes, submission: str) -> bytes:
    try:
        args, kwargs = wire.decode(case)
        value = probes.find(probe)(*args, **kwargs)
        return wire.encode({"ok": value})
    except BaseException as error:
        with suppress(MemoryError):  # the frames of a MemoryError hold what there was
            return wire.encode({"error": failure.describe(error, submission)})
    return _NO_MEMORY


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:  # the student may have put anything in its place
            continue


class _Probes:
    """The lab's probes, run when the first case needs one; with them comes the student's code."""

    def __init__(self, codes: Mapping[str, CodeType]) -> None:
        self._codes = codes
        self._module: ModuleType | None = None
        self._error: BaseException | None = None

    def find(self, probe: str) -> Callable[..., Any]:
        if self._error is not None:
            raise self._error
        if self._module is None:
            self._module = self._load()
        found: Callable[..., Any] = getattr(self._module, probe)
        return found

    def _load(self) -> ModuleType:
        sys.meta_path.insert(0, _Finder(self._codes))
        try:
            return importlib.import_module("probes")
        except BaseException as error:
            self._error = error
            raise


class _Finder:
    """Imports modules from the code they were compiled to.

    Finder and loader by what it does: `importlib.abc`, with all it imports, would cost every box.
    """

    def __init__(self, codes: Mapping[str, CodeType]) -> None:
        self._codes = codes

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        if fullname not in self._codes:
            return None
        spec = ModuleSpec(fullname, cast(Any, self), origin=self._codes[fullname].co_filename)
        spec.has_location = True  # gives the module its __file__
        return spec

    def create_module(self, spec: ModuleSpec) -> None:
        """Let the module be a usual one."""

    def exec_module(self, module: ModuleType) -> None:
        exec(self._codes[module.__name__], module.__dict__)
