#!/bin/sh
# Lays out /out/box and /out/packages from our wheel and the packages named: what a runner image holds.
# Mounted: /wheel (ours), /pins, /wheels (of whoever builds, mostly empty), and two secrets.
set -eu
. /mnt/index.sh
python3 -m venv /build
/build/bin/pip install --quiet --constraint /pins/requirements.txt --constraint /pins/constraints.txt "$@"
/build/bin/pip install --quiet --no-deps /wheel/*.whl
names=$(printf '%s\n' "$@" | sed 's/[<>=!~].*//') # without versions
# shellcheck disable=SC2086  # each is a word
/build/bin/python -m autograder.box.furnish /out/box $names
mv /out/box/packages /out/packages # a layer of its own, which changes rarely
