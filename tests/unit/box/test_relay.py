import os
import socket
from contextlib import suppress

import pytest

from autograder.box.frames import Kind
from autograder.box.link import Link, Loop
from autograder.box.relay import WINDOW, Relays


class Pair:
    """Both sides of a wall in one process: `here` and `there` are the ends of stream 2."""

    def __init__(self):
        self.loop = Loop()
        a, b = (end.detach() for end in socket.socketpair())
        self.links = Link(self.loop, a, a), Link(self.loop, b, b)
        self.sides = [Relays(self.loop, link) for link in self.links]
        self.here, self.there = (self.join(side, 2) for side in self.sides)

    def join(self, side, stream):
        mine, relayed = socket.socketpair()
        mine.settimeout(5)
        side.add(stream, relayed)
        return mine

    def turn(self, times=50):
        for _ in range(times):
            self.loop.step(0)
            for link, side in zip(self.links, self.sides, strict=True):
                while link.frames:
                    side.handle(link.frames.popleft())

    def pour(self, source, most):
        """Send until nothing more is taken; return how much was."""
        source.setblocking(False)
        sent = refused = 0
        while sent < most and refused < 2:
            try:
                sent += source.send(bytes(65536))
                refused = 0
            except BlockingIOError:
                refused += 1
                self.turn()
        return sent

    def close(self):
        for side, link in zip(self.sides, self.links, strict=True):
            side.close()
            link.close()
        self.loop.close()
        self.here.close()
        self.there.close()


@pytest.fixture
def pair():
    made = Pair()
    yield made
    made.close()


def test_bytes_arrive_both_ways(pair):
    pair.here.sendall(b"question")
    pair.there.sendall(b"answer")
    pair.turn()
    assert pair.there.recv(99) == b"question"
    assert pair.here.recv(99) == b"answer"


def test_half_a_stream_may_end_and_the_other_half_go_on(pair):
    pair.here.sendall(b"all I have")
    pair.here.shutdown(socket.SHUT_WR)
    pair.turn()
    assert pair.there.recv(99) == b"all I have"
    assert pair.there.recv(99) == b""
    pair.there.sendall(b"so much for that")
    pair.turn()
    assert pair.here.recv(99) == b"so much for that"
    pair.there.close()
    pair.turn()
    assert pair.here.recv(99) == b""
    assert [len(side) for side in pair.sides] == [0, 0]


def test_a_closed_end_closes_the_other(pair):
    pair.here.close()
    pair.turn()
    assert pair.there.recv(99) == b""
    with pytest.raises(OSError):
        for _ in range(20):
            pair.there.sendall(b"anybody?")
            pair.turn()
    assert [len(side) for side in pair.sides] == [0, 0]


def test_who_does_not_read_costs_a_bounded_buffer_and_stops_no_other_stream(pair):
    taken = pair.pour(pair.here, 64 * WINDOW)
    assert taken < 8 * WINDOW
    other = [pair.join(side, 4) for side in pair.sides]
    other[0].sendall(b"still here")
    pair.turn()
    assert other[1].recv(99) == b"still here"
    for end in other:
        end.close()


def test_a_large_stream_arrives_whole(pair):
    data = os.urandom(3 * WINDOW + 17)
    pair.here.setblocking(False)
    pair.there.setblocking(False)
    rest, got = memoryview(data), bytearray()
    while len(got) < len(data):
        with suppress(BlockingIOError):
            rest = rest[pair.here.send(rest[:100_000]) :]
        pair.turn(1)
        with suppress(BlockingIOError):
            got += pair.there.recv(100_000)
    assert got == data


def test_what_was_sent_before_all_is_closed_still_arrives(pair):
    pair.here.sendall(b"last words")
    pair.sides[0].close()
    pair.turn()
    assert pair.there.recv(99) == b"last words"
    assert pair.there.recv(99) == b""


def test_frames_of_a_stream_that_is_gone_are_ignored(pair):
    pair.links[0].send(99, Kind.DATA, b"late")
    pair.links[0].send(99, Kind.CLOSE)
    pair.turn()
    assert all(not link.closed for link in pair.links)


def test_who_sends_more_than_the_window_loses_the_stream(pair):
    for _ in range(5):
        pair.links[0].send(2, Kind.DATA, bytes(WINDOW))
    pair.turn()
    assert len(pair.sides[1]) == 0
