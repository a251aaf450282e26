package otlphttp

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestJudge(t *testing.T) {
	for _, c := range []struct {
		resp     Response
		outcome  outcome
		rejected int
		err      string
	}{
		{Response{Status: 200}, taken, 0, ""},
		{Response{Status: 202}, taken, 0, ""},
		{Response{Status: 200, Body: []byte(" {}\n")}, taken, 0, ""},
		{Response{Status: 200, Body: []byte(`{"partialSuccess":{}}`)}, taken, 0, ""},
		{Response{Status: 200, Body: []byte(`{"partialSuccess":null}`)}, taken, 0, ""},
		{Response{Status: 200, Body: []byte(`{"partialSuccess":{"rejectedSpans":"3","errorMessage":"no\nname"}}`)}, taken, 3, "otlphttp: the receiver has rejected spans: no name"},
		{Response{Status: 200, Body: []byte(`{"partialSuccess":{"rejectedSpans":2}}`)}, taken, 2, "otlphttp: the receiver has rejected spans"},
		{Response{Status: 200, Body: []byte(`{"partialSuccess":{"rejectedSpans":"99"}}`)}, taken, 10, "otlphttp: the receiver has rejected spans"},
		{Response{Status: 200, Body: []byte(`{"partialSuccess":{"rejectedSpans":"-1"}}`)}, taken, 0, ""},
		{Response{Status: 200, Body: []byte(`{"partialSuccess":{"errorMessage":"use gzip"}}`)}, taken, 0, "otlphttp: the receiver warns: use gzip"},
		{Response{Status: 200, Body: []byte(`<!doctype html><title>Log in</title>`)}, refused, 10, errNotOTLP.Error()},
		{Response{Status: 200, Body: []byte(`[]`)}, refused, 10, errNotOTLP.Error()},
		{Response{Status: 200, Body: []byte("\n\x02\x08\x01"), ContentType: "application/x-protobuf"}, taken, 0, ""},
		{Response{Status: 302}, refused, 10, "otlphttp: the receiver answers 302"},
		{Response{Status: 400, Body: []byte(`{"code":3,"message":"what is this?"}`)}, refused, 10, "otlphttp: the receiver answers 400: what is this?"},
		{Response{Status: 401}, refused, 10, "otlphttp: the receiver answers 401"},
		{Response{Status: 404, Body: []byte("<html>")}, refused, 10, "otlphttp: the receiver answers 404"},
		{Response{Status: 413}, refused, 10, "otlphttp: the receiver answers 413"},
		{Response{Status: 408}, refused, 10, "otlphttp: the receiver answers 408"},
		{Response{Status: 429}, later, 0, "otlphttp: the receiver answers 429"},
		{Response{Status: 500}, refused, 10, "otlphttp: the receiver answers 500"},
		{Response{Status: 502}, later, 0, "otlphttp: the receiver answers 502"},
		{Response{Status: 503, Body: []byte(`{"message":"` + strings.Repeat("x", 300) + `"}`)}, later, 0, "otlphttp: the receiver answers 503: " + strings.Repeat("x", 200) + "…"},
		{Response{Status: 504}, later, 0, "otlphttp: the receiver answers 504"},
		{Response{}, refused, 10, "otlphttp: the receiver answers 0"},
	} {
		o, rejected, err := judge(&c.resp, 10)
		assert.Equal(t, c.outcome, o, "%d %s", c.resp.Status, c.resp.Body)
		assert.Equal(t, c.rejected, rejected, "%d %s", c.resp.Status, c.resp.Body)
		if c.err == "" {
			assert.NoError(t, err)
		} else {
			assert.EqualError(t, err, c.err)
		}
	}
}

func TestRetryAfter(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for value, want := range map[string]time.Duration{
		"":                               0,
		"0":                              0,
		" 7 ":                            7 * time.Second,
		"120":                            2 * time.Minute,
		"99999999999999999999999999":     time.Hour,
		"-1":                             0,
		"1.5":                            0,
		"soon":                           0,
		"Sun, 01 Mar 2026 12:00:30 GMT":  30 * time.Second,
		"Sunday, 01-Mar-26 12:01:00 GMT": time.Minute,
		"Sun Mar  1 12:00:05 2026":       5 * time.Second,
		"Sun, 01 Mar 2026 11:59:00 GMT":  0,
		"Sun, 01 Mar 2099 12:00:30 GMT":  time.Hour,
		"Sun, 32 Mar 2026 12:00:30 GMT":  0,
	} {
		assert.Equal(t, want, retryAfter(value, now), value)
	}
}

func FuzzJudge(f *testing.F) {
	f.Add(200, "", `{"partialSuccess":{"rejectedSpans":"3","errorMessage":"x"}}`, "30")
	f.Add(503, "application/json", `{"message":"\ud800"}`, "Sun, 01 Mar 2026 12:00:30 GMT")
	f.Fuzz(func(t *testing.T, status int, contentType, body, after string) {
		o, rejected, err := judge(&Response{Status: status, ContentType: contentType, Body: []byte(body)}, 7)
		assert.True(t, rejected >= 0 && rejected <= 7)
		assert.True(t, o != refused || rejected == 7 && err != nil)
		if err != nil {
			assert.Less(t, len(err.Error()), 800)
			assert.NotContains(t, err.Error(), "\n")
		}
		d := retryAfter(after, time.Now())
		assert.True(t, d >= 0 && d <= time.Hour)
	})
}
