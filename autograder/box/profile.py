"""The system calls that a container of ours may make, in the form that engines read.

An allow list, laid on by the engine before the driver starts. The driver then lays `seccomp`'s own
filter over it, which looks at arguments; what both must agree on comes from its tables. Names that
a kernel or an engine does not know are left out by the engine. ``docker/seccomp.json`` is this
profile, written out (``python -m autograder.box.profile``).

Source of the form: the OCI runtime specification, "Seccomp", and the Docker documentation of
security profiles.
"""

import json
from typing import Any

from autograder.box import seccomp

_ENOSYS, _EPERM = 38, 1
_MASKED, _EQUAL = "SCMP_CMP_MASKED_EQ", "SCMP_CMP_EQ"

# What Python, NumPy, PyTorch, Numba, g++ and their kin use; asynchronous input and output, kernel
# keys, tracing, namespaces, mounts and all that only root may do are not among them.
_NAMES = """
accept accept4 access alarm arch_prctl bind brk capget capset chdir chmod chown clock_getres
clock_gettime clock_nanosleep close close_range connect copy_file_range creat dup dup2 dup3
epoll_create epoll_create1 epoll_ctl epoll_pwait epoll_pwait2 epoll_wait eventfd eventfd2 execve
execveat exit exit_group faccessat faccessat2 fadvise64 fallocate fchdir fchmod fchmodat fchown
fchownat fcntl fdatasync fgetxattr flistxattr flock fork fremovexattr fsetxattr fstat fstatfs fsync
ftruncate futex futex_waitv futimesat get_mempolicy get_robust_list getcpu getcwd getdents
getdents64 getegid geteuid getgid getgroups getitimer getpeername getpgid getpgrp getpid getppid
getpriority getrandom getresgid getresuid getrlimit getrusage getsid getsockname getsockopt gettid
gettimeofday getuid getxattr inotify_add_watch inotify_init inotify_init1 inotify_rm_watch
ioprio_get kill landlock_add_rule landlock_create_ruleset landlock_restrict_self lchown lgetxattr
link linkat listen listxattr llistxattr lremovexattr lseek lsetxattr lstat madvise mbind membarrier
mincore mkdir mkdirat mknod mknodat mlock mlock2 mlockall mmap mprotect mremap msync munlock
munlockall munmap nanosleep newfstatat open openat openat2 pause pidfd_open pidfd_send_signal pipe
pipe2 pkey_alloc pkey_free pkey_mprotect poll ppoll prctl pread64 preadv preadv2 pselect6 pwrite64
pwritev pwritev2 read readahead readlink readlinkat readv recvfrom recvmmsg recvmsg
remap_file_pages removexattr rename renameat renameat2 restart_syscall rmdir rseq rt_sigaction
rt_sigpending rt_sigprocmask rt_sigqueueinfo rt_sigreturn rt_sigsuspend rt_sigtimedwait
rt_tgsigqueueinfo sched_get_priority_max sched_get_priority_min sched_getaffinity sched_getattr
sched_getparam sched_getscheduler sched_rr_get_interval sched_yield seccomp select sendfile
sendmmsg sendmsg sendto set_mempolicy set_robust_list set_tid_address setfsgid setfsuid setgid
setgroups setitimer setpgid setregid setresgid setresuid setreuid setrlimit setsid setsockopt setuid
setxattr shutdown sigaltstack signalfd signalfd4 socketpair splice stat statfs statx symlink
symlinkat sync_file_range sysinfo tee tgkill time timer_create timer_delete timer_getoverrun
timer_gettime timer_settime timerfd_create timerfd_gettime timerfd_settime times tkill truncate
umask uname unlink unlinkat utime utimensat utimes vfork vmsplice wait4 waitid write writev
"""
_ALLOWED = _NAMES.split()
_DEVICES = ("ioctl",)  # but for what types into a terminal
_ALLOWED_PERSONALITIES = (0x0, 0x20000, 0xFFFFFFFF)  # Linux; 64 bit; only asking


def profile() -> dict[str, Any]:
    """Return the profile as plain data."""
    return {
        "defaultAction": "SCMP_ACT_ERRNO",
        "defaultErrnoRet": _ENOSYS,  # libraries then take the older way
        "archMap": [
            {"architecture": "SCMP_ARCH_X86_64", "subArchitectures": []},
            {"architecture": "SCMP_ARCH_AARCH64", "subArchitectures": []},
        ],
        "syscalls": [
            _rule(_ALLOWED),
            *(_rule(["personality"], _if(0, _EQUAL, kind)) for kind in _ALLOWED_PERSONALITIES),
            _rule(["clone"], _if(0, _MASKED, seccomp.NAMESPACES, 0)),
            *(_rule(["socket"], _if(0, _EQUAL, family)) for family in seccomp.FAMILIES),
            *(_rule([name], _if(0, _EQUAL, 0)) for name in seccomp.ONESELF_ONLY),
            _rule(["ioprio_set", "setpriority"], _if(1, _EQUAL, 0)),
            _rule(list(_DEVICES), *(_if(1, "SCMP_CMP_NE", code) for code in seccomp.TTY_INJECTION)),
            _refusal(sorted(set(seccomp.DENIED))),
        ],
    }


def _rule(names: list[str], *conditions: dict[str, Any]) -> dict[str, Any]:
    return {"names": names, "action": "SCMP_ACT_ALLOW", "args": list(conditions)}


def _refusal(names: list[str]) -> dict[str, Any]:
    """Say "not permitted", as the driver's own filter does, rather than "no such call"."""
    return {"names": names, "action": "SCMP_ACT_ERRNO", "errnoRet": _EPERM, "args": []}


def _if(index: int, test: str, value: int, wanted: int = 0) -> dict[str, Any]:
    return {"index": index, "value": value, "valueTwo": wanted, "op": test}


if __name__ == "__main__":
    print(json.dumps(profile(), indent=1))
