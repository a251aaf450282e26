package middleware

import (
	"context"
	"io"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/internal/fault"
	"github.com/edgespan/edgespan/sdk/trace"
)

// SendBody is [Send] with a span that lasts until the response's body has been read to its end or breaks off, either of which sets
// http.response.body.size, or is closed, or until the handler returns. A recorded response's Body is wrapped: it can be passed to
// the middleware's ResponseWriter.Append, but Response.Trailers does not know it.
func SendBody(ctx context.Context, req *fsthttp.Request, backend string) (*fsthttp.Response, error) {
	resp, span, err := send(ctx, req, backend)
	if err != nil || !span.IsRecording() || resp.Body == nil {
		span.End()
		return resp, err
	}
	resp.Body = &countedBody{ReadCloser: resp.Body, span: span}
	if x := exchangeFrom(ctx); x != nil {
		x.mu.Lock() // Sends may be many at a time
		x.open = append(x.open, span)
		x.mu.Unlock()
	}
	return resp, nil
}

// countedBody counts what is read. Like any body, it is one goroutine's.
type countedBody struct {
	io.ReadCloser
	span *trace.Span
	size int64
}

func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.size += int64(n)
	if err != nil {
		b.span.SetOutcome(trace.Int64("http.response.body.size", b.size)) // of one that breaks off not what Content-Length has promised
		if err != io.EOF {
			b.span.SetOutcome(trace.String("error.type", fault.TypeName(err)))
			b.span.SetStatus(trace.StatusError, fault.Message(err))
		}
		b.span.End()
	}
	return n, err
}

func (b *countedBody) Close() error {
	err := b.ReadCloser.Close()
	b.span.End()
	return err
}

// unwrap gives the platform its own body, which it moves without anybody reading it.
func (b *countedBody) unwrap() io.ReadCloser {
	b.span.End()
	return b.ReadCloser
}
