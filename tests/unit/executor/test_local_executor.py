import os
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest
from fake_judges import result_of

from autograder.errors import CourseError, UsageError
from autograder.executor import executor, local
from autograder.executor.local import LocalExecutor
from autograder.model import Job, Result, Status

HERE = Path(__file__).parent


def job(deed: str, digest: str = "sha256:1") -> Job:
    return Job("course", "lab", digest, {"do": deed.encode()}, b"secret", "none")


def run(*jobs: Job, workers: int = 1) -> list[Result]:
    return list(LocalExecutor(workers, "fake_judges:obey").run(jobs))


@pytest.fixture(autouse=True)
def _no_real_lab(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(job: Job, error: Exception) -> Result:
        return result_of(job, Status.BROKEN, str(error))

    monkeypatch.setattr(local, "_broken", broken)


def alive(pid: int) -> bool:
    """Whether the process still runs (a zombie that nobody waits for does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_for(what: Path) -> str:
    while not (what.exists() and what.read_text()):
        time.sleep(0.01)
    return what.read_text()


def wait_for_end(pid: int) -> bool:
    deadline = time.monotonic() + 10
    while alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not alive(pid)


def test_every_job_has_a_result_and_one_worker_judges_many() -> None:
    results = run(*(job("grade", f"sha256:{n}") for n in range(3)))
    assert [r.digest for r in results] == ["sha256:0", "sha256:1", "sha256:2"]
    pids = {r.versions["pid"] for r in results}
    assert len(pids) == 1
    assert str(os.getpid()) not in pids


def test_jobs_are_taken_only_when_a_place_is_free() -> None:
    taken: list[int] = []

    def jobs():
        for number in range(5):
            taken.append(number)
            yield job("grade", f"sha256:{number}")

    results = LocalExecutor(2, "fake_judges:obey").run(jobs())
    next(results)
    assert len(taken) <= 3
    assert len(list(results)) == 4


def test_no_jobs_start_no_worker() -> None:
    assert run() == []


def test_a_broken_result_is_tried_three_times_then_given_out() -> None:
    (result,) = run(job("break the disk is full"))
    assert (result.status, result.reason) == (Status.BROKEN, "the disk is full")


def test_a_worker_that_dies_once_costs_nothing(tmp_path: Path) -> None:
    (result,) = run(job(f"die_until 3 {tmp_path / 'count'}"))
    assert result.status is Status.GRADED
    assert len((tmp_path / "count").read_text()) == 3


def test_a_job_that_kills_every_worker_is_broken_and_the_others_are_judged(tmp_path: Path) -> None:
    deadly = job(f"die_until 9 {tmp_path / 'count'}", "sha256:deadly")
    results = {r.digest: r for r in run(deadly, job("grade", "sha256:honest"), workers=2)}
    assert results["sha256:honest"].status is Status.GRADED
    assert results["sha256:deadly"].status is Status.BROKEN
    assert "killed (out of memory?)" in str(results["sha256:deadly"].reason)
    assert len((tmp_path / "count").read_text()) == 3


@pytest.mark.parametrize("deed", ["infra no space left", "bug no space left"])
def test_our_own_failure_is_broken_with_its_message(deed: str) -> None:
    (result,) = run(job(deed))
    assert result.status is Status.BROKEN
    assert "no space left" in str(result.reason)


def test_an_authors_mistake_ends_the_batch() -> None:
    with pytest.raises(CourseError, match=r"lab\.toml:3"):
        run(job("course lab.toml:3: no such file"))


def test_nothing_that_is_printed_while_judging_reaches_standard_output() -> None:
    script = textwrap.dedent(
        """
        from test_local_executor import job, run
        if __name__ == "__main__":
            run(job("print nonsense"))
            print("ours")
        """
    )
    done = _python(script)
    out, err = done.communicate(timeout=60)
    assert out == "ours\n"
    assert err.count("nonsense") == 2


_SLEEPS = """
import signal, sys
from test_local_executor import job, run
if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored, if a shell began us with &
    run(*(job(f"sleep {file}", file) for file in sys.argv[1:]), workers=2)
"""


@pytest.mark.parametrize("end", ["interrupt", "kill"])
def test_no_worker_outlives_the_parent(tmp_path: Path, end: str) -> None:
    files = [tmp_path / "a", tmp_path / "b"]
    parent = _python(_SLEEPS, *map(str, files))
    pids = [int(wait_for(file)) for file in files]
    if end == "interrupt":
        parent.send_signal(2)
    else:
        parent.kill()
    parent.communicate(timeout=60)
    assert all(wait_for_end(pid) for pid in pids)


def test_leaving_early_ends_the_workers(tmp_path: Path) -> None:
    jobs = [job(f"sleep {tmp_path / 'pid'}", "sha256:a"), job("grade", "sha256:b")]
    results = LocalExecutor(2, "fake_judges:obey").run(jobs)
    assert next(results).digest == "sha256:b"
    pid = int(wait_for(tmp_path / "pid"))
    results.close()
    assert not alive(pid)


def test_an_unknown_executor_is_a_usage_error_that_helps() -> None:
    with pytest.raises(UsageError, match="did you mean 'local'"):
        executor("locl", 1)


def _python(script: str, *arguments: str) -> "subprocess.Popen[str]":
    environment = os.environ | {"PYTHONPATH": str(HERE)}
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
