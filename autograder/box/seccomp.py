"""A system-call filter for the box, assembled by hand: what no lab needs and an attack does.

It is a deny list with a ceiling: calls newer than the filter do not exist (ENOSYS). Most of what
it denies is out of reach anyway (no capabilities, no new privileges); this is the second lock.
Runs inside the box: imports nothing of ours.
"""

import ctypes
import errno
import struct
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_PR_SET_SECCOMP = 22
_MODE_FILTER = 2
_ALLOW = 0x7FFF0000
_ERRNO = 0x00050000
_KILL_PROCESS = 0x80000000
_LOAD, _JUMP_EQUAL, _JUMP_AT_LEAST, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_AND = 0x54
_NUMBER, _ARCH, _ARGS = 0, 4, 16  # offsets in struct seccomp_data
_NEWEST = (
    462  # the last call this filter knows (mseal); numbers from 424 on are the same everywhere
)
_X32 = 0x40000000  # numbers of the x32 interface, which would dodge a filter by number

NAMESPACES = 0x7E020000  # CLONE_NEW{NS,CGROUP,UTS,IPC,USER,PID,NET}
FAMILIES = (1, 2, 10, 16)  # unix, inet, inet6, netlink
_PAIRED, _KIND = (1, 5), 0xF  # SOCK_STREAM, SOCK_SEQPACKET; a datagram could go to anybody
TTY_INJECTION = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX
_SIGCHLD = 17
_SOL_SOCKET, _BUFFER_SIZES = 1, (7, 8, 32, 33)  # SO_SNDBUF, SO_RCVBUF, and both by force

_libc = ctypes.CDLL(None, use_errno=True)

Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, operand


class Machine(NamedTuple):
    """What differs between processors."""

    arch: int  # AUDIT_ARCH_* of its 64-bit interface
    column: int  # of the tables below


_MACHINES = {"x86_64": Machine(0xC000003E, 0), "aarch64": Machine(0xC00000B7, 1)}

# name: (x86-64, aarch64); -1 where there is none.
DENIED = {
    # other processes of the same user, the driver first of all
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    "perf_event_open": (298, 241),
    # memory that no limit counts and that outlives the call
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "shmat": (30, 196),
    "shmctl": (31, 195),
    "shmdt": (67, 197),
    "msgget": (68, 186),
    "msgsnd": (69, 189),
    "msgrcv": (70, 188),
    "msgctl": (71, 187),
    "semget": (64, 190),
    "semop": (65, 193),
    "semctl": (66, 191),
    "semtimedop": (220, 192),
    "mq_open": (240, 180),
    "mq_unlink": (241, 181),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    # the way out: namespaces, mounts, roots
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    # large parts of the kernel, rich in past holes
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "bpf": (321, 280),
    "userfaultfd": (323, 282),
    "fanotify_init": (300, 262),
    "modify_ldt": (154, -1),
    "uselib": (134, -1),
    # the machine itself
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "reboot": (169, 142),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    "acct": (163, 89),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "syslog": (103, 116),
    "vhangup": (153, 58),
    "sync": (162, 81),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "iopl": (172, -1),
    "ioperm": (173, -1),
}

# Calls of the form f(pid, …): fine for oneself (0), not for another process.
ONESELF_ONLY = {
    "prlimit64": (302, 261),
    "sched_setaffinity": (203, 122),
    "sched_setscheduler": (144, 119),
    "sched_setparam": (142, 118),
    "sched_setattr": (314, 274),
}

# Where the network, with its abstract names, is shared with the judge: pairs are left.
_SOCKETS = {
    "socket": (41, 198),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
}


def assemble(machine: str, *, sockets: bool = True) -> list[Instruction]:
    """Return the filter for a `machine` as `platform.machine` names it.

    Args:
        machine: the kind of processor.
        sockets: False leaves nothing but pairs of sockets that are joined for good.

    Raises:
        OSError: there is no filter for this kind of machine.
    """
    arch, column = _machine(machine)
    table = DENIED if sockets else DENIED | _SOCKETS
    denied = [numbers[column] for numbers in table.values() if numbers[column] >= 0]
    oneself = [numbers[column] for numbers in ONESELF_ONLY.values()]
    setpriority, ioprio_set, clone, socket, socketpair, ioctl, setsockopt = (
        (141, 251, 56, 41, 53, 16, 54),
        (140, 30, 220, 198, 199, 29, 208),
    )[column]
    blocks = [
        *(_block(number, _verdict(errno.EPERM)) for number in denied),
        *(_block(number, _unless(0, [0])) for number in oneself),
        # PRIO_PROCESS of oneself; PRIO_USER would reach the driver.
        _block(setpriority, [*_refuse_unless(0, [0]), *_unless(1, [0])]),
        _block(ioprio_set, [*_refuse_unless(0, [1]), *_unless(1, [0])]),
        _block(clone, _if_any_bit(0, NAMESPACES)),
        _block(435, _verdict(errno.ENOSYS)),  # clone3: its flags lie in memory, out of sight
        _block(socket, _unless(0, FAMILIES)),
        _block(socketpair, _unless(0, FAMILIES) if sockets else _joined_for_good()),
        _block(ioctl, _if_one_of(1, TTY_INJECTION, errno.EPERM)),
        # The kernel's memory behind a socket is in no process's size: it keeps its default, and
        # `meter` knows what to count. Programs that ask for more are told that they have it.
        _block(setsockopt, [*_allow_unless(1, _SOL_SOCKET), *_if_one_of(2, _BUFFER_SIZES, 0)]),
    ]
    return [*_prologue(arch), *(step for block in blocks for step in block), _return(_ALLOW)]


def assemble_for_child(machine: str) -> list[Instruction]:
    """Return a filter that only pretends to set a SIGCHLD handler.

    A process that ignores SIGCHLD has its children reaped by the kernel, and their CPU time is
    then in nobody's account. Saying "done" rather than EPERM keeps innocent programs running.
    """
    rt_sigaction = (13, 134)[_machine(machine).column]
    pretend = [
        _argument(0),
        (_JUMP_EQUAL, 1, 0, _SIGCHLD),
        _return(_ALLOW),
        _argument(1),
        (_JUMP_EQUAL, 0, 2, 0),  # a null pointer only asks which handler there is
        _argument(1, high=True),
        (_JUMP_EQUAL, 1, 0, 0),
        _return(_ERRNO),
        _return(_ALLOW),
    ]
    return [(_LOAD, 0, 0, _NUMBER), *_block(rt_sigaction, pretend), _return(_ALLOW)]


def install(program: Sequence[Instruction]) -> None:
    """Lay a filter on this process and all it forks; there is no way to take it off.

    Needs no_new_privs or CAP_SYS_ADMIN. Raises OSError if the kernel refuses.
    """
    packed = b"".join(struct.pack("=HBBI", *step) for step in program)
    code = ctypes.create_string_buffer(packed, len(packed))
    header = ctypes.create_string_buffer(struct.pack("@HP", len(program), ctypes.addressof(code)))
    if _libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(header), 0, 0):
        raise OSError(ctypes.get_errno(), "the kernel refused the system-call filter")


def _machine(name: str) -> Machine:
    if name not in _MACHINES:
        raise OSError(errno.ENOSYS, f"no system-call filter for {name!r} processors")
    return _MACHINES[name]


def _prologue(arch: int) -> list[Instruction]:
    return [
        (_LOAD, 0, 0, _ARCH),
        (_JUMP_EQUAL, 1, 0, arch),
        _return(_KILL_PROCESS),
        (_LOAD, 0, 0, _NUMBER),
        (_JUMP_AT_LEAST, 0, 1, _X32),
        _return(_KILL_PROCESS),
        (_JUMP_AT_LEAST, 0, 1, _NEWEST + 1),
        _return(_ERRNO | errno.ENOSYS),
    ]


def _block(number: int, body: Sequence[Instruction]) -> list[Instruction]:
    """Run `body`, which always ends the filter, for the call `number`; else skip it."""
    return [(_JUMP_EQUAL, 0, len(body), number), *body]


def _return(verdict: int) -> Instruction:
    return (_RETURN, 0, 0, verdict)


def _verdict(error: int) -> list[Instruction]:
    return [_return(_ERRNO | error)]


def _argument(index: int, *, high: bool = False) -> Instruction:
    # Both machines are little-endian; of pids, families and commands the kernel reads 32 bits.
    return (_LOAD, 0, 0, _ARGS + 8 * index + (4 if high else 0))


def _refuse_unless(index: int, allowed: Iterable[int]) -> list[Instruction]:
    """Fall through when argument `index` is one of `allowed`, else EPERM."""
    values = list(allowed)
    tests = [(_JUMP_EQUAL, len(values) - i, 0, value) for i, value in enumerate(values)]
    return [_argument(index), *tests, *_verdict(errno.EPERM)]


def _unless(index: int, allowed: Iterable[int]) -> list[Instruction]:
    return [*_refuse_unless(index, allowed), _return(_ALLOW)]


def _joined_for_good() -> list[Instruction]:
    allowed = [(_JUMP_EQUAL, len(_PAIRED) - i, 0, kind) for i, kind in enumerate(_PAIRED)]
    kind = [_argument(1), (_AND, 0, 0, _KIND), *allowed, *_verdict(errno.EPERM), _return(_ALLOW)]
    return [*_refuse_unless(0, [1]), *kind]


def _allow_unless(index: int, value: int) -> list[Instruction]:
    """Fall through when argument `index` is `value`, else allow."""
    return [_argument(index), (_JUMP_EQUAL, 1, 0, value), _return(_ALLOW)]


def _if_one_of(index: int, refused: Sequence[int], error: int) -> list[Instruction]:
    """End with `error` (0: pretend success) when argument `index` is one of `refused`."""
    tests = [(_JUMP_EQUAL, len(refused) - i, 0, value) for i, value in enumerate(refused)]
    return [_argument(index), *tests, _return(_ALLOW), *_verdict(error)]


def _if_any_bit(index: int, bits: int) -> list[Instruction]:
    return [
        _argument(index),
        (_JUMP_ANY_BIT, 0, 1, bits),
        *_verdict(errno.EPERM),
        _return(_ALLOW),
    ]
