// Command platform is a service whose paths call the platform through the wrapper packages. The response's body has the
// results.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/logendpoint"
	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/platform"
	"github.com/edgespan/edgespan/platform/acl"
	"github.com/edgespan/edgespan/platform/backend"
	"github.com/edgespan/edgespan/platform/cache/core"
	"github.com/edgespan/edgespan/platform/cache/simple"
	"github.com/edgespan/edgespan/platform/configstore"
	"github.com/edgespan/edgespan/platform/device"
	"github.com/edgespan/edgespan/platform/edgedict"
	"github.com/edgespan/edgespan/platform/erl"
	"github.com/edgespan/edgespan/platform/geo"
	"github.com/edgespan/edgespan/platform/kvstore"
	"github.com/edgespan/edgespan/platform/purge"
	"github.com/edgespan/edgespan/platform/secretstore"
	"github.com/edgespan/edgespan/platform/shielding"
	"github.com/edgespan/edgespan/sdk/trace"
)

func main() {
	tp := trace.NewTracerProvider(trace.Config{ServiceName: "platform", Exporter: logendpoint.Open("otlp_logs")})
	fsthttp.Serve(middleware.New(tp)(fsthttp.HandlerFunc(func(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
		q := r.URL.Query()
		if q.Has("keys") {
			ctx = platform.WithKeys(ctx)
		}
		do := paths[r.URL.Path]
		if do == nil {
			fsthttp.NotFound(w, r)
			return
		}
		do(ctx, w, q.Get("name"))
	})))
}

var paths = map[string]func(ctx context.Context, w io.Writer, name string){
	"/kv": func(ctx context.Context, w io.Writer, name string) {
		s, err := kvstore.Open(ctx, "products")
		if err != nil {
			fmt.Fprintln(w, err)
			return
		}
		say(w, nil, s.Insert(name, strings.NewReader("first")))
		say(w, nil, s.InsertWithConfig(name, strings.NewReader("again"), &kvstore.InsertConfig{Mode: kvstore.InsertModeAdd}))
		e, err := s.Lookup(name)
		say(w, e, err)
		for it := s.List(&kvstore.ListConfig{Prefix: name}); it.Next(); {
			fmt.Fprintln(w, it.Page().Data)
		}
		say(w, nil, s.Delete(name))
		_, err = s.Lookup(name)
		say(w, nil, err)
		_, err = s.Lookup("bad\nkey")
		say(w, nil, err)
	},
	"/missing": func(ctx context.Context, w io.Writer, _ string) {
		_, err := kvstore.Open(ctx, "none")
		say(w, nil, err)
		_, err = configstore.Open(ctx, "none")
		say(w, nil, err)
		_, err = edgedict.Open(ctx, "none")
		say(w, nil, err)
		_, err = secretstore.Open(ctx, "none")
		say(w, nil, err)
		_, err = acl.Open(ctx, "none")
		say(w, nil, err)
		_, err = shielding.ShieldFromName(ctx, "none")
		say(w, nil, err)
		_, err = backend.BackendFromName(ctx, "none")
		say(w, nil, err)
	},
	"/config": func(ctx context.Context, w io.Writer, _ string) {
		s, err := configstore.Open(ctx, "settings")
		say(w, nil, err)
		inner, span := trace.Start(ctx, "inner")
		v, err := s.WithContext(inner).Get("color")
		span.End()
		say(w, v, err)
		_, err = s.Get("none")
		say(w, nil, err)
		d, err := edgedict.Open(ctx, "settings")
		say(w, nil, err)
		v, err = d.Get("color")
		say(w, v, err)
	},
	"/secret": func(ctx context.Context, w io.Writer, _ string) {
		s, err := secretstore.Open(ctx, "vault")
		say(w, nil, err)
		secret, err := s.Get("token")
		say(w, nil, err)
		text, err := secret.Plaintext()
		say(w, len(text), err)
		_, err = s.Get("none")
		say(w, nil, err)
	},
	"/core": func(ctx context.Context, w io.Writer, name string) {
		key := []byte(name)
		_, err := core.Lookup(ctx, key, core.LookupOptions{})
		say(w, nil, err)
		t, err := core.NewTransaction(ctx, key, core.LookupOptions{})
		say(w, nil, err)
		out, err := t.Insert(core.WriteOptions{TTL: time.Minute, SurrogateKeys: []string{"all"}})
		say(w, nil, err)
		_, err = io.WriteString(out, "content")
		say(w, nil, errors.Join(err, out.Close(), t.Close()))
		f, err := core.Lookup(ctx, key, core.LookupOptions{})
		say(w, nil, err)
		if err == nil {
			text, err := io.ReadAll(f.Body)
			say(w, string(text), err)
		}
		t, err = core.NewTransaction(ctx, key, core.LookupOptions{})
		say(w, nil, err)
		say(w, nil, t.Close())
		say(w, nil, purge.PurgeSurrogateKey(ctx, "all", purge.PurgeOptions{Soft: true}))
		_, err = core.Lookup(ctx, make([]byte, 5000), core.LookupOptions{})
		say(w, nil, err)
	},
	"/simple": func(ctx context.Context, w io.Writer, name string) {
		key := []byte(name)
		_, err := simple.Get(ctx, key)
		say(w, nil, err)
		for range 2 {
			body, err := simple.GetOrSetEntry(ctx, key, simple.CacheEntry{Body: strings.NewReader("content"), TTL: time.Minute})
			say(w, nil, err)
			if err == nil {
				text, err := io.ReadAll(body)
				say(w, string(text), err)
			}
		}
		say(w, nil, simple.Purge(ctx, key, simple.PurgeOptions{}))
	},
	"/lookups": func(ctx context.Context, w io.Writer, name string) {
		_, err := geo.Lookup(ctx, net.IPv4(127, 0, 0, 1))
		say(w, nil, err)
		_, err = device.Lookup(ctx, "unheard of")
		say(w, nil, err)
		h, err := acl.Open(ctx, "blocked")
		say(w, nil, err)
		if err == nil {
			r, err := h.Lookup(net.IPv4(192, 0, 2, 7))
			say(w, r.Action, err)
			_, err = h.Lookup(net.IPv4(198, 51, 100, 1))
			say(w, nil, err)
		}
		l := erl.NewRateLimiter(erl.OpenRateCounter(ctx, "rc"), erl.OpenPenaltyBox(ctx, "pb"))
		blocked, err := l.CheckRate(name, 1, &erl.Policy{RateWindow: erl.RateWindow10s, MaxRate: 100, PenaltyBoxDuration: time.Minute})
		say(w, blocked, err)
		_, err = backend.RegisterDynamicBackend(ctx, "dynamic", "127.0.0.1:1", nil)
		say(w, nil, err)
	},
}

func say(w io.Writer, v any, err error) { fmt.Fprintln(w, v, err) }
