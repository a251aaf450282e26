package host

import (
	"errors"
	"fmt"
	"math"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"
)

// exchange is one client's request and the way of its response. The goroutine of the HTTP server runs serve, which writes what the
// guest answers. serve returns, and the client has the last byte, when the body is finished, whatever the guest does after that.
type exchange struct {
	id     uint64
	w      http.ResponseWriter
	r      *http.Request
	url    string  // absolute
	header headers // as received
	seen   *bodyRecorder
	start  time.Time

	answers chan answer
	over    chan struct{} // closed when serve returns
}

// answer is one answer of a guest to a request.
type answer struct {
	status  int
	header  headers
	body    *body
	manual  bool     // the guest sets the framing headers itself
	handoff *handoff // another server answers
	crash   string   // the guest ended without an answer, for this reason
	pending *pending // the response to this request is the answer
}

func newExchange(id uint64, w http.ResponseWriter, r *http.Request) *exchange {
	ex := &exchange{
		id: id, w: w, r: r,
		url:     absoluteURL(r),
		start:   time.Now(),
		answers: make(chan answer, 8),
		over:    make(chan struct{}),
		seen:    &bodyRecorder{r: r.Body},
	}
	ex.header = fromHTTP(r.Header)
	// net/http removes some headers from the map. The guest sees them if the client sent them.
	if r.Host != "" {
		ex.header = append(headers{{"host", r.Host}}, ex.header...)
	}
	for _, te := range r.TransferEncoding {
		ex.header = append(ex.header, field{"transfer-encoding", te})
	}
	return ex
}

func (ex *exchange) requestBody() *body {
	b := &body{}
	if ex.r.Body != nil && ex.r.Body != http.NoBody && ex.r.ContentLength != 0 {
		b.addSource(&source{r: ex.seen, left: ex.r.ContentLength, trailers: func() headers { return fromHTTP(ex.r.Trailer) }})
	}
	return b
}

func (ex *exchange) clientIP() netip.Addr {
	ap, _ := netip.ParseAddrPort(ex.r.RemoteAddr)
	return ap.Addr().Unmap()
}

func (ex *exchange) serverIP() netip.Addr {
	addr, _ := ex.r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if addr == nil {
		return netip.Addr{}
	}
	ap, _ := netip.ParseAddrPort(addr.String())
	return ap.Addr().Unmap()
}

// say gives an answer to the client's side. It does not wait for a client that went away.
func (ex *exchange) say(a answer) {
	select {
	case ex.answers <- a:
	case <-ex.over:
		if a.body != nil {
			a.body.discard()
		}
	}
}

// serve writes the guest's answers to the client. It panics with http.ErrAbortHandler, which breaks the connection, if a response
// cannot be completed.
func (ex *exchange) serve(h *Host) {
	defer close(ex.over)
	defer ex.seen.forget() // the sandbox may serve further requests, and would keep this one in memory
	for a := range ex.answers {
		switch {
		case a.crash != "":
			http.Error(ex.w, NotePrefix+a.crash, http.StatusInternalServerError)
			ex.drain(h.cfg.drainLimit)
			return
		case a.handoff != nil:
			if !a.handoff.perform(h, ex) {
				ex.drain(h.cfg.drainLimit)
			}
			return
		case a.pending != nil:
			select {
			case <-a.pending.done:
			case <-ex.r.Context().Done():
				go a.pending.abandon()
				panic(http.ErrAbortHandler)
			}
			if a.pending.err != nil {
				http.Error(ex.w, a.pending.err.Error(), a.pending.err.gateway())
				ex.drain(h.cfg.drainLimit)
				return
			}
			resp := a.pending.response
			a.status, a.header, a.body = resp.status, resp.header, resp.body
		}
		if a.status == http.StatusEarlyHints {
			ex.hint(a)
			continue
		}
		if err := ex.write(a); err != nil {
			if !errors.Is(err, errClient) {
				h.notef("request %d %s %s: the response broke off: %v", ex.id, ex.r.Method, ex.r.URL.EscapedPath(), err)
			}
			panic(http.ErrAbortHandler)
		}
		ex.drain(h.cfg.drainLimit)
		return
	}
}

func (ex *exchange) hint(a answer) {
	if !ex.r.ProtoAtLeast(1, 1) {
		return
	}
	out := ex.w.Header()
	a.header.copyTo(out, "content-length", "transfer-encoding")
	ex.w.WriteHeader(a.status)
	clear(out)
}

// errClient means that writing to the client failed, which is not the guest's fault.
var errClient = errors.New("the client went away")

func (ex *exchange) write(a answer) error {
	defer a.body.discard()
	out := ex.w.Header()
	manual, stream := a.manual && soundFraming(a.header), false
	room := int64(math.MaxInt64)
	if manual {
		a.header.copyTo(out)
		if v, ok := a.header.get("content-length"); ok {
			if n := parseLength(v); n >= 0 {
				room = n // whatever the guest writes beyond its own Content-Length is cut off
			}
		}
	} else {
		a.header.copyTo(out, "content-length", "transfer-encoding")
		n, known := a.body.length()
		trailers := len(a.body.trailers) > 0
		if known && !trailers && a.status != http.StatusNoContent && a.status != http.StatusNotModified {
			out.Set("Content-Length", fmt.Sprint(n))
		}
		stream = !known || trailers
	}
	if _, ok := out["Content-Type"]; !ok {
		out["Content-Type"] = nil // otherwise net/http would guess one
	}
	ex.w.WriteHeader(a.status)
	control := http.NewResponseController(ex.w)
	flush := func() {
		control.Flush()
		stream = false
	}
	if a.body.idle() {
		flush()
	}
	ctx := ex.r.Context()
	buf := make([]byte, 32<<10)
	for {
		n, err := a.body.read(ctx, buf)
		if n > 0 {
			p := buf[:min(int64(n), room)]
			room -= int64(len(p))
			if _, err := ex.w.Write(p); err != nil && !errors.Is(err, http.ErrBodyNotAllowed) && !errors.Is(err, http.ErrContentLength) {
				return errClient
			}
			if a.body.idle() {
				flush()
			}
		}
		if err != nil {
			if ctx.Err() != nil {
				return errClient
			}
			control.Flush() // so that what the guest wrote reaches the client before the connection breaks
			return err
		}
		if n == 0 {
			break
		}
	}
	if stream { // otherwise net/http would declare the length of a body that ends early
		flush()
	}
	for _, f := range a.body.trailers {
		out.Add(http.TrailerPrefix+f.name, f.value)
	}
	return nil
}

// soundFraming tells whether the guest's own framing headers can be used unchanged.
func soundFraming(h headers) bool {
	length, coding := h.values("content-length"), h.values("transfer-encoding")
	switch {
	case len(length) == 0 && len(coding) == 0, len(length) > 1, len(coding) > 1:
		return false
	case len(coding) == 1 && !strings.EqualFold(coding[0], "chunked"):
		return false
	case len(length) == 1:
		for _, c := range []byte(length[0]) {
			if c < '0' || c > '9' {
				return false
			}
		}
		return length[0] != ""
	}
	return true
}
