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

// product shows an item of a KV store, and the currency from a config store.
func product(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	id := lastOf(r)
	found, err := lookUp(ctx, id)
	switch {
	case isAbsent(err): // no error of the span either
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

// isAbsent reports whether there is nothing of that name, and whether there could be.
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

// currency is a setting, and has a default: a store that is not there is no reason to fail.
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

// priceOf asks the store for a product's price in cents.
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

// orders asks a backend that wants a token. Neither the span of the secret nor that of the request has its value.
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
