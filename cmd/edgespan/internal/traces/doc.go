// Package traces joins spans to traces and lays them out for reading.
//
// A Store takes Records of package lines, from any number of lines and services, and keeps the Traces that were touched last,
// within Limits. Trace.Rows is the tree in reading order: parents before children, children by time. It works whatever the spans
// say: with a missing parent, a cycle of parents, or an id that occurs twice.
//
// Trace.Requests returns the requests in a trace. Filter selects by request, and Summary counts requests by route.
package traces
