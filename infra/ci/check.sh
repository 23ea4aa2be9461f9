#!/usr/bin/env bash
# In a student's repository: the public tests of every lab in it, and a summary. Needs no secret.
#
#   WHEEL  our wheel, where `autograder` is not installed; default: the one that lies in the repository
#   OUT    folder for summary.md, and for each lab junit.xml, results.json; default: ci-results
set -uo pipefail
cd "${CI_PROJECT_DIR:-${GITHUB_WORKSPACE:-$PWD}}" || exit 1
out=${OUT:-ci-results}

# GitHub obeys lines that look like its commands: not those that tested code prints.
quietly() {
  [ -n "${GITHUB_ACTIONS:-}" ] || { "$@"; return; }
  local token code
  token=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  echo "::stop-commands::$token"
  "$@" 2>&1
  code=$?
  printf '\n::%s::\n' "$token"
  return "$code"
}

install() {
  local home lab wheels=(systems_for_ai-*.whl)
  home=$(mktemp -d) && python3 -m venv "$home" || return
  local wanted=("${WHEEL:-${wheels[-1]}}")
  for lab in "${labs[@]}"; do
    [ ! -f "$lab/requirements.txt" ] || wanted+=(--requirement "$lab/requirements.txt")
  done
  "$home/bin/python" -m pip install --quiet "${wanted[@]}" && PATH=$home/bin:$PATH
}

labs=()
for tests in probes.py */probes.py; do
  [ ! -f "$tests" ] || labs+=("$(dirname "$tests")")
done
if [ ${#labs[@]} = 0 ]; then
  echo "There is no lab here: no folder with probes.py, as students receive it." >&2
  exit 64
fi
command -v autograder >/dev/null || install || exit 3

worst=0
mkdir -p "$out"
: >"$out/summary.md"
for lab in "${labs[@]}"; do
  name=$([ "$lab" = . ] && echo lab || echo "$lab")
  mkdir -p "$out/$name"
  quietly autograder check "$lab" --out "$out/$name" --json "$out/$name/results.json"
  code=$?
  [ "$code" -le "$worst" ] || worst=$code
  if [ "$code" -gt 1 ]; then
    printf '### %s\n\nThe public tests could not be run: see the log.\n' "$name" >"$out/$name/summary.md"
    printf '::error title=%s::the public tests could not be run\n' "$name" >"$out/$name/annotations.txt"
  fi
  cat "$out/$name/summary.md" >>"$out/summary.md"
  [ -z "${GITHUB_ACTIONS:-}" ] || cat "$out/$name/annotations.txt"
done
[ -z "${GITHUB_STEP_SUMMARY:-}" ] || cat "$out/summary.md" >>"$GITHUB_STEP_SUMMARY"
exit "$worst"
