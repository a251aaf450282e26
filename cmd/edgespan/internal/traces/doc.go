// Package traces joins spans to traces and lays them out for reading.
//
// A Store takes the Records of package lines, from as many lines and services as there are, and keeps the Traces that were
// touched last, within Limits. Trace.Rows is the tree in the order in which it is read: parents before children, children
// by time. It stands whatever the spans claim: a parent that is missing, a cycle, an id that is there twice.
//
// Trace.Requests are its local roots, each with what it did: Filter chooses by them, and Summary counts them by route.
package traces
