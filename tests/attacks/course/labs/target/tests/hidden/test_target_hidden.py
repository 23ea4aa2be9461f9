import numpy as np

from autograder.judge import CallFailed, Outcome, assert_close, assert_equal, exercise

SECRET = 271828


@exercise("double", points=3, hint="Every element, whatever the shape.")
def test_doubles_many_arrays(student, reference, rng):
    """Many arrays, one of which holds the canary."""
    cases = [[np.full((2, 2), float(SECRET))]]
    cases += [[rng.normal(size=(3, size))] for size in range(1, 12)]
    seen = student.map("double", cases)
    want = reference.map("double", cases)
    for mine, theirs in zip(seen, want, strict=True):
        if mine.outcome is not Outcome.PASS:
            raise CallFailed("double", mine)
        assert_close(mine.value, theirs.value, rtol=1e-12, dtype="float64")


@exercise("total", points=3)
def test_totals_a_list(student, reference, rng):
    """A list of numbers."""
    xs = rng.normal(size=50).tolist()
    got = student.run("total", xs)
    assert_close(got, reference.run("total", xs), rtol=1e-9)


@exercise("guess", points=3, hint="Think of a constant.")
def test_guesses_the_secret(student):
    """The secret number."""
    assert_equal(student.run("guess"), SECRET)
