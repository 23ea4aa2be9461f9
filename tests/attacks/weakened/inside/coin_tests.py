"""One yes-or-no question: worth guessing at, if one may try again."""


def test_coin(answer):
    assert answer.total([1.0, 2.0]) == 3.0


TESTS = [test_coin]
