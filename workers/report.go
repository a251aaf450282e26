package workers

import "strconv"

// report is the OnError of FromEnv: a line by console.error, at most one a second from an isolate, with what it has lost so far.
func report(err error) {
	if err == nil || !mayTell() {
		return
	}
	text := "edgespan: " + err.Error()
	if lost := addLost(0); lost > 0 {
		text += " (" + strconv.Itoa(lost) + " spans lost in this isolate so far)"
	}
	consoleError(text)
}
