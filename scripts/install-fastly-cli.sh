#!/usr/bin/env bash
# Finds the Fastly CLI, or installs it. The last line on stdout is its path; progress goes to stderr.
#
#     fastly=$(scripts/install-fastly-cli.sh)
#
# npm has it as @fastly/cli, whose packages contain the released binary. It is installed in $EDGESPAN_TOOLS (default: .tools/ in the
# checkout), where later runs find it. A fastly on PATH is ignored, because the tests need one fixed version.
#
# The path is that of the binary, not of npm's launcher. The launcher passes no signals on, so a `fastly compute serve` that is started
# through it goes on when the launcher is stopped.
#
# Needs: bash; to install: npm, and access to the npm registry.
set -euo pipefail

version=16.1.0

# shellcheck source=scripts/tools.sh
source "$(dirname "$0")/tools.sh"

# The package with the binary is named after the platform, and npm installs only the one that fits.
binary_in() { ls "$1"/node_modules/@fastly/cli-*/fastly 2>/dev/null; }
is_pinned() { # `fastly version` reads and writes the user's configuration, so it gets a directory of its own
	local bin scratch out
	bin=$(binary_in "$1") || return 1
	scratch=$(mktemp -d)
	out=$(HOME=$scratch XDG_CONFIG_HOME=$scratch "$bin" version --quiet 2>/dev/null) || true
	rm -rf "$scratch"
	[[ $out == *" v$version "* ]]
}

home=$tools/fastly-cli-$version
if missing "fastly-cli-$version" is_pinned "$home"; then
	need npm "it installs the Fastly CLI $version"
	say "installing @fastly/cli $version with npm into $home"
	stage_npm "fastly-cli-$version" "@fastly/cli@$version"
	binary_in "$staged" >/dev/null || die "npm has no @fastly/cli binary for $(uname -s) on $(uname -m)"
	is_pinned "$staged" || die "npm installed something that is not the Fastly CLI $version"
	place "$staged" "$home"
fi
say "Fastly CLI $version is installed"
binary_in "$home"
