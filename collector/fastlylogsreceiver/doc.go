// Package fastlylogsreceiver is the OpenTelemetry Collector receiver "fastlylogs" for Fastly's HTTPS log endpoint. It decodes
// traces and logs in OTLP/JSON and the compact lines of sdk/compact.
//
//	receivers:
//	  fastlylogs:
//	    endpoint: 0.0.0.0:8443
//	    service_ids: ["SU1Z0isxPaozGVKXdv0eY"]
//
// README.md lists the settings and the answers. To build a Collector with this receiver, see docs/collector.md.
//
// # How a request is handled
//
// confighttp limits and decompresses the body. The handler checks the required header. splitLines splits the body into JSON
// documents. A batch decodes each by its first key (OTLP traces, OTLP logs or a compact line) and merges equal resources. The
// good lines go to the pipelines, in one call per signal. Bad lines are counted, and a sample of them is logged without their
// content.
//
// Before Fastly sends anything, it requests a challenge, which the receiver answers with the ids of the services that may send.
package fastlylogsreceiver

//go:generate mdatagen metadata.yaml
