# Edgespan. `make` lists the targets. run and test need only Go; a target that needs more says so.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

WASM := bin/main.wasm
# The modules of the repository; go.work joins them.
MODULES := . ./cmd/edgespan ./otelbridge ./workers ./e2e ./bench
ALL := $(MODULES:%=%/...)
# The modules that go.work does not join, because their requirements are too many or conflict with those of the others.
APART := collector e2e/browser e2e/collector e2e/pipeline e2e/wasi e2e/workers
# The packages that a service can link. All of them must compile for wasm, with Go and with TinyGo.
LINKED := ./sdk/... ./middleware/... ./logendpoint/... ./fastlyenv/... ./otlphttp/... ./wasi/... ./platform/... ./remoteconfig/...
# The packages with code for GOOS=js.
JS := ./browser/... ./otlphttp/fetch ./workers/...
# The packages with unit tests.
UNIT := $(filter-out ./e2e/... ./bench/...,$(ALL))

# The race detector needs a C compiler. CI fails without one.
CC_FOUND := $(shell command -v $${CC:-cc} 2>/dev/null)
RACE := $(if $(CC_FOUND),-race)
ifeq ($(CI)$(CC_FOUND),true)
$(error CI=true, but no C compiler was found: the tests must run with the race detector. Install gcc, or set CC)
endif

# The OpenTelemetry Collector, which its builder makes from collector/manifest.yaml. Linking it takes minutes and one or two
# gigabytes of memory, so it is rebuilt only if one of its sources has changed.
COLLECTOR := bin/otelcol-edgespan
COLLECTOR_VERSION := v0.158.0
COLLECTOR_BUILDER := bin/builder-$(COLLECTOR_VERSION)
COLLECTOR_SOURCES := collector/manifest.yaml collector/go.mod collector/go.sum go.mod $(wildcard collector/*/metadata.yaml) \
	$(foreach file,$(filter-out %_test.go,$(wildcard $(foreach depth,* */* */*/*,collector/$(depth)/*.go sdk/$(depth)/*.go))),\
		$(if $(findstring /generated_,$(file)),,$(file)))

FUZZTIME ?= 30s
# The address of the origin behind the backends. The local backends in fastly.toml have it too: change it in both places.
ORIGIN ?= 127.0.0.1:7678
# Additional flags of edgespan serve, for make serve.
SERVE_FLAGS ?=
EDGESPAN := go run ./cmd/edgespan

##@ See it work

.PHONY: run
run: $(WASM) ## Build the example service, send it some requests on the local host, and show their traces
	@$(EDGESPAN) demo --wasm $(WASM)

.PHONY: serve
serve: $(WASM) ## Serve the example service on http://127.0.0.1:7676, with an origin behind it, until Ctrl-C; SERVE_FLAGS="--verbose …" adds flags of edgespan serve
	@go build -o bin/ ./cmd/edgespan ./e2e/origin
	@exec scripts/together.sh "bin/origin -addr $(ORIGIN) >&2" "bin/edgespan serve --wasm $(WASM) $(SERVE_FLAGS)"

.PHONY: serve-view
serve-view: ## The same, and show the traces on a page at http://127.0.0.1:7675
	@$(MAKE) --no-print-directory serve SERVE_FLAGS="--view 127.0.0.1:7675 $(SERVE_FLAGS)"

.PHONY: run-browser
run-browser: browser build ## Open a page in a headless Chromium that calls the example service, and show the one trace of both (CHROMIUM=path, PATH, or apt)
	@mkdir -p build; rm -f build/browser-trace.json; \
	chromium=$$(scripts/install-chromium.sh); \
	(cd e2e/browser && CHROMIUM=$$chromium EDGESPAN_TRACE_FILE="$(CURDIR)/build/browser-trace.json" GOWORK=off go test -count=1 -run TestPageAndEdgeAreOneTrace .); \
	$(EDGESPAN) view build/browser-trace.json

.PHONY: serve-browser
serve-browser: browser build ## Serve the example page on http://127.0.0.1:7677, and show its traces and the service's on http://127.0.0.1:7675
	@go build -o bin/ ./cmd/edgespan ./e2e/origin ./e2e/page
	@mkdir -p build; rm -f build/traces; mkfifo build/traces; \
	exec scripts/together.sh "bin/origin -addr $(ORIGIN) >&2" "bin/edgespan view --listen 127.0.0.1:7675 <build/traces" \
		"bin/page >build/traces" "bin/edgespan serve --wasm $(WASM) >build/traces"

.PHONY: run-wasi
run-wasi: ## Run a WASI program that keeps its spans in a file (on wazero), and show the spans
	@mkdir -p build/wasi; rm -f build/wasi/*.jsonl; \
	(cd e2e/wasi && export GOWORK=off && GOOS=wasip1 GOARCH=wasm go build -o ../../build/wasi/writer.wasm ./writer && \
		go run ./run ../../build/wasi ../../build/wasi/writer.wasm /spans.jsonl import 3 >/dev/null); \
	$(EDGESPAN) view build/wasi/spans.jsonl

.PHONY: run-workers
run-workers: ## Send requests to a Cloudflare Worker with KV, in workerd, and show their traces as a collector gets them (needs node; npm, once)
	@mkdir -p build; miniflare=$$(scripts/install-miniflare.sh); \
	(cd e2e/workers && GOWORK=off go run ./run "$$miniflare") >build/workers.jsonl; \
	$(EDGESPAN) view build/workers.jsonl

##@ Build

.PHONY: build
build: $(WASM) ## Build the example service to bin/main.wasm

.PHONY: $(WASM)
$(WASM):
	@GOOS=wasip1 GOARCH=wasm GOWORK=off go build -trimpath -ldflags="-s -w" -o $@ ./example-service

NPM := browser/npm
TAGS :=
# The compiler of the page's wasm: tinygo or go. No package registry has TinyGo, so a fresh machine, such as CI's, uses go.
BROWSER_COMPILER ?= $(if $(shell command -v tinygo),tinygo,go)
# A page has its own clock, so it needs no durations from package time.
PAGE_TAGS := edgespan_small
TINYGO_PAGE := -target=wasm -no-debug -scheduler=none -panic=trap -gc=conservative -buildmode=c-shared
WASM_OPT := -Oz --strip-producers --strip-target-features --enable-bulk-memory --enable-mutable-globals --enable-nontrapping-float-to-int --enable-sign-ext

# LICENSE-wasm is the license of the runtime that the compiler puts into the wasm, and of wasm_exec.js.
# wasm_exec.js sets global variables. Wrapped into a function, it sets them on the objects that it is given, and the page's stay unchanged.
.PHONY: browser
browser: ## Build the npm package in browser/npm, with TinyGo and wasm-opt if they are on PATH; TAGS="edgespan_noclicks …" leaves features out
	@cp LICENSE $(NPM)/; \
	if [[ $(BROWSER_COMPILER) == tinygo ]]; then \
		GOWORK=off tinygo build $(TINYGO_PAGE) -tags="$(PAGE_TAGS) $(TAGS)" -o $(NPM)/edgespan.wasm ./browser/wasm; \
		glue="$$(tinygo env TINYGOROOT)/targets/wasm_exec.js"; made_with="$$(tinygo env TINYGOROOT) $$(go env GOROOT)"; \
		if command -v wasm-opt >/dev/null; then wasm-opt $(WASM_OPT) -o $(NPM)/edgespan.wasm $(NPM)/edgespan.wasm; fi; \
	else \
		GOOS=js GOARCH=wasm GOWORK=off go build -trimpath -ldflags="-s -w" -tags="$(PAGE_TAGS) $(TAGS)" -o $(NPM)/edgespan.wasm ./browser/wasm; \
		glue="$$(go env GOROOT)/lib/wasm/wasm_exec.js"; made_with="$$(go env GOROOT)"; \
	fi; \
	rm -f $(NPM)/LICENSE-wasm; for root in $$made_with; do \
		cat "$$root/LICENSE" >>$(NPM)/LICENSE-wasm || echo "add this compiler's license to $(NPM)/LICENSE-wasm before you publish the package" >&2; \
	done; \
	{ echo 'export default (globalThis, global, fs, require, module) => {'; cat "$$glue"; echo 'return globalThis.Go;'; echo '};'; } >$(NPM)/wasm_exec.mjs

.PHONY: collector
collector: $(COLLECTOR) ## Build bin/otelcol-edgespan, an OpenTelemetry Collector for Fastly's logs (takes minutes, once)

$(COLLECTOR): $(COLLECTOR_BUILDER) $(COLLECTOR_SOURCES)
	@mkdir -p build # the builder creates only the last folder of its path
	cd collector && GOWORK=off GOFLAGS=-p=2 ../$(COLLECTOR_BUILDER) --config manifest.yaml
	cp build/collector/otelcol-edgespan $@.new
	mv $@.new $@ # a running program cannot be overwritten

$(COLLECTOR_BUILDER):
	GOWORK=off GOBIN="$(CURDIR)/bin" go install -p 2 go.opentelemetry.io/collector/cmd/builder@$(COLLECTOR_VERSION)
	mv bin/builder $@

.PHONY: generate-collector
generate-collector: ## Regenerate the receiver's metadata after a change of its metadata.yaml
	@cd tools && GOWORK=off go build -o ../bin/mdatagen go.opentelemetry.io/collector/cmd/mdatagen
	@cd collector/fastlylogsreceiver && GOWORK=off ../../bin/mdatagen metadata.yaml

##@ Check and test

.PHONY: check
check: ## Check format, vet, lint, wasm builds, tidy modules and scripts
	@echo "gofmt"; out=$$(gofmt -l $$(git ls-files '*.go')); [[ -z $$out ]] || { echo "run gofmt on:"; echo "$$out"; exit 1; }
	@echo "go vet"; go vet $(ALL); go vet -tags otelcol ./e2e
	@echo "go vet, wasip1"; GOOS=wasip1 GOARCH=wasm go vet $(LINKED) ./example-service/...
	@echo "go vet, windows"; GOOS=windows go vet ./sdk/... ./wasi/... ./internal/... ./otlphttp/... ./cmd/edgespan/...
	@echo "go vet, js"; GOOS=js GOARCH=wasm go vet $(JS) ./internal/fault; GOOS=js GOARCH=wasm go vet -tags edgespan_decode ./sdk/...
	@echo "go vet, TinyGo's files"; GOOS=wasip1 GOARCH=wasm go vet -tags tinygo ./middleware/...; GOOS=js GOARCH=wasm go vet -tags tinygo $(JS) ./internal/fault
	@if command -v tinygo >/dev/null; then $(MAKE) --no-print-directory check-tinygo; fi
	@echo "staticcheck"; (cd tools && GOWORK=off go build -o ../bin/staticcheck honnef.co/go/tools/cmd/staticcheck); bin/staticcheck $(ALL)
	@echo "staticcheck, js"; GOOS=js GOARCH=wasm bin/staticcheck $(JS)
	@for module in $(MODULES) ./tools; do echo "go mod tidy: $$module"; scripts/tidy.sh $$module -diff; done
	@echo "go.work.sum, which go doc would complete"; go list -m all >/dev/null
	@echo "scripts"; for f in .ci/run scripts/*.sh; do bash -n "$$f"; done; go test -count=1 ./e2e/scripts
	@if [[ -n "$${CI:-}" ]]; then echo "clean tree"; [[ -z $$(git status --porcelain) ]] || { echo "commit these, or let git ignore them:"; git status --short; exit 1; }; fi

.PHONY: check-apart
check-apart: ## Vet and lint the modules that go.work does not join, and check that they are tidy (downloads the Collector's modules)
	@cd tools && GOWORK=off go build -o ../bin/staticcheck honnef.co/go/tools/cmd/staticcheck
	@for module in $(APART); do \
		echo "go vet, staticcheck, go mod tidy: $$module"; \
		(cd $$module && export GOWORK=off && go vet ./... && "$(CURDIR)/bin/staticcheck" ./...); \
		scripts/tidy.sh $$module -diff; \
	done

# nethttp is left out, since it needs more of net/http than TinyGo has.
.PHONY: check-tinygo
check-tinygo: ## Compile the example, and all packages of services, WASI programs and pages, with TinyGo (needs tinygo)
	@echo "tinygo build"; tinygo build -target=wasip1 -o /dev/null ./example-service; \
	echo "tinygo build, told that host calls return"; WASMOPT=scripts/wasm-opt-tinygo.sh tinygo build -target=wasip1 -o /dev/null ./example-service; \
	mkdir -p build/tinygo; trap 'rm -rf build/tinygo' EXIT; \
	{ printf 'package main\n\nimport (\n'; \
		GOOS=wasip1 GOARCH=wasm go list -f '{{printf "\t_ %q" .ImportPath}}' $(LINKED) | grep -Ev '/internal/|/nethttp"'; \
		printf ')\n\nfunc main() {}\n'; } >build/tinygo/main.go; \
	echo "tinygo build, $$(grep -c '_ "' build/tinygo/main.go) packages"; tinygo build -target=wasip1 -o /dev/null ./build/tinygo; \
	echo "tinygo build, browser"; tinygo build $(TINYGO_PAGE) -tags="$(PAGE_TAGS)" -o /dev/null ./browser/wasm

.PHONY: test
test: ## Run the unit tests, the fuzz seeds, and the end-to-end suite on the local host
	go test $(RACE) $(UNIT)
	go test $(RACE) -count=1 ./bench/... ./e2e/interop # these read the code of other modules, whose changes go test would not notice
	go test -tags edgespan_small ./sdk/otlp ./sdk/trace ./sdk/internal/... # the variant of the code that wasm gets
	go test -run Alloc ./sdk/... ./middleware ./logendpoint # these tests skip under the race detector, which allocates by itself
	EDGESPAN_E2E_HOST=local go test -count=1 ./e2e

.PHONY: test-386
test-386: ## Run the unit tests of linked packages with 32-bit ints, as in TinyGo (needs a Linux that runs GOARCH=386)
	GOARCH=386 go test $(LINKED) ./internal/httpconv ./internal/once ./internal/redact
	GOARCH=386 go test -tags edgespan_small ./sdk/otlp ./sdk/trace ./sdk/internal/...

# README promises the oldest version, which go.mod of the SDK names. The documentation's programs need go.work and so a later one.
OTHER_GO := go1.24.0 go1.27.4
.PHONY: test-go
test-go: ## Run the SDK's unit tests with the oldest version of Go that can build it, and with the next one (downloads both)
	@for version in $(OTHER_GO); do \
		echo "$$version"; export GOTOOLCHAIN=$$version GOWORK=off; \
		go test $$(go list ./... | grep -v /internal/docs); \
		GOOS=wasip1 GOARCH=wasm go build -o /dev/null ./example-service; \
	done

.PHONY: test-viceroy
test-viceroy: ## Run the end-to-end suite on Viceroy (from PATH, or built with cargo in a quarter of an hour, once)
	@viceroy=$$(scripts/install-viceroy.sh); echo "Viceroy: $$viceroy"; \
		VICEROY=$$viceroy EDGESPAN_E2E_HOST=viceroy go test -count=1 ./e2e

.PHONY: test-cli
test-cli: ## Run the example service through the real Fastly CLI (needs npm, and cargo for Viceroy)
	@scripts/test-cli.sh

.PHONY: test-runtimes
test-runtimes: test-js test-otlphttp test-wasi test-browser test-engines test-workers ## Test the other runtimes: runs the next six targets

# Pages and Workers leave out the code that reads OTLP/JSON. The tests need it, to read what they have written.
.PHONY: test-js
test-js: ## Run the SDK's tests as built for pages and Workers (GOOS=js), on Node (needs node)
	GOOS=js GOARCH=wasm go test -tags edgespan_decode -exec "$$(go env GOROOT)/lib/wasm/go_js_wasm_exec" ./sdk/...

.PHONY: test-otlphttp
test-otlphttp: $(COLLECTOR) ## Test HTTP export to a Collector: native, on the local host, on Viceroy, and with fetch (needs node; cargo, once)
	GOOS=js GOARCH=wasm go test -count=1 -exec "$$(go env GOROOT)/lib/wasm/go_js_wasm_exec" ./otlphttp/fetch
	cd e2e/collector && GOWORK=off go test -count=1 -v -run 'TestSent|TestCollector' ./...
	@viceroy=$$(scripts/install-viceroy.sh); for host in local viceroy; do \
		VICEROY=$$viceroy EDGESPAN_E2E_HOST=$$host go test -count=1 -tags otelcol -v -run TestOTLPHTTP ./e2e; \
	done

.PHONY: test-wasi
test-wasi: ## Test spans in a file: WASI programs on wazero and Node, killed at random points, with calls that fail (needs node)
	cd e2e/wasi && GOWORK=off go test -count=1 -v ./...

.PHONY: test-browser
test-browser: build $(COLLECTOR) ## Test the viewer's page, and traced pages that send to a Collector, in a real Chromium (CHROMIUM=path, PATH, or apt; needs npm)
	@chromium=$$(scripts/install-chromium.sh); echo "Chromium: $$chromium"; \
		compilers=go; if command -v tinygo >/dev/null; then compilers+=" tinygo"; fi; \
		cd e2e/browser && for compiler in $$compilers; do \
			echo "the tracer compiled by $$compiler"; \
			BROWSER_COMPILER=$$compiler CHROMIUM=$$chromium GOWORK=off go test -count=1 -v -timeout 30m -skip '^TestEngines$$' ./...; \
		done

# An engine that cannot be installed is skipped, but not with CI=true.
.PHONY: test-engines
test-engines: $(COLLECTOR) ## Test traced pages in a real Firefox and a real WebKit (FIREFOX=path, WEBKIT_DRIVER=path, PATH, or apt; needs node; npm, once)
	@may_skip() { [[ $${CI:-} != true ]]; }; \
		firefox=$$(scripts/install-firefox.sh) || may_skip; webkit=$$(scripts/install-webkit.sh) || may_skip; \
		webdrivers=$$(scripts/install-webdrivers.sh) || may_skip; \
		cd e2e/browser && FIREFOX=$$firefox WEBKIT_DRIVER=$$webkit WEBDRIVERS=$$webdrivers GOWORK=off \
			go test -count=1 -v -run '^TestEngines$$' .

.PHONY: test-workers
test-workers: ## Test a traced Cloudflare Worker in workerd: what arrives, and what the client gets meanwhile (needs node; npm, once)
	cd e2e/workers && GOOS=js GOARCH=wasm GOWORK=off go vet ./guest
	@miniflare=$$(scripts/install-miniflare.sh); cd e2e/workers && MINIFLARE=$$miniflare GOWORK=off go test -count=1 -v -timeout 30m .

.PHONY: test-collector
test-collector: validate-collector generate-collector ## Test the Collector receiver for Fastly's logs, and HTTP export and edgespan ship to Collectors
	@[[ -z $${CI:-} ]] || git diff --exit-code -- collector || { echo "commit what make generate-collector has written"; exit 1; }
	cd e2e/collector && GOWORK=off go test -count=1 ./...
	cd collector && GOWORK=off go test $(RACE) -p 2 -count=1 ./... && GOWORK=off go test -p 2 -count=1 -modfile=next.mod ./...

.PHONY: validate-collector
validate-collector: $(COLLECTOR) ## Validate the Collector's configurations with the Collector that `make collector` builds
	@dir=$$(mktemp -d); trap 'rm -rf "$$dir"' EXIT; \
	export STORAGE=$$dir FASTLY_LOG_SECRET=secret OTLP_ENDPOINT=http://127.0.0.1:4318 KAFKA_BROKERS=127.0.0.1:9092; \
	for config in collector/configs/*.yaml; do \
		echo "validate $$config"; $(COLLECTOR) validate --config "$$config"; \
	done

.PHONY: test-pipeline
test-pipeline: $(COLLECTOR) ## Send 100,000 traces through real Kafka and Collectors that are killed: none may be lost (needs java; mvn, once)
	@kafka=$$(scripts/install-kafka.sh); cd e2e/pipeline && \
		EDGESPAN_KAFKA=$$kafka OTELCOL="$(CURDIR)/$(COLLECTOR)" GOWORK=off go test -count=1 -v -timeout 20m .

# The second run tests the variant of the code that wasm gets.
.PHONY: fuzz
fuzz: ## Run each fuzz test for FUZZTIME (30s), even if another has failed
	@failed=0; \
	scripts/fuzz.sh $(FUZZTIME) $(UNIT) ./e2e/interop || failed=1; \
	GOFLAGS=-tags=edgespan_small scripts/fuzz.sh $(FUZZTIME) ./sdk/otlp ./sdk/trace ./sdk/internal/... || failed=1; \
	exit $$failed

##@ Measure

.PHONY: bench
bench: ## Measure what a span costs, beside the OpenTelemetry SDK, encoding/json by hand, and the floor
	@go run ./bench

.PHONY: size
size: ## Measure what tracing adds to a wasm binary (also with TinyGo and wasm-opt, if they are on PATH)
	@go run ./bench/size

.PHONY: bench-viceroy
bench-viceroy: ## Measure the latency of the untraced and the traced handler on Viceroy (cargo, once)
	@viceroy=$$(scripts/install-viceroy.sh); VICEROY=$$viceroy go run ./bench/viceroy

.PHONY: bench-pipeline
bench-pipeline: $(COLLECTOR) ## Measure how many traces one Collector takes from Kafka and by HTTPS, and its CPU time (needs java; mvn, once)
	@kafka=$$(scripts/install-kafka.sh); cd e2e/pipeline && \
		EDGESPAN_KAFKA=$$kafka OTELCOL="$(CURDIR)/$(COLLECTOR)" GOWORK=off go test -run '^$$' -bench . -benchtime 10000x -timeout 30m .

##@ Other

.PHONY: clean
clean: ## Remove everything that was built
	rm -rf bin pkg build

.PHONY: help
help: ## Show this list
	@awk -v columns=$${COLUMNS:-100} -f scripts/help.awk $(MAKEFILE_LIST)
