#!/usr/bin/env bash
# Builds the images: what `make images` runs.
#   docker/build.sh --builder        only say which command builds here
#   IMAGES="runner-cpu grader lab"   which ones
#   BASE_IMAGE=...                   from which base; unset: what each Dockerfile names
#   PREFIX=systems-for-ai            what their names begin with
#   NETWORK=host                     where containers have no network of their own
#   SOURCE=...                       where the source is, for the images' labels
# Certificates and pip's configuration (SSL_CERT_FILE or PIP_CERT, PIP_CONFIG_FILE) are given to the
# build as secrets; the wheels in PIP_FIND_LINKS are mounted. None of them is in an image.
set -euo pipefail
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"

images=(${IMAGES:-runner-cpu grader lab})
prefix=${PREFIX:-systems-for-ai}
context=build/docker/context

builder() {  # the command that builds with BuildKit: a newer client needs buildx, an older one does not
  local client
  for client in $(which -a docker); do
    if "$client" buildx version >/dev/null 2>&1; then
      echo "$client buildx build --load"
      return
    elif DOCKER_BUILDKIT=1 "$client" build --help 2>/dev/null | grep -q -- --secret; then
      echo "$client build"
      return
    fi
  done
  echo "These images are built with BuildKit: install Docker's buildx plugin (docker-buildx-plugin, or docker-buildx)." >&2
  return 1
}

base_of() { sed -n 's/^ARG BASE_IMAGE=//p' "docker/$1.Dockerfile"; }

base_for() {  # prints the base image to use for $1
  local named=${BASE_IMAGE:-$(base_of "$1")}
  if docker image inspect "$named" >/dev/null 2>&1 || docker pull --quiet "$named" >/dev/null 2>"$log"; then
    echo "$named"
  elif [ -n "${BASE_IMAGE:-}" ] || [[ "$named" != python:* ]]; then
    echo "no base image $named for $1: $(tail -n 1 "$log")" >&2
    return 1
  else
    echo "$named cannot be had ($(tail -n 1 "$log")): from Debian's packages instead" >&2
    infra/docker/base.sh
  fi
}

secrets=()
secret() {  # gives the file $2, if there is one, to the build as $1
  [ ! -r "${2:-}" ] || secrets+=(--secret "id=$1,src=$2")
}

if [ "${1:-}" = --builder ]; then
  builder
  exit
fi
infra/docker/engine.sh
build=($(builder))
log=$(mktemp)
trap 'rm -f "$log"' EXIT
secret ca "${PIP_CERT:-${SSL_CERT_FILE:-}}"
secret pip "${PIP_CONFIG_FILE:-}"
python docker/context.py "$context"
version=$(sed -n 's/^__version__ = "\(.*\)"/\1/p' autograder/__init__.py)
revision=$(git rev-parse HEAD 2>/dev/null || echo unknown)

for image in "${images[@]}"; do
  base=$(base_for "$image")
  echo "$image $version, from $base"
  DOCKER_BUILDKIT=1 "${build[@]}" ${secrets[@]+"${secrets[@]}"} \
    --progress "${PROGRESS:-auto}" --network "${NETWORK:-default}" \
    --build-arg "BASE_IMAGE=$base" \
    --build-arg "PACKAGES=$(python docker/context.py --packages)" \
    --build-arg "VERSION=$version" --build-arg "REVISION=$revision" --build-arg "SOURCE=${SOURCE:-unknown}" \
    --tag "$prefix/$image:$version" --tag "$prefix/$image:latest" \
    --file "docker/$image.Dockerfile" "$context"
done
