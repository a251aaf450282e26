package fastlylogsreceiver

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"
)

// format is what the Collector's own telemetry calls the data.
const format = "fastly"

// Why a line is dropped; metadata.yaml lists the same.
const (
	malformed  = "malformed"
	noPipeline = "no_pipeline"
)

// requireHeader answers 401 to whoever does not send the header. Comparing sums takes the same time whatever differs, lengths
// too.
func requireHeader(h RequiredHeader, next http.Handler) http.Handler {
	if h.Name == "" {
		return next
	}
	want := sha256.Sum256([]byte(h.Value))
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		got := sha256.Sum256([]byte(req.Header.Get(h.Name)))
		if subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
			http.Error(w, "the required header is missing or wrong", http.StatusUnauthorized)
			return
		}
		next.ServeHTTP(w, req)
	})
}

// servePost takes one body. It answers 200 when at least one line was good, or nothing was in it.
func (r *fastlyReceiver) servePost(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		status := http.StatusBadRequest
		if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
			status = http.StatusRequestEntityTooLarge
		}
		r.sampled.Warn("refused a body", zap.Int("status", status), zap.Error(err))
		http.Error(w, "reading the body: "+err.Error(), status)
		return
	}

	b, lines, bad := r.read(req.Context(), body)
	if lines > 0 && bad == lines {
		http.Error(w, fmt.Sprintf("none of the %d lines is an OTLP/JSON or compact one", lines), http.StatusBadRequest)
		return
	}
	if err := r.consume(req.Context(), b); err != nil {
		r.refuse(w, err)
	}
}

// read decodes a body, and reports what is bad in it.
func (r *fastlyReceiver) read(ctx context.Context, body []byte) (b *batch, lines, bad int) {
	b = newBatch()
	splitLines(body, func(line []byte) {
		lines++
		if err := b.add(line); err != nil {
			bad++
			// The line itself stays out of the log: it may hold what the Collector's log should not.
			r.sampled.Warn("dropped a malformed line", zap.Int("line", lines), zap.Int("bytes", len(line)), zap.Error(err))
		}
	})
	r.metrics.FastlylogsLinesReceived.Add(ctx, int64(lines))
	r.dropped(ctx, bad, malformed)
	return b, lines, bad
}

// consume hands both signals on. Where one is refused, the sender sends both again: at least once, not exactly once.
func (r *fastlyReceiver) consume(ctx context.Context, b *batch) error {
	var traces, logs error
	switch n := b.traces.SpanCount(); {
	case r.nextTraces == nil:
		r.unwanted(ctx, b.traceLines, "traces")
	case n > 0:
		ctx := r.obsreport.StartTracesOp(ctx)
		traces = r.nextTraces.ConsumeTraces(ctx, b.traces.Traces)
		r.obsreport.EndTracesOp(ctx, format, n, traces)
	}
	switch n := b.logs.LogRecordCount(); {
	case r.nextLogs == nil:
		r.unwanted(ctx, b.logLines, "logs")
	case n > 0:
		ctx := r.obsreport.StartLogsOp(ctx)
		logs = r.nextLogs.ConsumeLogs(ctx, b.logs.Logs)
		r.obsreport.EndLogsOp(ctx, format, n, logs)
	}
	// What may pass the next time decides: a permanent error of one signal must not lose the other.
	if traces == nil || (logs != nil && consumererror.IsPermanent(traces)) {
		return logs
	}
	return traces
}

func (r *fastlyReceiver) unwanted(ctx context.Context, lines int, signal string) {
	if lines > 0 {
		r.dropped(ctx, lines, noPipeline)
		r.sampled.Warn("dropped lines: the receiver is in no pipeline for them", zap.String("signal", signal), zap.Int("lines", lines))
	}
}

func (r *fastlyReceiver) dropped(ctx context.Context, lines int, reason string) {
	if lines > 0 {
		r.metrics.FastlylogsLinesDropped.Add(ctx, int64(lines), metric.WithAttributes(attribute.String("reason", reason)))
	}
}

// refuse answers 400 to what will never pass, and 503 to what may, later.
func (r *fastlyReceiver) refuse(w http.ResponseWriter, err error) {
	if consumererror.IsPermanent(err) {
		http.Error(w, "the pipeline refuses these lines", http.StatusBadRequest)
		return
	}
	seconds := max(1, int64((r.config.RetryAfter+time.Second-1)/time.Second))
	w.Header().Set("Retry-After", strconv.FormatInt(seconds, 10))
	http.Error(w, "the pipeline can't take these lines now", http.StatusServiceUnavailable)
}
