"""Why a machine refuses a namespace box, and the way out."""

import os
from pathlib import Path

# file, the value that forbids, what to do
_SWITCHES = (
    (
        "/proc/sys/kernel/unprivileged_userns_clone",
        "0",
        "the kernel forbids user namespaces: sudo sysctl -w kernel.unprivileged_userns_clone=1",
    ),
    (
        "/proc/sys/user/max_user_namespaces",
        "0",
        "the kernel allows no user namespaces: sudo sysctl -w user.max_user_namespaces=10000",
    ),
    (
        "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
        "1",
        "AppArmor forbids user namespaces to programs without a profile: give bwrap one "
        "(https://wiki.ubuntu.com/AppArmor/userns), or "
        "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
    ),
)


def why_not(message: str) -> str:
    """Return what hinders a box that failed with `message`, and what to do about it."""
    if "not installed" in message:
        return message
    return f"{_advice()} ({message})"


def _advice() -> str:
    for file, forbidding, advice in _SWITCHES:
        if os.geteuid() != 0 and _content(file) == forbidding:
            return advice
    if any(Path(mark).exists() for mark in ("/.dockerenv", "/run/.containerenv")):
        return (
            "this container allows no namespaces: start it with "
            "--security-opt seccomp=unconfined --security-opt systempaths=unconfined "
            "--cap-add SYS_ADMIN, or grade outside it"
        )
    if os.geteuid() != 0:
        return "user namespaces do not work for this user: ask whoever runs this machine"
    return "bubblewrap cannot wall a box in on this machine"


def _content(file: str) -> str:
    try:
        return Path(file).read_text().strip()
    except OSError:
        return ""
