#!/usr/bin/env bash
# scripts/together.sh COMMAND...: runs several commands at the same time, each given as one argument. When the last of them ends, it stops
# the others. A make that is killed sends SIGTERM only to this script, which passes it on. Ctrl-C reaches all commands by itself, so the
# script only waits for them.
set -euo pipefail

pids=()
for command in "$@"; do
	bash -c "exec $command" &
	pids+=($!)
done
last=${pids[-1]}
unset 'pids[-1]'

trap 'kill -TERM "$last" 2>/dev/null || true' TERM HUP
trap : INT
trap 'kill "${pids[@]}" 2>/dev/null || true; wait' EXIT
status=0
while kill -0 "$last" 2>/dev/null; do
	wait "$last" && status=0 || status=$?
done
exit "$status"
