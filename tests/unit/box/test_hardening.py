"""The options of a container are those of a wall."""

import json

from autograder.box.hardening import OWNER, container_options, host_options
from autograder.box.wall import Wall

HOST = host_options(Wall(), 512)


def test_it_gets_three_rights_and_no_more():
    assert HOST["cap_drop"] == ["ALL"]
    assert HOST["cap_add"] == ["SETUID", "SETGID", "SETPCAP"]
    assert "no-new-privileges" in HOST["security_opt"]


def test_the_profile_is_ours():
    (given,) = (o for o in HOST["security_opt"] if o.startswith("seccomp="))
    assert json.loads(given.removeprefix("seccomp="))["defaultAction"] == "SCMP_ACT_ERRNO"


def test_nothing_is_shared_with_the_machine():
    assert HOST["network_mode"] == "none"
    assert HOST["ipc_mode"] == "private"
    assert HOST["read_only"] is True
    assert not {"binds", "volumes_from", "pid_mode", "privileged", "devices"} & set(HOST)


def test_what_can_be_written_is_bounded_in_bytes_and_names():
    for target, options in HOST["tmpfs"].items():
        assert "size=" in options and "nr_inodes=" in options, target
        assert "nosuid" in options and "nodev" in options, target


def test_memory_and_processes_have_an_outer_ring():
    assert HOST["memswap_limit"] == HOST["mem_limit"] > 512 << 20
    assert HOST["pids_limit"] > Wall().processes


def test_the_environment_is_not_the_graders(monkeypatch):
    monkeypatch.setenv("COURSE_SECRET", "1")
    options = container_options("image", "me")
    assert "COURSE_SECRET" not in options["environment"]
    assert options["labels"] == {OWNER: "me"}
