"""Leases of devices, with emulated nvidia-smi and npu-smi: no device was asked anything."""

import multiprocessing
import os
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder.box import health, lease
from autograder.errors import InfraError

WELL = {"uuids": "0, GPU-a, 570.1\n1, GPU-b, 570.1\n", "state": "GPU-a, 4, 0\n", "users": ""}
NVIDIA = """#!/bin/sh
case "$*" in
*index,uuid,driver*) cat "$0.uuids" ;;
*compute-apps*) cat "$0.users" ;;
*) [ -e "$0.hangs" ] && sleep 5
   [ -e "$0.lost" ] && { echo "Unable to determine the device handle" >&2; exit 15; }
   cat "$0.state" ;;
esac
"""
NPU = """#!/bin/sh
case "$*" in
*-l) printf '\\tTotal Count    : 1\\n\\n\\tNPU ID         : 7\\n' ;;
*) cat "$0.health" ;;
esac
"""
Say = Callable[..., None]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where leases are, for this test alone."""
    place = tmp_path / "leases"
    place.mkdir()
    monkeypatch.setattr(lease, "_folder", lambda: place)
    monkeypatch.setattr(lease, "_SETTLES", 0.0)
    monkeypatch.delenv("NUMBA_ENABLE_CUDASIM", raising=False)
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    return place


@pytest.fixture
def say(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Say:
    """Decide what the emulated programs say from now on."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, script in (("nvidia-smi", NVIDIA), ("npu-smi", NPU)):
        (programs / name).write_text(script)
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")

    def told(program: str = "nvidia-smi", **answers: str) -> None:
        for question, answer in answers.items():
            (programs / f"{program}.{question}").write_text(answer)

    told(**WELL)
    told("npu-smi", health="\tHealth Status : OK\n\tHealth Status : OK\n")
    return told


def test_devices_are_lent_one_by_one(say: Say) -> None:
    with lease.lease("gpu") as first, lease.lease("gpu") as second:
        assert (first.id, second.id) == ("GPU-a", "GPU-b")
        with pytest.raises(InfraError, match=r"within 0\.3 s"), lease.lease("gpu", patience=0.3):
            pass
    with lease.lease("gpu") as again:
        assert again == ("gpu", "GPU-a", "570.1")


def _hold(taken: "multiprocessing.synchronize.Event") -> None:
    with lease.lease("gpu"):
        taken.set()
        time.sleep(60)


def test_who_is_killed_gives_its_device_back(say: Say) -> None:
    say(uuids="0, GPU-a, 570.1\n")
    context = multiprocessing.get_context("fork")
    taken = context.Event()
    holder = context.Process(target=_hold, args=(taken,))
    holder.start()
    assert taken.wait(10)
    with pytest.raises(InfraError, match="got free"), lease.lease("gpu", patience=0.0):
        pass
    holder.kill()
    holder.join()
    with lease.lease("gpu", patience=5.0) as unit:
        assert unit.id == "GPU-a"


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ({"state": "GPU-a, 4, 3\n"}, "3 uncorrected memory errors; reset it"),
        ({"users": "4711\n"}, "in use by process 4711"),
        ({"state": "GPU-a, 9000, 0\n"}, "9000 MiB are in use though no process is known"),
        ({"state": "GPU-a, [Unknown Error], [N/A]\n"}, "look for Xid in dmesg"),
        ({"state": ""}, "'nothing' of its memory"),
        ({"lost": ""}, "nvidia-smi failed with 15: Unable to determine the device handle"),
    ],
)
def test_a_gpu_that_is_not_well_is_not_lent(say: Say, answers: dict[str, str], why: str) -> None:
    say(uuids="0, GPU-a, 570.1\n", **answers)
    with pytest.raises(InfraError) as told, lease.lease("gpu"):
        pass
    assert why in str(told.value)
    assert str(told.value).startswith("no gpu can be used: GPU-a: ")


def test_a_gpu_without_error_correction_is_well(say: Say) -> None:
    say(state="GPU-a, 4, [N/A]\n")
    with lease.lease("gpu") as unit:
        assert unit.id == "GPU-a"


def test_a_program_that_hangs_is_not_waited_for(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_SECONDS", 0.5)
    say(uuids="0, GPU-a, 570.1\n", hangs="")
    with pytest.raises(InfraError, match=r"does not answer within 0\.5 s"), lease.lease("gpu"):
        pass


def test_what_a_judging_leaves_unwell_is_not_lent_again(say: Say, folder: Path) -> None:
    say(uuids="0, GPU-a, 570.1\n")
    with pytest.raises(InfraError, match=r"not well after a judging.*remove"), lease.lease("gpu"):
        say(users="4711\n")
    mark = folder / "gpu-GPU-a.unwell"
    assert stat.S_IMODE(mark.stat().st_mode) == 0o644
    say(users="")  # it looks well, yet nobody has looked after it
    with pytest.raises(InfraError, match=rf"after a judging.*remove {mark}"), lease.lease("gpu"):
        pass
    mark.unlink()
    with lease.lease("gpu"):
        pass


def test_a_driver_has_time_to_settle(say: Say, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lease, "_SETTLES", 5.0)
    monkeypatch.setattr(time, "sleep", lambda seconds: say(users=""))
    with lease.lease("gpu"):
        say(users="4711\n")


@pytest.mark.parametrize("given", ["1", "GPU-b"])
def test_only_what_the_grader_was_given_is_lent(
    say: Say, given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", given)
    with lease.lease("gpu") as unit:
        assert unit.id == "GPU-b"


def test_without_a_driver_there_is_no_lease(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(folder))
    with pytest.raises(InfraError, match="nvidia-smi is not on this machine"), lease.lease("gpu"):
        pass


def test_an_npu_is_lent_while_its_chips_are_ok(say: Say) -> None:
    with lease.lease("npu") as unit:
        assert unit == ("npu", "7", "")
    say("npu-smi", health="\tHealth Status : OK\n\tHealth Status : Alarm\n")
    with pytest.raises(InfraError, match="7: its health is Alarm"), lease.lease("npu"):
        pass


def test_the_folder_of_leases_is_for_everybody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lease.os, "access", lambda path, mode: False)
    monkeypatch.setattr(lease.tempfile, "gettempdir", lambda: str(tmp_path))
    found = lease._folder()
    assert stat.S_IMODE(found.stat().st_mode) == 0o1777
    assert lease._folder() == found
    found.rmdir()
    found.symlink_to(tmp_path)
    with pytest.raises(InfraError, match="no folder"):
        lease._folder()
