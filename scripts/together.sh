#!/usr/bin/env bash
# scripts/together.sh COMMAND...: runs several commands at the same time, each given as one argument. When the last of them ends, or one of
# the others fails, it stops the rest. A make that is killed sends SIGTERM only to this script, which passes it on. Ctrl-C reaches all
# commands by itself, so the script only waits for them.
set -euo pipefail

pids=()
for command in "$@"; do
	bash -c "exec $command" &
	pids+=($!)
done
last=${pids[-1]}
others=("${pids[@]:0:${#pids[@]}-1}")

interrupted=
trap 'kill -TERM "$last" 2>/dev/null || true' TERM HUP
trap 'interrupted=1' INT
trap 'kill "${pids[@]}" 2>/dev/null || true; wait' EXIT

ended() { ! kill -0 "$1" 2>/dev/null; }
while ! ended "$last"; do
	for pid in "${others[@]}"; do
		if ended "$pid" && ! wait "$pid" && [[ ! $interrupted ]]; then
			exit 1 # it has said why
		fi
	done
	wait -n || true # until one ends, or a signal arrives
done
wait "$last"
