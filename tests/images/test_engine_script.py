"""`infra/docker/engine.sh` finishes where an engine answers, and says why not elsewhere."""

import os
import subprocess

import pytest

from tests.images.engine import ROOT

SCRIPT = ROOT / "infra/docker/engine.sh"


def engine(**environment):
    env = os.environ | environment
    return subprocess.run(["bash", SCRIPT], env=env, capture_output=True, text=True, timeout=60)


def test_an_engine_that_answers_is_enough(built):
    built()
    done = engine()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_an_engine_elsewhere_is_not_ours_to_start(tmp_path):
    done = engine(DOCKER_HOST=f"unix://{tmp_path}/nobody.sock")
    assert done.returncode == 1
    assert done.stderr.startswith("no Docker engine: none answers at DOCKER_HOST=unix://")


@pytest.mark.parametrize(
    ("system", "user", "advice"),
    [("Darwin", "0", "start Docker Desktop"), ("Linux", "1000", "sudo systemctl start docker")],
)
def test_it_says_what_to_do_where_it_may_not(tmp_path, system, user, advice):
    """On machines that these programs describe."""
    for name, answer in {"uname": system, "id": user, "docker": "no"}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\necho {answer}\n[ {name} != docker ]\n")
        (tmp_path / name).chmod(0o755)
    done = engine(PATH=f"{tmp_path}:{os.environ['PATH']}", DOCKER_HOST="")
    assert done.returncode == 1
    assert advice in done.stderr
