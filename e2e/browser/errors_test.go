package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// Errors that nobody catches are spans with an exception event, whatever was thrown; what is caught, and what could not be
// loaded, is none.
func TestErrors(t *testing.T) {
	c := startCollector(t)
	tb := openEmpty(t, servePage(t, ""), c.Address, strings.Replace(`{ `+quiet+` }`, "errors: false", "errors: true", 1))
	for _, js := range []string{
		`throw new RangeError("thrown")`, `throw "a string"`, `throw null`,
		`Promise.reject(new TypeError("rejected"))`, `Promise.reject("a reason")`, `Promise.reject()`,
		`try { throw new Error("caught") } catch {}`, `Promise.reject(new Error("handled")).catch(() => {})`, `new Image().src = "/no-such-image"`,
	} {
		tb.run(`setTimeout(() => { ` + js + ` })`)
	}
	tb.await(`await new Promise((f) => setTimeout(f, 300)); m.startSpan("last").end(); await m.flushSpans()`)
	c.await("last", "", "")
	var got []string
	for _, s := range c.spans() {
		if s.Name() != "uncaught error" {
			continue
		}
		assert.Equal(t, ptrace.StatusCodeError, s.Status().Code())
		assert.Equal(t, "exception", s.Events().At(0).Name())
		attrs := s.Events().At(0).Attributes().AsRaw()
		got = append(got, attrs["exception.type"].(string)+": "+attrs["exception.message"].(string))
		if _, ok := attrs["exception.stacktrace"]; attrs["exception.type"] != "Error" {
			assert.True(t, ok, attrs)
		}
	}
	assert.ElementsMatch(t, []string{
		"RangeError: thrown", "Error: a string", "Error: Uncaught null",
		"TypeError: rejected", "Error: a reason", "Error: unhandled rejection",
	}, got)
}

// A click names its element, and nothing that it says or holds.
func TestClicksTellNoContents(t *testing.T) {
	c := startCollector(t)
	tb := openEmpty(t, servePage(t, ""), c.Address, strings.Replace(`{ `+quiet+` }`, "clicks: false", "clicks: true", 1))
	tb.run(`document.querySelector("#p").insertAdjacentHTML("beforeend", '<input id="i" value="secret" title="secret">')`)
	tb.run(`document.querySelector("#b").addEventListener("click", () => { m.startSpan("in the handler").end(); setTimeout(() => m.startSpan("later").end(), 50) })`)
	tb.do(chromedp.Click("#b"), chromedp.Click("#i"))
	tb.await(`await new Promise((f) => setTimeout(f, 200)); await m.flushSpans()`)
	button, input := c.await("click", "browser.element.id", "b"), c.await("click", "browser.element.id", "i")
	assert.NotEqual(t, button.TraceID(), input.TraceID())
	url, _ := input.Attributes().Get("url.full")
	assert.Equal(t, map[string]any{"url.full": url.Str(), "browser.element.name": "input", "browser.element.id": "i"}, input.Attributes().AsRaw())
	assert.Equal(t, button.SpanID(), c.await("in the handler", "", "").ParentSpanID())
	assert.True(t, c.await("later", "", "").ParentSpanID().IsEmpty(), "it is no part of the click")
}
