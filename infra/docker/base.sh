#!/usr/bin/env bash
# Makes a base image from Debian's packages, where no registry can be reached; prints its name.
# What is there already is kept.
set -euo pipefail

suite=bookworm
name=autograder-test-base:$suite

if docker image inspect "$name" >/dev/null 2>&1; then
  echo "$name"
  exit
fi
