"""Containers that wait, with the driver loaded, for a submission to come; each serves one.

While a box is used, the next one of its kind is started behind it. Without `keep_warm` a box is
started when it is opened, and nothing waits.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any

from autograder.box.client import DriverClient
from autograder.errors import InfraError

Start = Callable[[], DriverClient]
_HANDS = 2  # that start and remove containers beside the judging

_kept: ContextVar["WarmPool | None"] = ContextVar("warm pool", default=None)


class WarmPool:
    """Started drivers by kind. One thread takes them; others start and remove them. Close it."""

    def __init__(self) -> None:
        """Nothing waits yet."""
        self._hands = ThreadPoolExecutor(_HANDS, thread_name_prefix="warm")
        self._waiting: dict[Any, Future[DriverClient]] = {}

    def take(self, kind: Any, start: Start) -> DriverClient:
        """Return a driver of `kind`, as `start` makes it, and have another one started.

        Raises:
            InfraError: `start` does.
        """
        waiting = self._waiting.pop(kind, None)
        client = None
        if waiting is not None:
            with suppress(InfraError):  # of an engine that was away; now is another time
                client = waiting.result()
        if client is not None and not client.alive:
            self.remove(client)
            client = None
        client = client or start()
        self._waiting[kind] = self._hands.submit(start)
        return client

    def remove(self, client: DriverClient) -> None:
        """End the box of `client`, beside whatever comes next."""
        self._hands.submit(_end, client)

    def close(self) -> None:
        """End all that wait, and finish what was begun."""
        for waiting in self._waiting.values():
            with suppress(InfraError):
                self.remove(waiting.result())
        self._waiting.clear()
        self._hands.shutdown()


@contextmanager
def keep_warm() -> Iterator[None]:
    """Keep boxes warm inside this block, if the sandbox in use can."""
    pool = WarmPool()
    token = _kept.set(pool)
    try:
        yield
    finally:
        _kept.reset(token)
        pool.close()


@contextmanager
def taken(kind: Any, start: Start) -> Iterator[DriverClient]:
    """Yield a driver of `kind`, used once and then ended.

    Raises:
        InfraError: `start` does.
    """
    pool = _kept.get()
    client = pool.take(kind, start) if pool else start()
    try:
        yield client
    finally:
        if pool:
            pool.remove(client)
        else:
            client.close()


def _end(client: DriverClient) -> None:
    with suppress(InfraError):  # `janitor` removes what could not be
        client.close()
