package browser

import "syscall/js"

// sender holds spans until a Collector has them.
type sender struct {
	global js.Value
	page   js.Value // what index.mjs does for it, which never throws: TinyGo's recover doesn't catch on wasm

	queue    queue
	failures int // in a row
	skip     int // flushes by the timer to let pass
	rejected int
}

// flush sends what is held. At a page's end only so much as the browser takes then; the rest is parked. It returns a promise.
func (s *sender) flush(leaving bool) js.Value {
	promises := js.Global().Get("Array").New()
	all := func() js.Value { return s.global.Get("Promise").Call("all", promises) }
	if !leaving {
		if s.skip > 0 {
			s.skip--
			return all()
		}
		s.unpark()
	}
	down := s.failures > 0 || !s.global.Get("navigator").Get("onLine").Bool()
	held := s.queue // what can't be parked comes back to an empty one
	s.queue.lines, s.queue.spans = nil, 0
	for first := true; len(held.lines) > 0; first = false {
		lines := held.next()
		text := body(lines)
		if leaving && (down || !first || len(text) > maxBody) || !leaving && !s.global.Get("navigator").Get("onLine").Bool() {
			s.park(lines)
			continue
		}
		if p := s.post(lines, text, leaving); p.Truthy() {
			promises.Call("push", p)
		}
	}
	return all()
}

// post sends a body.
func (s *sender) post(lines []line, text string, leaving bool) (promise js.Value) {
	var done, fail js.Func
	release := func() { done.Release(); fail.Release() }
	done = js.FuncOf(func(_ js.Value, args []js.Value) any {
		defer release()
		switch status := args[0].Get("status").Int(); {
		case status >= 200 && status < 300:
			s.failures, s.skip = 0, 0
		case status == 429 || status == 502 || status == 503 || status == 504:
			s.failed(lines)
		default:
			for _, l := range lines {
				s.rejected += l.spans
			}
			warn(s.global, "the Collector refuses spans: "+args[0].Get("statusText").String())
		}
		return nil
	})
	fail = js.FuncOf(func(js.Value, []js.Value) any {
		defer release()
		s.failed(lines)
		return nil
	})
	return s.page.Call("send", text, leaving).Call("then", done, fail)
}

// failed parks lines. The next tries are further and further apart: 10 s, 20 s, up to 160 s.
func (s *sender) failed(lines []line) {
	s.failures++
	s.skip = 1<<min(s.failures-1, 4) - 1
	s.park(lines)
}

// park adds lines to the storage, which all pages of the origin share. Where there is none, they stay in memory.
func (s *sender) park(lines []line) {
	var q queue
	for _, l := range append(unpack(s.page.Call("load").String()), lines...) {
		q.push(l)
	}
	if s.page.Call("store", pack(q.lines)).Bool() {
		s.queue.dropped += q.dropped
		return
	}
	for _, l := range lines {
		s.queue.push(l)
	}
}

// unpark takes over what is in the storage. Nobody else gets it then.
func (s *sender) unpark() {
	lines := unpack(s.page.Call("load").String())
	if len(lines) == 0 {
		return
	}
	s.page.Call("store", "")
	fresh := s.queue.lines
	s.queue.lines, s.queue.spans = nil, 0
	for _, l := range append(lines, fresh...) {
		s.queue.push(l)
	}
}
