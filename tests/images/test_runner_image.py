"""A runner holds what a box shows: the driver, labkit, packages apart from each other, no more."""

import json
import stat
import subprocess

import pytest

from autograder import __version__
from autograder.box.furnish import source_digest
from tests.images.engine import RUNNERS, inside, inspect, name

pytestmark = [pytest.mark.slow]

# Says what a runner holds; runs as root, with the image's own Python and nothing else.
LOOK = """
import json, os, stat
box = "/box/packages"
privileged, installers = [], []
for folder, _, files in os.walk("/"):
    if folder.startswith(("/proc", "/sys", "/dev")):
        continue
    for file in files:
        path = os.path.join(folder, file)
        mode = os.lstat(path).st_mode
        if stat.S_ISREG(mode) and mode & (stat.S_ISUID | stat.S_ISGID):
            privileged.append(path)
        program = stat.S_ISREG(mode) and mode & 0o111
        if program and file in ("pip", "pip3", "gcc", "cc", "ensurepip"):
            installers.append(path)
manifest = json.load(open("/box/manifest.json"))
compilers = {}
for path in {path for each in manifest["compilers"].values() for path in each["parts"]}:
    found = os.stat(path)
    compilers[path] = [found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)]
groups = {}
for name in os.listdir(box):
    found = os.stat(f"{box}/{name}")
    groups[name] = [found.st_uid, found.st_gid, stat.S_IMODE(found.st_mode)]
print(json.dumps({
    "manifest": manifest, "groups": groups, "compilers": compilers,
    "privileged": privileged, "installers": installers, "box": sorted(os.listdir("/box")),
    "empty": [name for name in ("probes", "submission") if not os.listdir(f"/box/{name}")],
}))
"""


@pytest.fixture(params=RUNNERS)
def runner(request, built):
    built(request.param)
    return request.param


@pytest.fixture
def seen(runner):
    return json.loads(inside(runner, "python3", "-I", "-S", "-c", LOOK))


def test_a_runner_says_what_it_is(runner):
    config = inspect(runner)["Config"]
    labels = {key.rpartition(".")[2]: value for key, value in config["Labels"].items()}
    assert labels["title"].endswith(runner)
    assert labels["version"] == __version__
    assert labels["licenses"] == "Apache-2.0"
    assert labels["description"] and labels["revision"] and labels["source"]
    assert ("not run on hardware" in labels["description"]) == (runner != "runner-cpu")


def test_a_runner_starts_the_driver_as_nobody(runner):
    config = inspect(runner)["Config"]
    assert config["User"] == "65534:65534"
    driver = "/box/driver/autograder/box/driver.py"
    assert config["Entrypoint"] == ["python3", "-P", "-s", "-S", driver]
    assert config["Cmd"] == ["0,1"]
    # A judge that has gone: the driver ends by itself.
    run = ["docker", "run", "--rm", "--interactive", "--network", "none", name(runner)]
    done = subprocess.run(run, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")


def test_it_holds_our_source_as_it_is_here(runner, seen):
    assert seen["manifest"]["source"] == source_digest()
    built = {"toolchain"} if runner == "runner-cpu" else set()
    wanted = {"driver", "labkit", "manifest.json", "packages", "probes", "submission"}
    assert set(seen["box"]) - built == wanted
    assert built <= set(seen["box"])
    assert seen["empty"] == ["probes", "submission"]


def test_each_package_has_a_group_of_its_own(seen):
    packages = sorted(seen["manifest"]["packages"])
    closed = {
        name: [0, 600_001 + number, stat.S_IRWXU | stat.S_IRGRP | stat.S_IXGRP]
        for number, name in enumerate(packages)
    }
    assert seen["groups"] == closed
    for package in seen["manifest"]["packages"].values():
        assert set(package["closure"]) <= set(packages)


def test_what_compiles_has_a_group_of_its_own(runner, seen):
    if runner == "runner-cpu":
        assert "/usr/include" in seen["compilers"] and len(seen["compilers"]) >= 5
    if runner != "runner-ascend":  # whose base compiles kernels
        closed = [0, 600_000, stat.S_IRWXU | stat.S_IRGRP | stat.S_IXGRP]
        assert all(found == closed for found in seen["compilers"].values())


def test_nothing_raises_privileges_or_installs(seen):
    assert seen["privileged"] == []
    assert seen["installers"] == []


def test_a_package_is_read_with_its_group_only(runner, seen):
    group = seen["groups"]["numpy"][1]
    code = "import sys; sys.path.append('/box/packages/numpy'); import numpy; print(numpy.pi)"
    run = ("python3", "-P", "-s", "-S", "-c", f"try:\n {code}\nexcept ImportError: print('none')")
    nobody = ("--user", "65534:65534")
    assert inside(runner, *run, options=nobody) == "none\n"
    with_group = (*nobody, "--group-add", group)
    assert inside(runner, *run, options=with_group).startswith("3.14")
