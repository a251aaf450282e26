#!/usr/bin/env bash
# scripts/go-alone.sh COMMAND...: runs a command with nothing on PATH but go, make, sh, bash, env, and the C compiler with what that
# calls, for the race detector. `make run` and `make test` promise to need no more, and here a test that runs awk, git or node fails.
# What is called by its whole path is not noticed.
set -euo pipefail

die() { printf 'go-alone.sh: %s\n' "$*" >&2; exit 1; }
(($#)) || die "which command?"

bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT
link() { # link NAME: what PATH has of that name, if anything
	local found
	found=$(type -P "$1") && ln -s "$found" "$bin/$1"
}

ln -s "$(go env GOROOT)/bin/go" "$bin/go" # go itself, should PATH have a script that finds it
for name in make sh bash env; do
	link "$name" || die "there is no $name"
done

compiler=$(go env CC)
compiler=${compiler%% *} # without its flags
for name in cc gcc clang; do
	link "$name" || true
done
if [[ $compiler != */* && ! -e $bin/$compiler ]]; then
	link "$compiler" || true
fi
if compiler=$(type -P "$compiler"); then
	for name in as ld; do
		if program=$("$compiler" -print-prog-name="$name" 2>/dev/null) && program=$(type -P "$program"); then
			ln -s "$program" "$bin/$name"
		fi
	done
fi

names=("$bin"/*)
status=0
PATH=$bin "$@" || status=$?
if ((status)); then
	printf '\ngo-alone.sh: "%s" failed. On its PATH were these alone: %s.\n' "$*" "${names[*]##*/}" >&2
	printf 'If something else was not found: make run and make test need Go alone. What needs more belongs in a target of its own.\n' >&2
fi
exit "$status"
