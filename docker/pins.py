"""Writes docker/constraints.txt: what is installed in images, to the version.

To renew it: empty the file, build the images (what `labs/requirements.txt` pins stays), run this,
review the difference, and commit.
"""

import argparse
import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
CONSTRAINTS = ROOT / "docker/constraints.txt"
LABS = ROOT / "labs/requirements.txt"
_HEAD = "# What the images hold beside labs/requirements.txt; written by docker/pins.py.\n"
_OURS = ("systems-for-ai", "pip", "setuptools")  # the last two come with the base's Python


def installed(image: str) -> dict[str, str]:
    """Return name and version of each Python package in `image`."""
    run = ("docker", "run", "--rm", "--network", "none", "--entrypoint")
    if "/runner-" in image:
        code = "print(open('/box/manifest.json').read())"
        packages = json.loads(_output(*run, "python3", image, "-I", "-S", "-c", code))["packages"]
        return {name: package["version"] for name, package in packages.items()}
    listed = json.loads(_output(*run, "python", image, "-m", "pip", "list", "--format=json"))
    versions = {_normal(each["name"]): each["version"] for each in listed}
    return {name: version for name, version in versions.items() if name not in _OURS}


def pinned(file: Path) -> dict[str, str]:
    """Return name and version of each line of `file`."""
    lines = [line for line in file.read_text().splitlines() if "==" in line]
    return {_normal(name): version for name, version in (line.split("==") for line in lines)}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _output(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("images", nargs="+")
    parser.add_argument("--check", action="store_true", help="only say what is not pinned")
    asked = parser.parse_args()
    found = {k: v for image in asked.images for k, v in installed(image).items()}
    if asked.check:
        pins = pinned(LABS) | pinned(CONSTRAINTS)
        loose = {name: version for name, version in found.items() if pins.get(name) != version}
        sys.exit(f"not pinned: {loose}" if loose else 0)
    new = pinned(CONSTRAINTS) | found
    lines = [f"{name}=={new[name]}\n" for name in sorted(new.keys() - pinned(LABS).keys())]
    CONSTRAINTS.write_text(_HEAD + "".join(lines))
