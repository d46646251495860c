#!/usr/bin/env bash
# Makes .venv, the built front end and the compiled messages; does only what changed since the last time.
set -euo pipefail
cd "$(dirname "$0")/.."
stamps=.cache/stamps
mkdir -p "$stamps"

say() { printf '%s\n' "$*" >&2; }
fail() { say "setup: $*"; exit 1; }
have() { command -v "$1" >/dev/null 2>&1 && "$1" --version >/dev/null 2>&1; }

# fresh NAME FILE...: true when the files are as they were when NAME was stamped
digest() { local python=.venv/bin/python; cat "$@" 2>/dev/null | "$python" -c 'import hashlib,sys; print(hashlib.sha256(sys.stdin.buffer.read()).hexdigest())'; }
fresh() { local name=$1; shift; [ -f "$stamps/$name" ] && [ "$(cat "$stamps/$name")" = "$(digest "$@")" ]; }
stamp() { local name=$1; shift; digest "$@" > "$stamps/$name"; }

recent_python() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2])' >/dev/null 2>&1; }
recent_node() { have node && node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 22 || (a === 22 && b >= 12) || (a === 20 && b >= 19) ? 0 : 1)'; }

make_environment() {
  if [ -x .venv/bin/python ] && recent_python .venv/bin/python; then return; fi
  local found=""
  for candidate in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 python; do
    if [ -n "$candidate" ] && recent_python "$candidate"; then found=$candidate; break; fi
  done
  [ -n "$found" ] || fail "Python 3.11 or newer is needed; install it, or set PYTHON=/path/to/python3."
  say "setup: .venv with $("$found" --version)"
  rm -rf .venv "$stamps"; mkdir -p "$stamps"
  if have uv; then uv venv -q --seed --python "$found" .venv
  else "$found" -m venv .venv || fail "the venv module does not work; on Debian and Ubuntu: apt-get install python3-venv"
  fi
}

install_packages() {
  local lock=requirements-dev.lock
  if ! fresh packages $lock; then
    say "setup: packages of $lock"
    if have uv; then uv pip install -q --python .venv/bin/python --require-hashes -r $lock
    else .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r $lock
    fi
    stamp packages $lock
  fi
  if ! fresh project pyproject.toml || [ ! -x .venv/bin/akrab ]; then
    # hatchling comes from the lock file, so nothing is fetched unpinned
    .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip -q
    .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
    stamp project pyproject.toml
  fi
}

build_frontend() {
  local sources
  mapfile -t sources < <(find frontend akrab -path '*/node_modules' -prune -o -path akrab/static/built -prune -o -type f \
    \( -path 'frontend/*' -o -name '*.html' \) -print | sort)
  if fresh frontend "${sources[@]}" && [ -f akrab/static/built/app.js ]; then return; fi
  if ! recent_node; then
    if [ ! -x .venv/bin/node ]; then
      say "setup: no Node 20.19+ or 22.12+; taking one as a Python package"
      .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-node.lock \
        || fail "Node 20.19 or newer is needed to build the front end; install it and try again."
    fi
    PATH="$PWD/.venv/bin:$PATH"
  fi
  say "setup: front end"
  if ! fresh npm frontend/package-lock.json || [ ! -d frontend/node_modules ]; then
    (cd frontend && npm ci --no-audit --no-fund --loglevel=error >&2)
    stamp npm frontend/package-lock.json
  fi
  (cd frontend && npm run --silent build -- --logLevel warn >&2)
  stamp frontend "${sources[@]}"
}

compile_messages() {
  local texts
  mapfile -t texts < <(find akrab/locale -name '*.po' | sort)
  [ ${#texts[@]} -gt 0 ] || return 0
  if fresh messages "${texts[@]}" && [ -n "$(find akrab/locale -name "*.mo")" ]; then return; fi
  say "setup: messages"
  .venv/bin/python -m tools.messages compile
  stamp messages "${texts[@]}"
}

# two calls at once (make test and make run) wait for each other where flock exists
if command -v flock >/dev/null 2>&1; then exec 9>"$stamps/lock"; flock 9; fi
make_environment
install_packages
build_frontend
compile_messages
