"""A worker process: judges the jobs that come down its pipe, one by one, until it closes."""

import multiprocessing
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection

from autograder.errors import AutograderError, InfraError
from autograder.model import Job, Result
from autograder.plugins import load

# Our own frozen dataclasses of strings, numbers and bytes, or an exception of our own tree. The
# pipe pickles them: both ends are ours, and what a box sent is in them as text and numbers only.
Answer = Result | AutograderError


def serve(connection: "Connection[Answer, Job]", grade: str) -> None:
    """Judge each job of `connection` with the function `grade` (``"module:function"``).

    Runs in the main thread of a fresh process: a box dies with the thread that opened it.
    """
    _obey_the_parent_only()
    # Standard output belongs to the parent (`--json -`), whatever a test or a library prints here.
    os.dup2(sys.stderr.fileno(), 1)
    try:
        judge = load("judge", {"judge": grade}, "judge")
        # Here, not above: the parent of the workers starts faster without the judge.
        from autograder.box.warm import keep_warm
        from autograder.judge.kept import keep_reference

        with keep_warm(), keep_reference():
            while True:
                connection.send(_answer(judge, connection.recv()))
    except (EOFError, ConnectionError, KeyboardInterrupt):
        return


def _answer(judge: Callable[[Job], Result], job: Job) -> Answer:
    try:
        return judge(job)
    except AutograderError as error:
        return error
    except Exception as error:
        if os.environ.get("AUTOGRADER_DEBUG"):
            traceback.print_exc()
        return InfraError(f"the judge failed: {type(error).__name__}: {error}")


def _obey_the_parent_only() -> None:
    """Leave Ctrl-C to the parent, which then sends SIGTERM; end when it is gone, even if killed."""
    # A function, not SIG_IGN: ignored signals stay ignored in the programs that a worker starts.
    signal.signal(signal.SIGINT, lambda *_: None)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    threading.Thread(target=_end_with_the_parent, daemon=True).start()


def _end_with_the_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGKILL)
