package middleware

import (
	"context"
	"io"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/internal/fault"
	"github.com/edgespan/edgespan/sdk/trace"
)

// SendBody is [Send] with a span that includes the response's body. The span ends when the body has been read to its end, when
// reading it fails, when it is closed, or at the latest when the handler returns. In the first two cases
// http.response.body.size is the number of bytes that were read, and in the others the response's Content-Length, if it has one.
//
// If the span is recorded, the response's Body is wrapped. You can pass it to the Append method of the middleware's
// ResponseWriter, but Response.Trailers does not recognize it.
func SendBody(ctx context.Context, req *fsthttp.Request, backend string) (*fsthttp.Response, error) {
	resp, span, err := send(ctx, req, backend)
	if err != nil || !span.IsRecording() || resp.Body == nil {
		span.End()
		return resp, err
	}
	resp.Body = &countedBody{ReadCloser: resp.Body, span: span}
	if x := exchangeFrom(ctx); x != nil {
		x.mu.Lock() // SendBody may be called by several goroutines
		x.open = append(x.open, span)
		x.mu.Unlock()
	}
	return resp, nil
}

// countedBody counts the bytes that are read. Like any body, it may be used by one goroutine at a time.
type countedBody struct {
	io.ReadCloser
	span *trace.Span
	size int64
}

func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.size += int64(n)
	if err != nil {
		b.span.SetOutcome(trace.Int64("http.response.body.size", b.size)) // replaces the size that Content-Length has promised
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

// unwrap returns the platform's body, which the platform can move without anybody reading it.
func (b *countedBody) unwrap() io.ReadCloser {
	b.span.End()
	return b.ReadCloser
}
