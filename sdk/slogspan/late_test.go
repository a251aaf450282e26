//go:build go1.25

package slogspan_test

import (
	"context"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/sdk/slogspan"
	"github.com/edgespan/edgespan/sdk/trace"
)

// A record that was logged after the end of its request is written with a later request's, when it has waited for long enough,
// whatever time the record has.
func TestLateRecords(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tp := newProvider()
		w := new(lines)
		h := holding(w, slogspan.Config{Provider: tp})
		ended, span := tp.Start(context.Background(), "GET /", trace.StartConfig{})
		span.End()
		h.AfterResponse()(ended)
		require.NoError(t, h.Handle(ended, record(slog.LevelInfo, "late")))
		time.Sleep(11 * time.Second)
		underWay, _ := tp.Start(context.Background(), "GET /", trace.StartConfig{})
		require.NoError(t, h.Handle(underWay, slog.NewRecord(time.Now().Add(-time.Hour), slog.LevelInfo, "under way", 0)))
		require.Empty(t, w.list())
		h.AfterResponse()(context.Background())
		require.Len(t, w.list(), 1)
		require.Equal(t, "late", readOTLP(t, w.list()[0])[0]["msg"])
	})
}
