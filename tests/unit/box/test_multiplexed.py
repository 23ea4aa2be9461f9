"""Output and errors on one connection are taken apart, however they are cut into pieces."""

import struct

import pytest

from autograder.box.multiplexed import Demultiplexer


def packed(kind: int, data: bytes) -> bytes:
    return struct.pack(">BxxxI", kind, len(data)) + data


STREAM = packed(1, b"one") + packed(2, b"oops") + packed(1, b"") + packed(1, b"two" * 50)


@pytest.mark.parametrize("size", [1, 2, 7, 8, 9, 64, len(STREAM)])
def test_pieces_of_any_size(size):
    split = Demultiplexer()
    found = [split.feed(STREAM[at : at + size]) for at in range(0, len(STREAM), size)]
    assert b"".join(found) == b"one" + b"two" * 50
    assert split.errors == b"oops"


def test_only_the_tail_of_errors_is_kept():
    split = Demultiplexer()
    for number in range(300):
        split.feed(packed(2, b"%03d " % number * 10))
    assert len(split.errors) == 4000
    assert split.errors.endswith(b"299 ")


def test_nothing_is_nothing():
    assert Demultiplexer().feed(b"") == b""
