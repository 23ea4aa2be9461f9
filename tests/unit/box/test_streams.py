"""Byte streams into and out of a box."""

import pytest
from opened_box import LIMITS, WALLED_OR_NOT, caller, open_box

from autograder.errors import InfraError
from autograder.model import Limits

PROBES = """
import os, socket, threading

def echo_through(path, data, pieces=1):
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(path)
        sender = threading.Thread(target=lambda: (line.sendall(data), line.shutdown(1)))
        sender.start()
        got = b""
        while part := line.recv(65536):
            got += part
        sender.join()
        return got
def unread(path):
    line = socket.socket(socket.AF_UNIX)
    line.connect(path)
    line.settimeout(0.2)
    sent = 0
    try:
        while True:
            sent += line.send(bytes(65536))
    except TimeoutError:
        return sent
def many(path, count):
    lines = [socket.socket(socket.AF_UNIX) for _ in range(count)]
    for n, line in enumerate(lines):
        line.connect(path)
        line.sendall(b"%d" % n)
    return [line.recv(99) for line in lines]
def listen(path):
    server = socket.socket(socket.AF_UNIX)
    server.bind(path)
    server.listen()
    def serve():
        while True:
            line, _ = server.accept()
            threading.Thread(target=answer, args=(line,), daemon=True).start()
    threading.Thread(target=serve, daemon=True).start()
def answer(line):
    with line:
        while data := line.recv(65536):
            line.sendall(data.upper())
def nothing(): return os.getcwd()
"""


@pytest.fixture(scope="module", params=WALLED_OR_NOT)
def box(request):
    with open_box(PROBES, sandbox_name=request.param) as opened:
        yield opened


def test_student_code_reaches_a_service_and_its_answer_comes_back(box):
    with box.service("echo") as service:
        assert caller(box)("echo_through", service.path, b"hello").value == b"hello"
        assert caller(box)("echo_through", service.path, b"again").value == b"again"
        data = bytes(range(256)) * 20_000
        assert caller(box)("echo_through", service.path, data).value == data


def test_connections_do_not_mix(box):
    with box.service("echo") as service:
        seen = caller(box)("many", service.path, 10)
    assert seen.value == [b"%d" % n for n in range(10)]


def test_a_connection_that_is_not_read_stalls_itself_only(box):
    with box.service("echo") as service:
        assert caller(box)("unread", service.path).value < 16 << 20
        assert caller(box)("echo_through", service.path, b"hello").value == b"hello"


def test_a_service_is_there_only_while_it_is_attached(box):
    with box.service("echo") as service:
        path = service.path
    assert caller(box)("echo_through", path, b"hello").error.type == "FileNotFoundError"


def test_an_unknown_service_is_named(box):
    message = r"no service 'ehco'; did you mean 'echo'\?"
    with pytest.raises(InfraError, match=message), box.service("ehco"):
        pass


def test_a_service_works_in_a_session_too(box):
    with box.service("echo") as service, box.session(LIMITS) as session:
        for word in (b"one", b"two"):
            assert session.call("echo_through", [service.path, word], {}, LIMITS).value == word


def test_the_host_reaches_a_server_in_the_box(box):
    with box.session(LIMITS) as session:
        path = session.call("nothing", [], {}, LIMITS).value + "/server"
        session.call("listen", [path], {}, LIMITS)
        with box.connect(path) as stream, box.connect(path) as other:
            stream.send(b"hello")
            other.send(b"other")
            assert stream.recv() == b"HELLO"
            assert other.recv(2) == b"OT"
            assert other.recv() == b"HER"
            session.call("nothing", [], {}, LIMITS)
            stream.send(b"x" * 300_000)
            got = b""
            while len(got) < 300_000:
                got += stream.recv()
            assert got == b"X" * 300_000
    assert stream.recv() == b""


def test_where_nobody_listens_the_stream_is_at_its_end(box):
    with box.session(LIMITS), box.connect("/nowhere/at/all") as stream:
        stream.send(b"hello?")
        assert stream.recv() == b""


def test_a_server_that_says_nothing_is_not_waited_for(box, monkeypatch):
    monkeypatch.setattr("autograder.model.Limits.wall_seconds", 0.3)
    with box.session(Limits()) as session:
        path = session.call("nothing", [], {}, Limits()).value + "/silent"
        session.call("listen", [path], {}, Limits())
        with box.connect(path) as stream:
            assert stream.recv() == b""


def test_connect_needs_a_session(box):
    with pytest.raises(InfraError, match="session"), box.connect("/x"):
        pass
