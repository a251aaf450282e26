package workers

import "syscall/js"

// isolate returns the JavaScript object that keeps state across requests. All Go programs of an isolate share it. If the name is taken, or
// if globalThis is frozen, each program has its own.
func isolate() js.Value {
	const name = "edgespan"
	global := js.Global()
	if shared := global.Get(name); ours(shared) {
		return shared
	}
	if !ours(alone) {
		alone = js.ValueOf(map[string]any{"warm": false, "lost": 0, "told": 0, "exports": []any{}})
		if global.Get(name).IsUndefined() {
			global.Set(name, alone)
		}
	}
	return alone
}

var alone js.Value

func ours(v js.Value) bool {
	return v.Type() == js.TypeObject && v.Get("exports").Type() == js.TypeObject
}

// coldStart reports whether this is the isolate's first request.
func coldStart() bool {
	i := isolate()
	cold := !i.Get("warm").Bool()
	i.Set("warm", true)
	return cold
}

// addLost adds n to the isolate's count of lost spans, and returns the new count.
func addLost(n int) int {
	i := isolate()
	total := i.Get("lost").Int() + n
	i.Set("lost", total)
	return total
}

// beginExport returns a function to call when the collector has answered, or nil if nothing may be sent now.
func beginExport() (end func()) {
	exports, now := isolate().Get("exports"), js.Global().Get("Date").Call("now").Float()
	since := make([]float64, exports.Length())
	for i := range since {
		since[i] = exports.Index(i).Float()
	}
	dead, ok := admit(since, now)
	exports.Call("splice", 0, dead)
	if !ok {
		return nil
	}
	exports.Call("push", now)
	return func() {
		if i := exports.Call("indexOf", now).Int(); i >= 0 {
			exports.Call("splice", i, 1)
		}
	}
}

// mayReport reports whether the isolate may report another error. It returns true at most once a second.
func mayReport() bool {
	i, now := isolate(), js.Global().Get("Date").Call("now").Float()
	if now-i.Get("told").Float() < 1000 {
		return false
	}
	i.Set("told", now)
	return true
}

func consoleError(text string) { js.Global().Get("console").Call("error", text) }
func consoleLog(line []byte)   { js.Global().Get("console").Call("log", string(line)) }
