#!/usr/bin/env bash
# Finds miniflare, or installs it. The last line on stdout is the folder with the node_modules that contain it; progress goes to stderr.
#
#     miniflare=$(scripts/install-miniflare.sh)
#
# It comes from npm, with workerd, the runtime of Cloudflare Workers. It is installed in $EDGESPAN_TOOLS (default: .tools/ in the
# checkout), where later runs find it.
#
# Needs: bash and Node 20 or later; to install: npm, and access to the npm registry.
set -euo pipefail

version=4.20260730.0

# shellcheck source=scripts/tools.sh
source "$(dirname "$0")/tools.sh"

need node "miniflare $version runs on it"
node_version=$(node --version | sed 's/^v\([0-9]*\).*/\1/')
((node_version >= 20)) || die "miniflare $version needs Node 20 or later, this is $(node --version)"
home=$tools/miniflare-$version
is_there() { [[ -f $1/node_modules/miniflare/package.json ]] && "$1"/node_modules/.bin/workerd --version >/dev/null 2>&1; }

if missing "miniflare-$version" is_there "$home"; then
	need npm "it installs miniflare $version"
	say "installing miniflare $version with npm into $home"
	stage_npm "miniflare-$version" "miniflare@$version"
	is_there "$staged" || die "npm has no workerd for $(uname -s) on $(uname -m)"
	place "$staged" "$home"
fi
say "miniflare $version is installed"
printf '%s\n' "$home"
