#!/bin/sh
# Makes /opt/course, a virtual environment with all that our wheel needs: environment.sh REQUIREMENTS
# Our wheel comes later, so that what changes rarely is a layer of its own. Mounted as for furnish.sh.
set -eu
. /mnt/index.sh
python3 -m venv /opt/course
/opt/course/bin/pip install --quiet --requirement "$1" \
  --constraint /pins/requirements.txt --constraint /pins/constraints.txt
