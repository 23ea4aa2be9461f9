"""An author's own calculation, remembered: one course secret makes one set of inputs."""

from collections.abc import Callable
from functools import lru_cache, wraps

from autograder.box import wire
from autograder.judge.marked import mark
from autograder.model import Value

_KEPT = 256  # answers of each oracle


def oracle(function: Callable[..., Value]) -> Callable[..., Value]:
    """Let `function` answer from memory what it was asked before, for the next submission too.

    It takes and returns plain data, and its answer depends on its arguments alone. What it gets and
    gives are copies, so that no test can spoil an answer for another; a tuple comes back as a list.
    An answer is marked like the reference's: it never travels to a student. What `function` raises
    is not remembered.

    Raises:
        WireError: an argument or an answer is not plain data.
    """

    @lru_cache(maxsize=_KEPT)
    def answer(asked: bytes) -> bytes:
        args, kwargs = wire.decode(asked)
        return wire.encode(function(*args, **kwargs))

    @wraps(function)
    def ask(*args: Value, **kwargs: Value) -> Value:
        return mark(wire.decode(answer(wire.encode([list(args), kwargs]))))

    return ask
