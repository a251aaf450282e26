// Package compact writes spans as small JSON lines, one span a line, for log stores and SQL. It also reads such lines back.
//
//	exporter := logendpoint.Open("spans", logendpoint.Config{Format: compact.Append})
//
// A line looks like this, without the line break:
//
//	{"trace_id":"…","span_id":"…","parent_span_id":"…","name":"GET /","kind":"server","start_time_ms":1700000000000.25,
//	 "end_time_ms":1700000000012.5,"duration_ms":12.25,"status":"unset","attributes":{"http.route":"/"},"resource":{…}}
//
// Each line is complete by itself. Empty fields are left out, except attributes, so a root has no parent_span_id. A line may
// also have parent_remote, trace_state, trace_flags, status_description, dropped_attributes, events, dropped_events, links,
// dropped_links and scope.
//
// Times are milliseconds since 1970, with the nanoseconds as an exact decimal fraction. A reader that stores numbers as float64
// loses what is below a microsecond; [Decode] does not. A floating-point attribute always has a point or an exponent, and an
// integer attribute never has.
//
// [Append] writes these lines. [AppendHoneycomb] and [AppendBigQuery] write the same data for Honeycomb and BigQuery. [Decode]
// reads all three.
package compact
