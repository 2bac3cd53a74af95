#!/usr/bin/env bash
# Autobahn's WebSocket cases (the package kosoku) against an echo server made of lib/net. Fails when a case fails.
# Left out: 9.* (they measure, they don't judge), 12.* and 13.* (compression, which is not offered).
#
#   run.sh ECHO_SERVER FOLDER     FOLDER keeps kosoku's environment and its report
set -euo pipefail
server=$1 folder=$2

if [ ! -x "$folder/venv/bin/kosoku" ]; then
  python3 -m venv "$folder/venv"
  "$folder/venv/bin/pip" install --quiet --disable-pip-version-check kosoku
fi

mkfifo "$folder/address.$$"
"$server" >"$folder/address.$$" &
pid=$!
trap 'kill "$pid" 2>/dev/null || true; rm -f "$folder/address.$$"' EXIT
read -r -t 20 address <"$folder/address.$$"

"$folder/venv/bin/kosoku" "$address" -x '9.*' -x '12.*' -x '13.*' -o "$folder/report"
