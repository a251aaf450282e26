#!/usr/bin/env bash
# Finds Viceroy, Fastly's local Compute host, or installs it. The last line on stdout is its path; progress goes to stderr.
#
#     viceroy=$(scripts/install-viceroy.sh)
#
# A viceroy on PATH is used if it has exactly the pinned version. Otherwise cargo builds it in $EDGESPAN_TOOLS (default: .tools/ in the
# checkout). That takes about a quarter of an hour on two cores, once; later runs find it there. An interrupted build continues where it
# stopped. Two runs at the same time are safe: the second waits.
#
# Needs: bash; to install: cargo, and access to crates.io.
set -euo pipefail

version=0.22.0

# shellcheck source=scripts/tools.sh
source "$(dirname "$0")/tools.sh"

is_pinned() { [[ $("$1" --version 2>/dev/null) == "viceroy $version" ]]; }

if on_path=$(command -v viceroy); then
	if is_pinned "$on_path"; then
		say "viceroy $version is on PATH"
		echo "$on_path"
		exit
	fi
	say "ignoring $on_path: it is '$("$on_path" --version 2>&1 | head -n 1)', but the tests need exactly $version"
fi

home=$tools/viceroy-$version
if missing "viceroy-$version" is_pinned "$home/bin/viceroy"; then
	need cargo "it builds viceroy $version (install Rust, or put that viceroy on PATH)"
	say "building viceroy $version with cargo into $home: about 15 minutes the first time, never again"
	staged=$(mktemp -d "$tools/.viceroy-$version.XXXXXX")
	trap 'rm -rf "$staged"' EXIT
	# With a fixed target directory an interrupted build can resume; by default cargo installs from a temporary one.
	CARGO_TARGET_DIR=$tools/.viceroy-$version-build \
		cargo install "viceroy@$version" --locked --root "$staged" >&2
	is_pinned "$staged/bin/viceroy" || die "cargo built something that is not viceroy $version"
	place "$staged" "$home"
	rm -rf "$tools/.viceroy-$version-build"
fi
say "viceroy $version is installed"
echo "$home/bin/viceroy"
