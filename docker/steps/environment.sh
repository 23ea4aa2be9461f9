#!/bin/sh
# Makes /opt/course, a virtual environment with our wheel: environment.sh EXTRAS PACKAGE...
# Mounted as for furnish.sh.
set -eu
. /mnt/index.sh
extras=$1
shift
python3 -m venv /opt/course
wheel=$(echo /wheel/*.whl)
/opt/course/bin/pip install --quiet \
  --constraint /pins/requirements.txt --constraint /pins/constraints.txt "$wheel[$extras]" "$@"
