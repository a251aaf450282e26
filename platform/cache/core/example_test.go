package core_test

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/edgespan/edgespan/platform/cache/core"
)

// One request inserts a missing object. Requests that wait for it have the attribute fastly.cache.collapsed.
func ExampleNewTransaction() {
	report := func(ctx context.Context, write func() string) (string, error) {
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
			text, err := io.ReadAll(found.Body)
			return string(text), err
		}
		text := write()
		object, err := t.Insert(core.WriteOptions{TTL: time.Hour, SurrogateKeys: []string{"report"}})
		if err != nil {
			return "", err
		}
		if _, err := io.WriteString(object, text); err != nil {
			return "", errors.Join(err, object.Abandon())
		}
		return text, object.Close()
	}
	_, _ = report(context.Background(), func() string { return "nothing to report" })
}

// The span of a lookup has the outcome (hit, stale or miss), age and ttl.
func ExampleLookup() {
	found, err := core.Lookup(context.Background(), []byte("report"), core.LookupOptions{})
	if errors.Is(err, core.ErrNotFound) { // this does not fail the span
		return
	}
	if err == nil {
		_ = found.Body.Close()
	}
}
