"""The engine's filter and the driver's own agree, and what is committed is what is used."""

import json
from pathlib import Path

from autograder.box import seccomp
from autograder.box.profile import profile

ROOT = Path(__file__).parents[3]


def allowed() -> dict[str, list[list[dict]]]:
    """Names of calls -> the conditions under which each rule allows them."""
    found: dict[str, list[list[dict]]] = {}
    for rule in profile()["syscalls"]:
        if rule["action"] == "SCMP_ACT_ALLOW":
            for name in rule["names"]:
                found.setdefault(name, []).append(rule["args"])
    return found


def test_the_committed_file_is_this_profile():
    written = json.loads((ROOT / "docker/seccomp.json").read_text())
    assert written == profile(), "python -m autograder.box.profile > docker/seccomp.json"


def test_nothing_is_allowed_that_the_driver_denies():
    assert not set(allowed()) & set(seccomp.DENIED)


def test_what_has_a_condition_has_no_rule_without():
    for name in (*seccomp.ONESELF_ONLY, "clone", "socket", "personality", "setpriority", "ioctl"):
        assert all(allowed()[name]), name


def test_what_is_not_named_does_not_exist():
    assert profile()["defaultAction"] == "SCMP_ACT_ERRNO"
    assert profile()["defaultErrnoRet"] == 38
    assert {"clone3", "io_uring_setup", "bpf", "unshare", "mount"} & set(allowed()) == set()
