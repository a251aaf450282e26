package compact

import (
	"time"

	"github.com/edgespan/edgespan/sdk/trace"
)

// AppendBigQuery appends a line for each span of b to dst, in the form that BigQuery's streaming insert accepts. The lines are
// separated by newlines, without one at the end. A line differs from that of [Append] in two ways. Objects and lists are
// strings that hold JSON, for columns of type JSON. And there is a start_time, for a column of type TIMESTAMP by which a table
// can be partitioned:
//
//	{"trace_id":"…","span_id":"…","name":"GET /","kind":"server","start_time_ms":1700000000000.25,…,"status":"unset",
//	 "attributes":"{\"http.route\":\"/\"}","resource":"{…}","start_time":"2023-11-14T22:13:20.000250Z"}
//
// The table is described in docs/recipes/bigquery.md.
func AppendBigQuery(dst []byte, b *trace.Batch) []byte {
	one := trace.Batch{Resource: b.Resource}
	for i := range b.Spans {
		if i > 0 {
			dst = append(dst, '\n')
		}
		start := len(dst)
		one.Spans = b.Spans[i : i+1]
		dst = Append(dst, &one)
		end := len(dst)
		dst = appendQuoted(dst, dst[start:end-1]) // without the closing brace
		dst = append(dst, `,"start_time":"`...)
		// A TIMESTAMP holds microseconds, and BigQuery refuses more digits.
		dst = time.Unix(0, b.Spans[i].Start).UTC().AppendFormat(dst, "2006-01-02T15:04:05.000000Z")
		dst = append(dst, '"', '}')
		dst = dst[:start+copy(dst[start:], dst[end:])]
	}
	return dst
}

// appendQuoted appends the text of an object in which those members that are objects or lists become strings. object begins with
// its brace, and may lack the closing one.
func appendQuoted(dst, object []byte) []byte {
	depth, inString := 0, false
	for i := 0; i < len(object); i++ {
		c := object[i]
		if !inString && (c == '{' || c == '[') {
			if depth++; depth == 2 {
				dst = append(dst, '"')
			}
		}
		if depth >= 2 && (c == '"' || c == '\\') {
			dst = append(dst, '\\')
		}
		dst = append(dst, c)
		switch {
		case c == '\\': // an escape within a string; the escaped character does not end the string
			i++
			if depth >= 2 && (object[i] == '"' || object[i] == '\\') {
				dst = append(dst, '\\')
			}
			dst = append(dst, object[i])
		case c == '"':
			inString = !inString
		case !inString && (c == '}' || c == ']'):
			if depth--; depth == 1 {
				dst = append(dst, '"')
			}
		}
	}
	return dst
}
