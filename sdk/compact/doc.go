// Package compact writes spans as small JSON lines, one span a line, for log stores and SQL, and reads such lines back.
//
//	{"trace_id":"…","span_id":"…","parent_span_id":"…","name":"GET /","kind":"server","start_time_ms":1700000000000.25,
//	 "end_time_ms":1700000000012.5,"duration_ms":12.25,"status":"unset","attributes":{"http.route":"/"},"resource":{…}}
//
// A line is complete by itself. What is empty is left out, but for the attributes: a root has no parent_span_id. Beside the
// above there may be parent_remote, trace_state, trace_flags, status_description, dropped_attributes, events,
// dropped_events, links, dropped_links, scope and resource.
//
// Times are milliseconds since 1970, with the nanoseconds as an exact decimal fraction: a reader that takes numbers for
// float64 loses what is below a microsecond, [Decode] does not. A number with a point or an exponent is a floating-point
// attribute, one without is an integer.
//
// Append writes this, [AppendHoneycomb] and [AppendBigQuery] write the same for Honeycomb and BigQuery. Decode reads all three.
package compact
