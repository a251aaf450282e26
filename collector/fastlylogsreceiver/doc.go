// Package fastlylogsreceiver is an OpenTelemetry Collector receiver, fastlylogs, for Fastly's HTTPS log endpoint.
//
// The way of one POST: confighttp bounds and decompresses the body, the handler checks the secret, splitLines cuts the body
// into documents, a batch decodes each by its first key (OTLP traces, OTLP logs, or a compact line) and merges equal
// resources, and what is good goes to the pipelines in one call a signal. What is bad is counted, and logged by sample.
//
// Fastly asks who it may send to before it sends: challenge answers.
package fastlylogsreceiver

//go:generate mdatagen metadata.yaml
