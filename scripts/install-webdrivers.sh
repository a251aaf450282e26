#!/usr/bin/env bash
# Finds the npm packages that drive Firefox and WebKit, or installs them. The last line on stdout is the folder with the node_modules
# that contain them; progress goes to stderr.
#
#     webdrivers=$(scripts/install-webdrivers.sh)
#
# puppeteer-core and selenium-webdriver come from npm, without browsers: those come from install-firefox.sh and install-webkit.sh. They
# are installed in $EDGESPAN_TOOLS (default: .tools/ in the checkout), where later runs find them.
#
# Needs: bash and Node 20 or later; to install: npm, and access to the npm registry.
set -euo pipefail

puppeteer=24.43.1
selenium=4.46.0

# shellcheck source=scripts/tools.sh
source "$(dirname "$0")/tools.sh"

need node "the drivers of Firefox and WebKit run on it"
node_version=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
((node_version >= 20)) || die "the drivers of Firefox and WebKit need Node 20 or later, this is $(node --version)"
name=webdrivers-$puppeteer-$selenium
home=$tools/$name
is_there() { [[ -f $1/node_modules/puppeteer-core/package.json && -f $1/node_modules/selenium-webdriver/package.json ]]; }

if missing "$name" is_there "$home"; then
	need npm "it installs puppeteer-core $puppeteer and selenium-webdriver $selenium"
	say "installing puppeteer-core $puppeteer and selenium-webdriver $selenium with npm in $home"
	stage_npm "$name" "puppeteer-core@$puppeteer" "selenium-webdriver@$selenium"
	is_there "$staged" || die "npm has reported success but not installed the drivers"
	place "$staged" "$home"
fi
say "puppeteer-core $puppeteer and selenium-webdriver $selenium are installed"
printf '%s\n' "$home"
