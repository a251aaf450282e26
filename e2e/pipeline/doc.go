// Package pipeline tests the way of a line from Fastly's log endpoints to a tracing backend, with a real Kafka broker and the
// Collector that `make collector` builds, under the configurations that stand in collector/configs.
//
// Each test writes traces as the endpoint would, ends Collectors with SIGKILL in the middle of it, lets the backend refuse,
// and counts what arrived: none may be lost, some may come twice. The benchmarks measure what one Collector takes;
// docs/capacity.md reckons with that.
//
// `make test-pipeline` gives it EDGESPAN_KAFKA, the folder of Kafka's jars, and OTELCOL, the Collector. It is a module of its
// own, and not in go.work.
package pipeline
