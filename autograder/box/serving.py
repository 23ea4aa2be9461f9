"""Serves calls inside a box: walls itself in, imports what is heavy, forks a child per call.

Single-threaded: the only maths, threads and student code are in forked children, and no byte that
a child wrote is decoded here.
"""

import fcntl
import gc
import importlib
import io
import math
import os
import signal
import socket
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import CodeType
from typing import Any

from autograder.box import child, furnished, lockdown, wire
from autograder.box.frames import Frame, Kind
from autograder.box.link import READ, Link, Loop
from autograder.box.listeners import Listeners
from autograder.box.meter import Meter
from autograder.box.relay import Relays
from autograder.box.running import Call, Child

_COMPILE_SECONDS = 5.0
FAILED = 70  # the exit code of a driver that failed by itself; 0: its host has gone


class Driver:
    """Serves one call at a time, until the link closes."""

    def __init__(self, loop: Loop, link: Link, config: Mapping[str, Any]) -> None:
        """Serve what `config` (see `prepare`) describes."""
        self._loop, self._link, self._config = loop, link, config
        self._wall = config["wall"]
        self._beside = lockdown.beside(self._wall)
        self._probes = _compiled(Path(config["probes"]))
        self._ours = [name for name in sys.modules if name.partition(".")[0] == "autograder"]
        self._relays = Relays(loop, link)
        self._listeners = Listeners(self._relays, config["services"])
        self._kid: Child | None = None  # of the running call, or of the open session
        self._session = False
        self._call: Call | None = None
        self._compiled: bytes | None = None  # None: nobody has asked yet

    def serve(self) -> None:
        """Serve until the host has gone."""
        while not self._link.closed:
            self._loop.step(self._call.wait_seconds() if self._call else None)
            while self._link.frames:
                self._handle(self._link.frames.popleft())
            if self._call:
                self._look(self._call)

    def _handle(self, frame: Frame) -> None:
        if frame.kind is Kind.CONNECT:
            self._listeners.connect(frame.stream, wire.decode(frame.payload)["path"])
        elif frame.stream:
            self._relays.handle(frame)
        else:
            self._command(frame.kind, wire.decode(frame.payload))

    def _command(self, kind: Kind, asked: Mapping[str, Any]) -> None:
        if kind is Kind.CALL:
            return self._begin(asked)
        answer = {}
        if kind is Kind.OPEN_SESSION:
            self._session = True
            self._fork(_for_session(asked["limits"]), None)
        elif kind is Kind.CLOSE_SESSION:
            self._session = False
            self._end()
        elif kind is Kind.SERVE:
            answer = {"path": self._listeners.serve(asked["name"])}
        elif kind is Kind.WITHDRAW:
            self._listeners.withdraw(asked["name"])
        self._link.send(0, Kind.DONE, wire.encode(answer))

    def _begin(self, asked: Mapping[str, Any]) -> None:
        call = wire.encode({"probe": asked["probe"], "cases": asked["cases"]})
        if not self._session:
            self._fork(asked["limits"], call)
        assert self._kid is not None, "the host calls into no session that has ended"
        limits = _watched(asked["limits"], self._wall)
        watch = self._beside and self._beside.DiskWatch(self._wall)
        self._call = Call(self._kid, limits, len(asked["cases"]), watch)
        if self._session:
            self._call.continue_session()
            self._kid.ask(call)

    def _fork(self, limits: Mapping[str, Any], call: bytes | None) -> None:
        if self._compiled is None:
            self._compiled = self._compile(limits)
        self._listeners.renew()  # the last sweep took their sockets away
        setting = self._setting(limits)
        body = partial(child.run, setting, call=call)
        self._kid = Child(self._loop, body, self._meter(limits))

    def _compile(self, limits: Mapping[str, Any]) -> bytes:
        """Have the handed-in files compiled; nothing, if that takes too much of anything."""
        few = {**limits, "cpu_seconds": _COMPILE_SECONDS, "wall_seconds": _COMPILE_SECONDS}
        body = partial(child.gather, self._setting(few))
        kid = self._kid = Child(self._loop, body, self._meter(few))
        call = Call(kid, few, 1)
        while not call.is_over():
            self._loop.step(call.wait_seconds())
        self._end()
        return b"" if call.over or not call.answered() else bytes(kid.records[child.LENGTH.size :])

    def _setting(self, limits: Mapping[str, Any]) -> child.Setting:
        folder = self._config["submission"]
        return child.Setting(
            self._probes, folder, self._wall, limits, self._ours, self._compiled or b""
        )

    def _meter(self, limits: Mapping[str, Any]) -> Meter:
        whole_namespace = bool(self._wall and self._wall["pid_namespace"])
        census = self._beside and self._beside.sweeper()
        return Meter(whole_namespace, int(limits["memory_mb"]) << 20, census)

    def _look(self, call: Call) -> None:
        """End the call if it is over, and tell the host."""
        if call.is_over():
            self._end()
            usage = call.child.used()
        elif self._session and call.answered():
            usage = call.child.meter.sample()
        else:
            return
        self._call = None
        self._link.send(0, Kind.OBSERVATION, wire.encode(call.report(usage)))

    def _end(self) -> None:
        """End the child and all it left behind."""
        if self._kid is None:
            return
        kid, self._kid = self._kid, None
        kid.kill()
        lockdown.sweep(self._wall, kid.pid)
        kid.close()
        self._relays.close()

    def close(self) -> None:
        """The host has gone: leave nobody behind."""
        self._end()
        self._listeners.close()
        if self._beside:
            self._beside.sweeper().close()


def _for_session(limits: Mapping[str, Any]) -> dict[str, Any]:
    """The limits of a child that serves many calls: each call's own CPU time is watched apart."""
    return {**limits, "cpu_seconds": limits["total_seconds"]}


def _watched(limits: Mapping[str, Any], wall: Mapping[str, Any] | None) -> dict[str, Any]:
    """The limits that the driver watches: all of them, unless a test weakens the wall."""
    switches = {
        "cpu_seconds": "cpu_watch",
        "memory_mb": "memory_watch",
        "wall_seconds": "wall_clock",
    }
    return {
        name: limits[name] if not wall or wall[switch] else math.inf
        for name, switch in switches.items()
    }


def prepare(config: Mapping[str, Any]) -> None:
    """Wall this process in, then import what is heavy.

    Args:
        config: ``wall`` (see `lockdown.enter`, or None: no wall yet), ``path`` (what may be
            imported besides the standard library, in order), ``preload`` (modules), ``probes``
            (folder of probes.py), ``submission`` (folder of the handed-in files; a child's path
            ends with it), ``services`` (folder of their sockets); and, for a driver that is
            started ahead of its submission, ``packages`` and ``compilers`` (see
            `furnished.find`): it waits for a PLACE frame, with the files and the wall.
    """
    if config["wall"] is not None:
        lockdown.enter(config["wall"])
    sys.dont_write_bytecode = True
    # What is imported here may look for optional modules: none may be found among handed-in files.
    sys.path.extend(entry for entry in config["path"] if entry != config["submission"])
    for module in config["preload"]:
        importlib.import_module(module)
    for stream in (sys.stdout, sys.stderr):  # a child's, once it has its own descriptors
        assert isinstance(stream, io.TextIOWrapper)
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    gc.collect()
    gc.freeze()  # what is here now is never collected: a child's collector would copy its pages


def _wake_for_children(loop: Loop) -> None:
    """Make the end of a child turn the loop."""
    bell, rope = socket.socketpair()
    bell.setblocking(False)
    rope.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    signal.set_wakeup_fd(rope.detach(), warn_on_full_buffer=False)

    def ring(ready: int) -> None:
        bell.recv(1 << 16)

    loop.watch(bell, READ, ring)


def _next_frame(loop: Loop, link: Link) -> Mapping[str, Any]:
    """What the host says before there is a driver to hear it; ends this process with the host."""
    while not link.frames:
        if link.closed:
            os._exit(0)
        loop.step(None)
    asked: Mapping[str, Any] = wire.decode(link.frames.popleft().payload)
    return asked


def _lowered(end: int) -> int:
    """The same descriptor under a low number: a child closes only so many of them."""
    low = fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 3)
    if end > 2:
        os.close(end)
    else:  # what anybody prints from now on must not be taken for a frame
        os.dup2(os.open(os.devnull, os.O_RDONLY) if end == 0 else 2, end)
    return low


def _ahead(loop: Loop, link: Link, config: Mapping[str, Any]) -> Mapping[str, Any]:
    """Import what a submission will need, wait for it, then be walled in; return all that is known.

    Only our own code and the lab's libraries run before the wall is complete.
    """
    there = furnished.find(config["packages"], config["compilers"])
    config = {**config, "path": [*there.path, *config["path"]]}
    prepare(config)
    link.send(0, Kind.READY, wire.encode(there.told))
    placed = _next_frame(loop, link)
    furnished.place(placed["files"])
    wall = {**placed["wall"], "groups": there.groups, "mounted": True}
    lockdown.enter(wall)
    return {**config, "wall": wall}


def main(ends: list[int]) -> None:
    """Be the driver at the descriptors `ends` (a socket, or two pipes: in, out). Never returns."""
    ends = [_lowered(end) for end in ends]
    loop = Loop()
    link = Link(loop, ends[0], ends[-1])
    driver = None
    code = 0
    try:
        config = _next_frame(loop, link)
        if "packages" in config:
            config = _ahead(loop, link, config)
        else:
            prepare(config)
        _wake_for_children(loop)
        driver = Driver(loop, link, config)
        link.send(0, Kind.READY, wire.encode({}))
        driver.serve()
    except Exception as error:
        code = FAILED
        link.send(0, Kind.FAILED, wire.encode({"message": f"{type(error).__name__}: {error}"}))
        link.flush()
    finally:
        if driver is not None:
            driver.close()
        os._exit(code)  # nothing to wait for, and quick


def _compiled(folder: Path) -> dict[str, CodeType]:
    """Return the code of each module in `folder`, by name."""
    return {
        path.stem: compile(path.read_bytes(), str(path), "exec", dont_inherit=True)
        for path in folder.glob("*.py")
    }
