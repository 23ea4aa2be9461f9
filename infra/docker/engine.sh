#!/usr/bin/env bash
docker info >/dev/null
