package host

import (
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// duplex is a connection whose halves close separately, as TCP's do, and which uses the time of synctest.
type duplex struct {
	net.Conn          // to read
	out      net.Conn // to write
}

func (d duplex) Write(p []byte) (int, error) { return d.out.Write(p) }
func (d duplex) CloseWrite() error           { return d.out.Close() }
func (d duplex) Close() error                { d.out.Close(); return d.Conn.Close() }

func newDuplex() (outer, inner duplex) {
	a, b := net.Pipe()
	c, d := net.Pipe()
	return duplex{a, d}, duplex{c, b}
}

// tunneled returns the outer ends of a tunnel, and a channel that is closed when the tunnel ends.
func tunneled() (client, backend duplex, over <-chan struct{}) {
	client, c := newDuplex()
	backend, b := newDuplex()
	done := make(chan struct{})
	go func() {
		(&tunnel{silence: maxSilence}).run(end{c, c}, end{b, b})
		c.Close()
		b.Close()
		close(done)
	}()
	return client, backend, done
}

// One end does not wait for ever when the other is gone.
func TestTunnelEndsWithOneOfItsEnds(t *testing.T) {
	for _, who := range []string{"client", "backend"} {
		t.Run(who, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				goes, stays, over := tunneled()
				if who == "backend" {
					goes, stays = stays, goes
				}
				time.Sleep(time.Hour) // both ends may be silent for any time
				began := time.Now()
				goes.Close()
				<-over
				assert.Equal(t, maxSilence, time.Since(began))
				_, err := stays.Read(make([]byte, 1))
				assert.Equal(t, io.EOF, err)
			})
		})
	}
}

// An end that has closed its sending half still gets the other's data, as long as the other sends.
func TestTunnelLastsWhileOneEndSpeaks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client, backend, over := tunneled()
		io.WriteString(client, "all")
		require.NoError(t, client.CloseWrite())
		heard, err := io.ReadAll(backend)
		require.NoError(t, err)
		assert.Equal(t, "all", string(heard))
		go func() {
			for range 100 {
				time.Sleep(maxSilence - time.Second)
				io.WriteString(backend, "word ")
			}
			backend.Close()
		}()
		rest, err := io.ReadAll(client)
		require.NoError(t, err)
		assert.Equal(t, strings.Repeat("word ", 100), string(rest))
		<-over
	})
}

// An end that fails, for example because its connection broke, is gone. The other end is closed at once.
func TestTunnelOfAnEndThatFails(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cut := errors.New("connection reset by peer")
		_, c := newDuplex()
		_, b := newDuplex()
		client, backend := end{c, iotest.ErrReader(cut)}, end{b, b}
		began := time.Now()
		(&tunnel{silence: maxSilence}).run(client, backend)
		assert.Zero(t, time.Since(began))
		c.Close()
		b.Close()
	})
}
