#!/usr/bin/env bash
# Prints the path of a Firefox: $FIREFOX, one on PATH, or Debian's, which this script installs if it runs as root.
set -euo pipefail

# shellcheck source=scripts/tools.sh
source "$(dirname "$0")/tools.sh"

first_on_path "${FIREFOX:-}" firefox firefox-esr && exit
provide firefox-esr firefox-esr "the tests drive a Firefox; if it is not on PATH, set FIREFOX to its path"
command -v firefox-esr
