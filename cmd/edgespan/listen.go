package main

import (
	"fmt"
	"net"

	"github.com/edgespan/edgespan/cmd/edgespan/internal/sockerr"
)

// listen listens on addr, the value of a flag.
func listen(flag, addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if sockerr.IsInUse(err) {
		return nil, fmt.Errorf("%s is already in use, perhaps by another edgespan: stop that program, or choose another address with %s (port 0 takes a free one)", addr, flag)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: cannot listen on %s: %w", flag, addr, err)
	}
	return l, nil
}

// urlOf returns the URL of a listener. One that listens on all addresses is named localhost, since nobody types [::].
func urlOf(l net.Listener) string {
	addr := l.Addr().String()
	if tcp, ok := l.Addr().(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		_, port, _ := net.SplitHostPort(addr)
		addr = net.JoinHostPort("localhost", port)
	}
	return "http://" + addr
}

// isPublic tells whether other machines can reach a listener.
func isPublic(l net.Listener) bool {
	tcp, ok := l.Addr().(*net.TCPAddr)
	return ok && !tcp.IP.IsLoopback()
}
