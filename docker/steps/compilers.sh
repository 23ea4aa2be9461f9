#!/bin/sh
# Installs g++ for labs that ask for it; in a runner, harden.py closes it to all other boxes. C, and
# what compiles when it links, are left out: together they are as large as the rest.
set -eu
leave_out() { # options of apt for paths that dpkg does not unpack
  for path in /usr/share/doc /usr/share/man /usr/share/info /usr/share/locale /usr/share/lintian; do
    echo "-o Dpkg::Options::=--path-exclude=$path/*"
  done
}
if ! command -v g++ >/dev/null; then
  apt-get update -qq
  # shellcheck disable=SC2046  # each is a word
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $(leave_out) g++ libc6-dev >/dev/null
  apt-get clean
  rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin
  rm -f /usr/bin/*lto-dump* /usr/lib/gcc/*/*/cc1 /usr/lib/gcc/*/*/lto1 /usr/lib/gcc/*/*/lib[altu]*san.a
fi
g++ --version | head -n 1
