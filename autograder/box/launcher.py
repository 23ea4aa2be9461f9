"""What holds a driver, seen from the host: a process here, or a container of some engine."""

import subprocess
from contextlib import suppress
from typing import IO, Protocol

from autograder.model import Outcome

_REAP_SECONDS = 0.5  # from the last word of a process to its end
_MOST_LOGGED = 4000  # bytes of what a launcher says


class Launcher(Protocol):
    """Started a driver, and can end it and tell of its end."""

    pid: int  # of the process on this machine that ends the box with it; 0: there is none

    def end(self, seconds: float) -> None:
        """End the box: `seconds` to end by itself, then by force. Ending twice is harmless."""

    def last_words(self) -> str:
        """Return what is known of the driver's end, or of why it does not start."""

    def blame(self, silent: bool) -> Outcome:
        """Return what the end of a driver means for the call it was in.

        Args:
            silent: it did not end, it gave no answer in time.

        Raises:
            InfraError: it ended by nothing that student code can do.
        """


class ProcessLauncher:
    """A process of this machine: the driver itself, or what walls it in."""

    def __init__(self, process: subprocess.Popen[bytes], log: IO[bytes]) -> None:
        """Take over both; `log` is what the process writes to its standard error."""
        self._process, self._log = process, log
        self.pid = process.pid

    def end(self, seconds: float) -> None:
        """See `Launcher.end`."""
        try:
            self._process.wait(seconds)  # the driver ends what it started
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def last_words(self) -> str:
        """See `Launcher.last_words`."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_REAP_SECONDS)
        self._log.seek(0)
        said = self._log.read()[-_MOST_LOGGED:].decode(errors="replace").strip()
        return said or f"its process ended with status {self._process.poll()}"

    def blame(self, silent: bool) -> Outcome:
        """See `Launcher.blame`: nobody but student code is near enough to end it."""
        return Outcome.TIMEOUT if silent else Outcome.CRASHED
