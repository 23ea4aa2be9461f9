"""A grader's image, made once, and the jobs of the pipelines as the YAML has them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.ci import engine

WALL = "user"  # the sandbox in which jobs of these tests grade
OPTIONS = "--trusted" if WALL == "none" else ""
INFRA = engine.ROOT / "infra/ci"


@pytest.fixture(scope="session")
def containers() -> Iterator[None]:
    """Skip where no container can be started; say why."""
    if reason := engine.missing():
        pytest.skip(reason)
    with engine.network():
        yield


@pytest.fixture(scope="session")
def image(containers: None, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of an image with Git and our wheel."""
    made = engine.grader_image(tmp_path_factory.mktemp("wheel"))
    if made is None:
        pytest.skip("no package index can be reached, which an image with our wheel needs")
    return made


@pytest.fixture
def box(image: str) -> Iterator[engine.Container]:
    with engine.container(image) as started:
        yield started


def script(kind: str, pipeline: str) -> str:
    """Return the commands of a pipeline's job, as its YAML says them."""
    document = yaml.safe_load((INFRA / kind / f"{pipeline}.yml").read_text())
    if kind == "gitlab":
        return "\n".join(document[pipeline]["script"])
    return "\n".join(step["run"] for step in document["jobs"][pipeline]["steps"] if "run" in step)


def job(
    box: engine.Container, kind: str, pipeline: str, repository: Path, **variables: str
) -> engine.Ran:
    """Run a pipeline's job in `box` on a checkout of `repository`, which lies in /builds/course."""
    box.put(repository, "/builds/course")
    told = {**engine.job_environment(kind, "/builds/course"), **variables}
    return box.run(f"set -e\n{script(kind, pipeline)}", "/builds/course", **told)
