package workers

import (
	_ "embed"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/edgespan/edgespan/e2e/workers/host"
)

//go:embed faults.mjs
var faulty string

// Whatever fails in JavaScript, the client gets what it gets with tracing off. The trace arrives, or console.error says what was lost. The
// isolate's next request is served and traced.
func TestFaults(t *testing.T) {
	s := start(t, nil, func(c *host.Config) {
		c.Entry = faulty
		delete(c.Options, "durableObjects")
	})
	for _, test := range []struct {
		fault, path string
		told        string // on console.error, in place of the trace
		untold      bool   // there is no console.error
	}{
		{fault: "waitUntil throws"},
		{fault: "no waitUntil"},
		{fault: "no ctx"},
		{fault: "waitUntil is called with another this"},
		{fault: "strict env"},
		{fault: "globalThis.edgespan is a text"},
		{fault: "globalThis.edgespan is an object"},
		{fault: "globalThis is frozen"},
		{fault: "fetch throws", told: "fault"},
		{fault: "fetch rejects", told: "fault"},
		{fault: "fetch hangs", told: "no answer within"},
		{fault: "fetch returns nothing", told: "1 spans lost"},
		{fault: "fetch gives nothing", told: "1 spans lost"},
		{fault: "fetch gives an object", told: "1 spans lost"},
		{fault: "fetch gives a read answer"},
		{fault: "no fetch", told: "there is no fetch here"},
		{fault: "fetch rejects, console.error throws", untold: true},
		{fault: "console.log throws", told: "fault"},
		{fault: "no CompressionStream"},
		{fault: "no binding", path: "/kv"},
		{fault: "no binding", path: "/d1"},
		{fault: "get throws", path: "/kv"},
		{fault: "get rejects", path: "/kv"},
		{fault: "get rejects with nothing", path: "/kv"},
		{fault: "list is odd", path: "/kv"},
		{fault: "list is nothing", path: "/kv"},
		{fault: "R2 rejects", path: "/r2"},
		{fault: "R2 gives nothing", path: "/r2"},
		{fault: "D1 has no meta", path: "/d1"},
		{fault: "D1 has odd meta", path: "/d1"},
		{fault: "D1 rejects", path: "/d1"},
		{fault: "send rejects", path: "/queue"},
		{fault: "cache rejects", path: "/cache"},
		{fault: "odd cf"},
		{fault: "", path: "/scheduled"},
	} {
		t.Run(test.fault+test.path, func(t *testing.T) {
			path := test.path
			if path == "" {
				path = "/hello/you"
			}
			off, without := s.get(t, path, "X-Fault", test.fault, "X-Off", "true")
			told := len(s.Err())
			on, with := s.get(t, path, "X-Fault", test.fault)
			assert.Equal(t, off.StatusCode, on.StatusCode)
			assert.Equal(t, frames.ReplaceAllString(without, ""), frames.ReplaceAllString(with, ""))
			arrived := func(path string) func() bool {
				return func() bool {
					post, ok := s.collector.Next(10 * time.Millisecond)
					return ok && strings.Contains(string(post.Body), path)
				}
			}
			switch {
			case test.untold:
			case test.told != "":
				require.Eventually(t, func() bool { return strings.Contains(strings.Join(s.Err()[told:], "\n"), test.told) }, patience, 10*time.Millisecond)
			default:
				require.Eventually(t, arrived(""), patience, time.Millisecond, "no trace has come")
			}
			_, body := s.get(t, "/hello/again")
			assert.Equal(t, "hello again", body)
			require.Eventually(t, arrived("/hello/again"), patience, time.Millisecond, "no later trace has come")
		})
	}
}

// frames are the lines of a JavaScript stack in a response.
var frames = regexp.MustCompile(`(?m)^\s+at .*$`)
