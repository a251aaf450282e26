#!/usr/bin/env bash
# Finds the Fastly CLI, or installs it. The last line on stdout is its path; progress goes to stderr.
#
#     fastly=$(scripts/install-fastly-cli.sh)
#
# It comes from npm as @fastly/cli, whose packages carry the released binary, into $EDGESPAN_TOOLS (default: .tools/ in
# the checkout); later runs find it there. A fastly on PATH is not looked at: tests want one version, whatever you use.
#
# The path is the binary's and not that of npm's launcher, which passes no signal on: a `fastly compute serve` started
# through it outlives the process that is stopped.
#
# Needs: bash; to install: npm, and the npm registry within reach.
set -euo pipefail

version=16.1.0

# shellcheck source=scripts/tools.sh
source "$(dirname "$0")/tools.sh"

# The binary's package is named for the platform, and npm installs no other.
binary_in() { ls "$1"/node_modules/@fastly/cli-*/fastly 2>/dev/null; }
is_pinned() { # `fastly version` reads and writes the user's configuration: give it a directory of its own
	local bin scratch out
	bin=$(binary_in "$1") || return 1
	scratch=$(mktemp -d)
	out=$(HOME=$scratch XDG_CONFIG_HOME=$scratch "$bin" version --quiet 2>/dev/null) || true
	rm -rf "$scratch"
	[[ $out == *" v$version "* ]]
}

home=$tools/fastly-cli-$version
if missing "fastly-cli-$version" is_pinned "$home"; then
	need npm "it brings the Fastly CLI $version"
	say "installing @fastly/cli $version with npm into $home"
	staged=$(mktemp -d "$tools/.fastly-cli-$version.XXXXXX")
	trap 'rm -rf "$staged"' EXIT
	npm install --prefix "$staged" --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error \
		"@fastly/cli@$version" >&2
	binary_in "$staged" >/dev/null || die "npm has no @fastly/cli binary for $(uname -s) on $(uname -m)"
	is_pinned "$staged" || die "npm installed something that is not the Fastly CLI $version"
	place "$staged" "$home"
fi
say "Fastly CLI $version is installed"
binary_in "$home"
