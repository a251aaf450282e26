//go:build js

// Command example is a Cloudflare Worker with a KV namespace whose requests are traced. Its manifest is wrangler.toml, and
// `make run-workers` shows its traces.
package main

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"

	"github.com/edgespan/edgespan/sdk/trace"
	"github.com/edgespan/edgespan/workers"
	"github.com/edgespan/edgespan/workers/cloudflare"
	"github.com/edgespan/edgespan/workers/cloudflare/fetch"
	"github.com/edgespan/edgespan/workers/cloudflare/kv"
)

func main() {
	config := workers.FromEnv() // reads OTLP_COLLECTOR_URL and the other variables, from wrangler.toml and `wrangler secret put`
	config.Keep = trace.Keep{Errors: true}
	tp := trace.NewTracerProvider(config)

	mux := http.NewServeMux()
	mux.HandleFunc("GET /items/{id}", getItem)
	mux.HandleFunc("PUT /items/{id}", putItem)
	workers.Serve(workers.New(tp)(mux))
}

// item is the response for one item: its name, from KV, and its price, from another service.
type item struct {
	Name  string          `json:"name"`
	Price json.RawMessage `json:"price,omitempty"`
}

func getItem(w http.ResponseWriter, r *http.Request) {
	ctx := r.Context()
	items, err := kv.NewNamespace(ctx, "ITEMS")
	if err != nil {
		fail(w, r, err)
		return
	}
	name, err := items.GetString(r.PathValue("id"), nil) // a span: "get ITEMS"
	if err != nil {
		fail(w, r, err)
		return
	}
	if name == "<null>" { // syumai/workers returns this for a key that does not exist
		http.Error(w, "no such item", http.StatusNotFound)
		return
	}
	price, err := priceOf(r)
	if err != nil {
		trace.SpanFromContext(ctx).RecordError(err) // respond without a price
	}

	_, span := trace.Start(ctx, "render")
	defer span.End()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(item{Name: name, Price: price})
}

// priceOf gets the item's price from the service at PRICES_URL, if that variable is set.
func priceOf(r *http.Request) (json.RawMessage, error) {
	url := cloudflare.GetBinding("PRICES_URL")
	if url.IsUndefined() {
		return nil, nil
	}
	req, err := fetch.NewRequest(r.Context(), "GET", url.String()+"/"+r.PathValue("id"), nil)
	if err != nil {
		return nil, err
	}
	resp, err := fetch.NewClient().Do(req, nil) // a span, "GET"; the service gets the header traceparent
	if err != nil {
		return nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		return nil, errors.New("prices: " + resp.Status)
	}
	return io.ReadAll(resp.Body)
}

func putItem(w http.ResponseWriter, r *http.Request) {
	items, err := kv.NewNamespace(r.Context(), "ITEMS")
	if err != nil {
		fail(w, r, err)
		return
	}
	name, err := io.ReadAll(r.Body)
	if err == nil {
		err = items.PutString(r.PathValue("id"), string(name), nil)
	}
	if err != nil {
		fail(w, r, err)
		return
	}
	w.WriteHeader(http.StatusCreated)
}

func fail(w http.ResponseWriter, r *http.Request, err error) {
	trace.SpanFromContext(r.Context()).RecordError(err)
	http.Error(w, "try again", http.StatusInternalServerError)
}
