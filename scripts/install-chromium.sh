#!/usr/bin/env bash
# Prints the path of a Chromium: CHROMIUM, one on PATH, or Debian's, which root may install.
set -euo pipefail
for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome chrome; do
	if [[ -n $name ]] && path=$(command -v "$name"); then
		echo "$path"
		exit
	fi
done
if [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; then
	apt-get update -qq >&2
	apt-get install -y -qq chromium >&2
	command -v chromium
else
	echo "There is no Chromium on PATH: install one (apt-get install chromium), or name one with CHROMIUM=" >&2
	exit 1
fi
