#!/usr/bin/env bash
# A real OpenID Connect provider for tests, on loopback: mock-oauth2-server (MIT) from Maven Central's jars. It signs a token for
# whatever client asks: the user is the client's id.
#
#   oidc.sh fetch              get the jars (once; kept in PARLEY_OIDC_HOME, by default below ~/.cache)
#   oidc.sh run PORT ALG       run it on 127.0.0.1:PORT until it is told to stop, signing with ALG (RS256, ES256 …); the issuer is
#                              http://127.0.0.1:PORT/parley
#
# Needs the Debian packages maven and default-jre-headless.
set -euo pipefail

version=${PARLEY_OIDC_VERSION:-2.1.10}
home=${PARLEY_OIDC_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/parley/oidc-$version}

fetch() {
  [ -f "$home/.complete" ] && return
  command -v mvn >/dev/null || { echo "oidc.sh: 'mvn' is missing: install the Debian package maven" >&2; exit 1; }
  mkdir -p "$home"
  exec 9>"$home/.lock"
  flock 9
  [ -f "$home/.complete" ] && return
  cat >"$home/pom.xml" <<POM
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>parley</groupId><artifactId>oidc-for-tests</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>no.nav.security</groupId><artifactId>mock-oauth2-server</artifactId><version>$version</version></dependency>
  </dependencies>
</project>
POM
  (cd "$home" && mvn -B -q org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies \
    -DoutputDirectory="$home/libs" -DincludeScope=runtime) >&2
  touch "$home/.complete"
}

run() {
  fetch
  # shellcheck disable=SC2016  # the server's own placeholder
  local claims='{"sub":"${clientId}","aud":["parley"],"name":"Somebody"}'
  SERVER_HOSTNAME=127.0.0.1 SERVER_PORT=$1 JSON_CONFIG=$(
    cat <<JSON
{"interactiveLogin": false, "httpServer": "NettyWrapper",
 "tokenProvider": {"keyProvider": {"algorithm": "$2"}},
 "tokenCallbacks": [{"issuerId": "parley", "tokenExpiry": 600,
                     "requestMappings": [{"requestParam": "client_id", "match": "*", "claims": $claims}]}]}
JSON
  )
  export SERVER_HOSTNAME SERVER_PORT JSON_CONFIG
  exec java -XX:TieredStopAtLevel=1 -Xmx128m -cp "$home/libs/*" no.nav.security.mock.oauth2.StandaloneMockOAuth2ServerKt
}

case ${1:-} in
  fetch) fetch ;;
  run) run "$2" "$3" ;;
  *) sed -n '5,7s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
esac
