"""Graders as they are in wide use: each lacks one protection, and so falls to some attack.

Every grader takes a folder to work in, with the submission in ``run/``, and returns a `Verdict`.
They run in a process of their own under rlimits, so that an attack cannot hurt the machine.
"""

import contextlib
import hashlib
import hmac
import json
import os
import pty
import re
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.attacks.weakened.process import INSIDE, PACKAGES, Fallen, Verdict, run, tame
from tests.attacks.weakened.unzip import unzipping

SECRET = 271828


def exit_code(work: Path) -> Verdict:
    """Full marks if the tests' process ends with exit code 0."""
    done = run(work / "run", "exit_code.py", env={"PYTHONPATH": f"{work / 'run'}:{PACKAGES}"})
    return Verdict(float(done.returncode == 0))


def results_file(work: Path, module: str = "hidden_tests", *flags: str) -> Verdict:
    """Reads a results file that the tests' process wrote, a moment after it ended."""
    results = work / "results.json"
    done = run(work / "run", "results_file.py", str(results), module, *flags)
    time.sleep(0.4)
    if not results.exists():
        return Verdict(0.0, done.stdout.decode(errors="replace"))
    said = json.loads(results.read_text())
    lines = [*said.get("output", []), done.stdout.decode(errors="replace")]
    return Verdict(said["score"], "\n".join(lines))


def tolerant(work: Path) -> Verdict:
    """Compares with too much tolerance, and by "is it too far off?"."""
    return results_file(work, "tolerant_tests")


def stale(work: Path) -> Verdict:
    """Computes what is expected in the student's process, just before the student's call."""
    return results_file(work, "stale_tests")


def nonce_file(work: Path) -> Verdict:
    """Hides the results file behind a random name, in a folder that can be listed."""
    folder = work / "results"
    folder.mkdir()
    results = folder / f"{os.urandom(8).hex()}.json"
    results.touch()
    hidden = "import sys; sys.argv[1:] = [sys.stdin.readline().strip(), 'hidden_tests']; "
    program = hidden + "exec(open('results_file.py').read(), {'__name__': '__main__'})"
    run(work / "run", "-c", program, input=f"{results}\n".encode())
    return Verdict(json.loads(results.read_text() or '{"score": 0}')["score"])


def deleted_source(work: Path) -> Verdict:
    """Deletes the source of the hidden tests before the student's code starts, not its bytecode."""
    return results_file(work, "hidden_tests", "delete")


def pytest_junit(work: Path) -> Verdict:
    """Runs pytest beside the submission; what the JUnit file does not call failed has passed."""
    xml = work / "report.xml"
    options = ["-q", "-p", "no:cacheprovider", "--rootdir=.", f"--junitxml={xml}"]
    run(work / "run", "-m", "pytest", "test_hidden.py", *options)
    if not xml.exists():
        return Verdict(0.0)
    found = {name: int(n) for name, n in re.findall(r'(\w+)="(\d+)"', xml.read_text())}
    failed = found.get("failures", 0) + found.get("errors", 0)
    return Verdict(1 - failed / max(found.get("tests", 1), 1))


def last_line(work: Path) -> Verdict:
    """Believes the last line of standard output."""
    lines = run(work / "run", "last_line.py").stdout.decode(errors="replace").split("\n")
    said = [line for line in lines if line.startswith("{")]
    with contextlib.suppress(ValueError, KeyError, IndexError):
        return Verdict(float(json.loads(said[-1])["score"]))
    return Verdict(0.0)


def undrained(work: Path) -> Verdict:
    """Reads the output only after the process has ended: a full pipe stops both."""
    for source in INSIDE.iterdir():
        shutil.copy(source, work / "run")
    process = subprocess.Popen(
        [sys.executable, "exit_code.py"],
        cwd=work / "run",
        stdout=subprocess.PIPE,
        preexec_fn=tame,
    )
    try:
        return Verdict(float(process.wait(timeout=1.5) == 0))
    except subprocess.TimeoutExpired:
        raise Fallen from None
    finally:
        process.kill()
        process.communicate()


def score_file(work: Path, *command: str) -> Verdict:
    """Runs a program that leaves its score in ``score.json``."""
    run(work / "run", *command)
    score = work / "run" / "score.json"
    return Verdict(json.loads(score.read_text()) if score.exists() else 0.0)


def cells(work: Path) -> Verdict:
    """A notebook's kernel runs the student's cells, then the test cells."""
    return score_file(work, "cells.py")


def doctests(work: Path) -> Verdict:
    """Runs doctest in the student's process."""
    return score_file(work, "doctests.py")


def timed(work: Path) -> Verdict:
    """A wall clock of the student's process."""
    return score_file(work, "timed.py", "perf_counter")


def cpu_timed(work: Path) -> Verdict:
    """A CPU clock of the student's process, which sees no other process."""
    return score_file(work, "timed.py", "process_time")


def traced(work: Path) -> Verdict:
    """A profiler whose trace lies in the student's folder."""
    run(work / "run", "timed.py", "perf_counter")
    seconds = [float(line) for line in (work / "run" / "trace.csv").read_text().split()]
    return Verdict(float(min(seconds) < 0.01))


def terminal(work: Path) -> Verdict:
    """Leaves the grader's terminal to the student's process."""
    mine, theirs = pty.openpty()
    attach = (
        "import fcntl, os, sys, termios; os.setsid(); "
        f"fcntl.ioctl({theirs}, termios.TIOCSCTTY, 0); "
        "os.execv(sys.executable, [sys.executable, *sys.argv[1:]])"
    )
    results = work / "results.json"
    try:
        program = ["results_file.py", str(results), "hidden_tests"]
        run(work / "run", "-c", attach, *program, pass_fds=[theirs])
    finally:
        os.close(mine)
        os.close(theirs)
    return Verdict(json.loads(results.read_text())["score"])


def signed(work: Path) -> Verdict:
    """Believes a verdict that is signed with a key known to the tests' process."""
    nonce = os.urandom(16).hex().encode()
    lines = run(work / "run", "signed.py", input=nonce + b"\n").stdout.decode().splitlines()
    for line in lines:
        verdict, _, signature = line.rpartition(" ")
        key = b"grading-key:" + nonce
        if signature == hmac.new(key, verdict.encode(), hashlib.sha256).hexdigest():
            return Verdict(json.loads(verdict)["score"])
    return Verdict(0.0)


def unpickling(work: Path) -> Verdict:
    """Unpickles, on the instructor's host, what the student's process wrote."""
    run(work / "run", "values_pickled.py")
    said = run(work / "run", "unpickle.py").stdout
    return Verdict(json.loads(said) if said else 0.0)


def piped(work: Path, keep: str = "inherit") -> Verdict:
    """A judge apart from the student's process, of the same user; its first verdict counts."""
    end, verdicts = os.pipe()
    try:
        run(
            work / "run",
            "piped_judge.py",
            str(verdicts),
            keep,
            env={"HIDDEN_SECRET": str(SECRET)},
            pass_fds=[verdicts],
        )
        os.set_blocking(end, False)
        lines = os.read(end, 65536).splitlines()
    except BlockingIOError:
        raise Fallen from None
    finally:
        os.close(end)
        os.close(verdicts)
    return Verdict(json.loads(lines[0])["score"])


def piped_apart(work: Path) -> Verdict:
    """As `piped`, but the student's process does not inherit the pipe."""
    return piped(work, "close")


def gradebook(work: Path) -> Verdict:
    """Keeps the scores in a database that the student's code can open."""
    path = work / "gradebook.db"
    with contextlib.closing(sqlite3.connect(path)) as book, book:
        book.execute("create table grade (student text, auto_score real, manual_score real)")
        book.execute("insert into grade values ('me', null, null), ('rival', 1.0, null)")
    score = results_file(work).score
    with contextlib.closing(sqlite3.connect(path)) as book, book:
        book.execute("update grade set auto_score = ? where student = 'me'", [score])
        rows = book.execute("select student, coalesce(manual_score, auto_score) from grade")
        final = dict(rows.fetchall())
    return Verdict(final["me"], rival=final["rival"])


def two_steps(work: Path) -> Verdict:
    """First sees whether the submission can be imported, then runs the tests beside it."""
    run(work / "run", "-c", "import answer")
    return results_file(work)


def again_and_again(work: Path) -> Verdict:
    """Runs the tests once more when they failed, in case the machine was to blame."""
    for round in range(60):
        results = work / f"results-{round}.json"
        with contextlib.suppress(Fallen):
            run(work / "run", "results_file.py", str(results), "coin_tests")
        if results.exists() and json.loads(results.read_text())["score"] == 1:
            return Verdict(1.0)
    return Verdict(0.0)


def locked_answers(work: Path) -> Verdict:
    """Ships hashes of the right answers, so that students may check at home."""
    lock = hashlib.sha256(f"guess:{SECRET}".encode()).hexdigest()
    (work / "run" / "locked.json").write_text(json.dumps({"guess": lock}))
    return results_file(work)


def installing(work: Path) -> Verdict:
    """Builds the submission outside any wall."""
    if (work / "run" / "setup.py").exists():
        run(work / "run", "setup.py")
    return results_file(work)


GRADERS: dict[str, Callable[[Path], Verdict]] = {
    "exit-code": exit_code,
    "results-file": results_file,
    "tolerant": tolerant,
    "stale": stale,
    "nonce-file": nonce_file,
    "deleted-source": deleted_source,
    "pytest": pytest_junit,
    "last-line": last_line,
    "undrained": undrained,
    "cells": cells,
    "doctests": doctests,
    "timed": timed,
    "cpu-timed": cpu_timed,
    "traced": traced,
    "terminal": terminal,
    "signed": signed,
    "unpickling": unpickling,
    "piped": piped,
    "piped-apart": piped_apart,
    "gradebook": gradebook,
    "two-steps": two_steps,
    "again": again_and_again,
    "locked-answers": locked_answers,
    "installing": installing,
    "unzipping": unzipping,
}
