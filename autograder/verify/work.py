"""What a worker does with one piece of a proof."""

from autograder.judge.grade import grade
from autograder.model import Job, Result
from autograder.verify.replay import Replay, replay
from autograder.verify.watch import Watch, watch

GRADE = "autograder.verify.work:judge"  # for an executor


def judge(job: Job) -> Result:
    """Judge `job`: watched, replayed, or as any submission.

    Raises:
        CourseError: the lab is wrong.
    """
    if isinstance(job, Watch):
        return watch(job)
    return replay(job) if isinstance(job, Replay) else grade(job)
