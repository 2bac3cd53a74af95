#!/usr/bin/env bash
# One real Apache Kafka broker (KRaft, plaintext, loopback only) for tests and for trying things out, from Maven Central's jars.
#
#   kafka.sh fetch          get the jars (once; kept in PARLEY_KAFKA_HOME, by default below ~/.cache)
#   kafka.sh start DIR      start a broker with its data, log and port in DIR; prints its address, HOST:PORT, once it serves
#   kafka.sh stop DIR       end it in good order
#   kafka.sh kill9 DIR      kill it as a crash would
#   kafka.sh restart9 DIR   kill it and start it again, on the same port
#   kafka.sh wipe DIR       kill it and remove DIR
#   kafka.sh status DIR     "up HOST:PORT", or "down" and exit code 3
#
# Needs the Debian packages maven, default-jre-headless, kcat and python3.
# Environment: PARLEY_KAFKA_VERSION, PARLEY_KAFKA_HOME, PARLEY_KAFKA_PORT (default: a free one, kept in DIR), PARLEY_KAFKA_HEAP,
# PARLEY_KAFKA_OWNER (a process id: when that process is gone, however it ended, the broker is wiped).
set -euo pipefail

version=${PARLEY_KAFKA_VERSION:-4.3.1}
home=${PARLEY_KAFKA_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/parley/kafka-$version}
heap=${PARLEY_KAFKA_HEAP:-256m}
cluster_id=MkU3OEVBNTcwNTJENDM2Qk
start_seconds=60
stop_seconds=30

usage() { sed -n '4,10s/^# \{0,1\}//p' "$0" >&2; exit 2; }

need() {
  command -v "$1" >/dev/null && return
  echo "kafka.sh: '$1' is missing: install the Debian package $2, or point PARLEY_TEST_KAFKA at a broker" >&2
  exit 1
}

fetch() {
  [ -f "$home/.complete" ] && return
  need mvn maven
  mkdir -p "$home"
  exec 9>"$home/.lock"
  flock 9
  [ -f "$home/.complete" ] && return
  cat > "$home/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>parley</groupId><artifactId>kafka-for-tests</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>$version</version></dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>2.25.4</version></dependency>
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-core</artifactId><version>2.25.4</version></dependency>
  </dependencies>
</project>
POM
  (cd "$home" && mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies \
     -DoutputDirectory="$home/libs" -DincludeScope=runtime) >&2
  cat > "$home/log4j2.properties" <<'LOG4J'
status = error
appender.console.type = Console
appender.console.name = Console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = [%d] %p %m (%c)%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = Console
LOG4J
  touch "$home/.complete"
}

# Two free ports in a row: clients', the controller's.
free_port() {
  python3 - <<'PYTHON'
import socket
while True:
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        port = first.getsockname()[1]
        try:
            second.bind(("127.0.0.1", port + 1))
        except OSError:
            continue
        print(port)
        break
PYTHON
}

# Short timeouts, so that a broker that was killed serves again within seconds.
write_properties() {
  cat > "$dir/server.properties" <<PROPERTIES
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$((port + 1))
listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$((port + 1))
advertised.listeners=PLAINTEXT://127.0.0.1:$port
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs=$dir/log
auto.create.topics.enable=false
default.replication.factor=1
min.insync.replicas=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
num.network.threads=2
num.io.threads=2
num.recovery.threads.per.data.dir=2
log.cleaner.dedupe.buffer.size=2097152
broker.heartbeat.interval.ms=200
broker.session.timeout.ms=1000
controller.quorum.election.timeout.ms=300
controller.quorum.fetch.timeout.ms=500
PROPERTIES
}

run_java() {
  local main=$1
  shift
  exec java -Dlog4j2.configurationFile="$home/log4j2.properties" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto \
    -Djava.awt.headless=true -Xmx"$heap" -Dkafka.logs.dir="$dir" -cp "$home/libs/*" "$main" "$@"
}

# A zombie counts as gone.
gone() { [ ! -d "/proc/$1" ] || grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null; }

owner_gone() { [ -n "${PARLEY_KAFKA_OWNER:-}" ] && gone "$PARLEY_KAFKA_OWNER"; }

alive() {
  [ -f "$dir/pid" ] || return 1
  local pid
  pid=$(cat "$dir/pid")
  ! gone "$pid" && tr '\0' ' ' < "/proc/$pid/cmdline" | grep -q "kafka.Kafka $dir/server.properties"
}

# It answers a metadata request and names itself: more than an open port.
serves() { kcat -b "127.0.0.1:$port" -L -m 1 -X log_level=0 2>/dev/null | grep -q "broker 1 at 127.0.0.1:$port"; }

start() {
  need java default-jre-headless
  need kcat kcat
  fetch
  if ! alive; then
    write_properties
    if [ ! -f "$dir/log/meta.properties" ]; then
      (run_java kafka.tools.StorageTool format -t "$cluster_id" -c "$dir/server.properties" --ignore-formatted) >> "$dir/server.out" 2>&1
    fi
    (run_java kafka.Kafka "$dir/server.properties") >> "$dir/server.out" 2>&1 < /dev/null 9>&- &
    echo $! > "$dir/pid"
  fi
  local pid deadline=$((SECONDS + start_seconds))
  pid=$(cat "$dir/pid")
  until serves; do
    if owner_gone; then wipe; exit 1; fi
    if [ $SECONDS -ge $deadline ] || gone "$pid"; then
      echo "kafka.sh: the broker does not serve; the end of $dir/server.out:" >&2
      tail -n 20 "$dir/server.out" >&2
      exit 1
    fi
    sleep 0.1
  done
  echo "127.0.0.1:$port"
}

end_with() {
  if alive; then
    local pid deadline=$((SECONDS + stop_seconds))
    pid=$(cat "$dir/pid")
    kill -"$1" "$pid"
    until gone "$pid" || [ $SECONDS -ge $deadline ]; do sleep 0.05; done
    gone "$pid" || kill -KILL "$pid"
  fi
  rm -f "$dir/pid"
}

wipe() {
  end_with KILL
  rm -rf "$dir"
}

wipe_after_owner() {
  exec < /dev/null > /dev/null 2>&1
  until owner_gone; do sleep 1; done
  wipe
}

command=${1:-}
[ "$command" = fetch ] && { fetch; exit; }
[ $# -eq 2 ] || usage
case $command in
  wipe | status) [ -d "$2" ] || { [ "$command" = wipe ] && exit; echo down; exit 3; } ;;
  start | stop | kill9 | restart9) mkdir -p "$2" ;;
  *) usage ;;
esac
dir=$(cd "$2" && pwd)
port=${PARLEY_KAFKA_PORT:-$(cat "$dir/port" 2>/dev/null || free_port)}
echo "$port" > "$dir/port"

case $command in
  start)
    if [ -n "${PARLEY_KAFKA_OWNER:-}" ]; then wipe_after_owner & fi
    start
    ;;
  stop) end_with TERM ;;
  kill9) end_with KILL ;;
  restart9) end_with KILL; start ;;
  wipe) wipe ;;
  status) if alive; then echo "up 127.0.0.1:$port"; else echo down; exit 3; fi ;;
esac
