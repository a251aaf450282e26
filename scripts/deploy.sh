#!/usr/bin/env bash
# Deploys the example service with the Fastly CLI. The first deploy creates its backends, stores and log endpoints.
#
#     scripts/deploy.sh https --url=https://collector.example/traces                                              # only traces
#     scripts/deploy.sh https --url=https://collector.example/traces -- https --url=https://collector.example/logs
#     scripts/deploy.sh kafka --brokers=… --topic=… --use-tls            # any log provider, with its flags
#     scripts/deploy.sh                                                  # later: a new version with the same endpoints
#
# The arguments are a log provider and its flags, as for `fastly service logging PROVIDER create`: first those for the traces, and
# after -- those for the service's log records. Without the second part, the log records are lost.
#
# `fastly compute publish` creates the service, its backends and its stores from [setup] in fastly.toml, but never a log endpoint. So
# this script looks for the endpoints in the published version. If one is missing, it adds it to a new version and activates that.
#
# The CLI writes the new service's id into fastly.toml, and thereby loses all comments, and all sections that it does not know. This
# script restores the file and changes only the line of the id.
#
# Needs: the Fastly CLI, logged in or with FASTLY_API_TOKEN. FASTLY_CLI names the binary if it is not `fastly` on PATH. PUBLISH_FLAGS
# are added to `fastly compute publish` (--non-interactive, --domain=…).
set -euo pipefail
cd "$(dirname "$0")/.."

# The names of the log endpoints that the service opens.
traces=otlp_logs
logs=app_logs
fastly=${FASTLY_CLI:-fastly}
die() { echo "deploy.sh: $*" >&2; exit 1; }

service_id() { sed -n 's/^service_id *= *"\(.*\)"$/\1/p' fastly.toml; }

traces_to=() logs_to=()
while (($#)) && [[ $1 != -- ]]; do
	traces_to+=("$1")
	shift
done
if (($#)); then
	logs_to=("${@:2}")
	[[ ${#logs_to[@]} -gt 0 ]] || die "-- must be followed by a log provider and its flags, for the endpoint $logs"
fi
for provider in "${traces_to[0]-}" "${logs_to[0]-}"; do
	[[ $provider != -* ]] || die "the first argument must be a log provider, such as https or kafka, not $provider"
done
[[ ${#traces_to[@]} -gt 0 || -n $(service_id) ]] ||
	die "a first deploy needs a log provider for the endpoint $traces, such as: scripts/deploy.sh https --url=https://…"
command -v "$fastly" >/dev/null || die "$fastly is not on PATH: install the Fastly CLI, or set FASTLY_CLI to its path"

original=$(mktemp)
cp fastly.toml "$original"
restore_manifest() { # with the service's id as the CLI left it: set, or empty again after a failure that it cleaned up
	local id
	id=$(service_id)
	sed "s/^service_id *=.*/service_id = \"$id\"/" "$original" > fastly.toml
	rm -f "$original"
}
trap restore_manifest EXIT

echo "== publish"
# shellcheck disable=SC2086 # these may be several flags
"$fastly" compute publish ${PUBLISH_FLAGS:-}
[[ -n $(service_id) ]] || die "fastly compute publish created no service: its output is above"

# endpoint NAME PROVIDER [FLAGS]: creates a log endpoint, unless it exists, in a version that is not active yet.
version=(--version=active --autoclone)
endpoint() {
	local name=$1 provider=$2 existing usage given flags=()
	shift 2
	echo "== log endpoint $name ($provider)"
	existing=$("$fastly" service logging "$provider" list --version=active --json)
	if grep -q "\"Name\": *\"$name\"" <<<"$existing"; then
		echo "it exists; its settings are not changed"
		return
	fi

	# Add flags that lines of OTLP/JSON need, if the provider has them and you did not give them: the CLI refuses a flag that is repeated.
	usage=$("$fastly" service logging "$provider" create --help 2>&1) || true
	given=" $* "
	default() { # default FLAG VALUE
		if [[ $usage == *"$1="* && $given != *" $1="* && $given != *" $1 "* ]]; then
			flags+=("$1=$2")
		fi
	}
	default --placement none      # a Compute service allows no other
	default --message-type blank  # the provider's default puts a syslog prefix before each line
	if [[ $provider == https ]]; then
		default --json-format 2       # one document on each line of the body
		default --content-type application/json
	fi
	"$fastly" service logging "$provider" create "${version[@]}" --name="$name" ${flags[@]+"${flags[@]}"} "$@"
	version=(--version=latest) # the version that was cloned
}

if [[ ${#traces_to[@]} -gt 0 ]]; then endpoint "$traces" "${traces_to[@]}"; fi
if [[ ${#logs_to[@]} -gt 0 ]]; then endpoint "$logs" "${logs_to[@]}"; fi
if [[ ${version[0]} == --version=latest ]]; then
	"$fastly" service version activate --version=latest
fi
