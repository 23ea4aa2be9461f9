"""``python -m tests.bench.judging WALL``: judges Lab 1's solution for each number that it reads.

It answers with the seconds that took, and with those of them that were the student's CPU time. It
works as a worker of `grade` does: one box kept for the reference, others warm.
"""

import sys
import time
from pathlib import Path

from autograder.box.warm import keep_warm
from autograder.course import load_lab
from autograder.judge.grade import files_to_hand_in, grade
from autograder.judge.kept import keep_reference
from autograder.model import Job, digest_of

ROOT = Path(__file__).parents[2]
LAB = "lab1_autograd"


def main(wall: str) -> None:
    """Serve until standard input ends."""
    lab = load_lab(ROOT, LAB)
    solution = files_to_hand_in(lab, lab.solution)
    answers = sys.stdout
    sys.stdout = sys.stderr  # what tests print is no answer
    with keep_warm(), keep_reference():
        for number in sys.stdin:
            files = {**solution, "autograd/note.py": f"# {number}".encode()}
            secret = b"a secret of thirty-two bytes....."
            job = Job(str(ROOT), LAB, digest_of(files), files, secret, sandbox=wall)
            began = time.perf_counter()
            result = grade(job)
            seconds = time.perf_counter() - began
            assert result.score == result.max_score, result
            tests = (test for exercise in result.exercises for test in exercise.tests)
            print(seconds, sum(test.cpu_seconds for test in tests), file=answers, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
