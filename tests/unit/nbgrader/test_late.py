"""The seam for late policies, as nbgrader calls it."""

import pytest
from nbgrader.preprocessors import AssignLatePenalties
from traitlets.config import Config


def half_a_point_an_hour(student, score, seconds):
    """Take off for lateness, but not from Ada."""
    return 0.0 if student == "ada" else seconds / 7200


@pytest.mark.parametrize(
    ("policy", "student", "taken"),
    [("", "bob", None), (f"{__name__}:half_a_point_an_hour", "bob", 1.5),
     (f"{__name__}:half_a_point_an_hour", "ada", 0.0)],
)  # fmt: skip
def test_nbgrader_takes_off_what_the_courses_function_says(policy, student, taken):
    config = Config()
    config.AssignLatePenalties.plugin_class = "autograder.nbgrader.late.LatePolicy"
    config.LatePolicy.policy = policy
    penalties = AssignLatePenalties(config=config)
    penalties.init_plugin()
    assert penalties.plugin_inst.late_submission_penalty(student, 10.0, 3 * 3600.0) == taken
