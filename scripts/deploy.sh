#!/usr/bin/env bash
# Deploys the example service with the Fastly CLI; on a first deploy creates its backends, its stores and its log endpoints.
#
#     scripts/deploy.sh https --url=https://collector.example/traces                                              # traces alone
#     scripts/deploy.sh https --url=https://collector.example/traces -- https --url=https://collector.example/logs
#     scripts/deploy.sh kafka --brokers=… --topic=… --use-tls            # any provider, with its flags
#     scripts/deploy.sh                                                  # later: a new version, the endpoints as they are
#
# The arguments name a provider and the flags of `fastly service logging PROVIDER create` for the traces, and after -- for
# what the service logs; without the latter its log records go nowhere. `fastly compute publish` creates the service, its
# backends and its stores from [setup] in fastly.toml, but never a log endpoint. So this script looks for the endpoints in
# the version that was published, and adds those that are not there in a new version, and activates that.
#
# The CLI writes the new service's id into fastly.toml, and loses every comment and every section that it does not know
# in doing so. This script puts the file back and changes the one line.
#
# Needs: the Fastly CLI, logged in or with FASTLY_API_TOKEN. FASTLY_CLI names the binary if it is not `fastly` on PATH,
# PUBLISH_FLAGS are added to `fastly compute publish` (--non-interactive, --domain=…).
set -euo pipefail
cd "$(dirname "$0")/.."

# What the code opens.
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
	[[ ${#logs_to[@]} -gt 0 ]] || die "after -- belong a provider and its flags, for the endpoint $logs"
fi
for provider in "${traces_to[0]-}" "${logs_to[0]-}"; do
	[[ $provider != -* ]] || die "the first argument is the log provider, such as https or kafka, not $provider"
done
[[ ${#traces_to[@]} -gt 0 || -n $(service_id) ]] ||
	die "a first deploy needs a log provider to create $traces with, such as: https --url=https://…"
command -v "$fastly" >/dev/null || die "no Fastly CLI: install it, or set FASTLY_CLI"

original=$(mktemp)
cp fastly.toml "$original"
restore_manifest() { # with the service's id as the CLI left it: set, or empty again if it cleaned up after a failure
	local id
	id=$(service_id)
	sed "s/^service_id *=.*/service_id = \"$id\"/" "$original" > fastly.toml
	rm -f "$original"
}
trap restore_manifest EXIT

echo "== publish"
# shellcheck disable=SC2086 # several flags
"$fastly" compute publish ${PUBLISH_FLAGS:-}
[[ -n $(service_id) ]] || die "no service was created"

# endpoint NAME PROVIDER [FLAGS]: creates a log endpoint in a version that is not active yet, unless there is one.
version=(--version=active --autoclone)
endpoint() {
	local name=$1 provider=$2 existing usage given flags=()
	shift 2
	echo "== log endpoint $name ($provider)"
	existing=$("$fastly" service logging "$provider" list --version=active --json)
	if grep -q "\"Name\": *\"$name\"" <<<"$existing"; then
		echo "it exists; its settings stay as they are"
		return
	fi

	# Flags that a line of OTLP/JSON needs, where the provider has them and you did not give them (the CLI refuses a repetition).
	usage=$("$fastly" service logging "$provider" create --help 2>&1) || true
	given=" $* "
	default() { # default FLAG VALUE
		if [[ $usage == *"$1="* && $given != *" $1="* && $given != *" $1 "* ]]; then
			flags+=("$1=$2")
		fi
	}
	default --placement none      # a Compute service takes no other
	default --message-type blank  # the provider's own default puts a syslog prefix before each line
	if [[ $provider == https ]]; then
		default --json-format 2       # one document on a line of the body
		default --content-type application/json
	fi
	"$fastly" service logging "$provider" create "${version[@]}" --name="$name" ${flags[@]+"${flags[@]}"} "$@"
	version=(--version=latest) # the one that was cloned
}

if [[ ${#traces_to[@]} -gt 0 ]]; then endpoint "$traces" "${traces_to[@]}"; fi
if [[ ${#logs_to[@]} -gt 0 ]]; then endpoint "$logs" "${logs_to[@]}"; fi
if [[ ${version[0]} == --version=latest ]]; then
	"$fastly" service version activate --version=latest
fi
