from autograder.judge import assert_equal, exercise

SECRET = 271828


@exercise("double", points=7)
def test_doubles_a_number(student, rng):
    """A whole number."""
    x = int(rng.integers(1, 1000))
    assert_equal(student.run("run", "double", x), 2.0 * x)


@exercise("guess", points=3)
def test_guesses_the_secret(student):
    """The secret number."""
    assert_equal(student.run("run", "guess"), float(SECRET))
