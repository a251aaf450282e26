package otlphttp

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/edgespan/edgespan/internal/otlpanswer"
)

// Package otlpanswer tests what a response means. This tests the errors.
func TestJudge(t *testing.T) {
	for _, c := range []struct {
		resp     Response
		outcome  otlpanswer.Outcome
		rejected int
		err      string
	}{
		{Response{Status: 204}, otlpanswer.Taken, 0, ""},
		{Response{Status: 200, Body: []byte(`{"partialSuccess":{"rejectedSpans":"3","errorMessage":"no\nname"}}`)}, otlpanswer.Taken, 3, "otlphttp: the receiver has rejected spans: no name"},
		{Response{Status: 200, Body: []byte(`{"partialSuccess":{"rejectedSpans":2}}`)}, otlpanswer.Taken, 2, "otlphttp: the receiver has rejected spans"},
		{Response{Status: 200, Body: []byte(`{"partialSuccess":{"errorMessage":"use gzip"}}`)}, otlpanswer.Taken, 0, "otlphttp: the receiver warns: use gzip"},
		{Response{Status: 200, ContentType: "text/html", Body: []byte(`Log in`)}, otlpanswer.Later, 0, errNotOTLP.Error()},
		{Response{Status: 302}, otlpanswer.Refused, 10, "otlphttp: the receiver answers 302"},
		{Response{Status: 400, Body: []byte(`{"code":3,"message":"what is this?"}`)}, otlpanswer.Refused, 10, "otlphttp: the receiver answers 400: what is this?"},
		{Response{Status: 503, Body: []byte(`{"message":"` + strings.Repeat("x", 300) + `"}`)}, otlpanswer.Later, 0, "otlphttp: the receiver answers 503: " + strings.Repeat("x", 200) + "…"},
	} {
		o, rejected, err := judge(&c.resp, 10, new(Exporter).hide)
		assert.Equal(t, c.outcome, o, "%d %s", c.resp.Status, c.resp.Body)
		assert.Equal(t, c.rejected, rejected, "%d %s", c.resp.Status, c.resp.Body)
		if c.err == "" {
			assert.NoError(t, err)
		} else {
			assert.EqualError(t, err, c.err)
		}
	}
}

func FuzzJudge(f *testing.F) {
	f.Add(200, "", `{"partialSuccess":{"rejectedSpans":"3","errorMessage":"x"}}`)
	f.Add(503, "application/json", `{"message":"\ud800"}`)
	f.Fuzz(func(t *testing.T, status int, contentType, body string) {
		o, rejected, err := judge(&Response{Status: status, ContentType: contentType, Body: []byte(body)}, 7, new(Exporter).hide)
		assert.True(t, rejected >= 0 && rejected <= 7)
		assert.True(t, o != otlpanswer.Refused || rejected == 7 && err != nil)
		if err != nil {
			assert.Less(t, len(err.Error()), 800)
			assert.NotContains(t, err.Error(), "\n")
		}
	})
}
