package trace_test

import (
	"syscall/js"
	"testing"
)

// stderrOf returns what f writes to standard error. JavaScript collects it, because Go cannot be called during a write.
func stderrOf(t *testing.T, f func()) string {
	t.Helper()
	fs := js.Global().Get("fs")
	kept := js.Global().Get("Function").New("fs", `
		const write = fs.writeSync, decoder = new TextDecoder();
		const kept = { text: "", restore() { fs.writeSync = write; } };
		fs.writeSync = function (fd, bytes) {
			if (fd !== 2) return write.apply(fs, arguments);
			kept.text += decoder.decode(bytes);
			return bytes.length;
		};
		return kept;`).Invoke(fs)
	defer kept.Call("restore")
	f()
	return kept.Get("text").String()
}
