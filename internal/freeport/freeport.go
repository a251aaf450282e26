// Package freeport finds addresses for servers of tests that can not say which port they were given.
package freeport

import (
	"fmt"
	"math/rand/v2"
	"net"
)

// Systems give out ports from 32768 (Linux) or 49152 on, for port 0 and for connections that leave. One of those could be somebody
// else's by the time that the server takes it; one below is only if its number is drawn twice.
const (
	first = 20000
	count = 32768 - first
)

// Address returns one of 127.0.0.1 where nobody listens.
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
