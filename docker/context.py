"""Prepares what the images are built from: a folder with our wheel, and what students receive.

Nothing else of the course is in it, so that no layer of an image can hold a hidden test.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[1]
PINS = ("labs/requirements.txt", "docker/constraints.txt")
# What is installed in an image beside our wheel: extras of ours, and more.
ENVIRONMENTS = {
    "lab": (("lab", "nbgrader"), ("matplotlib",)),
    "grader": (("grader", "nbgrader", "postgres"), ("docker",)),
}
_JUPYTER = (
    "everybody/labconfig",
    "student/labconfig",
    "student/jupyter_server_config.d",
)
_ALWAYS = ("numpy",)  # what labkit.gpu imports


def packages() -> list[str]:
    """Return what the boxes of all labs may hold."""
    labs = [tomllib.loads(file.read_text()) for file in ROOT.glob("labs/*/lab.toml")]
    return sorted(
        {*_ALWAYS, *(name for lab in labs for name in lab.get("box", {}).get("packages", ()))}
    )


def requirements(image: str) -> list[str]:
    """Return what our wheel requires in `image`, and what is wanted there beside it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras, more = ENVIRONMENTS[image]
    wanted = [line for extra in extras for line in project["optional-dependencies"][extra]]
    return [*project["dependencies"], *wanted, *more]


def prepare(folder: Path) -> None:
    """Make the context anew in `folder`."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("wheel", "wheels", "pins", "labs"):
        (folder / name).mkdir(parents=True)
    for name in ("steps", "start"):
        shutil.copytree(ROOT / "docker" / name, folder / name)
    for source in _JUPYTER:
        shutil.copytree(ROOT / "infra/jupyterhub" / source, folder / "jupyter" / source)
    for pins in PINS:
        shutil.copy(ROOT / pins, folder / "pins")
    for image in ENVIRONMENTS:
        (folder / "pins" / f"{image}.txt").write_text("\n".join(requirements(image)) + "\n")
    _run("pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder / "wheel", ROOT)
    for starter in sorted((ROOT / "starter").iterdir()):
        if starter.is_dir():
            new = folder / "released" / starter.name
            _run("autograder", "lab", "release", starter.name, "--to", new)
            shutil.move(new / starter.name, folder / "labs")
    shutil.rmtree(folder / "released")
    for wheel in _wheels():
        shutil.copy(wheel, folder / "wheels")


def _wheels() -> list[Path]:
    """The pinned wheels in the folders that PIP_FIND_LINKS names: for machines without an index."""
    folders = [Path(place) for place in os.environ.get("PIP_FIND_LINKS", "").split()]
    lines = [line for pins in PINS for line in (ROOT / pins).read_text().splitlines()]
    pinned = {tuple(line.lower().replace("-", "_").split("==")) for line in lines if "==" in line}
    return [
        wheel
        for folder in folders
        for wheel in sorted(folder.glob("*.whl"))
        if tuple(wheel.name.lower().split("-")[:2]) in pinned
    ]


def _run(module: str, *arguments: object) -> None:
    subprocess.run([sys.executable, "-m", module, *map(str, arguments)], cwd=ROOT, check=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packages", action="store_true", help="only print what boxes may hold")
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "build/docker/context")
    asked = parser.parse_args()
    print(*packages()) if asked.packages else prepare(asked.folder.resolve())
