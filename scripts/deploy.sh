#!/usr/bin/env bash
# Deploys the example service with the Fastly CLI; on a first deploy creates its backends and its log endpoint.
#
#     scripts/deploy.sh https --url=https://collector.example/fastly     # traces to a Collector
#     scripts/deploy.sh kafka --brokers=… --topic=… --use-tls            # any provider, with its flags
#     scripts/deploy.sh                                                  # later: a new version, the endpoint as it is
#
# The arguments name a provider and the flags of `fastly service logging PROVIDER create`. `fastly compute publish` creates
# the service and its backends from [setup] in fastly.toml, but never a log endpoint. So this script looks for the
# endpoint in the version that was published, and if it is not there, adds it in a new version and activates that.
#
# The CLI writes the new service's id into fastly.toml, and loses every comment and every section that it does not know
# in doing so. This script puts the file back and changes the one line.
#
# Needs: the Fastly CLI, logged in or with FASTLY_API_TOKEN. FASTLY_CLI names the binary if it is not `fastly` on PATH,
# PUBLISH_FLAGS are added to `fastly compute publish` (--non-interactive, --domain=…).
set -euo pipefail
cd "$(dirname "$0")/.."

endpoint=otlp_logs # what the code opens
fastly=${FASTLY_CLI:-fastly}
die() { echo "deploy.sh: $*" >&2; exit 1; }

service_id() { sed -n 's/^service_id *= *"\(.*\)"$/\1/p' fastly.toml; }

provider=${1:-}
shift || true
[[ $provider != -* ]] || die "the first argument is the log provider, such as https or kafka"
[[ -n $provider || -n $(service_id) ]] ||
	die "a first deploy needs a log provider to create $endpoint with, such as: https --url=https://…"
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

if [[ -z $provider ]]; then
	exit
fi

echo "== log endpoint $endpoint ($provider)"
existing=$("$fastly" service logging "$provider" list --version=active --json)
if grep -q "\"Name\": *\"$endpoint\"" <<<"$existing"; then
	echo "it exists; its settings stay as they are"
	exit
fi

# Flags that a line of OTLP/JSON needs, where the provider has them and you did not give them (the CLI refuses a repetition).
usage=$("$fastly" service logging "$provider" create --help 2>&1) || true
given=" $* "
flags=()
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
"$fastly" service logging "$provider" create --version=active --autoclone --name="$endpoint" ${flags[@]+"${flags[@]}"} "$@"
"$fastly" service version activate --version=latest
