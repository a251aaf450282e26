# shellcheck shell=bash
# Shared by the install scripts; sourced, not run.
#
# Tools live below $EDGESPAN_TOOLS, or below .tools/ in the checkout, each in a directory that carries its version.
# CI sets EDGESPAN_TOOLS to a directory outside the checkout, which the next run on the same machine finds again.

checkout=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
mkdir -p "${EDGESPAN_TOOLS:-$checkout/.tools}"
tools=$(cd "${EDGESPAN_TOOLS:-$checkout/.tools}" && pwd)

say() { printf '%s\n' "$*" >&2; }
die() { say "$(basename "$0"): $*"; exit 1; }

need() { # need COMMAND WHY
	command -v "$1" >/dev/null || die "'$1' is not on PATH: $2"
}

# provide COMMAND PACKAGE WHY: as need, but root on Debian gets it.
provide() {
	if ! command -v "$1" >/dev/null && [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
		say "installing $2 with apt-get: $3"
		apt-get update -qq >&2
		DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$2" >&2
	fi
	need "$1" "$3 (apt-get install $2)"
}

# missing NAME CHECK...: whether a tool is to be installed, since CHECK fails. Then this run has the lock of that name: one installation of
# a tool at a time. The lock goes when the process does, however it ends. Without flock (macOS) two runs do the same work twice, which
# place() makes harmless.
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
	! "$@" # which that run may have installed
}

# place STAGED FINAL: puts a finished installation in its place in one step, so that nobody ever sees half of one.
place() {
	local staged=$1 final=$2
	chmod 755 "$staged" # mktemp made it for one user
	if [[ -e $final ]]; then
		mv "$final" "$staged.old"
		rm -rf "$staged.old"
	fi
	mv -T "$staged" "$final" 2>/dev/null || mv "$staged" "$final"
}
