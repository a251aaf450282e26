//go:build js

package main

import (
	"bytes"
	"database/sql"
	"fmt"
	"io"
	"net/http"

	"github.com/edgespan/edgespan/workers"
	"github.com/edgespan/edgespan/workers/cloudflare"
	"github.com/edgespan/edgespan/workers/cloudflare/cache"
	"github.com/edgespan/edgespan/workers/cloudflare/d1"
	"github.com/edgespan/edgespan/workers/cloudflare/kv"
	"github.com/edgespan/edgespan/workers/cloudflare/queues"
	"github.com/edgespan/edgespan/workers/cloudflare/r2"
)

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

// reader hides that a body is a JavaScript stream.
type reader struct{ io.Reader }
