#!/usr/bin/env bash
# Installs the system packages that are missing, where we may; says what to install where we may not.
# With --grading: only what grading needs, not what the tests need beside it.
set -euo pipefail

wanted=()
command -v bwrap >/dev/null || wanted+=(bubblewrap)
if [ "${1:-}" != "--grading" ]; then
  command -v chromium >/dev/null || wanted+=(chromium)
  command -v g++ >/dev/null || wanted+=(g++)
  compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || wanted+=(postgresql)
fi
[ "${#wanted[@]}" -eq 0 ] && exit 0

say() { printf 'missing: %s. %s\n' "${wanted[*]}" "$1" >&2; }

if [ "$(uname -s)" != Linux ]; then
  say "Walled grading needs Linux; on this machine 'autograder check' works, and 'grade' with --sandbox none --trusted."
elif ! command -v apt-get >/dev/null; then
  say "Install them with this system's package manager."
elif [ "$(id -u)" -eq 0 ]; then
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${wanted[@]}" >/dev/null
elif sudo -n true 2>/dev/null; then
  sudo apt-get update -qq && sudo DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${wanted[@]}" >/dev/null
else
  say "Ask an administrator for: sudo apt-get install ${wanted[*]}"
fi
