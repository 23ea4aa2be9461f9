"""A JupyterHub with infra/jupyterhub's configuration, and people who log in to it."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import APIResponse, Page

from autograder.nbgrader.scripts import path_with_scripts
from tests.e2e.accounts import apart, called, of
from tests.e2e.conftest import ROOT, Home
from tests.e2e.jupyter import SECOND, free_port

LAB = "lab1_autograd"
COURSE = "systems_for_ai_2025"
PEOPLE = {"ines": 5001, "ada": 5002, "bob": 5003}  # an instructor and two students
_ROSTER = "id,first_name,last_name\nada,Ada,Lovelace\nbob,Bob,Kahn\n"
_PASSWORD = "for-this-test-only"
_PATIENCE = 120  # seconds
_CONFIG = """
load_subconfig({ours!r})
c.JupyterHub.bind_url = "http://127.0.0.1:{ports[0]}"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:{ports[1]}"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{ports[2]}"
c.JupyterHub.authenticator_class = "shared-password"
c.SharedPasswordAuthenticator.user_password = {password!r}
c.Spawner.args = {args!r}
c.Spawner.start_timeout = c.Spawner.http_timeout = {patience}
"""


class Site(Home):
    """A machine with a course, an exchange, and accounts for `PEOPLE`; or with one for all."""

    def __init__(self, folder: Path, spawner: str) -> None:
        super().__init__(folder)
        folder.chmod(0o755)
        self.spawner = spawner
        self.grading, self.homes = folder / "grading", folder / "homes"
        self.exchange, self.roster = folder / "exchange", folder / "class.csv"
        self.roster.write_text(_ROSTER)
        self.homes.mkdir()
        owned = {name: self.homes / name for name in PEOPLE}
        for name, place in [*owned.items(), ("ines", self.grading), ("ines", self.exchange)]:
            place.mkdir(mode=0o700)
            os.chown(place, self.uid(name), -1)
        self.env |= {
            "COURSE_FOLDER": str(self.grading),
            "COURSE_INSTRUCTORS": "ines",
            "COURSE_ROSTER": str(self.roster),
            "COURSE_SPAWNER": spawner,
        }

    def uid(self, name: str) -> int:
        """Return whose files those of `name` are."""
        return PEOPLE[name] if self.spawner == "local" else os.getuid()

    def everybody(self) -> list[str]:
        """Return what to put before a command to run it on this machine, as whoever starts all."""
        if self.spawner == "simple":
            return called("somebody", self.folder)
        shown = [Path(p).resolve() for p in (sys.base_prefix, sys.prefix, ROOT, self.folder)]
        return apart(PEOPLE, self.folder, shown)

    def instructor(self, *words: str) -> None:
        """Run a verb in the course folder."""
        who = [*self.everybody(), *(of(PEOPLE["ines"]) if self.spawner == "local" else ())]
        env = self.env | {"HOME": str(self.homes / "ines"), "PATH": path_with_scripts()}
        command = [*who, sys.executable, "-m", *words]
        done = subprocess.run(command, cwd=self.grading, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def student(self, name: str, *words: str) -> None:
        """Run a verb in a student's home, in their account, as in a terminal of theirs."""
        env = self.env | {
            "HOME": str(self.homes / name),
            "JUPYTERHUB_USER": name,
            "JUPYTER_CONFIG_PATH": str(ROOT / "infra/jupyterhub/student"),
            "COURSE_ID": COURSE,
            "COURSE_EXCHANGE": str(self.exchange),
        }
        command = [*self.everybody(), *of(PEOPLE[name]), sys.executable, "-m", *words]
        place = self.homes / name
        done = subprocess.run(command, cwd=place, env=env, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr

    def release(self) -> None:
        """Set the course up, and release the lab."""
        options = ("--roster", str(self.roster), "--exchange", str(self.exchange))
        self.instructor("autograder", "nbgrader", "init", ".", *options)
        self.instructor("nbgrader", "generate_assignment", LAB)
        self.instructor("nbgrader", "release_assignment", LAB)


class Hub:
    """A running JupyterHub."""

    def __init__(self, port: int) -> None:
        self._at = f"http://127.0.0.1:{port}"

    def enter(self, page: Page, name: str, path: str = "api/status") -> None:
        """Log in, wait until the server runs, and show `path` of it."""
        page.set_default_timeout(_PATIENCE * SECOND)
        page.goto(f"{self._at}/hub/login?next=/hub/spawn?next=/user/{name}/{path}")
        page.locator("#username_input").fill(name)
        page.locator("#password_input").fill(_PASSWORD)
        page.locator("#login_submit").click()
        page.wait_for_url(f"**/user/{name}/{path}*")

    def get(self, page: Page, name: str, path: str) -> APIResponse:
        """Return what the server of `name` answers to whoever is logged in there."""
        return page.request.get(f"{self._at}/user/{name}/{path}")

    def switched_off(self, page: Page, name: str) -> list[str]:
        """Return the extensions of JupyterLab that its page does without."""
        lab = self.get(page, name, "lab").text()
        return json.loads(re.findall(r'"disabledExtensions": (\[.*?\])', lab, re.DOTALL)[0])

    def post(self, page: Page, name: str, path: str, **body: Any) -> Any:
        """Send ``form`` or ``data`` to the server of `name`, as JupyterLab does."""
        base = f"{self._at}/user/{name}/"
        self.get(page, name, "lab")  # it gives the cookie
        (token,) = [c["value"] for c in page.context.cookies(base) if c["name"] == "_xsrf"]
        headers = {"X-XSRFToken": token, "Referer": base}
        answer = page.request.post(f"{base}{path}", headers=headers, **body)
        assert answer.ok, answer.text()
        return answer.json()

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self._at}/hub/health", timeout=5):
                return True
        except (urllib.error.URLError, OSError):
            return False


@contextmanager
def jupyterhub(site: Site) -> Iterator[Hub]:
    """Start the hub on a machine of its own, whose processes all end with it."""
    ports = [free_port() for _ in range(3)]
    config = site.folder / "hub_config.py"
    ours, args = str(ROOT / "infra/jupyterhub/jupyterhub_config.py"), []
    if site.spawner == "simple" and os.getuid() == 0:
        args = ["--allow-root"]
    told = {"ours": ours, "ports": ports, "password": _PASSWORD, "args": args}
    config.write_text(_CONFIG.format(**told, patience=_PATIENCE))
    # Those that ended are reaped, and those that did not end with the first.
    command = [*site.everybody(), "--unshare-pid", "--proc", "/proc", "--die-with-parent"]
    command += [sys.executable, "-m", "jupyterhub", "-f", str(config)]
    log = site.folder / "hub.log"
    with log.open("wb") as said:
        process = subprocess.Popen(command, cwd=site.folder, env=site.env, stdout=said, stderr=said)
        try:
            hub, deadline = Hub(ports[0]), time.monotonic() + _PATIENCE
            while not hub.answers():
                assert process.poll() is None, log.read_text()
                assert time.monotonic() < deadline, log.read_text()
                time.sleep(0.2)
            yield hub
        finally:
            process.kill()
            process.wait()
