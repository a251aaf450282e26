package fastlylogsreceiver

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/edgespan/edgespan/sdk/compact"
	"github.com/edgespan/edgespan/sdk/otlp"
)

// batch collects the traces and logs of one request body.
type batch struct {
	traces tracesMerger
	logs   logsMerger
	// The numbers of lines that contained traces and logs.
	traceLines, logLines int

	encoder otlp.Encoder
	buf     []byte
}

func newBatch() *batch {
	return &batch{traces: newTracesMerger(), logs: newLogsMerger()}
}

var (
	errNoJSON  = errors.New("no JSON object")
	errInvalid = errors.New("not valid JSON")
	errNoStart = errors.New("has a trace id and a span id but no start time: a log record, and not in OTLP")
)

// add decodes one line. If it returns an error, the batch is unchanged.
func (b *batch) add(line []byte) error {
	line = trimPrefix(line)
	if len(line) == 0 || line[0] != '{' {
		return errNoJSON
	}
	// The Collector's decoder ignores everything after the first value. Without this check, if a line were joined to the next
	// one, the second would be lost without an error.
	if !json.Valid(line) {
		return errInvalid
	}
	switch key := firstKey(line); key {
	case "resourceSpans", "resource_spans":
		return b.addTraces(line)
	case "resourceLogs", "resource_logs":
		var u plog.JSONUnmarshaler
		logs, err := u.UnmarshalLogs(line)
		if err != nil {
			return fmt.Errorf("OTLP logs: %w", err)
		}
		b.logs.add(logs)
		b.logLines++
		return nil
	case "resourceMetrics", "resource_metrics", "resourceProfiles", "resource_profiles":
		return fmt.Errorf("%s are neither traces nor logs", key)
	default:
		return b.addCompact(line)
	}
}

func (b *batch) addTraces(line []byte) error {
	var u ptrace.JSONUnmarshaler
	traces, err := u.UnmarshalTraces(line)
	if err != nil {
		return fmt.Errorf("OTLP traces: %w", err)
	}
	b.traces.add(traces)
	b.traceLines++
	return nil
}

// addCompact converts the line to OTLP/JSON first. That conversion exists and is tested; a second one would only be faster.
func (b *batch) addCompact(line []byte) error {
	decoded, err := compact.Decode(line)
	if err != nil {
		return err
	}
	if decoded.Spans[0].Start == 0 {
		return errNoStart
	}
	b.buf = b.encoder.Append(b.buf[:0], &decoded)
	return b.addTraces(b.buf)
}

// firstKey returns the first key of a valid JSON object. An OTLP line has a single key. A key with escapes is not unescaped,
// since no key of interest has any.
func firstKey(line []byte) string {
	rest := bytes.TrimLeft(line[1:], " \t\r\n")
	if len(rest) == 0 || rest[0] != '"' {
		return ""
	}
	key, _, _ := bytes.Cut(rest[1:], []byte(`"`))
	return string(key)
}
