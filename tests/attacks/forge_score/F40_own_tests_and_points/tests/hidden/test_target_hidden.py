from autograder.judge import exercise


@exercise("double", points=1000)
def test_doubles_many_arrays(student):
    """Free points."""
