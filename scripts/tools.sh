# shellcheck shell=bash
# Functions of the install scripts. This file is sourced, not run.
#
# Tools are installed in $EDGESPAN_TOOLS, by default .tools/ in the checkout, each in a directory with its version in the name. CI sets
# EDGESPAN_TOOLS to a directory outside the checkout, so that the next run on the same machine finds the tools.

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
mkdir -p "${EDGESPAN_TOOLS:-$checkout/.tools}"
tools=$(cd "${EDGESPAN_TOOLS:-$checkout/.tools}" && pwd)

say() { printf '%s\n' "$*" >&2; }
die() { say "$(basename "$0"): $*"; exit 1; }

need() { # need COMMAND WHY
	command -v "$1" >/dev/null || die "'$1' is not on PATH: $2"
}

# provide COMMAND PACKAGE WHY: like need, but as root on Debian it installs the package.
provide() {
	if ! command -v "$1" >/dev/null && [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
		say "installing $2 with apt-get: $3"
		apt-get update -qq >&2
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$2" >&2
	fi
	need "$1" "$3 (apt-get install $2)"
}

# first_on_path NAME...: prints the path of the first of these commands that there is. An empty name is skipped.
first_on_path() {
	local name
	for name; do
		if [[ -n $name ]] && command -v "$name"; then return; fi
	done
	return 1
}

# missing NAME CHECK...: tells whether a tool must be installed because CHECK fails. If so, this run then holds the lock of that name, so
# that only one run installs the tool. The lock is released when the process ends, in whatever way. Without flock (macOS) two runs do the
# same work, which place() makes harmless.
missing() {
	local name=$1
	shift
	"$@" && return 1
	if command -v flock >/dev/null; then
		exec 9>"$tools/.$name.lock"
		if ! flock --nonblock 9; then
			say "another run is installing $name: waiting for it"
			flock 9
		fi
	fi
	! "$@" # the other run may have installed it
}

# stage_npm NAME PACKAGE...: installs npm packages into a new directory, $staged, for the tool of that name. What is not placed is removed
# when the script ends.
stage_npm() {
	staged=$(mktemp -d "$tools/.$1.XXXXXX")
	trap 'rm -rf "$staged"' EXIT
	npm install --prefix "$staged" --save-exact --ignore-scripts --no-audit --no-fund --loglevel=error "${@:2}" >&2
}

# place STAGED FINAL: moves a finished installation to its place in one step, so that nobody sees an incomplete one.
place() {
	local staged=$1 final=$2
	chmod 755 "$staged" # mktemp created it for one user only
	if [[ -e $final ]]; then
		mv "$final" "$staged.old"
		rm -rf "$staged.old"
	fi
	mv -T "$staged" "$final" 2>/dev/null || mv "$staged" "$final"
}
