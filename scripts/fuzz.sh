#!/usr/bin/env bash
# scripts/fuzz.sh TIME PACKAGE...: runs each fuzz test of the packages for TIME, one after another. It goes on after a finding, and fails
# at the end if there was one.
set -euo pipefail
trap 'exit 130' INT TERM

time=$1
shift
output=$(mktemp)
trap 'rm -f "$output"' EXIT
findings=()

# time_was_up tells whether go test complains only because the time was up: now and then it takes its own deadline for a failure
# (https://go.dev/issue/75804, mended in Go 1.27). If there is a finding, it names an input that it wrote, or a seed, or it dumps stacks.
time_was_up() {
	[[ $(grep -A1 -E '^--- FAIL: ' "$output" | tail -n +2) =~ ^[[:space:]]*context\ deadline\ exceeded$ ]] &&
		! grep -Eq 'Failing input written|seed corpus entry|hung or terminated|panic: |^fatal error: |build failed' "$output"
}

for package in $(go list "$@"); do
	if ! go test -list '^Fuzz' "$package" >"$output" 2>&1; then
		cat "$output"
		findings+=("$package: its tests cannot be listed")
		continue
	fi
	for name in $(grep '^Fuzz' "$output" || true); do
		echo "$package $name"
		go test -run '^$' -fuzz "^$name\$" -fuzztime "$time" -fuzzminimizetime 100x "$package" 2>&1 | tee "$output" && continue
		if time_was_up; then
			echo "No finding: the time was up."
		else
			findings+=("$package $name")
		fi
	done
done
if ((${#findings[@]})); then
	printf 'Findings:\n' >&2
	printf '  %s\n' "${findings[@]}" >&2
	exit 1
fi
