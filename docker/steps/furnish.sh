#!/bin/sh
# Lays out /out/box from our wheel and the packages named: what a runner image holds.
# Mounted: /wheel (ours), /pins (constraints), /wheels (others, possibly none), two secrets.
set -eu
[ ! -s /run/secrets/ca ] || export PIP_CERT=/run/secrets/ca
[ ! -s /run/secrets/pip ] || export PIP_CONFIG_FILE=/run/secrets/pip
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
python3 -m venv /build
/build/bin/pip install --quiet --find-links /wheels --constraint /pins/requirements.txt "$@"
/build/bin/pip install --quiet --no-deps /wheel/*.whl
/build/bin/python -m autograder.box.furnish /out/box "$@"
