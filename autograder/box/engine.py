"""The engine of containers that this process talks to, and what its refusals mean.

Every failure here is ours: it is an InfraError that says what to do, and costs nobody points.
"""

import time
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from autograder.errors import InfraError

if TYPE_CHECKING:
    from docker import APIClient

_ANSWER_SECONDS = 60
_PING_SECONDS = 5  # to say that it is there
_CONFLICT = 409  # HTTP
_PAUSE_SECONDS = 1.0  # between tries to reach a daemon that may be restarting
_PATIENCE_SECONDS = 20.0  # of them all

_T = TypeVar("_T")


def connect() -> "APIClient":
    """Return a new connection to the engine that DOCKER_HOST names, or this machine's own.

    Raises:
        InfraError: the SDK is not installed, or no engine answers.
    """
    try:
        import docker
    except ImportError:
        raise InfraError(
            "the Docker SDK is not installed: python -m pip install 'systems-for-ai[docker]'"
        ) from None
    with ExitStack() as stack:
        try:
            client = docker.from_env(timeout=_PING_SECONDS).api
            stack.callback(client.close)
            client.ping()
            client.timeout = _ANSWER_SECONDS
        except (docker.errors.DockerException, OSError) as error:
            raise InfraError(
                f"no Docker engine answers: {_reason(error)}; start one (infra/docker/engine.sh), "
                "or name another with DOCKER_HOST"
            ) from error
        if client.base_url.startswith("https:"):
            raise InfraError(
                "DOCKER_HOST: boxes need the engine's Unix socket, or TCP without TLS in a tunnel"
            )
        stack.pop_all()
    return client


def answers() -> bool:
    """Whether the engine answers now, within a few seconds."""
    with suppress(InfraError), closing(connect()):
        return True
    return False


def asked(what: str, question: Callable[[], _T]) -> _T:
    """Return the engine's answer.

    Args:
        what: is being asked for, to tell where it fails.
        question: a call of the SDK.

    Raises:
        InfraError: it refuses, or does not answer.
    """
    import docker
    import requests

    try:
        return question()
    except docker.errors.ImageNotFound as error:
        raise InfraError(f"{what}: {error.explanation}; build it with: make images") from error
    except docker.errors.APIError as error:
        raise InfraError(f"{what}: the Docker engine says: {_reason(error)}") from error
    except (docker.errors.DockerException, requests.RequestException, OSError) as error:
        raise InfraError(f"{what}: the Docker engine does not answer: {_reason(error)}") from error


def patiently(start: Callable[[], _T]) -> _T:
    """Return what `start` does, tried again while no engine answers: daemons are restarted.

    Raises:
        InfraError: it failed otherwise, or no engine came back within a third of a minute.
    """
    until = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return start()
        except InfraError:
            if time.monotonic() > until or answers():
                raise
            time.sleep(_PAUSE_SECONDS)


def image_id(client: "APIClient", name: str) -> str:
    """Return the digest of the image `name`: ``sha256:…``.

    Raises:
        InfraError: it is not on the engine's machine.
    """
    found: dict[str, Any] = asked(f"image {name}", lambda: client.inspect_image(name))
    return str(found["Id"])


@cache
def known(name: str) -> str:
    """As `image_id`, looked up once per process: an image that is built anew meanwhile is another.

    Raises:
        InfraError: as `image_id` and `connect`.
    """
    with closing(connect()) as client:
        return image_id(client, name)


def removed(client: "APIClient", id: str) -> None:
    """Remove the container `id`, running or not; one that is gone, or going, is well.

    Raises:
        InfraError: the engine cannot.
    """
    import docker

    def remove() -> None:
        try:
            client.remove_container(id, force=True, v=True)
        except docker.errors.NotFound:
            return
        except docker.errors.APIError as error:
            if error.status_code != _CONFLICT:  # it is being removed already
                raise

    asked("a container", remove)


def _reason(error: Exception) -> str:
    return str(getattr(error, "explanation", None) or error).strip()
