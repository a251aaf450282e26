package workers

// The programs of an isolate share 128 MB, and each takes some 5 MB until the collector has answered it. A collector that hangs would fill
// them in seconds, and the platform would end all of the isolate's requests. So no trace is sent while maxSlow programs have been waiting
// for slowTime or longer. A burst of requests is not concerned.
const (
	maxSlow  = 16
	slowTime = 1_000  // ms
	lifetime = 30_000 // ms after which the platform has ended a program, which then has not told that it has ended
)

// admit reports whether another program may wait for the collector at the time now, when others have been waiting since these times, the
// longest first. dead is how many of them, from the first, cannot be there any more.
func admit(since []float64, now float64) (dead int, ok bool) {
	slow := 0
	for i, at := range since {
		switch age := now - at; {
		case age >= lifetime:
			dead = i + 1
		case age >= slowTime:
			slow++
		}
	}
	return dead, slow < maxSlow
}

const errSlow = constError("workers: a trace was not sent, because 16 programs of this isolate have been waiting for the collector for more than a second")
