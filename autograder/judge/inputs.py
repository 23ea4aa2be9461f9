"""The inputs of a case in words: all of a small array, the ends of a large one."""

from collections.abc import Mapping
from reprlib import Repr
from typing import Any

import numpy as np
from numpy.typing import NDArray

from autograder.model import Value

_SMALL = 60  # elements of an array that is shown whole
_ENDS = 3  # elements shown at each end of an axis
_AXES = 2  # a large array of more axes is shown as one row
_LONGEST = 1200  # characters of one input
_MOST = 20  # inputs


class _Words(Repr):
    """Bounded however deep and wide a value is: an author may pass on what a student returned."""

    def repr_ndarray(self, array: NDArray[Any], level: int) -> str:
        """Say type and shape, and show the elements."""
        head = f"{array.dtype} {array.shape} "
        return head + _elements(array, head)

    repr_MarkedArray = repr_ndarray


_words = _Words()
_words.maxlevel = 3
_words.maxlist = _words.maxtuple = _words.maxdict = 8
_words.maxstring = _words.maxother = 200


def in_words(inputs: Mapping[str, Value]) -> dict[str, str]:
    """Return each input as text: arrays as ``float64 (2, 3) [[...]]``, others as Python has them.

    At most 20 inputs of at most 1200 characters each.
    """
    return {name: _cut(_words.repr(inputs[name])) for name in list(inputs)[:_MOST]}


def _elements(array: NDArray[Any], head: str) -> str:
    if array.size > _SMALL and array.ndim > _AXES:
        array = array.flat[: _SMALL + 1]  # a copy, so only of what is needed
    return np.array2string(
        np.asarray(array),
        prefix=head,
        separator=", ",
        precision=5,
        threshold=_SMALL,
        edgeitems=_ENDS,
    )


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
