package main

import (
	"errors"
	"fmt"
	"net"
	"syscall"
)

// listen listens on the address that a flag has.
func listen(flag, addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("%s is in use, perhaps by another edgespan: stop that, or choose another address with %s (port 0 takes a free one)", addr, flag)
	}
	if err != nil {
		return nil, fmt.Errorf("can not listen on %s: %w", addr, err)
	}
	return l, nil
}

// urlOf is the URL that asks a listener. One that listens on all addresses is asked by this machine's own name: [::] is none
// to be typed.
func urlOf(l net.Listener) string {
	addr := l.Addr().String()
	if tcp, ok := l.Addr().(*net.TCPAddr); ok && tcp.IP.IsUnspecified() {
		_, port, _ := net.SplitHostPort(addr)
		addr = net.JoinHostPort("localhost", port)
	}
	return "http://" + addr
}

// isPublic tells whether others than this machine can reach a listener.
func isPublic(l net.Listener) bool {
	tcp, ok := l.Addr().(*net.TCPAddr)
	return ok && !tcp.IP.IsLoopback()
}
