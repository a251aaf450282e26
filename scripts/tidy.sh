#!/usr/bin/env bash
# scripts/tidy.sh MODULE [-diff]: go mod tidy in the folder of a module. The versions of this repository's own modules that it requires
# are not published yet, so they are replaced meanwhile. With -diff it changes nothing, and fails if there is something to change.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
module=${1:?give the folder of a module, such as workers}
cd "$root/$module"
export GOWORK=off
if grep -q '^replace ' go.mod || ! grep -q 'github.com/edgespan/edgespan v' go.mod; then
	tidy=(go mod tidy)
else
	dir=$(mktemp -d)
	trap 'rm -rf "$dir"' EXIT
	cp go.* "$dir/"
	go mod edit -replace=github.com/edgespan/edgespan="$root" "$dir/go.mod"
	tidy=(go mod tidy -modfile="$dir/go.mod")
fi
if [[ ${2:-} == -diff ]]; then
	"${tidy[@]}" -diff || { echo "$module is not tidy: run scripts/tidy.sh $module" >&2; exit 1; }
	exit
fi
"${tidy[@]}"
if [[ -n ${dir:-} ]]; then
	go mod edit -dropreplace=github.com/edgespan/edgespan "$dir/go.mod"
	cp "$dir"/go.* .
fi
