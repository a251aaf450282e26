// Package freeport finds an address for tests on which nobody listens: for a server that cannot report which port it was given, or for
// a backend that refuses connections.
package freeport

import (
	"fmt"
	"math/rand/v2"
	"net"
)

// Systems assign ports from 32768 (Linux) or 49152 on, for port 0 and for outgoing connections. A port in that range could be
// assigned to another program before the server takes it. A port below that range is taken only if its number is drawn twice.
const (
	first = 20000
	count = 32768 - first
)

// Address returns an address on 127.0.0.1 on which nobody listens.
func Address() (string, error) {
	var err error
	for range 100 {
		address := fmt.Sprint("127.0.0.1:", first+rand.IntN(count))
		var l net.Listener
		if l, err = net.Listen("tcp", address); err == nil {
			return address, l.Close()
		}
	}
	return "", err
}
