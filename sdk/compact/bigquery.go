package compact

import (
	"time"

	"github.com/edgespan/edgespan/sdk/trace"
)

// AppendBigQuery appends a line for each span of b as BigQuery's streaming insert takes it, with newlines between them and
// none at the end. A line is that of [Append] with two differences. Objects and lists, which go to columns of type JSON, are
// strings that hold JSON. And there is a start_time, for a column of type TIMESTAMP, which a table can be partitioned by:
//
//	{"trace_id":"…","span_id":"…","name":"GET /","kind":"server","start_time_ms":1700000000000.25,…,"status":"unset",
//	 "attributes":"{\"http.route\":\"/\"}","resource":"{…}","start_time":"2023-11-14T22:13:20.000250Z"}
//
// docs/recipes/bigquery.md has the table.
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
		dst = appendQuoted(dst, dst[start:end-1]) // less the closing brace
		dst = append(dst, `,"start_time":"`...)
		// Microseconds are all that a TIMESTAMP holds, and more digits an error.
		dst = time.Unix(0, b.Spans[i].Start).UTC().AppendFormat(dst, "2006-01-02T15:04:05.000000Z")
		dst = append(dst, '"', '}')
		dst = dst[:start+copy(dst[start:], dst[end:])]
	}
	return dst
}

// appendQuoted appends an object's text with its members that are objects or lists as strings.
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
		case c == '\\': // in a string, which what it escapes does not end
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
