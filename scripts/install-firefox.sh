#!/usr/bin/env bash
# Prints the path of a Firefox: $FIREFOX, one on PATH, or Debian's, which this script installs if it runs as root.
set -euo pipefail

# shellcheck source=scripts/tools.sh
source "$(dirname "$0")/tools.sh"

for name in "${FIREFOX:-}" firefox firefox-esr; do
	if [[ -n $name ]] && path=$(command -v "$name"); then
		echo "$path"
		exit
	fi
done
provide firefox-esr firefox-esr "the tests drive a Firefox; if it is not on PATH, set FIREFOX to its path"
command -v firefox-esr
