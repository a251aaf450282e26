package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing/iotest"
	"time"

	originalcore "github.com/fastly/compute-sdk-go/cache/core"
	original "github.com/fastly/compute-sdk-go/cache/simple"

	"github.com/edgespan/edgespan/platform/cache/core"
	"github.com/edgespan/edgespan/platform/cache/simple"
	"github.com/edgespan/edgespan/platform/configstore"
	"github.com/edgespan/edgespan/platform/edgedict"
	"github.com/edgespan/edgespan/platform/erl"
	"github.com/edgespan/edgespan/platform/geo"
	"github.com/edgespan/edgespan/platform/kvstore"
	"github.com/edgespan/edgespan/platform/secretstore"
	"github.com/edgespan/edgespan/platform/shielding"
)

func init() {
	paths["/modes"], paths["/has"], paths["/rates"], paths["/shield"] = modes, has, rates, shield
	paths["/stale"], paths["/stream-back"], paths["/collapse"], paths["/bad"] = stale, streamBack, collapse, bad
	paths["/get-or-set"] = getOrSet
}

// modes puts a key with each insert mode, and lists the keys page by page.
func modes(ctx context.Context, w io.Writer, name string) {
	s, err := kvstore.Open(ctx, "products")
	say(w, nil, err)
	for _, mode := range []kvstore.InsertMode{kvstore.InsertModeAdd, kvstore.InsertModeAppend, kvstore.InsertModePrepend} {
		say(w, mode, s.InsertWithConfig(name+"/1", strings.NewReader("x"), &kvstore.InsertConfig{Mode: mode}))
	}
	say(w, nil, s.Insert(name+"/2", strings.NewReader("x")))
	list := s.List(&kvstore.ListConfig{Prefix: name + "/", Limit: 1})
	for list.Next() {
		fmt.Fprintln(w, list.Page().Data)
	}
	say(w, nil, list.Err())
	say(w, nil, s.Delete(name+"/none"))
}

func has(ctx context.Context, w io.Writer, _ string) {
	s, err := configstore.Open(ctx, "settings")
	say(w, nil, err)
	d, err := edgedict.Open(ctx, "settings")
	say(w, nil, err)
	for _, key := range []string{"color", "none"} {
		ok, err := s.Has(key)
		say(w, ok, err)
		ok, err = d.Has(key)
		say(w, ok, err)
		_, err = secretstore.Plaintext(ctx, "vault", map[string]string{"color": "token", "none": "none"}[key])
		say(w, nil, err)
	}
}

func rates(ctx context.Context, w io.Writer, name string) {
	counter, box := erl.OpenRateCounter(ctx, "rc"), erl.OpenPenaltyBox(ctx, "pb")
	say(w, nil, counter.Increment(name, 300))
	rate, err := counter.LookupRate(name, erl.RateWindow60s)
	say(w, rate, err)
	count, err := counter.LookupCount(name, erl.CounterDuration60s)
	say(w, count, err)
	limiter := erl.NewRateLimiter(counter, erl.OpenPenaltyBox(ctx, "limited"))
	for range 2 {
		blocked, err := limiter.CheckRate(name, 300, &erl.Policy{RateWindow: erl.RateWindow60s, MaxRate: 10, PenaltyBoxDuration: time.Minute})
		say(w, blocked, err)
	}
	say(w, nil, box.Add(name, time.Minute))
	blocked, err := box.Has(name)
	say(w, blocked, err)
}

func shield(ctx context.Context, w io.Writer, _ string) {
	here, err := shielding.ShieldFromName(ctx, "here")
	say(w, here != nil && here.IsRunningOn(), err)
	there, err := shielding.ShieldFromName(ctx, "there")
	say(w, nil, err)
	if err == nil {
		backend, err := there.Backend(&shielding.BackendOptions{})
		say(w, backend != "", err)
	}
}

// stale inserts an object that becomes stale at once but may be served, and updates it.
func stale(ctx context.Context, w io.Writer, name string) {
	key := []byte(name)
	opts := core.WriteOptions{TTL: time.Minute, InitialAge: 2 * time.Minute, StaleWhileRevalidate: time.Hour}
	out, err := core.Insert(ctx, key, opts)
	say(w, nil, err)
	if err != nil {
		return
	}
	_, err = io.WriteString(out, "old")
	say(w, nil, errors.Join(err, out.Close()))
	f, err := core.Lookup(ctx, key, core.LookupOptions{})
	say(w, f != nil && f.Stale(), err)
	t, err := core.NewTransaction(ctx, key, core.LookupOptions{})
	say(w, nil, err)
	if t.MustInsertOrUpdate() {
		say(w, nil, t.Update(core.WriteOptions{TTL: time.Minute}))
	}
	say(w, nil, t.Close())
	t, err = core.NewTransaction(ctx, []byte(name+"/cancelled"), core.LookupOptions{})
	say(w, nil, err)
	say(w, nil, t.Cancel())
	say(w, nil, t.Close())
}

func streamBack(ctx context.Context, w io.Writer, name string) {
	t, err := core.NewTransaction(ctx, []byte(name), core.LookupOptions{})
	say(w, nil, err)
	defer t.Close()
	out, found, err := t.InsertAndStreamBack(core.WriteOptions{TTL: time.Minute})
	say(w, nil, err)
	if err != nil {
		return
	}
	_, err = io.WriteString(out, "content")
	say(w, nil, errors.Join(err, out.Close()))
	text, err := io.ReadAll(found.Body)
	say(w, string(text), err)
}

// collapse makes an object slowly. Other requests for it wait.
func collapse(ctx context.Context, w io.Writer, name string) {
	t, err := core.NewTransaction(ctx, []byte(name), core.LookupOptions{})
	say(w, nil, err)
	defer t.Close()
	if !t.MustInsertOrUpdate() {
		fmt.Fprintln(w, "found")
		return
	}
	time.Sleep(300 * time.Millisecond)
	out, err := t.Insert(core.WriteOptions{TTL: time.Minute})
	say(w, nil, err)
	_, err = io.WriteString(out, "content")
	say(w, nil, errors.Join(err, out.Close()))
}

// getOrSet calls the simple cache in each way, through the wrapper package and the original one. It reports "same" if both
// return the same.
func getOrSet(ctx context.Context, w io.Writer, name string) {
	var said [2]strings.Builder
	for i, get := range []func([]byte, func() (simple.CacheEntry, error)) (io.ReadCloser, error){
		func(key []byte, set func() (simple.CacheEntry, error)) (io.ReadCloser, error) {
			return simple.GetOrSet(ctx, key, set)
		},
		original.GetOrSet,
	} {
		key := fmt.Appendf(nil, "%s%d", name, i)
		ask := func(key []byte, body io.Reader, failed error) {
			b, err := get(key, func() (simple.CacheEntry, error) {
				fmt.Fprintln(&said[i], "asked to set it")
				return simple.CacheEntry{Body: body, TTL: time.Minute}, failed
			})
			say(&said[i], nil, err)
			if err == nil {
				text, err := io.ReadAll(b)
				say(&said[i], string(text), errors.Join(err, b.Close()))
			}
		}
		ask(key, nil, errors.New("the function's own (inval)"))
		ask(append(key, "torn"...), io.MultiReader(strings.NewReader("half"), iotest.ErrReader(errors.New("torn"))), nil)
		ask(key, strings.NewReader("first"), nil)
		ask(key, strings.NewReader("not asked for"), nil)
		out, err := originalcore.Insert(append(key, "stale"...), core.WriteOptions{TTL: time.Minute, InitialAge: 2 * time.Minute, StaleWhileRevalidate: time.Hour})
		say(&said[i], nil, err)
		if err == nil {
			_, err = io.WriteString(out, "old")
			say(&said[i], nil, errors.Join(err, out.Close()))
		}
		ask(append(key, "stale"...), strings.NewReader("new"), nil)
		ask(make([]byte, 5000), nil, nil)
	}
	if said[0].String() == said[1].String() {
		fmt.Fprintln(w, "same")
	}
	fmt.Fprint(w, said[0].String(), "---\n", said[1].String())
}

// bad makes calls with invalid arguments.
func bad(ctx context.Context, w io.Writer, _ string) {
	_, err := configstore.Open(ctx, "")
	say(w, nil, err)
	_, err = edgedict.Open(ctx, "")
	say(w, nil, err)
	_, err = secretstore.Open(ctx, "no name\n")
	say(w, nil, err)
	_, err = kvstore.Open(ctx, "")
	say(w, nil, err)
	_, err = geo.Lookup(ctx, nil)
	say(w, nil, err)
	if s, err := secretstore.Open(ctx, "vault"); err == nil {
		_, err = s.Get("no name\n")
		say(w, nil, err)
	}
}
