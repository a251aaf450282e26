package ship

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/edgespan/edgespan/internal/otlpanswer"
	"github.com/edgespan/edgespan/otlphttp"
	"github.com/edgespan/edgespan/otlphttp/gzip"
)

// sender delivers batches, one after another.
type sender struct {
	*Config
	sum      *Summary
	limit    *atomic.Int64 // the bytes of a batch
	progress *progress
	stopped  <-chan struct{}

	taken  bool    // the receiver has accepted something
	row    int     // lines refused since then
	absent [2]bool // the receiver does not know this signal
	body   []byte

	rejections int  // requests of which something was rejected
	wondered   bool // reported an answer that is not OTLP
}

func newSender(cfg *Config, sum *Summary, limit *atomic.Int64, p *progress, stopped <-chan struct{}) *sender {
	return &sender{Config: cfg, sum: sum, limit: limit, progress: p, stopped: stopped}
}

// maxRow is how many lines in a row may be refused. If there are more, the fault is the receiver's and not the lines'.
const maxRow = 50

// minLimit is the smallest limit in bytes that a receiver can set by refusing requests as too large.
const minLimit = 16 << 10

// send settles a batch, or returns why it cannot.
func (s *sender) send(ctx context.Context, b *batch) error {
	for signal := range signals {
		lines := make([]*line, 0, len(b.lines))
		for _, l := range b.lines {
			if l.parts[signal].items > 0 {
				lines = append(lines, l)
			}
		}
		if len(lines) == 0 {
			continue
		}
		if err := s.deliver(ctx, b, signal, lines); err != nil {
			return err
		}
	}
	return nil
}

func (s *sender) deliveries(signal int) *Delivery {
	if signal == logSignal {
		return &s.sum.Logs
	}
	return &s.sum.Spans
}

// deliver sends the content of lines for a signal. A request that is refused for its content is sent again in halves.
func (s *sender) deliver(ctx context.Context, b *batch, signal int, lines []*line) error {
	var items int
	s.body, items = appendBody(s.body[:0], signal, lines)
	d := s.deliveries(signal)
	if signal == logSignal && s.NoLogs {
		d.Skipped += items
		return nil
	}
	if s.absent[signal] {
		s.refused(b, signal, lines, items)
		return nil
	}
	a, err := s.post(ctx, signal, s.body, items)
	switch {
	case err != nil:
		return err
	case a.verdict == taken:
		s.taken, s.row = true, 0
		d.Sent += items - a.rejected
		s.rejected(b, signal, lines, items, &a)
		return nil
	case a.verdict == unknownSignal:
		s.absent[signal] = true
		s.Console.Note(fmt.Sprintf("%s does not take %ss (%s): they are not sent", s.target(signal).name(), signals[signal].items, a.text))
		s.refused(b, signal, lines, items)
		return nil
	case len(lines) > 1:
		if a.verdict == tooLarge {
			s.limit.Store(max(minLimit, min(s.limit.Load(), int64(len(s.body))/2)))
		}
		half := len(lines) / 2
		if err := s.deliver(ctx, b, signal, lines[:half]); err != nil {
			return err
		}
		return s.deliver(ctx, b, signal, lines[half:])
	}
	if s.row++; s.row > maxRow {
		return fmt.Errorf("%s refused %d lines in a row, so the fault is probably not in the lines: %s", s.target(signal).name(), s.row, a.text)
	}
	s.refused(b, signal, lines, items)
	s.sum.say(a.text)
	return nil
}

func (s *sender) target(signal int) *Target {
	if signal == logSignal {
		return &s.Logs
	}
	return &s.Traces
}

// post sends a request, and retries it if that may help, until there is a final answer. An error says why nothing more can be sent.
func (s *sender) post(ctx context.Context, signal int, body []byte, items int) (answer, error) {
	t := s.target(signal)
	req := otlphttp.Request{URL: t.URL, Headers: append([]otlphttp.Header{{Name: "Content-Type", Value: "application/json"}}, t.Headers...)}
	if !s.Gzip {
		req.Body = bytes.Clone(body) // a transport may keep it
	} else {
		small, err := gzip.Compress(body)
		if err != nil {
			return answer{}, err
		}
		req.Body = small
		req.Headers = append(req.Headers, otlphttp.Header{Name: "Content-Encoding", Value: "gzip"})
	}
	s.sum.Bytes += int64(len(body))
	began, pause := time.Now(), s.Backoff
	for try := 1; ; try++ {
		s.sum.Requests++
		if try > 1 {
			s.sum.Retries++
		}
		s.sum.BytesSent += int64(len(req.Body))
		if s.DryRun {
			return answer{verdict: taken}, nil
		}
		a := s.once(ctx, signal, &req, items, t)
		switch {
		case ctx.Err() != nil:
			return a, context.Cause(ctx)
		case a.verdict == hopeless:
			return a, fmt.Errorf("%s: %s", t.name(), a.text)
		case a.verdict != later:
			if try > 1 {
				s.progress.waits("")
				s.Console.Note(fmt.Sprintf("%s: answers again", t.name()))
			}
			return a, nil
		}
		wait := max(pause-rand.N(pause/2+1), a.retryAfter)
		if s.RetryFor > 0 && time.Since(began)+wait > s.RetryFor {
			text := fmt.Sprintf("%s: %s; gave up after %s", t.name(), a.text, tries(try))
			if wait == a.retryAfter {
				text += fmt.Sprintf(": the receiver asks to wait %s, and --retry-for allows %s", a.retryAfter.Round(time.Second), s.RetryFor)
			}
			return a, errors.New(text)
		}
		if try == 1 {
			s.Console.Note(fmt.Sprintf("%s: %s; trying again%s", t.name(), a.text, s.forHowLong()))
		}
		s.progress.waits(fmt.Sprintf("%s; next try in %s", a.text, wait.Round(100*time.Millisecond)))
		if err := s.sleep(ctx, wait); err != nil {
			return a, fmt.Errorf("%w; %s: %s", err, t.name(), a.text)
		}
		pause = min(2*pause, s.MaxBackoff)
	}
}

func (s *sender) once(ctx context.Context, signal int, req *otlphttp.Request, items int, t *Target) answer {
	ctx, cancel := context.WithTimeout(ctx, s.Timeout)
	defer cancel()
	resp, err := s.Transport.Post(ctx, req)
	if err != nil {
		return s.judgeError(err, t)
	}
	o, rejected, message := otlpanswer.Read(resp.Status, resp.ContentType, resp.Body, signals[signal].rejected, items, t.hide)
	return s.judge(signal, &resp, o, rejected, message)
}

// sleep waits, or returns why it could not.
func (s *sender) sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-s.stopped:
		return ErrStopped
	case <-ctx.Done():
		return errors.Join(ErrStopped, ctx.Err())
	}
}

func (s *sender) forHowLong() string {
	if s.RetryFor <= 0 {
		return ""
	}
	return " for up to " + s.RetryFor.String()
}

func tries(n int) string {
	if n == 1 {
		return "1 try"
	}
	return fmt.Sprintf("%d tries", n)
}
