from autograder.judge import assert_equal, exercise


@exercise("double", points=1)
def test_doubles_a_small_array(student, rng):
    """A small array."""
    x = rng.normal(size=3)
    assert_equal(student.run("double", x), 2 * x)
