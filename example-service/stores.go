package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"strconv"

	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/valyala/fastjson"

	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/platform/configstore"
	"github.com/edgespan/edgespan/platform/kvstore"
	"github.com/edgespan/edgespan/platform/secretstore"
)

// product returns an item from a KV store, with the currency from a config store.
func product(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	id := lastOf(r)
	found, err := lookUp(ctx, id)
	switch {
	case isAbsent(err): // it does not fail the span either
		slog.WarnContext(ctx, "no such product", "id", id)
		fsthttp.NotFound(w, r)
		return
	case err != nil:
		slog.ErrorContext(ctx, "product store", "error", err)
		fsthttp.Error(w, "The product store does not answer.", fsthttp.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"product":`+found+`,"currency":"`+currency(ctx)+"\"}\n")
	slog.InfoContext(ctx, "product shown", "id", id, slog.Group("body", "bytes", len(found)))
}

// isAbsent reports whether err means that there is no such key, or cannot be one, rather than that the store failed.
func isAbsent(err error) bool {
	return errors.Is(err, kvstore.ErrKeyNotFound) || errors.Is(err, kvstore.ErrInvalidKey)
}

// lookUp returns the JSON of a product.
func lookUp(ctx context.Context, id string) (string, error) {
	store, err := kvstore.Open(ctx, "products")
	if err != nil {
		return "", err
	}
	entry, err := store.Lookup(id)
	if err != nil {
		return "", err
	}
	text, err := io.ReadAll(entry)
	return string(text), err
}

// currency returns a setting from the config store. It has a default, so the request does not fail without the store.
func currency(ctx context.Context) string {
	settings, err := configstore.Open(ctx, "shop")
	if err != nil {
		return "EUR"
	}
	if code, err := settings.Get("currency"); err == nil {
		return code
	}
	return "EUR"
}

// priceOf returns a product's price in cents from the KV store.
func priceOf(ctx context.Context, id string) (string, error) {
	text, err := lookUp(ctx, id)
	if err != nil {
		return "", err
	}
	v, err := fastjson.Parse(text)
	if err != nil {
		return "", err
	}
	return strconv.Itoa(v.GetInt("price")) + "\n", nil
}

// orders sends a token to a backend. Neither the span of the secret nor that of the request contains the token.
func orders(ctx context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
	token, err := secretstore.Plaintext(ctx, "keys", "orders_token")
	if err != nil {
		slog.ErrorContext(ctx, "no token", "error", err)
		fsthttp.Error(w, "The service has no token for its backend.", fsthttp.StatusServiceUnavailable)
		return
	}
	req, err := backendRequest("backend", "/data")
	if err != nil {
		panic(err)
	}
	req.Header.Set("Authorization", "Bearer "+string(token))
	resp, err := middleware.Send(ctx, req, "backend")
	if err != nil {
		slog.ErrorContext(ctx, "no orders", "error", err)
		fsthttp.Error(w, "The backend does not answer.", fsthttp.StatusBadGateway)
		return
	}
	passOn(ctx, w, resp)
}
