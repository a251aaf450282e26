package host

import (
	"errors"
	"io"
	"net"
	"sync/atomic"
	"time"
)

// maxSilence is how long one end of an upgraded connection may be silent after the other has ended.
const maxSilence = 10 * time.Second

// tunnel copies bytes in both directions between the ends of an upgraded connection. An end that closes only its sending half looks
// like one that is gone. So the other end may send the rest of its data, but the tunnel does not wait for it while it is silent.
type tunnel struct {
	silence time.Duration
	alone   atomic.Bool // one of the ends has ended
}

// end is one side of a tunnel. r has the bytes received from it.
type end struct {
	net.Conn
	r io.Reader
}

// run returns when both ends have ended, or one has failed. Then the caller must close the connections.
func (t *tunnel) run(client, backend end) {
	failed := make(chan bool, 2)
	pass := func(to, from end) {
		l := &listener{t: t, from: from}
		io.Copy(to.Conn, l)
		if half, ok := to.Conn.(interface{ CloseWrite() error }); ok {
			half.CloseWrite()
		}
		failed <- l.failed
	}
	go pass(backend, client)
	go pass(client, backend)
	if <-failed {
		return
	}
	t.alone.Store(true)
	for _, e := range []end{client, backend} { // this does not affect the one that has ended
		e.SetReadDeadline(time.Now().Add(t.silence))
	}
	<-failed
}

// listener reads from an end. Once the end is alone, it stops when the end is silent for too long.
type listener struct {
	t      *tunnel
	from   end
	failed bool
}

func (l *listener) Read(p []byte) (int, error) {
	if l.t.alone.Load() {
		l.from.SetReadDeadline(time.Now().Add(l.t.silence))
	}
	n, err := l.from.r.Read(p)
	l.failed = err != nil && !errors.Is(err, io.EOF)
	return n, err
}
