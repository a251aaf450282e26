// Package pipeline tests the path of a line from Fastly's log endpoints to a tracing backend. It uses a real Kafka broker and
// the Collector that `make collector` builds, with the configurations in collector/configs.
//
// Each test writes traces as a log endpoint would. Meanwhile it kills Collectors with SIGKILL and makes the backend refuse
// data. Then it counts what has arrived: no trace may be lost, but some may arrive twice. The benchmarks measure the throughput
// of one Collector, on which docs/capacity.md bases its numbers.
//
// `make test-pipeline` sets EDGESPAN_KAFKA, the directory of Kafka's jars, and OTELCOL, the path of the Collector. The package
// is a module of its own, and is not in go.work.
package pipeline
