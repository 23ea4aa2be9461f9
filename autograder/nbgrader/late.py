"""Where a course says what lateness costs, in nbgrader's grade book."""

from collections.abc import Callable

from nbgrader.plugins import LateSubmissionPlugin
from traitlets import Unicode

from autograder.plugins import load

Policy = Callable[[str, float, float], float]


class LatePolicy(LateSubmissionPlugin):
    """Takes off what a function of the course says; without one, nothing.

    nbgrader asks when it grades a hand-in that came after the due date, by the time it wrote down.
    """

    policy = Unicode(
        help="module:function, called with student, score and seconds late; returns points."
    ).tag(config=True)

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float | None:
        """Return the points to take off; nbgrader keeps them between 0 and the score."""
        if not self.policy:
            return None
        policy: Policy = load("late policy", {self.policy: self.policy}, self.policy)
        return policy(student_id, score, total_seconds_late)
