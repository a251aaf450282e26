package host

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// pending is a request on its way to a backend. When done is closed, either response or err is set.
type pending struct {
	done     chan struct{}
	response *response
	err      *sendError
	cancel   context.CancelCauseFunc
	patience time.Duration // in abandon
}

// send starts the request, and does not wait for the response.
func (h *Host) send(o *origin, req *request, b *body) *pending {
	ctx, cancel := context.WithCancelCause(context.Background())
	p := &pending{done: make(chan struct{}), cancel: cancel, patience: h.cfg.abandonTime}
	go func() {
		defer close(p.done)
		p.response, p.err = h.roundTrip(ctx, cancel, o, req, b)
		if p.err != nil {
			h.sayFailed(o, p.err)
		}
	}()
	return p
}

// defaultAbandonTime is how long a backend may take to answer when nobody waits for the answer any more.
const defaultAbandonTime = 30 * time.Second

// abandon drops the response. A guest may send a request without waiting for it, so the request goes on, but not for ever.
func (p *pending) abandon() {
	timer := time.AfterFunc(p.patience, func() { p.cancel(errAbandoned) })
	<-p.done
	timer.Stop()
	if p.response != nil {
		p.response.body.discard()
	}
}

// sayFailed reports that a backend gave no response: the first failure of each backend, and all of them if the host is verbose. A guest can
// make any number of dynamic backends, so their failures are reported only then, and so are those that are not the backend's fault.
func (h *Host) sayFailed(o *origin, err *sendError) {
	if h.cfg.Verbose || o.dynamic || err.upload || h.ctx.Err() != nil {
		h.verbosef("backend %q (%s): %v", o.name, o.Backend.URL.Redacted(), err)
		return
	}
	hint := ""
	if err.tag == detailConnectionRefused {
		hint = "; is it running?"
	}
	h.once("backend "+o.name, "backend %q (%s): %v%s (further failures are reported with --verbose)", o.name, o.Backend.URL.Redacted(), err, hint)
}

// roundTrip sends the request and waits for the head of the response. Path and query come from the request's own URL, and the Host
// header too if the backend does not override it.
//
// cancel cancels ctx. roundTrip calls it if there is no response, and otherwise the response's body does when it is closed.
func (h *Host) roundTrip(ctx context.Context, cancel context.CancelCauseFunc, o *origin, req *request, b *body) (*response, *sendError) {
	host, ok := o.OverrideHost, o.OverrideHost != ""
	if !ok {
		host, ok = req.header.get("host")
	}
	target, err := url.Parse(req.uri)
	if err != nil {
		cancel(nil)
		b.discard()
		return nil, &sendError{tag: detailURIInvalid, err: err}
	}
	if !ok {
		if host = target.Host; host == "" {
			host = o.Backend.URL.Host
		}
	}

	out := &http.Request{
		Method: req.method,
		URL:    &url.URL{Scheme: "http", Host: host, Opaque: ""},
		Host:   host,
		Header: http.Header{"User-Agent": {""}}, // net/http would add its own User-Agent
	}
	if o.TLS() {
		out.URL.Scheme = "https"
	}
	// Opaque keeps the path as the guest wrote it; URL.Path would be encoded again. A path that begins with two slashes would be taken
	// for a host, so such a target is sent in absolute form.
	out.URL.Opaque = joinPath(o.Backend.URL.EscapedPath(), requestTarget(req.uri))
	if strings.HasPrefix(out.URL.Opaque, "//") {
		out.URL.Opaque = "//" + host + out.URL.Opaque
	}

	except := []string{"host", "content-length", "transfer-encoding"}
	length, known := b.length()
	out.ContentLength = -1
	if known {
		out.ContentLength = int64(length)
	}
	if req.manual && soundFraming(req.header) {
		if v, ok := req.header.get("content-length"); ok {
			out.ContentLength = parseLength(v)
		} else {
			out.ContentLength = -1
		}
	}
	if v := req.header.values("user-agent"); len(v) > 0 {
		delete(out.Header, "User-Agent")
	}
	req.header.copyTo(out.Header, except...)

	sent := &sentBody{reader: reader{ctx, b}}
	if known && length == 0 && out.ContentLength <= 0 {
		out.ContentLength, out.Body = 0, http.NoBody
		b.discard()
	} else if data, ok := b.inMemory(); ok {
		// With GetBody, net/http can send the request again if the connection was just closed.
		out.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(data)), nil }
		out.Body, _ = out.GetBody()
	} else {
		out.Body = sent
	}
	if len(b.trailers) > 0 {
		out.Trailer = http.Header{}
		b.trailers.copyTo(out.Trailer)
	}
	var remote netip.AddrPort
	out = out.WithContext(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(info httptrace.GotConnInfo) {
		remote, _ = netip.ParseAddrPort(info.Conn.RemoteAddr().String())
	}}))

	var timer *time.Timer
	if o.FirstByteTimeout > 0 {
		timer = time.AfterFunc(o.FirstByteTimeout, func() { cancel(errFirstByte) })
	}
	resp, err := o.transport(o.GRPC || req.version == versionH2).RoundTrip(out)
	if timer != nil && !timer.Stop() && err == nil {
		resp.Body.Close()
		err = errFirstByte
	}
	if err != nil {
		if cause := context.Cause(ctx); cause != nil {
			err = cause
		}
		cancel(nil)
		failed := explain(err)
		failed.upload = sent.failedWith(err)
		return nil, failed
	}
	answer := o.response(req, resp, cancel)
	answer.pass, answer.remote = req.pass, remote
	return answer, nil
}

var (
	errFirstByte    = errors.New("the backend did not answer within its first-byte timeout")
	errAbandoned    = errors.New("the backend has not answered, and nobody waits for it any more")
	errBetweenBytes = errors.New("the backend stopped sending for longer than its between-bytes timeout")
)

func (o *origin) response(req *request, resp *http.Response, cancel context.CancelCauseFunc) *response {
	out := &response{status: resp.StatusCode, header: fromHTTP(resp.Header), version: versionOf(resp.ProtoMajor, resp.ProtoMinor), body: &body{}}
	for _, te := range resp.TransferEncoding {
		out.header = append(out.header, field{"transfer-encoding", te})
	}
	left := resp.ContentLength
	if resp.Request.Method == http.MethodHead || resp.Body == http.NoBody {
		left = 0
	}
	var r io.ReadCloser = &slowReader{ReadCloser: resp.Body, timeout: o.BetweenBytesTimeout, cancel: cancel}
	if coding, _ := out.header.get("content-encoding"); req.decompress && (coding == "gzip" || coding == "x-gzip") && resp.Request.Method != http.MethodHead {
		r, left = &gunzip{from: r}, -1
		out.header.remove("content-encoding")
		out.header.remove("content-length")
	}
	if left == 0 {
		r.Close()
		return out
	}
	out.body.addSource(&source{r: r, left: left, trailers: func() headers { return fromHTTP(resp.Trailer) }})
	return out
}

func parseLength(s string) int64 {
	var n int64
	for _, c := range []byte(s) {
		if n > 1<<58 {
			return -1
		}
		n = n*10 + int64(c-'0')
	}
	return n
}
