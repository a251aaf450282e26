package main

import "net"

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
