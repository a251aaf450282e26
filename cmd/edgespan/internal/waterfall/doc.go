// Package waterfall draws traces for a terminal.
//
// Append draws one trace: a header, a time axis, and a row for each span with its place in the tree, its kind, a bar on the trace's
// time scale, its duration and its status. Below a row are its errors and log records, and on request its attributes and events.
// AppendSummary draws the table of a traces.Summary.
//
// All text of a trace goes through package safetext. Without colours, the drawing is plain ASCII.
package waterfall
