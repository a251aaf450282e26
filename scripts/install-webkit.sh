#!/usr/bin/env bash
# Prints the path of a WebKitWebDriver: $WEBKIT_DRIVER, one on PATH, or Debian's, which this script installs if it runs as root. The
# browser of that package needs a display: the tests give it one with xvfb-run, which this script installs in the same way.
set -euo pipefail

# shellcheck source=scripts/tools.sh
source "$(dirname "$0")/tools.sh"

provide xvfb-run xvfb "WebKit's test browser needs a display"
first_on_path "${WEBKIT_DRIVER:-}" WebKitWebDriver && exit
provide WebKitWebDriver webkit2gtk-driver "the tests drive a WebKit; if its driver is not on PATH, set WEBKIT_DRIVER to its path"
command -v WebKitWebDriver
