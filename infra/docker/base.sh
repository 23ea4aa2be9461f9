#!/usr/bin/env bash
# Makes a base image from Debian's packages, for machines that reach no registry; prints its name.
# base.sh --compilers: the same with g++, in which tests of the sandbox `user` run. What is there
# already is kept. A mirror is the one of this machine's apt, if that is Debian's.
set -euo pipefail

suite=bookworm
name=autograder-test-base:$suite
packages=ca-certificates,python3,python3-venv
steps=$(cd "$(dirname "$0")/../.." && pwd)/docker/steps

with_compilers() {
  local base
  base=$("$0")
  made=$(docker create --volume "$steps:/mnt:ro" "$base" sh /mnt/compilers.sh)
  trap 'docker rm --force "$made" >/dev/null' EXIT
  docker start --attach "$made" >&2
  docker commit "$made" "$name" >/dev/null
}

if [ "${1:-}" = --compilers ]; then
  name=$name-compilers
  docker image inspect "$name" >/dev/null 2>&1 || with_compilers
  echo "$name"
  exit
fi
if docker image inspect "$name" >/dev/null 2>&1; then
  echo "$name"
  exit
fi
refuse() {
  echo "no base image: $1" >&2
  exit 1
}
[ "$(id -u)" -eq 0 ] || refuse "debootstrap needs root"
if ! command -v debootstrap >/dev/null; then
  command -v apt-get >/dev/null || refuse "install debootstrap"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq debootstrap >/dev/null ||
    refuse "apt-get install debootstrap failed"
fi

mirror() { # where this machine's apt has Debian from; nothing: debootstrap's own choice
  apt-get indextargets --format '$(SITE) $(ORIGIN)' 2>/dev/null | sed -n 's/ Debian$//p' | head -n 1
}

root=$(mktemp -d)
trap 'rm -rf "$root" "$root.log"' EXIT
debootstrap --variant=minbase --include="$packages" "$suite" "$root" $(mirror) >"$root.log" 2>&1 ||
  refuse "debootstrap failed: $(tail -n 1 "$root.log")"
rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/cache/apt/*.bin "$root"/var/lib/apt/lists/*
tar -C "$root" --numeric-owner -c . |
  docker import --change 'CMD ["bash"]' --message "debootstrap $suite" - "$name" >/dev/null
echo "$name"
