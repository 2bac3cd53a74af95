#!/usr/bin/env bash
# Parley as a whole under load: prints a JSON object a line, {"bench": WHAT, "figures": {…}}, and judges nothing (README.md says
# what each figure means).
#
#   bench/run.sh [NAME…]     disk rebuild import search dialects resume fanout ingest history idle kafka; all of them without a name
#
# What needs the load generator is left out, and says so, unless PARLEY_LOAD names it. It is a program of its own, not part of
# this repository; it is called like this, and prints one JSON object:
#
#   PARLEY_LOAD -driver parley -addr HOST:PORT -pids SERVER-PID -dur 8s [-n N] [-window W | -rate R] fanout|ingest
#   PARLEY_LOAD … -state FILE -count N -window W prefill;  PARLEY_LOAD … -state FILE -c CONCURRENT history;  PARLEY_LOAD … -n N idle
#
# Environment:
#   PARLEY_LOAD             the load generator
#   PARLEY_BENCH_BUILD      where the benchmarks were built (build/bench)
#   PARLEY                  the program to measure (the one in PARLEY_BENCH_BUILD)
#   PARLEY_BENCH_DIR        where data goes, on the disk to be measured (a new folder below TMPDIR)
#   PARLEY_BENCH_SERVER_CORE, PARLEY_BENCH_LOAD_CORE    0 and 1
#   PARLEY_BENCH_SECONDS    measured, of each scenario (8)
#   PARLEY_BENCH_MESSAGES   in the large channel and in the log to rebuild from (1000000)
#   PARLEY_BENCH_SOCKETS    idle ones, and those that resume (10000)
#   PARLEY_BENCH_KAFKA      HOST:PORT of a broker; otherwise one is started
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

build=${PARLEY_BENCH_BUILD:-build/bench}
parley=${PARLEY:-$build/parley}
load=${PARLEY_LOAD:-}
seconds=${PARLEY_BENCH_SECONDS:-8}
messages=${PARLEY_BENCH_MESSAGES:-1000000}
sockets=${PARLEY_BENCH_SOCKETS:-10000}
server_core=${PARLEY_BENCH_SERVER_CORE:-0}
load_core=${PARLEY_BENCH_LOAD_CORE:-1}
few_messages=1000
kafka_partitions=4
start_seconds=60
scratch=$(mktemp -d -p "${PARLEY_BENCH_DIR:-${TMPDIR:-/tmp}}" parley-bench-XXXXXX)
server=
broker=

finish() {
  stop_server
  [ -z "$broker" ] || tests/kafka/kafka.sh wipe "$scratch/kafka"
  rm -rf "$scratch"
}
trap finish EXIT
trap 'exit 130' INT TERM

die() {
  echo "run.sh: $*" >&2
  exit 1
}

# report WHAT COMMAND…: the JSON object that the command prints.
report() {
  local what=$1 figures
  shift
  figures=$("$@") || die "'$what' failed"
  printf '{"bench":"%s","figures":%s}\n' "$what" "$figures"
}

# start_server COMMAND…: on its core; `address` is what it prints when it serves, without http://.
start_server() {
  local deadline=$((SECONDS + start_seconds))
  : >"$scratch/address"
  taskset -c "$server_core" "$@" >"$scratch/address" 2>"$scratch/server.log" &
  server=$!
  until grep -q ':[0-9]' "$scratch/address"; do
    if ! kill -0 "$server" 2>/dev/null || [ $SECONDS -ge $deadline ]; then
      die "$1 does not serve: $(tail -n 5 "$scratch/server.log")"
    fi
    sleep 0.05
  done
  address=$(grep -o '[0-9.]*:[0-9]*' "$scratch/address" | tail -n 1)
}

stop_server() {
  [ -n "$server" ] || return 0
  kill -TERM "$server" 2>/dev/null || true
  wait "$server" || true
  server=
}

# With data of its own, gone when the next one starts.
start_parley() {
  rm -rf "$scratch/data"
  start_server "$parley" serve --listen 127.0.0.1:0 --data "$scratch/data" --rate-limits off --log-level warning "$@"
}

generate() { taskset -c "$load_core" "$load" -driver "$driver" -addr "$address" -pids "$server" -dur "${seconds}s" "$@"; }

# measure WHAT ARGUMENT…: one scenario against the server that runs.
measure() { report "$1" generate "${@:2}"; }

# What stands behind all figures: a machine that is busy with other things makes them worth little.
machine() {
  local cpu load_average file_system commit
  cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
  read -r load_average _ </proc/loadavg
  file_system=$(stat -f -c %T "$scratch")
  commit=$(git describe --always --dirty 2>/dev/null || echo unknown)
  printf '{"cpu":"%s","cores":%s,"load_average":%s,"file_system":"%s","commit":"%s"}' \
    "$cpu" "$(nproc)" "$load_average" "$file_system" "$commit"
}

bench_disk() { report disk "$build/bench/disk" "$scratch"; }

bench_rebuild() {
  report rebuild env TMPDIR="$scratch" "$build/bench/rebuild" --posts "$messages"
  report "rebuild, every post with a key" env TMPDIR="$scratch" "$build/bench/rebuild" --posts "$messages" --keyed
}

# Half a million messages of a Slack export, with threads, edits and reactions, into an empty log; and the same once more.
bench_import() {
  local count=$((messages / 2)) export=$scratch/export again
  bench/import_export.py slack-export "$export" --messages "$count"
  rm -rf "$scratch/data"
  for again in "" ", a second time"; do report "import of $count messages$again" import_of "$export" "$count"; done
  rm -rf "$export"
}

import_of() {
  local TIMEFORMAT='%R %U %S' taken
  taken=$({ time "$parley" import slack-export "$1" --data "$scratch/data" --search off >"$scratch/import.log" 2>&1; } 2>&1) ||
    die "import failed: $(tail -n 3 "$scratch/import.log")"
  awk -v n="$2" '{ printf "{\"messages_per_s\":%.0f,\"cpu_s_per_million\":%.2f}", n / $1, ($2 + $3) * 1e6 / n }' <<<"$taken"
}

bench_search() { report search env TMPDIR="$scratch" taskset -c "$server_core" "$build/bench/search" --messages "$messages"; }

# Each dialect right after the public contract, since only their ratio means something. The author posts by the public contract,
# so that what differs is the deliveries; with `own posts` he posts as the dialect's clients do, eight of them at once.
bench_dialects() {
  local dialect each
  start_parley
  for dialect in native_batch slack_clone room_chat pagenow social_media; do
    for each in native "$dialect"; do
      report "dialects, $each, 1000 sockets, window 1" dialects_of "$each" --window 1 --native-posts
      report "dialects, $each, 1000 sockets, window 8" dialects_of "$each" --window 8 --native-posts
      report "dialects, $each, 1000 sockets, window 8, own posts" dialects_of "$each" --window 8 --senders 8
    done
  done
  stop_server
}

dialects_of() {
  taskset -c "$load_core" "$build/bench/dialects" --url "$address" --pid "$server" --seconds "$seconds" --dialect "$@"
}

bench_resume() {
  local members
  for members in 100 "$sockets"; do
    start_parley --max-connections $((2 * sockets + 1000))
    report "resume, $sockets clients, $members in each channel" taskset -c "$load_core" "$build/bench/resume" --url "$address" \
      --pid "$server" --members "$members" --channels $((sockets / members))
    stop_server
  done
}

# fanout_of WHAT: the same three closed loops against any server.
fanout_of() {
  measure "$1, 1000 sockets, window 1" -n 1000 -window 1 fanout
  measure "$1, 1000 sockets, window 8" -n 1000 -window 8 fanout
  measure "$1, 100 sockets, window 16" -n 100 -window 16 fanout
}

bench_fanout() {
  driver=parley
  start_parley
  fanout_of fanout
  measure "fanout, 1000 sockets, 20000 deliveries/s" -n 1000 -rate 20 fanout
  stop_server
  driver=plain
  start_server "$build/bench/net_fanout"
  fanout_of "fanout of lib/net alone, in memory"
  stop_server
}

# The disk's bound is taken right before and right after, since it moves.
bench_ingest() {
  local window
  driver=parley
  bench_disk
  start_parley
  for window in 1 16; do
    measure "ingest, embedded log, fsync before the ack, 100 channels of 2, window $window" -n 100 -window "$window" ingest
  done
  stop_server
  bench_disk
}

bench_history() {
  driver=parley
  local count
  for count in $few_messages "$messages"; do
    start_parley
    measure "prefill of $count" -state "$scratch/channel.json" -count "$count" -window 64 prefill
    measure "history, last 50 of $count, 16 at once" -state "$scratch/channel.json" -c 16 history
    measure "history, last 50 of $count, one by one" -state "$scratch/channel.json" -c 1 history
    stop_server
    rm "$scratch/channel.json"
  done
}

bench_idle() {
  driver=parley
  start_parley --max-connections $((sockets + 1000))
  measure "idle, $sockets sockets" -n "$sockets" idle
  stop_server
}

# By librdkafka alone, on the server's core: how the bare loop fares with and without a wait for more.
produce_bare() {
  local linger
  for linger in 0 1; do
    report "librdkafka alone, acks=all, 100 senders, window $window, linger $linger ms" taskset -c "$server_core" \
      "$build/bench/kafka_produce" --brokers "$brokers" --topic "$topic.bare" --partitions $kafka_partitions \
      --window "$window" --linger-ms $linger --seconds "$seconds"
  done
}

# The broker is on no core of its own, in both cases, but only with Parley does the load generator run beside it.
bench_kafka() {
  local brokers=${PARLEY_BENCH_KAFKA:-} topic=parley.bench.$$ window
  driver=parley
  if [ -z "$brokers" ]; then
    broker=own
    brokers=$(PARLEY_KAFKA_OWNER=$$ tests/kafka/kafka.sh start "$scratch/kafka")
  fi
  if needs_load "ingest on Kafka"; then start_parley --log kafka --brokers "$brokers" --topic "$topic" --partitions $kafka_partitions; fi
  for window in 1 16; do
    produce_bare
    [ -z "$server" ] || measure "ingest, Kafka, acks=all, 100 channels of 2, window $window" -n 100 -window "$window" ingest
  done
  stop_server
}

needs_load() {
  [ -n "$load" ] && return
  echo "run.sh: $1 is left out: PARLEY_LOAD does not name the load generator (see the head of bench/run.sh)" >&2
  return 1
}

[ -x "$build/bench/disk" ] || die "there are no benchmarks in $build: ./dev bench builds them"
ulimit -n "$(ulimit -Hn)"
[ $# -gt 0 ] || set -- disk rebuild import search dialects resume fanout ingest history idle kafka
report machine machine
for name; do
  case $name in
    disk | rebuild | import | search | dialects | resume | kafka) "bench_$name" ;;
    fanout | ingest | history | idle) ! needs_load "$name" || "bench_$name" ;;
    *) die "no benchmark '$name'; there are disk, rebuild, import, search, dialects, resume, fanout, ingest, history, idle and kafka" ;;
  esac
done
