# Sourced by ./dev: brings the Debian packages and Python packages that a verb needs, and only what is missing.
# shellcheck shell=bash

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# The names in the lists given (build, test …), one a line.
packages_of() {
  local list
  for list in "$@"; do sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "infra/dev/packages/$list.txt"; done | sort -u
}

missing_packages() {
  local package
  packages_of "$@" | while read -r package; do
    dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || echo "$package"
  done
}

# One apt call for all that is missing in the lists given; nothing missing: no call, no network.
need_packages() {
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [ "${#missing[@]}" -gt 0 ] || return 0
  echo "dev: installing Debian packages: ${missing[*]}" >&2
  as_root apt-get update -qq >&2
  # A web server must not start on a developer's machine only because the tests need its program: policy-rc.d says so to dpkg.
  # shellcheck disable=SC2016
  as_root env DEBIAN_FRONTEND=noninteractive sh -c '
    policy=/usr/sbin/policy-rc.d
    if [ ! -e "$policy" ]; then
      trap "rm -f $policy" EXIT
      printf "#!/bin/sh\nexit 101\n" >"$policy" && chmod +x "$policy"
    fi
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null' install "${missing[@]}" >&2
}

# Python packages of tests/system/requirements.txt in build/venv, and with the npm from there those of tests/system/package.json in
# build/node; each made again only when its file changes.
need_venv() {
  local requirements=tests/system/requirements.txt stamp=build/venv/requirements.sha256
  if ! { [ -f "$stamp" ] && sha256sum --check --status "$stamp"; }; then
    echo "dev: installing Python packages of $requirements into build/venv" >&2
    rm -rf build/venv
    python3 -m venv build/venv
    build/venv/bin/pip install --quiet --disable-pip-version-check -r "$requirements"
    sha256sum "$requirements" >"$stamp"
  fi
  need_node
}

need_node() {
  local list=tests/system/package.json stamp=build/node/package.sha256
  if [ -f "$stamp" ] && sha256sum --check --status "$stamp"; then return 0; fi
  echo "dev: installing npm packages of $list into build/node" >&2
  rm -rf build/node
  mkdir -p build/node
  cp "$list" build/node/
  build/venv/bin/npm install --prefix build/node --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error >&2
  sha256sum "$list" >"$stamp"
}
