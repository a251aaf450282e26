//go:build wasip1

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/fastly/compute-sdk-go/acl"
	"github.com/fastly/compute-sdk-go/cache/core"
	"github.com/fastly/compute-sdk-go/cache/simple"
	"github.com/fastly/compute-sdk-go/configstore"
	"github.com/fastly/compute-sdk-go/device"
	"github.com/fastly/compute-sdk-go/edgedict"
	"github.com/fastly/compute-sdk-go/erl"
	"github.com/fastly/compute-sdk-go/fsthttp"
	"github.com/fastly/compute-sdk-go/geo"
	"github.com/fastly/compute-sdk-go/kvstore"
	"github.com/fastly/compute-sdk-go/purge"
	"github.com/fastly/compute-sdk-go/secretstore"
	"github.com/fastly/compute-sdk-go/shielding"
)

var storePaths = map[string]fsthttp.HandlerFunc{
	"/config":   config,
	"/secrets":  secrets,
	"/kv":       kv,
	"/lookups":  lookups,
	"/cache":    cache,
	"/collapse": collapse,
	"/simple":   simpleCache,
	"/limits":   limits,
	"/shield":   shield,
	"/backends": backends,
}

func config(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
	for _, name := range []string{"inline", "file", "none"} {
		store, err := configstore.Open(name)
		if err != nil {
			fmt.Fprintf(w, "%s: %v\n", name, err)
			continue
		}
		value, err := store.Get("key")
		fmt.Fprintf(w, "%s: %q %v\n", name, value, err)
		_, err = store.Get("nothing")
		fmt.Fprintf(w, "%s: %v\n", name, err)
	}
	dict := must(edgedict.Open("inline"))
	fmt.Fprintf(w, "dictionary: %q\n", must(dict.Get("key")))
}

func secrets(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
	for _, name := range []string{"data", "file", "env", "nothing"} {
		value, err := secretstore.Plaintext("vault", name)
		fmt.Fprintf(w, "%s: %q %v\n", name, value, err)
	}
	_, err := secretstore.Open("none")
	fmt.Fprintln(w, err)
	fmt.Fprintf(w, "%s\n", must(must(secretstore.SecretFromBytes([]byte("made"))).Plaintext()))
}

func kv(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
	_, err := kvstore.Open("none")
	fmt.Fprintln(w, "none:", err)
	store := must(kvstore.Open("items"))
	show := func(key string) {
		e, err := store.Lookup(key)
		if err != nil {
			fmt.Fprintf(w, "%s: %v\n", key, err)
			return
		}
		fmt.Fprintf(w, "%s: %q meta %q generation %t\n", key, e.String(), e.Meta(), e.Generation() > 0)
	}
	show("inline")
	show("file")
	show("nothing")
	insert := func(key, value string, c kvstore.InsertConfig) {
		fmt.Fprintf(w, "insert %s: %v\n", key, store.InsertWithConfig(key, strings.NewReader(value), &c))
	}
	insert("new", "b", kvstore.InsertConfig{Metadata: []byte("m")})
	show("new")
	insert("new", "c", kvstore.InsertConfig{Mode: kvstore.InsertModeAppend})
	insert("new", "a", kvstore.InsertConfig{Mode: kvstore.InsertModePrepend})
	show("new")
	insert("new", "x", kvstore.InsertConfig{Mode: kvstore.InsertModeAdd})
	insert("new", "x", kvstore.InsertConfig{IfGenerationMatch: 1337})
	insert("bad#key", "x", kvstore.InsertConfig{})
	insert("short", "x", kvstore.InsertConfig{TTLSec: 1})
	time.Sleep(1100 * time.Millisecond)
	show("short")
	fmt.Fprintln(w, "delete:", store.Delete("new"), store.Delete("new"))
	pages := store.List(&kvstore.ListConfig{Limit: 1})
	for pages.Next() {
		fmt.Fprintln(w, "page:", pages.Page().Data)
	}
	fmt.Fprintln(w, "list:", pages.Err())
	some := store.List(&kvstore.ListConfig{Prefix: "in"})
	for some.Next() {
		fmt.Fprintln(w, "with prefix:", some.Page().Data)
	}
}

func lookups(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
	for _, ip := range []string{"127.0.0.1", "192.0.2.7", "2001:db8::1", "203.0.113.9"} {
		g, err := geo.Lookup(net.ParseIP(ip))
		if err != nil {
			fmt.Fprintf(w, "%s: %t\n", ip, err != nil)
			continue
		}
		fmt.Fprintf(w, "%s: %s %s %d\n", ip, g.City, g.CountryCode, g.AsNumber)
	}
	d, err := device.Lookup("known agent")
	fmt.Fprintln(w, d.Name(), d.IsMobile(), err)
	_, err = device.Lookup("unknown agent")
	fmt.Fprintln(w, errors.Is(err, device.ErrDeviceNotFound))
	_, err = acl.Open("none")
	fmt.Fprintln(w, err)
	list := must(acl.Open("list"))
	for _, ip := range []string{"192.0.2.7", "192.0.2.200", "203.0.113.9", "2001:db8::1"} {
		r, err := list.Lookup(net.ParseIP(ip))
		fmt.Fprintln(w, ip, r, err)
	}
}

func cache(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
	key := []byte("k")
	_, err := core.Lookup(key, core.LookupOptions{})
	fmt.Fprintln(w, "first:", err)

	insert := func(value string, o core.WriteOptions) {
		b := must(core.Insert(key, o))
		io.WriteString(b, value)
		fmt.Fprintln(w, "insert:", b.Close())
	}
	show := func(what string, o core.LookupOptions) *core.Found {
		f, err := core.Lookup(key, o)
		if err != nil {
			fmt.Fprintf(w, "%s: %v\n", what, err)
			return nil
		}
		body, err := io.ReadAll(f.Body)
		f.Body.Close()
		meta, _ := f.UserMetadata()
		fmt.Fprintf(w, "%s: %q %v length %d ttl %s meta %q stale %t usable %t\n", what, body, err, f.Length, f.TTL, meta, f.Stale(), f.Usable())
		return f
	}
	insert("0123456789", core.WriteOptions{TTL: time.Minute, Length: 10, UserMetadata: []byte("m"), SurrogateKeys: []string{"s1", "s2"}})
	f := show("found", core.LookupOptions{})
	for _, r := range [][2]uint64{{2, 4}, {8, 100}} {
		part := must(f.GetRange(r[0], r[1]))
		fmt.Fprintf(w, "range: %q\n", must(io.ReadAll(part)))
		part.Close()
	}

	t := must(core.NewTransaction(key, core.LookupOptions{}))
	fmt.Fprintln(w, "transaction:", t.MustInsert(), t.MustInsertOrUpdate())
	t.Close()

	fmt.Fprintln(w, "soft purge:", purge.PurgeSurrogateKey("s1", purge.PurgeOptions{Soft: true}))
	t = must(core.NewTransaction(key, core.LookupOptions{}))
	fmt.Fprintln(w, "transaction:", t.MustInsert(), t.MustInsertOrUpdate())
	fmt.Fprintln(w, "update:", t.Update(core.WriteOptions{TTL: time.Hour, Length: 10, SurrogateKeys: []string{"s3"}}))
	t.Close()
	show("updated", core.LookupOptions{})

	fmt.Fprintln(w, "purge:", purge.PurgeSurrogateKey("s3", purge.PurgeOptions{}))
	show("purged", core.LookupOptions{})

	t = must(core.NewTransaction(key, core.LookupOptions{}))
	fmt.Fprintln(w, "transaction:", t.MustInsert(), t.MustInsertOrUpdate(), t.Cancel())
	t = must(core.NewTransaction(key, core.LookupOptions{}))
	b, back, err := t.InsertAndStreamBack(core.WriteOptions{TTL: time.Minute})
	fmt.Fprintln(w, "stream back:", err)
	io.WriteString(b, "streamed")
	b.Close()
	fmt.Fprintf(w, "read back: %q\n", must(io.ReadAll(back.Body)))
	back.Body.Close()
	t.Close()

	for _, lang := range []string{"de", "fr"} {
		h := fsthttp.NewHeader()
		h.Set("Accept-Language", lang)
		insert(lang, core.WriteOptions{TTL: time.Minute, Length: 2, RequestHeaders: h, Vary: []string{"Accept-Language"}})
	}
	for _, lang := range []string{"fr", "de", "it"} {
		h := fsthttp.NewHeader()
		h.Set("Accept-Language", lang)
		show(lang, core.LookupOptions{RequestHeaders: h})
	}

	key = []byte("expired")
	insert("x", core.WriteOptions{TTL: time.Millisecond, Length: 1})
	time.Sleep(5 * time.Millisecond)
	show("expired", core.LookupOptions{})
}

// collapse looks up an object. The one that must write it writes the backend's time; all others get the same.
func collapse(ctx context.Context, w fsthttp.ResponseWriter, r *fsthttp.Request) {
	t := must(core.NewTransaction([]byte("collapse"), core.LookupOptions{}))
	defer t.Close()
	if t.MustInsertOrUpdate() {
		resp := must(get(ctx, "origin", "/"))
		b, back, err := t.InsertAndStreamBack(core.WriteOptions{TTL: time.Minute})
		if err != nil {
			panic(err)
		}
		io.Copy(b, resp.Body)
		b.Close()
		io.Copy(w, back.Body)
		return
	}
	found := must(t.Found())
	io.Copy(w, found.Body)
}

func simpleCache(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
	calls := 0
	for range 2 {
		b := must(simple.GetOrSet([]byte("simple"), func() (simple.CacheEntry, error) {
			calls++
			return simple.CacheEntry{Body: strings.NewReader("made"), TTL: time.Minute}, nil
		}))
		fmt.Fprintf(w, "%s\n", must(io.ReadAll(b)))
		b.Close()
	}
	fmt.Fprintln(w, "calls:", calls, simple.Purge([]byte("simple"), simple.PurgeOptions{}))
	_, err := simple.Get([]byte("simple"))
	fmt.Fprintln(w, err)
}

func limits(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
	counter, box := erl.OpenRateCounter("rc"), erl.OpenPenaltyBox("pb")
	fmt.Fprintln(w, counter.Increment("me", 605), must(counter.LookupCount("me", erl.CounterDuration60s)), must(counter.LookupRate("me", erl.RateWindow60s)))
	fmt.Fprintln(w, must(box.Has("me")), box.Add("me", time.Minute), must(box.Has("me")))
	limiter, policy := erl.NewRateLimiter(counter, box), &erl.Policy{RateWindow: erl.RateWindow60s, MaxRate: 10, PenaltyBoxDuration: time.Minute}
	for _, delta := range []uint32{600, 1, 0} {
		fmt.Fprint(w, must(limiter.CheckRate("you", delta, policy)), " ")
	}
	fmt.Fprintln(w)
	_, noEntry := counter.LookupRate("", erl.RateWindow1s)
	_, lowRate := limiter.CheckRate("me", 1, &erl.Policy{RateWindow: erl.RateWindow1s, MaxRate: 9, PenaltyBoxDuration: time.Minute})
	for _, err := range []error{counter.Increment("me", 1001), box.Add("me", time.Second), box.Add("me", 61*time.Minute), noEntry, lowRate} {
		fmt.Fprintln(w, err)
	}
}

func shield(ctx context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
	for _, name := range []string{"here", "there", "nowhere"} {
		s, err := shielding.ShieldFromName(name)
		if err != nil {
			fmt.Fprintf(w, "%s: %v\n", name, err)
			continue
		}
		fmt.Fprintf(w, "%s: running %t\n", name, s.IsRunningOn())
		if !s.IsRunningOn() {
			backend := must(s.Backend(&shielding.BackendOptions{}))
			fmt.Fprintf(w, "%s\n", must(io.ReadAll(must(get(ctx, backend, "/")).Body)))
		}
	}
}

func backends(_ context.Context, w fsthttp.ResponseWriter, _ *fsthttp.Request) {
	for _, name := range []string{"origin", "secure", "none"} {
		b, err := fsthttp.BackendFromName(name)
		if err != nil {
			fmt.Fprintf(w, "%s: %v\n", name, err)
			continue
		}
		health, err := b.Health()
		fmt.Fprintf(w, "%s: target %s dynamic %t ssl %t host %q health %s %v\n", name, b.Target(), b.IsDynamic(), b.IsSSL(), b.HostOverride(), health, err)
	}
}
