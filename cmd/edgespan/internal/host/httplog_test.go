package host

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestMessagesOfNetHTTP(t *testing.T) {
	f := start(t, "")
	conn := dial(t, f.url)
	fmt.Fprint(conn, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") // HTTP/2 begins like this, but no frame follows
	f.stderr.eventually(t, "from "+conn.LocalAddr().String())
	assert.Equal(t, "edgespan serve: net/http: timeout waiting for SETTINGS frames from "+conn.LocalAddr().String()+"\n", f.stderr.String())

	f.stderr.clear()
	f.host.HTTPLog().Printf("http: panic serving %v: %v\n%s", "192.0.2.1:1", "\x1b[31m", "goroutine 1\nmain.main()\n")
	assert.Equal(t, `edgespan serve: net/http: panic serving 192.0.2.1:1: \x1b[31m`+`
edgespan serve: net/http: goroutine 1
edgespan serve: net/http: main.main()
`, f.stderr.String())
}
