#!/usr/bin/env bash
# In the course's private repository: grades with hidden tests, and publishes what came of it.
#
#   LAB           id of the lab
#   SUBMISSIONS   a folder or zip, as `autograder grade` takes it; or, instead,
#   ROSTER        CSV of student,repository: the newest commit of each is graded; of these with
#   STUDENT       only one; with REPOSITORY from there instead; with COMMIT (all its hex digits) that
#   SUBMITTED_AT  when it was handed in; without it, the time of grading stands, marked as assumed
#   COURSE        the course; default: what the job checked out
#   OUT           folder for summary.md, junit.xml, results.json and pages; default: ci-results
#   SANDBOX       default: namespace where it can be had, else user
#   GRADE_OPTIONS further options of `autograder grade`
#   AUTOGRADER_SECRET_FILE, or AUTOGRADER_SECRET with its text; AUTOGRADER_STORE
#   FETCH_TOKEN   reads the students' repositories on the server of this job, and is sent nowhere else
# shellcheck disable=SC2329 # some functions are called by `quietly`
set -uo pipefail
umask 077
here=${CI_PROJECT_DIR:-${GITHUB_WORKSPACE:-$PWD}}
cd "$here" || exit 1
course=${COURSE:-$here}
out=${OUT:-ci-results}
work=$(mktemp -d) || exit 3
trap 'rm -rf "$work"' EXIT
mkdir -p "$out" "$work/git" "$work/submissions"
failed=()

complain() {
  if [ -n "${GITHUB_ACTIONS:-}" ]; then printf '::error title=Grading::%s\n' "$1"; else echo "$1" >&2; fi
}

# GitHub obeys lines that look like its commands: not those with names and reasons of others in them.
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

# The secret in a file that only this account reads; neither it nor the token in the environment of
# anything that is started from here on.
hide_secrets() {
  if [ -n "${AUTOGRADER_SECRET:-}" ]; then
    printf '%s\n' "$AUTOGRADER_SECRET" >"$work/secret"
  elif [ -n "${AUTOGRADER_SECRET_FILE:-}" ]; then
    cp "$AUTOGRADER_SECRET_FILE" "$work/secret"
  else
    complain "AUTOGRADER_SECRET is not set: without it, hidden tests draw other numbers in each job"
    exit 2
  fi
  export AUTOGRADER_SECRET_FILE="$work/secret"
  fetch_token=${FETCH_TOKEN:-}
  unset AUTOGRADER_SECRET FETCH_TOKEN
}

# Git without anybody's configuration. Only the server of this job gets the token.
prepare_git() {
  export GIT_CONFIG_NOSYSTEM=1 GIT_CONFIG_GLOBAL=/dev/null GIT_TERMINAL_PROMPT=0 GIT_LFS_SKIP_SMUDGE=1
  export GIT_ALLOW_PROTOCOL=${GIT_ALLOW_PROTOCOL:-https:ssh}
  local server=${CI_SERVER_URL:-${GITHUB_SERVER_URL:-}}
  printf '[http]\n\tfollowRedirects = false\n' >"$work/gitconfig"
  if [ -n "$fetch_token" ] && [ -n "$server" ]; then
    printf '[http "%s/"]\n\textraHeader = "Authorization: Basic %s"\n' "$server" \
      "$(printf 'x-access-token:%s' "$fetch_token" | base64 -w 0)" >>"$work/gitconfig"
  fi
  export GIT_CONFIG_GLOBAL="$work/gitconfig"
}

# One commit as a zip. Nothing is checked out: no hook, filter, submodule or link ever acts.
fetch() {
  local student=$1 repository=$2 commit=$3 git="$work/git/$1"
  [[ $student =~ ^[A-Za-z0-9][A-Za-z0-9._@+-]*$ ]] || return
  [[ $commit =~ ^(HEAD|[0-9a-f]{40}|[0-9a-f]{64})$ ]] || return
  git init --quiet --bare --template= "$git" && mkdir -p "$git/info" || return
  echo '* -text -eol -ident -filter -export-ignore -export-subst -working-tree-encoding' >"$git/info/attributes"
  (
    ulimit -f 524288 # 512 MiB in any file
    timeout 300 git -C "$git" fetch --quiet --depth 1 --no-tags --no-recurse-submodules -- "$repository" "$commit" &&
      timeout 300 git -C "$git" archive --format=zip --output "$work/submissions/$student.zip" FETCH_HEAD
  ) || return
  printf '%s,%s,%s\n' "$student" "$repository" "$(git -C "$git" rev-parse FETCH_HEAD)" >>"$out/commits.csv"
}

fetch_all() {
  local student repository
  printf 'student,repository,commit\n' >"$out/commits.csv"
  while IFS=, read -r student repository _; do
    repository=${repository%$'\r'}
    [ "$student,$repository" != student,repository ] && [ -n "$student" ] || continue
    if ! fetch "$student" "$repository" "${COMMIT:-HEAD}" </dev/null; then
      rm -f "$work/submissions/$student.zip"
      failed+=("${student//[^A-Za-z0-9._@+-]/?}")
    fi
  done < <(wanted)
}

wanted() {
  if [ -n "${STUDENT:-}" ] && [ -n "${REPOSITORY:-}" ]; then
    printf '%s,%s\n' "$STUDENT" "$REPOSITORY"
  elif [ -n "${STUDENT:-}" ]; then
    awk -F, -v who="$STUDENT" '$1 == who' "${ROSTER:-/dev/null}"
  else
    cat "${ROSTER:-/dev/null}"
  fi
}

wall() {
  autograder doctor --json - 2>/dev/null | python3 -c '
import json, sys
found = {one["name"]: one["ok"] for one in json.load(sys.stdin)["findings"]}
print("namespace" if found.get("sandbox namespace") else "user")'
}

grade() {
  local options=() sandbox=${SANDBOX:-$(wall)}
  read -ra options <<<"${GRADE_OPTIONS:-}"
  # Where accounts are the wall, the course is to be closed to the others.
  [ "$sandbox" != user ] || chmod go= "$course"
  quietly autograder grade "$LAB" "$1" --course "$course" --sandbox "$sandbox" --out "$out" \
    --store "${AUTOGRADER_STORE:-sqlite:///$work/store.sqlite}" \
    ${SUBMITTED_AT:+--submitted-at "$SUBMITTED_AT"} "${options[@]}"
}

publish() {
  local student
  for student in "${failed[@]}"; do
    printf '\n%s: the repository or the commit could not be fetched; nothing was graded.\n' "$student" >>"$out/summary.md"
    complain "$student: the repository or the commit could not be fetched; nothing was graded"
  done
  [ -f "$out/summary.md" ] || return
  if [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then cat "$out/summary.md" >>"$GITHUB_STEP_SUMMARY"; fi
  if [ -n "${GITHUB_ACTIONS:-}" ] && [ -f "$out/annotations.txt" ]; then cat "$out/annotations.txt"; fi
}

code=0
hide_secrets
if [ -n "${SUBMISSIONS:-}" ]; then
  grade "$SUBMISSIONS" || code=$?
else
  prepare_git
  quietly fetch_all
  rm -rf "$work/git" "$work/gitconfig"
  if compgen -G "$work/submissions/*.zip" >/dev/null; then grade "$work/submissions" || code=$?; fi
  if [ ${#failed[@]} -gt 0 ] && [ "$code" = 0 ]; then code=3; fi
  if [ ${#failed[@]} = 0 ] && ! compgen -G "$work/submissions/*.zip" >/dev/null; then
    complain "nothing to grade: set SUBMISSIONS, ROSTER, or STUDENT and REPOSITORY"
    code=64
  fi
fi
publish
exit "$code"
