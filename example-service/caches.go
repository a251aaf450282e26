package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/platform/cache/core"
	"github.com/edgespan/edgespan/platform/cache/simple"
	"github.com/edgespan/edgespan/platform/purge"
	"github.com/edgespan/edgespan/sdk/trace"
)

// price keeps a product's price in the simple cache for one minute. If the cache fails, the response has the price anyway.
func price(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	id := lastOf(r)
	cached, err := simple.GetOrSet(ctx, []byte("price/"+id), func() (simple.CacheEntry, error) {
		text, err := priceOf(ctx, id)
		return simple.CacheEntry{Body: strings.NewReader(text), TTL: time.Minute}, err
	})
	var text string
	if err == nil {
		text, err = readAll(cached)
	}
	if err != nil && !isAbsent(err) {
		slog.WarnContext(ctx, "price without a cache", "error", err)
		text, err = priceOf(ctx, id)
	}
	switch {
	case isAbsent(err):
		fsthttp.NotFound(w, r)
		return
	case err != nil:
		slog.ErrorContext(ctx, "product store", "error", err)
		fsthttp.Error(w, "The product store does not answer.", fsthttp.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, text)
}

// report keeps a response in the core cache for one hour. If it is missing, one of several concurrent requests makes it, and
// the others wait.
func report(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	if r.URL.Query().Has("fresh") {
		if err := purge.PurgeSurrogateKey(ctx, "report", purge.PurgeOptions{}); err != nil {
			slog.WarnContext(ctx, "report not purged", "error", err)
		}
	}
	text, err := cachedReport(ctx)
	if err != nil {
		slog.WarnContext(ctx, "report without a cache", "error", err)
		text = makeReport(ctx)
	}
	_, _ = io.WriteString(w, text)
}

func cachedReport(ctx context.Context) (string, error) {
	t, err := core.NewTransaction(ctx, []byte("report"), core.LookupOptions{})
	if err != nil {
		return "", err
	}
	defer func() { _ = t.Close() }()
	if !t.MustInsertOrUpdate() {
		found, err := t.Found()
		if err != nil {
			return "", err
		}
		return readAll(found.Body)
	}
	text := makeReport(ctx)
	object, err := t.Insert(core.WriteOptions{TTL: time.Hour, SurrogateKeys: []string{"report"}})
	if err != nil {
		return "", err
	}
	if _, err := io.WriteString(object, text); err != nil {
		return "", errors.Join(err, object.Abandon())
	}
	return text, object.Close()
}

func makeReport(ctx context.Context) string {
	_, span := trace.Start(ctx, "make report")
	defer span.End()
	return "Nothing to report.\n"
}

func readAll(r io.ReadCloser) (string, error) {
	text, err := io.ReadAll(r)
	return string(text), errors.Join(err, r.Close())
}
