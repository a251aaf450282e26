// Package waterfall draws traces for a terminal.
//
// Append draws one trace: a header, a time axis, and for each span a row with its place in the tree, its kind, a bar on
// the trace's time scale, its duration and its status. Under a row stands what went wrong, what the program logged, and
// on demand the attributes and events. AppendSummary draws the table of a traces.Summary.
//
// Everything that comes from a trace goes through package safetext. Without colours the drawing itself is plain ASCII.
package waterfall
