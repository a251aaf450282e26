module github.com/edgespan/edgespan/bench

go 1.26.0

require (
	github.com/edgespan/edgespan v0.1.0
	github.com/edgespan/edgespan/workers v0.1.0
	github.com/fastly/compute-sdk-go v1.9.0
	github.com/klauspost/compress v1.19.1
	github.com/stretchr/testify v1.12.1
	github.com/syumai/workers v0.31.0
	go.opentelemetry.io/otel v1.47.0
	go.opentelemetry.io/otel/exporters/stdout/stdouttrace v1.47.0
	go.opentelemetry.io/otel/sdk v1.47.0
	go.opentelemetry.io/otel/trace v1.47.0
)

require (
	github.com/cespare/xxhash/v2 v2.3.0 // indirect
	github.com/go-logr/logr v1.4.4 // indirect
	github.com/go-logr/stdr v1.2.2 // indirect
	github.com/google/uuid v1.6.0 // indirect
	github.com/valyala/fastjson v1.6.10 // indirect
	go.opentelemetry.io/auto/sdk v1.2.1 // indirect
	go.opentelemetry.io/otel/log v1.47.0 // indirect
	go.opentelemetry.io/otel/metric v1.47.0 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
	golang.org/x/sys v0.48.0 // indirect
)

replace (
	github.com/edgespan/edgespan => ../
	github.com/edgespan/edgespan/workers => ../workers
)
