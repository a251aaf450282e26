package middleware

import (
	"context"
	"io"

	"github.com/fastly/compute-sdk-go/fsthttp"

	"github.com/edgespan/edgespan/internal/httpconv"
	"github.com/edgespan/edgespan/sdk/trace"
)

// Resend is Send for a request that is sent again: http.request.resend_count is count, 1 for the first repetition. The platform
// sends a Request once, so req is a Clone of the first, or a CloneWithBody.
func Resend(ctx context.Context, req *fsthttp.Request, backend string, count int) (*fsthttp.Response, error) {
	resp, span, err := send(ctx, req, backend, trace.Int("http.request.resend_count", count))
	span.End()
	return resp, err
}

// SendBody is Send with a span that lasts until the response's body has been read to its end, which sets
// http.response.body.size, or is closed. A recorded response's Body is wrapped: it can be passed to the middleware's
// ResponseWriter.Append, but Response.Trailers does not know it.
func SendBody(ctx context.Context, req *fsthttp.Request, backend string) (*fsthttp.Response, error) {
	resp, span, err := send(ctx, req, backend)
	if err != nil || !span.IsRecording() || resp.Body == nil {
		span.End()
		return resp, err
	}
	resp.Body = &countedBody{ReadCloser: resp.Body, span: span}
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
	switch {
	case err == io.EOF:
		b.span.SetAttributes(trace.Int64("http.response.body.size", b.size))
		b.span.End()
	case err != nil:
		b.span.SetAttributes(trace.String("error.type", trace.TypeName(err)))
		b.span.SetStatus(trace.StatusError, trace.Message(err))
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

// BackendInfo records fastly.backend.target, fastly.backend.tls and fastly.backend.dynamic of the backend that has answered, and
// network.peer.address and network.peer.port of its server. It is for Config.OnBackend, and asks the host some dozen questions
// for each request. What the host does not know is left out: the platform tells the server's address only of
// requests that pass the cache (CacheOptions.Pass).
func BackendInfo(span *trace.Span, resp *fsthttp.Response) {
	if b, err := fsthttp.BackendFromName(resp.Backend); err == nil {
		span.SetAttributes(trace.String("fastly.backend.target", b.Target()),
			trace.Bool("fastly.backend.tls", b.IsSSL()), trace.Bool("fastly.backend.dynamic", b.IsDynamic()))
	}
	if addr, err := resp.RemoteAddr(); err == nil {
		var a httpconv.Attributes
		address, port := httpconv.SplitHost(addr.String())
		a.String("network.peer.address", address)
		a.Number("network.peer.port", int64(port), 1)
		span.SetAttributes(a.List()...)
	}
}
