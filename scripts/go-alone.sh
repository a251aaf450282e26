#!/usr/bin/env bash
# scripts/go-alone.sh COMMAND...: runs a command with only these on PATH: go, make, sh, bash, env, and, for the race detector, the C
# compiler and the programs that it calls. `make run` and `make test` promise to need no more. Under this script a test that runs awk,
# git or node fails. It does not notice programs that are called by their full path.
set -euo pipefail

die() { printf 'go-alone.sh: %s\n' "$*" >&2; exit 1; }
(($#)) || die "give the command to run, as in: scripts/go-alone.sh make test"

bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT
link() { # link NAME: links the program of that name on PATH, if there is one
	local found
	found=$(type -P "$1") && ln -s "$found" "$bin/$1"
}

ln -s "$(go env GOROOT)/bin/go" "$bin/go" # go itself, in case the go on PATH is a script that finds it
for name in make sh bash env; do
	link "$name" || die "$name is not on PATH"
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
	printf '\ngo-alone.sh: "%s" failed. Its PATH had only these programs: %s.\n' "$*" "${names[*]##*/}" >&2
	printf 'If another program was not found: make run and make test must need only Go. A test that needs more belongs in a target of its own.\n' >&2
fi
exit "$status"
