#!/usr/bin/env bash
# Runs the example service through the real Fastly CLI: build, pack, validate, serve on Viceroy with real requests, and a first deploy
# against a fake of Fastly's API. It also runs the commands that the documentation shows. Everything happens in copies of the checkout,
# with a configuration of their own: this script does not touch the checkout, your Fastly login or your services, and the CLI reaches
# no server except the fakes.
#
# It skips nothing: it installs what is missing, and fails if it cannot.
#
# Needs: bash, git, tar, curl, Go; npm and node for the CLI; cargo for Viceroy, unless a viceroy of the pinned version is on PATH;
# the first time, access to the module proxy and the registries. It takes half a minute once the tools are installed (Viceroy: 15
# minutes, once). KEEP=1 keeps the working directory for inspection.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$*"; }
die() { printf 'FAILED: %s\n' "$*" >&2; exit 1; }
ok() { passed=$((passed + 1)); printf 'ok  %s\n' "$*"; }
passed=0

for tool in git tar curl go node; do
	command -v "$tool" >/dev/null || die "'$tool' is not on PATH"
done

work=$(mktemp -d)
started=() # process groups that finish() ends
finish() {
	local status=$? group
	for group in "${started[@]+"${started[@]}"}"; do
		kill -- "-$group" 2>/dev/null || true
	done
	wait
	if ((status != 0)); then
		for log in "$work"/*.log; do
			[[ -s $log ]] && printf '\n--- last lines of %s\n%s\n' "$(basename "$log")" "$(tail -n 25 "$log")" >&2
		done
	fi
	if ((status != 0)); then printf '\ntest-cli: failed (exit %d)\n' "$status" >&2; fi
	if [[ -n ${KEEP:-} ]]; then
		echo "kept: $work"
	else
		rm -rf "$work"
	fi
	exit "$status"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# start LOG COMMAND…: runs the command in the background, in a process group of its own that finish() ends. Sets $pid.
start() {
	local log=$1
	shift
	set -m
	"$@" >"$log" 2>&1 </dev/null &
	pid=$!
	set +m
	started+=("$pid")
}

# wait_for LOG PATTERN: waits until the log of process $pid has a match of the pattern, and prints the first.
wait_for() {
	local i
	for ((i = 0; i < 600; i++)); do
		grep -Eom 1 -- "$2" "$1" && return
		kill -0 "$pid" 2>/dev/null || die "$(basename "$1" .log) ended before its log had a match of '$2'"
		sleep 0.1
	done
	die "$(basename "$1" .log) had no match of '$2' in its log within a minute"
}

# A copy of the checkout as it is now, without files that git ignores, and without the id of a service that you may have deployed.
mkdir "$work/checkout"
git ls-files -z --cached --others --exclude-standard |
	while IFS= read -r -d '' file; do
		if [[ -f $file ]]; then printf '%s\0' "$file"; fi
	done |
	tar --null -cf - -T - | tar -xf - -C "$work/checkout"
manifest=$work/manifest
sed 's/^service_id *=.*/service_id = ""/' fastly.toml >"$manifest"
cp "$manifest" "$work/checkout/fastly.toml"

# enter_copy NAME: makes a new copy of that copy, and changes to it.
enter_copy() {
	cp -R "$work/checkout" "$work/$1"
	cd "$work/$1"
}

has() { # has FILE PATTERN WHAT
	grep -Eq -- "$2" "$1" || die "$3: no line of $(basename "$1") matches: $2"
	ok "$3"
}
hasnt() { # hasnt FILE PATTERN WHAT
	if grep -E -- "$2" "$1"; then die "$3"; fi
	ok "$3"
}
count() { grep -Ec -- "$2" "$1" || true; }

step "Tools"
viceroy=$(scripts/install-viceroy.sh)
fastly_bin=$(scripts/install-fastly-cli.sh)
(cd e2e && go build -o "$work/bin/" ./fakefastly ./origin)
go build -o "$work/bin/" ./cmd/edgespan

step "The commands and manifests of README.md and docs/recipes"
(cd e2e && FASTLY_CLI=$fastly_bin go test -count=1 ./recipes)
ok "each runs, with flags that the CLI has, and the API is sent what they say"

step "fastly log-tail into edgespan view and edgespan ship"
(cd e2e && FASTLY_CLI=$fastly_bin go test -count=1 ./logtail)
ok "the spans in it are found, and other lines pass through"

# The CLI runs the build script below offline and with another home directory, so the modules are fetched now.
enter_copy serve
GOWORK=off GOOS=wasip1 GOARCH=wasm go list -deps ./example-service >/dev/null
for name in GOENV GOPATH GOCACHE GOMODCACHE; do
	export "$name=$(go env "$name")"
done

for name in $(compgen -v FASTLY_); do # your FASTLY_SERVICE_ID and FASTLY_API_TOKEN must not be used here
	unset "$name"
done

# The CLI as `fastly` on PATH, isolated. Its configuration, log and tools are below a home directory of its own. It reaches servers only
# on 127.0.0.1; all others are behind a proxy that does not exist. So it fails at once, and goes on, when it looks for updates and for
# wasm-tools (which would add metadata to the binary), and when it reports an activated service.
mkdir -p "$work/home"
cat >"$work/bin/fastly" <<END
#!/bin/sh
export HOME="$work/home" XDG_CONFIG_HOME="$work/home"
export HTTP_PROXY=http://127.0.0.1:9 HTTPS_PROXY=http://127.0.0.1:9 NO_PROXY=127.0.0.1 GOPROXY=off
unset http_proxy https_proxy no_proxy ALL_PROXY all_proxy
export FASTLY_WASM_METADATA_DISABLE=true
exec "$fastly_bin" "\$@" </dev/null
END
chmod +x "$work/bin/fastly"
export PATH=$work/bin:$PATH

# Prints the output of a command without the frames of the CLI's spinner and its complaints about wasm-tools.
quietly() {
	"$@" 2>&1 | { grep -Ev '^[-|/\\] .*\.\.\.$|wasm-tools|^building your project\. For reference|^$' || true; }
}

step "fastly compute build"
quietly fastly compute build --non-interactive
package=pkg/edgespan-example.tar.gz
[[ $(head -c 4 bin/main.wasm | od -An -tx1 | tr -d ' \n') == 0061736d ]] || die "bin/main.wasm is no wasm module"
ok "bin/main.wasm is a wasm module of $(wc -c <bin/main.wasm | tr -d ' ') bytes"
cmp fastly.toml "$manifest" || die "the build changed fastly.toml: the CLI found something to migrate in it"
ok "fastly.toml needed no migration"
tar -tzf "$package" >"$work/package.log"
has "$work/package.log" '^edgespan-example/bin/main\.wasm$' "the package holds the module"
has "$work/package.log" '^edgespan-example/fastly\.toml$' "the package holds the manifest"
hasnt "$work/package.log" '\.go$' "the package holds no source"

step "fastly compute pack"
rm -r pkg
quietly fastly compute pack --wasm-binary=bin/main.wasm --non-interactive
[[ -s $package ]] || die "pack left no $package"
ok "$package is there"

step "fastly compute validate"
quietly fastly compute validate --package="$package"
ok "the package is valid"
mkdir -p "$work/bad/edgespan-example/bin"
cp bin/main.wasm "$work/bad/edgespan-example/bin/"
tar -czf "$work/bad.tar.gz" -C "$work/bad" edgespan-example
if fastly compute validate --package="$work/bad.tar.gz" >"$work/validate-bad.log" 2>&1; then
	die "validate accepts a package without a manifest, so it checks nothing"
fi
ok "a package without a manifest is refused"

step "fastly compute serve"
start "$work/origin.log" "$work/bin/origin"
origin=$(wait_for "$work/origin.log" '127\.0\.0\.1:[0-9]+$')
sed "s,http://127\.0\.0\.1:[0-9]*,http://$origin," "$manifest" >fastly.toml
[[ $(count fastly.toml "^url = \"http://$origin\"") == 2 ]] || die "fastly.toml has not two local backends"
start "$work/serve.log" fastly compute serve --non-interactive --viceroy-path="$viceroy" --addr=127.0.0.1:0
serve=$pid
url=$(wait_for "$work/serve.log" 'Listening on http://127\.0\.0\.1:[0-9]+')
url=${url#Listening on }
ok "serves on Viceroy at $url"

requests=0
get() { # get STATUS PATH PATTERN [CURL FLAGS]
	local want=$1 path=$2 pattern=$3 got
	shift 3
	got=$(curl -sS --max-time 20 -o "$work/body.log" -w '%{http_code}' "$@" "$url$path")
	requests=$((requests + 1))
	[[ $got == "$want" ]] || die "GET $path: status $got, not $want"
	has "$work/body.log" "$pattern" "GET $path: $got"
}
trace=4bf92f3577b34da6a3ce929d0e0e4736
parent=(-H "traceparent: 00-$trace-00f067aa0ba902b7-01")
get 200 / . "${parent[@]}"
get 200 /api/data .
get 200 /api/items/7 7 "${parent[@]}"
get 200 /api/products/7 '"currency":"EUR"'
get 404 /api/products/none .
get 200 /api/prices/8 9900
get 200 /api/report report
get 200 /api/orders .
get 404 /nothing/here .
# Viceroy checks each backend when it starts, with a request for /.
[[ $(count "$work/origin.log" '"path":"/[^"]') -ge 3 ]] || die "the origin saw fewer requests than the service made"
ok "the backends answered"
[[ $(count "$work/origin.log" "\"traceparent\":\"00-$trace-") == 2 ]] ||
	die "the backends of /api/items/7 were not both sent the caller's trace"
ok "the backends were sent the caller's trace"

# A line is written after its response was sent, so wait for the last one.
for ((i = 0; i < 50; i++)); do
	[[ $(count "$work/serve.log" '^otlp_logs :: ') -ge $requests ]] && break
	sleep 0.1
done
grep -E '^otlp_logs :: ' "$work/serve.log" >"$work/lines.log" || die "no trace line on stdout"
[[ $(count "$work/lines.log" '^otlp_logs :: \{.*\}$') == "$requests" ]] ||
	die "$(wc -l <"$work/lines.log") trace lines for $requests requests"
ok "$requests requests, $requests lines at otlp_logs"
node -e '
	const lines = require("fs").readFileSync(0, "utf8").trimEnd().split("\n");
	for (const line of lines) {
		const doc = JSON.parse(line.slice("otlp_logs :: ".length));
		const spans = doc.resourceSpans.flatMap(r => r.scopeSpans.flatMap(s => s.spans));
		if (!spans.length || !spans.every(s => /^[0-9a-f]{32}$/.test(s.traceId))) throw new Error("not a trace: " + line);
	}' <"$work/lines.log" || die "a line is not OTLP/JSON"
ok "each line is a JSON document with spans"
[[ $(count "$work/lines.log" "\"traceId\":\"$trace\"") == 2 ]] || die "the caller's trace id is not in exactly its two lines"
ok "the caller's trace goes on in the service's lines"
has "$work/serve.log" '^app_logs :: \{"resourceLogs":.*no such product' "what the service logs is at app_logs"
hasnt "$work/serve.log" 'for-this-machine-alone' "no line has the value of the secret"
"$work/bin/edgespan" view --utc --text hide "$work/serve.log" >"$work/view.log" || die "edgespan view fails"
has "$work/view.log" '^> GET / .*example-service' "edgespan view draws what the CLI prints"
has "$work/view.log" '> .*no such product' "and what the service logs, in its trace"

# The interrupt goes to the whole process group, as from a terminal. If Viceroy ends before the CLI has noticed the interrupt, the CLI
# sometimes starts it again. A user would press Ctrl-C once more, so the loop sends the interrupt repeatedly.
for ((i = 0; i < 600; i++)); do
	((i % 50)) || kill -INT -- "-$serve" 2>/dev/null || break
	kill -0 -- "-$serve" 2>/dev/null || break
	sleep 0.1
done
if kill -0 -- "-$serve" 2>/dev/null; then die "fastly compute serve still runs after an interrupt"; fi
ok "an interrupt stops the CLI and Viceroy"

# start_api LOG [FLAGS]: starts a fake API with an account without services, and points the CLI at it.
start_api() {
	start "$1" "$work/bin/fakefastly" -token=fake-token "${@:2}"
	FASTLY_API_ENDPOINT=http://$(wait_for "$1" '^127\.0\.0\.1:[0-9]+$')
	FASTLY_ACCOUNT_ENDPOINT=$FASTLY_API_ENDPOINT
	export FASTLY_API_ENDPOINT FASTLY_ACCOUNT_ENDPOINT FASTLY_API_TOKEN=fake-token
}
v='/service/[A-Z0-9]+/version'

step "fastly compute publish, first deploy, against a fake of Fastly's API"
enter_copy publish
api=$work/publish-api.log
start_api "$api"
quietly fastly compute publish --non-interactive --status-check-off | tee "$work/publish.log"
has "$api" '^200 POST /service .*type=wasm' "it creates a Compute service"
for backend in backend inventory; do
	has "$api" "^200 POST $v/1/backend address=[a-z].* name=$backend .*port=443" "[setup] creates the backend '$backend'"
done
[[ $(count "$api" "POST $v/1/backend ") == 2 ]] || die "not two backends"
has "$api" "^200 PUT /resources/stores/config/[A-Z0-9]+/item/currency .*item_value=EUR" "[setup] creates the config store and its item"
has "$api" "^200 PUT /resources/stores/kv/[A-Z0-9]+/keys/7" "[setup] creates the KV store and its key"
has "$api" "^200 POST /resources/stores/secret" "[setup] creates the secret store"
for store in shop tracing products keys; do
	has "$api" "^200 POST $v/1/resource name=$store " "the service's version names the store '$store'"
done
has "$api" "^200 PUT $v/1/package" "it uploads the package"
has "$api" "^200 PUT $v/1/activate" "it activates the version"
for endpoint in otlp_logs app_logs; do
	has "$work/publish.log" "Name:.* $endpoint" "[setup] makes it ask for the log endpoint '$endpoint'"
done
has "$work/publish.log" 'Provider:.* https' "with the provider 'https'"
# This is the reason for scripts/deploy.sh. If a newer CLI creates endpoints, remove deploy.sh and the text in fastly.toml.
hasnt "$api" '/logging/' "the CLI itself creates no log endpoint"
hasnt "$api" 'UNKNOWN|^[45]' "the fake had an answer to everything"

step "scripts/deploy.sh, first deploy"
enter_copy deploy
api=$work/deploy-api.log
start_api "$api"
export PUBLISH_FLAGS="--non-interactive --status-check-off"
if scripts/deploy.sh >"$work/usage.log" 2>&1; then die "a first deploy without a log provider should be refused"; fi
[[ $(count "$api" '/') == 0 ]] || die "a refused deploy talked to the API"
ok "without a log provider it does nothing"
if scripts/deploy.sh https --url=https://collector.example/fastly -- >"$work/usage.log" 2>&1; then die "a -- with nothing after it should be refused"; fi
if scripts/deploy.sh https -- --url=https://collector.example/logs >"$work/usage.log" 2>&1; then die "a flag in the place of a provider should be refused"; fi
[[ $(count "$api" '/') == 0 ]] || die "a refused deploy talked to the API"
ok "nor with half of the second one"
quietly scripts/deploy.sh https --url=https://collector.example/fastly -- https --url=https://collector.example/logs | tee "$work/deploy.log"
for backend in backend inventory; do
	has "$api" "^200 POST $v/1/backend address=[a-z].* name=$backend .*port=443" "it creates the backend '$backend'"
done
has "$api" "^200 POST $v/2/logging/https content_type=application/json json_format=2 message_type=blank name=otlp_logs placement=none url=https://collector.example/fastly\$" \
	"it creates the log endpoint 'otlp_logs'"
has "$api" "^200 POST $v/2/logging/https content_type=application/json json_format=2 message_type=blank name=app_logs placement=none url=https://collector.example/logs\$" \
	"it creates the log endpoint 'app_logs' in the same version"
[[ $(grep activate "$api" | tail -n 1) =~ ^200\ PUT\ .*/version/2/activate$ ]] || die "the version with the endpoint is not active"
ok "the version with the endpoints is active"
id=$(sed -n 's,^200 PUT /service/\([A-Z0-9]*\)/version/1/activate,\1,p' "$api")
sed "s/^service_id = \"\"/service_id = \"$id\"/" "$manifest" | cmp - fastly.toml ||
	die "fastly.toml should differ in the service's id and nothing else"
ok "fastly.toml got the service's id and kept its comments"

step "scripts/deploy.sh, again"
quietly scripts/deploy.sh https --url=https://collector.example/fastly -- https --url=https://collector.example/logs
quietly scripts/deploy.sh
[[ $(count "$api" 'POST .*/logging/') == 2 && $(count "$api" 'POST /service ') == 1 ]] ||
	die "a second deploy created a service or an endpoint again"
[[ $(grep activate "$api" | tail -n 1) =~ ^200\ PUT\ .*/version/4/activate$ ]] || die "a deploy did not activate a new version"
ok "it publishes new versions and creates nothing twice"
hasnt "$api" 'UNKNOWN|^[45]' "the fake had an answer to everything"

step "scripts/deploy.sh, a deploy that fails on the way"
enter_copy failure
api=$work/failure-api.log
start_api "$api" -refuse=/activate
if scripts/deploy.sh https --url=https://collector.example/fastly >"$work/failure.log" 2>&1; then
	die "deploy.sh reports success for a deploy that failed"
fi
has "$api" '^200 DELETE /service/' "the half-made service is deleted again"
cmp fastly.toml "$manifest" || die "a failed deploy changed fastly.toml"
ok "fastly.toml is as it was"

printf '\n%d passed, 0 failed\n' "$passed"
