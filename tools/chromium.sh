#!/usr/bin/env bash
# Finds the Chromium that browser tests drive, or installs it when we may, or says how.
set -euo pipefail

find_chromium() {
  for candidate in "${AKRAB_CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
    if [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1; then command -v "$candidate"; return 0; fi
  done
  for place in "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" "/Applications/Chromium.app/Contents/MacOS/Chromium"; do
    if [ -x "$place" ]; then printf '%s\n' "$place"; return 0; fi
  done
  return 1
}

if find_chromium >/dev/null; then exit 0; fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "test: installing Chromium with apt-get" >&2
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null
  if find_chromium >/dev/null; then exit 0; fi
fi
cat >&2 <<'END'
test: the browser tests need Chromium and none was found. Install it once, as an administrator:
  Debian, Ubuntu:  sudo apt-get install chromium     (Ubuntu: chromium-browser)
  Fedora:          sudo dnf install chromium
  macOS:           brew install --cask chromium
or set AKRAB_CHROMIUM to the program. To run everything else:  make test ARGS="-m 'not browser'"
END
exit 1
