package remoteconfig

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/middleware"
	"github.com/edgespan/edgespan/sdk/trace"
)

// due makes the next request read the document.
func (f *fixture) dueNow() { f.remote.due.Store(0) }

func TestReadOnceThenAgain(t *testing.T) {
	f := newFixture(`{"ratio":0}`)
	assert.Equal(t, Stats{}, f.remote.Stats(), "New reads nothing")
	for range 3 {
		assert.Nil(t, f.serve(t, "GET", "/", nil))
	}
	assert.Equal(t, []string{"edgespan"}, f.keys)
	assert.Equal(t, Stats{Reads: 1, InForce: true}, f.remote.Stats())

	f.set(`{"ratio":1}`)
	assert.Nil(t, f.serve(t, "GET", "/", nil), "it is not time yet")
	f.dueNow()
	assert.NotNil(t, f.serve(t, "GET", "/", nil))
	assert.NotNil(t, f.serve(t, "GET", "/", nil))
	assert.Equal(t, Stats{Reads: 2, InForce: true}, f.remote.Stats())

	f.set("")
	require.NoError(t, f.remote.Reload())
	assert.NotNil(t, f.serve(t, "GET", "/", nil))
	assert.Equal(t, Stats{Reads: 3}, f.remote.Stats(), "there is no document now")
	assert.Empty(t, f.errors())
}

func TestRefresh(t *testing.T) {
	reads := 0
	source := func(string) (string, error) { reads++; return "", nil }
	for refresh, due := range map[time.Duration]time.Duration{0: time.Minute, time.Hour: time.Hour, -1: never, never: never} {
		r := New(Config{Source: source, Refresh: refresh, Key: "k"})
		before := time.Since(r.begun)
		r.current()
		if due == never {
			assert.Equal(t, int64(never), r.due.Load())
			continue
		}
		assert.LessOrEqual(t, before+due, time.Duration(r.due.Load()))
		assert.LessOrEqual(t, time.Duration(r.due.Load()), time.Since(r.begun)+due)
	}
	assert.Equal(t, 4, reads)
}

// An error in a document is reported once, and the compiled-in settings apply, even if there was a valid document before.
func TestMalformedDocument(t *testing.T) {
	f := newFixture(`{"ratio":0}`)
	assert.Nil(t, f.serve(t, "GET", "/", nil))
	for range 3 {
		f.set(`{"ratio":0,"keep":{"errors":"yes"}}`)
		f.dueNow()
		assert.NotNil(t, f.serve(t, "GET", "/", nil), "the compiled-in sampler samples all")
	}
	assert.Equal(t, []string{
		`remoteconfig: "edgespan": keep.errors: want true or false, got "yes"; the compiled-in settings apply`,
	}, f.errors())
	assert.Equal(t, Stats{Reads: 4, Failures: 3}, f.remote.Stats())

	f.set(`{"off":1}`) // another error is reported too
	assert.EqualError(t, f.remote.Reload(), f.errors()[1])
	assert.Contains(t, f.errors()[1], "off: want")
	f.set(`{"off":true}`)
	require.NoError(t, f.remote.Reload())
	assert.Nil(t, f.serve(t, "GET", "/", nil))
}

// If a source fails, the settings that were read before stay.
func TestSourceThatFails(t *testing.T) {
	f := newFixture(`{"ratio":0}`)
	f.err = errors.New("config store \"tracing\": config store not found")
	assert.NotNil(t, f.serve(t, "GET", "/", nil))
	assert.NotNil(t, f.serve(t, "GET", "/", nil))
	want := `remoteconfig: "edgespan": config store "tracing": config store not found; the previous settings stay`
	assert.Equal(t, []string{want}, f.errors())
	assert.Equal(t, Stats{Reads: 1, Failures: 1}, f.remote.Stats(), "the next try is at its time")

	f.set(`{"ratio":0}`)
	f.dueNow()
	assert.Nil(t, f.serve(t, "GET", "/", nil))
	f.err = errors.New("boom")
	f.dueNow()
	assert.Nil(t, f.serve(t, "GET", "/", nil), "the document holds on")
	assert.Len(t, f.errors(), 2)
	assert.True(t, f.remote.Stats().InForce)
}

func TestSourceThatPanicsOrIsMissing(t *testing.T) {
	for want, source := range map[string]func(string) (string, error){
		"panic in Config.Source: boom": func(string) (string, error) { panic("boom") },
		"there is no Config.Source":    nil,
	} {
		var errs []string
		r := New(Config{Source: source, Key: "k"})
		config := r.Trace(trace.Config{OnError: func(err error) { errs = append(errs, err.Error()); panic("worse") }})
		result := config.Sampler.Sample(trace.SamplingParameters{})
		assert.True(t, result.Sampled)
		assert.Equal(t, []string{`remoteconfig: "k": ` + want + "; the previous settings stay"}, errs)
		assert.Error(t, r.Reload())
		assert.Len(t, errs, 1)
	}
}

// Natively there is no config store.
func TestConfigStoreWithoutPlatform(t *testing.T) {
	r := New(Config{Source: ConfigStore("tracing")})
	err := r.Reload()
	require.Error(t, err)
	assert.Contains(t, err.Error(), `remoteconfig: "edgespan": config store "tracing": `)
}

// A request that arrives while another one reads the document goes on with the previous settings. So does a request that Source
// makes itself.
func TestOthersDoNotWait(t *testing.T) {
	entered, leave := make(chan struct{}), make(chan struct{})
	var r *Remote
	r = New(Config{Source: func(string) (string, error) {
		assert.NotNil(t, r.current())
		close(entered)
		<-leave
		return `{"off":true}`, nil
	}})
	go func() {
		<-entered
		assert.False(t, r.current().off)
		close(leave)
	}()
	assert.True(t, r.current().off, "who reads waits")
}

func TestNil(t *testing.T) {
	var r *Remote
	assert.NoError(t, r.Reload())
	assert.Equal(t, Stats{}, r.Stats())
	assert.Equal(t, "shop", r.Trace(trace.Config{ServiceName: "shop"}).ServiceName)
	assert.True(t, r.Middleware(middleware.Config{NoStackTrace: true}).NoStackTrace)
}
