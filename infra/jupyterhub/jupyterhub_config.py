"""JupyterHub for a class: JupyterLab for students, formgrader for instructors, one exchange.

What differs between two courses is said by variables, not here:

COURSE_FOLDER       nbgrader's course folder, made by `autograder nbgrader init --exchange`
COURSE_INSTRUCTORS  accounts that get formgrader and the course folder, with spaces between
COURSE_ROSTER       who else may log in, as CSV with a column `id`; default: every account here
COURSE_SPAWNER      local (default), simple or docker: see SPAWNERS
COURSE_PROXY        the program configurable-http-proxy of Node.js, instead of the one in Python

For more than this, write a configuration of your own that begins with `load_subconfig` of this one.
"""

import csv
import os
import sys
from importlib.util import find_spec
from pathlib import Path

from traitlets.config.loader import PyFileConfigLoader

SPAWNERS = {
    "local": "localprocess",  # in the student's own account of this machine
    "simple": "simple",  # all in the account of the hub: to try it out, alone
    "docker": "dockerspawner.DockerSpawner",
}
HERE = Path(__file__).parent
PROGRAMS = Path(sys.executable).parent  # alembic is there too, which nbgrader calls by name
HOUR = 3600


def setting(name, default=None):
    """Return a variable, or end with what to do."""
    value = os.environ.get(name, default)
    return value or sys.exit(f"JupyterHub for a class needs {name}; see {__file__}")


def spawner_class(name):
    """Return the spawner that COURSE_SPAWNER asks for, or end with what to do."""
    if name not in SPAWNERS:
        sys.exit(f"COURSE_SPAWNER={name}: there are {', '.join(SPAWNERS)}")
    if name == "docker" and not find_spec("dockerspawner"):
        sys.exit(
            "COURSE_SPAWNER=docker needs python -m pip install dockerspawner, and a configuration "
            "of yours that names an image and mounts the exchange: begin it with load_subconfig"
        )
    return SPAWNERS[name]


def closed(folder):
    """Return a course folder that students' accounts cannot read, or end with what to do."""
    if folder.stat().st_mode & 0o007:
        sys.exit(f"students could read {folder}: make it their instructors', and chmod 770 it")
    return folder


def roster(path):
    """Return the names that may log in."""
    with Path(path).open(encoding="utf-8-sig", newline="") as file:
        return {row["id"].strip() for row in csv.DictReader(file)}


folder = closed(Path(setting("COURSE_FOLDER")).absolute())
instructors = set(setting("COURSE_INSTRUCTORS").split())
course = PyFileConfigLoader("nbgrader_config.py", path=str(folder)).load_config()
if "root" not in course.Exchange:
    sys.exit(f"{folder} has no exchange: run autograder nbgrader init --exchange DIR {folder}")


def give_role(spawner):
    """Give whoever logs in the configuration of a student or of an instructor.

    It is what they see, not what they may do: of that the course folder's owner and mode decide.
    """
    role = HERE / "student"
    if spawner.user.name in instructors:
        role = folder
        spawner.notebook_dir = str(folder)  # formgrader wants the course below the server's root
        judge = {k: v for k, v in os.environ.items() if k.startswith("AUTOGRADER_")}
        spawner.environment = {**spawner.environment, **judge}
    folders = [HERE / "everybody", role]
    if os.environ.get("COURSE_SPAWNER") == "simple":
        folders.append(HERE / "one_account")
    path = os.pathsep.join(map(str, folders))
    spawner.environment = {**spawner.environment, "JUPYTER_CONFIG_PATH": path}


c = get_config()

# All on loopback: put a web server with a certificate before it.
c.JupyterHub.bind_url = "http://127.0.0.1:8000"
c.JupyterHub.hub_bind_url = "http://127.0.0.1:8081"
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:8001"
# Formgrader answers when it is done; the proxy in Python would wait for 20 seconds.
patience = f"--proxy-timeout={HOUR * 1000}"
proxy = os.environ.get("COURSE_PROXY") or str(PROGRAMS / "configurable-http-proxy")
c.ConfigurableHTTPProxy.command = [proxy, patience]

c.JupyterHub.spawner_class = spawner_class(os.environ.get("COURSE_SPAWNER", "local"))
c.SimpleLocalProcessSpawner.home_dir_template = str(Path("homes/{username}").absolute())
c.Spawner.cmd = [str(PROGRAMS / "jupyterhub-singleuser")]
c.Spawner.default_url = "/lab"
c.Spawner.pre_spawn_hook = give_role
c.Spawner.environment = {
    "PATH": f"{PROGRAMS}{os.pathsep}{os.environ['PATH']}",
    "COURSE_ID": str(course.CourseDirectory.course_id),
    "COURSE_EXCHANGE": str(course.Exchange.root),
}

if path := os.environ.get("COURSE_ROSTER"):
    c.Authenticator.allowed_users = roster(path) | instructors
else:
    c.Authenticator.allow_all = True
