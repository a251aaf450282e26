package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/sdk/trace"
)

func handle(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	q := r.URL.Query()
	n, _ := strconv.Atoi(q.Get("n"))
	switch r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:] {
	case "spans":
		spans(ctx, n)
	case "flat":
		for range n {
			_, span := trace.Start(ctx, "flat")
			span.End()
		}
	case "large":
		large(ctx, n)
	case "attributes":
		attributes(ctx, n)
	case "links":
		links(ctx)
	case "names":
		names(ctx)
	case "values":
		values(ctx)
	case "misuse":
		misuse(ctx)
	case "child":
		_, span := trace.Start(ctx, "child")
		span.End()
	case "fail":
		trace.SpanFromContext(ctx).RecordError(errors.New("recorded"))
		w.WriteHeader(fsthttp.StatusInternalServerError)
	case "sleep":
		time.Sleep(time.Duration(n) * time.Millisecond)
	case "backend":
		backend(ctx, w, q)
		return
	case "headers":
		w.Header().Set("X-Reply", "a \"quoted\" caf\xe9 \t value")
		w.Header().Add("Set-Cookie", "session=hidden")
		w.Header().Add("Set-Cookie", "id=hidden")
	case "context":
		sc := trace.SpanFromContext(ctx).SpanContext()
		_, _ = fmt.Fprintf(w, "%s %q %t\n", sc.Traceparent(), sc.TraceState.String(), trace.SpanFromContext(ctx).IsRecording())
		return
	case "reserved": // the host refuses an endpoint with this name
		count, err := logendpoint.OpenWriter("fst_managed_x").Write([]byte("line\n"))
		_, _ = fmt.Fprintf(w, "%d, %v\n", count, err)
		return
	}
	_, _ = io.WriteString(w, "done\n")
}

// spans starts n spans. Half of them are children of others.
func spans(ctx context.Context, n int) {
	for i := 0; i < n; i += 2 {
		ctx, outer := trace.Start(ctx, "outer", trace.Int("odd.number", i))
		_, inner := trace.Start(ctx, "inner", trace.Int("odd.number", i+1))
		inner.End()
		outer.End()
	}
}

// large sets an attribute of n bytes between small ones.
func large(ctx context.Context, n int) {
	_, span := trace.Start(ctx, "large", trace.String("odd.before", "kept"))
	span.SetAttributes(trace.String("odd.large", strings.Repeat("0123456789abcde\n", n/16)), trace.Int("odd.after", 1))
	span.End()
}

// attributes sets n attributes of 1,000 bytes each, and as many events and links.
func attributes(ctx context.Context, n int) {
	_, span := trace.Start(ctx, "attributes")
	for i := range n {
		span.SetAttributes(trace.String("odd."+strconv.Itoa(i), strings.Repeat("x", 1000)))
		span.AddEvent("event", trace.String("text", strings.Repeat("y", 1000)))
		span.AddLink(trace.Link{SpanContext: trace.SpanFromContext(ctx).SpanContext()})
	}
	span.End()
}

// links adds links to a span, to an invalid span context with attributes, and to one without.
func links(ctx context.Context) {
	_, span := trace.Start(ctx, "links")
	state, _ := trace.ParseTraceState("vendor=a")
	for _, link := range []trace.Link{
		{SpanContext: trace.SpanFromContext(ctx).SpanContext()},
		{Attributes: []trace.Attribute{trace.Int("odd.link", 1)}},
		{SpanContext: trace.SpanContext{TraceState: state}},
		{},
	} {
		span.AddLink(link)
	}
	span.End()
}

// odd are strings that JSON cannot contain unescaped.
var odd = []string{
	"", "\x00", "\"quoted\"", `back\slash`, "line\nfeed\r\n", "tab\t", "\u2028\u2029", "caf\xe9", "\xff\xfe", "\xed\xa0\x80",
	"del\x7f", "</script>", "emoji 🎉", "\U0010ffff", strings.Repeat("long ", 100),
}

func names(ctx context.Context) {
	for _, name := range odd {
		_, span := trace.Start(ctx, name, trace.String(name, name))
		span.AddEvent(name, trace.Strings("list", name, name))
		span.SetStatus(trace.StatusError, name)
		span.End()
	}
}

func values(ctx context.Context) {
	_, span := trace.Start(ctx, "values",
		trace.Float64("nan", math.NaN()), trace.Float64("inf", math.Inf(1)), trace.Float64("-inf", math.Inf(-1)),
		trace.Float64("tiny", 5e-324), trace.Float64("-0", math.Copysign(0, -1)), trace.Float64("1e21", 1e21),
		trace.Int64("min", math.MinInt64), trace.Int64("max", math.MaxInt64),
		trace.Strings("no strings"), trace.Int64s("ints", math.MinInt64, 0, math.MaxInt64), trace.Bools("bools", true, false),
		trace.Float64s("floats", 1.5, math.NaN()), trace.Strings("strings", odd[:12]...),
	)
	span.SetKind(trace.SpanKind(200))
	span.SetStatus(trace.StatusCode(200), "no such status")
	span.EndAt(time.Unix(0, 1))
}

// misuse calls the methods of a span in ways that it must survive.
func misuse(ctx context.Context) {
	var none *trace.Span
	none.SetAttributes(trace.Int("nil", 1))
	none.AddEvent("nil")
	none.End()
	_, span := trace.Start(ctx, "misuse")
	span.RecordError(nil)
	span.End()
	span.End()
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 100 {
				span.SetAttributes(trace.Int("after end", 1))
				span.AddEvent("after end")
				span.SetStatus(trace.StatusError, "after end")
				span.End()
			}
		})
	}
	wg.Wait()
	noCtx, orphan := trace.Start(context.Background(), "orphan")
	orphan.End()
	_, orphan = trace.Start(noCtx, "orphan's child")
	orphan.End()
	_, open := trace.Start(ctx, "never ended")
	open.AddEvent("still open")
}

// backend sends a request to the URL in the query.
func backend(ctx context.Context, w fsthttp.ResponseWriter, q map[string][]string) {
	get := func(key string) string {
		if v := q[key]; len(v) > 0 {
			return v[0]
		}
		return ""
	}
	method := get("method")
	if method == "" {
		method = "GET"
	}
	req, err := fsthttp.NewRequest(method, get("url"), nil)
	if err != nil {
		fsthttp.Error(w, "request: "+err.Error(), fsthttp.StatusBadRequest)
		return
	}
	req.CacheOptions.Pass = true
	resp, err := middleware.Send(ctx, req, get("to"))
	if err != nil {
		fsthttp.Error(w, err.Error(), fsthttp.StatusBadGateway)
		return
	}
	w.WriteHeader(resp.StatusCode)
	_ = w.Append(resp.Body)
}
