#!/bin/sh
# The last step of a runner image: a group for each package, and nothing that a box has no use for.
set -eu
export LC_ALL=C

# A process reads a package only if it was started with the package's group.
group=600001
for package in /box/packages/*/; do
  chown "root:$group" "$package"
  chmod 0750 "$package"
  group=$((group + 1))
done

# Packages of the base image, and what could install some; then Python starts as before.
python3 -I -S - <<'END'
import pathlib, shutil, sysconfig

stdlib = pathlib.Path(sysconfig.get_path("stdlib"))
places = {sysconfig.get_path("purelib"), "/usr/lib/python3/dist-packages", stdlib / "site-packages"}
for place in map(pathlib.Path, places):
    for entry in place.iterdir() if place.is_dir() else ():
        shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
for gone in (stdlib / "ensurepip", pathlib.Path("/usr/share/python-wheels")):
    shutil.rmtree(gone, ignore_errors=True)
for script in pathlib.Path(sysconfig.get_path("scripts")).glob("pip*"):
    script.unlink()
END

find / -xdev -type f -perm /6000 -exec chmod a-s {} +
