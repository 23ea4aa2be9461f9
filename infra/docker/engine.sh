#!/usr/bin/env bash
# Makes sure that a Docker engine answers: installs and starts one where it may.
# Says why not otherwise, and ends with 1.
set -euo pipefail

patience=30 # seconds for an engine to start

answers() { command -v docker >/dev/null && docker info >/dev/null 2>&1; }
refuse() {
  echo "no Docker engine: $1" >&2
  exit 1
}

answers && exit
[ -z "${DOCKER_HOST:-}" ] || refuse "none answers at DOCKER_HOST=$DOCKER_HOST"
[ "$(uname -s)" = Linux ] || refuse "start Docker Desktop, or another engine"
[ "$(id -u)" -eq 0 ] || refuse "start one (sudo systemctl start docker), and join its group (sudo usermod -aG docker $(id -un))"

if ! command -v dockerd >/dev/null; then
  command -v apt-get >/dev/null || refuse "install one with this system's package manager"
  apt-get update -qq || true # one broken source of several is no reason to stop
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq docker.io debootstrap >/dev/null ||
    refuse "apt-get install docker.io failed"
fi

log=/var/log/dockerd.log
answers && exit # the package has started it
if [ -d /run/systemd/system ]; then
  systemctl start docker || refuse "systemctl start docker failed"
else
  nohup dockerd </dev/null >"$log" 2>&1 &
  dockerd=$!
fi
for ((second = 0; second < patience; second++)); do
  answers && exit
  if [ -n "${dockerd:-}" ] && ! kill -0 "$dockerd" 2>/dev/null; then break; fi
  sleep 1
done
refuse "it did not start: $(tail -n 1 "$log" 2>/dev/null || echo 'see journalctl -u docker')"
