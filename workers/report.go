package workers

import "strconv"

// report is FromEnv's OnError. It writes a line to console.error, at most one a second per isolate, with the number of spans
// lost so far.
func report(err error) {
	if err == nil || !mayReport() {
		return
	}
	text := "edgespan: " + err.Error()
	if lost := addLost(0); lost > 0 {
		text += " (" + strconv.Itoa(lost) + " spans lost in this isolate so far)"
	}
	consoleError(text)
}
