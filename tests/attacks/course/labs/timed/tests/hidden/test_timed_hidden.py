from autograder.judge import assert_close, exercise, paired_ratio

MARGIN = 4


@exercise("speed", points=10, hint="One pass is enough.")
def test_right_and_quick(student, reference, rng):
    """Right on fresh data, and no slower than four times the reference."""
    small, large = rng.normal(size=20), rng.normal(size=20_000)
    for probe, x in (("squares", small), ("twice", small), ("squares", large)):
        got, want = student.run(probe, x), reference.run(probe, x)
        for one, other in zip(_listed(got), _listed(want), strict=True):
            assert_close(one, other, rtol=1e-12)
    assert paired_ratio(student, reference, "squares", large, rounds=7) < MARGIN


def _listed(value):
    return value if isinstance(value, list) else [value]
