package browser

import (
	"encoding/json"
	"fmt"
	"strings"
)

// begin is the time at which the traces of these tests start, in Unix nanoseconds.
const begin = 1700000000000000000

type obj = map[string]any

// span describes a span. Times are in microseconds since the start of its trace.
type span struct {
	id, parent int
	name       string
	kind       int
	from, to   int
	attrs      obj
	events     []obj
	failed     string
}

func attributes(attrs obj) []obj {
	var list []obj
	for _, key := range sorted(attrs) {
		field, value := "stringValue", attrs[key]
		if n, ok := value.(int); ok {
			field, value = "intValue", fmt.Sprint(n)
		}
		list = append(list, obj{"key": key, "value": obj{field: value}})
	}
	return list
}

func sorted(attrs obj) []string {
	var keys []string
	for key := range attrs {
		at := 0
		for at < len(keys) && keys[at] < key {
			at++
		}
		keys = append(keys[:at], append([]string{key}, keys[at:]...)...)
	}
	return keys
}

func traceID(trace int) string { return fmt.Sprintf("%032x", trace) }
func spanID(id int) string     { return fmt.Sprintf("%016x", id) }
func at(trace, micros int) string {
	return fmt.Sprint(begin + trace*1_000_000_000 + micros*1000)
}

// line returns one log line with the spans of a service.
func line(service string, trace int, spans ...span) string {
	var list []obj
	for _, s := range spans {
		o := obj{
			"traceId": traceID(trace), "spanId": spanID(s.id), "name": s.name, "kind": s.kind,
			"startTimeUnixNano": at(trace, s.from), "endTimeUnixNano": at(trace, s.to), "attributes": attributes(s.attrs), "events": s.events,
		}
		if s.parent != 0 {
			o["parentSpanId"] = spanID(s.parent)
		}
		if s.failed != "" {
			o["status"] = obj{"code": 2, "message": s.failed}
		}
		list = append(list, o)
	}
	text, err := json.Marshal(obj{"resourceSpans": []obj{{
		"resource":   obj{"attributes": attributes(obj{"service.name": service, "cloud.region": "EU"})},
		"scopeSpans": []obj{{"spans": list}},
	}}})
	if err != nil {
		panic(err)
	}
	return "otlp_logs :: " + string(text) + "\n"
}

func event(trace, micros int, name string, attrs obj) obj {
	return obj{"timeUnixNano": at(trace, micros), "name": name, "attributes": attributes(attrs)}
}

const markup = `<img src=x onerror="document.title='owned'"><script>document.title='owned'</script>`

// item returns a trace of a request that sends requests to two backends, one of which fails.
func item(trace int) string {
	return line("shop", trace,
		span{1, 0, "GET /api/items/{id}", 2, 0, 24000, obj{"http.route": "/api/items/{id}", "url.path": fmt.Sprint("/api/items/", trace), "http.response.status_code": 502}, []obj{event(trace, 21000, "first_byte", nil)}, "bad gateway"},
		span{2, 1, "item.details", 1, 1000, 15000, obj{"note": markup}, nil, ""},
		span{3, 2, "GET", 3, 1500, 14000, obj{"http.response.status_code": 200, "url.full": "http://backend/items/7?token=REDACTED"}, nil, ""},
		span{4, 1, "item.stock", 1, 1200, 20000, nil, nil, "no stock"},
		span{5, 4, "GET", 3, 1600, 19000, obj{"http.response.status_code": 503, "error.type": "503"},
			[]obj{event(trace, 12000, "exception", obj{"exception.type": "*net.OpError", "exception.message": "connection refused"})}, "dial"},
		span{6, 1, "render", 1, 20500, 23000, nil, nil, ""},
	) + fmt.Sprintf(`{"time":"%s","level":"ERROR","msg":"stock lookup failed","trace_id":%q,"span_id":%q,"item":%d}`+"\n",
		"2023-11-14T22:13:"+fmt.Sprint(20+trace)+".013Z", traceID(trace), spanID(5), trace)
}

// checkout returns a trace of three services in three lines.
func checkout(trace int) string {
	return line("payments", trace,
		span{21, 13, "POST /v1/charge", 2, 20000, 90000, obj{"http.response.status_code": 200}, nil, ""},
		span{22, 21, "SELECT accounts", 3, 22000, 30000, nil, nil, ""},
		span{23, 21, "INSERT charge", 3, 74000, 88000, nil, nil, ""},
	) + line("shop", trace,
		span{11, 0, "POST /checkout", 2, 0, 100000, obj{"http.response.status_code": 200}, nil, ""},
		span{12, 11, "session.load", 1, 2000, 9000, nil, nil, ""},
		span{13, 11, "POST", 3, 12000, 96000, obj{"http.response.status_code": 200}, nil, ""},
	) + line("fraud-check", trace,
		span{31, 21, "POST /score", 2, 33000, 70000, obj{"http.response.status_code": 200}, nil, ""},
		span{32, 31, "rules", 1, 35000, 66000, nil, nil, ""},
	)
}

// hello returns a trace of one span.
func hello(trace int) string {
	return line("shop", trace, span{1, 0, "GET /", 2, 0, 300, obj{"http.response.status_code": 200}, nil, ""})
}

// deep returns a trace in which each span is the parent of the next.
func deep(trace, spans int) string {
	var list []span
	for i := 1; i <= spans; i++ {
		list = append(list, span{i, i - 1, fmt.Sprint("layer ", i, " of the stack"), 1, i * 10, 100_000 - i*10, nil, nil, ""})
	}
	return line("stack", trace, list...)
}

// large returns a trace of many spans.
func large(trace, spans int) string {
	list := []span{{1, 0, "GET /large", 2, 0, 1_000_000, nil, nil, ""}}
	for i := 2; i <= spans; i++ {
		from := i * 90
		list = append(list, span{i, max(1, i/4), fmt.Sprint("step ", i), 1, from, from + 5000, nil, nil, ""})
	}
	return strings.ReplaceAll(line("batch", trace, list...), `"events":null,`, "")
}
