#!/usr/bin/env bash
# Prints the path of a Chromium: $CHROMIUM, one on PATH, or Debian's, which this script installs if it runs as root.
set -euo pipefail

# shellcheck source=scripts/tools.sh
source "$(dirname "$0")/tools.sh"

first_on_path "${CHROMIUM:-}" chromium chromium-browser google-chrome chrome && exit
provide chromium chromium "the tests drive a Chromium; if it is not on PATH, set CHROMIUM to its path"
command -v chromium
