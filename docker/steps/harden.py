"""The last step of a runner image: what has a group of its own, and nothing a box has no use for.

Python alone is certain to be in every base image, so this is no shell script.
"""

import json
import os
import shutil
import stat
import sys
import sysconfig
from pathlib import Path

COMPILERS_GROUP = 600_000
FIRST_GROUP = 600_001
_INSTALLERS = ("pip", "setuptools", "pkg_resources", "wheel")
_OTHERS_TRUST = stat.S_ISUID | stat.S_ISGID


def give_groups() -> None:
    """Close each package to processes that were not started with its group."""
    for number, package in enumerate(sorted(Path("/box/packages").iterdir())):
        os.chown(package, 0, FIRST_GROUP + number)
        package.chmod(0o750)


def close_compilers() -> None:
    """Close what compiles to processes that were not started with its group."""
    compilers = json.loads(Path("/box/manifest.json").read_text())["compilers"]
    for path in {Path(part) for compiler in compilers.values() for part in compiler["parts"]}:
        os.chown(path, 0, COMPILERS_GROUP)
        path.chmod(0o750)


def remove_installers(*, keep: bool) -> None:
    """Remove packages of the base image (unless they are to `keep`), and what installs some."""
    stdlib = Path(sysconfig.get_path("stdlib"))
    sites = {
        stdlib / "site-packages",
        stdlib / "dist-packages",
        stdlib.parent / "python3/dist-packages",  # Debian's
        Path("/usr/local/lib", stdlib.name, "dist-packages"),
    }
    gone = [entry for site in sites if site.is_dir() for entry in site.iterdir()]
    if keep:
        gone = [entry for entry in gone if entry.name.startswith(_INSTALLERS)]
    gone += [stdlib / "ensurepip", Path("/usr/share/python-wheels")]
    gone += Path(sysconfig.get_path("scripts")).glob("pip*")
    for entry in gone:
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry.is_symlink() or entry.exists():
            entry.unlink()


def remove_privileges() -> None:
    """Leave no program that runs with somebody else's rights."""
    for folder, _, files in os.walk("/"):
        if folder.startswith(("/proc", "/sys", "/dev")):
            continue
        for file in (Path(folder, name) for name in files):
            mode = file.lstat().st_mode
            if stat.S_ISREG(mode) and mode & _OTHERS_TRUST:
                file.chmod(stat.S_IMODE(mode) & ~_OTHERS_TRUST)


if __name__ == "__main__":
    keep = "--keep-packages" in sys.argv  # and the compilers of the base, which its own need
    give_groups()
    if not keep:
        close_compilers()
    remove_installers(keep=keep)
    remove_privileges()
