"""A run: one process records, another replays beside it, and a report comes of both."""

import os
from contextlib import ExitStack, closing

from labkit.npu.errors import RunError
from labkit.npu.limits import Ended
from labkit.npu.outcome import of_process, of_replay
from labkit.npu.recording import Task, recording
from labkit.npu.replaying import Replay, Replayed
from labkit.npu.report import Report, from_replay
from labkit.npu.toolchain import toolchain

_REPLAY_SECONDS = 60.0  # more than the recording process had


def perform(task: Task) -> Report:
    """Run `task`, write its arrays in place, and return the report.

    Raises:
        RunError: the run did not come to its end; arrays are as they were.
    """
    program = task.arguments is None
    with ExitStack() as stack:
        image = None if task.arguments is None else task.arguments.image()
        if image is not None:
            stack.callback(os.close, image)
        running, trace = stack.enter_context(recording(task, image))
        replay = Replay(
            toolchain().replay, task.soc, task.arguments, image, trace, launch=task.launch
        )
        stack.enter_context(closing(replay))
        ended = running.wait()
        failure = of_process(ended, task.seconds)
        try:
            replayed = replay.finish(task.seconds + _REPLAY_SECONDS)
        except RunError as error:
            raise failure or error from error
        report = _report(replayed, ended)
        failure = failure or of_replay(replayed.document, ended, program=program)
        if failure is not None:
            failure.report = report
            raise failure
        replay.take()
        return report


def _report(replayed: Replayed, ended: Ended) -> Report:
    return from_replay(
        replayed.document,
        output=ended.text,
        reads=replayed.reads,
        exit_code=ended.returncode,
    )
