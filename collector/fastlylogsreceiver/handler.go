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

// format is the name of the data format in the Collector's own telemetry.
const format = "fastly"

// The reasons why a line is dropped or a request is refused, as metadata.yaml lists them.
const (
	malformed    = "malformed"
	noPipeline   = "no_pipeline"
	unauthorized = "unauthorized"
	tooLarge     = "too_large"
	unreadable   = "unreadable"
	byPipeline   = "pipeline"
)

// requireHeader answers 401 to requests without the required header. It compares hashes, so the comparison takes the same time
// for every wrong value, including one of another length.
func (r *fastlyReceiver) requireHeader(next http.Handler) http.Handler {
	h := r.config.RequiredHeader
	if h.Name == "" {
		return next
	}
	want := sha256.Sum256([]byte(h.Value))
	return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		got := sha256.Sum256([]byte(req.Header.Get(h.Name)))
		if subtle.ConstantTimeCompare(got[:], want[:]) != 1 {
			r.refuse(w, req, http.StatusUnauthorized, unauthorized, "the required header is missing or wrong", zap.String("header", h.Name))
			return
		}
		next.ServeHTTP(w, req)
	})
}

// servePost handles one body. It answers 200 if at least one line was good, or if the body was empty.
func (r *fastlyReceiver) servePost(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		status, reason := http.StatusBadRequest, unreadable
		if limit := (*http.MaxBytesError)(nil); errors.As(err, &limit) {
			status, reason = http.StatusRequestEntityTooLarge, tooLarge
		}
		r.refuse(w, req, status, reason, "reading the body: "+err.Error())
		return
	}

	b, lines, bad := r.read(req.Context(), body)
	if lines > 0 && bad == lines {
		r.refuse(w, req, http.StatusBadRequest, malformed, fmt.Sprintf("none of the %d lines is an OTLP/JSON or compact one", lines))
		return
	}
	if err := r.consume(req.Context(), b); err != nil {
		r.refuseForPipeline(w, req, err)
	}
}

// refuse answers with an error, counts it and logs it. It is logged here because the sender may not show the answer to anybody.
func (r *fastlyReceiver) refuse(w http.ResponseWriter, req *http.Request, status int, reason, text string, why ...zap.Field) {
	r.metrics.FastlylogsRequestsRefused.Add(req.Context(), 1, metric.WithAttributes(attribute.String("reason", reason)))
	// zap samples by message, so the messages of one reason do not suppress those of another.
	r.sampled.Warn("refused a request: "+reason, append(why, zap.Int("status", status), zap.String("client", req.RemoteAddr), zap.String("answer", text))...)
	http.Error(w, text, status)
}

// refuseUnread handles the errors of confighttp, which occur before the handler is called.
func (r *fastlyReceiver) refuseUnread(w http.ResponseWriter, req *http.Request, text string, status int) {
	reason := unreadable
	if status == http.StatusUnauthorized {
		reason = unauthorized
	}
	r.refuse(w, req, status, reason, text)
}

// refuseForPipeline answers 400 to a permanent error of the pipeline, and 503 to any other.
func (r *fastlyReceiver) refuseForPipeline(w http.ResponseWriter, req *http.Request, err error) {
	if consumererror.IsPermanent(err) {
		r.refuse(w, req, http.StatusBadRequest, byPipeline, "the pipeline refuses these lines", zap.Error(err))
		return
	}
	seconds := max(1, int64((r.config.RetryAfter+time.Second-1)/time.Second))
	w.Header().Set("Retry-After", strconv.FormatInt(seconds, 10))
	r.refuse(w, req, http.StatusServiceUnavailable, byPipeline, "the pipeline can't take these lines now", zap.Error(err))
}

// read decodes a body. It returns the number of its lines and of those that are bad.
func (r *fastlyReceiver) read(ctx context.Context, body []byte) (b *batch, lines, bad int) {
	b = newBatch()
	splitLines(body, func(line []byte) {
		lines++
		if err := b.add(line); err != nil {
			bad++
			// The line itself is not logged: it may contain data that does not belong in the Collector's log.
			r.sampled.Warn("dropped a malformed line", zap.Int("line", lines), zap.Int("bytes", len(line)), zap.Error(err))
		}
	})
	r.metrics.FastlylogsLinesReceived.Add(ctx, int64(lines))
	r.dropped(ctx, bad, malformed)
	return b, lines, bad
}

// consume passes both signals on. If one is refused, the sender repeats both, so delivery is at least once, not exactly once.
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
	// If one error is permanent and the other is not, return the other, so that the sender tries again.
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
