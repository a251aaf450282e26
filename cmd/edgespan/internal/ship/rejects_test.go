package ship

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const brokenSpans = `{"resourceSpans":7}`

// Of an array, broken and refused elements are written to the rejects, each once and whole. Accepted ones are not.
func TestRejectsOfAnArray(t *testing.T) {
	for _, c := range []struct{ name, refuses, line, want string }{
		{"broken", "nothing", "[" + brokenSpans + "," + spanLine("good") + "," + brokenSpans + "]", brokenSpans + "\n" + brokenSpans + "\n"},
		{"broken and refused", "good", "[" + brokenSpans + "," + spanLine("good") + "," + brokenSpans + "]", brokenSpans + "\n" + brokenSpans + "\n" + spanLine("good") + "\n"},
		{"spans refused, log records taken", "good", "[" + spanLine("good") + ", " + otlpLog + "]", spanLine("good") + "\n"},
		{"not JSON to the letter", "nothing", "otlp_logs :: " + strings.Replace(spanLine("odd"), "shop", "sh\x01op", 1), ""},
		{"a line with a prefix", "good", "otlp_logs :: " + spanLine("good"), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newReceiver(t)
			r.answer = func(w http.ResponseWriter, _ string, body []byte) bool {
				bad := bytes.Contains(body, []byte(c.refuses))
				if bad {
					w.WriteHeader(400)
				}
				return bad
			}
			cfg, _ := config(r.URL)
			var rejects bytes.Buffer
			cfg.Rejects = &rejects
			run(t, piped(cfg, c.line+"\n"))
			want := c.want
			if want == "" {
				want = c.line + "\n"
			}
			assert.Equal(t, want, rejects.String())
		})
	}
}

// What a receiver without a signal does not get is written to the rejects, including batches for which it is not asked.
func TestRejectsOfAReceiverWithoutLogs(t *testing.T) {
	r := newReceiverWithoutLogs(t)
	cfg, _ := config(r.URL)
	cfg.Items = 2
	var rejects bytes.Buffer
	cfg.Rejects = &rejects
	sum := run(t, piped(cfg, strings.Repeat(otlpLog+"\n"+spanLine("a")+"\n", 3)))
	assert.Equal(t, Delivery{Refused: 6}, sum.Logs)
	assert.Equal(t, strings.Repeat(otlpLog+"\n", 3), rejects.String())

	rejects.Reset()
	cfg.NoLogs = true
	run(t, piped(cfg, otlpLog))
	assert.Empty(t, rejects.String(), "what is left out by choice is no reject")
}

// A checkpoint must not move past a line that was neither delivered nor written to the rejects.
func TestRejectsThatCanNotBeWritten(t *testing.T) {
	r := newReceiver(t)
	paths := inFolder(t, "lines", "state")
	writeFile(t, paths[0], brokenSpans+"\n")
	cfg, _ := config(r.URL, paths[0])
	cfg.Checkpoint = paths[1]
	cfg.Rejects = full{}
	sum, err := Run(context.Background(), cfg)
	require.ErrorContains(t, err, "cannot write undelivered lines to the --rejects file: full")
	assert.Equal(t, 1, sum.Broken)

	var rejects bytes.Buffer
	cfg.Rejects = &rejects
	run(t, cfg)
	assert.Equal(t, brokenSpans+"\n", rejects.String())
}

// A batch that is not settled is read again, so its lines must not be in the rejects too: they would arrive twice, or be there
// once for each run.
func TestNoRejectsOfABatchThatIsSentAgain(t *testing.T) {
	r := newReceiver(t)
	refusing := func(w http.ResponseWriter, _ string, _ []byte) bool { w.WriteHeader(400); return true }
	paths := inFolder(t, "lines", "state")
	writeFile(t, paths[0], brokenSpans+"\n"+spanLines(0, 200))
	cfg, _ := config(r.URL, paths[0])
	cfg.Checkpoint = paths[1]
	var rejects bytes.Buffer
	cfg.Rejects = &rejects
	r.answer = refusing
	for range 2 {
		_, err := Run(context.Background(), cfg)
		require.ErrorContains(t, err, "refused 51 lines in a row")
	}
	assert.Empty(t, rejects.String())
	r.answer = nil
	run(t, cfg)
	assert.Len(t, r.got(), 200)
	assert.Equal(t, brokenSpans+"\n", rejects.String())

	// What came through a pipe is not read again, and neither is anything without a checkpoint.
	r.answer = refusing
	rejects.Reset()
	piped := piped(cfg, spanLines(0, 200))
	piped.Files = append(piped.Files, paths[0])
	_, err := Run(context.Background(), piped)
	require.ErrorContains(t, err, "refused 51 lines in a row")
	assert.Equal(t, spanLines(0, 50), rejects.String())
	rejects.Reset()
	cfg.Checkpoint = ""
	_, err = Run(context.Background(), cfg)
	require.ErrorContains(t, err, "refused 51 lines in a row")
	assert.Equal(t, brokenSpans+"\n"+spanLines(0, 50), rejects.String())
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("full") }

// Broken lines have nothing to send, but take memory until they are written to the rejects.
func TestRejectsDoNotPileUp(t *testing.T) {
	cfg, _ := config("http://receiver.test")
	cfg.Bytes = 10 * len(brokenSpans)
	var longest int
	cfg.Rejects = writerFunc(func(text []byte) { longest = max(longest, len(text)) })
	sum := run(t, piped(cfg, strings.Repeat(brokenSpans+"\n", 1000)))
	assert.Equal(t, 1000, sum.Broken)
	assert.LessOrEqual(t, longest, 11*(len(brokenSpans)+1))
}

type writerFunc func([]byte)

func (f writerFunc) Write(text []byte) (int, error) { f(text); return len(text), nil }
