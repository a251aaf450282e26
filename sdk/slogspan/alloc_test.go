// With GOOS=js, JavaScript writes floating-point numbers, into strings that Go copies.

//go:build !js

package slogspan_test

import (
	"context"
	"io"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/edgespan/edgespan/sdk/slogspan"
	"github.com/edgespan/edgespan/sdk/trace"
)

// A record allocates nothing beyond what slog.Logger itself allocates, which is nothing for up to five attributes.
func TestAllocations(t *testing.T) {
	if raceDetector {
		t.Skip("the race detector makes sync.Pool forget")
	}
	tp := trace.NewTracerProvider(trace.Config{Exporter: discard{}})
	ctx, _ := tp.Start(context.Background(), "GET /", trace.StartConfig{})
	for _, format := range formats {
		h := holding(io.Discard, slogspan.Config{Provider: tp, Format: format.Format})
		l := slog.New(h)
		with := l.With("a", 1).WithGroup("g").With("b", 2).WithGroup("h")
		for name, tt := range map[string]struct {
			most float64
			f    func()
		}{
			"message": {0, func() { l.InfoContext(ctx, "message") }},
			"attributes": {0, func() {
				l.LogAttrs(ctx, slog.LevelInfo, "message", slog.String("a", "b"), slog.Int("c", 1), slog.Bool("d", true),
					slog.Float64("e", 1.5), slog.Duration("f", time.Second))
			}},
			"with":          {0, func() { with.LogAttrs(ctx, slog.LevelInfo, "message", slog.Int("c", 1)) }},
			"without span":  {0, func() { l.Info("message") }},
			"disabled":      {0, func() { l.DebugContext(ctx, "message") }},
			"end":           {0, func() { l.InfoContext(ctx, "message"); h.AfterResponse()(ctx) }},
			"group":         {0, func() { l.LogAttrs(ctx, slog.LevelInfo, "message", slog.Any("g", grouped)) }},
			"an error":      {0, func() { l.LogAttrs(ctx, slog.LevelInfo, "message", slog.Any("err", io.EOF)) }},
			"list of three": {12, func() { l.LogAttrs(ctx, slog.LevelInfo, "message", slog.Any("list", list)) }},
		} {
			tt.f()
			assert.LessOrEqual(t, testing.AllocsPerRun(200, tt.f), tt.most, "%s, %s", format.name, name)
		}
	}
}

var (
	grouped any = slog.GroupValue(slog.Int("a", 1), slog.Int("b", 2))
	list    any = []string{"a", "b", "c"}
)
