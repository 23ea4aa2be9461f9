"""How a run ended, as one of the errors that a caller knows."""

import signal
from collections.abc import Mapping
from typing import Any

from labkit.npu.errors import (
    KernelCrashed,
    KernelMemory,
    KernelTimeout,
    LaunchError,
    RunError,
    TraceError,
)
from labkit.npu.limits import Ended

_SIGNALS = {
    signal.SIGSEGV: "it touched memory that is not its own (SIGSEGV)",
    signal.SIGBUS: "it touched memory that is not there (SIGBUS)",
    signal.SIGFPE: "it divided an integer by zero (SIGFPE)",
    signal.SIGABRT: "it gave up (SIGABRT)",
    signal.SIGILL: "it came to an end that the compiler took for impossible (SIGILL)",
    signal.SIGXFSZ: "it wrote a file larger than it may (SIGXFSZ)",
}
_NO_MEMORY = "std::bad_alloc"


def of_process(ended: Ended, seconds: float) -> RunError | None:
    """Return what is to be raised of a recording process that was ended, by us or by itself."""
    if ended.timed_out or ended.signal == signal.SIGXCPU:
        return KernelTimeout(f"the kernel took longer than {seconds:g} s, and was ended")
    if ended.signal == signal.SIGKILL or (ended.signal and _NO_MEMORY in ended.text):
        return KernelMemory("the kernel's process asked for more memory than it may have")
    if ended.signal in (0, signal.SIGPIPE):
        return None
    name = signal.Signals(ended.signal).name
    why = _SIGNALS.get(signal.Signals(ended.signal), f"it was ended by {name}")
    return KernelCrashed(f"the kernel's process crashed: {why}")


def of_replay(document: Mapping[str, Any], ended: Ended, *, program: bool) -> RunError | None:
    """Return what is to be raised of what the replay found, if anything.

    Args:
        document: the replay's report.
        ended: how the recording process did, if nothing is to be raised of it.
        program: whether the student's own ``main`` ran: its exit code means what it likes.
    """
    if document["fault"] is not None:
        return LaunchError(document["fault"])
    if ended.returncode and not program:
        text = f"the kernel's process ended itself, with status {ended.returncode}"
        return KernelCrashed(text)
    if document["trace_error"] is not None:
        return TraceError(f"the record of the run is damaged: {document['trace_error']}")
    if not document["complete"]:
        return KernelCrashed("the process ended before its record did: does it call exit?")
    return None
