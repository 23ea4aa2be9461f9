"""A JupyterLab server with a home of its own, and a browser that looks at it."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType

from playwright.sync_api import Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
SECOND = 1000  # in Playwright's unit
TOKEN = "for-this-test-only"
_PATIENCE = 60  # seconds
# The last ones keep Chromium from asking the network for things that no test is about.
_CHROMIUM = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
_CHROMIUM += ["--disable-sync", "--disable-component-update", "--disable-quic"]
_FOLDERS = ("CONFIG_DIR", "DATA_DIR", "RUNTIME_DIR")


class Server:
    """A running JupyterLab."""

    def __init__(self, port: int) -> None:
        self._at = f"http://127.0.0.1:{port}"

    def open(self, page: Page, path: str) -> None:
        """Show `path`, to somebody who is logged in."""
        page.goto(self.url("lab"))
        page.goto(f"{self._at}/{path}")

    def url(self, path: str) -> str:
        """Return where a browser finds `path`, with a fresh workspace."""
        return f"{self._at}/{path}?token={TOKEN}&reset"

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(self.url("api"), timeout=5):
                return True
        except (urllib.error.URLError, OSError):
            return False


@contextmanager
def jupyterlab(
    root: Path, home: Path, env: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Server]:
    """Serve the folder `root` as somebody whose home is `home`, with more variables in `env`."""
    env = os.environ | env | {"HOME": str(home), "IPYTHONDIR": str(home / "ipython")}
    env |= {f"JUPYTER_{name}": str(home / name.lower()) for name in _FOLDERS}
    env |= {f"JUPYTERLAB_{name}_DIR": str(home / name) for name in ("SETTINGS", "WORKSPACES")}
    port = free_port()
    command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
    command += [f"--port={port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={root}"]
    command += [f"--IdentityProvider.token={TOKEN}"]
    news = home / "SETTINGS" / "@jupyterlab/apputils-extension/notification.jupyterlab-settings"
    news.parent.mkdir(parents=True, exist_ok=True)
    news.write_text('{"fetchNews": "false"}')
    with (home / "server.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=root, env=env, stdout=log, stderr=log)
        try:
            server = Server(port)
            _wait_for(server, process, home / "server.log")
            yield server
        finally:
            process.terminate()
            process.wait()


def picture(page: Page, name: str) -> None:
    """Keep what the browser shows, for the docs, if somebody asked for it."""
    if folder := os.environ.get("TAKE_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png")


@contextmanager
def browser() -> Iterator[Page]:
    """Open a page in Debian's Chromium."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=_CHROMIUM)
        try:
            yield chromium.new_page(viewport={"width": 1280, "height": 900})
        finally:
            chromium.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(server: Server, process: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not server.answers():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.2)
