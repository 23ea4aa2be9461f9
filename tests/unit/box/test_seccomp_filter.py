"""The filter, run by a small interpreter of its instructions: no kernel is needed."""

import errno
from dataclasses import dataclass

import pytest

from autograder.box import seccomp

ALLOW, KILL = 0x7FFF0000, 0x80000000
ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
CLONE_NEWUSER, CLONE_THREADS = 0x10000000, 0x3D0F00


def refused(error):
    return 0x00050000 | error


@dataclass
class Call:
    number: int
    args: tuple = ()
    arch: int = 0

    def load(self, offset):
        if offset == 0:
            return self.number
        if offset == 4:
            return self.arch
        index, half = divmod(offset - 16, 8)
        value = self.args[index] if index < len(self.args) else 0
        return (value >> (8 * half)) & 0xFFFFFFFF


def verdict(program, call):
    """What `program` says of `call`."""
    at = accumulator = 0
    while True:
        code, true, false, operand = program[at]
        at += 1
        if code == 0x20:
            accumulator = call.load(operand)
        elif code == 0x54:
            accumulator &= operand
        elif code == 0x06:
            return operand
        else:
            tests = {0x15: accumulator == operand, 0x35: accumulator >= operand}
            at += true if tests.get(code, bool(accumulator & operand)) else false


@pytest.fixture(params=["x86_64", "aarch64"])
def machine(request):
    return request.param


@pytest.fixture
def ask(machine):
    program = seccomp.assemble(machine)

    def ask(numbers, *args):
        number = numbers[0 if machine == "x86_64" else 1]
        return verdict(program, Call(number, args, ARCH[machine]))

    return ask


@pytest.mark.parametrize(
    "numbers",
    [(0, 63), (1, 64), (9, 222), (257, 56), (16, 29), (202, 98), (62, 129), (231, 94)],
    ids=["read", "write", "mmap", "openat", "ioctl", "futex", "kill", "exit_group"],
)
def test_ordinary_calls_are_allowed(ask, numbers):
    assert ask(numbers, 5, 7) == ALLOW


@pytest.mark.parametrize(
    "numbers",
    [(101, 117), (310, 270), (319, 279), (29, 194), (425, 425), (250, 219), (272, 97), (165, 40)],
    ids=["ptrace", "readv", "memfd", "shmget", "io_uring", "keyctl", "unshare", "mount"],
)
def test_dangerous_calls_are_refused(ask, numbers):
    assert ask(numbers) == refused(errno.EPERM)


def test_every_denied_number_is_refused(machine):
    program = seccomp.assemble(machine)
    column = list(ARCH).index(machine)
    numbers = [pair[column] for pair in seccomp.DENIED.values() if pair[column] >= 0]
    assert len(numbers) == len(set(numbers))
    for number in numbers:
        assert verdict(program, Call(number, (), ARCH[machine])) == refused(errno.EPERM)


def test_limits_of_oneself_but_of_nobody_else(ask):
    assert ask((302, 261), 0, 7) == ALLOW
    assert ask((302, 261), 1, 7) == refused(errno.EPERM)


def test_a_pid_is_read_as_the_kernel_reads_it(ask):
    assert ask((302, 261), (1 << 32) | 1) == refused(errno.EPERM)


def test_priority_of_oneself_but_not_of_the_user(ask):
    assert ask((141, 140), 0, 0) == ALLOW
    assert ask((141, 140), 0, 1) == refused(errno.EPERM)
    assert ask((141, 140), 2, 0) == refused(errno.EPERM)


def test_threads_but_no_namespaces(ask):
    assert ask((56, 220), CLONE_THREADS) == ALLOW
    assert ask((56, 220), CLONE_NEWUSER | 17) == refused(errno.EPERM)
    assert ask((435, 435)) == refused(errno.ENOSYS)


def test_families_of_sockets(ask):
    assert [ask((41, 198), family) for family in (1, 2, 10, 16)] == [ALLOW] * 4
    assert ask((41, 198), 40) == refused(errno.EPERM)  # vsock: knows no network namespace
    assert ask((53, 199), 1) == ALLOW


def test_pairs_of_sockets_alone(machine):
    program = seccomp.assemble(machine, sockets=False)
    column = list(ARCH).index(machine)

    def ask(numbers, *args):
        return verdict(program, Call(numbers[column], args, ARCH[machine]))

    for numbers in seccomp._SOCKETS.values():
        assert ask(numbers, 1, 1) == refused(errno.EPERM)
    pair, cloexec = (53, 199), 0o2000000
    assert [ask(pair, 1, kind | cloexec) for kind in (1, 5)] == [ALLOW] * 2
    assert [ask(pair, 1, kind | cloexec) for kind in (2, 3)] == [refused(errno.EPERM)] * 2
    assert ask(pair, 2, 1) == refused(errno.EPERM)
    assert ask((0, 63)) == ALLOW
    assert ask((101, 117)) == refused(errno.EPERM)


def test_no_input_can_be_put_into_a_terminal(ask):
    assert ask((16, 29), 0, 0x5412) == refused(errno.EPERM)
    assert ask((16, 29), 0, (7 << 32) | 0x5412) == refused(errno.EPERM)
    assert ask((16, 29), 0, 0x5413) == ALLOW


def test_calls_newer_than_the_filter_do_not_exist(ask):
    assert ask((463, 463)) == refused(errno.ENOSYS)


def test_foreign_architectures_are_killed(machine):
    program = seccomp.assemble(machine)
    assert verdict(program, Call(0, (), 0x40000003)) == KILL
    assert verdict(program, Call(0x40000000 | 101, (), ARCH[machine])) == KILL


def test_a_handler_for_ended_children_is_only_pretended(machine):
    program = seccomp.assemble_for_child(machine)
    number = (13, 134)[list(ARCH).index(machine)]
    assert verdict(program, Call(number, (17, 0xFFFF), ARCH[machine])) == refused(0)
    assert verdict(program, Call(number, (17, 1 << 32), ARCH[machine])) == refused(0)
    assert verdict(program, Call(number, (17, 0), ARCH[machine])) == ALLOW
    assert verdict(program, Call(number, (15, 0xFFFF), ARCH[machine])) == ALLOW
    assert verdict(program, Call(number + 1, (17, 0xFFFF), ARCH[machine])) == ALLOW


def test_an_unknown_machine_is_an_error():
    with pytest.raises(OSError, match="riscv64"):
        seccomp.assemble("riscv64")
