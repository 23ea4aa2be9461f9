"""What the panel may ask of the server: which labs there are, a check, a hand-in."""

import asyncio
import json
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from jupyter_server.base.handlers import APIHandler
from jupyter_server.utils import url_path_join
from tornado.iostream import StreamClosedError
from tornado.web import Application, HTTPError, authenticated

from labkit.notebook import running
from labkit.panel.labs import described, find_labs


def add_to(app: Application, root: str) -> None:
    """Add the panel's addresses to `app`, for the labs below `root`."""
    told = {"root": Path(root).expanduser(), "busy": set()}
    handlers = {"labs": Labs, "check": Check, "submit": Submit}
    base = app.settings["base_url"]
    app.add_handlers(
        ".*$",
        [(url_path_join(base, "labkit", name), kind, told) for name, kind in handlers.items()],
    )


class _Handler(APIHandler):
    """Knows where the labs are, and which of them is being checked."""

    def initialize(self, root: Path, busy: set[str]) -> None:
        self.root, self.busy = root, busy
        self.gone = threading.Event()  # who asked has left

    async def asked(self) -> tuple[str, Path, Mapping[str, Any]]:
        """Return the name and the folder of the lab that a request is about, and the request."""
        body = self.get_json_body()
        name = body.get("path") if isinstance(body, dict) else None
        labs = await asyncio.to_thread(find_labs, self.root)
        folder = labs.get(name) if isinstance(name, str) else None
        if folder is None:
            raise HTTPError(404, f"{name!r} is no lab below {self.root.name}/; refresh the panel")
        assert isinstance(name, str) and isinstance(body, dict)
        return name, folder, body


class Labs(_Handler):
    """``GET labkit/labs``: every lab, with what the last check found."""

    @authenticated
    async def get(self) -> None:
        """Answer with a JSON list."""
        labs = await asyncio.to_thread(self._labs)
        self.finish(json.dumps({"labs": labs}))

    def _labs(self) -> list[dict[str, Any]]:
        return [described(name, folder) for name, folder in find_labs(self.root).items()]


class Check(_Handler):
    """``POST labkit/check {path, exercise}``: lines of JSON while the public tests run.

    ``{"tests": n}``, then one for each test that ends; the last is ``{"document": …}`` as
    `autograder check` wrote it, or ``{"error": …}``.
    """

    def on_connection_close(self) -> None:
        """Nobody listens any more: the tests are ended."""
        self.gone.set()

    @authenticated
    async def post(self) -> None:
        """Run the tests in a process apart, while the server goes on."""
        name, folder, body = await self.asked()
        if name in self.busy:
            raise HTTPError(409, f"{name} is being checked already; wait for it to end")
        exercise = body.get("exercise")
        if exercise is not None and not isinstance(exercise, str):
            raise HTTPError(400, "exercise must be an id, or null for all")
        self.busy.add(name)
        try:
            await self._stream(partial(running.check, exercise), folder)
        finally:
            self.busy.discard(name)

    async def _stream(self, check: Callable[..., running.Document], folder: Path) -> None:
        loop, lines = asyncio.get_running_loop(), asyncio.Queue[Mapping[str, Any] | None]()

        def tell(line: Mapping[str, Any] | None) -> None:
            loop.call_soon_threadsafe(lines.put_nowait, line)

        def work() -> None:
            try:
                tell({"document": check(tell, folder, self.gone.is_set)})
            except (running.NotRun, OSError) as error:
                tell({"error": str(error)})
            finally:
                tell(None)

        self.set_header("Content-Type", "application/x-ndjson")
        thread = loop.run_in_executor(None, work)
        while (line := await lines.get()) is not None:
            with suppress(StreamClosedError):
                self.write(json.dumps(line) + "\n")
                await self.flush()
        await thread


class Submit(_Handler):
    """``POST labkit/submit {path}``: packs what the lab takes."""

    @authenticated
    async def post(self) -> None:
        """Answer with what `autograder submit` wrote, or why it could not."""
        _, folder, _ = await self.asked()
        try:
            document = await asyncio.to_thread(running.submit, folder)
        except (running.NotRun, OSError) as error:
            raise HTTPError(422, str(error)) from None
        self.finish(json.dumps(document))
