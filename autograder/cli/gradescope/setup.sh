#!/usr/bin/env bash
# Gradescope runs this once, as root, when it builds the image: a Python of ours, and closed files.
set -euo pipefail
source=${SOURCE:-/autograder/source}
home=/opt/autograder
wanted=@PYTHON@ # the one for which requirements.txt was written
compilers="@COMPILERS@"

fits() { command -v "$1" >/dev/null && "$1" -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

add() { apt-get install -qy --no-install-recommends "$@"; }

choose() {
  for python in "$wanted" python3; do
    if fits "$python"; then return; fi
  done
  return 1
}

if [ -n "$compilers" ]; then
  apt-get update -q
  add g++
fi
if ! choose; then
  apt-get update -q
  add python3 python3-venv || true # there may be no newer one by this name
  choose || add "$wanted" "$wanted-venv"
  choose
fi

# Readable to all: the code of a submission imports it, under an account of its own.
(
  umask 022
  "$python" -m venv "$home"
  "$home/bin/python" -m pip install --quiet --requirement "$source/requirements.txt"
  cp -r "$source"/packages/. "$("$home/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')"
  chmod -R go=rX "$home"
)
if [ -n "$compilers" ]; then # what they build ahead is built here, and not for each submission
  "$home/bin/python" -c 'import sys; from autograder.box.compilers import binds; binds(sys.argv[1:])' $compilers
fi
chmod -R go= "$source"
