#!/usr/bin/env bash
# scripts/together.sh COMMAND...: runs commands beside one another, each in one argument, until the last of them ends, and ends the
# others then. A make that is killed sends SIGTERM to what it has started, and to nothing that this has: the script passes it on.
# Ctrl-C reaches all by itself, so for that it waits.
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
