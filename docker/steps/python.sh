#!/bin/sh
# Makes sure that the base image has a Python we support; images of Python or Debian need no step.
set -eu
supported() {
  command -v python3 >/dev/null && python3 -c 'import ensurepip, venv, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}
supported && exit
if command -v apt-get >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3 python3-venv >/dev/null
  apt-get clean
  rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin
fi
supported || {
  echo "This base image has no Python 3.11 or newer with venv: choose another BASE_IMAGE." >&2
  exit 1
}
