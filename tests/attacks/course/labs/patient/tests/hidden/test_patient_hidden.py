from autograder.judge import assert_equal, exercise


@exercise("double", points=10)
def test_doubles_an_array(student, rng):
    """An array."""
    x = rng.normal(size=3)
    assert_equal(student.run("double", x), 2 * x)
