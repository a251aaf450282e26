# Edgespan. `make` shows the targets. run and test need nothing but Go; what needs more says so.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

WASM := bin/main.wasm
# The modules of the repository; go.work joins them.
MODULES := . ./cmd/edgespan ./otelbridge ./workers ./e2e ./bench
ALL := $(MODULES:%=%/...)
# Those that go mod tidy can look at: the others require a version of the first that is not published yet.
TIDY := . ./bench ./tools
# Those whose requirements are too many, or too much at odds, to be joined with the others'.
APART := collector e2e/browser e2e/collector e2e/pipeline e2e/wasi e2e/workers
# What a service links, and so what has to compile for wasm, TinyGo included.
LINKED := ./sdk/... ./middleware/... ./logendpoint/... ./fastlyenv/... ./otlphttp/... ./wasi/... ./platform/... ./remoteconfig/...

# The race detector needs a C compiler. CI has one, or fails.
CC_FOUND := $(shell command -v $${CC:-cc} 2>/dev/null)
RACE := $(if $(CC_FOUND),-race)
ifeq ($(CI)$(CC_FOUND),true)
$(error CI=true and no C compiler: the tests have to run with the race detector)
endif

# The OpenTelemetry Collector, made by its builder out of collector/manifest.yaml. Linking it takes minutes and a gigabyte
# or two of memory, so it is made anew only if something that goes into it has changed.
COLLECTOR := bin/otelcol-edgespan
COLLECTOR_BUILDER := bin/builder-v0.158.0
COLLECTOR_SOURCES := collector/manifest.yaml collector/go.mod collector/go.sum go.mod $(wildcard collector/*/metadata.yaml) \
	$(foreach file,$(filter-out %_test.go,$(wildcard $(foreach depth,* */* */*/*,collector/$(depth)/*.go sdk/$(depth)/*.go))),\
		$(if $(findstring /generated_,$(file)),,$(file)))

FUZZTIME ?= 30s
# Where the backends' origin listens; fastly.toml's local backends name it too.
ORIGIN ?= 127.0.0.1:7678
# What make serve adds for edgespan serve.
SERVE_FLAGS ?=
EDGESPAN := go run ./cmd/edgespan

##@ See it

.PHONY: run
run: $(WASM) ## Build the example, send it a handful of requests on the local host, show their traces
	@$(EDGESPAN) demo --wasm $(WASM)

.PHONY: serve
serve: $(WASM) ## Serve the example on http://127.0.0.1:7676 with an origin behind it, until Ctrl-C; SERVE_FLAGS="--verbose …" goes to edgespan serve
	@go build -o bin/ ./cmd/edgespan ./e2e/origin
	@exec scripts/together.sh "bin/origin -addr $(ORIGIN) >&2" "bin/edgespan serve --wasm $(WASM) $(SERVE_FLAGS)"

.PHONY: serve-view
serve-view: ## The same, with the traces on a page at http://127.0.0.1:7675
	@$(MAKE) --no-print-directory serve SERVE_FLAGS="--view 127.0.0.1:7675 $(SERVE_FLAGS)"

.PHONY: run-browser
run-browser: browser build ## A page in a headless Chromium asks the example service: the one trace that the two make
	@mkdir -p build; rm -f build/browser-trace.json; \
	chromium=$$(scripts/install-chromium.sh); \
	(cd e2e/browser && CHROMIUM=$$chromium EDGESPAN_TRACE_FILE="$(CURDIR)/build/browser-trace.json" GOWORK=off go test -count=1 -run TestPageAndEdgeAreOneTrace .); \
	$(EDGESPAN) view build/browser-trace.json

.PHONY: serve-browser
serve-browser: browser build ## The example page on http://127.0.0.1:7677, its traces with the service's on http://127.0.0.1:7675
	@go build -o bin/ ./cmd/edgespan ./e2e/origin ./e2e/page
	@mkdir -p build; rm -f build/traces; mkfifo build/traces; \
	exec scripts/together.sh "bin/origin -addr $(ORIGIN) >&2" "bin/edgespan view --listen 127.0.0.1:7675 <build/traces" \
		"bin/page >build/traces" "bin/edgespan serve --wasm $(WASM) >build/traces"

.PHONY: run-wasi
run-wasi: ## A WASI program keeps its spans in a file: the program on wazero, and what is in the file
	@mkdir -p build/wasi; rm -f build/wasi/*.jsonl; \
	(cd e2e/wasi && export GOWORK=off && GOOS=wasip1 GOARCH=wasm go build -o ../../build/wasi/writer.wasm ./writer && \
		go run ./run ../../build/wasi ../../build/wasi/writer.wasm /spans.jsonl import 3 >/dev/null); \
	$(EDGESPAN) view build/wasi/spans.jsonl

.PHONY: run-workers
run-workers: ## A Cloudflare Worker with KV, in workerd: requests, and their traces as a collector gets them (needs node; npm, once)
	@mkdir -p build; miniflare=$$(scripts/install-miniflare.sh); \
	(cd e2e/workers && GOWORK=off go run ./run "$$miniflare") >build/workers.jsonl; \
	$(EDGESPAN) view build/workers.jsonl

##@ Build it

.PHONY: build
build: $(WASM) ## Build the example service to bin/main.wasm

.PHONY: $(WASM)
$(WASM):
	@GOOS=wasip1 GOARCH=wasm GOWORK=off go build -trimpath -ldflags="-s -w" -o $@ ./example-service

NPM := browser/npm
TAGS :=
# tinygo or go, for the page's wasm. No registry has TinyGo, so a fresh machine, CI's among them, has go.
BROWSER_COMPILER ?= $(if $(shell command -v tinygo),tinygo,go)
# The page has its own clock, which needs no distances from package time.
PAGE_TAGS := edgespan_small
TINYGO_PAGE := -target=wasm -no-debug -scheduler=none -panic=trap -gc=conservative -buildmode=c-shared
WASM_OPT := -Oz --strip-producers --strip-target-features --enable-bulk-memory --enable-mutable-globals --enable-nontrapping-float-to-int --enable-sign-ext

# wasm_exec.js sets globals. As a function its globals are what it is given, and the page's stay as they are.
.PHONY: browser
browser: ## Build the browser's package in browser/npm, with TinyGo and wasm-opt where they are on PATH; TAGS="edgespan_noclicks …" leaves features out
	@cp LICENSE $(NPM)/; \
	if [[ $(BROWSER_COMPILER) == tinygo ]]; then \
		GOWORK=off tinygo build $(TINYGO_PAGE) -tags="$(PAGE_TAGS) $(TAGS)" -o $(NPM)/edgespan.wasm ./browser/wasm; \
		glue="$$(tinygo env TINYGOROOT)/targets/wasm_exec.js"; \
		if command -v wasm-opt >/dev/null; then wasm-opt $(WASM_OPT) -o $(NPM)/edgespan.wasm $(NPM)/edgespan.wasm; fi; \
	else \
		GOOS=js GOARCH=wasm GOWORK=off go build -trimpath -ldflags="-s -w" -tags="$(PAGE_TAGS) $(TAGS)" -o $(NPM)/edgespan.wasm ./browser/wasm; \
		glue="$$(go env GOROOT)/lib/wasm/wasm_exec.js"; \
	fi; \
	{ echo 'export default (globalThis, global, fs, require, module) => {'; cat "$$glue"; echo 'return globalThis.Go;'; echo '};'; } >$(NPM)/wasm_exec.mjs

.PHONY: collector
collector: $(COLLECTOR) ## Build bin/otelcol-edgespan, an OpenTelemetry Collector for Fastly's logs (minutes, once)

$(COLLECTOR): $(COLLECTOR_BUILDER) $(COLLECTOR_SOURCES)
	@mkdir -p build # the builder makes its own folder and none above it
	cd collector && GOWORK=off GOFLAGS=-p=2 ../$(COLLECTOR_BUILDER) --config manifest.yaml
	cp build/collector/otelcol-edgespan $@.new
	mv $@.new $@ # one that runs can't be written over

$(COLLECTOR_BUILDER):
	GOWORK=off GOBIN="$(CURDIR)/bin" go install -p 2 go.opentelemetry.io/collector/cmd/builder@v0.158.0
	mv bin/builder $@

.PHONY: generate-collector
generate-collector: ## Write the receiver's metadata anew, after a change of its metadata.yaml
	@cd tools && GOWORK=off go build -o ../bin/mdatagen go.opentelemetry.io/collector/cmd/mdatagen
	@cd collector/fastlylogsreceiver && GOWORK=off ../../bin/mdatagen metadata.yaml

##@ Check it

.PHONY: check
check: ## Format, vet, lint, wasm builds, tidy modules, scripts
	@echo "gofmt"; out=$$(gofmt -l $$(git ls-files '*.go')); [[ -z $$out ]] || { echo "run gofmt on:"; echo "$$out"; exit 1; }
	@echo "go vet"; go vet $(ALL)
	@echo "go vet, wasip1"; GOOS=wasip1 GOARCH=wasm go vet $(LINKED) ./example-service/...
	@echo "go vet, js"; GOOS=js GOARCH=wasm go vet ./browser/... ./otlphttp/fetch ./workers/...; GOOS=js GOARCH=wasm go vet -tags edgespan_decode ./sdk/...
	@echo "go build, TinyGo's files"; GOOS=wasip1 GOARCH=wasm go build -tags tinygo ./middleware/...
	@if command -v tinygo >/dev/null; then $(MAKE) --no-print-directory check-tinygo; fi
	@echo "staticcheck"; (cd tools && GOWORK=off go build -o ../bin/staticcheck honnef.co/go/tools/cmd/staticcheck); bin/staticcheck $(ALL)
	@echo "staticcheck, js"; GOOS=js GOARCH=wasm bin/staticcheck ./browser/... ./otlphttp/fetch ./workers/...
	@for module in $(TIDY); do echo "go mod tidy: $$module"; (cd $$module && GOWORK=off go mod tidy -diff); done
	@echo "scripts"; for f in .ci/run scripts/*.sh; do bash -n "$$f"; done; go test -count=1 ./e2e/scripts
	@if [[ -n "$${CI:-}" ]]; then echo "clean tree"; [[ -z $$(git status --porcelain) ]] || { git status --short; exit 1; }; fi

.PHONY: check-apart
check-apart: ## Vet, lint and tidy the modules that go.work does not join (they download the Collector's)
	@cd tools && GOWORK=off go build -o ../bin/staticcheck honnef.co/go/tools/cmd/staticcheck
	@for module in $(APART); do \
		echo "go vet, staticcheck, go mod tidy: $$module"; \
		(cd $$module && export GOWORK=off && go vet ./... && "$(CURDIR)/bin/staticcheck" ./... && go mod tidy -diff); \
	done

# nethttp needs more of net/http than TinyGo has.
.PHONY: check-tinygo
check-tinygo: ## TinyGo compiles the example, and all that services, WASI programs and pages link (tinygo on PATH)
	@echo "tinygo build"; tinygo build -target=wasip1 -o /dev/null ./example-service; \
	echo "tinygo build, told that host calls return"; WASMOPT=scripts/wasm-opt-tinygo.sh tinygo build -target=wasip1 -o /dev/null ./example-service; \
	mkdir -p build/tinygo; trap 'rm -rf build/tinygo' EXIT; \
	{ printf 'package main\n\nimport (\n'; \
		GOOS=wasip1 GOARCH=wasm go list -f '{{printf "\t_ %q" .ImportPath}}' $(LINKED) | grep -Ev '/internal/|/nethttp"'; \
		printf ')\n\nfunc main() {}\n'; } >build/tinygo/main.go; \
	echo "tinygo build, $$(grep -c '_ "' build/tinygo/main.go) packages"; tinygo build -target=wasip1 -o /dev/null ./build/tinygo; \
	echo "tinygo build, browser"; tinygo build $(TINYGO_PAGE) -tags="$(PAGE_TAGS)" -o /dev/null ./browser/wasm

.PHONY: test
test: ## Unit tests, fuzz seeds, and the end-to-end suite on the local host
	go test $(RACE) ./... ./cmd/edgespan/... ./otelbridge/... ./workers/... ./bench/...
	go test -tags edgespan_small ./sdk/otlp ./sdk/trace ./sdk/internal/... # the code that wasm gets
	go test -run Alloc ./sdk/... ./middleware ./logendpoint # the race detector allocates on its own, so those tests skip there
	EDGESPAN_E2E_HOST=local go test -count=1 ./e2e

.PHONY: test-386
test-386: ## The unit tests of what programs link, where an int has 32 bits, as TinyGo's have (needs a Linux that runs GOARCH=386)
	GOARCH=386 go test $(LINKED) ./internal/httpconv ./internal/once ./internal/redact
	GOARCH=386 go test -tags edgespan_small ./sdk/otlp ./sdk/trace ./sdk/internal/...

.PHONY: test-viceroy
test-viceroy: ## The end-to-end suite on Viceroy (found on PATH, or built with cargo: a quarter of an hour, once)
	@viceroy=$$(scripts/install-viceroy.sh); echo "Viceroy: $$viceroy"; \
		VICEROY=$$viceroy EDGESPAN_E2E_HOST=viceroy go test -count=1 ./e2e

.PHONY: test-cli
test-cli: ## The example through the real Fastly CLI (needs npm; and cargo for Viceroy)
	@scripts/test-cli.sh

.PHONY: test-runtimes
test-runtimes: test-js test-otlphttp test-wasi test-browser test-workers ## The runtimes that are no Compute host: the five that follow

# Pages and Workers go without what reads OTLP/JSON, and the tests read what they have written.
.PHONY: test-js
test-js: ## The SDK's tests as pages and Workers have it, GOOS=js, on Node (needs node)
	GOOS=js GOARCH=wasm go test -tags edgespan_decode -exec "$$(go env GOROOT)/lib/wasm/go_js_wasm_exec" ./sdk/...

.PHONY: test-otlphttp
test-otlphttp: $(COLLECTOR) ## HTTP export before a Collector: natively, on the local Compute host and on Viceroy; by fetch on Node
	GOOS=js GOARCH=wasm go test -count=1 -exec "$$(go env GOROOT)/lib/wasm/go_js_wasm_exec" ./otlphttp/fetch
	cd e2e/collector && GOWORK=off go test -count=1 -v -run 'TestSent|TestCollector' ./...
	@viceroy=$$(scripts/install-viceroy.sh); for host in local viceroy; do \
		VICEROY=$$viceroy EDGESPAN_E2E_HOST=$$host go test -count=1 -tags otelcol -v -run TestOTLPHTTP ./e2e; \
	done

.PHONY: test-wasi
test-wasi: ## Spans in a file: WASI programs on wazero and Node, killed at random points (needs node)
	cd e2e/wasi && GOWORK=off go test -count=1 -v ./...

.PHONY: test-browser
test-browser: build $(COLLECTOR) ## The viewer's page, and traced pages before a Collector, in a real Chromium (CHROMIUM=path, PATH, or apt; needs npm)
	@chromium=$$(scripts/install-chromium.sh); echo "Chromium: $$chromium"; \
		compilers=go; if command -v tinygo >/dev/null; then compilers+=" tinygo"; fi; \
		cd e2e/browser && for compiler in $$compilers; do \
			echo "the tracer compiled by $$compiler"; \
			BROWSER_COMPILER=$$compiler CHROMIUM=$$chromium GOWORK=off go test -count=1 -v ./...; \
		done

.PHONY: test-workers
test-workers: ## A traced Cloudflare Worker in workerd: what arrives, and what the client gets meanwhile (needs node; npm, once)
	cd e2e/workers && GOOS=js GOARCH=wasm GOWORK=off go vet ./guest
	@miniflare=$$(scripts/install-miniflare.sh); cd e2e/workers && MINIFLARE=$$miniflare GOWORK=off go test -count=1 -v -timeout 30m .

.PHONY: test-collector
test-collector: validate-collector generate-collector ## The Collector receiver for Fastly's logs; HTTP export and edgespan ship before Collectors
	@[[ -z $${CI:-} ]] || git diff --exit-code -- collector # what is generated is what is there
	cd e2e/collector && GOWORK=off go test -count=1 ./...
	cd collector && GOWORK=off go test $(RACE) -p 2 -count=1 ./...

.PHONY: validate-collector
validate-collector: $(COLLECTOR) ## Hold the Collector's configurations against the Collector that `make collector` builds
	@dir=$$(mktemp -d); trap 'rm -rf "$$dir"' EXIT; \
	export STORAGE=$$dir FASTLY_LOG_SECRET=secret OTLP_ENDPOINT=http://127.0.0.1:4318 KAFKA_BROKERS=127.0.0.1:9092; \
	for config in collector/configs/*.yaml; do \
		echo "validate $$config"; $(COLLECTOR) validate --config "$$config"; \
	done

.PHONY: test-pipeline
test-pipeline: $(COLLECTOR) ## 100,000 traces through real Kafka and Collectors that are killed: none may be lost (needs java; mvn, once)
	@kafka=$$(scripts/install-kafka.sh); cd e2e/pipeline && \
		EDGESPAN_KAFKA=$$kafka OTELCOL="$(CURDIR)/$(COLLECTOR)" GOWORK=off go test -count=1 -v -timeout 20m .

# The second run is of the code that wasm gets.
.PHONY: fuzz
fuzz: ## Each fuzz test for FUZZTIME (30s), whatever others find
	@failed=0; \
	scripts/fuzz.sh $(FUZZTIME) $(LINKED) ./internal/... ./browser/... ./cmd/edgespan/... ./otelbridge/... ./workers/... || failed=1; \
	GOFLAGS=-tags=edgespan_small scripts/fuzz.sh $(FUZZTIME) ./sdk/otlp ./sdk/trace ./sdk/internal/... || failed=1; \
	exit $$failed

##@ Measure it

.PHONY: bench
bench: ## What a span costs, next to the OpenTelemetry SDK, encoding/json by hand, and the floor
	@go run ./bench

.PHONY: size
size: ## What tracing adds to a wasm binary (TinyGo and wasm-opt too, where they are on PATH)
	@go run ./bench/size

.PHONY: bench-viceroy
bench-viceroy: ## Latency of the untraced and the traced handler on Viceroy, side by side
	@viceroy=$$(scripts/install-viceroy.sh); VICEROY=$$viceroy go run ./bench/viceroy

.PHONY: bench-pipeline
bench-pipeline: $(COLLECTOR) ## What one Collector takes from Kafka and by HTTPS, and what of a processor (needs java; mvn, once)
	@kafka=$$(scripts/install-kafka.sh); cd e2e/pipeline && \
		EDGESPAN_KAFKA=$$kafka OTELCOL="$(CURDIR)/$(COLLECTOR)" GOWORK=off go test -run '^$$' -bench . -benchtime 10000x -timeout 30m .

##@ Keep house

.PHONY: clean
clean: ## Remove what was built
	rm -rf bin pkg build

.PHONY: help
help: ## Show this
	@awk -v columns=$${COLUMNS:-100} -f scripts/help.awk $(MAKEFILE_LIST)
