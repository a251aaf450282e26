//go:build js

// Command guest is the Worker that the tests ask: one path for each thing that is traced.
package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"time"

	plain "github.com/syumai/workers"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/workers"
	"github.com/edgespan/edgespan/workers/cloudflare"
	"github.com/edgespan/edgespan/workers/cloudflare/cache"
	"github.com/edgespan/edgespan/workers/cloudflare/cron"
	"github.com/edgespan/edgespan/workers/cloudflare/d1"
	"github.com/edgespan/edgespan/workers/cloudflare/fetch"
	"github.com/edgespan/edgespan/workers/cloudflare/kv"
	"github.com/edgespan/edgespan/workers/cloudflare/queues"
	"github.com/edgespan/edgespan/workers/cloudflare/r2"
	"github.com/edgespan/edgespan/workers/incoming"
)

func main() {
	config := workers.FromEnv()
	tp := trace.NewTracerProvider(config)

	mux := http.NewServeMux()
	mux.HandleFunc("/hello/{name}", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, "hello ", r.PathValue("name")) })
	handle(mux, "/kv", inKV)
	handle(mux, "/r2", inR2)
	handle(mux, "/d1", inD1)
	handle(mux, "/queue", inQueue)
	handle(mux, "/cache", inCache)
	handle(mux, "/do", inDurableObject)
	handle(mux, "/fetch", fetched)
	handle(mux, "/work", work)
	handle(mux, "/later", later)
	mux.HandleFunc("/stream", stream)
	mux.HandleFunc("/stream/accepted", func(w http.ResponseWriter, r *http.Request) {
		stream(w, r)
		w.WriteHeader(http.StatusAccepted) // syumai/workers sends a stream, and what stands before it, when the handler has returned
	})
	mux.HandleFunc("/status/{code}", func(w http.ResponseWriter, r *http.Request) {
		code, _ := strconv.Atoi(r.PathValue("code"))
		w.WriteHeader(code)
	})
	mux.HandleFunc("/written/{code}", func(w http.ResponseWriter, r *http.Request) {
		code, _ := strconv.Atoi(r.PathValue("code"))
		w.WriteHeader(code)
		for range 3 {
			fmt.Fprint(w, "some text")
		}
	})
	mux.HandleFunc("/panic", func(http.ResponseWriter, *http.Request) { panic("boom") })
	mux.HandleFunc("/panic/later", func(http.ResponseWriter, *http.Request) {
		time.Sleep(time.Millisecond)
		panic("boom later")
	})
	mux.HandleFunc("/panic/after", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, "a part")
		panic("boom after")
	})
	mux.HandleFunc("/panic/stream", func(w http.ResponseWriter, r *http.Request) {
		stream(w, r)
		panic("boom behind a stream")
	})

	queues.ConsumeNonBlock(tp, func(ctx context.Context, batch *queues.MessageBatch) error {
		_, span := trace.Start(ctx, "work")
		defer span.End()
		text, err := batch.Messages[0].StringBody()
		span.SetAttributes(trace.String("body", text))
		return err
	})
	cron.ScheduleTaskNonBlock(tp, func(ctx context.Context) error {
		_, span := trace.Start(ctx, "sweep")
		span.End()
		return nil
	})
	serve := workers.Serve
	if cloudflare.Getenv("SERVE") == "plain" {
		serve = plain.Serve
	}
	serve(workers.New(tp, workers.Config{
		OnRequest:   []func(*trace.Span, *http.Request){incoming.Properties},
		OnHeaders:   []func(context.Context, http.Header){workers.ServerTiming},
		Propagation: workers.Propagate{ContextTo: func(r *http.Request) bool { return r.URL.Query().Get("context") != "none" }},
	})(mux))
}

func handle(mux *http.ServeMux, path string, f func(w http.ResponseWriter, r *http.Request) error) {
	mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
		if err := f(w, r); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	})
}

func inKV(w http.ResponseWriter, r *http.Request) error {
	ns, err := kv.NewNamespace(workers.WithKeys(r.Context()), "ITEMS")
	if err != nil {
		return err
	}
	if err := ns.PutString("a", "value", nil); err != nil {
		return err
	}
	if _, err := ns.WithContext(r.Context()).GetString("a", nil); err != nil {
		return err
	}
	if _, err := ns.GetString("none", nil); err != nil {
		return err
	}
	if _, err := ns.List(&kv.ListOptions{Prefix: "a"}); err != nil {
		return err
	}
	if err := ns.Delete("a"); err != nil {
		return err
	}
	if err := ns.PutString("a", "value", &kv.PutOptions{ExpirationTTL: 1}); err == nil {
		return fmt.Errorf("a time to live of a second is none for KV")
	}
	fmt.Fprint(w, "ok")
	return nil
}

func inR2(w http.ResponseWriter, r *http.Request) error {
	b, err := r2.NewBucket(r.Context(), "FILES")
	if err != nil {
		return err
	}
	if _, err := b.Put("a", io.NopCloser(bytes.NewReader([]byte("content"))), nil); err != nil {
		return err
	}
	if _, err := b.Get("a"); err != nil {
		return err
	}
	if _, err := b.Head("none"); err != nil {
		return err
	}
	if _, err := b.List(); err != nil {
		return err
	}
	if err := b.Delete("a"); err != nil {
		return err
	}
	fmt.Fprint(w, "ok")
	return nil
}

func inD1(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	c, err := d1.OpenConnector(ctx, "DB")
	if err != nil {
		return err
	}
	db := sql.OpenDB(c)
	if _, err := db.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS items (id INTEGER PRIMARY KEY, name TEXT)"); err != nil {
		return err
	}
	if _, err := db.Exec("INSERT OR REPLACE INTO items VALUES (7, 'secret')"); err != nil {
		return err
	}
	var name string
	if err := db.QueryRowContext(ctx, "SELECT name FROM items WHERE id = ?", 7).Scan(&name); err != nil {
		return err
	}
	if _, err := db.QueryContext(ctx, "SELECT * FROM nothing"); err == nil {
		return fmt.Errorf("there is no such table")
	}
	fmt.Fprint(w, name)
	return nil
}

func inQueue(w http.ResponseWriter, r *http.Request) error {
	q, err := queues.NewProducer(r.Context(), "JOBS")
	if err != nil {
		return err
	}
	if err := q.SendText("one"); err != nil {
		return err
	}
	if err := q.SendBatch([]*queues.MessageSendRequest{queues.NewTextMessageSendRequest("two"), queues.NewTextMessageSendRequest("three")}); err != nil {
		return err
	}
	fmt.Fprint(w, "ok")
	return nil
}

func inCache(w http.ResponseWriter, r *http.Request) error {
	c := cache.New()
	key, err := http.NewRequestWithContext(r.Context(), "GET", "https://cache.example/"+r.URL.Query().Get("key")+"?token=hunter2", nil)
	if err != nil {
		return err
	}
	if _, err := c.Match(key, nil); err != cache.ErrCacheNotFound {
		return fmt.Errorf("found: %w", err)
	}
	if err := c.Put(key, &http.Response{StatusCode: 200, Header: http.Header{"Cache-Control": {"max-age=60"}}, Body: io.NopCloser(bytes.NewReader([]byte("x")))}); err != nil {
		return err
	}
	if _, err := c.Match(key, nil); err != nil {
		return err
	}
	if err := c.Delete(key, nil); err != nil {
		return err
	}
	fmt.Fprint(w, "ok")
	return nil
}

func inDurableObject(w http.ResponseWriter, r *http.Request) error {
	ns, err := cloudflare.NewDurableObjectNamespace("COUNTER")
	if err != nil {
		return err
	}
	stub, err := ns.Get(ns.IdFromName("a"))
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(r.Context(), "GET", "https://counter.example/add", nil)
	if err != nil {
		return err
	}
	resp, err := stub.Fetch(req)
	if err != nil {
		return err
	}
	_, err = io.Copy(w, &reader{resp.Body})
	return err
}

// reader is a body that is no stream of JavaScript's any more.
type reader struct{ io.Reader }

// fetched asks ORIGIN three times, and answers with the traceparents that it got.
func fetched(w http.ResponseWriter, r *http.Request) error {
	origin := cloudflare.Getenv("ORIGIN")
	for _, path := range []string{"/traceparent?token=hunter2", "/traceparent?context=none"} {
		req, err := fetch.NewRequest(r.Context(), "GET", origin+path, nil)
		if err != nil {
			return err
		}
		resp, err := fetch.NewClient().Do(req, nil)
		if err != nil {
			return err
		}
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			return err
		}
		fmt.Fprintln(w, string(text))
	}
	req, err := http.NewRequestWithContext(r.Context(), "GET", origin+"/missing", nil)
	if err != nil {
		return err
	}
	resp, err := fetch.NewClient().HTTPClient(fetch.RedirectModeManual).Do(req)
	if err != nil {
		return err
	}
	fmt.Fprintln(w, resp.StatusCode)
	return nil
}

// work has a span in which no time can pass on a clock that stands still, and one in which the origin is waited for.
func work(w http.ResponseWriter, r *http.Request) error {
	_, span := trace.Start(r.Context(), "compute")
	x := 0
	for i := range 1_000_000 {
		x += i
	}
	span.SetAttributes(trace.Int("x", x))
	span.End()
	ctx, span := trace.Start(r.Context(), "wait")
	defer span.End()
	req, err := fetch.NewRequest(ctx, "GET", cloudflare.Getenv("ORIGIN")+"/slow", nil)
	if err != nil {
		return err
	}
	if _, err := fetch.NewClient().Do(req, nil); err != nil {
		return err
	}
	fmt.Fprint(w, "ok")
	return nil
}

// later goes on when the response has gone out.
func later(w http.ResponseWriter, r *http.Request) error {
	ctx, span := trace.Start(r.Context(), "afterwards")
	cloudflare.WaitUntil(func() {
		defer span.End()
		time.Sleep(100 * time.Millisecond)
		req, err := fetch.NewRequest(ctx, "GET", cloudflare.Getenv("ORIGIN")+"/slow", nil)
		if err == nil {
			_, err = fetch.NewClient().Do(req, nil)
		}
		if err != nil {
			span.RecordError(err)
		}
	})
	fmt.Fprint(w, "ok")
	return nil
}

// stream passes a body on that never comes through Go.
func stream(w http.ResponseWriter, r *http.Request) {
	req, err := fetch.NewRequest(r.Context(), "GET", cloudflare.Getenv("ORIGIN")+"/long", nil)
	if err != nil {
		panic(err)
	}
	resp, err := fetch.NewClient().Do(req, nil)
	if err != nil {
		panic(err)
	}
	_, _ = io.Copy(w, resp.Body)
}
