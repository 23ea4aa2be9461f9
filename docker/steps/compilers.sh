#!/bin/sh
# Installs g++ for the boxes of labs that ask for it; harden.py closes it to all others. C, and what
# compiles when it links, are left out: together they are as large as the rest.
set -eu
if ! command -v g++ >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends g++ libc6-dev >/dev/null
  apt-get clean
  rm -rf /var/lib/apt/lists/* /var/cache/apt/*.bin /usr/bin/*-lto-dump-* /usr/share/doc/*
  rm -f /usr/lib/gcc/*/*/cc1 /usr/lib/gcc/*/*/lto1 /usr/lib/gcc/*/*/lib[altu]*san.a
fi
g++ --version | head -n 1
