#!/usr/bin/env bash
# Builds the panel into labkit/panel/labextension, which is committed; needs Node and npm.
#   infra/panel/build.sh          build, and record what it was built from
#   infra/panel/build.sh --check  build in a copy, and compare with what is committed
set -euo pipefail
cd "$(dirname "$0")/../.."
PATH=$PWD/.venv/bin:$PATH
built=labkit/panel/labextension

install() {  # what the build needs, in the checkout $1
  (cd "$1/infra/panel" && npm ci --no-audit --no-fund --loglevel=error)
}

build() {  # in the checkout $1
  (cd "$1/infra/panel" && npx tsc && jupyter-builder build .)
  python "$1/infra/panel/sources.py" "$1/infra/panel" "$1/$built" >"$1/$built/sources.sha256"
}

if [ "${1:-}" != --check ]; then
  install .
  rm -rf "$built"
  build .
  exit
fi
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
mkdir -p "$copy/infra/panel" "$copy/labkit/panel"
(cd infra/panel && cp -r src style sources.py package.json package-lock.json tsconfig.json webpack.config.js "$copy/infra/panel")
install "$copy" || {
  echo "skipped: npm cannot install what the panel's build needs; sources.sha256 is tested all the same"
  exit
}
build "$copy"
diff -r "$copy/$built" "$built" || {
  echo "labkit/panel/labextension is not what infra/panel builds: run make panel, and commit it" >&2
  exit 1
}
