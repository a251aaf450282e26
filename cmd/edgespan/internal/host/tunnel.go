package host

import (
	"errors"
	"io"
	"net"
	"sync/atomic"
	"time"
)

// maxSilence is how long one end of an upgraded connection may say nothing once the other has ended.
const maxSilence = 10 * time.Second

// tunnel passes bytes both ways between the ends of an upgraded connection. An end that closes its half, having said all, looks just like
// one that has gone: the other may finish what it has to say, but is not waited for while it is silent.
type tunnel struct {
	silence time.Duration
	alone   atomic.Bool // one of the ends has ended
}

// end is one side of a tunnel. What was received of it is in r.
type end struct {
	net.Conn
	r io.Reader
}

// run returns when both ends have ended, or one has failed. The connections are to be closed then.
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
	for _, e := range []end{client, backend} { // the one that has ended does not mind
		e.SetReadDeadline(time.Now().Add(t.silence))
	}
	<-failed
}

// listener reads from an end; once that is alone, no longer than it is silent.
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
