#!/usr/bin/env bash
# A student's desk: the labs as students receive them, in desk/, opened in JupyterLab.
# What is in desk/ already is kept: a lab that is there is not written again.
set -euo pipefail
cd "$(dirname "$0")/../.."
. .venv/bin/activate

desk=${DESK:-desk}
mkdir -p "$desk"
for starter in starter/*/; do
  lab=$(basename "$starter")
  [ -e "$desk/$lab" ] || autograder lab release "$lab" --to "$desk/.new" >/dev/null
  if [ -e "$desk/.new" ]; then
    mv "$desk/.new/$lab" "$desk/$lab"
    rmdir "$desk/.new"
    echo "$desk/$lab: new"
  else
    echo "$desk/$lab: as you left it"
  fi
done
cd "$desk"
exec jupyter lab "$@"
