"""What the outcome words mean, in words for a student."""

from dataclasses import dataclass

from autograder.model import Outcome


@dataclass(frozen=True)
class Word:
    """An outcome as a reader meets it. Its icon and colour go by the outcome's own name."""

    label: str
    meaning: str


WORDS = {
    Outcome.PASS: Word("Pass", "Your code did all that the test asks."),
    Outcome.PARTIAL: Word(
        "Partial", "Part of what the test asks works, and earns part of its points."
    ),
    Outcome.WRONG: Word("Wrong", "Your code ran, but its answer is not the one the test asks for."),
    Outcome.CRASHED: Word("Crashed", "Your code raised an exception, or its process died."),
    Outcome.TIMEOUT: Word("Timeout", "Your code used more processor time than the limit allows."),
    Outcome.MEMORY: Word("Memory", "Your code used more memory than the limit allows."),
    Outcome.MISSING: Word(
        "Missing", "A stub not filled in yet, or a required file that was not handed in."
    ),
    Outcome.FORBIDDEN: Word("Forbidden", "Your code uses something that this lab rules out."),
    Outcome.BROKEN: Word(
        "Broken", "The grader failed, not you. It costs you nothing and will be graded again."
    ),
}
